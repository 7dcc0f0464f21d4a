"""Postings: who has each crime follows from the roster, from who leaves, and from nothing else."""

from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import CrimeAllocated, OfficerUnavailable
from simulator.clock import LONDON
from simulator.force.crime_journey import read_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.event_times import NEVER
from simulator.force.figures import load_figures
from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.postings import NOBODY, GivenCrimes, Postings, given_crimes
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ROLLOUT

DAY = 86_400
BEHAVIOUR = read_rollout(ROLLOUT).officers
START = datetime(2026, 3, 2, tzinfo=LONDON).astimezone(UTC)
WEEKS = 40
ENDS = WEEKS * 7 * DAY
NUMBER = 20


def changed(**values: float) -> OfficerBehaviour:
    """Change some numbers of the rollout."""
    return structs.replace(
        BEHAVIOUR,
        **{
            name: structs.replace(getattr(BEHAVIOUR, name), value=value)
            for name, value in values.items()
        },
    )


def crimes_given(count: int = 400) -> GivenCrimes:
    """Give crimes that are allocated all through the run, and are open for some weeks each."""
    draws = np.random.default_rng(1)
    allocated = np.sort(draws.integers(0, ENDS, count))
    allocated[::10] = NEVER
    ends = allocated + draws.integers(DAY, 90 * DAY, count)
    return GivenCrimes(np.arange(count), allocated, ends, draws.random(count) < 0.9)


@cache
def postings(*, number: int = NUMBER, leaves: float = 0.5, leave: float = 0.13) -> Postings:
    """Share the crimes out; half of the officers leave in a year, so that much happens."""
    return Postings(
        crimes_given(),
        changed(leaves_in_year=leaves, leave=leave),
        number=number,
        start=START,
        ends=ENDS,
        draws=Streams(4).of_occasions("live: officers"),
    )


def test_who_is_said_to_be_away_is_on_leave_in_the_roster() -> None:
    """From a Monday's midnight on until the next shift after the leave."""
    made = postings()
    away = [each for each in made.events() if each.kind == "away"]

    assert len(away) > 50
    for each in away:
        place = (int(each.officer.collar_number) - 1000) % NUMBER
        begins = START + timedelta(seconds=each.at)
        local = begins.astimezone(LONDON)
        assert (local.weekday(), local.hour, local.minute) == (0, 0, 0)
        assert made.roster.is_on_leave(place, local.date())
        back = made.roster.next_at_work(place, begins)
        assert each.until == int((back - START).total_seconds())


def test_every_leave_of_an_officer_is_told_of_their_open_crimes() -> None:
    """No Monday of leave is left out where the officer has a crime and was there before."""
    made = postings(leaves=0)
    told = {(each.row, each.at) for each in made.events()}
    crimes = crimes_given()
    for row in np.flatnonzero((crimes.allocated != NEVER) & crimes.is_named)[:100].tolist():
        for week in range(1, WEEKS):
            at = _monday(week)
            officer = made.officer(row, at - 1)
            if officer is None or made.officer(row, at) is None:
                continue
            place = int(officer.collar_number) - 1000
            day = (START + timedelta(seconds=at)).astimezone(LONDON).date()
            was_there = made.works(row, at - 1) == place
            is_away = made.roster.is_on_leave(place, day)
            if was_there:
                assert ((row, at) in told) == is_away


def _monday(week: int) -> int:
    day = START.date() + timedelta(weeks=week)
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON)
    return int(midnight.timestamp() - START.timestamp())


def test_an_officer_who_leaves_is_followed_by_another() -> None:
    """The crime is given to a colleague of the team, on duty, unless it ends before that."""
    made = postings()
    by_row: dict[int, list[tuple[str, int, str]]] = {}
    for each in made.events():
        by_row.setdefault(each.row, []).append((each.kind, each.at, each.officer.collar_number))
    pairs = 0
    for row, found in by_row.items():
        turns = [each for each in found if each[0] != "away"]
        for left, given_to in zip(turns[::2], turns[1::2], strict=False):
            pairs += 1
            assert (left[0], given_to[0]) == ("left", "given")
            assert left[1] < given_to[1]
            assert left[2] != given_to[2]
            assert made.officer(row, left[1]) is None
            place = (int(given_to[2]) - 1000) % NUMBER
            assert place // 6 == made.team(row)
            moment = START + timedelta(seconds=given_to[1])
            assert made.roster.next_at_work(place, moment) == moment
    assert pairs > 10


