"""Known and unknown cost the same work: statements, transactions, digests, calls to neighbours.

Work is counted, for a clock on a shared machine says little. The last tests take some away.
"""

import hmac
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reference.contract.events import VictimRecord
from reference.portal.force import tasks
from reference.portal.people import sign_in
from reference.portal.rules.identity_proof import NOBODY, is_proved
from reference.portal.rules.recipients import decode_record
from reference.portal.storage.sqlite_database import SqliteDatabase
from tests.reference.portal.crimes import EMAIL, MOBILE, alex, recorded
from tests.reference.portal.scene import Scene

NOBODYS = {MOBILE: "07700900999", EMAIL: "nobody@mail.example"}
STATEMENTS = ("run", "one", "all", "transaction")
Work = Counter[str]


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A portal that knows Alex by number and address, and a person who was never invited."""
    scene = Scene(tmp_path)
    excluded = alex("pat", given_name="Pat", mobile_phone="07700900789", safe_to_contact=False)
    scene.deliver(recorded(alex(email=EMAIL)), recorded(excluded, crime="4"))
    return scene


@contextmanager
def counted(scene: Scene) -> Iterator[Work]:
    """Count what is done inside."""
    work = Work()
    before = len(scene.neighbours.tried)

    def counting(name: str, real: Any) -> Any:
        def called(*given: Any, **named: Any) -> Any:
            work[name] += 1
            return real(*given, **named)

        return called

    with pytest.MonkeyPatch.context() as patch:
        for name in STATEMENTS:
            patch.setattr(SqliteDatabase, name, counting(name, getattr(SqliteDatabase, name)))
        patch.setattr(hmac, "new", counting("digest", hmac.new))
        yield work
    work["statement"] = sum(work.pop(name, 0) for name in ("run", "one", "all"))
    work["sent"] = len(scene.neighbours.tried) - before


def tried(scene: Scene, address: str) -> list[tuple[Work, int]]:
    """Begin by an address and give wrong words until the attempts are used up, and on."""
    done = []
    with counted(scene) as work:
        step = scene.begin(address)
    done.append((work, 200))
    for n in range(8):
        with counted(scene) as work:
            status = scene.prove(step, f"guess {n}").status
        done.append((work, status))
    with counted(scene) as work:
        status = scene.enter_code(step, "123456").status
    done.append((work, status))
    return done


@pytest.mark.parametrize("address", [MOBILE, EMAIL, "07700900789"])
def test_a_wrong_word_costs_the_same_for_somebody_and_for_nobody(
    scene: Scene, address: str
) -> None:
    """Whether the police know an address cannot be timed: not at any attempt, nor the last."""
    theirs = tried(scene, address)

    assert theirs == tried(scene, NOBODYS.get(address, "07700900999"))
    assert all(work["statement"] for work, _ in theirs)
    assert all(work["digest"] for work, _ in theirs)
    assert not any(work["sent"] for work, _ in theirs)


def test_it_stays_the_same_over_several_sign_ins(scene: Scene) -> None:
    """Up to the lock, and under it."""
    for _ in range(6):
        assert tried(scene, MOBILE) == tried(scene, NOBODYS[MOBILE])


def test_tokens_that_are_nobodys_cost_the_same_whatever_they_look_like(scene: Scene) -> None:
    """A guess at a link, a step or a session is one look-up, near to a real one or not."""
    real = scene.messages[0].link
    for path, field in (("/invitation", "token"), ("/sign-in/word", "step")):
        costs = []
        for guess in (real[:-1], real[:-1] + "!", "x", "", "é" * 32):
            body = {field: guess, "agreed_word": "heron"}
            with counted(scene) as work:
                status = scene.api("POST", path, body).status
            costs.append((work, status))

        assert costs == costs[:1] * 5


# Each of these is found.


def test_less_work_for_nobody_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that asks an officer to help, at the last attempt, only where there is anybody."""
    monkeypatch.setattr(tasks, "_STATEMENTS_OF_HELP", 0)

    assert tried(scene, MOBILE) != tried(scene, NOBODYS[MOBILE])


def test_a_word_that_is_not_even_reckoned_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that digests the word only where there is a record to compare it with."""

    def in_haste(candidate: Any, given: Any, key: str) -> bool:
        return candidate.person_id != "nobody" and is_proved(candidate, given, key)

    monkeypatch.setattr(sign_in, "is_proved", in_haste)

    assert tried(scene, MOBILE) != tried(scene, NOBODYS[MOBILE])


def test_nobody_has_a_record_as_everybody_has() -> None:
    """What is compared with for nobody is read as a record is."""
    assert decode_record(NOBODY.record) == VictimRecord(person_id="nobody")
