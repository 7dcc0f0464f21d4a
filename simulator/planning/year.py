"""One year of one seed: made once, and run with as many plans as are compared on it.

Crimes, victims, their details, worries and calls are drawn once, by person and purpose, so two
plans on a year differ in nothing but what they change.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from statistics import median

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.calls import Calls
from simulator.contact_centre.staffing import ContactCentreParameters, update_call_seconds
from simulator.files.paths import ROOT
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER as NO_EVENT
from simulator.force.london_days import LondonDays
from simulator.planning.message_times import DAY, WEEK
from simulator.planning.model_run import (
    ModelInput,
    ModelUse,
    Prepared,
    prepare,
    run_model,
    without_collecting,
)
from simulator.planning.scenario import Study, YearFiles, outages_in_seconds
from simulator.planning.year_of_calls import ForceCallers, YearOfCalls
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.rehearsal.full_volume import (
    calls_saved,
    kinds_of_worry,
    prompted_calls,
    settled_shares,
    who_rings,
)
from simulator.rehearsal.journey_steps import journeys_by_group
from simulator.rehearsal.net_benefit import UseOfPortal
from simulator.rehearsal.officer_behaviour import CALL_BACK, call_back_tasks
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.worries import Worries, WorryParameters, crime_courses, make_worries
from simulator.results.portal_life import JourneyOfGroup
from simulator.streams import Streams

_PHASES = 4
_NINE = 9 * 3600


class YearFigures(Struct, frozen=True, kw_only=True):
    """What came of the portal in the measured weeks of one year, at full volume.

    `officers_time_used` is the share that the work of their crimes, its tasks, and the `call_backs`
    to victims who rang take of the time that officers have for all of it; `tasks_time_used` is that
    of the tasks and call-backs alone.
    `calls_made` are those of messages and of worries that only the portal makes. `saved_by_week`
    has the calls saved in each week, the warm-up too, net of those made. `made_by` has the calls
    made in the order of `MADE_BY`.
    """

    update_calls: float
    calls_saved: float
    calls_made: float
    made_by: tuple[float, ...]
    questions: float
    answered: float
    answer_hours_median: float
    officers_time_used: float
    tasks_time_used: float
    other_tasks: float
    call_backs: float
    call_back_tries: float
    registered: float
    messages: float
    texts: float
    misdirected: float
    saved_by_week: list[float]

    @property
    def net(self) -> float:
        """The calls saved, net of those made."""
        return self.calls_saved - self.calls_made


@dataclass(frozen=True)
class YearOfPortal:
    """One run: its figures, and what the desk needs to answer the calls."""

    figures: YearFigures
    use: ModelUse
    rings: NDArray[np.bool_]


class Year:
    """The year of one seed, of which a `fraction` of the crimes goes through the modelled portal.

    `files` decide who is there: other plans on the year may change anything but the journey, the
    details' quality, who is eligible, and who needs another language or format.
    """

    def __init__(self, files: YearFiles, study: Study, *, seed: int, fraction: float) -> None:
        self.files = files
        self._study = study
        self._fraction = fraction
        self._streams = Streams(seed)
        weeks = study.warm_up_weeks + study.weeks
        self._population = _population(files, study.starts, weeks, fraction, self._streams)
        self._crimes = self._population.crimes
        self._from = WEEK * study.warm_up_weeks
        self._ends = _seconds(self._crimes.start, study.starts + timedelta(weeks=weeks))
        self._weeks = weeks

    @property
    def measured(self) -> tuple[float, float]:
        """The seconds between which all is counted: after the warm-up, to the end."""
        return float(self._from), float(self._ends)

    @cached_property
    def _prepared(self) -> Prepared:
        followed = self._population.followed & self._crimes.has_individual_victim
        with without_collecting():
            return prepare(self._population, np.flatnonzero(followed), 0, self._streams)

    def journeys(self) -> list[JourneyOfGroup]:
        """Give what may happen to a crime of each offence group, counted from this year's."""
        return journeys_by_group(self._population, self._streams)

    def run(self, files: YearFiles) -> YearOfPortal:
        """Run a plan on this year."""
        worry = files.rollout.worry
        worries = self._worries(files)
        followed = np.flatnonzero(self._population.followed[worries.row])
        registers = self._population.registers_draws < files.rollout.victims.registers.value
        use = run_model(
            ModelInput(
                rollout=files.rollout,
                order=files.order,
                prepared=self._prepared,
                registers=registers,
                needs=self._population.access_needs,
                worries=worries[followed],
                start=self._crimes.start,
                begins=0,
                ends=self._ends,
                streams=self._streams,
                counts_from=self._from,
                call_backs=call_back_tasks(files.costs),
                outages=outages_in_seconds(files.outages, self._crimes.start),
            )
        )
        invited = self._population.would_be_invited
        whose = worries.row
        kinds = kinds_of_worry(worries, invited[whose], (invited & registers)[whose], worry)
        phases = self._phases(files, worries)
        saved = calls_saved(worries[followed], use.rang)
        settled = settled_shares(kinds[followed], phases[followed], saved)
        rings = who_rings(worries, kinds, phases, followed=followed, followed_rang=use.rang)
        figures = self._figures(files, use, worries, settled.chance(kinds, phases))
        return YearOfPortal(figures, use, rings)

    def calls(
        self,
        centres: ContactCentreParameters,
        files: YearFiles,
        run: YearOfPortal | None,
        *,
        by_hour: bool = False,
    ) -> dict[str, ForceCalls]:
        """Answer the calls of the measured weeks, by force; None for no portal."""
        return self.callers(centres, files, run, by_hour=by_hour).answered(centres)

    def callers(
        self,
        centres: ContactCentreParameters,
        files: YearFiles,
        run: YearOfPortal | None,
        *,
        by_hour: bool = False,
    ) -> YearOfCalls:
        """Make the calls of the year, by force, for any number of handlers to answer."""
        worries = self._worries(files)
        found: dict[str, ForceCallers] = {}
        for number, force in enumerate(self._crimes.figures.forces):
            mine = self._crimes.force[worries.row] == number
            desk = CallComparison(
                centres,
                force,
                start=self._crimes.start,
                end=self._crimes.start + timedelta(seconds=self._ends // 3600 * 3600),
                moments=worries.at_seconds[mine],
                arises=worries.arises[mine],
                streams=self._streams,
                hours_between=self.measured if by_hour else None,
            )
            updates = self._updates(desk, number, mine, files, run)
            found[force] = ForceCallers(desk, updates)
        return YearOfCalls(found, list(self.measured))

    def _updates(
        self,
        desk: CallComparison,
        number: int,
        mine: NDArray[np.bool_],
        files: YearFiles,
        run: YearOfPortal | None,
    ) -> Calls:
        """Make a force's update calls."""
        if run is None:
            return desk.updates_without_portal
        told = run.use.told
        prompted = prompted_calls(
            told.of_rows(self._crimes.force[told.row] == number),
            files.rollout.worry,
            self._fraction,
            self._streams,
            name=self._crimes.figures.forces[number],
        )
        return desk.updates_with_portal(run.rings[mine], prompted)

    def use_of_portal(
        self, files: YearFiles, figures: YearFigures, *, rostered_hours_more: float = 0.0
    ) -> UseOfPortal:
        """Take what the net benefit is reckoned from."""
        return UseOfPortal(
            weeks=self._study.weeks,
            calls_saved=figures.net,
            questions=figures.questions,
            other_tasks=figures.other_tasks,
            texts=figures.texts,
            call_seconds=update_call_seconds(files.centres),
            task_minutes=files.rollout.officers.task_minutes.value,
            rostered_hours_more=rostered_hours_more,
        )

    def _worries(self, files: YearFiles) -> Worries:
        is_usual = files.rollout.worry == self.files.rollout.worry
        return self._usual_worries if is_usual else self._worries_by(files.rollout.worry)

    @cached_property
    def _usual_worries(self) -> Worries:
        return self._worries_by(self.files.rollout.worry)

    def _worries_by(self, worry: WorryParameters) -> Worries:
        worries = make_worries(crime_courses(self._crimes, worry), worry, self._streams)
        return worries.before(self._ends)

    def _phases(self, files: YearFiles, worries: Worries) -> NDArray[np.intp]:
        days = [files.order.go_live_at(phase) for phase in range(1, _PHASES)]
        at = [int((each - self._crimes.start).total_seconds()) for each in days]
        return np.searchsorted(at, worries.at_seconds, side="right")

    def _figures(
        self, files: YearFiles, use: ModelUse, worries: Worries, chance: NDArray[np.float64]
    ) -> YearFigures:
        part, first = self._fraction, self._from
        here = (worries.at_seconds >= first) & (worries.at_seconds < self._ends)
        chances = use.told.chances(files.rollout.worry)
        counts = use.told.at_seconds >= first
        made_by = (
            *(
                float(each[counts].sum()) / part
                for each in use.told.chances_by_cause(files.rollout.worry)
            ),
            -float(chance[here & ~worries.arises].sum()),
        )
        asked = [each for each in use.questions if each.asked_at >= first]
        hours = [
            (each.answered_at - each.asked_at) / 3600 for each in asked if each.answered_at >= 0
        ]
        sent = sum(each >= first for each in use.sent.at)
        by_week = np.bincount(worries.at_seconds // WEEK, weights=chance, minlength=self._weeks)
        made = np.bincount(use.told.at_seconds // WEEK, weights=chances, minlength=self._weeks)
        net = by_week[: self._weeks] - made[: self._weeks] / part
        used, other_used = (
            files.rollout.officers.share_used(each, use.officers, self._study.weeks)
            for each in (self._minutes(files, use), use.other_work_minutes)
        )
        return YearFigures(
            update_calls=float((here & worries.arises).sum()),
            calls_saved=float(chance[here & worries.arises].sum()),
            calls_made=sum(made_by),
            made_by=made_by,
            questions=len(asked) / part,
            answered=len(hours) / part,
            answer_hours_median=median(hours) if hours else 0.0,
            officers_time_used=used + other_used,
            tasks_time_used=used,
            other_tasks=_of_portal(use.tasks, but="victim_question") / part,
            call_backs=use.tasks[CALL_BACK] / part,
            call_back_tries=use.call_back_tries / part,
            registered=use.registered / part,
            messages=(sent + use.visits) / part,
            texts=(use.sent.texts + use.codes_by_text) / part,
            misdirected=len(use.sent.astray) / part,
            saved_by_week=[float(each) for each in net],
        )

    def _minutes(self, files: YearFiles, use: ModelUse) -> float:
        """Give the minutes that officers spend on tasks of the portal, and on ringing back."""
        of_portal = _of_portal(use.tasks) * files.rollout.officers.task_minutes.value
        return use.call_back_minutes + of_portal


def _population(
    files: YearFiles, starts: date, weeks: int, fraction: float, streams: Streams
) -> Population:
    population = make_population(
        files.rollout,
        files.order,
        root=ROOT,
        start=starts,
        end=starts + timedelta(weeks=weeks),
        fraction=fraction,
        identity_key="",
        streams=streams,
        journey=files.journey,
        faults=files.faults,
    )
    if not files.closed_on_monday:
        return population
    crimes = closed_on_monday(population.crimes, files.closed_on_monday, streams)
    population.casework.crimes = crimes
    return replace(population, crimes=crimes)


def closed_on_monday(crimes: Crimes, share: float, streams: Streams) -> Crimes:
    """Close a share of the cases at nine on the Monday after they would have been closed."""
    at = crimes.seconds["CrimeClosed"]
    moved = (at != NO_EVENT) & (streams.for_("closed on Monday").random(len(at)) < share)
    days = LondonDays.of(crimes.start, int(at.max(initial=0)) // DAY + 15)
    day = np.searchsorted(days.midnights, np.where(moved, at, 0), side="right") - 1
    weekday = (day + crimes.start.astimezone(LONDON).weekday()) % 7
    monday = days.at(day + 7 - weekday, np.full(len(at), _NINE))
    return replace(crimes, seconds={**crimes.seconds, "CrimeClosed": np.where(moved, monday, at)})


def _of_portal(tasks: Counter[str], *, but: str = "") -> int:
    """Count the tasks that the portal raised: not those that calls leave."""
    return sum(number for kind, number in tasks.items() if kind not in {CALL_BACK, but})


def _seconds(start: datetime, day: date) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
    return int((midnight - start).total_seconds())
