"""A plan is run in pairs: what it does not change stays the same, call for call."""

from dataclasses import replace
from math import sqrt
from pathlib import Path
from statistics import mean

import msgspec
import pytest
from msgspec import structs

from simulator.planning.paired_years import OneYear, one_year
from simulator.planning.plan_input import PlanInput
from simulator.planning.study import run_plan
from simulator.planning.variations import UPTAKES
from simulator.planning.workers import processes_here
from simulator.planning.year import Year
from simulator.results.planning import MADE_BY, PlanResult
from tests.simulator.planning.small_plans import NUMBERS_KEPT, small_plan

HALF = {"file": "rollout", "field": "officers.caseload", "value": 120}
NO_WORK = {"file": "rollout", "field": "officers.work_hours_mean", "value": 0}
NOBODY = {"file": "rollout", "field": "victims.registers", "value": 0}


def year_of(folder: Path, *changes: dict[str, object]) -> OneYear:
    """Make one year of a plan with these changes."""
    return one_year(small_plan(folder, {"changes": list(changes)}), 0)


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> OneYear:
    """A year of a plan that changes nothing, for all tests that compare with it."""
    return year_of(tmp_path_factory.mktemp("unchanged"))


def test_a_plan_that_changes_nothing_differs_in_nothing(unchanged: OneYear) -> None:
    """Figures, desk and benefit are those of today."""
    year = unchanged

    assert year.planned == year.today
    assert year.desk["planned"] == year.desk["today"]
    assert year.benefit_planned == year.benefit_today
    assert year.today.calls_saved > 100
    assert year.today.questions > 100


def test_fewer_officers_answer_later_and_no_one_else_changes(
    tmp_path: Path, unchanged: OneYear
) -> None:
    """With half of the officers questions take longer, and wrong details stay longer.

    Each has twice the crimes and twice their work, and nothing else is changed. So no more
    register; who worries, and what happens without a portal, is the same.
    """
    year = year_of(tmp_path, HALF)

    assert year.planned.answer_hours_median > 1.4 * year.today.answer_hours_median
    assert year.planned.officers_time_used == pytest.approx(
        2 * year.today.officers_time_used, rel=0.15
    )
    assert 0 < year.planned.registered <= year.today.registered
    assert year.planned.update_calls == year.today.update_calls
    assert year.desk["without"] == unchanged.desk["without"]


def test_the_queue_makes_answers_late_and_no_assumed_delay_does(tmp_path: Path) -> None:
    """Where crimes bring no work, half of the officers answer about as soon as all."""
    idle, half = (year_of(tmp_path, *changes) for changes in ((NO_WORK,), (NO_WORK, HALF)))

    assert half.planned.answer_hours_median < 1.2 * idle.planned.answer_hours_median


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_the_usual_time_to_an_answer_comes_out(tmp_path: Path) -> None:
    """Half of answers come within the rollout's hours, in the mean of four years, to a tenth.

    So the numbers that make the queue are fitted to what the rollout says comes out.
    """
    plan = small_plan(tmp_path)
    study = structs.replace(plan.study, warm_up_weeks=12, weeks=52)
    found = [
        Year(plan.today, study, seed=each, fraction=0.02).run(plan.today).figures
        for each in (1, 2, 3, 4)
    ]

    usual = plan.today.rollout.officers.usual_answer_hours.value
    assert mean(each.answer_hours_median for each in found) == pytest.approx(usual, rel=0.1)
    assert mean(each.officers_time_used for each in found) == pytest.approx(0.46, abs=0.03)


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_twice_the_officers_answer_sooner_and_half_of_them_much_later(tmp_path: Path) -> None:
    """From the queue alone: the busier they are already, the more half of them cost."""
    hours = {}
    for caseload in (30, 60, 120):
        change = {"file": "rollout", "field": "officers.caseload", "value": caseload}
        plan = small_plan(tmp_path, {"changes": [change]})
        study = structs.replace(plan.study, warm_up_weeks=12, weeks=52)
        year = Year(plan.planned, study, seed=1, fraction=0.02)
        hours[caseload] = year.run(plan.planned).figures.answer_hours_median

    assert hours[30] < 0.8 * hours[60]
    assert hours[120] - hours[60] > 3 * (hours[60] - hours[30])


