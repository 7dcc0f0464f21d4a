"""A step may come only where a crime system or a person could do it."""

import pytest
from msgspec import structs

from simulator.explore.lawful import lawful_steps
from simulator.explore.steps import (
    Ask,
    Breakdown,
    Cancel,
    ChangeAppointment,
    ChangeDetails,
    Charge,
    Close,
    DeliverTogether,
    Deploy,
    Forge,
    MakeAppointment,
    Merge,
    Reclassify,
    Reopen,
    Reply,
    SendHeldBack,
    SendInvalid,
    StartSecondWorker,
    Step,
    Transfer,
    Wait,
)
from tests.simulator.explore.stories import CRIME, RECORDED, SAM, story

OTHER = "0004712"
SECOND = structs.replace(RECORDED, crime=OTHER, event="e2")
ELSEWHERE = structs.replace(SECOND, force="hampshire")
CLOSED = Close(crime=CRIME, event="e3", outcome=18)
MADE = MakeAppointment(
    crime=CRIME, event="e4", appointment="a1", person="Sam", starts_in_seconds=3_600
)
CHANGED = ChangeAppointment(
    crime=CRIME, event="e5", appointment="a1", person="Sam", starts_in_seconds=60
)
MERGED = Merge(crime=OTHER, event="e6", into=CRIME)
MOVED = Transfer(crime=CRIME, event="e7", to_force="Sussex Police")
MOVED_LATE = structs.replace(MOVED, carriage="held back")
REOPENED = Reopen(crime=CRIME, event="e8")
LATER = Wait(seconds=60)
DEPLOYED = Deploy(crime=CRIME, event="e9")
DEPLOYED_LATE = structs.replace(DEPLOYED, carriage="held back")
BACKDATED = structs.replace(REOPENED, happened_seconds_ago=60)
RENAMED = Reclassify(
    crime=CRIME, event="e10", offence_code="49", offence_subgroup="Other theft offences", offence=""
)
RENAMED_AGAIN = structs.replace(RENAMED, event="e11")
UNDER_OLD = MakeAppointment(
    crime=OTHER, event="e13", appointment="a2", person="Sam", starts_in_seconds=3_600
)
REPLIED_UNDER_OLD = Reply(crime=OTHER, event="e14", person="Sam", text="Thank you.")
DEPLOYED_UNDER_OLD = Deploy(crime=OTHER, event="e15")
AGAIN = structs.replace(RECORDED, event="e16")
AGAIN_ELSEWHERE = structs.replace(AGAIN, force="hampshire")
CHANGED_RECORD = ChangeDetails(crime=CRIME, event="e12", person="Sam", record=SAM.record)
NO_VICTIM = structs.replace(CHANGED_RECORD, record=structs.replace(SAM.record, role="witness"))


@pytest.mark.parametrize(
    "steps",
    [
        (RECORDED, DEPLOYED),
        (RECORDED, MADE, CHANGED),
        (RECORDED, CLOSED, LATER, REOPENED, DEPLOYED),
        (RECORDED, SECOND, MERGED),
        (RECORDED, SECOND, MERGED, UNDER_OLD, REPLIED_UNDER_OLD),
        (RECORDED, AGAIN),
        (RECORDED, CLOSED, AGAIN, LATER, REOPENED),
        (RECORDED, CLOSED, LATER, MOVED, LATER, REOPENED),
        (RECORDED, MOVED, LATER, DEPLOYED),
        (RECORDED, RENAMED, LATER, RENAMED_AGAIN),
        (RECORDED, LATER, CHANGED_RECORD),
        (RECORDED, SendHeldBack(event="e1")),
        (RECORDED, Ask(person="Sam", crime=CRIME, text="?")),
        (Breakdown(what="gateway down"), Breakdown(what="gateway back")),
    ],
)
def test_what_can_happen_is_kept(steps: tuple[Step, ...]) -> None:
    """Each of these is left as it is."""
    assert lawful_steps(story(*steps)) == steps


