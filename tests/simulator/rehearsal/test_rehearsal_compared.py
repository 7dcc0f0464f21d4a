"""Comparing rehearsals: what is not changed stays the same, call for call."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w
from msgspec import structs

from reference.contract.events import CrimeRecorded
from simulator.evidence.records import EventRecorded, PersonKnown, SignedIn
from simulator.files.paths import ROOT
from simulator.files.units import Rate
from simulator.population.faults import rates as fault_rates
from simulator.rehearsal.run import CompletedRehearsal, rehearse
from simulator.results.values import Period
from tests.simulator.population.faults.changed_rates import evenly, only
from tests.simulator.real_files import parsed
from tests.simulator.rehearsal.small import FRACTION, rehearse_small, write_small

#: Each rehearsal takes seconds; `make test` has that of the golden counts.
pytestmark = pytest.mark.proof

FOREVER = {
    "victims.registers": 1.0,
    "victims.reads_update": 1.0,
    "worry.looks_at_portal_first": 1.0,
    "worry.finds_answer": 1.0,
    "worry.content_without_news": 1.0,
    "worry.message_makes_call": 0.0,
    "worry.too_many_worries": 0.0,
    "worry.refused_sign_in_makes_call": 0.0,
}


def alike(raw: dict[str, Any]) -> None:
    """Let every victim trust every message and read it: such victims ring for nothing else."""
    raw.pop("trust")
    raw["access_needs"] = []


def without(rehearsed: CompletedRehearsal) -> list[tuple[float, ...]]:
    """Return all figures of the run without the portal."""
    return [(p.crimes, p.eligible, *calls_without(p)) for p in rehearsed.result.periods] + [
        (w.calls_101_without, w.update_calls_without) for w in rehearsed.result.weeks
    ]


def calls_with(each: Period) -> tuple[float, ...]:
    """Give a period's calls with the portal."""
    return (
        each.update_calls_with,
        each.calls_101_with,
        each.abandoned_101_with,
        each.abandoned_999_with,
    )


def calls_without(each: Period) -> tuple[float, ...]:
    """Give a period's calls without the portal."""
    return (
        each.update_calls_without,
        each.calls_101_without,
        each.abandoned_101_without,
        each.abandoned_999_without,
    )