def test_an_update_call_leaves_officers_a_task(tmp_path: Path, unchanged: OneYear) -> None:
    """Of three calls in ten one is rung back, which takes time; where none is, none is spent.

    The portal's own tasks, and what they cost, are the same.
    """
    none = {"file": "costs", "field": "call_back_share", "value": 0}
    year = year_of(tmp_path, none)

    today, planned = year.today, year.planned
    calls = today.update_calls - today.net
    assert today.call_backs == pytest.approx(0.3 * calls, rel=0.2)
    assert planned.call_backs == 0
    assert planned.tasks_time_used < 0.8 * today.tasks_time_used
    assert planned.officers_time_used < today.officers_time_used
    assert planned.other_tasks == pytest.approx(today.other_tasks, rel=0.02)
    assert unchanged.today.call_backs == unchanged.planned.call_backs > 0


def test_where_nobody_registers_the_portal_makes_calls_alone(tmp_path: Path) -> None:
    """It saves none; nobody asks; and more ring than without it."""
    year = year_of(tmp_path, NOBODY)

    assert year.planned.calls_saved == year.planned.questions == year.planned.registered == 0
    assert year.planned.calls_made > year.today.calls_made > 0
    assert year.benefit_planned["Net benefit"] < 0


def made_by(plan: PlanInput, processes: int) -> bytes:
    """Run a plan in so many processes."""
    with processes_here(processes) as make_years:
        return msgspec.json.encode(run_plan(plan, make_years))


@pytest.mark.slow(seconds=8)
@pytest.mark.parametrize("processes", [2, pytest.param(4, marks=pytest.mark.proof)])
def test_any_number_of_processes_comes_to_the_same(tmp_path: Path, processes: int) -> None:
    """One seed gives one result, byte for byte, on 1, 2 and 4 processes with a year each."""
    plan = small_plan(tmp_path, {"changes": [HALF]})
    study = structs.replace(plan.study, warm_up_weeks=1, weeks=1, fraction=0.005)
    study = structs.replace(study, replications_min=processes, replications_max=processes)
    plan = replace(plan, study=study)

    alone = made_by(plan, 1)

    assert made_by(plan, processes) == alone
    years = msgspec.json.decode(alone, type=PlanResult).years
    assert len({each.seed for each in years}) == processes


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> PlanResult:
    """A plan without what runs it again: its messages, numbers and uptakes."""
    folder = tmp_path_factory.mktemp("brief")
    with processes_here(1) as make_years:
        return run_plan(small_plan(folder, {"changes": [HALF]}), make_years)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> PlanResult:
    """A plan with every part."""
    folder = tmp_path_factory.mktemp("whole")
    with processes_here(1) as make_years:
        return run_plan(small_plan(folder, {"changes": [HALF]}, is_brief=False), make_years)


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_each_message_is_switched_off_in_turn(whole: PlanResult) -> None:
    """Every trigger of the order and both automatic messages; without an invitation none is."""
    effects = {each.event: each for each in whole.messages}

    assert {"CrimeRecorded", "CrimeClosed", "MilestoneReached", "advice"} < set(effects)
    assert len(effects) == 14
    assert [each.event for each in whole.messages if each.is_invitation] == ["CrimeRecorded"]
    assert effects["CrimeRecorded"].messages == max(each.messages for each in whole.messages)
    assert effects["CrimeTransferred"].messages < effects["CrimeClosed"].messages


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_the_journey_of_each_offence_group_is_counted(whole: PlanResult) -> None:
    """By name, from the first year's crimes: rape takes 98 days, and only thefts have property."""
    found = {
        each.group: {step.name: step for step in each.steps} for each in whole.journeys_by_group
    }

    assert len(found) == 9
    assert list(found) == sorted(found)
    assert found["Sexual offences"]["Outcome recorded"].soon == "30 days to 98 days"
    assert "property found" in found["Theft offences"]
    assert "property found" not in found["Drug offences"]


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_all_updates_are_switched_off_together(whole: PlanResult) -> None:
    """They are more messages than any one of them; the invitation and sign-ins are left."""
    assert whole.all_updates is not None
    updates = [each.messages for each in whole.messages if not each.is_invitation]
    everything = next(each.messages for each in whole.messages if each.is_invitation)

    assert max(updates) < whole.all_updates.messages < everything


