"""Make the result of a rehearsal as plain values: periods, weeks, harms, parameters, notes."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.calls import LINES
from simulator.contact_centre.service_level import ServiceLevel, add_up
from simulator.files.paths import ROOT
from simulator.files.units import Rate
from simulator.force.crime_journey import GradesOfOffences
from simulator.rehearsal.activity_gaps import activity_gaps
from simulator.rehearsal.benefit_of_weeks import benefit_of_quarter
from simulator.rehearsal.call_comparison import ForceCalls, abandoned_span
from simulator.rehearsal.code_meter import code_rows, not_measured
from simulator.rehearsal.conservation import conserved_in_rehearsal
from simulator.rehearsal.groups_reached import groups_reached
from simulator.rehearsal.headline import headline
from simulator.rehearsal.kept_evidence import OTHERS_MAX
from simulator.rehearsal.net_benefit import Costs
from simulator.rehearsal.plan import Plan
from simulator.rehearsal.population import Population
from simulator.rehearsal.portal_life import portal_life
from simulator.rehearsal.portal_requests import requests_a_second
from simulator.rehearsal.portal_use import PortalUse, quarter_use
from simulator.rehearsal.rollout import Span
from simulator.rehearsal.rows_of_the_code import read_rows_of_the_code
from simulator.rehearsal.tally import Tally, code_count, first_failures, harm_counts, tallies
from simulator.rehearsal.uptake import reckon_uptake
from simulator.results.portal_life import PortalLife
from simulator.results.values import (
    GoLiveDelay,
    LineLevel,
    Parameter,
    Period,
    PublishedYears,
    RehearsalResult,
    UpdateCallsElsewhere,
    Week,
)
from simulator.verdicts import Kind, worst

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class RehearsalParts:
    """What the stages produced: `judged` by portal; `calls` by force (without, with) and week."""

    plan: Plan
    fraction: float
    use: PortalUse
    calls: Mapping[str, tuple[ForceCalls, ForceCalls]]
    years: list[PublishedYears]
    weeks: Sequence[date]
    elsewhere: Sequence[UpdateCallsElsewhere] = ()
    costs: Costs | None = None
    delays: Sequence[GoLiveDelay] = ()
    #: What was asked of the live portal, by hour since the clock's start.
    requests: Mapping[int, int] = field(default_factory=dict)


def make_result(parts: RehearsalParts) -> RehearsalResult:
    """Make the whole result."""
    weeks = _weeks(parts)
    judgements = [judgement for _records, judgement in parts.plan.judged.values()]
    periods = _periods(parts)
    gaps = activity_gaps(
        list(parts.plan.judged.values()), phase=max(span.phase for span in parts.plan.periods)
    )
    kinds: list[Kind] = [judgement.kind for judgement in judgements]
    rows = read_rows_of_the_code(ROOT / "scenarios" / "victims-code.toml")
    return RehearsalResult(
        name=parts.plan.rollout.name,
        seed=parts.plan.streams.seed,
        fraction=parts.fraction,
        order=parts.plan.order.name,
        portal=parts.plan.target.claims.name,
        verdict=worst([*kinds, "INCONCLUSIVE"] if gaps else kinds),
        obligations=sum(len(judgement.obligations) for judgement in judgements),
        periods=periods,
        weeks=weeks,
        harms=harm_counts(judgements),
        failures=first_failures(judgements),
        untried=gaps,
        victims_code=code_count(judgements),
        code_rows=code_rows(rows, parts.plan.order, *parts.plan.judged["live"]),
        code_not_measured=not_measured(rows),
        groups=groups_reached(
            parts.plan.order, *parts.plan.judged["live"], parts.plan.population.access_needs
        ),
        lines=_lines(parts),
        second_desk=_second_desk(parts),
        published=parts.years,
        elsewhere=list(parts.elsewhere),
        benefit=(
            benefit_of_quarter(
                parts.plan, parts.costs, parts.fraction, weeks, saved_error=parts.use.net_error
            )
            if parts.costs
            else []
        ),
        uptake=reckon_uptake(quarter_use(parts.plan, parts.use, periods[-1])),
        life=_life(parts, periods[-1]),
        parameters=_parameters(parts),
        delays=list(parts.delays),
        conserved=conserved_in_rehearsal(parts.plan.judged, parts.calls, parts.plan.ledgers),
        notes=_notes(parts, periods),
    )


def _life(parts: RehearsalParts, last: Period) -> PortalLife:
    """Give what the plots show, and the headline of the last period."""
    plan, weeks = parts.plan, _weeks_of(parts, parts.plan.periods[-1])
    _records, live = plan.judged["live"]
    span = plan.periods[-1]
    return portal_life(
        plan,
        parts.calls,
        parts.weeks,
        parts.fraction,
        requests_a_second(
            parts.requests,
            plan.population.crimes.start,
            live=plan.order.go_live.phase_1,
            last=(span.starts, span.ends),
            fraction=parts.fraction,
        ),
        headline(
            last,
            parts.calls,
            weeks,
            live,
            parts.costs,
            parts.fraction,
            saved_errors=parts.use.net_error_by_force,
        ),
    )


def _periods(parts: RehearsalParts) -> list[Period]:
    live_spans = [span for span in parts.plan.periods if not span.is_test]
    records, judgement = parts.plan.judged["live"]
    live = dict(
        zip((s.name for s in live_spans), tallies(live_spans, records, judgement), strict=True)
    )
    rows = []
    for span in parts.plan.periods:
        if span.is_test:
            [tally] = tallies([span], *parts.plan.judged[span.name])
            followed = len(parts.plan.tested[span.name].rows)
        else:
            tally = live[span.name]
            followed = _followed(parts, span)
        rows.append(_period(parts, span, tally, followed))
    return rows


def _period(parts: RehearsalParts, span: Span, tally: Tally, followed: int) -> Period:
    here = _recorded_in(parts, span)
    without, with_portal = (_calls_in(parts, span, which) for which in (0, 1))
    return Period(
        name=span.name,
        starts=span.starts,
        ends=span.ends,
        phase=span.phase,
        is_test=span.is_test,
        crimes=int(here.sum()),
        with_victim=int((here & parts.plan.population.crimes.has_individual_victim).sum()),
        eligible=int((here & parts.plan.population.would_be_invited).sum()),
        followed=followed,
        invited=len(tally.invited),
        registered=len(tally.registered),
        messages=dict(sorted(tally.messages.items())),
        delivered=tally.delivered,
        undeliverable=tally.undeliverable,
        not_reached=dict(sorted(Counter(tally.not_reached.values()).items())),
        misdirected_avoidable=tally.misdirected_avoidable,
        misdirected_unavoidable=tally.misdirected_unavoidable,
        misdirected_people=len(tally.misdirected),
        questions_asked=tally.questions_asked,
        questions_answered=len(tally.answer_hours),
        answer_hours_median=tally.answer_hours_median,
        answer_hours_p90=tally.answer_hours_p90,
        update_calls_without=without.update_calls,
        update_calls_with=with_portal.update_calls,
        calls_101_without=without.calls_101,
        calls_101_with=with_portal.calls_101,
        abandoned_101_without=without.abandoned_101,
        abandoned_101_with=with_portal.abandoned_101,
        abandoned_999_without=without.abandoned_999,
        abandoned_999_with=with_portal.abandoned_999,
    )


@dataclass(frozen=True)
class _Calls:
    """Both forces' calls over some weeks. Shares are of the calls offered."""

    calls_101: int
    update_calls: int
    abandoned_101: float
    abandoned_999: float


