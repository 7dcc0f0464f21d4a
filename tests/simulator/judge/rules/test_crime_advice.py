"""Phase 2: advice comes where the order has some, while the case is open."""

import pytest

from tests.simulator.judge.story import NO_ADVICE, either_way, tell_by_itself, waiting_for_advice


@either_way
def test_advice_that_never_comes_is_lost(*, correlates: bool) -> None:
    """Two days are ordered: the day after is too late."""
    story, *_rest = waiting_for_advice(correlates=correlates, days=3)

    assert story.harms(end=story.now) == [NO_ADVICE]

    story, *_rest = waiting_for_advice(correlates=correlates, days=2)

    assert story.harms(end=story.now) == []


@either_way
def test_advice_that_comes_is_none_the_less(*, correlates: bool) -> None:
    """On its day, or delayed for a week."""
    for days in (2, 9):
        story, alex, crime = waiting_for_advice(correlates=correlates, days=days)
        tell_by_itself(story, alex, crime)
        story.wait(days=10)

        assert story.harms(end=story.now) == []


@pytest.mark.parametrize("subgroup", ["Criminal damage", "Theft from the person"])
def test_where_the_order_has_no_advice_none_is_owed(subgroup: str) -> None:
    """It has advice for some offences only."""
    story, *_rest = waiting_for_advice(subgroup=subgroup)

    assert story.harms(end=story.now) == []


def test_before_phase_2_none_is_owed() -> None:
    """Nor is advice that was due before phase 2 went live."""
    story, *_rest = waiting_for_advice(phase=1)

    assert story.harms(end=story.now) == []


def test_a_case_that_ended_in_between_owes_none() -> None:
    """Its end is news enough."""
    story, alex, crime = waiting_for_advice(days=2)
    closed = story.closed(crime)
    story.wait(hours=1)
    story.tell(alex, closed)
    story.wait(days=10)

    assert story.harms(end=story.now) == []


def test_a_person_who_could_not_be_reached_all_the_time_is_in_doubt() -> None:
    """After corrected details or an ended channel it is unclear when they should get it."""
    story, alex, crime = waiting_for_advice(days=2)
    story.details_changed(crime, alex.written(mobile_phone=alex.known.mobile_phone))
    story.wait(days=10)

    assert story.harms(end=story.now) == []