@pytest.fixture(scope="module")
def nobody_looks(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A rehearsal in which nobody looks before ringing, and no message makes or spares a call."""
    changes = {
        "worry.looks_at_portal_first": 0.0,
        "worry.message_makes_call": 0.0,
        "worry.too_many_worries": 0.0,
        "worry.refused_sign_in_makes_call": 0.0,
        "worry.from_silence": 0.0,
        "worry.news_calms": 0.0,
    }
    return rehearse_small(tmp_path_factory.mktemp("nobody-looks"), changes, rollout=alike)


@pytest.fixture(scope="module")
def everybody_looks(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A rehearsal in which everybody registers, looks first, and is satisfied."""
    return rehearse_small(tmp_path_factory.mktemp("everybody-looks"), FOREVER, rollout=alike)


@pytest.fixture(scope="module")
def nobody_registers(tmp_path_factory: pytest.TempPathFactory) -> CompletedRehearsal:
    """A rehearsal in which nobody signs in, and every message causes a call."""
    changes = {
        "victims.registers": 0.0,
        "victims.reads_update": 0.0,
        "worry.message_makes_call": 1.0,
    }
    return rehearse_small(tmp_path_factory.mktemp("nobody-registers"), changes)


def test_the_run_without_the_portal_knows_nothing_of_it(
    ordinary: CompletedRehearsal,
    everybody_looks: CompletedRehearsal,
    nobody_registers: CompletedRehearsal,
) -> None:
    """What victims do with a portal does not change the calls without one."""
    for other in (everybody_looks, nobody_registers):
        assert without(other) == without(ordinary)


def test_a_portal_nobody_looks_at_avoids_no_call(nobody_looks: CompletedRehearsal) -> None:
    """The runs with and without it are equal in every period and week."""
    for each in nobody_looks.result.periods:
        assert calls_with(each) == calls_without(each)
    for week in nobody_looks.result.weeks:
        assert week.update_calls_with == week.update_calls_without


def test_such_a_portal_is_still_used(nobody_looks: CompletedRehearsal) -> None:
    """Victims are invited and register, whether or not they look before ringing."""
    for each in nobody_looks.result.periods[1:]:
        assert each.invited > 0
    assert sum(each.registered for each in nobody_looks.result.periods) > 20


def test_a_portal_everybody_looks_at_avoids_the_most(
    everybody_looks: CompletedRehearsal, ordinary: CompletedRehearsal
) -> None:
    """It avoids more calls than an ordinary one, but none of victims who cannot sign in."""

    def avoided(rehearsed: CompletedRehearsal) -> int:
        return sum(w.update_calls_without - w.update_calls_with for w in rehearsed.result.weeks)

    assert avoided(everybody_looks) > avoided(ordinary) > 0
    for week in everybody_looks.result.weeks:
        assert 0 < week.update_calls_with <= week.update_calls_without
    signed_in = {
        each.person_id for each in everybody_looks.evidence["live"] if isinstance(each, SignedIn)
    }
    assert len(signed_in) == sum(
        p.registered for p in everybody_looks.result.periods if not p.is_test
    )


def test_if_nobody_registers_nobody_signs_in(nobody_registers: CompletedRehearsal) -> None:
    """Invitations are sent without effect, and messages only cause calls."""
    for each in nobody_registers.result.periods:
        assert each.registered == each.questions_asked == 0
        assert "one_time_code" not in each.messages
        assert each.update_calls_with >= each.update_calls_without
    quarter = nobody_registers.result.periods[-1]
    assert quarter.invited > 0
    assert quarter.update_calls_with > quarter.update_calls_without


def _of(share: Rate, value: float) -> Rate:
    return structs.replace(share, value=value)


def test_if_every_detail_is_wrong_nobody_is_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ordinary: CompletedRehearsal
) -> None:
    """No message reaches its victim, the portal does not fail for it, and no call is avoided."""
    wrong = only(evenly(), names=1, digit_wrong=1, email_misspelt=0.85, email_of_another=0.15)
    monkeypatch.setattr(fault_rates, "read_fault_rates", lambda **_where: wrong)

    def nobody_moves(raw: dict[str, Any]) -> None:
        # Who changes their mailbox tells the force the right one.
        journey = parsed(ROOT / raw["journey"])
        journey["further"] = [e for e in journey["further"] if e.get("change") != "mailbox"]
        (tmp_path / "journey.toml").write_text(tomli_w.dumps(journey))
        raw["journey"] = str(tmp_path / "journey.toml")

    path = write_small(tmp_path, {"officers.mends_details": 0.0}, rollout=nobody_moves)
    rehearsed = rehearse(path, seed=1, fraction=FRACTION)

    assert sum(p.delivered for p in rehearsed.result.periods) == 0
    assert sum(p.registered for p in rehearsed.result.periods) == 0
    assert sum(p.misdirected_unavoidable for p in rehearsed.result.periods) > 20
    assert rehearsed.result.failures == []
    assert {each.harm for each in rehearsed.result.harms} == {"misdirected"}
    for each in rehearsed.result.periods:
        assert each.update_calls_with >= each.update_calls_without
    # Recorded dates of birth differ, and so who is eligible; the calls do not.
    ours, theirs = ([each[:1] + each[2:] for each in without(run)] for run in (rehearsed, ordinary))
    assert ours == theirs


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_who_is_recorded_as_victim_and_as_witness_signs_in_as_victim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal that lets them in by their record as a victim does not fail for it."""
    often = only(evenly(), wrong_role=0.5, duplicate_person=0.9)
    monkeypatch.setattr(fault_rates, "read_fault_rates", lambda **_where: often)

    rehearsed = rehearse_small(tmp_path)
    people = {
        each.person_id: each
        for each in rehearsed.evidence["live"]
        if isinstance(each, PersonKnown) and each.role == "victim"
    }
    came = [people[e.person_id] for e in rehearsed.evidence["live"] if isinstance(e, SignedIn)]

    assert sum(bool(each.same_as) for each in came) > 20
    assert not [each for each in came if "wrong_role" in each.faults]
    assert rehearsed.result.failures == []


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_by_date_of_birth_the_same_victims_come_in(
    ordinary: CompletedRehearsal, tmp_path: Path
) -> None:
    """The proof of identity makes no difference: the result is as with the agreed word."""

    def by_date(order: dict[str, Any]) -> None:
        order["sign_in"]["proof"] = "date_of_birth"

    rehearsed = rehearse(write_small(tmp_path, order=by_date), seed=1, fraction=FRACTION)
    digests = {
        (victim.date_of_birth_digest != "", victim.agreed_word_digest)
        for records in rehearsed.evidence.values()
        for each in records
        if isinstance(each, EventRecorded) and each.event_type == "CrimeRecorded"
        for victim in msgspec.json.decode(each.data, type=CrimeRecorded).victims
    }

    assert sum(each.registered for each in rehearsed.result.periods) > 20
    assert rehearsed.result.periods == ordinary.result.periods
    assert rehearsed.result.verdict == ordinary.result.verdict
    assert digests == {(True, "")}


def test_if_nobody_is_safe_to_contact_nobody_is_told(tmp_path: Path) -> None:
    """No message is sent, and without any activity there is no pass.

    If no crime is followed there is none either: see tests/simulator/test_cli.py.
    """
    rehearsed = rehearse_small(tmp_path, {"victims.safe_to_contact": 0.0}, fraction=0.001)

    assert all(each.messages == {} for each in rehearsed.result.periods)
    assert all(each.eligible == 0 for each in rehearsed.result.periods)
    assert rehearsed.result.obligations == 0
    assert rehearsed.result.verdict == "INCONCLUSIVE"
