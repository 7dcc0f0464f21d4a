"""Plans are read with their changes, and a mistake is one sentence that names the field."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from simulator.errors import BadInput
from simulator.planning.plan_input import read_plan
from simulator.planning.scenario import read_scenario, read_year
from tests.simulator.planning.small_plans import PLANS, STUDY, write_plan
from tests.simulator.real_files import ROOT, parsed

#: All of them together.
pytestmark = pytest.mark.slow(seconds=10)


def refused(path: Path) -> str:
    """Read a plan that must be refused; return the sentence."""
    with pytest.raises(BadInput) as caught:
        read_plan(path, seed=1, fraction=None, replications=None, is_brief=True)
    return str(caught.value)


@pytest.mark.parametrize("path", sorted(PLANS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_plan_can_be_read(path: Path) -> None:
    """Its changes are fields of the files that it names."""
    plan = read_plan(path, seed=1, fraction=None, replications=None, is_brief=True)

    assert plan.scenario.question.endswith("?")
    is_changed = plan.planned != plan.today
    assert is_changed == (path.stem != "as-today")


def test_a_change_is_where_it_belongs(tmp_path: Path) -> None:
    """A rate keeps its unit and says where its value comes from; a plain field is replaced."""
    changes = [
        {"file": "rollout", "field": "officers.caseload", "value": 99},
        {"file": "order", "field": "messages.per_week_max", "value": 7},
    ]
    path = write_plan(tmp_path, {"changes": changes})
    scenario, study = read_scenario(path)

    year = read_year(study, scenario.changes, said_in="plan.toml")

    assert year.rollout.officers.caseload.value == 99
    assert year.rollout.officers.caseload.assumed == "as plan.toml says"
    assert year.order.messages.per_week_max == 7


def test_what_both_sides_have_is_on_todays_side_too(tmp_path: Path) -> None:
    """A rota under `both` is compared with the same rota; the same field twice is refused."""
    shifts = {"file": "contact_centre", "field": "shifts.in_use", "value": True}
    fewer = {"file": "contact_centre", "field": "handlers_factor", "value": 0.9}

    path = write_plan(tmp_path, {"both": [shifts], "changes": [fewer]})
    plan = read_plan(path, seed=1, fraction=None, replications=None, is_brief=True)

    for force in ("hampshire", "thames_valley"):
        assert plan.today.centres.shifts_of(force) == plan.planned.centres.shifts_of(force)
        assert plan.today.centres.shifts_of(force) is not None
        assert plan.today.centres.factor_of(force) == 1
        assert plan.planned.centres.factor_of(force) == 0.9
    twice = write_plan(tmp_path, {"both": [shifts], "changes": [shifts]})
    assert "shifts.in_use of contact_centre is changed twice; keep one" in refused(twice)


def test_full_time_equivalents_have_the_hours_that_are_paid(tmp_path: Path) -> None:
    """Another number of hours a week than the costs have would roster other people than it says."""
    centre = parsed(ROOT / "scenarios" / "contact-centre.toml")
    del centre["forces"]["hampshire"]["occupancy_target"]
    centre["shifts"]["in_use"] = True
    said = {"unit": "as given", "assumed": "for a test"}
    centre["forces"]["hampshire"]["roster"] = {
        "full_time_equivalents": {"value": 130, **said},
        "hours_a_week": {"value": 40, **said},
    }
    (tmp_path / "centre.toml").write_text(tomli_w.dumps(centre))
    own = {"file": "rollout", "field": "contact_centre", "value": str(tmp_path / "centre.toml")}

    sentence = refused(write_plan(tmp_path, {"changes": [own]}))

    assert (
        "forces.hampshire.roster.hours_a_week is 40, and hours_a_week of the costs is 37"
        in sentence
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"file": "rollout", "field": "officer.caseload", "value": 9},
            "officer.caseload: no such field",
        ),
        ({"file": "rollout", "field": "officers.caselod", "value": 9}, "did you mean 'caseload'"),
        ({"file": "order", "field": "messages.per_week_max", "value": 0}, "per_week_max"),
        ({"file": "order", "field": "messages.per_week_max", "value": "many"}, "it is 'many'"),
        (
            {"file": "rollout", "field": "officers.caseload", "value": "many"},
            "plan.toml: officers.caseload: it is 'many'; give a number",
        ),
        ({"file": "rollout", "field": "officers.caseload", "value": True}, "give a number"),
        (
            {"file": "rollout", "field": "officers.caseload", "value": -5},
            "phased-rollout.toml: officers.caseload: value is -5; give a number of 1 or more",
        ),
        (
            {"file": "rollout", "field": "officers.caseload", "value": 0},
            "phased-rollout.toml: officers.caseload: value is 0; give a number of 1 or more",
        ),
        (
            {"file": "contact_centre", "field": "handlers_factor", "value": 0},
            "contact-centre.toml: handlers_factor: value is 0; give a number above 0",
        ),
        (
            {"file": "contact_centre", "field": "handlers_factor", "value": 100},
            "contact-centre.toml: handlers_factor is 100; give more than 0 and at most 10",
        ),
        ({"file": "cost", "field": "handler_hour", "value": 1}, "one of"),
        ({"file": "costs", "field": "handler_hour", "value": -1}, "changed as it says"),
        (
            {"file": "rollout", "field": "officers.answer_hours_median.unit", "value": "days"},
            "give officers.answer_hours_median",
        ),
        ({"file": "rollout", "field": "worry.moments_mean", "value": 1.2}, "update calls"),
        (
            {"file": "contact_centre", "field": "forces.hampshire.reserve_999", "value": 999},
            "forces.hampshire: teams: nobody ever answers 101 while 999 shared handlers stay free",
        ),
        ({"file": "contact_centre", "field": "shifts.in_use", "value": 1}, "shifts.in_use"),
    ],
)
def test_a_wrong_change_is_refused(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    """The sentence names the field, and how to mend it."""
    assert said in refused(write_plan(tmp_path, {"changes": [change]}))


def test_fewer_years_than_the_study_asks_for_are_known_as_such(tmp_path: Path) -> None:
    """However many are asked for here, the fewest of the study's file are remembered."""
    path = write_plan(tmp_path, study=lambda raw: raw.update(replications_max=8))
    plan = read_plan(path, seed=1, fraction=None, replications=5, is_brief=True)

    assert (plan.study.replications_min, plan.study.replications_max) == (5, 5)
    assert plan.years_wanted == 2


