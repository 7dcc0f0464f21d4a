"""A question is answered when the victim is told of the reply or shown it, and not before."""

from datetime import timedelta
from typing import Any

from simulator.evidence.records import Record, Seen
from simulator.rehearsal.question_replies import question_replies
from tests.simulator.rehearsal.test_tally import (
    PHASE_1,
    REFERENCE,
    asked,
    judged,
    message,
    replied,
)

HOUR = timedelta(hours=1)


def reads(*texts: str, after: timedelta, **other: Any) -> Seen:
    """Make the record of the asker reading the conversation."""
    where: dict[str, Any] = {"person_id": "p", "crime_reference": REFERENCE, **other}
    return Seen(at=PHASE_1 + after, where="conversation", texts=texts, **where)


def answered_after(*records: Record, told: timedelta | None = None, **fate: Any) -> Any:
    """Return how long the question took, or None if it has no answer."""
    messages = [] if told is None else [message("reply", at=PHASE_1 + told, **fate)]
    evidence = [asked(PHASE_1), *records]
    [answer] = question_replies(evidence, judged(messages=messages))
    return answer.answered_at and answer.answered_at - PHASE_1


def test_a_reply_nobody_announced_is_no_answer() -> None:
    """The victim has not been told."""
    assert answered_after() is None
    assert answered_after(replied(PHASE_1 + HOUR)) is None


def test_a_notice_that_reached_the_victim_is_an_answer() -> None:
    """It counts when it came, not when it was written; a bounced notice does not count."""
    reply = replied(PHASE_1 + HOUR)

    assert answered_after(reply, told=3 * HOUR) == 3 * HOUR
    assert answered_after(reply, told=3 * HOUR, fate="undeliverable") is None
    assert answered_after(reply, told=3 * HOUR, person_id="q") is None


def test_a_notice_before_the_reply_is_no_answer() -> None:
    """It cannot be about a reply that was not written yet."""
    assert answered_after(replied(PHASE_1 + 2 * HOUR), told=HOUR) is None


def test_reading_the_reply_is_an_answer() -> None:
    """A victim who reads the reply before the notice has the answer then."""
    reply = replied(PHASE_1 + HOUR)
    page = reads("When?", "Soon.", after=2 * HOUR)

    assert answered_after(reply, page) == 2 * HOUR
    assert answered_after(reply, page, told=5 * HOUR) == 2 * HOUR
    assert answered_after(reply, reads("Soon.", after=2 * HOUR, person_id="q")) is None


def test_a_notice_of_a_missing_reply_is_no_answer() -> None:
    """The victim looked and the reply was missing; it is answered once the reply is shown."""
    reply, empty = replied(PHASE_1 + HOUR), reads("When?", after=4 * HOUR)

    assert answered_after(reply, empty, told=3 * HOUR) is None

    late = reads("When?", "Soon.", after=9 * HOUR)
    assert answered_after(reply, empty, late) == 9 * HOUR