@pytest.mark.slow(seconds=8)
def test_the_calls_that_messages_make_are_of_four_causes(brief: PlanResult) -> None:
    """The four add up, and at least two of them are there."""
    rows = {each.name: each.today.mean for each in brief.measures}
    causes = [rows[f"- - {each}"] for each in MADE_BY]

    assert sum(causes) == pytest.approx(rows["- made by its messages"])
    assert sum(each > 0 for each in causes) >= 2


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_the_plan_is_run_again_at_other_uptakes(whole: PlanResult) -> None:
    """At the plan's own share it is the plan; the more register, the more is saved and asked."""
    by_share = {each.registers: each for each in whole.uptakes}
    benefit = {each.name: each.value for each in whole.benefit}

    assert list(by_share) == list(UPTAKES)
    assert whole.registers in by_share
    assert by_share[whole.registers].pounds == benefit["Net benefit"]
    assert by_share[whole.registers].question_hours == benefit["Officers' hours spent on questions"]
    for of in ("registered", "calls_saved", "question_hours"):
        found = [getattr(each, of).mean for each in whole.uptakes]
        assert found == sorted(found)
        assert found[0] < found[-1]
    assert by_share[0].registered.mean == by_share[0].question_hours.mean == 0
    assert by_share[0].calls_saved.mean < 0
    assert [each.what for each in whole.break_evens][:2] == ["calls", "pounds"]


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_the_tornado_has_the_widest_swing_first(whole: PlanResult) -> None:
    """Fewer registered save fewer calls, more save more."""
    assert len(whole.swings) == NUMBERS_KEPT
    assert whole.swings[0].width >= whole.swings[1].width
    [registers] = [each for each in whole.swings if each.name == "Invited victims who register"]
    assert registers.at_low.mean < 0 < registers.at_high.mean


@pytest.mark.slow(seconds=8)
def test_the_answers_are_of_full_volume(brief: PlanResult) -> None:
    """The busiest minute, and the handlers with a portal and without it, by force."""
    assert brief.peak.messages > 100
    assert brief.peak.per_second == pytest.approx(brief.peak.messages / 900)
    for each in brief.rosters:
        assert each.years == brief.replications
        assert each.without is not None
        assert each.planned is not None
        assert 0 < each.planned.mean <= each.without.mean


def test_what_is_saved_is_what_became_of_followed_worries(tmp_path: Path) -> None:
    """A worry after the year, of which nothing became, makes the saved share no smaller."""
    plan = small_plan(tmp_path)
    year = Year(plan.today, plan.study, seed=1, fraction=0.3)
    run = year.run(plan.today)
    worries = year._worries(plan.today)
    of_followed = worries.at_seconds[year._population.followed[worries.row]]
    is_measured = of_followed >= plan.study.warm_up_weeks * 7 * 86_400
    arose = worries.arises[year._population.followed[worries.row]]
    settled = int((arose & ~run.use.rang)[is_measured].sum())

    assert settled > 200
    assert run.figures.calls_saved == pytest.approx(settled / 0.3, abs=4 * sqrt(settled) / 0.3)


def test_closures_wait_for_monday(tmp_path: Path) -> None:
    """With all closures on Monday at nine, none is at another time."""
    monday = {"value": 1, "unit": "share", "assumed": "all"}
    plan = small_plan(tmp_path, {"closed_on_monday": monday})
    crimes = Year(plan.planned, plan.study, seed=1, fraction=0.02)._crimes
    closed = crimes.seconds["CrimeClosed"]

    at = closed[closed >= 0] % (7 * 86_400)
    # The study starts on a Monday in winter; summer time is an hour earlier.
    assert set(at.tolist()) <= {9 * 3600, 8 * 3600}
    assert len(at) > 1000