def test_an_outage_outside_the_measured_weeks_is_refused(tmp_path: Path) -> None:
    """The sentence says which days are measured."""
    from datetime import date

    outage = {"day": date(2027, 1, 5), "from_hour": 8, "hours": 2.0}

    assert "give a day from 2027-01-18" in refused(write_plan(tmp_path, {"outages": [outage]}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replications_max": 1}, "replications_max"),
        ({"fraction": 0}, "fraction"),
        ({"half_width": {"value": 2, "unit": "share", "assumed": "x"}}, "half_width"),
    ],
)
def test_a_wrong_study_is_refused(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    """The sentence names the study's field."""
    path = write_plan(tmp_path, study=lambda raw: raw.update(changes))

    assert said in refused(path)


def test_a_field_that_is_changed_twice_is_refused(tmp_path: Path) -> None:
    """The second would hide the first."""
    changes = [
        {"file": "costs", "field": "licence_a_year", "value": each} for each in (100_000, 200_000)
    ]

    assert "changed twice" in refused(write_plan(tmp_path, {"changes": changes}))


def test_the_tornado_has_ten_numbers_or_more() -> None:
    """Each with why it may be so far off."""
    _scenario, study = read_scenario(PLANS / "as-today.toml")

    assert len(study.numbers) >= 10
    assert all(each.why for each in study.numbers)
    assert "worry.too_many_worries" in {each.field for each in study.numbers}
    assert STUDY.exists()
