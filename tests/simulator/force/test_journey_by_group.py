"""One file of journeys has the tables of every offence group."""

from datetime import date

import pytest

from simulator.force.crime_journey import Journey, read_journey
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.figures import load_figures
from simulator.force.journey_by_group import GroupRules, by_group, journey_of_group, subgroups_of
from simulator.streams import Streams


@pytest.fixture(scope="module")
def journey() -> Journey:
    """The journey of every crime."""
    return read_journey()


@pytest.fixture(scope="module")
def crimes(journey: Journey) -> Crimes:
    """A quarter's crimes of both forces."""
    return make_crimes(
        figures=load_figures(),
        start=date(2026, 1, 1),
        end=date(2026, 4, 1),
        journey=journey,
        streams=Streams(1),
    )


def groups(journey: Journey, crimes: Crimes) -> dict[str, GroupRules]:
    """What each group has, by name."""
    return {each.group: each for each in by_group(journey, crimes)}


def test_every_group_has_every_state_of_the_journey(journey: Journey, crimes: Crimes) -> None:
    """All offence groups of the figures, each state with a share and a time: none is left out."""
    found = groups(journey, crimes)

    assert set(found) == {each.group for each in crimes.figures.offences}
    events = [state.event for state in journey.states if state.after is not None]
    for each in found.values():
        assert [state.event for state in each.states] == events
        assert all(0 < state.share <= 1 and (state.hours or 0) > 0 for state in each.states)
    subgroups = [subgroup for each in found.values() for subgroup in each.subgroups]
    assert len(subgroups) == len(set(subgroups))


def test_groups_differ_in_what_the_file_guards(journey: Journey, crimes: Crimes) -> None:
    """Sexual offences have markers and times of their own, thefts their property, drugs nobody."""
    found = groups(journey, crimes)

    assert "marked as sexual: all" in found["Sexual offences"].own
    assert "OutcomeRecorded, 98 days with outcome 1: Rape offences" in found["Sexual offences"].own
    assert found["Drug offences"].own == ["nobody to invite: all"]
    assert "grades 12%, 43%, 38%, 7%: all" in found["Sexual offences"].own
    assert sum(found["Robbery"].grades[:2]) > 2 * sum(found["Theft offences"].grades[:2])
    assert all(sum(each.grades) == pytest.approx(1) for each in found.values())
    assert any(each.startswith("property found, 10 days: ") for each in found["Theft offences"].own)
    assert "property found" not in "".join(found["Sexual offences"].own)
    closed = {
        name: next(s.hours for s in each.states if s.event == "CrimeClosed")
        for name, each in found.items()
    }
    assert closed["Sexual offences"] is not None
    assert closed["Theft offences"] is not None
    assert closed["Sexual offences"] > 2 * closed["Theft offences"]


def test_deployment_follows_the_grades_of_a_group(journey: Journey, crimes: Crimes) -> None:
    """Officers go to more of those whose grades are more urgent."""
    found = groups(journey, crimes)
    deployed = {name: each.states[0].share for name, each in found.items()}

    assert found["Robbery"].states[0].event == "OfficerDeployed"
    assert deployed["Robbery"] > 0.85
    assert deployed["Theft offences"] < 0.5


def test_every_guard_of_the_file_is_in_some_groups_rules(journey: Journey, crimes: Crimes) -> None:
    """No delay that is guarded by offence is lost from the page."""
    own = [rule for each in by_group(journey, crimes) for rule in each.own]

    for state in journey.states:
        for delay in state.delays:
            if delay.offence_subgroups:
                assert any(rule.startswith(f"{state.event}, ") for rule in own)
    for each in journey.further:
        if each.delay.offence_subgroups:
            assert any(rule.startswith(f"{each.name}, ") for rule in own)


def test_the_journey_of_a_group_has_what_may_happen_to_it(journey: Journey) -> None:
    """No delay of others' offences, nothing that never happened, and nothing that follows that."""
    subgroups = subgroups_of(load_figures())
    happens = dict.fromkeys(
        [e.event for e in journey.states] + [e.name for e in journey.further], 0.1
    )
    theft = journey_of_group(journey, subgroups["Theft offences"], {**happens, "an arrest": 0})
    sexual = journey_of_group(journey, subgroups["Sexual offences"], happens)

    def longest_to_outcome(found: Journey) -> float:
        [state] = [each for each in found.states if each.event == "OutcomeRecorded"]
        return max(each.median.value for each in state.delays)

    assert longest_to_outcome(sexual) == 98
    assert longest_to_outcome(theft) == 30
    names = [each.name for each in theft.further]
    gone = {"an arrest", "release", "bail", "bail changed"}
    assert names == [each.name for each in journey.further if each.name not in gone]
    assert sexual.further == journey.further