def _calls_in(parts: RehearsalParts, span: Span, which: int) -> _Calls:
    """Add up the weeks of a span; `which` is 0 without the portal and 1 with it."""
    places = _weeks_of(parts, span)
    offered = {"101": 0, "999": 0}
    abandoned = {"101": 0, "999": 0}
    updates = 0
    for both in parts.calls.values():
        force = both[which]
        updates += sum(force.update_calls[place] for place in places)
        for place in places:
            for level in force.levels[2 * place : 2 * place + 2]:
                offered[level.line] += level.offered
                abandoned[level.line] += level.abandoned
    return _Calls(
        calls_101=offered["101"],
        update_calls=updates,
        abandoned_101=round(abandoned["101"] / max(offered["101"], 1), 5),
        abandoned_999=round(abandoned["999"] / max(offered["999"], 1), 5),
    )


def _lines(parts: RehearsalParts) -> list[LineLevel]:
    """Give each line of each force in each live period in which a week begins."""
    return [
        _line(parts, span, force, line)
        for span in parts.plan.periods
        if not span.is_test and _weeks_of(parts, span)
        for force in parts.calls
        for line in (1, 0)
    ]


def _line(parts: RehearsalParts, span: Span, force: str, line: int) -> LineLevel:
    places = _weeks_of(parts, span)
    levels = [[each.levels[2 * place + line] for place in places] for each in parts.calls[force]]
    return _beside(span, force, LINES[line], *levels)


def _second_desk(parts: RehearsalParts) -> list[LineLevel]:
    """Give the second desk of each force, if there is one, in the periods of its lines."""
    found = []
    for span in parts.plan.periods:
        places = [] if span.is_test else _weeks_of(parts, span)
        for force, both in parts.calls.items():
            if places and all(each.second_desk for each in both):
                levels = [[each.second_desk[place] for place in places] for each in both]
                found.append(_beside(span, force, "second desk", *levels))
    return found


