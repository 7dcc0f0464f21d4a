"""Plans of the contact centre: each changes the desk as it should, and nothing of the victims."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from simulator.contact_centre.rosters import over_need, week_over_the_year
from simulator.planning.answers import full_time_equivalents, handler_hours_a_week
from simulator.planning.centre_measures import WAIT_OF_ALL
from simulator.planning.paired_years import OneYear, one_year
from simulator.planning.plan_decision import overdue, what_callers_get
from simulator.planning.plan_result import _columns_of_centre
from simulator.planning.study import run_plan
from simulator.planning.workers import processes_here
from tests.simulator.planning.small_plans import PLANS, small_plan
from tests.simulator.real_files import parsed

FORCES = ("thames_valley", "hampshire")


def changes_of(plan: str) -> dict[str, Any]:
    """Take the changes of a plan of ours."""
    return {"changes": parsed(PLANS / f"{plan}.toml")["changes"]}


def year_of(folder: Path, plan: str) -> OneYear:
    """Make one small year of a plan of ours."""
    return one_year(small_plan(folder, changes_of(plan)), 0)


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_a_reserve_makes_999_quicker_and_101_slower(tmp_path: Path) -> None:
    """In both forces; nobody rings more or less on 999 for it, but for those who ring again."""
    year = year_of(tmp_path, "reserve-for-999")

    for force in FORCES:
        today, planned = year.desk["today"], year.desk["planned"]
        assert planned[f"{force} 999"][2] < 0.7 * today[f"{force} 999"][2]
        assert planned[f"{force} 999"][3] > today[f"{force} 999"][3]
        assert planned[f"{force} 101"][2] > today[f"{force} 101"][2]
    assert year.planned == year.today
    said = what_callers_get([year])
    assert said.startswith("; callers: ")
    for each in (
        "Hampshire 101 abandoned ",
        "Thames Valley 101 abandoned ",
        "999 answered in 10 s ",
    ):
        assert each in said
    assert what_callers_get([structs.replace(year, desk={**year.desk, "planned": today})]) == ""
    assert year.desk["without"] == year_of(tmp_path, "call-backs-on-101").desk["without"]


@pytest.mark.slow(seconds=4)
def test_call_backs_are_counted_where_they_are_made(tmp_path: Path) -> None:
    """Everybody who leaves the line is rung back or tried in vain; fewer hang up on 101."""
    year = year_of(tmp_path, "call-backs-on-101")

    assert year.centre["today"] == year.centre["without"] == {}
    for name in ("Thames Valley", "Hampshire"):
        left, called, wait, in_vain = (
            year.centre["planned"][f"{name} 101: {each}"][1]
            for each in (
                "left the line for a call back",
                "called back",
                "mean wait for a call back",
                "never reached by a call back",
            )
        )
        assert left == called + in_vain
        assert called > 10 * in_vain > 0
        assert wait > 0
    assert "Hampshire 101 called back after " in what_callers_get([year])
    for name in ("Thames Valley", "Hampshire"):
        of_all = year.centre["planned"][f"{name} 101: mean wait, called back or not"][1]
        [at_once] = [
            wait
            for key, (_offered, _lost, wait, _in_target) in year.desk["planned"].items()
            if key == f"{name.lower().replace(' ', '_')} 101"
        ]
        assert (
            at_once < of_all < year.centre["planned"][f"{name} 101: mean wait for a call back"][1]
        )
        assert year.centre["planned"][f"{name} 101: first tried after over 60 min"][1] < 0.1
        [row] = [
            each for each in _columns_of_centre([year]) if each.name == f"{name} 101{WAIT_OF_ALL}"
        ]
        # Today nobody is rung back: all wait on the line.
        assert row.today == [year.desk["today"][f"{name.lower().replace(' ', '_')} 101"][2]]
        assert row.planned == [of_all]
    assert overdue([year]) == ""
    backlog = {**year.centre["planned"], "Hampshire 101: overdue at the year's end": ("calls", 41)}
    other = structs.replace(year, centre={**year.centre, "planned": backlog})
    assert overdue([year, other]) == (
        "; WARNING: call-backs overdue when the year ends: 20 on Hampshire 101"
    )
    for force in FORCES:
        lost = [year.desk[plan][f"{force} 101"][1] for plan in ("today", "planned")]
        assert lost[1] < lost[0]


@pytest.mark.proof
@pytest.mark.slow(seconds=4)
def test_a_second_desk_has_measures_of_its_own(tmp_path: Path) -> None:
    """The result has a row for its calls, those abandoned and the wait, in both forces."""
    plan = small_plan(tmp_path, changes_of("second-desk"))
    with processes_here(1) as make_years:
        result = run_plan(plan, make_years)

    rows = {each.name: each for each in result.measures if "second desk" in each.name}
    assert len(rows) == 6
    calls = rows["Hampshire second desk: calls"]
    assert calls.planned is not None
    assert calls.planned.mean > 10_000 > calls.today.mean == 0
    assert [each.name for each in result.parameters if "second_desk" in each.name] != []


def test_what_is_off_is_no_parameter(tmp_path: Path) -> None:
    """The numbers of call-backs, shifts and a second desk that nobody uses are not printed."""
    plan = small_plan(tmp_path)
    with processes_here(1) as make_years:
        result = run_plan(plan, make_years)

    assert [e.name for e in result.parameters if "call_backs" in e.name or "shifts" in e.name] == []


def test_shifts_ask_for_more_people_than_hours_do(tmp_path: Path) -> None:
    """Whole shifts with breaks and absence: more people; an hour is paid alike with and without."""
    plan = small_plan(tmp_path, changes_of("shifts-with-breaks"))

    for force in FORCES:
        today, planned = (
            (
                handler_hours_a_week(files.centres, force, files.costs),
                full_time_equivalents(files.centres, force, files.costs),
            )
            for files in (plan.today, plan.planned)
        )
        assert 1.05 < planned[0] / today[0] < 1.6
        hours = plan.planned.costs.hours_a_week.value
        for paid, equivalents in (today, planned):
            assert equivalents == pytest.approx(paid / 0.7 / hours)
        # Of those rostered a quarter is absent, by the shifts' own shrinkage.
        at_work, rostered = week_over_the_year(plan.planned.centres, force)
        assert planned[1] == pytest.approx(rostered / hours)
        assert at_work == pytest.approx(0.75 * rostered)
        assert 0.1 < over_need(plan.planned.centres, force) < 0.6
        assert over_need(plan.today.centres, force) == 0


def test_the_pounds_of_a_rota_are_those_of_its_people(tmp_path: Path) -> None:
    """More full-time equivalents are paid as so many: breaks are in the pounds once."""
    plan = small_plan(tmp_path, changes_of("shifts-with-breaks"))
    year = one_year(plan, 0)

    more = sum(
        full_time_equivalents(plan.planned.centres, force, plan.planned.costs)
        - full_time_equivalents(plan.today.centres, force, plan.today.costs)
        for force in FORCES
    )
    assert year.benefit_planned["- as full-time equivalents"] == pytest.approx(more)
    pay = -27 * more * 37 * 0.7 * plan.study.weeks
    assert year.benefit_planned["- as their pay"] == pytest.approx(pay)
    net = year.benefit_planned["Net benefit"] - year.benefit_today["Net benefit"]
    assert net == pytest.approx(pay)
    assert "- as their pay" not in year.benefit_today


def test_a_call_saved_saves_the_operator_too(tmp_path: Path) -> None:
    """Three in ten update calls are passed on after 120 seconds: 336 are saved, not 300."""
    plan = small_plan(tmp_path, changes_of("second-desk"))
    year = one_year(plan, 0)

    for plan_of, benefit, seconds in (
        (year.today, year.benefit_today, 300),
        (year.planned, year.benefit_planned, 336),
    ):
        assert benefit["Call handlers' hours saved"] == pytest.approx(plan_of.net * seconds / 3600)
