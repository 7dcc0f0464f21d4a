"""What was published beside what the model says: two quarters of calls to 101, and 999 by year.

Rows of words and sentences, the same in the terminal and on the page. The ceiling comes first. A
prediction that is wrong is said to be so.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from simulator.report.amounts import NOTHING, count, force_name, share
from simulator.report.period_tables import PeriodTable, Row
from simulator.results.values import (
    Estimate,
    ModelledUpdateCalls,
    PublishedFall,
    PublishedYears,
    UpdateCallsElsewhere,
)

_ONE_HISTORY = (
    "These intervals are for who happened to be followed. The years themselves are one history, "
    "and how many register is in no interval."
)
_POINTS = (
    "Percentage points of the calls of the quarter a year before: above 0 they fell. From and to "
    "are a 95% interval: of the modelled fall for chance too, from 300 quarters drawn again; else "
    "for who happened to be followed. What is unexplained may be as far off as the modelled fall. "
    "6,000 registered is the one published uptake, taken to be by March 2024."
)
_YEARS = ("2022-23", "2023-24")
_Line: TypeAlias = tuple[str, Callable[[PublishedFall], str]]


def published_tables(years: Sequence[PublishedYears]) -> list[PeriodTable]:
    """Make a table for each reading of the third quarter, and one of 999 calls by year."""
    if not years:
        return []
    quarters = range(len(years[0].falls))
    return [*(_of_quarter(years, place) for place in quarters), _of_999(years)]


def published_sentences(
    years: Sequence[PublishedYears], elsewhere: Sequence[UpdateCallsElsewhere] = ()
) -> list[str]:
    """Say the ceiling first, then what the portal explains at each uptake, then what fails."""
    found = []
    if years and all(fall.ceiling is not None for each in years for fall in each.falls):
        found.append(_ceiling(years))
    found += [_explained(each) for each in years]
    if years:
        found.append(_ONE_HISTORY)
    found += [_of_999_said(each) for each in years if each.abandoned_999_with_spans]
    return found + [_elsewhere(each) for each in elsewhere]


def sign_in_2023(years: Sequence[PublishedYears]) -> str:
    """Say in words whether the portal took calls away in the published quarters; "" if unknown."""
    falls = [fall for each in years for fall in each.falls]
    few = [fall.few for fall in falls if fall.few is not None]
    if not few or len(few) < len(falls):
        return ""
    rehearsed = [
        Estimate(mean=fall.by_portal, low=fall.by_portal_low, high=fall.by_portal_high)
        for fall in falls
        if fall.by_portal_low is not None and fall.by_portal_high is not None
    ]
    return (
        f"In the published quarters of 2023 it {_does(rehearsed)} at the first uptake, and "
        f"{_does(few)} at the second"
    )


def _does(parts: Sequence[Estimate]) -> str:
    """Say what the portal does in all of these; what is not sure in one is not sure."""
    low, high = (f"{100 * each:.2f}" for each in _ends([abs(each.mean) for each in parts]))
    span = low if low == high else f"{low} to {high}"
    if all(each.low > 0 for each in parts):
        return f"takes {span} percentage points off"
    if all(each.high < 0 for each in parts):
        return f"adds {span} percentage points"
    return "may take calls off or add some"


def _ends(numbers: Sequence[float]) -> tuple[float, float]:
    return min(numbers), max(numbers)


def _ceiling(years: Sequence[PublishedYears]) -> str:
    forces = "; ".join(
        f"{force_name(each.force)} "
        + " and ".join(f"{fall.ceiling or 0:.1%} in {fall.quarter}" for fall in each.falls)
        + f", where {each.falls[0].published:.0%} was published"
        for each in years
    )
    return (
        "The ceiling first: if no victim invited since phase 1 went live had ever rung for news, "
        f"calls to 101 would have fallen by: {forces}. The rest had other causes, whatever the "
        "portal did."
    )


def _explained(years: PublishedYears) -> str:
    """Say how much of one force's published fall is the portal's, at each uptake."""
    readings = " and ".join(
        f"{100 * fall.by_portal:.2f} percentage points{_interval(fall)}, {_of_fall(fall)} of the "
        f"fall, if the quarter is {fall.quarter}"
        for fall in years.falls
    )
    uptake = (
        "" if years.registers is None else f"if {years.registers:.0%} would register (assumed), "
    )
    return (
        f"{force_name(years.force)}: the force published {years.falls[0].published:.0%} fewer "
        f"calls to 101; {uptake}the portal explains {readings}.{_with_few(years)}"
    )


def _with_few(years: PublishedYears) -> str:
    parts = [(fall.quarter, fall.few) for fall in years.falls if fall.few is not None]
    if years.registers_few is None or not parts:
        return ""
    said = " and ".join(f"{_part(few)} if it is {quarter}" for quarter, few in parts)
    none = ": it explains none of the fall" if all(few.high < 0 for _, few in parts) else ""
    return (
        " With the published 6,000 registered by March 2024, as many as if "
        f"{years.registers_few:.0%} of those invited until then would, it {said}{none}."
    )


def _part(part: Estimate) -> str:
    """Say what the portal does to the calls of a quarter, and whether that is sure."""
    low, high = 100 * part.low, 100 * part.high
    if part.low > 0:
        return f"explains {100 * part.mean:.2f} points ({low:.2f} to {high:.2f})"
    if part.high < 0:
        return f"adds {-100 * part.mean:.2f} points ({-high:.2f} to {-low:.2f})"
    return f"may explain some or add some ({low:.2f} to {high:.2f} points)"


def _of_999_said(years: PublishedYears) -> str:
    """Say whether the second year's 999 calls abandoned were predicted from the first year's."""
    before, after = years.abandoned_999_published
    modelled, without = years.abandoned_999_with[1], years.abandoned_999_without[1]
    low, high = years.abandoned_999_with_spans[1]
    said = (
        f"{force_name(years.force)}: the published share of 999 calls abandoned went from "
        f"{share(before)} in {_YEARS[0]} to {share(after)} in {_YEARS[1]}. The model, fitted to "
        f"the first, has {share(years.abandoned_999_with[0])} and then {share(modelled)} (95% "
        f"interval {share(low)} to {share(high)})"
    )
    if low <= after <= high:
        return f"{said}: it predicts the second."
    times = f", {modelled / after:.1f} times what was published" if after else ""
    return (
        f"{said}: its prediction is wrong{times}. Of the {100 * (before - after):.2f} points "
        f"between the years, the portal explains {100 * (without - modelled):.2f}. What brought "
        "the rest about, such as more call handlers, is not in the model."
    )


def _elsewhere(found: UpdateCallsElsewhere) -> str:
    by_year = ", ".join(
        f"{count(each.calls)}{_span_of_calls(each)} in {each.year}" for each in found.modelled
    )
    low, high = _ends([each.calls / found.published - 1 for each in found.modelled])
    return (
        f"{force_name(found.force)}, to which nothing is fitted, published "
        f"{count(found.published)} update calls in a year that it does not name. At the model's "
        f"{found.calls_a_crime:g} for each recorded crime there would be {by_year}: {_more(low)} "
        f"to {_more(high)}.{_of_chance(found)} That checks the rate without a portal, and nothing "
        "that a portal does. "
        "Both sources speak of one call in five, so they may not be independent."
    )


def _span_of_calls(each: ModelledUpdateCalls) -> str:
    if each.calls_low is None or each.calls_high is None:
        return ""
    return f" ({count(each.calls_low)} to {count(each.calls_high)})"


def _of_chance(found: UpdateCallsElsewhere) -> str:
    if any(each.calls_low is None for each in found.modelled):
        return ""
    return " The intervals are of chance alone, at that rate: the rate is in no interval."


def _more(part: float) -> str:
    return f"{abs(part):.0%} {'more' if part >= 0 else 'fewer'}"


def _interval(fall: PublishedFall) -> str:
    if fall.by_portal_low is None or fall.by_portal_high is None:
        return ""
    return f" (95% interval {100 * fall.by_portal_low:.2f} to {100 * fall.by_portal_high:.2f})"


def _of_quarter(years: Sequence[PublishedYears], place: int) -> PeriodTable:
    """Take one quarter's fall apart: the ceiling, each part, and what is left unexplained."""
    falls = [each.falls[place] for each in years]
    register = years[0].registers
    portal = "- the portal" if register is None else f"- the portal, {register:.0%} register"
    rows: list[_Line] = [
        ("Ceiling: no invited victim rings", lambda each: _points(each.ceiling)),
        ("Published fall", lambda each: _points(each.published)),
        ("Modelled fall", lambda each: _points(each.with_portal)),
        *_rows_of_span(falls),
        *_rows_of_volume(falls),
        ("- redial: who rings again", lambda each: _points(each.by_redial)),
        (portal, lambda each: _points(each.by_portal)),
        ("- the portal, from", lambda each: _points(each.by_portal_low)),
        ("- the portal, to", lambda each: _points(each.by_portal_high)),
        ("- the portal, share of the fall", _of_fall),
        ("Unexplained", lambda each: _points(each.published - each.with_portal)),
    ]
    return PeriodTable(
        caption=f"Beside the published fall in calls to 101, if the quarter is {falls[0].quarter}",
        columns=tuple(force_name(each.force) for each in years),
        rows=(
            *(Row(label=label, cells=tuple(map(cell, falls))) for label, cell in rows),
            *_few_rows(falls),
        ),
        note=_POINTS,
    )


