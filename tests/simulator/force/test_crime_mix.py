"""The crimes recorded: the forces' published volumes, offences and outcomes."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.force.crime_journey import read_journey
from simulator.force.crime_mix import DECIDERS
from simulator.force.crimes import Crimes, make_crimes
from simulator.force.figures import load_figures
from simulator.streams import Streams

FIGURES = load_figures()
JOURNEY = read_journey()


@pytest.fixture(scope="module")
def year() -> Crimes:
    """A year of crimes at both forces."""
    return make_crimes(
        figures=FIGURES,
        start=date(2026, 4, 1),
        end=date(2027, 4, 1),
        journey=JOURNEY,
        streams=Streams(5),
    )


@pytest.mark.parametrize("force", FIGURES.forces)
def test_a_year_is_as_big_as_the_published_one(year: Crimes, force: str) -> None:
    """In each quarter a force records as many crimes as in 2024/25, within chance."""
    mine = year.force == FIGURES.forces.index(force)
    recorded = year.seconds["CrimeRecorded"][mine]
    for quarter in (each for each in FIGURES.quarters if each.force == force):
        first = date(2027 if quarter.first_month == 1 else 2026, quarter.first_month, 1)
        after = (first + timedelta(days=95)).replace(day=1)
        begins, ends = ((day - date(2026, 4, 1)).days * 86_400 for day in (first, after))
        found = ((recorded >= begins) & (recorded < ends)).sum()

        # A hundredth for quarters that have one Monday more or less.
        assert abs(found - quarter.count) < 4 * math.sqrt(quarter.count) + quarter.count / 100


def test_offences_are_mixed_as_published(year: Crimes) -> None:
    """Each frequent offence is as frequent at its force as it was in 2024/25."""
    for index, offence in enumerate(FIGURES.offences):
        if offence.count > 1000:
            found = (year.offence == index).sum()

            assert abs(found - offence.count) < 5 * math.sqrt(offence.count) + offence.count / 100


def test_offences_are_their_forces(year: Crimes) -> None:
    """A crime of one force has an offence from that force's figures."""
    force_of = np.array([FIGURES.forces.index(each.force) for each in FIGURES.offences])

    assert np.array_equal(force_of[year.offence], year.force)


def test_outcomes_are_mixed_as_published(year: Crimes) -> None:
    """In each offence group of each force every outcome has its published share."""
    groups = {(each.force, each.group) for each in FIGURES.outcomes}
    for force, group in groups:
        found = [each for each in FIGURES.outcomes if (each.force, each.group) == (force, group)]
        mine = [(each.force, each.group) == (force, group) for each in FIGURES.offences]
        outcomes = year.outcome[np.array(mine)[year.offence]]
        total = sum(each.count for each in found)
        for row in found:
            share = row.count / total
            bound = 5 * math.sqrt(max(share * (1 - share), 1e-4) / len(outcomes))

            assert abs((outcomes == row.outcome).mean() - share) < bound


@pytest.mark.parametrize(("force", "share"), [("hampshire", 0.176), ("thames_valley", 0.187)])
def test_crimes_without_an_individual_victim(year: Crimes, force: str, share: float) -> None:
    """About 17.6% and 18.7% have no individual victim, and business robbery on top of that."""
    mine = year.force == FIGURES.forces.index(force)

    assert share - 0.005 < (~year.has_individual_victim[mine]).mean() < share + 0.01


def test_more_is_recorded_on_a_monday_by_day(year: Crimes) -> None:
    """A Monday has a fifth more than a Sunday; the small hours have the least."""
    moments = [
        (year.start + timedelta(seconds=int(each))).astimezone(LONDON)
        for each in year.seconds["CrimeRecorded"][::10]
    ]
    weekdays = np.bincount([each.weekday() for each in moments])
    hours = np.bincount([each.hour for each in moments])

    assert weekdays[0] / weekdays[6] == pytest.approx(1.10 / 0.90, abs=0.08)
    assert hours[3:6].max() < hours[9:18].min() / 3


