"""A rehearsal's calls by force, by uptake, and beside the published figures: rows of words.

The same in the terminal and on the page, as the tables by period are.
"""

from collections.abc import Callable, Sequence
from functools import partial

from simulator.report.amounts import NOTHING, count, force_name, share
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_tables import benefit_table
from simulator.report.published_tables import published_sentences, published_tables
from simulator.results.values import (
    LineLevel,
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
    if result.lines:
        lines = [*result.lines, *result.second_desk]
        tables.append(_by_force([each for each in lines if each.period == period], period))
    tables += published_tables(result.published)
    return tables


def call_sentences(result: RehearsalResult) -> list[str]:
    """Say what the tables come to, beside what was published."""
    found = []
    if result.uptake is not None:
        found.append(_uptake_sentence(result.uptake))
    return found + published_sentences(result.published, result.elsewhere)


def _uptake_sentence(uptake: Uptake) -> str:
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
    return f"In this run {uptake.rehearsed:.0%} would (assumed){did}. {published}."


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
