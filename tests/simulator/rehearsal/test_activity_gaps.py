"""A rehearsal in which a necessary step never happened is no pass, and names the step."""

from datetime import timedelta

from simulator.evidence.records import EventDelivered, Record, Seen, SignedIn
from simulator.judge.fold import Judgement
from simulator.rehearsal.activity_gaps import activity_gaps
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
    """Return the gap in a run with these records, or ""."""
    judgement = judged(messages=[message(kind, at=LATER) for kind in reached])
    return "; ".join(activity_gaps([(list(records), judgement)], phase=phase))


def test_a_complete_run_has_no_gap() -> None:
    """Victims were invited, registered, looked, asked and were answered."""
    evidence = (SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1), TAKEN)

    assert said(*evidence, reached=("invitation", "reply")) == ""


def test_the_first_gap_is_named() -> None:
    """Later steps depend on it."""
    question = (SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1), TAKEN)

    assert said(reached=()) == "no invitation reached a victim"
    assert said() == "nobody registered, although 1 invitations reached their victims"
    assert said(SIGNED_IN) == "nobody looked at their crimes, although some signed in"
    assert said(SIGNED_IN, SEEN).startswith("nobody wrote to an officer")
    assert said(*question) == "nobody was answered, although officers wrote 1 replies"


def test_a_step_that_could_not_happen_is_no_gap() -> None:
    """Before phase 3 nobody writes, and a reply that never reached the portal is not its fault."""
    assert said(SIGNED_IN, SEEN, phase=2) == ""
    assert said(SIGNED_IN, SEEN, asked(PHASE_1), replied(PHASE_1)) == ""


def test_one_portal_of_several_is_enough() -> None:
    """A short test period may have no sign-in, but all periods together must have one."""
    quiet: tuple[list[Record], Judgement] = ([], judged())
    busy: tuple[list[Record], Judgement] = (
        [SIGNED_IN, SEEN],
        judged(messages=[message("invitation")]),
    )

    assert activity_gaps([quiet, busy], phase=2) == []
    assert activity_gaps([quiet], phase=2) != []
