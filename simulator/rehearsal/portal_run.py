"""One portal in the rollout: live, or under test by testers, with everything around it.

It follows the schedule of its crimes, one round of change detection at a time.
"""

from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from heapq import merge
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from reference.contract.events import (
    AnyEvent,
    CrimeCancelled,
    CrimeClosed,
    IncidentClosed,
    IncidentReported,
    MilestoneReached,
    OfficerUnavailable,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.clock import LONDON, WorldClock
from simulator.drivers.base import Refused
from simulator.errors import BadInput, PortalNonsense
from simulator.evidence.on_disk import EvidenceOnDisk
from simulator.evidence.records import Record
from simulator.force.crime_journey import EVENT_KINDS
from simulator.force.crimes import Crimes, schedule
from simulator.force.further_events import FurtherEvent, FurtherEvents, further_events
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.judge.by_parts import judge_by_parts
from simulator.rehearsal.further_records import further_event
from simulator.rehearsal.officer_behaviour import call_back_tasks
from simulator.rehearsal.officers import Officers
from simulator.rehearsal.officers_time import OfficersTime, other_work
from simulator.rehearsal.plan import Plan, seconds_until
from simulator.rehearsal.portal_requests import count_requests
from simulator.rehearsal.postings import PostingEvent, Postings, given_crimes
from simulator.rehearsal.simulated_victims import SimulatedVictims, VictimParameters
from simulator.rehearsal.tester_crimes import FollowedCrimes
from simulator.rehearsal.worries import Worries
from simulator.world.builder import world_around
from simulator.world.timed_portal import is_of_the_past
from simulator.world.world import World

_DAY = 86_400
#: A portal that does not claim one of these is not sent what it is for.
_NEEDED = {
    "IncidentReported": "incidents",
    "IncidentClosed": "incidents",
    "CrimeUnmerged": "crimes_unmerged",
    "PersonsMerged": "persons_merged",
    "PersonsUnmerged": "persons_merged",
}
# The place of an event of a crime's main course, before those beside it.
_MAIN = -1


class PortalRun:
    """A world around one portal from `clock.now` on, with the crimes that it follows.

    Testers take the place of victims if there are no `worries`. A live portal has too much for
    memory: its database is a file, and what happens is written to another.
    Crimes recorded earlier and still open are handed over at once, as an integration does when it
    is switched on. The order decides what becomes of them.
    """

    def __init__(
        self,
        plan: Plan,
        followed: FollowedCrimes,
        stack: ExitStack,
        *,
        name: str,
        order: Order,
        clock: WorldClock,
        worries: Worries | None,
    ) -> None:
        rollout, casework = plan.rollout, plan.population.casework
        self.name = name
        self.order = order
        self._rows = followed.rows
        self._beside = followed.beside
        self._casework = casework
        self._evidence = EvidenceOnDisk()
        self.world: World = stack.enter_context(
            world_around(
                plan.target,
                order,
                name=name,
                clock=clock,
                secrets=plan.secrets,
                streams=plan.streams,
                faults=rollout.integration,
                crowd_numbers=casework.numbers == "crowd",
                evidence=self._evidence,
                on_disk=worries is not None,
            )
        )
        set_clock(self.world, plan.target)
        #: By hour since the clock's start. Nobody asks what testers ask a second.
        self.requests = Counter[int]() if worries is None else count_requests(self.world)
        parameters = VictimParameters(
            behaviour=rollout.victims,
            worry=rollout.worry,
            worries=worries,
            testers=rollout.testers if worries is None else None,
            registers=plan.population.registers,
            needs=plan.population.access_needs,
            trust=rollout.trust if worries is not None else None,
        )
        self.victims = SimulatedVictims(
            self.world, casework, parameters, followed, name=name, streams=plan.streams
        )
        self._postings = self._post_officers(plan, is_live=worries is not None)
        self._further = _further_events(plan, self._rows)
        poll_seconds = int(60 * rollout.polling_minutes.value)
        self._plan_phases()
        self._began = clock.env.now
        self._hand_over_open_cases()
        clock.env.process(self._record_changes(clock.env, poll_seconds))

    @property
    def records(self) -> Sequence[Record]:
        """What happened around this portal so far."""
        return self._evidence.kept

    def stop(self) -> None:
        """End a test period: nobody does anything here after it."""
        self.world.is_over = True

    def _plan_phases(self) -> None:
        """Tell the portal of each phase on its day, in order; at once of those that are live."""
        now = self.world.now
        for phase in (1, 2, 3):
            if self.order.go_live_at(phase) <= now:
                self._enter(phase)
            else:
                self.world.clock.at(self.order.go_live_at(phase), partial(self._enter, phase))

    def _enter(self, phase: int) -> None:
        if not self.world.is_over:
            self.world.messages.portal.driver.enter_phase(phase)

    def _post_officers(self, plan: Plan, *, is_live: bool) -> Postings:
        """Share the crimes out among officers, who do the tasks of this portal."""
        casework, behaviour = self._casework, plan.rollout.officers
        draws = plan.streams.of_occasions(f"{self.name}: officers")
        given = given_crimes(casework.crimes, self._rows, casework.has_named_officer)
        ends = seconds_until(plan.periods[-1].ends, casework.crimes.start)
        postings = Postings(
            given,
            behaviour,
            number=behaviour.number_of_officers(*self._volume()),
            start=casework.crimes.start,
            ends=ends,
            draws=draws,
        )
        self.officers = Officers(
            self.world,
            self.victims,
            postings,
            OfficersTime(postings, other_work(given, behaviour, ends, draws), behaviour),
            behaviour=behaviour,
            draws=draws,
            # Testers ring nobody.
            call_backs=call_back_tasks(plan.costs) if plan.costs and is_live else None,
        )
        return postings

    def _volume(self) -> tuple[int, float]:
        """Count the crimes that go through this portal, and the days in which they are recorded."""
        recorded = self._casework.crimes.seconds["CrimeRecorded"][self._rows]
        days = np.ptp(recorded) / _DAY if len(recorded) else 0.0
        return len(recorded), float(days)

    def _hand_over_open_cases(self) -> None:
        now = self.world.clock.seconds(self.world.now)
        crimes = self._casework.crimes
        for row in self._rows[_is_open(crimes, self._rows, now)].tolist():
            if self._further.happens(row, now):
                self._record(row, EVENT_KINDS.index("CrimeRecorded"))

    def _record_changes(
        self, env: simpy.Environment, poll_seconds: int
    ) -> Generator[Any, Any, None]:
        """Follow the sorted schedule: each round records what happened since the last."""
        plan = schedule(self._casework.crimes, self._rows)
        main = [
            (at, row, _MAIN, kind)
            for at, row, kind in zip(*(each.tolist() for each in plan), strict=True)
            if self._further.happens(row, at)
        ]
        further = [
            (each.at, each.row, place, -1) for place, each in enumerate(self._further.events)
        ]
        postings = self._postings.events()
        posted = [
            (each.at, each.row, place, -1)
            for place, each in enumerate(postings, start=len(further))
            if self._further.happens(each.row, each.at)
        ]
        for at, row, place, kind in merge(main, further, posted):
            if at < self._began:
                continue
            due = -(-at // poll_seconds) * poll_seconds
            yield env.timeout(max(0, due - env.now))
            if self.world.is_over:
                return
            if place == _MAIN:
                self._record(row, kind)
            elif place < len(further):
                self._record_further(self._further.events[place])
            else:
                self._record_posting(postings[place - len(further)])

    def _record_posting(self, posted: PostingEvent) -> None:
        self._meet(posted.row)
        reference = self._casework.reference(posted.row)
        self._note(posted.row, self._postings.recorded(posted, reference))

    def _record_further(self, further: FurtherEvent) -> None:
        if further.event == "VictimDetailsChanged":
            assert further.change is not None
            self.victims.turn(further.row, further.change, partial(self._note_record, further.row))
            return
        event = further_event(self._casework, further)
        if event is None:
            return
        self._meet(further.row)
        if further.into >= 0:
            self._meet(further.into)
        if isinstance(event, IncidentReported | IncidentClosed):
            # That the police have a report is no news about a crime.
            self.world.crime_system.record(event)
        else:
            self._note(further.row, event)

    def _note_record(self, row: int, record: VictimRecord) -> None:
        """Record what the force knows from now on of a victim who has another address or died."""
        # Nothing more is recorded of a crime that is cancelled, or goes on as another.
        if self._further.happens(row, self.world.clock.seconds(self.world.now)):
            reference = self._casework.reference(row)
            self._note(row, VictimDetailsChanged(crime_reference=reference, victim=record))

    def _record(self, row: int, kind: int) -> None:
        self._meet(row)
        if EVENT_KINDS[kind] == "AppointmentMade" and self._casework.recorded.omitted[row]:
            return  # the crime system knows of nobody to make one with
        at = int(self._casework.crimes.seconds[EVENT_KINDS[kind]][row])
        officer = self._postings.officer(row, at)
        event = self._casework.event(row, kind, beside=self._beside.get(row), officer=officer)
        self._note(row, event)

    def _meet(self, row: int) -> None:
        """Put a crime's victims into the world."""
        self.victims.records.victim(row)
        beside = self._beside.get(row)
        if beside is not None:
            self.victims.records.victim(beside)

    def _note(self, row: int, event: AnyEvent) -> None:
        """Record an event, and note that it is news about the crime, as most are."""
        is_news = not isinstance(event, OfficerUnavailable)
        is_shown = is_news and not self._is_told_in_person(row, event)
        event_id = self.world.crime_system.record(event)
        what = type(event).__name__
        if isinstance(event, MilestoneReached):
            what = event.milestone
        self.victims.note_news(row, event_id, what, is_shown=is_shown)

    def _is_told_in_person(self, row: int, event: AnyEvent) -> bool:
        """Return whether the portal shows this event only once an officer has told the victim."""
        if not isinstance(event, CrimeClosed):
            return isinstance(event, CrimeCancelled | VictimDetailsChanged)
        subgroup = self._casework.crimes.offence_of(row).subgroup
        return self.order.sensitive_closures.are_told_in_person(event.outcome, subgroup)


def _further_events(plan: Plan, rows: NDArray[np.intp]) -> FurtherEvents:
    """Give what else happens to these crimes, as far as the portal claims to take it."""
    claimed = plan.target.claims.capabilities
    never = [kind for kind, needed in _NEEDED.items() if needed not in claimed]
    return further_events(plan.population.crimes, rows, plan.streams, never=never)


def set_clock(world: World, target: Target) -> None:
    """Move the clock of a portal that runs already to now; one that we started has begun then.

    Raises BadInput if it is beyond that: a test clock goes forward only.
    """
    if target.access.lives_with_the_run:
        return
    try:
        world.messages.portal.work()
    except (Refused, PortalNonsense) as error:
        if not is_of_the_past(error):
            raise
        day = world.now.astimezone(LONDON)
        raise BadInput(
            f"{target.access.portal_url}: the portal's clock is beyond {day:%-d %B %Y}, when "
            "this rehearsal goes live: start it again with an empty database and an earlier clock"
        ) from None


def start_portal(
    plan: Plan,
    name: str,
    order: Order,
    followed: FollowedCrimes,
    clock: WorldClock,
    stack: ExitStack,
    worries: Worries | None = None,
) -> PortalRun:
    """Put a world around the portal from now on. Without `worries`, testers use it."""
    run = PortalRun(plan, followed, stack, name=name, order=order, clock=clock, worries=worries)
    plan.ledgers[name] = run.officers.ledger
    return run


def judge_portal(
    plan: Plan, name: str, order: Order, records: Sequence[Record], now: datetime
) -> None:
    """Judge what a portal did until now, and keep the judgement in the plan."""
    plan.judged[name] = (records, judge_by_parts(order, records, correlates=True, end=now))


def _is_open(crimes: Crimes, rows: NDArray[np.intp], now: int) -> NDArray[np.bool_]:
    """Return which crimes were recorded before `now` and are not closed yet."""
    recorded = crimes.seconds["CrimeRecorded"][rows]
    closed = crimes.seconds["CrimeClosed"][rows]
    is_open: NDArray[np.bool_] = (recorded < now) & ((closed < 0) | (closed >= now))
    return is_open