def _beside(
    span: Span,
    force: str,
    line: str,
    weeks_without: Sequence[ServiceLevel],
    weeks_with: Sequence[ServiceLevel],
) -> LineLevel:
    without, with_portal = add_up(weeks_without), add_up(weeks_with)
    return LineLevel(
        period=span.name,
        force=force,
        line=line,
        offered_without=without.offered,
        offered_with=with_portal.offered,
        redials_without=without.redials,
        redials_with=with_portal.redials,
        abandoned_without=_rounded(without.abandoned_share),
        abandoned_with=_rounded(with_portal.abandoned_share),
        wait_seconds_without=_rounded(without.wait_seconds_mean, 1),
        wait_seconds_with=_rounded(with_portal.wait_seconds_mean, 1),
        in_target_without=_rounded(without.answered_in_target_share),
        in_target_with=_rounded(with_portal.answered_in_target_share),
        left_for_call_back_without=without.left_for_call_back,
        left_for_call_back_with=with_portal.left_for_call_back,
        called_back_without=without.called_back,
        called_back_with=with_portal.called_back,
        call_back_seconds_without=_rounded(without.call_back_seconds_mean, 1),
        call_back_seconds_with=_rounded(with_portal.call_back_seconds_mean, 1),
        abandoned_after_with={
            seconds: round(calls / max(with_portal.offered, 1), 5)
            for seconds, calls in with_portal.hung_up_after.items()
        },
        in_target_of_offered_with=_rounded(with_portal.in_target_share_of_offered),
        abandoned_without_span=abandoned_span(weeks_without),
        abandoned_with_span=abandoned_span(weeks_with),
    )


def _weeks_of(parts: RehearsalParts, span: Span) -> list[int]:
    """List the places of the weeks that begin in a span."""
    return [n for n, day in enumerate(parts.weeks[:-1]) if span.starts <= day < span.ends]


def _rounded(value: float | None, digits: int = 5) -> float | None:
    return None if value is None else round(value, digits)


def _weeks(parts: RehearsalParts) -> list[Week]:
    found = []
    for place, day in enumerate(parts.weeks[:-1]):
        span = Span(name="", starts=day, ends=parts.weeks[place + 1], phase=0)
        without, with_portal = (_calls_in(parts, span, which) for which in (0, 1))
        found.append(
            Week(
                starts=day,
                calls_101_without=without.calls_101,
                calls_101_with=with_portal.calls_101,
                update_calls_without=without.update_calls,
                update_calls_with=with_portal.update_calls,
            )
        )
    return found


def _recorded_in(parts: RehearsalParts, span: Span) -> NDArray[np.bool_]:
    crimes = parts.plan.population.crimes
    recorded = crimes.seconds["CrimeRecorded"]
    start, end = (
        (datetime(d.year, d.month, d.day, tzinfo=LONDON).astimezone(UTC) - crimes.start)
        for d in (span.starts, span.ends)
    )
    here: NDArray[np.bool_] = (recorded >= start.total_seconds()) & (recorded < end.total_seconds())
    return here


def _followed(parts: RehearsalParts, span: Span) -> int:
    """Count the crimes of a live period that went through the portal; none before phase 1."""
    if span.phase == 0:
        return 0
    population = parts.plan.population
    here = _recorded_in(parts, span) & population.followed
    return int((here & population.crimes.has_individual_victim).sum())


def _parameters(parts: RehearsalParts) -> list[Parameter]:
    """List every number that the run used, with its source or its assumption."""
    return listed_parameters({"rollout": parts.plan.rollout, **parts.plan.population.sources})


def listed_parameters(given: Mapping[str, object]) -> list[Parameter]:
    """List every number in some files, each by its name, with its source or its assumption."""
    return [
        Parameter(
            name=name, value=rate.value, unit=rate.unit, source=rate.source, assumed=rate.assumed
        )
        for prefix, value in given.items()
        for name, rate in _rates(prefix, value)
    ]


def _rates(name: str, value: Any) -> Iterator[tuple[str, Rate]]:
    if isinstance(value, Rate):
        yield name, value
    elif isinstance(value, GradesOfOffences):
        yield from ((f"{name}: grade {grade}", share) for grade, share in value.by_grade.items())
    elif isinstance(value, msgspec.Struct):
        # A force's own table may say nothing of it: then it has the common one's word.
        if getattr(value, "in_use", True) is False:
            return
        for field in value.__struct_fields__:
            yield from _rates(f"{name}: {field}" if name else field, getattr(value, field))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _rates(f"{name}: {key}", each)
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value, start=1):
            label = next((str(v) for v in _labels(each)), str(number))
            yield from _rates(f"{name}: {label}", each)


