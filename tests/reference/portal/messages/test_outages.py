"""Neighbours that are down, or worse, for an hour: nothing is lost, and nobody is told twice."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest
from msgspec import structs

from reference.contract.events import CrimeRecorded
from reference.portal.messages import gateway
from simulator.evidence.records import Stamped, TaskRaised
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import Limits, NotifyService
from tests.reference.portal.crimes import CRIME, NOON, PHASE_3, WORD, alex, deployed, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.outpost import AILMENTS, Outpost
from tests.reference.portal.scene import SECRETS

VICTIMS = 6


@pytest.fixture
def outpost(tmp_path: Path, storage: Storage) -> Iterator[Outpost]:
    """A portal in phase 1 with neighbours that are well."""
    with closing(Outpost(tmp_path, storage, NOON)) as made:
        yield made


@pytest.fixture
def late_outpost(tmp_path: Path, storage: Storage) -> Iterator[Outpost]:
    """One in phase 3."""
    with closing(Outpost(tmp_path, storage, PHASE_3, bundle_minutes=0)) as made:
        yield made


def mailbox(number: int) -> str:
    """Give each victim an address."""
    return f"v{number}@mail.example"


def told(outpost: Outpost, numbers: range) -> dict[tuple[str, str], int]:
    """Have an officer sent to each of these; answers what they are owed for it."""
    ids = outpost.tell(*(deployed(f"crime {each}") for each in numbers))
    return {(id, mailbox(each)): 1 for id, each in zip(ids, numbers, strict=True)}


@pytest.mark.parametrize("ailment", AILMENTS)
def test_a_gateway_that_ails_for_an_hour_loses_nothing(outpost: Outpost, ailment: str) -> None:
    """Whatever it answers meanwhile, and whatever of it is true, each victim has each news once."""
    victims = [
        recorded(alex(f"v{each}", mobile_phone="", email=mailbox(each)), crime=f"crime {each}")
        for each in range(3 * VICTIMS)
    ]
    invited = outpost.tell(*victims)
    outpost.walk(minutes=5)
    owed = {(id, mailbox(each)): 1 for each, id in enumerate(invited)}
    assert {(each.reference, each.to) for each in outpost.came} == owed.keys()

    outpost.gateway.fall_ill(AILMENTS[ailment])
    asked = outpost.gateway.asked
    owed |= told(outpost, range(VICTIMS))
    outpost.walk(minutes=30)
    owed |= told(outpost, range(VICTIMS, 2 * VICTIMS))
    outpost.walk(minutes=30)
    tries = outpost.gateway.asked - asked
    outpost.gateway.recover()
    owed |= told(outpost, range(2 * VICTIMS, 3 * VICTIMS))
    outpost.walk(minutes=120)

    assert Counter((each.reference, each.to) for each in outpost.came) == owed
    # It was tried again and again, ever less often.
    assert ailment == "nobody there" or VICTIMS * 4 < tries < VICTIMS * 40


@pytest.mark.parametrize("late", [0, 20, 120])
def test_a_gateway_that_lists_late_has_nothing_twice(
    tmp_path: Path, sqlite_storage: Storage, late: int
) -> None:
    """It took all of it and did not answer, and a list has that only minutes later."""
    with closing(Outpost(tmp_path, sqlite_storage, NOON)) as outpost:
        outpost.inbox.listed_after_seconds = late
        outpost.gateway.fall_ill(AILMENTS["failing, and took it"])
        victims = [
            recorded(alex(f"v{each}", mobile_phone="", email=mailbox(each)), crime=f"crime {each}")
            for each in range(VICTIMS)
        ]
        invited = outpost.tell(*victims)
        outpost.gateway.recover()
        outpost.walk(minutes=30)

        assert Counter(each.reference for each in outpost.came) == dict.fromkeys(invited, 1)


@pytest.mark.parametrize("ailment", AILMENTS)
def test_a_crime_system_that_ails_for_an_hour_loses_nothing(
    late_outpost: Outpost, ailment: str
) -> None:
    """Tasks and a victim's words are each filed once, and messages do not wait for that."""
    outpost = late_outpost
    outpost.tell(recorded(recorded_at=PHASE_3))
    session = signed_in(outpost)
    outpost.tell(unreachable("somebody before"))
    outpost.walk(minutes=1)
    usual = tasks(outpost)["somebody before"]
    assert usual

    outpost.records.fall_ill(AILMENTS[ailment])
    path = f"/api/crimes/{CRIME}/questions"
    assert outpost.call("POST", path, {"text": "Any news?"}, token=session).status in {200, 201}
    outpost.tell(unreachable("v0"), unreachable("v1"))
    outpost.walk(minutes=30)
    outpost.tell(unreachable("v2"))
    [news] = outpost.tell(deployed(at=outpost.now))
    outpost.walk(minutes=30)
    assert [each.reference for each in outpost.came].count(news) == 1

    outpost.records.recover()
    outpost.walk(minutes=120)
    stamps = [each for each in outpost.evidence.records if isinstance(each, Stamped)]

    assert [(each.person_id, each.text) for each in stamps] == [("alex", "Any news?")]
    assert tasks(outpost) == {
        "alex": [("victim_question", "the victim has written through the portal")],
        **dict.fromkeys(("somebody before", "v0", "v1", "v2"), usual),
    }


