"""One run of the model: the followed crimes of a population through the modelled portal."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reference.contract.lawful_words import Decider, Ending, lawful_words
from simulator.force.crime_journey import EVENT_KINDS
from simulator.force.crime_mix import DECIDERS
from simulator.force.event_times import NEVER as NO_EVENT
from simulator.force.further_events import FurtherEvents, further_events
from simulator.inputs.order import Order
from simulator.planning.agenda import Agenda
from simulator.planning.cases import Case, CaseEvent, Question
from simulator.planning.contact_routes import contact_routes
from simulator.planning.message_times import DAY, MessageTimes
from simulator.planning.modelled_people import CrimeSystem, ModelledOfficers, ModelledVictims
from simulator.planning.modelled_portal import ModelledPortal, Outage, Sent
from simulator.rehearsal.full_volume import Told
from simulator.rehearsal.population import Population
from simulator.rehearsal.rollout import Rollout
from simulator.rehearsal.worries import Worries
from simulator.streams import Streams

#: Working days and waiting messages reach beyond the end of a run by no more.
_DAYS_BEYOND = 60


@dataclass(frozen=True, kw_only=True)
class ModelInput:
    """What a run needs. `worries` are those of followed crimes; `rows` the followed crimes.

    The portal is there from `begins` to `ends`, in seconds after the crimes' start.
    """

    rollout: Rollout
    order: Order
    population: Population
    rows: NDArray[np.intp]
    worries: Worries
    begins: int
    ends: int
    streams: Streams
    outages: Sequence[Outage] = ()
    name: str = "live"


@dataclass(frozen=True, kw_only=True)
class ModelUse:
    """What came of it. `rang` has one entry a worry; `told` what reached victims.

    `visits` are sign-ins, each with a code that was sent. `tasks` are those that officers took.
    """

    rang: NDArray[np.bool_]
    told: Told
    registered: int
    visits: int
    questions: list[Question]
    tasks: Counter[str]
    sent: Sent
    #: The events that the crime system recorded about crimes with a victim to tell.
    recorded: int


def run_model(given: ModelInput) -> ModelUse:
    """Run the followed crimes through the modelled portal."""
    agenda = Agenda(given.ends)
    crimes, rollout, streams = given.population.crimes, given.rollout, given.streams
    times = MessageTimes(given.order, crimes.start, given.ends // DAY + _DAYS_BEYOND)
    portal = ModelledPortal(
        given.order, times, agenda, start=crimes.start, outages=tuple(given.outages)
    )
    draws = streams.of_occasions(f"{given.name}: what victims do")
    victims = ModelledVictims(agenda, portal, given.worries, rollout.victims, rollout.worry, draws)
    crime_system = CrimeSystem(
        agenda,
        portal,
        rollout.integration,
        streams.of_occasions(f"{given.name}:integration"),
    )
    officers = ModelledOfficers(
        agenda,
        portal,
        crime_system,
        rollout.officers,
        start=crimes.start,
        draws=streams.of_occasions(f"{given.name}: officers"),
    )
    worries = _by_row(given.worries)
    recorded = 0
    for cases in _by_officer(given):
        for case in cases:
            for event in case.events:
                due = -(-event.at // _poll(rollout)) * _poll(rollout)
                agenda.at(due, crime_system.record, (case, event))
            for at, index in worries.get(case.row, ()):
                if at >= given.begins:
                    agenda.at(at, victims.worry_once, (case, index))
            recorded += len(case.events)
        agenda.run()
    return ModelUse(
        rang=victims.rang,
        told=Told.of(sorted(victims.told)),
        registered=victims.registered,
        visits=victims.visits,
        questions=victims.questions,
        tasks=officers.tasks,
        sent=portal.sent,
        recorded=recorded,
    )


def _poll(rollout: Rollout) -> int:
    return int(60 * rollout.polling_minutes.value)


def _by_row(worries: Worries) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    rows, times = worries.row.tolist(), worries.at_seconds.tolist()
    for index, (row, at) in enumerate(zip(rows, times, strict=True)):
        found.setdefault(row, []).append((at, index))
    return found


def _by_officer(given: ModelInput) -> list[list[Case]]:
    """Make the cases that there is something to do about, officer by officer.

    Officers meet in nothing, so each can be taken to the end of the year alone.
    """
    rows = _told_rows(given)
    recorded = given.population.crimes.seconds["CrimeRecorded"][given.rows]
    days = np.ptp(recorded) / DAY if len(recorded) else 0.0
    number = given.rollout.officers.number_of_officers(len(given.rows), float(days))
    found: dict[int, list[Case]] = {}
    for case in _cases(given, rows, number):
        found.setdefault(case.officer, []).append(case)
    return list(found.values())


def _told_rows(given: ModelInput) -> NDArray[np.intp]:
    """Take the rows whose victims the portal or an officer tells of anything."""
    crimes, rows = given.population.crimes, given.rows
    recorded = crimes.seconds["CrimeRecorded"][rows]
    is_there = given.population.casework.would_be_invited_if_safe()[rows]
    found: NDArray[np.intp] = rows[is_there & (recorded >= given.begins)]
    return found


def _cases(given: ModelInput, rows: NDArray[np.intp], officers: int) -> list[Case]:
    population, order = given.population, given.order
    crimes, casework = population.crimes, population.casework
    further = further_events(crimes, rows, given.streams)
    routes = contact_routes(casework.recorded, casework.people, rows)
    is_blank = ~casework.is_safe & (order.eligibility.blank_safe_to_contact == "not_safe")
    columns = zip(
        rows.tolist(),
        _events(given, rows, further),
        crimes.seconds["CrimeRecorded"][rows].tolist(),
        crimes.outcome[rows].tolist(),
        casework.has_enhanced_rights[rows].tolist(),
        is_blank[rows].tolist(),
        population.registers[rows].tolist(),
        *routes,
        strict=True,
    )
    subgroups = [each.subgroup for each in crimes.figures.offences]
    offences = crimes.offence[rows].tolist()
    found = []
    for place, each in enumerate(columns):
        row, events, at, outcome, is_enhanced, blank, registers, written, own, wanted, differs = (
            each
        )
        subgroup = subgroups[offences[place]]
        found.append(
            Case(
                row=row,
                reference=casework.reference(row),
                officer=row % officers,
                events=events,
                recorded_at=at,
                has_advice=subgroup in order.journey.advice_for,
                is_told_ends_in_person=order.sensitive_closures.are_told_in_person(
                    outcome, subgroup
                ),
                may_review=_may_review(given, row, outcome),
                has_enhanced_rights=is_enhanced,
                is_blank=blank,
                would_register=registers,
                routes=list(written),
                own_routes=own,
                wanted=wanted,
                details_differ=differs,
            )
        )
    return found


def _may_review(given: ModelInput, row: int, outcome: int) -> bool:
    """Return whether the victim may ask the police for a review once the case is closed."""
    if not outcome:
        return False
    crimes = given.population.crimes
    written = int(crimes.interviewed_under_caution[row])
    decider: Decider = DECIDERS[crimes.decided_by[row]]
    interviewed = None if written < 0 else bool(written)
    return lawful_words(Ending(outcome, decider, interviewed)).police_review == "must"


def _events(
    given: ModelInput, rows: NDArray[np.intp], further: FurtherEvents
) -> list[list[CaseEvent]]:
    """List what happens to each crime from the portal's first day on, in the order of time."""
    crimes, casework = given.population.crimes, given.population.casework
    begins = given.begins
    found: dict[int, list[tuple[int, int, CaseEvent]]] = {row: [] for row in rows.tolist()}
    for kind in EVENT_KINDS:
        at = crimes.seconds[kind][rows]
        happens = (at != NO_EVENT) & (at >= begins)
        order = EVENT_KINDS.index(kind)
        for row, moment in zip(rows[happens].tolist(), at[happens].tolist(), strict=True):
            if moment <= further.stops.get(row, moment):
                found[row].append((moment, order, CaseEvent(kind, kind, moment)))
    for place, each in enumerate(further.events, start=len(EVENT_KINDS)):
        # Nobody is away where a team has the crime.
        is_of_nobody = each.event == "OfficerUnavailable" and casework.officer(each.row) is None
        if each.at < begins or is_of_nobody:
            continue
        what = each.milestone or each.event
        found[each.row].append((each.at, place, CaseEvent(each.event, what, each.at)))
    return [[event for *_when, event in sorted(found[row], key=_when)] for row in rows.tolist()]


def _when(each: tuple[int, int, CaseEvent]) -> tuple[int, int]:
    return each[:2]