def grades_of(subgroup: str) -> list[float]:
    """Give the shares of the four grades that the journey has for an offence subgroup."""
    for each in JOURNEY.grades_by_offence:
        if subgroup in each.offence_subgroups:
            return [*each.shares]
    return [each.value for each in JOURNEY.grades]


def test_grades_by_offence_make_those_of_all_crimes() -> None:
    """At the published mix of offences each is within half a point of what the journey says."""
    total = sum(each.count for each in FIGURES.offences)
    for place, grade in enumerate(JOURNEY.grades):
        of_all = sum(each.count * grades_of(each.subgroup)[place] for each in FIGURES.offences)

        assert of_all / total == pytest.approx(grade.value, abs=0.005)


def test_grades_have_their_shares(year: Crimes) -> None:
    """Each grade has its share of the crimes of every subgroup, within chance, and of them all."""
    subgroup = np.array([each.subgroup for each in FIGURES.offences])[year.offence]
    for name in FIGURES.subgroups:
        mine = year.grade[subgroup == name]
        for grade, share in enumerate(grades_of(name), start=1):
            bound = 5 * math.sqrt(max(share * (1 - share), 1e-4) / len(mine))

            assert abs((mine == grade).mean() - share) <= bound, (name, grade)
    of_all = np.bincount(year.grade, minlength=5)[1:] / len(year)
    # Half a point for the mix, and as much for quarters that are not those of the figures.
    assert of_all == pytest.approx([each.value for each in JOURNEY.grades], abs=0.01)


def test_robbery_is_more_urgent_than_theft(year: Crimes) -> None:
    """Most robberies are emergencies or priorities; of thefts most have nobody sent."""
    group = np.array([each.group for each in FIGURES.offences])[year.offence]
    urgent = {name: (year.grade[group == name] <= 2).mean() for name in set(group)}

    for name in ("Robbery", "Violence against the person", "Sexual offences"):
        assert urgent[name] > 0.45
    assert urgent["Theft offences"] < 0.25
    assert (year.grade[group == "Theft offences"] == 4).mean() > 0.5


def test_a_journey_may_grade_all_offences_alike() -> None:
    """Without grades by offence, those of all crimes are every subgroup's."""
    alike = make_crimes(
        figures=FIGURES,
        start=date(2026, 4, 1),
        end=date(2026, 7, 1),
        journey=structs.replace(JOURNEY, grades_by_offence=()),
        streams=Streams(5),
    )
    group = np.array([each.group for each in FIGURES.offences])[alike.offence]
    for name in ("Sexual offences", "Theft offences", "Violence against the person"):
        found = np.bincount(alike.grade[group == name], minlength=5)[1:] / (group == name).sum()

        assert found == pytest.approx([each.value for each in JOURNEY.grades], abs=0.04)


def test_domestic_abuse_has_its_share(year: Crimes) -> None:
    """A third of violence is marked as domestic abuse, and no theft of a bicycle is."""
    subgroup = np.array([each.subgroup for each in FIGURES.offences])[year.offence]

    assert year.domestic_abuse[subgroup == "Violence without injury"].mean() == pytest.approx(
        0.33, abs=0.01
    )
    assert not year.domestic_abuse[subgroup == "Bicycle theft"].any()


def test_decisions_agree_with_outcomes(year: Crimes) -> None:
    """No interview without a suspect; outcome 9 is the CPS's; an open crime has no decision."""
    interviewed, decided = year.interviewed_under_caution, year.decided_by
    police, cps, unknown = (DECIDERS.index(each) for each in DECIDERS)

    assert not (interviewed[np.isin(year.outcome, (14, 18))] == 1).any()
    assert not (decided[year.outcome == 9] == police).any()
    assert not (decided[np.isin(year.outcome, (10, 14, 18, 21))] == cps).any()
    assert (interviewed[year.outcome == 0] == -1).all()
    assert (decided[year.outcome == 0] == unknown).all()
    for column in (interviewed == -1, decided == unknown):
        assert column[year.outcome > 0].mean() == pytest.approx(0.03, abs=0.002)
