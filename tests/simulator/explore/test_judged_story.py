"""A story fails where the portal did harm, under a name that is the same for one defect."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from msgspec import structs

from reference.contract.events import Officer
from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Session
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalUnreachable
from simulator.explore.judged_story import failure_of, names_in
from simulator.explore.steps import Allocate, Guess, StartSecondWorker
from simulator.explore.tried import tried_of
from simulator.prove.run import read_broken_portals
from simulator.verdicts import Finding
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, SAM, order, reference, story
from tests.simulator.real_files import TARGET

SENDS_TWICE = "fixtures.broken_portals.sending:sends_twice"


def test_the_reference_passes_a_plain_story() -> None:
    """Nothing failed, and there was something to judge."""
    judged = reference().judged(story(*PLAIN))
    assert judged.failures == ()
    assert judged.records


def test_a_portal_that_was_lost_once_is_played_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever closed the connection, the story is judged from its beginning."""
    crimes, asked = HttpDriver.crimes, []

    def lost_once(driver: HttpDriver, session: Session) -> list[CrimeSummary]:
        asked.append(session)
        if len(asked) == 1:
            raise PortalUnreachable("what is there broke off")
        return crimes(driver, session)

    monkeypatch.setattr(HttpDriver, "crimes", lost_once)
    judged = reference().judged(story(*PLAIN))

    assert judged.failures == ()
    assert len(judged.done) == len(PLAIN)
    assert len(asked) > 1


def test_a_story_in_which_the_portal_is_always_lost_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that breaks down at this step does so again."""

    def lost(_driver: HttpDriver, _session: Session) -> list[CrimeSummary]:
        raise PortalUnreachable("what is there broke off")

    monkeypatch.setattr(HttpDriver, "crimes", lost)
    [failure] = reference().judged(story(*PLAIN)).failures

    assert failure.observed == "what is there broke off"
    assert failure.rests_on.startswith("contract: ")
    assert failure.at is not None


def test_ids_do_not_make_two_defects_of_one() -> None:
    """A defect has one fingerprint, however the force of a story writes its ids."""
    records = [structs.replace(SAM.record, person_id=each) for each in ("NOM000417", "9-X")]
    told = [
        structs.replace(
            story(*PLAIN, people=(structs.replace(SAM, record=record),)), seed=record.person_id
        )
        for record in records
    ]

    first, second = (reference(SENDS_TWICE).judged(each) for each in told)

    assert first.failures
    assert {each.fingerprint for each in first.failures} == {
        each.fingerprint for each in second.failures
    }
    patch.stopall()


def test_a_failure_has_one_name_in_process_and_by_url() -> None:
    """There the name of the run is part of the id of every event."""
    names = {
        failure_of(
            Finding(
                kind="FAIL",
                harm="lost",
                owner="portal",
                requirement="INV-01",
                at=datetime(2026, 6, 1, tzinfo=UTC),
                person_id="P1",
                crime_reference="4326",
                expected=f"invitation by {channel} for {event_id}, due {due}",
                observed="nothing was sent",
            )
        ).fingerprint
        for channel, event_id, due in (
            ("text", "explore-0000012", "10:14"),
            ("email", "explore261127151700426647-0000277", "09:00"),
        )
    }
    assert len(names) == 1


@pytest.mark.parametrize(
    ("name", "requirement"),
    [("counts_attempts_in_each_worker", "AUTH-05"), ("keeps_sessions_in_each_worker", "CASE-01")],
)
def test_state_in_one_process_is_found_with_a_second_worker(name: str, requirement: str) -> None:
    """A portal that keeps it so passes with one worker, and fails with two."""
    most = order().sign_in.attempts_max
    guess = Guess(person="Sam", by="text", wrong="proof", times=most, then_right=True)
    steps = (*PLAIN[:3], guess, *PLAIN[3:])
    [row] = read_broken_portals(only=name)
    tried = tried_of(TARGET, row.application)
    try:
        assert tried.judged(story(*steps)).failures == ()
        failed = tried.judged(story(StartSecondWorker(), *steps)).failures
    finally:
        patch.stopall()
    assert requirement in {each.requirement for each in failed}


def test_a_story_has_a_second_worker_only_where_there_can_be_one() -> None:
    """It is left out for a portal that does not claim it, or that the suite cannot add one to."""
    tried, drawn = reference(), story(StartSecondWorker(), *PLAIN)
    target = tried.target
    unclaimed = structs.replace(target.claims, capabilities=("test_clock",))
    by_url = structs.replace(target.access, application="", portal_url="http://portal.test")

    assert tried.as_claimed(drawn) == drawn
    for other in (
        structs.replace(target, claims=unclaimed),
        structs.replace(target, access=by_url),
    ):
        assert replace(tried, target=other).as_claimed(drawn) == story(*PLAIN)


def test_what_else_was_open_does_not_make_two_defects_of_one() -> None:
    """What the judge tells beside a fault differs from story to story; the fault itself counts."""
    told = [
        "a text that answers nothing new: its reference is 'e1'; no news was due then",
        "an email that answers nothing new: its reference is 'e2'; news due then: 'e3' (update)",
        "a text that answers nothing new: news due then: 'e3' (update), 'e4' (invitation)",
    ]
    fingerprints = {_fingerprint(each) for each in told}

    assert len(fingerprints) == 1
    one_too_many = (
        "this is number 6: the others of that week went on 1 June 09:00; there was room from …"
    )
    assert _fingerprint(one_too_many).endswith("|this is number #")
    assert _fingerprint("they were refused: proof").endswith("|they were refused: proof")


@pytest.mark.parametrize(
    "told",
    [
        ["DC Katy Kirk is shown with collar number 3343", "PC Bull is shown with collar number 17"],
        ["the update of Monday 30 March at 09:00", "the update of Friday 1 May 2026 at 17:30"],
        ["it was raised 1 day, 2:00:00 later", "it was raised 0:20:00 later"],
        ["nothing from 28 March to 4 April", "nothing from 3 May to 10 May"],
        ["44267737557 is not on the list", "43-26/12345 is not on the list"],
        ["it asks Hampshire for it", "it asks Thames Valley Police for it"],
    ],
)
def test_what_a_story_made_up_does_not_make_two_defects_of_one(told: list[str]) -> None:
    """A name, a day, a duration or a reference is another one in another story."""
    people = structs.replace(SAM, record=structs.replace(SAM.record, given_name="Hampshire"))
    officers = (Officer("DC Katy Kirk", "3343"), Officer("PC Bull", "17"))
    given = (
        Allocate(crime=CRIME, event=f"e{place}", officer=officer)
        for place, officer in enumerate(officers, start=3)
    )
    made_up = story(RECORDED, *given, people=(people,))
    names = {*names_in(made_up), *(each.name for each in order().forces.values())}

    assert len({_fingerprint(each, names) for each in told}) == 1


def test_a_story_that_names_somebody_like_a_word_leaves_the_words() -> None:
    """A name is left out as a whole word, and one letter never."""
    record = structs.replace(SAM.record, given_name="Al", family_name="a")
    names = names_in(story(*PLAIN, people=(structs.replace(SAM, record=record),)))

    assert _fingerprint("Al was told a word of Also", names).endswith("|# was told a word of Also")


def _fingerprint(observed: str, names: Iterable[str] = ()) -> str:
    finding = Finding(
        kind="FAIL",
        harm="noise",
        owner="portal",
        requirement="ONCE-01",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        person_id="P1",
        crime_reference="4326",
        expected="one message for each piece of news",
        observed=observed,
    )
    return failure_of(finding, names).fingerprint
