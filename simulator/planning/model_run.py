"""One run of the model: the followed crimes of a population through the modelled portal."""

import gc
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from heapq import merge
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from reference.contract.lawful_words import Ending, lawful_words
from simulator.force.crime_journey import EVENT_KINDS
from simulator.force.crime_mix import DECIDERS
from simulator.force.event_times import NEVER as NO_EVENT
from simulator.force.further_events import FurtherEvents, further_events
from simulator.inputs.order import Order
from simulator.planning.agenda import Agenda, Planned
from simulator.planning.cases import Case, CaseEvent, Question
from simulator.planning.conservation import ModelCount
from simulator.planning.contact_routes import Routes, contact_routes
from simulator.planning.message_times import DAY, MessageTimes
from simulator.planning.modelled_people import (
    CrimeSystem,
    ModelledOfficers,
    ModelledVictims,
)
from simulator.planning.modelled_portal import DIED, ENDS, ModelledPortal, Outage, Sent
from simulator.population.access_needs import AccessNeeds
from simulator.rehearsal.full_volume import Told
from simulator.rehearsal.officer_behaviour import CallBackTasks
from simulator.rehearsal.officers_time import OfficersTime, Pieces, other_work
from simulator.rehearsal.population import Population
from simulator.rehearsal.postings import GivenCrimes, Postings, given_crimes
from simulator.rehearsal.rollout import Rollout
from simulator.rehearsal.trust import Trust
from simulator.rehearsal.worries import TOO_MANY, UNTOLD, Worries
from simulator.results.conservation import Conserved
from simulator.streams import Occasions, Streams

