"""The published years: the right months of the right years, at the volume of each."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from simulator.contact_centre.service_level import ServiceLevel
from simulator.contact_centre.staffing import read_parameters
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.force.crime_journey import read_journey
from simulator.force.crimes import make_crimes
from simulator.force.figures import load_figures
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.rehearsal.published_years import fall_in, figures_of_a_year, read_published
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.run import rehearse
from simulator.rehearsal.worries import crime_courses, make_worries
from simulator.streams import Streams
from tests.simulator.real_files import CENTRE, ROLLOUT
from tests.simulator.rehearsal.small import write_small

PUBLISHED = ROOT / "scenarios" / "published.toml"
FORCES = load_figures().forces
# By month from April 2022: calls to 101 with no portal, and with one from August 2023.
CALLS = [100] * 3 + [200, 200, 200] + [400, 400, 400] + [100] * 3
LATER = [100] * 3 + [190, 190, 190] + [380, 380, 380] + [100] * 3


def months(calls: list[int]) -> ForceCalls:
    """Make two years of months, each with both lines."""

    def level(month: int, line: str, offered: int) -> ServiceLevel:
        return ServiceLevel(
            from_seconds=month,
            to_seconds=month + 1,
            line=line,
            offered=offered,
            redials=0,
            answered=offered,
            abandoned=0,
            abandoned_share=0.0,
            wait_seconds_mean=1.0,
            answered_in_target_share=1.0,
        )

    levels = [
        level(month, line, offered if line == "101" else 7)
        for month, offered in enumerate(calls)
        for line in ("999", "101")
    ]
    return ForceCalls(levels, [0] * len(calls))


@pytest.mark.parametrize(("first", "portal"), [(3, 0.10), (6, 0.05)])
def test_a_quarter_is_compared_with_that_of_the_year_before(first: int, portal: float) -> None:
    """July to September is the fourth month on, October to December the seventh."""
    with_portal = [*CALLS, *LATER]
    with_portal[15:18] = [170, 170, 170]
    with_portal[18:21] = [360, 360, 360]

    found = fall_in("a quarter", first, 0.21, months([*CALLS, *LATER]), months(with_portal))

    assert found.published == 0.21
    assert found.without_portal == 0.05
    assert found.by_portal == portal
    assert found.with_portal == pytest.approx(0.05 + portal)


def test_a_year_has_its_own_crimes() -> None:
    """One force's quarters are scaled to the year, and its offences keep their mix."""
    figures = load_figures()
    found = figures_of_a_year(figures, "hampshire", 175_165)

    assert found.forces == ("hampshire",)
    assert sum(each.count for each in found.quarters) == pytest.approx(175_165, abs=2)
    mine = tuple(each for each in figures.offences if each.force == "hampshire")
    assert found.offences == mine


def test_every_published_figure_has_its_source() -> None:
    """The falls, shares and crimes of both forces are there, each with where it was published."""
    published = read_published(PUBLISHED, FORCES)

    assert {published.forces[each].fall_in_101_calls.value for each in FORCES} == {0.14, 0.21}
    for force in published.forces.values():
        for name in force.__struct_fields__:
            assert getattr(force, name).source


def test_a_force_without_figures_is_named(tmp_path: Path) -> None:
    """The error names the file and the force."""
    with pytest.raises(BadInput, match=r"published.toml: forces: kent is missing; add what was"):
        read_published(PUBLISHED, ["kent"])


@pytest.mark.proof
@pytest.mark.parametrize("force", FORCES)
def test_the_year_before_is_as_it_was_published(force: str) -> None:
    """In 2022-23, within 0.05 points of 999 calls abandoned and 2 s of their mean wait."""
    facts, worry = read_published(PUBLISHED, FORCES).forces[force], read_rollout(ROLLOUT).worry
    crimes = make_crimes(
        figures=figures_of_a_year(load_figures(), force, facts.crimes_2022_23.value),
        start=date(2022, 2, 1),
        end=date(2023, 4, 1),
        journey=read_journey(),
        streams=Streams(5),
    )
    worries = make_worries(crime_courses(crimes, worry), worry, Streams(5))
    run = CallComparison(
        read_parameters(CENTRE),
        force,
        start=crimes.start,
        end=crimes.start + timedelta(days=424),
        moments=worries.at_seconds,
        arises=worries.arises,
        streams=Streams(5),
    )

    emergency = run.without_portal([59 * 86_400.0, 424 * 86_400.0]).levels[0]

    published = {"hampshire": 11.0, "thames_valley": 11.3}
    assert emergency.abandoned_share == pytest.approx(facts.abandoned_999_2022_23.value, abs=0.0005)
    assert emergency.wait_seconds_mean == pytest.approx(published[force], abs=2)


@pytest.mark.proof
def test_both_years_are_run_for_both_forces(tmp_path: Path) -> None:
    """Without a portal the years differ by little; with it some calls are saved, after August."""

    def with_published(raw: dict[str, object]) -> None:
        raw["published"] = str(PUBLISHED)

    path = write_small(tmp_path, rollout=with_published)
    years = rehearse(path, seed=1, fraction=0.02, compares_years=True).result.published

    assert [each.force for each in years] == list(FORCES)
    for each in years:
        summer, autumn = each.falls
        assert -0.02 < summer.without_portal < 0.05
        assert summer.by_portal < autumn.by_portal < 0.05
        assert each.abandoned_999_with[0] == each.abandoned_999_without[0]
        assert each.abandoned_999_with[1] < each.abandoned_999_without[1]
        for share, (low, high) in zip(
            each.abandoned_999_with, each.abandoned_999_with_spans, strict=True
        ):
            assert 0 < low < share < high < 2 * share
