"""Casework: a row of the population becomes the contract's events, and the truth."""

import re
from collections import Counter
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import get_args

import msgspec
import numpy as np
import pytest
from msgspec import structs

from reference.contract.events import (
    EVENT_TYPES,
    CrimeAllocated,
    CrimeReclassified,
    CrimeRecorded,
    Officer,
    VictimRecord,
)
from reference.contract.identity import agreed_word_digest
from simulator.clock import LONDON
from simulator.force.crime_journey import EVENT_KINDS, FurtherEventKind
from simulator.force.further_events import further_events
from simulator.inputs.order import Order, read_order
from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.population.crowd_numbers import read_crowd_mobile
from simulator.population.recorded import NUMBERS_OF_OTHERS
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.further_records import further_event
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.result import whole_records
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ORDER, ROLLOUT, ROOT

IDENTITY_KEY = "a key of a test"
TWO_FORCES = read_order(ORDER)
WINTER, SUMMER = date(2027, 1, 11), date(2027, 6, 7)


@cache
def population(start: date = SUMMER, *, weeks: int = 1) -> Population:
    """Make some weeks' crimes of both forces, at a time when all phases are long live."""
    return make_population(
        read_rollout(ROLLOUT),
        TWO_FORCES,
        root=ROOT,
        start=start,
        end=start + timedelta(weeks=weeks),
        fraction=1,
        identity_key=IDENTITY_KEY,
        streams=Streams(1),
    )


def casework() -> Casework:
    """Give the casework of a week in summer."""
    return population().casework


def happens(row: int) -> list[int]:
    """List the kinds of event that a row has."""
    seconds = population().crimes.seconds
    return [n for n, kind in enumerate(EVENT_KINDS) if seconds[kind][row] >= 0]


def is_invited(made: Population, order: Order, row: int) -> bool:
    """Return whether the order invites a row's victim."""
    event = made.casework.event(row, 0)
    assert isinstance(event, CrimeRecorded)
    if not made.crimes.has_individual_victim[row] or not event.victims:
        return False
    first = event.victims[0]
    return first.role == "victim" and order.exclusion(event, first.person_id) == ""


def addresses(record: VictimRecord) -> set[str]:
    """Return every address in a record, in any field."""
    found = set()
    for text in (record.mobile_phone, record.other_phone, record.email):
        found.add(read_crowd_mobile(text))
        for read in (phone, mailbox):
            with suppress(InvalidRecipient):
                found.add(read(text).address)
    return found - {""}


def test_references_are_the_force_s_and_all_different() -> None:
    """Prefix of the force, year of recording, and a number that no other crime has."""
    references = [casework().reference(row) for row in range(len(population().crimes))]

    assert len(set(references)) == len(references)
    for row in range(0, 2000, 97):
        prefix = TWO_FORCES.forces[casework().force(row)].reference_prefix
        assert references[row].startswith(f"{prefix}27")


def test_the_year_of_a_reference_is_london_s() -> None:
    """A crime recorded in the first minutes of a year in London is that year's."""
    made = population(date(2026, 12, 28))
    start = made.crimes.start
    for row in range(0, len(made.crimes), 7):
        at = start + timedelta(seconds=int(made.crimes.seconds["CrimeRecorded"][row]))
        assert made.casework.reference(row)[2:4] == f"{at.astimezone(LONDON):%y}"


def test_the_same_row_gives_the_same_answer() -> None:
    """Nothing is drawn when an event is made, so it can be made again."""
    for row in range(100):
        for kind in happens(row):
            assert casework().event(row, kind) == casework().event(row, kind)
        assert casework().victim(row) == casework().victim(row)


def test_every_event_meets_the_contract() -> None:
    """Every kind of event passes the contract's checks and comes back the same."""
    seen = set()
    for row in range(600):
        for kind in happens(row):
            event = casework().event(row, kind)
            encoded = msgspec.json.encode(event)
            assert msgspec.json.decode(encoded, type=EVENT_TYPES[EVENT_KINDS[kind]]) == event
            assert event.crime_reference == casework().reference(row)
            seen.add(EVENT_KINDS[kind])

    assert seen == set(EVENT_KINDS)


def test_every_further_event_meets_the_contract() -> None:
    """All but what becomes of a victim's own record, which hangs on what officers corrected."""
    made = population()
    rows = np.arange(len(made.crimes))
    seen = Counter[str]()
    for further in further_events(made.crimes, rows, Streams(1)).events:
        if further.event == "VictimDetailsChanged" or seen[further.event] >= 50:
            continue
        event = further_event(casework(), further)
        if event is None:  # There is no such victim.
            assert further.event != "MilestoneReached"
            continue
        seen[further.event] += 1
        encoded = msgspec.json.encode(event)
        assert msgspec.json.decode(encoded, type=EVENT_TYPES[further.event]) == event
        own = casework().reference(further.row)
        assert event.crime_reference in (own, f"{own}-I")
    assert set(seen) == set(get_args(FurtherEventKind)) - {"VictimDetailsChanged"}


