"""State that a portal must keep is asked for again after a restart, or with a second worker."""

import pytest
from msgspec import structs

from reference.contract.events import Officer
from simulator.explore.state_kept import Between, all_state, state_asked_again
from simulator.explore.steps import (
    Ask,
    Breakdown,
    ChangeDetails,
    ChooseChannels,
    Deploy,
    FollowLink,
    Guess,
    MakeAppointment,
    Merge,
    OfficerAway,
    ReachMilestone,
    SayNotForMe,
    SendHeldBack,
    SignIn,
    SignOut,
    StartSecondWorker,
    Step,
    TellReceipt,
    TextBack,
    UseSession,
    Wait,
)
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, SAM, order

RESTART = Breakdown(what="portal restarted")
SECOND_WORKER = StartSecondWorker()
NEWS = Deploy(crime=CRIME, event="e2")
LATER = Wait(seconds=DAY)
MOVED = structs.replace(SAM.record, mobile_phone="07700900456")
FLAGGED = structs.replace(RECORDED, crime="0004712", event="f1", safeguarding=("domestic_abuse",))
OFFICER = Officer(name="PC Okafor", collar_number="4711")
MERGED = Merge(crime=CRIME, event="e3", into="0004713")
#: What makes each state, and what asks for it.
STATE: dict[str, tuple[tuple[Step, ...], tuple[Step, ...]]] = {
    "session": (
        (SignIn(person="Sam", by="link"), SignOut(person="Sam")),
        (UseSession(person="Sam"),),
    ),
    "choice": ((ChooseChannels(person="Sam", channels=("email",)),), (NEWS,)),
    "STOP": ((TextBack(person="Sam", words="STOP"),), (NEWS,)),
    "disowned address": ((SayNotForMe(person="a stranger", channel="text"),), (NEWS,)),
    "wrong answers": (
        (Guess(person="Sam", by="link", wrong="proof", times=2),),
        (SignIn(person="Sam", by="text"),),
    ),
    "used invitation": ((SignIn(person="Sam", by="link"),), (FollowLink(person="Sam"),)),
    "details": ((ChangeDetails(crime=CRIME, event="e3", person="Sam", record=MOVED),), (NEWS,)),
    "marker": ((FLAGGED,), (structs.replace(NEWS, crime=FLAGGED.crime),)),
    "event taken": ((NEWS,), (SendHeldBack(event=NEWS.event),)),
    "officer away": (
        (OfficerAway(crime=CRIME, event="e3", officer=OFFICER),),
        (Ask(person="Sam", crime=CRIME, text="Is there news?"),),
    ),
    "appointment": (
        (
            MakeAppointment(
                crime=CRIME, event="e3", appointment="a1", person="Sam", starts_in_seconds=5 * DAY
            ),
        ),
        (),
    ),
    "merger": ((MERGED,), ()),
    "conversation": ((Ask(person="Sam", crime=CRIME, text="Is there news?"),), ()),
    "bounce": (
        (TellReceipt(person="Sam", channel="text", receipt="permanent-failure"), NEWS),
        (structs.replace(NEWS, event="e3"),),
    ),
    "waiting message": ((Breakdown(what="gateway down"), NEWS), ()),
    "weekly limit": (
        (ReachMilestone(crime=CRIME, event="m0", milestone="suspect_arrested"),),
        tuple(
            ReachMilestone(crime=CRIME, event=f"m{each}", milestone="suspect_arrested")
            for each in range(1, 1 + order().messages.per_week_max)
        ),
    ),
}


def asked_again(*steps: Step, between: Between) -> set[str]:
    """Name the state that a story of these steps asks for again."""
    return set(state_asked_again((RECORDED, LATER, *steps), order(), between))


@pytest.mark.parametrize("name", STATE)
def test_state_of_before_is_asked_for_afterwards(name: str) -> None:
    """Whether the portal was restarted or got a second worker in between."""
    made, asked = STATE[name]
    assert name in asked_again(*made, RESTART, *asked, between="restart")
    assert name in asked_again(*made, SECOND_WORKER, *asked, between="second worker")


#: What has to be asked for by a step: the rest is shown, or sent, to everyone in the end.
ASKED_BY_A_STEP = [each for each, (_made, asked) in STATE.items() if asked]


@pytest.mark.parametrize("name", ASKED_BY_A_STEP)
def test_state_that_is_not_asked_for_is_not_met(name: str) -> None:
    """Neither without the asking, nor without the restart, nor if that was of another kind."""
    made, asked = STATE[name]
    assert name not in asked_again(*made, RESTART, between="restart")
    assert name not in asked_again(*made, *asked, between="restart")
    assert name not in asked_again(*made, SECOND_WORKER, *asked, between="restart")


@pytest.mark.parametrize("name", ASKED_BY_A_STEP)
def test_state_made_later_is_asked_for_at_the_other_worker(name: str) -> None:
    """A restart that came before it says nothing; two workers are there at both moments."""
    made, asked = STATE[name]
    assert name in asked_again(SECOND_WORKER, *made, *asked, between="second worker")
    assert name not in asked_again(RESTART, *made, *asked, between="restart")


@pytest.mark.parametrize("name", ["appointment", "merger", "conversation"])
def test_what_is_shown_is_asked_for_at_the_end(name: str) -> None:
    """Everyone who can signs in and reads then; what was made after a restart proves nothing."""
    made, _asked = STATE[name]
    assert name in asked_again(*made, RESTART, between="restart")
    assert name not in asked_again(RESTART, *made, between="restart")
    assert name in asked_again(SECOND_WORKER, *made, between="second worker")
    assert name not in asked_again(*made, between="second worker")


def test_an_event_that_was_held_back_comes_for_the_first_time() -> None:
    """It was not taken before the restart."""
    held = structs.replace(NEWS, carriage="held back")
    sent = SendHeldBack(event=NEWS.event)
    assert "event taken" not in asked_again(held, RESTART, sent, between="restart")


def test_news_waits_only_for_a_while() -> None:
    """Its message goes out with the next bundle, unless the gateway is down."""
    seconds = 60 * order().messages.bundle_minutes
    soon, late = Wait(seconds=seconds - 1), Wait(seconds=seconds)
    assert "waiting message" in asked_again(NEWS, soon, RESTART, between="restart")
    assert "waiting message" not in asked_again(NEWS, late, RESTART, between="restart")
    back = (Breakdown(what="gateway down"), Breakdown(what="gateway back"))
    assert "waiting message" not in asked_again(NEWS, *back, late, RESTART, between="restart")


def test_what_another_person_makes_is_not_asked_for() -> None:
    """News of a crime says nothing of the choice of a person who is in another."""
    other = structs.replace(RECORDED, crime="0004712", event="e9", people=("Kim",))
    chosen = ChooseChannels(person="Kim", channels=())
    assert "choice" not in asked_again(other, chosen, RESTART, NEWS, between="restart")


def test_every_state_is_listed() -> None:
    """The weekly limit only from phase 2 on, as there is no other news in phase 1.

    Nobody asks an officer anything before phase 3.
    """
    two_way = {"conversation", "officer away"}
    assert set(all_state(3)) == set(STATE)
    assert set(all_state(2)) == set(STATE) - two_way
    assert set(all_state(1)) == set(STATE) - two_way - {"weekly limit"}
