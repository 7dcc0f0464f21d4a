"""The shares on the journey's arrows are counted, so they are those of the tables beside them."""

from datetime import date
from functools import cache

import numpy as np
import pytest

from simulator.force.journey_by_group import by_group
from simulator.force.journey_diagram import courses
from simulator.inputs.order import read_order
from simulator.rehearsal.journey_shares import journey_shares, journey_shares_by_group
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.rollout import read_rollout
from simulator.streams import Streams
from tests.simulator.real_files import ORDER, ROLLOUT, ROOT


@cache
def population() -> Population:
    """Make four weeks' crimes of both forces, with their victims."""
    return make_population(
        read_rollout(ROLLOUT),
        read_order(ORDER),
        root=ROOT,
        start=date(2026, 6, 1),
        end=date(2026, 6, 29),
        fraction=0,
        identity_key="",
        streams=Streams(3),
    )


@cache
def shares() -> dict[str, float]:
    """Count from all of them."""
    made = population()
    return journey_shares(made, np.arange(len(made.crimes)), Streams(3))


def test_states_have_the_shares_of_the_table_by_group() -> None:
    """Deployed, allocated, charged and closed: the mean of the groups' shares by their crimes."""
    made = population()
    sizes = {each.group: each.crimes for each in courses(made.crimes)}
    groups = by_group(made.crimes.journey, made.crimes)
    for event in ("OfficerDeployed", "CrimeAllocated", "OutcomeRecorded", "CrimeClosed"):
        table = sum(
            state.share * sizes[each.group]
            for each in groups
            for state in each.states
            if state.event == event
        )
        assert shares()[event] == pytest.approx(table / len(made.crimes))
        assert 0.02 < shares()[event] < 0.98


def test_guards_count() -> None:
    """No share is above that of the data; where a guard keeps most crimes out it is far below."""
    journey = population().crimes.journey
    for each in journey.further:
        # Of so many thousand crimes, chance adds little.
        if each.after in {"CrimeRecorded", "CrimeAllocated"}:
            assert shares()[each.name] <= 1.1 * each.share.value + 0.001, each.name
    by_name = {each.name: each.share.value for each in journey.further}
    for name in ("a suspect identified", "not to be investigated", "property found"):
        assert 0 < shares()[name] < 0.7 * by_name[name]


def test_records_of_one_person_merge_where_there_are_two() -> None:
    """The data's share is of those recorded twice; on the arrow it is of all crimes."""
    made = population()
    twice = len(made.casework.recorded.twice) / len(made.crimes)

    assert 0 < shares()["two records are one person's"] < twice


def test_nothing_follows_what_never_happens() -> None:
    """Of crimes that nobody was given, no share is of an appointment; the others stay."""
    made = population()
    given_to_nobody = np.flatnonzero(made.crimes.seconds["CrimeAllocated"] < 0)

    found = journey_shares(made, given_to_nobody, Streams(3))

    assert found["CrimeAllocated"] == 0
    assert found["AppointmentMade"] == 0
    assert found["a witness spoken to"] == 0
    assert found["OfficerDeployed"] > 0


def test_shares_by_group_make_up_those_of_all() -> None:
    """Where all crimes are counted, the groups' states weigh as many as they have crimes."""
    made = population()
    sizes = {each.group: each.crimes for each in courses(made.crimes)}
    found = journey_shares_by_group(made, len(made.crimes), Streams(3))

    assert set(found) == set(sizes)
    for name in ("OfficerDeployed", "CrimeAllocated", "a suspect identified", "another report"):
        total = sum(found[group][name] * crimes for group, crimes in sizes.items())
        assert total / len(made.crimes) == pytest.approx(shares()[name])
    assert found["Sexual offences"]["a lesser violence was a graver one"] == 0
    assert found["Violence against the person"]["a lesser violence was a graver one"] > 0


def test_few_of_a_group_stand_for_all() -> None:
    """Of at most 500 crimes the shares differ from those of all by chance only, not from 0 to 1."""
    made = population()
    all_of_them = journey_shares_by_group(made, len(made.crimes), Streams(3))
    few = journey_shares_by_group(made, 500, Streams(3))

    assert set(few) == set(all_of_them)
    for group, found in few.items():
        # Four standard deviations of a half, of the 167 crimes that thinning may leave.
        for name in ("OfficerDeployed", "CrimeAllocated", "CrimeClosed"):
            assert abs(found[name] - all_of_them[group][name]) < 4 * 0.5 / 167**0.5
    assert few != all_of_them