def _rows_of_span(falls: Sequence[PublishedFall]) -> list[_Line]:
    """Give the interval of the modelled fall; none in old results."""
    if any(each.with_portal_low is None for each in falls):
        return []
    return [
        ("- modelled, from", lambda each: _points(each.with_portal_low)),
        ("- modelled, to", lambda each: _points(each.with_portal_high)),
    ]


def _rows_of_volume(falls: Sequence[PublishedFall]) -> list[_Line]:
    """Give the first calls without a portal: season by itself, but in old results."""
    if any(each.by_season is None for each in falls):
        return [("- volume, season and chance", lambda each: _points(each.by_volume))]
    return [
        ("- season: the quarter's days", lambda each: _points(each.by_season)),
        (
            "- volume and chance",
            lambda each: _points((each.by_volume or 0.0) - (each.by_season or 0.0)),
        ),
    ]


def _few_rows(falls: Sequence[PublishedFall]) -> list[Row]:
    """Take the fall apart as if no more had registered than was published; none in old results."""
    parts = [(fall, fall.few) for fall in falls if fall.few is not None]
    if len(parts) < len(falls):
        return []
    return [
        Row(
            label="The portal, 6,000 registered",
            cells=tuple(_points(few.mean) for _fall, few in parts),
        ),
        Row(
            label="- 6,000 registered, from", cells=tuple(_points(few.low) for _fall, few in parts)
        ),
        Row(label="- 6,000 registered, to", cells=tuple(_points(few.high) for _fall, few in parts)),
        Row(
            label="Unexplained, 6,000 registered",
            cells=tuple(
                _points(fall.published - fall.without_portal - few.mean) for fall, few in parts
            ),
        ),
    ]


def _of_999(years: Sequence[PublishedYears]) -> PeriodTable:
    rows = []
    for place, year in enumerate(_YEARS):
        published, modelled = (
            tuple(share(getattr(each, name)[place]) for each in years)
            for name in ("abandoned_999_published", "abandoned_999_with")
        )
        fitted = "fitted to" if place == 0 else "predicted"
        rows += [
            Row(label=f"999 abandoned {year}, published", cells=published),
            Row(label=f"999 abandoned {year}, {fitted}", cells=modelled),
        ]
        if all(each.abandoned_999_with_spans for each in years):
            rows += [
                Row(
                    label=f"- {year}, {word}",
                    cells=tuple(share(each.abandoned_999_with_spans[place][end]) for each in years),
                )
                for end, word in enumerate(("from", "to"))
            ]
    return PeriodTable(
        caption="Beside the published shares of 999 calls abandoned, by year",
        columns=tuple(force_name(each.force) for each in years),
        rows=tuple(rows),
    )


def _points(part: float | None) -> str:
    return NOTHING if part is None else f"{100 * part:.2f}"


def _of_fall(fall: PublishedFall) -> str:
    return f"{fall.by_portal / fall.published:.1%}" if fall.published else NOTHING
