"""State that a portal must keep is asked for again after a restart, or with a second worker."""

import pytest
from msgspec import structs

from simulator.explore.state_kept import Between, all_state, state_asked_again
from simulator.explore.steps import (
    Breakdown,
    ChooseChannels,
    Deploy,
    Guess,
    ReachMilestone,
    SayNotForMe,
    SignIn,
    SignOut,
    StartSecondWorker,
    Step,
    TellReceipt,
    TextBack,
    UseSession,
    Wait,
)
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, order

RESTART = Breakdown(what="portal restarted")
SECOND_WORKER = StartSecondWorker()
NEWS = Deploy(crime=CRIME, event="e2")
LATER = Wait(seconds=DAY)
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


@pytest.mark.parametrize("name", [each for each in STATE if each != "waiting message"])
def test_state_that_is_not_asked_for_is_not_met(name: str) -> None:
    """Neither without the asking, nor without the restart, nor if that was of another kind."""
    made, asked = STATE[name]
    assert name not in asked_again(*made, RESTART, between="restart")
    assert name not in asked_again(*made, *asked, between="restart")
    assert name not in asked_again(*made, SECOND_WORKER, *asked, between="restart")


@pytest.mark.parametrize("name", [each for each in STATE if each != "waiting message"])
def test_state_made_later_is_asked_for_at_the_other_worker(name: str) -> None:
    """A restart that came before it says nothing; two workers are there at both moments."""
    made, asked = STATE[name]
    assert name in asked_again(SECOND_WORKER, *made, *asked, between="second worker")
    assert name not in asked_again(RESTART, *made, *asked, between="restart")


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
    """The weekly limit only from phase 2 on, as there is no other news in phase 1."""
    assert set(all_state(2)) == set(STATE)
    assert set(all_state(1)) == set(STATE) - {"weekly limit"}