@pytest.mark.parametrize(
    ("steps", "dropped"),
    [
        ((DEPLOYED,), DEPLOYED),
        ((RECORDED, RECORDED), RECORDED),
        ((RECORDED, SECOND, MERGED, DEPLOYED_UNDER_OLD), DEPLOYED_UNDER_OLD),
        ((RECORDED, SECOND, CLOSED, MERGED, UNDER_OLD), UNDER_OLD),
        ((RECORDED, MOVED, AGAIN), AGAIN),
        ((RECORDED, MOVED, RENAMED), RENAMED),
        ((RECORDED, MOVED_LATE, LATER, DEPLOYED), DEPLOYED),
        ((RECORDED, DEPLOYED_LATE, AGAIN), AGAIN),
        ((RECORDED, AGAIN_ELSEWHERE), AGAIN_ELSEWHERE),
        ((RECORDED, CHANGED), CHANGED),
        ((RECORDED, LATER, NO_VICTIM, MADE), MADE),
        ((RECORDED, REOPENED), REOPENED),
        ((RECORDED, CLOSED, DEPLOYED), DEPLOYED),
        ((RECORDED, CLOSED, REOPENED), REOPENED),
        ((RECORDED, CLOSED, LATER, BACKDATED), BACKDATED),
        ((RECORDED, RENAMED, RENAMED_AGAIN), RENAMED_AGAIN),
        ((RECORDED, CHANGED_RECORD), CHANGED_RECORD),
        ((RECORDED, CLOSED, Charge(crime=CRIME, event="e20")), Charge(crime=CRIME, event="e20")),
        ((RECORDED, ELSEWHERE, MERGED), MERGED),
        ((RECORDED, Cancel(crime=CRIME, event="e21"), DEPLOYED), DEPLOYED),
        ((RECORDED, SendHeldBack(event="e99")), SendHeldBack(event="e99")),
        ((Breakdown(what="gateway back"),), Breakdown(what="gateway back")),
    ],
)
def test_what_cannot_happen_is_dropped(steps: tuple[Step, ...], dropped: Step) -> None:
    """Of each of these the last step goes, and only that."""
    assert steps[-1] == dropped
    assert lawful_steps(story(*steps)) == steps[:-1]


def test_what_needed_a_dropped_step_goes_too() -> None:
    """Without its crime nothing of a crime is left."""
    assert lawful_steps(story(DEPLOYED, MADE, CHANGED, CLOSED, REOPENED)) == ()


HELD = structs.replace(DEPLOYED, carriage="held back")
TOGETHER = DeliverTogether(events=("e9", "e99", "e1"))


def test_a_delivery_has_only_events_that_are_there() -> None:
    """What was recorded goes in it, and what was not is left out; an empty one is none."""
    kept = lawful_steps(story(RECORDED, HELD, TOGETHER))
    assert kept == (RECORDED, HELD, structs.replace(TOGETHER, events=("e9", "e1")))
    assert lawful_steps(story(TOGETHER)) == ()


@pytest.mark.parametrize(
    "step",
    [
        SendInvalid(crime=CRIME, defect="no time", along="e9"),
        Forge(claim=CLOSED, signed_by="nobody", as_event="e9"),
    ],
)
def test_an_event_may_be_borrowed_only_while_it_is_held_back(step: Step) -> None:
    """Once the portal has it, its id is no longer that of an event to come."""
    assert lawful_steps(story(RECORDED, HELD, step)) == (RECORDED, HELD, step)
    sent = SendHeldBack(event="e9")
    assert lawful_steps(story(RECORDED, HELD, sent, step)) == (RECORDED, HELD, sent)
    assert lawful_steps(story(RECORDED, step)) == (RECORDED,)


def test_a_claim_names_a_crime_that_there_is_or_a_new_one() -> None:
    """Somebody who is not the force cannot record what is recorded."""
    claims = [Forge(claim=each, signed_by="nobody") for each in (CLOSED, RECORDED, SECOND)]
    assert lawful_steps(story(RECORDED, *claims)) == (RECORDED, claims[0], claims[2])
    assert lawful_steps(story(*claims)) == (claims[1], claims[2])


def test_there_is_one_second_worker() -> None:
    """A portal that has two workers gets no third."""
    steps = (StartSecondWorker(), RECORDED, StartSecondWorker(), LATER)
    assert lawful_steps(story(*steps)) == (StartSecondWorker(), RECORDED, LATER)
