"""A portal that forgets state in a restart fails the story that asks for it again."""

from dataclasses import dataclass

import pytest
from msgspec import structs

from simulator.explore.sign_in_drawing import WRONG_IN_AN_HOUR_MAX
from simulator.explore.state_kept import all_state, state_asked_again
from simulator.explore.steps import (
    Allocate,
    Ask,
    Breakdown,
    ChangeDetails,
    ChooseChannels,
    FollowLink,
    Guess,
    MakeAppointment,
    Merge,
    OfficerAway,
    ReachMilestone,
    Read,
    SayNotForMe,
    SendHeldBack,
    SignIn,
    Step,
    TellReceipt,
    TextBack,
    Wait,
)
from tests.simulator.explore import forgetful_portal
from tests.simulator.explore.stories import CRIME, DAY, RECORDED, order, reference, story
from tests.simulator.explore.test_state_kept import FLAGGED, MOVED, NEWS, OFFICER, RESTART

APPLICATION = "tests.simulator.explore.forgetful_portal:create_app"
LATER = Wait(seconds=DAY)
SIGNED_IN = SignIn(person="Sam", by="link")
MORE = structs.replace(NEWS, event="e4")
ATTEMPTS_MAX = order().sign_in.attempts_max
ENDLESSLY = -(-WRONG_IN_AN_HOUR_MAX // ATTEMPTS_MAX)
GUESS = Guess(person="Sam", by="text", wrong="proof", times=ATTEMPTS_MAX)
ASKED = Ask(person="Sam", crime=CRIME, text="Is there news?")


@dataclass(frozen=True)
class Forgotten:
    """What makes some state, what asks for it, what is lost, and the requirement that breaks."""

    made: tuple[Step, ...]
    asked: tuple[Step, ...]
    lost: tuple[str, ...]
    requirement: str
    phase: int = 1


#: As long as Sam's phone is known, and may be used.
WITH_PHONE = "UPDATE person SET text_address = '07700900123', usable_text = '07700900123'"
#: A portal may end all sessions in a restart. Between two workers it may not: B-312 does.
MAY_BE_LOST = {"session"}
STATE = {
    "choice": Forgotten(
        (SIGNED_IN, ChooseChannels(person="Sam", channels=("email",))),
        (NEWS,),
        ("UPDATE person SET channels_chosen = NULL, text_address = usable_text",),
        "CONT-01",
    ),
    "STOP": Forgotten(
        (TextBack(person="Sam", words="STOP"),),
        (NEWS,),
        ("UPDATE person SET channels_chosen = NULL, text_address = usable_text",),
        "CONT-01",
    ),
    "disowned address": Forgotten(
        (SayNotForMe(person="Sam", channel="text"),),
        (NEWS,),
        ("DELETE FROM address_stopped", WITH_PHONE),
        "NOTME-01",
    ),
    "wrong answers": Forgotten(
        (SIGNED_IN, structs.replace(GUESS, sign_ins=ENDLESSLY)),
        (structs.replace(GUESS, times=1, then_right=True),),
        ("DELETE FROM sign_in_attempt",),
        "AUTH-13",
    ),
    "used invitation": Forgotten(
        (SIGNED_IN,), (FollowLink(person="Sam"),), ("UPDATE invitation SET used = 0",), "AUTH-02"
    ),
    "details": Forgotten(
        (ChangeDetails(crime=CRIME, event="e3", person="Sam", record=MOVED),),
        (NEWS,),
        (WITH_PHONE,),
        "DATA-03",
    ),
    "marker": Forgotten(
        (FLAGGED,),
        (structs.replace(NEWS, crime=FLAGGED.crime),),
        ("UPDATE crime SET safeguarding = ''", "UPDATE victim SET exclusion = ''"),
        "SAFE-02",
    ),
    "event taken": Forgotten(
        (NEWS, LATER), (SendHeldBack(event=NEWS.event),), ("DELETE FROM event_seen",), "ONCE-01"
    ),
    "officer away": Forgotten(
        (
            SIGNED_IN,
            Allocate(crime=CRIME, event="e5", officer=OFFICER, team="CID"),
            OfficerAway(crime=CRIME, event="e6", officer=OFFICER),
        ),
        (SignIn(person="Sam", by="text"), ASKED),
        ("UPDATE crime SET officer_is = '', officer_until = NULL",),
        "TWO-09",
        phase=3,
    ),
    "appointment": Forgotten(
        (
            SIGNED_IN,
            MakeAppointment(
                crime=CRIME, event="e3", appointment="a1", person="Sam", starts_in_seconds=5 * DAY
            ),
        ),
        (),
        ("DELETE FROM appointment", "DELETE FROM entry WHERE kind = 'AppointmentMade'"),
        "CASE-01",
    ),
    "merger": Forgotten(
        (
            structs.replace(RECORDED, crime="0004713", event="g1"),
            SIGNED_IN,
            Read(person="Sam"),
            Merge(crime=CRIME, event="e3", into="0004713"),
        ),
        (),
        ("UPDATE crime SET merged_into = '', merged_at = 0",),
        "CASE-07",
    ),
    "conversation": Forgotten((SIGNED_IN, ASKED), (), ("DELETE FROM post",), "TWO-01", phase=3),
    "bounce": Forgotten(
        (
            SIGNED_IN,
            TellReceipt(person="Sam", channel="text", receipt="permanent-failure"),
            NEWS,
            LATER,
        ),
        (MORE,),
        ("DELETE FROM address_stopped", WITH_PHONE),
        "ONCE-01",
    ),
    "waiting message": Forgotten(
        (SIGNED_IN, Breakdown(what="gateway down"), NEWS),
        (Breakdown(what="gateway back"),),
        ("DELETE FROM outbox WHERE status = 'waiting'",),
        "MSG-01",
    ),
    "weekly limit": Forgotten(
        tuple(
            step
            for n in range(order().messages.per_week_max)
            for step in (
                ReachMilestone(crime=CRIME, event=f"m{n}", milestone="suspect_arrested"),
                Wait(seconds=7_200),
            )
        ),
        (
            ReachMilestone(crime=CRIME, event="last", milestone="suspect_arrested"),
            Wait(seconds=7_200),
        ),
        ("UPDATE outbox SET sent_at = sent_at - 864000 WHERE sent_at IS NOT NULL",),
        "JOUR-02",
        phase=2,
    ),
}


@pytest.mark.slow(seconds=8)
@pytest.mark.parametrize("name", STATE)
def test_state_that_is_forgotten_is_missed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The story meets the edge; without the loss it passes, and with it one requirement breaks."""
    state = STATE[name]
    steps = (RECORDED, LATER, *state.made, RESTART, *state.asked)
    told = structs.replace(story(*steps, phase=state.phase), ends_after_seconds=3 * DAY)

    monkeypatch.setattr(forgetful_portal, "FORGETS", [])
    kept = reference(APPLICATION).judged(told)
    monkeypatch.setattr(forgetful_portal, "FORGETS", [*state.lost])
    forgotten = reference(APPLICATION).judged(told)

    assert name in state_asked_again(kept.done, order(), "restart")
    assert kept.failures == ()
    assert state.requirement in {each.requirement for each in forgotten.failures}


def test_every_state_is_forgotten_once() -> None:
    """None is listed that no loss was tried of."""
    assert set(STATE) | MAY_BE_LOST == set(all_state(3))
