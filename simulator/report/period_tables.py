"""A rehearsal period by period, as rows of words: the same in the terminal and on the page.

One column a period. Three tables: messages and questions, what went wrong, and the calls.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from simulator.report.amounts import count, hours, one_in, share, share_of, short_day
from simulator.results.values import Period, RehearsalResult

Cell: TypeAlias = Callable[[Period], str]

NOT_COUNTED = "–"
HOW_TO_READ = (
    "Crimes, eligible crimes and calls count the whole population. The rows from “People invited” "
    "to the misdirected messages count only the crimes that were followed through the portal. In a "
    "live period that is the share shown, of the crimes with a person as victim. In a test period "
    "it is the crimes that synthetic testers put in each week. Test periods lie within live ones, "
    "so the columns do not add up; calls are in the live columns only."
)

_MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "invitation": "Invitations sent",
        "update": "Updates sent",
        "reply": "Reply notices sent",
        "journey": "Journey messages sent",
        "one_time_code": "Sign-in codes sent",
        "unknown": "Messages that were not due",
    }
)


class Row(Struct, frozen=True, kw_only=True):
    """One count, with its value in each period."""

    label: str
    cells: tuple[str, ...]


class PeriodTable(Struct, frozen=True, kw_only=True):
    """One table; `columns` are the periods' names, and `note` says how to read it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""


def period_tables(result: RehearsalResult) -> list[PeriodTable]:
    """Make the three tables, with a row for each kind of message and each reason that occurs."""
    return [
        _table("Messages and questions", _messages_and_questions(result), result.periods),
        _table("What went wrong", _what_went_wrong(result), result.periods),
        _table("Calls, at full volume", _live_only(_CALLS), result.periods),
    ]


def go_lives(periods: list[Period]) -> list[tuple[date, str]]:
    """Find the first day on which each phase is live, with a label."""
    first: dict[int, date] = {}
    for each in periods:
        if each.phase and not each.is_test:
            first.setdefault(each.phase, each.starts)
    return [(first[phase], f"Phase {phase} live") for phase in sorted(first)]


def _table(caption: str, rows: Sequence[tuple[str, Cell]], periods: list[Period]) -> PeriodTable:
    return PeriodTable(
        caption=caption,
        columns=tuple(each.name for each in periods),
        rows=tuple(
            Row(label=label, cells=tuple(cell(each) for each in periods)) for label, cell in rows
        ),
    )


def _messages_and_questions(result: RehearsalResult) -> list[tuple[str, Cell]]:
    kinds = [*_MESSAGES, *sorted({kind for each in result.periods for kind in each.messages})]
    present = [
        kind
        for kind in dict.fromkeys(kinds)
        if any(each.messages.get(kind) for each in result.periods)
    ]
    return [
        ("Portal", _portal),
        ("From", lambda each: short_day(each.starts)),
        ("Until", lambda each: short_day(each.ends - timedelta(days=1))),
        ("Crimes recorded", lambda each: count(each.crimes)),
        ("- with a person as victim", lambda each: count(each.with_victim)),
        ("Eligible", lambda each: count(each.eligible)),
        (f"Followed ({one_in(result.fraction)})", lambda each: count(each.followed)),
        ("People invited", lambda each: count(each.invited)),
        ("People registered", lambda each: count(each.registered)),
        *((_MESSAGES.get(kind, f"Sent: {kind}"), _of_messages(kind)) for kind in present),
        ("Messages delivered", lambda each: count(each.delivered)),
        ("Questions asked", lambda each: count(each.questions_asked)),
        ("Questions answered", lambda each: count(each.questions_answered)),
        ("Half answered within", lambda each: hours(each.answer_hours_median)),
        ("9 in 10 answered within", lambda each: hours(each.answer_hours_p90)),
    ]


def _what_went_wrong(result: RehearsalResult) -> list[tuple[str, Cell]]:
    periods = result.periods
    totals: dict[str, int] = {}
    for each in periods:
        for reason, number in each.not_reached.items():
            totals[reason] = totals.get(reason, 0) + number
    reasons = sorted(totals, key=lambda reason: (-totals[reason], reason))
    return [
        ("Messages not delivered", lambda each: count(each.undeliverable)),
        ("People not reached", lambda each: count(sum(each.not_reached.values()))),
        *((f"- {reason}", _of_not_reached(reason)) for reason in reasons),
        ("Misdirected, avoidable", lambda each: count(each.misdirected_avoidable)),
        ("Misdirected, unavoidable", lambda each: count(each.misdirected_unavoidable)),
        ("Victims with news misdirected", lambda each: count(each.misdirected_people)),
        ("- scaled to all crimes, about", _at_full_volume(result.fraction)),
    ]


_CALLS: tuple[tuple[str, Cell], ...] = (
    ("Update calls without portal", lambda each: count(each.update_calls_without)),
    ("Update calls with portal", lambda each: count(each.update_calls_with)),
    ("Update calls avoided", lambda each: count(_avoided(each))),
    ("- share of update calls", lambda each: share_of(_avoided(each), each.update_calls_without)),
    ("101 calls without portal", lambda each: count(each.calls_101_without)),
    ("101 calls with portal", lambda each: count(each.calls_101_with)),
    ("101 abandoned without", lambda each: share(each.abandoned_101_without)),
    ("101 abandoned with", lambda each: share(each.abandoned_101_with)),
    ("999 abandoned without", lambda each: share(each.abandoned_999_without)),
    ("999 abandoned with", lambda each: share(each.abandoned_999_with)),
)


def _portal(period: Period) -> str:
    if not period.phase:
        return "not yet"
    return "testers" if period.is_test else "live"


def _at_full_volume(fraction: float) -> Cell:
    """Estimate from the share that was followed; the testers' crimes are not a share."""
    return lambda each: (
        NOT_COUNTED if each.is_test else count(10 * round(each.misdirected_people / fraction / 10))
    )


def _live_only(rows: Sequence[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    """Leave the test periods empty: their weeks are part of the live periods."""

    def only(cell: Cell) -> Cell:
        return lambda each: NOT_COUNTED if each.is_test else cell(each)

    return [(label, only(cell)) for label, cell in rows]


def _of_messages(kind: str) -> Cell:
    return lambda each: count(each.messages.get(kind, 0))


def _of_not_reached(reason: str) -> Cell:
    return lambda each: count(each.not_reached.get(reason, 0))


def _avoided(period: Period) -> int:
    return period.update_calls_without - period.update_calls_with
