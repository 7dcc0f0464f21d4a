"""The crimes recorded: the forces' published volumes, offences and outcomes."""

import math
from datetime import date, timedelta

import numpy as np
import pytest

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


def test_grades_have_their_shares(year: Crimes) -> None:
    """Each grade has the share that the journey gives it."""
    found = np.bincount(year.grade, minlength=5)[1:] / len(year)

    assert found == pytest.approx([each.value for each in JOURNEY.grades], abs=0.005)


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