def test_a_reclassified_crime_is_another() -> None:
    """Another offence of the same force, or a marker more or fewer; never the same as before."""
    made = population()
    found = further_events(made.crimes, np.arange(len(made.crimes)), Streams(1)).events
    events = [(e, further_event(casework(), e)) for e in found if e.event == "CrimeReclassified"]

    for further, event in events:
        offence, markers = (
            made.crimes.offence_of(further.row),
            made.crimes.safeguarding(further.row),
        )
        if event is None:
            assert (further.change == "marker_added") == (further.to in markers)
            continue
        assert isinstance(event, CrimeReclassified)
        is_same = event.offence_code == offence.offence_code
        assert is_same == (further.change != "offence")
        assert further.change != "offence" or event.offence_subgroup == further.to
        assert (further.to in event.safeguarding) == (further.change == "marker_added")
    assert any(event is not None for _further, event in events)


def test_a_victim_has_the_truth_and_a_record() -> None:
    """The truth is the victim's, the record is the force's, and the agreed word is in neither."""
    for row in range(300):
        victim = casework().victim(row)
        assert victim.known.person_id == victim.record.person_id
        assert victim.record.agreed_word_digest == agreed_word_digest(
            IDENTITY_KEY, victim.person_id, victim.proof
        )
        assert victim.proof not in msgspec.json.encode((victim.known, victim.record)).decode()
        if not victim.known.faults:
            assert victim.record.given_name == victim.known.given_name
            assert victim.record.email == victim.known.email


def test_the_holder_of_a_wrong_number_is_in_the_world() -> None:
    """If a valid wrong number or address was recorded, its holder is a stranger in the world."""
    found = 0
    for row in range(3000):
        records = casework().victims(row)
        faults = {fault for each in records for fault in each.known.faults}
        written = {address for each in records for address in addresses(each.record)}
        for stranger in casework().strangers(row):
            found += 1
            assert stranger.role == "stranger"
            assert faults & {*NUMBERS_OF_OTHERS, "email_of_another"}
            assert {stranger.mobile_phone, stranger.email.lower()} - {""} <= written
    assert found > 10


def test_whole_records_go_wrong() -> None:
    """Somebody omitted is not in the event, somebody recorded twice is in it twice."""
    recorded = casework().recorded
    omitted = np.flatnonzero(recorded.omitted)[:5].tolist()
    twice = list(recorded.twice)[:20]
    by_role = np.flatnonzero(recorded.wrong_role)[:5].tolist()

    assert omitted
    assert twice
    assert by_role
    for row in omitted:
        assert recorded_victims(row) == ()
    for row in by_role:
        assert recorded_victims(row)[0].role in {"witness", "reporter"}
    for row in twice:
        first, second = recorded_victims(row)
        assert second.person_id == f"{first.person_id}-again"
        known = casework().victims(row)[1].known
        assert known.mobile_phone == casework().victim(row).known.mobile_phone
        assert second.agreed_word_digest == agreed_word_digest(
            IDENTITY_KEY, second.person_id, casework().victim(row).proof
        )
    assert not casework().is_one_victim()[[*omitted, *twice, *by_role]].any()


def test_each_of_two_records_is_told_of_by_itself() -> None:
    """A second record without a date of birth is of no child, and is told of all the same."""
    made = population()
    rows = [each for each in made.casework.recorded.twice if is_invited(made, TWO_FORCES, each)]
    row = rows[0]
    first, second = made.casework.victims(row)
    born = made.crimes.start.date() - timedelta(days=9 * 365)
    child = replace(first, record=structs.replace(first.record, born=born))
    unknown = replace(second, record=structs.replace(second.record, born=None))

    assert made.casework.is_told(row, first)
    assert not made.casework.is_told(row, child)
    assert made.casework.is_told(row, unknown)


def test_the_report_says_how_many_records_went_wrong() -> None:
    """Of the victims followed alone: what no portal can tell, and what is told twice."""
    made = population()
    said = whole_records(made)
    there = made.crimes.has_individual_victim
    recorded = made.casework.recorded
    counts = [there, recorded.omitted & there, (recorded.wrong_role > 0) & there]
    twice = int(there[list(recorded.twice)].sum())

    assert [int(each.replace(",", "")) for each in re.findall(r"[\d,]*\d", said)] == [
        *(int(each.sum()) for each in counts),
        twice,
    ]


def recorded_victims(row: int) -> tuple[VictimRecord, ...]:
    """Give the people in the event that records a crime."""
    event = casework().event(row, 0)
    assert isinstance(event, CrimeRecorded)
    return event.victims


