"""A question is answered when the victim is told of the reply or shown it, and not before."""

from datetime import timedelta
from typing import Any

from simulator.evidence.records import Record, Seen
from simulator.rehearsal.answers import answers
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
    """Have the asker read the conversation."""
    where: dict[str, Any] = {"person_id": "p", "crime_reference": REFERENCE, **other}
    return Seen(at=PHASE_1 + after, where="conversation", texts=texts, **where)


def answered_after(*records: Record, told: timedelta | None = None, **fate: Any) -> Any:
    """Give how long the one question took, None where it has no answer."""
    messages = [] if told is None else [message("reply", at=PHASE_1 + told, **fate)]
    evidence = [asked(PHASE_1), *records]
    [answer] = answers(evidence, judged(messages=messages))
    return answer.answered_at and answer.answered_at - PHASE_1


def test_an_officer_writing_is_no_answer() -> None:
    """Nobody has told the victim."""
    assert answered_after() is None
    assert answered_after(replied(PHASE_1 + HOUR)) is None


def test_a_notice_that_reached_them_is_one() -> None:
    """When it came, not when it was written; what bounced reached nobody."""
    reply = replied(PHASE_1 + HOUR)

    assert answered_after(reply, told=3 * HOUR) == 3 * HOUR
    assert answered_after(reply, told=3 * HOUR, fate="undeliverable") is None
    assert answered_after(reply, told=3 * HOUR, person_id="q") is None


def test_a_notice_of_something_before_the_reply_is_none() -> None:
    """It cannot have told of what was not written yet."""
    assert answered_after(replied(PHASE_1 + 2 * HOUR), told=HOUR) is None


def test_reading_it_is_one_whichever_is_first() -> None:
    """Who looks before the message comes has the answer then."""
    reply = replied(PHASE_1 + HOUR)
    page = reads("When?", "Soon.", after=2 * HOUR)

    assert answered_after(reply, page) == 2 * HOUR
    assert answered_after(reply, page, told=5 * HOUR) == 2 * HOUR
    assert answered_after(reply, reads("Soon.", after=2 * HOUR, person_id="q")) is None


def test_word_of_a_reply_that_is_not_there_is_none() -> None:
    """Told of it they looked, and it did not stand there; once it does they have it."""
    reply, empty = replied(PHASE_1 + HOUR), reads("When?", after=4 * HOUR)

    assert answered_after(reply, empty, told=3 * HOUR) is None

    late = reads("When?", "Soon.", after=9 * HOUR)
    assert answered_after(reply, empty, late) == 9 * HOUR