def _labels(value: Any) -> Iterator[str]:
    """Give the names that identify one of several entries."""
    for each in ("name", "event", "marker", "grade", "offence_subgroup"):
        found = getattr(value, each, None)
        if isinstance(found, str | int):
            yield str(found)


def _notes(parts: RehearsalParts, periods: Sequence[Period]) -> list[str]:
    """Explain what the figures do not: how much the portal explains, and what was assumed."""
    quarter = periods[-1]
    eligible = quarter.eligible / max(quarter.crimes, 1)
    asking = quarter.update_calls_without / max(quarter.calls_101_without, 1)
    return [
        _EXPLAINED.format(
            fell=1 - quarter.calls_101_with / max(quarter.calls_101_without, 1),
            eligible=eligible,
            asking=asking,
            most=eligible * asking,
        ),
        *([] if parts.plan.target.access.lives_with_the_run else [_RAN_ALREADY]),
        *(
            note.format(
                fraction=parts.fraction,
                testers=parts.plan.rollout.testers.people.value,
                crimes=parts.plan.rollout.testers.crimes_a_week,
            )
            for note in _NOTES
        ),
        whole_records(parts.plan.population),
        *_entry_checks(parts.plan.population),
    ]


def whole_records(population: Population) -> str:
    """Say how many followed victims the force did not record as what they are."""
    recorded = population.casework.recorded
    rows = population.followed & population.crimes.has_individual_victim
    omitted, other_role = recorded.omitted & rows, (recorded.wrong_role > 0) & rows
    twice = int(rows[list(recorded.twice)].sum())
    return (
        f"Of {int(rows.sum()):,} victims followed, {int(omitted.sum()):,} were not recorded at all "
        f"and {int(other_role.sum()):,} in another role, so that no portal can tell them anything; "
        f"{twice:,} were recorded twice, and are told things twice."
    )


def _entry_checks(population: Population) -> Iterator[str]:
    """Say what training and checks at entry stopped, and what the officer was asked."""
    recorded = population.casework.recorded
    for check in recorded.rates.entry_checks:
        asked = f" The person who typed it was asked: {check.question}" if check.question else ""
        yield (
            f"From week {check.from_week}, '{check.name}' stopped {recorded.stopped[check.name]:,} "
            f"faults in all records of the forces.{asked}"
        )


_EXPLAINED = (
    "In the last quarter of this rehearsal, both forces together, the portal accounts for "
    "{fell:.1%} fewer calls to 101. It could account for {most:.1%} at most, even if every "
    "eligible victim registered and every worry was answered: update calls are {asking:.0%} of "
    "101, and {eligible:.0%} of crimes are eligible. The ceilings beside the published falls are "
    "others: of 2023, by force, for victims invited by then alone, and of the calls of the year "
    "before."
)
_REPORTED = (
    "The forces reported 14% and 21% fewer calls (College of Policing shared practice, 16 April "
    "2024). The larger fall is more than all update calls together, so there were other causes, "
    "such as more call handlers. Nothing here is tuned to those figures. They also reported that "
    "the share of 999 calls abandoned fell from 0.51% to 0.26% and from 2.49% to 0.21%. The model "
    "is fitted to the first of each and fails to predict the second: its cause is not in the model."
)
_FOLLOWED = (
    "{fraction:.2%} of the crimes with a person as victim were followed through the portal: a "
    "crime against an organisation or the state has nobody to tell. The calls of each victim "
    "followed stand for those of victims who were not. Calls and handlers are at full volume."
)
_TESTED = (
    "Test periods lie within live ones. The {testers:g} testers use a separate portal, and put "
    "{crimes:g} crimes a week through it, or all there are."
)
_RAN_ALREADY = (
    "The portal ran already, so it was rehearsed as the live portal alone. Each test period needs "
    "a portal of its own, beside the live one: none was rehearsed."
)
_NOT_REACHED = (
    "A message that was not delivered went to an address that nobody has. A person is not reached "
    "if nothing had arrived by the end of the period, on any channel. Each counts once a period, "
    "under the first reason."
)
_EVIDENCE = (
    "evidence.ndjson holds, for each portal, everything about the people who were harmed and about "
    f"the first {OTHERS_MAX} others. It does not hold the rest; the counts include everybody."
)
_NOTES = (
    _REPORTED,
    _FOLLOWED,
    _TESTED,
    _NOT_REACHED,
    "One seed gives one possible history, not a range. Compare several before deciding.",
    _EVIDENCE,
)