#: Working days and waiting messages reach beyond the end of a run by no more.
_DAYS_BEYOND = 60
#: What of the journey the model leaves out, and why: rare all of it.
LEFT_OUT = {
    "IncidentReported": "told by the force, before there is a crime or a victim to follow",
    "IncidentClosed": "ends a report that became no crime",
    "CrimeUnmerged": "needs the crime it was merged into, and a case of the model is one crime",
    "PersonsMerged": "needs a victim's second record, and the model has one record a victim",
    "PersonsUnmerged": "needs a victim's second record, and the model has one record a victim",
}
LEFT_OUT_CHANGES = {
    "offence": "may bring a crime into the portal or out of it, and who is eligible is drawn once",
    "marker_removed": "may bring a crime into the portal, and who is eligible is drawn once",
    "mailbox": "the force's record is stale until the victim tells it: addresses are drawn once",
}
#: What the model follows otherwise than the portal, and so is not compared.
ROUGHLY = {
    "CrimeMerged": "ends for its victim; in the portal they follow the crime that it went into",
}
_CHANGES = {"marker_added": ENDS, "died": DIED}


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What is known of the followed crimes beforehand, one entry a crime with a victim to tell.

    It is the same for every order, rollout and number of officers, but for who is eligible.
    `followed` counts all followed crimes, recorded in so many `days`; officers have all of them,
    `given`. `stops` is when a crime's own course stops, and `died` when a victim dies, by row.
    """

    rows: list[int]
    references: list[str]
    events: list[list[CaseEvent]]
    recorded_at: list[int]
    subgroups: list[str]
    outcomes: list[int]
    may_review: list[bool]
    has_enhanced_rights: list[bool]
    is_safe: list[bool]
    routes: Routes
    given: GivenCrimes
    stops: dict[int, int]
    died: dict[int, int]
    followed: int
    days: float


@dataclass(frozen=True, kw_only=True)
class ModelInput:
    """What a run needs. `worries` are those of followed crimes.

    `registers` and `needs` have one entry a crime. The portal is there from the first event of
    `prepared` to `ends`, in seconds after `start`; until `counts_from` is a warm-up.
    """

    rollout: Rollout
    order: Order
    prepared: Prepared
    registers: NDArray[np.bool_]
    needs: AccessNeeds
    worries: Worries
    start: datetime
    begins: int
    ends: int
    streams: Streams
    counts_from: int = 0
    outages: Sequence[Outage] = ()
    name: str = "live"
    #: The tasks that update calls leave officers; None where they leave none.
    call_backs: CallBackTasks | None = None


@dataclass(frozen=True, kw_only=True)
class ModelUse:
    """What came of it. `rang` has one entry a worry; `told` what reached victims.

    `visits` are sign-ins, each with a code that was sent, some by text. `tasks` are those that
    `officers` took, beside `other_work_minutes` that their crimes brought; call-backs among them
    were tried so often, and took so many minutes. Visits, registrations, texts, tasks, tries, that
    work, and messages astray are of the time after the warm-up.
    """

    rang: NDArray[np.bool_]
    told: Told
    registered: int
    visits: int
    codes_by_text: int
    questions: list[Question]
    tasks: Counter[str]
    call_back_tries: int
    call_back_minutes: float
    officers: int
    other_work_minutes: float
    sent: Sent
    #: The events that the crime system recorded about crimes with a victim to tell.
    recorded: int
    conserved: list[Conserved]


def run_model(
    given: ModelInput, *, ended: Callable[[Collection[Case]], None] = lambda _cases: None
) -> ModelUse:
    """Run the followed crimes through the modelled portal.

    `ended` is called with the cases of a team when they are over.
    """
    agenda, rollout = Agenda(given.ends, given.counts_from), given.rollout
    times = MessageTimes(given.order, given.start, given.ends // DAY + _DAYS_BEYOND)
    portal = ModelledPortal(
        given.order, times, agenda, start=given.start, outages=tuple(given.outages)
    )

    def draws(name: str) -> Occasions:
        return given.streams.of_occasions(f"{given.name}:{name}")

    doubts = draws(" whom victims trust")
    victims = ModelledVictims(
        agenda,
        portal,
        given.worries,
        _by_row(given.worries, given.begins, given.worries.cause == TOO_MANY),
        rollout.victims,
        rollout.worry,
        given.needs,
        draws(" what victims do"),
        trust=partial(Trust, rollout.trust, doubts) if rollout.trust else None,
    )
    crime_system = CrimeSystem(
        agenda, portal, rollout.integration, draws("integration"), note_news=victims.note_news
    )
    postings, pieces = _given_out(given, draws(" officers"))
    officers = ModelledOfficers(
        *(agenda, portal, crime_system, rollout.officers, postings),
        OfficersTime(postings, pieces, rollout.officers),
        draws=draws(" officers"),
    )
    victims.rings = officers.taking_calls(given.call_backs)
    count = ModelCount(given.ends)
    with without_collecting():
        recorded = _do_all(given, agenda, crime_system, victims, postings, (count.note, ended))
    return ModelUse(
        rang=victims.rang,
        told=Told.of(victims.told).in_order(),
        registered=victims.registered,
        visits=victims.visits,
        codes_by_text=victims.codes_by_text,
        questions=victims.questions,
        tasks=officers.tasks,
        call_back_tries=officers.call_back_tries,
        call_back_minutes=officers.call_back_minutes,
        officers=_officers(given),
        other_work_minutes=pieces.between(given.counts_from, given.ends),
        sent=portal.sent,
        recorded=recorded,
        conserved=count.close(portal.sent, officers.ledger),
    )


def _given_out(given: ModelInput, draws: Occasions) -> tuple[Postings, Pieces]:
    """Give the crimes out among officers, with the work that they bring."""
    behaviour, crimes = given.rollout.officers, given.prepared.given
    postings = Postings(
        crimes,
        behaviour,
        number=_officers(given),
        start=given.start,
        ends=given.ends,
        draws=draws,
    )
    return postings, other_work(crimes, behaviour, given.ends, draws)


def _do_all(
    given: ModelInput,
    agenda: Agenda,
    crime_system: CrimeSystem,
    victims: ModelledVictims,
    postings: Postings,
    over: Sequence[Callable[[Collection[Case]], None]],
) -> int:
    """Run every case to the end; count the events that were recorded about them."""
    recorded = 0
    cause = given.worries.cause
    # Who never signs in is told of the end as without a portal.
    may_arise = given.registers[given.worries.row] | (cause != UNTOLD)
    worries = _by_row(given.worries, given.begins, (cause != TOO_MANY) & may_arise)
    poll = int(60 * given.rollout.polling_minutes.value)
    record, worry_once = crime_system.record, victims.worry_once
    others = _calls_of_others(given, postings)
    for team, cases in _by_team(given, postings, others):
        planned: list[Planned] = [(at, victims.rings, (row,)) for at, row in others.get(team, ())]
        for case in cases:
            recorded += len(case.events)
            planned += [(-(-each.at // poll) * poll, record, (case, each)) for each in case.events]
            planned += [(at, worry_once, (case, index)) for at, index in worries.get(case.row, ())]
        # Teams meet in nothing, so each is taken to the end of the year alone.
        victims.meet_new_people()
        agenda.begin(planned)
        agenda.run()
        for note in over:
            note(cases)
    return recorded


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no garbage meanwhile: a million events and messages are looked at each time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            # What was made meanwhile counts as old, so that it is not looked at now, all at once.
            gc.freeze()
            gc.unfreeze()
            gc.enable()


def prepare(
    population: Population, rows: NDArray[np.intp], begins: int, streams: Streams
) -> Prepared:
    """Prepare the followed crimes in `rows` for a portal that is there from `begins` on."""
    crimes, casework = population.crimes, population.casework
    recorded = crimes.seconds["CrimeRecorded"][rows]
    is_told = casework.would_be_invited_if_safe()[rows] & (recorded >= begins)
    told = rows[is_told]
    outcomes, offences = crimes.outcome[told].tolist(), crimes.figures.offences
    further = further_events(crimes, rows, streams, never=tuple(LEFT_OUT))
    return Prepared(
        rows=told.tolist(),
        references=[casework.reference(row) for row in told.tolist()],
        events=_events(population, told, further, begins),
        recorded_at=recorded[is_told].tolist(),
        subgroups=[offences[each].subgroup for each in crimes.offence[told].tolist()],
        outcomes=outcomes,
        may_review=[
            _may_review(*each)
            for each in zip(
                outcomes,
                crimes.decided_by[told].tolist(),
                crimes.interviewed_under_caution[told].tolist(),
                strict=True,
            )
        ],
        has_enhanced_rights=casework.has_enhanced_rights[told].tolist(),
        is_safe=casework.is_safe[told].tolist(),
        routes=contact_routes(casework.recorded, casework.people, told),
        given=given_crimes(crimes, rows, casework.has_named_officer),
        stops=further.stops,
        died={
            each.row: each.at
            for each in further.events
            if each.change == "died" and not casework.recorded.omitted[each.row]
        },
        followed=len(rows),
        days=float(np.ptp(recorded)) / DAY if len(rows) else 0.0,
    )


def _by_row(
    worries: Worries, begins: int, which: NDArray[np.bool_]
) -> dict[int, list[tuple[int, int]]]:
    """List when some worries are, and the index of each, by row and in order of time."""
    found: dict[int, list[tuple[int, int]]] = {}
    indices = np.flatnonzero(which & (worries.at_seconds >= begins))
    columns = (worries.row[indices], worries.at_seconds[indices], indices)
    for row, at, index in zip(*(each.tolist() for each in columns), strict=True):
        found.setdefault(row, []).append((at, index))
    return found


def _officers(given: ModelInput) -> int:
    known = given.prepared
    return given.rollout.officers.number_of_officers(known.followed, known.days)


def _calls_of_others(given: ModelInput, postings: Postings) -> dict[int, list[tuple[int, int]]]:
    """List the calls of victims whom the portal never tells: when, and of which crime, by team.

    Their officers are those of the others. It is empty where calls leave officers no tasks.
    """
    found: dict[int, list[tuple[int, int]]] = {}
    if given.call_backs is None:
        return found
    worries = given.worries
    rings = worries.arises & (worries.at_seconds >= given.begins)
    rings &= ~np.isin(worries.row, given.prepared.rows)
    columns = (worries.at_seconds[rings].tolist(), worries.row[rings].tolist())
    died = given.prepared.died
    poll = int(60 * given.rollout.polling_minutes.value)
    for at, row in zip(*columns, strict=True):
        # Of who has died the family rings, about something else.
        if row not in died or at < -(-died[row] // poll) * poll:
            found.setdefault(postings.team(row), []).append((at, row))
    return found


def _by_team(
    given: ModelInput, postings: Postings, others: Collection[int]
) -> Iterator[tuple[int, list[Case]]]:
    """Make the cases that there is something to do about, team by team; `others` have none."""
    known = given.prepared
    places: dict[int, list[int]] = {}
    for place, row in enumerate(known.rows):
        places.setdefault(postings.team(row), []).append(place)
    posted = _posted(given, postings)
    in_person = cache(given.order.sensitive_closures.are_told_in_person)
    for team in dict.fromkeys((*places, *others)):
        mine = places.get(team, [])
        yield team, [_case(given, place, posted, in_person) for place in mine]


def _posted(given: ModelInput, postings: Postings) -> dict[int, list[CaseEvent]]:
    """List what happens to the officers of each crime from the portal's first day on, by row."""
    found: dict[int, list[CaseEvent]] = {}
    for each in postings.events():
        if given.begins <= each.at <= given.prepared.stops.get(each.row, each.at):
            kind = "CrimeAllocated" if each.kind == "given" else "OfficerUnavailable"
            found.setdefault(each.row, []).append(CaseEvent(kind, kind, each.at))
    return found


