"""How soon the news that the Victims' Code names was told, beside the days that the Code gives."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

from simulator.inputs.order import Order
from simulator.judge.facts.code_news import CodeNews
from simulator.results.portal_life import TimeToNews, ToldWithin

Deadline: TypeAlias = Callable[[datetime], datetime]

_SOON = {"1 hour": 1, "4 hours": 4, "24 hours": 24}
_BETWEEN_DAYS = 3


def time_to_news(order: Order, news: Sequence[CodeNews]) -> TimeToNews | None:
    """Give the share told within each time; None where there was no such news."""
    if not news:
        return None
    version = order.deadlines.in_force_at(news[-1].happened_at)
    standard_days, enhanced_days = order.deadlines.periods_of(version)
    enhanced = [each for each in news if _is_enhanced(order, each)]
    standard = [each for each in news if not _is_enhanced(order, each)]
    return TimeToNews(
        standard_news=len(standard),
        enhanced_news=len(enhanced),
        standard_days=standard_days,
        enhanced_days=enhanced_days,
        told=[
            ToldWithin(
                within=name,
                working_days=days,
                standard=_share(standard, lambda each: each.happened_at, within),
                enhanced=_share(enhanced, lambda each: each.happened_at, within),
                of_portal=_share(news, lambda each: each.received_at, within),
            )
            for name, days, within in _times(order, {enhanced_days, _BETWEEN_DAYS, standard_days})
        ],
    )


def _times(order: Order, days: set[int]) -> list[tuple[str, int, Deadline]]:
    hours: list[tuple[str, int, Deadline]] = [
        (name, 0, lambda at, number=number: at + timedelta(hours=number))  # type: ignore[misc]
        for name, number in _SOON.items()
    ]
    working: list[tuple[str, int, Deadline]] = [
        (
            f"{number} working day{'s' if number > 1 else ''}",
            number,
            lambda at, number=number: order.working_days.deadline(at, number),  # type: ignore[misc]
        )
        for number in sorted(days)
    ]
    return [*hours, *working]


def _is_enhanced(order: Order, news: CodeNews) -> bool:
    """Say whether the days of enhanced rights ran for some news."""
    days = order.deadlines.working_days_at(news.happened_at, is_enhanced=False)
    return news.told_by < order.working_days.deadline(news.happened_at, days)


def _share(
    news: Sequence[CodeNews], since: Callable[[CodeNews], datetime], within: Deadline
) -> float | None:
    if not news:
        return None
    told = sum(each.told_at is not None and each.told_at <= within(since(each)) for each in news)
    return round(told / len(news), 5)
