"""A rehearsal's calls by force, by uptake, and beside the published figures: rows of words.

The same in the terminal and on the page, as the tables by period are.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from simulator.report.amounts import NOTHING, count, force_name, share
from simulator.report.number_swings import number_swing_tables
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_tables import benefit_table
from simulator.report.published_tables import published_sentences, published_tables
from simulator.report.uptake_benefit import uptake_benefit_tables
from simulator.results.satisfaction import Satisfaction, named_shares
from simulator.results.values import (
    LineLevel,
    Period,
    RehearsalResult,
    Uptake,
    UptakeShare,
)


def call_tables(result: RehearsalResult) -> list[PeriodTable]:
    """Make the tables that the run has numbers for."""
    tables = []
    period = result.lines[-1].period if result.lines else "The last period"
    if result.benefit:
        tables.append(benefit_table(f"{period}: what it saves and costs", result.benefit))
    if result.uptake is not None:
        tables.append(_by_uptake(result.uptake, period))
        tables += uptake_benefit_tables(result.uptake, period)
    tables += number_swing_tables(result.swings, period)
    if result.lines:
        lines = [*result.lines, *result.second_desk]
        tables.append(_by_force([each for each in lines if each.period == period], period))
    tables += published_tables(result.published)
    if result.satisfaction is not None:
        tables.append(_of_satisfaction(result.satisfaction, period))
    if result.complaint_minutes is not None:
        tables.append(_of_complaints(result, result.complaint_minutes))
    return tables


def _of_satisfaction(found: Satisfaction, period: str) -> PeriodTable:
    return PeriodTable(
        caption=f"{period}: how satisfied victims may be (assumed, not asked)",
        columns=("Share",),
        rows=(
            Row(label="Victims counted", cells=(count(found.victims),)),
            *(
                Row(label=name, cells=(NOTHING if value is None else share(value),))
                for name, value in named_shares(found)
            ),
        ),
    )


def _of_complaints(result: RehearsalResult, minutes_each: float) -> PeriodTable:
    """Count complaints by reason in each live period in which a week begins."""
    periods = [each for each in result.periods if each.phase and not each.is_test]
    found = [_complaints_in(result, each) for each in periods]
    reasons = sorted({reason for each in found for reason in each})
    return PeriodTable(
        caption="Complaints about the messages, at full volume (assumed)",
        columns=tuple(each.name for each in periods),
        rows=(
            Row(label="Complaints", cells=tuple(count(each.total()) for each in found)),
            *(
                Row(label=f"- {reason}", cells=tuple(count(each[reason]) for each in found))
                for reason in reasons
            ),
            Row(
                label="Hours that they take",
                cells=tuple(count(round(each.total() * minutes_each / 60)) for each in found),
            ),
        ),
        note=(
            f"One followed victim stands for {1 / result.fraction:,.0f}. Complaints that there "
            "would be without a portal are not simulated, so the net benefit leaves these out."
        ),
    )


def _complaints_in(result: RehearsalResult, period: Period) -> Counter[str]:
    total: Counter[str] = Counter()
    for week in result.weeks:
        if period.starts <= week.starts < period.ends:
            total.update(week.complaints)
    return total


def call_sentences(result: RehearsalResult) -> list[str]:
    """Say what the tables come to: where the portal breaks even, and beside what was published."""
    found = []
    if result.uptake is not None:
        found.append(_uptake_sentence(result.uptake))
    return found + published_sentences(result.published, result.elsewhere)


def _uptake_sentence(uptake: Uptake) -> str:
    if uptake.break_even is None:
        even = "The portal makes more calls than it saves, however many register."
    else:
        even = (
            f"The portal saves calls if {uptake.break_even:.0%} or more of those invited would "
            f"register{_span_of_even(uptake)}; with fewer its messages make more calls than it "
            "saves."
        )
    most = max(uptake.shares, key=lambda each: each.registers)
    published = (
        f"The one published figure is {uptake.published_registered:,} registered in all "
        "(Salesforce customer story)"
    )
    if most.registered:
        share = uptake.published_registered / most.registered * most.registers
        published += f", as many as if {share:.0%} of those invited here would register"
    did = (
        f"; by its end {uptake.registered_of_invited:.0%} of those whom an invitation reached had, "
        "counted once for each crime"
        if uptake.registered_of_invited is not None
        else ""
    )
    return f"{even} In this run {uptake.rehearsed:.0%} would (assumed){did}. {published}."


def _span_of_even(uptake: Uptake) -> str:
    if uptake.break_even_span is None:
        return ""
    low, high = uptake.break_even_span
    return f" (95% interval {low:.0%} to {high:.0%}, by who was followed)"


def _by_uptake(uptake: Uptake, period: str) -> PeriodTable:
    rows: list[tuple[str, Callable[[UptakeShare], str]]] = [
        ("People registered in all, about", lambda each: count(each.registered)),
        ("Update calls saved", lambda each: count(each.calls_saved)),
        ("Calls that messages make", lambda each: count(each.calls_made)),
        ("Fewer, redials apart", lambda each: share(each.net_share_of_101)),
    ]
    return PeriodTable(
        caption=f"{period}, if another share of those invited would register",
        columns=tuple(f"{each.registers:.0%}" for each in uptake.shares),
        rows=tuple(
            Row(label=label, cells=tuple(cell(each) for each in uptake.shares))
            for label, cell in rows
        ),
    )


def _by_force(lines: Sequence[LineLevel], period: str) -> PeriodTable:
    rows: list[tuple[str, Callable[[LineLevel], str]]] = [
        ("Calls without portal", lambda each: count(each.offered_without)),
        ("Calls with portal", lambda each: count(each.offered_with)),
        ("- who rang again, without", lambda each: count(each.redials_without)),
        ("- who rang again, with", lambda each: count(each.redials_with)),
        ("Abandoned without", lambda each: _share(each.abandoned_without)),
        ("Abandoned with", lambda each: _share(each.abandoned_with)),
        ("- from", lambda each: _end(each.abandoned_with_span, 0)),
        ("- to", lambda each: _end(each.abandoned_with_span, 1)),
        ("Mean wait without", lambda each: _seconds(each.wait_seconds_without)),
        ("Mean wait with", lambda each: _seconds(each.wait_seconds_with)),
        ("Answered in 10 s without", lambda each: _share(each.in_target_without)),
        ("Answered in 10 s with", lambda each: _share(each.in_target_with)),
    ]
    if all(each.abandoned_after_with for each in lines):
        rows += [
            ("- of the calls offered, with", lambda each: _share(each.in_target_of_offered_with)),
            *(
                (f"Abandoned after {seconds} s, with", partial(_abandoned_after, seconds))
                for seconds in lines[0].abandoned_after_with
            ),
        ]
    if any(each.left_for_call_back_without or each.left_for_call_back_with for each in lines):
        rows += _OF_CALL_BACKS
    return PeriodTable(
        caption=f"{period}, by force and line",
        columns=tuple(f"{force_name(each.force)} {each.line}" for each in lines),
        rows=tuple(
            Row(label=label, cells=tuple(cell(each) for each in lines)) for label, cell in rows
        ),
    )


_OF_CALL_BACKS: list[tuple[str, Callable[[LineLevel], str]]] = [
    ("Left for a call back, without", lambda each: count(each.left_for_call_back_without)),
    ("Left for a call back, with", lambda each: count(each.left_for_call_back_with)),
    ("Called back without", lambda each: count(each.called_back_without)),
    ("Called back with", lambda each: count(each.called_back_with)),
    ("Waited for a call back, without", lambda each: _seconds(each.call_back_seconds_without)),
    ("Waited for a call back, with", lambda each: _seconds(each.call_back_seconds_with)),
]


def _abandoned_after(seconds: int, line: LineLevel) -> str:
    return _share(line.abandoned_after_with.get(seconds))


def _end(span: tuple[float, float] | None, end: int) -> str:
    return NOTHING if span is None else share(span[end])


def _share(part: float | None) -> str:
    return NOTHING if part is None else share(part)


def _seconds(number: float | None) -> str:
    return NOTHING if number is None else f"{number:.1f} s"