def _case(
    given: ModelInput,
    place: int,
    posted: Mapping[int, list[CaseEvent]],
    in_person: Callable[[int, str], bool],
) -> Case:
    known, order = given.prepared, given.order
    row, subgroup, outcome = known.rows[place], known.subgroups[place], known.outcomes[place]
    is_careful = order.eligibility.blank_safe_to_contact == "not_safe"
    return Case(
        row=row,
        reference=known.references[place],
        # What happens to a crime in one second comes before what happens to its officer.
        events=list(merge(known.events[place], posted.get(row, ()), key=attrgetter("at"))),
        recorded_at=known.recorded_at[place],
        has_advice=subgroup in order.journey.advice_for,
        is_told_ends_in_person=in_person(outcome, subgroup),
        may_review=known.may_review[place],
        has_enhanced_rights=known.has_enhanced_rights[place],
        is_blank=is_careful and not known.is_safe[place],
        would_register=bool(given.registers[row]),
        routes=list(known.routes.written[place]),
        own_routes=known.routes.own[place],
        wanted=known.routes.wanted[place],
        details_differ=known.routes.differs[place],
    )


@cache
def _may_review(outcome: int, decided_by: int, interviewed: int) -> bool:
    """Return whether the victim may ask the police for a review once the case is closed."""
    if not outcome:
        return False
    was_interviewed = None if interviewed < 0 else bool(interviewed)
    ending = Ending(outcome, DECIDERS[decided_by], was_interviewed)
    return lawful_words(ending).police_review == "must"


def _events(
    population: Population, rows: NDArray[np.intp], further: FurtherEvents, begins: int
) -> list[list[CaseEvent]]:
    """List what happens to each crime from the portal's first day on, in the order of time."""
    crimes = population.crimes
    found: dict[int, list[tuple[int, int, str, str]]] = {row: [] for row in rows.tolist()}
    for place, kind in enumerate(EVENT_KINDS):
        at = crimes.seconds[kind][rows]
        happens = (at != NO_EVENT) & (at >= begins)
        for row, moment in zip(rows[happens].tolist(), at[happens].tolist(), strict=True):
            if moment <= further.stops.get(row, moment):
                found[row].append((moment, place, kind, kind))
    for place, each in enumerate(further.events, start=len(EVENT_KINDS)):
        if each.row in found and each.at >= begins and each.change not in LEFT_OUT_CHANGES:
            event = _CHANGES.get(each.change or "", each.event)
            what = each.milestone or each.event
            found[each.row].append((each.at, place, event, what))
    for mine in found.values():
        mine.sort()
    # The events of a crime are made together: they are read together, and a year has a million.
    return [
        [CaseEvent(kind, what, at) for at, _place, kind, what in found[row]]
        for row in rows.tolist()
    ]