def test_a_second_victim_is_one_of_the_crime() -> None:
    """The crime has both victims; without a second row it has one."""
    row, other = np.flatnonzero(casework().is_one_victim())[:2].tolist()
    event = casework().event(row, 0, beside=other)
    alone = casework().event(row, 0)

    assert isinstance(event, CrimeRecorded)
    assert isinstance(alone, CrimeRecorded)
    assert event.victims == (casework().victim(row).record, casework().victim(other).record)
    assert alone == structs.replace(event, victims=event.victims[:1])


def test_who_shares_an_address_is_known() -> None:
    """A true or a recorded address counts; everybody shares with themselves."""
    work = casework()
    rows = [row for row in range(4000) if work.recorded.reaches_email_of(row) >= 0]
    owners = [work.recorded.reaches_email_of(row) for row in rows]

    assert all(work.shares_an_address(row, row) for row in range(20) if work.victim(row).addresses)
    assert len(rows) > 5
    assert all(map(work.shares_an_address, rows, owners))
    # Everybody has a number of their own: two whose records are right share nothing.
    right = [row for row in range(60) if not work.victim(row).known.faults]
    assert not any(work.shares_an_address(a, b) for a in right for b in right if a != b)


def test_a_named_officer_or_a_team() -> None:
    """An allocation names the officer who is given the crime, or a team; nine in ten an officer."""
    allocated = EVENT_KINDS.index("CrimeAllocated")
    officer = Officer("PC Moss", "1042")
    rows = [row for row in range(200) if allocated in happens(row)]
    for row in rows:
        to_officer = casework().event(row, allocated, officer=officer)
        to_team = casework().event(row, allocated)
        assert isinstance(to_officer, CrimeAllocated)
        assert isinstance(to_team, CrimeAllocated)
        assert (to_officer.officer_in_charge, to_officer.team) == (officer, "")
        assert (to_team.officer_in_charge, to_team.team) == (None, "Investigation Team")
    assert casework().has_named_officer.mean() == pytest.approx(0.9, abs=0.02)


@pytest.mark.parametrize("start", [SUMMER, WINTER], ids=["summer", "winter"])
def test_the_column_agrees_with_the_order(start: date) -> None:
    """The column for all rows agrees with the order row by row."""
    made = population(start)

    column = [bool(each) for each in made.would_be_invited[:1500]]

    assert column == [is_invited(made, TWO_FORCES, row) for row in range(1500)]
    assert 0.2 < sum(column) / len(column) < 0.7


@pytest.mark.parametrize(
    ("start", "weeks"),
    [(SUMMER, 1), (WINTER, 1), (date(2027, 3, 22), 2), (date(2027, 10, 25), 2)],
    ids=["summer", "winter", "clocks go forward", "clocks go back"],
)
def test_the_column_agrees_on_birthdays(start: date, weeks: int) -> None:
    """It also agrees for victims who are about to turn 18 at the time, or just have."""
    made = population(start, weeks=weeks)
    days = made.crimes.seconds["CrimeRecorded"] // 86_400 + np.arange(len(made.crimes)) % 5 - 2
    born = np.datetime64(start) - np.timedelta64(18 * 365 + 5, "D") + days
    work = copy(made.casework)
    work._people = replace(work._people, born=born)
    work._recorded = replace(work._recorded, people=work._people)
    made = replace(made, casework=work, would_be_invited=work.would_be_invited())

    rows = range(len(made.crimes) - 2500, len(made.crimes))
    assert [bool(made.would_be_invited[row]) for row in rows] == [
        is_invited(made, TWO_FORCES, row) for row in rows
    ]


def test_only_the_order_excludes_victims() -> None:
    """An order without exclusions, for all ages, invites every victim recorded as safe."""
    rules = structs.replace(TWO_FORCES.eligibility, safeguarding_exclusions=(), age_min_years=0)
    order = structs.replace(TWO_FORCES, eligibility=rules)
    made = make_population(
        read_rollout(ROLLOUT),
        order,
        root=ROOT,
        start=SUMMER,
        end=SUMMER + timedelta(days=2),
        fraction=1,
        identity_key=IDENTITY_KEY,
        streams=Streams(1),
    )

    rows = range(800)
    assert [bool(made.would_be_invited[row]) for row in rows] == [
        is_invited(made, order, row) for row in rows
    ]


def test_the_world_begins_at_london_s_midnight() -> None:
    """Seconds are counted from the first day's midnight, in UTC."""
    assert population(SUMMER).crimes.start == datetime(2027, 6, 6, 23, tzinfo=UTC)
    assert population(WINTER).crimes.start == datetime(2027, 1, 11, tzinfo=UTC)