@given(st.integers(0, 399), st.integers(0, ENDS - 1))
def test_the_named_officer_does_the_task_unless_away(row: int, at: int) -> None:
    """At any time the officer who works has the crime, or is of the same team and is there."""
    made = postings()
    place = made.works(row, at)
    officer = made.officer(row, at)

    assert place // 6 == made.team(row)
    if officer is not None and made.officer_at(place, at) != officer:
        named = (int(officer.collar_number) - 1000) % NUMBER
        assert made.works(named, at) != named


@given(st.integers(0, ENDS - 1))
def test_no_two_officers_have_one_number(at: int) -> None:
    """Collar numbers are of one officer each, also of those who have left."""
    made = postings()
    numbers = [made.officer_at(place, at).collar_number for place in range(NUMBER)]
    before = [made.officer_at(place, 0).collar_number for place in range(NUMBER)]

    assert len(set(numbers)) == NUMBER
    assert all(b == n or n not in before for b, n in zip(before, numbers, strict=True))


@given(st.integers(0, ENDS - 1))
def test_every_open_crime_is_carried_by_one_officer(at: int) -> None:
    """While nobody leaves, what all carry together are the crimes allocated and still open."""
    made, crimes = postings(leaves=0), crimes_given()
    is_open = (crimes.allocated != NEVER) & (crimes.allocated <= at) & (crimes.ends > at)
    here = np.full(len(crimes.rows), at)

    places, comes = made.places_of(crimes.rows, here)

    assert ((places != NOBODY) == ((crimes.allocated != NEVER) & (crimes.ends > at))).all()
    assert (comes[is_open] == at).all()
    assert (places[is_open] // 6 == crimes.rows[is_open] % NUMBER // 6).all()


@given(st.integers(0, ENDS - 1))
def test_what_comes_between_two_officers_waits_for_the_second(at: int) -> None:
    """While many leave: work is of who has the crime, or is given it next, from then on."""
    made, crimes = postings(), crimes_given()

    places, comes = made.places_of(crimes.rows, np.full(len(crimes.rows), at))

    for row, place, when in zip(crimes.rows.tolist(), places.tolist(), comes.tolist(), strict=True):
        if place == NOBODY:
            continue
        assert when >= at
        then = max(when, int(crimes.allocated[row]))
        assert made.officer(row, then) in {None, made.officer_at(place, then)}


def test_a_lone_officer_stands_in_for_nobody() -> None:
    """With one officer, who is away half of all weeks, every task is still theirs."""
    made = postings(number=1, leave=0.5)

    assert {made.works(row, at) for row in (0, 5, 7) for at in range(0, ENDS, 5 * DAY)} == {0}


def test_a_teams_crime_names_nobody() -> None:
    """Neither an allocation, an absence nor a reply of a crime that a team has names an officer."""
    made = postings()
    of_team = set(np.flatnonzero(~crimes_given().is_named).tolist())

    assert of_team
    assert not {each.row for each in made.events()} & of_team
    assert all(made.officer(row, ENDS // 2) is None for row in of_team)
    assert all(made.replies(row, ENDS // 2) is None for row in of_team)


def test_events_of_the_contract() -> None:
    """Away until a moment, left for good, and the allocation to another."""
    made = postings()
    seen = {}
    for each in made.events():
        seen[each.kind] = each, made.recorded(each, "44260000001")
    away, left, given_to = (seen[kind] for kind in ("away", "left", "given"))

    assert isinstance(away[1], OfficerUnavailable)
    assert away[1].until == START + timedelta(seconds=away[0].until)
    assert isinstance(left[1], OfficerUnavailable)
    assert (left[1].why, left[1].until) == ("left", None)
    assert isinstance(given_to[1], CrimeAllocated)
    assert given_to[1].officer_in_charge == given_to[0].officer


@cache
def crimes_of_half_a_year() -> Crimes:
    """Make half a year's crimes of both forces."""
    return make_crimes(
        figures=load_figures(),
        start=START.date(),
        end=(START + timedelta(days=182)).date(),
        journey=read_journey(),
        streams=Streams(1),
    )


def test_officers_carry_about_four_crimes() -> None:
    """In the second quarter, as the docs say of 60 crimes a year and this journey's times."""
    crimes = crimes_of_half_a_year()
    rows = np.arange(0, len(crimes), 50)
    number = BEHAVIOUR.number_of_officers(len(rows), 182)
    given = given_crimes(crimes, rows, np.ones(len(crimes), np.bool_))
    held = given.allocated != NEVER
    carried = [
        np.sum(held & (given.allocated <= at) & (given.ends > at)) / number
        for at in range(91 * DAY, 182 * DAY, 7 * DAY)
    ]

    assert np.mean(carried) == pytest.approx(4, abs=0.8)
