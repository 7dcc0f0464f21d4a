"""A run in which nobody did what somebody should have is no pass, and says which."""

from datetime import timedelta

from simulator.evidence.records import EventDelivered, Record, Seen, SignedIn
from simulator.judge.fold import Judgement
from simulator.rehearsal.untried import untried
from tests.simulator.rehearsal.test_tally import (
    PHASE_1,
    asked,
    judged,
    message,
    replied,
)

SIGNED_IN = SignedIn(at=PHASE_1, person_id="p")
SEEN = Seen(at=PHASE_1, person_id="p", where="crimes", crime_reference="", texts=())
TAKEN = EventDelivered(at=PHASE_1, event_id="e", status=202)
LATER = PHASE_1 + timedelta(hours=2)


def said(*records: Record, phase: int = 3, reached: tuple[str, ...] = ("invitation",)) -> str:
    """Give what is said of a run in which these messages reached victims."""
    judgement = judged(messages=[message(kind, at=LATER) for kind in reached])
    return "; ".join(untried([(list(records), judgement)], phase=phase))


def test_what_was_all_tried_is_not_said() -> None:
    """Invited, registered, looked, asked and answered."""
    evidence = (SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1), TAKEN)

    assert said(*evidence, reached=("invitation", "reply")) == ""


def test_the_first_that_nobody_did_is_said() -> None:
    """What comes later could not be tried without it."""
    question = (SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1), TAKEN)

    assert said(reached=()) == "no invitation reached anybody"
    assert said() == "nobody registered, though 1 invitations reached their victims"
    assert said(SIGNED_IN) == "nobody looked at their crimes, though some signed in"
    assert said(SIGNED_IN, SEEN).startswith("nobody wrote to an officer")
    assert said(*question) == "nobody was answered, though officers wrote 1 replies"


def test_what_should_not_have_been_is_not_missed() -> None:
    """Before phase 3 nobody writes; a reply that never reached the portal is not its silence."""
    assert said(SIGNED_IN, SEEN, phase=2) == ""
    assert said(SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1)) == ""


def test_one_portal_of_several_is_enough() -> None:
    """In a short test period nobody may come in; in all of them together somebody should."""
    quiet: tuple[list[Record], Judgement] = ([], judged())
    busy: tuple[list[Record], Judgement] = (
        [SIGNED_IN, SEEN],
        judged(messages=[message("invitation")]),
    )

    assert untried([quiet, busy], phase=2) == []
    assert untried([quiet], phase=2) != []
