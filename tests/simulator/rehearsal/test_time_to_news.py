"""How soon the Code's news is told: by the victim's rights, and without the force's own delay."""

from datetime import UTC, datetime, timedelta

from simulator.inputs.order import read_order
from simulator.judge.facts.code_news import CodeNews
from simulator.rehearsal.time_to_news import time_to_news
from tests.simulator.real_files import ORDER

FRIDAY = datetime(2026, 6, 12, 10, tzinfo=UTC)
ORDERED = read_order(ORDER)


def news(told_hours: float | None, *, days: int = 5, recorded_hours: float = 2) -> CodeNews:
    """Make what happened on a Friday morning, and was told so many hours later."""
    received_at = FRIDAY + timedelta(hours=recorded_hours)
    return CodeNews(
        person_id="p",
        crime_reference="c",
        event_id="e",
        recorded_at=received_at,
        told_by=ORDERED.working_days.deadline(FRIDAY, days),
        told_at=None if told_hours is None else FRIDAY + timedelta(hours=told_hours),
        held_up_by=None,
        happened_at=FRIDAY,
        received_at=received_at,
    )


def test_the_shares_grow_by_the_hour_and_by_the_working_day() -> None:
    """A weekend is no working day: Monday evening is within one; the untold count as not told."""
    found = time_to_news(ORDERED, [news(each) for each in (0.5, 3, 20, 80, None)])
    assert found is not None

    assert [(each.within, each.working_days, each.standard) for each in found.told] == [
        ("1 hour", 0, 0.2),
        ("4 hours", 0, 0.4),
        ("24 hours", 0, 0.6),
        ("1 working day", 1, 0.8),
        ("3 working days", 3, 0.8),
        ("5 working days", 5, 0.8),
    ]
    assert (found.standard_news, found.enhanced_news) == (5, 0)
    assert {each.enhanced for each in found.told} == {None}


def test_the_portals_time_runs_from_when_it_had_the_news() -> None:
    """What took the force two hours to record and the portal half an hour is within the hour."""
    found = time_to_news(ORDERED, [news(2.5)])
    assert found is not None

    assert (found.told[0].standard, found.told[0].of_portal) == (0, 1)


def test_enhanced_rights_stand_apart() -> None:
    """They have one working day."""
    found = time_to_news(ORDERED, [news(90, days=1), news(200)])
    assert found is not None

    assert (found.standard_news, found.enhanced_news) == (1, 1)
    assert (found.standard_days, found.enhanced_days) == (5, 1)
    one_day = found.told[3]
    assert (one_day.within, one_day.enhanced, one_day.standard) == ("1 working day", 0, 0)


def test_without_news_there_is_no_curve() -> None:
    """Nothing was named by the Code."""
    assert time_to_news(ORDERED, []) is None
