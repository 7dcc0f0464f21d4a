"""Questions are taken while a case is live, and for some days after it closed."""

from datetime import timedelta

import pytest

from reference.contract.events import CrimeClosed, OutcomeRecorded
from simulator.evidence.records import QuestionRefused
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited

DAYS = timedelta(days=ORDER.two_way.closed_case_days)
TOLD_IN_PERSON = ORDER.sensitive_closures.offence_subgroups[0]
WORDS = "Is there nothing more that you can do?"
CALL = "This case takes no more messages. Call 101, or write to us"
WEBSITE = "Write to us at https://www.thames-valley.police.example instead"


def refused(
    story: Story,
    alex: Person,
    crime: Happened,
    *,
    said: str = CALL,
    text: str = WORDS,
    status: int = 409,
) -> None:
    """Have the portal refuse a question."""
    story.records.append(
        QuestionRefused(
            at=story.now,
            person_id=alex.person_id,
            crime_reference=crime.crime_reference,
            text=text,
            status=status,
            said=said,
        )
    )


def harms(story: Story) -> list[Harmed]:
    """Judge now, by what is about questions taken and refused."""
    return [each for each in story.harms(end=story.now) if each[3] in ("TWO-01", "TWO-07")]


def closed(after: timedelta, outcome: int = 18) -> tuple[Story, Person, Happened]:
    """Tell of a case that closed some time ago."""
    story, alex, crime = one_invited(phase=3)
    story.tell(alex, story.closed(crime, outcome))  # type: ignore[arg-type]
    story.until(story.now + after)
    return story, alex, crime


def test_a_question_about_a_live_case_is_taken() -> None:
    """Open, or charged: no text says that nobody answers."""
    story, alex, crime = one_invited(phase=3)
    refused(story, alex, crime)

    assert harms(story) == [fail("lost", "TWO-01")]

    story.records.pop()
    story.happens(
        OutcomeRecorded(crime_reference=crime.crime_reference, outcome=1, decided_at=story.now)
    )
    refused(story, alex, crime)

    assert harms(story) == [fail("lost", "TWO-01")]


@pytest.mark.parametrize(
    ("text", "status"), [("   ", 422), ("x" * 2001, 422), (WORDS, 401), (WORDS, 429), (WORDS, 0)]
)
def test_what_need_not_be_taken_may_be_refused(text: str, status: int) -> None:
    """Nothing but spaces, too much, or from a person who has to sign in first."""
    story, alex, crime = one_invited(phase=3)
    refused(story, alex, crime, text=text, status=status)

    assert harms(story) == []


def test_phase_2_takes_no_questions() -> None:
    """Two-way messages are of phase 3."""
    story, alex, crime = one_invited(phase=2)
    refused(story, alex, crime)

    assert harms(story) == []


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (DAYS / 2, [fail("lost", "TWO-07")]),
        (DAYS - timedelta(hours=12), [fail("lost", "TWO-07")]),
        (DAYS - timedelta(seconds=1), []),
        (DAYS + timedelta(days=1), []),
    ],
)
def test_a_case_that_closed_lately_takes_questions(
    after: timedelta, expected: list[Harmed]
) -> None:
    """For the days that the order says: by the clock, or by dates, of which the first may count."""
    story, alex, crime = closed(after)
    refused(story, alex, crime)

    assert harms(story) == expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (DAYS, []),
        (DAYS + timedelta(hours=12), []),
        (DAYS + timedelta(days=1), [fail("noise", "TWO-07")]),
    ],
)
def test_a_case_that_closed_long_ago_takes_none(after: timedelta, expected: list[Harmed]) -> None:
    """Nobody looks at it any more."""
    story, alex, crime = closed(after)
    story.asks(alex, crime, WORDS)

    assert [each for each in harms(story) if each[1] == "noise"] == expected


def test_a_reopened_case_takes_questions_again() -> None:
    """However long ago it had closed."""
    story, alex, crime = closed(DAYS * 2)
    story.tell(alex, story.reopened(crime))
    story.wait(hours=1)
    story.asks(alex, crime, WORDS)

    assert [each for each in harms(story) if each[1] == "noise"] == []