def test_a_file_that_is_locked_while_messages_go_repeats_none(
    tmp_path: Path, sqlite_storage: Storage
) -> None:
    """What went, and could not be written down as sent, is asked after when the file is free."""
    with (
        closing(Outpost(tmp_path, sqlite_storage, NOON)) as outpost,
        closing(
            connect(sqlite_storage.address, isolation_level=None, check_same_thread=False)
        ) as other,
    ):
        outpost.tell(recorded(alex(mobile_phone="", email=mailbox(0)), crime="crime 0"))
        sqlite_storage.run(outpost.database.run("PRAGMA busy_timeout = 20"))
        outpost.gateway.meanwhile = lambda: other.execute("BEGIN IMMEDIATE")
        owed = outpost.tell(deployed("crime 0"))
        outpost.walk(minutes=1)
        other.execute("ROLLBACK")
        outpost.walk(minutes=5)

        assert [each.reference for each in outpost.came][1:] == owed
        assert outpost.gateway.asked > 2


def unreachable(person_id: str) -> CrimeRecorded:
    """Record a crime whose victim has no working address: an officer must ask."""
    victim = alex(person_id, mobile_phone="N/A")
    return recorded(victim, crime=f"crime of {person_id}", recorded_at=PHASE_3)


def tasks(outpost: Outpost) -> dict[str, list[tuple[str, str]]]:
    """List what tasks the crime system was given about each person: of which kind, and why."""
    found: dict[str, list[tuple[str, str]]] = {}
    for each in outpost.evidence.records:
        if isinstance(each, TaskRaised):
            found.setdefault(each.person_id, []).append((each.task_kind, each.reason))
    return {person_id: sorted(each) for person_id, each in found.items()}


def signed_in(outpost: Outpost) -> str:
    """Come in by the invitation; answers the session."""
    link = re.search(r"/invitation/(\S+)", outpost.came[-1].body)
    assert link is not None
    step = outpost.call("POST", "/api/invitation", {"token": link[1]}).json["step"]
    outpost.call("POST", "/api/sign-in/word", {"step": step, "agreed_word": WORD})
    code = re.findall(r"\b\d{6}\b", outpost.came[-1].body)[0]
    entered = outpost.call("POST", "/api/sign-in/code", {"step": step, "code": code})
    return str(entered.json["session"])


def test_a_gateway_s_limit_is_met_at_its_own_rate(
    tmp_path: Path, sqlite_storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty messages at thirty a minute take a minute, and not twice as long each time."""
    monkeypatch.setattr(gateway, "LIMITED_SECONDS", 0.0)
    service = structs.replace(
        NotifyService.of_key(SECRETS.gateway), limits=Limits(requests_a_minute_max=30)
    )
    with closing(Outpost(tmp_path, sqlite_storage, NOON)) as outpost:
        limited = notify_app(
            outpost.inbox,
            service=service,
            security_now=lambda: outpost.now,
            templates=DEFAULT_TEMPLATES,
        )
        monkeypatch.setattr(outpost.gateway, "_application", limited)
        victims = [
            recorded(alex(f"v{each}", mobile_phone="", email=mailbox(each)), crime=f"crime {each}")
            for each in range(30)
        ]
        invited = outpost.tell(*victims)
        outpost.walk(minutes=1)

        assert Counter(each.reference for each in outpost.came) == dict.fromkeys(invited, 1)