def test_what_things_cost_changes_pounds_and_nothing_else(tmp_path: Path) -> None:
    """A licence costs what it costs, and the year goes as today."""
    licence = {"file": "costs", "field": "licence_a_year", "value": 100_000}
    year = year_of(tmp_path, licence)

    assert year.planned == year.today
    assert year.desk["planned"] == year.desk["today"]
    net = year.benefit_planned["Net benefit"] - year.benefit_today["Net benefit"]
    assert net == pytest.approx(-100_000 * 4 * 7 / 365.25)


def test_handlers_whom_a_plan_does_not_roster_are_not_paid(tmp_path: Path) -> None:
    """Busier handlers are fewer: their hours and pounds are in the plan's benefit."""
    busier = {
        "file": "contact_centre",
        "field": "forces.thames_valley.occupancy_target",
        "value": 0.95,
    }
    year = year_of(tmp_path, busier)

    hours = year.benefit_planned["Handlers' hours rostered, more than today"]
    assert hours < 0 == year.benefit_today["Handlers' hours rostered, more than today"]
    net = year.benefit_planned["Net benefit"] - year.benefit_today["Net benefit"]
    # Of the time that calls set free, as much as they are fewer is paid no longer.
    set_free = year.benefit_planned["Call handlers' hours saved"]
    assert net == pytest.approx(27 * (-hours - min(max(0, set_free), -hours)))


def test_the_warm_up_is_not_counted(tmp_path: Path, unchanged: OneYear) -> None:
    """Of the same six weeks a shorter warm-up counts more messages, people and tasks."""
    year = unchanged
    plan = small_plan(tmp_path)
    plan = replace(plan, study=structs.replace(plan.study, warm_up_weeks=1, weeks=5))
    more = one_year(plan, 0)

    for name in ("messages", "registered", "other_tasks", "texts"):
        assert 0 < getattr(year.today, name) < getattr(more.today, name)


def test_a_plan_is_held_against_no_portal_first(brief: PlanResult) -> None:
    """A plan that loses less is not said to pay."""
    assert brief.decision.startswith("it does not pay: -£")
    assert "a year beside no portal" in brief.decision
    assert "today's plan" in brief.decision


def test_the_measures_are_the_means_of_the_years(brief: PlanResult) -> None:
    """What is reckoned from the years one by one is what the table shows."""
    for each in brief.measures:
        today = [year.today[each.name] for year in brief.years]
        assert sum(today) / len(today) == pytest.approx(each.today.mean)
    assert len({year.seed for year in brief.years}) == brief.replications == len(brief.years)


def test_the_hours_and_the_abandoned_calls_are_those_of_the_lines(brief: PlanResult) -> None:
    """The hours add up to the calls offered; from 0 s on all who hang up are abandoned calls."""
    rows = {each.name: each.today.mean for each in brief.measures}
    for force, name in (("thames_valley", "Thames Valley"), ("hampshire", "Hampshire")):
        for line in ("999", "101"):
            here = [e for e in brief.hours if (e.force, e.line) == (force, line)]
            assert [each.hour for each in here] == list(range(24))
            offered = sum(each.today.offered for each in here)
            assert offered == pytest.approx(rows[f"{name} {line}: calls offered"])
            abandoned = {
                e.after_seconds: e.today.mean
                for e in brief.abandonment
                if (e.force, e.line) == (force, line)
            }
            assert abandoned[0] == pytest.approx(rows[f"{name} {line}: abandoned"])
            assert abandoned[0] >= abandoned[5] >= abandoned[10] >= abandoned[60] > 0
    assert len(brief.weeks_saved) == brief.warm_up_weeks + brief.weeks
    assert sum(week for week, _planned in brief.weeks_saved[brief.warm_up_weeks :]) == (
        pytest.approx(rows["- saved, net"])
    )