def test_a_closure_that_nobody_has_told_gives_nothing_away() -> None:
    """The officer speaks to the victim first: until then questions are taken, or may be."""
    story, alex, crime = one_invited(phase=3)
    story.closed(crime, 5)
    story.until(story.now + DAYS * 2)
    story.asks(alex, crime, WORDS)

    assert [each for each in harms(story) if each[1] == "noise"] == []


@pytest.mark.parametrize("is_told", [True, False])
def test_a_refusal_gives_away_an_end_that_nobody_has_told(*, is_told: bool) -> None:
    """Once the officer has spoken to the victim, the days for questions are over."""
    story, alex, crime = one_invited(phase=3)
    story.closed(crime, 5)
    if is_told:
        story.contacted(crime, alex)
    story.until(story.now + DAYS * 2)
    refused(story, alex, crime)

    told = [each for each in story.harms(end=story.now) if each[3] == "SENS-01"]
    assert told == ([] if is_told else [fail("disclosed", "SENS-01")])


@pytest.mark.parametrize("is_told", [True, False])
def test_an_untold_end_stays_untold_when_the_crime_is_reclassified(*, is_told: bool) -> None:
    """The order has a person tell the end of the first offence; once told, the end counts."""
    story, alex, crime = one_invited(phase=3, offence_subgroup=TOLD_IN_PERSON)
    story.closed(crime)
    if is_told:
        story.contacted(crime, alex)
    story.wait(days=1)
    story.reclassified(crime, "Public order offences")
    story.until(story.now + DAYS * 2)
    story.asks(alex, crime, WORDS)

    noise = [each for each in harms(story) if each[1] == "noise"]
    assert noise == ([fail("noise", "TWO-07")] if is_told else [])


@pytest.mark.parametrize(
    ("said", "expected"),
    [(CALL, []), (WEBSITE, []), ("No more messages", [fail("lost", "TWO-07")])],
)
def test_the_refusal_says_how_to_reach_the_force(said: str, expected: list[Harmed]) -> None:
    """The number or the website of the force that has the crime."""
    story, alex, crime = closed(DAYS * 2)
    refused(story, alex, crime, said=said)

    assert harms(story) == expected


REVIEW = timedelta(days=ORDER.two_way.review_days)


def decided(
    after: timedelta, *, by: str = "police", interviewed: bool | None = True, outcome: int = 15
) -> tuple[Story, Person, Happened]:
    """Tell of a case that somebody decided to close, some time ago."""
    story, alex, crime = one_invited(phase=3)
    event = CrimeClosed(
        crime_reference=crime.crime_reference,
        outcome=outcome,  # type: ignore[arg-type]
        closed_at=story.now,
        decided_by=by,  # type: ignore[arg-type]
        interviewed_under_caution=interviewed,
    )
    story.tell(alex, story.happens(event))
    story.until(story.now + after)
    return story, alex, crime


def test_a_question_is_taken_while_the_victim_may_ask_for_a_review() -> None:
    """The police decided about a suspect whom they had interviewed: three months."""
    for after, expected in (
        (DAYS + timedelta(days=3), [fail("lost", "TWO-07")]),
        (REVIEW - timedelta(days=2), [fail("lost", "TWO-07")]),
        (REVIEW + timedelta(days=2), []),
    ):
        story, alex, crime = decided(after)
        refused(story, alex, crime)

        assert harms(story) == expected


def test_a_question_is_not_taken_when_the_time_for_a_review_is_over() -> None:
    """Nobody can answer it any more."""
    story, alex, crime = decided(REVIEW + timedelta(days=2))
    story.asks(alex, crime, WORDS)

    assert harms(story) == [fail("noise", "TWO-07")]


@pytest.mark.parametrize(
    ("by", "interviewed", "outcome"),
    [("CPS", True, 15), ("unknown", True, 15), ("police", None, 15), ("police", True, 11)],
)
def test_where_a_review_is_uncertain_either_time_is_right(
    by: str,
    interviewed: bool | None,  # noqa: FBT001 - as the contract has it
    outcome: int,
) -> None:
    """The CPS has its own scheme, that of the police is silent on 11, a blank proves nothing."""
    for is_taken in (True, False):
        story, alex, crime = decided(
            DAYS + timedelta(days=3), by=by, interviewed=interviewed, outcome=outcome
        )
        if is_taken:
            story.asks(alex, crime, WORDS)
        else:
            refused(story, alex, crime)

        assert harms(story) == []
