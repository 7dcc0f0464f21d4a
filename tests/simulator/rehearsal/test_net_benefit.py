"""What a portal saves and costs: by hand, from data with sources, and with intervals."""

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.rehearsal.intervals import t_quantile
from simulator.rehearsal.net_benefit import (
    BREAK_EVEN,
    NET,
    UseOfPortal,
    benefit_of,
    read_costs,
    weekly_benefit,
)
from tests.simulator.real_files import ROOT, spoiled

COSTS = ROOT / "scenarios" / "costs.toml"


def use(questions: float = 60.0) -> UseOfPortal:
    """Give a year in which 1,200 calls are saved."""
    return UseOfPortal(
        weeks=365.25 / 7,
        calls_saved=1200,
        questions=questions,
        other_tasks=30,
        texts=1000,
        call_seconds=300,
        task_minutes=10,
    )


def test_hours_and_pounds_are_those_reckoned_by_hand() -> None:
    """100 handler hours at £27, those on call-backs less 15 on tasks at £45, texts, the programme.

    Of 360 call-backs 97.3% are picked up within three tries, for nine minutes, and 0.417 tries each
    are in vain, for three.
    """
    costs = read_costs(COSTS)

    found = benefit_of(use(), costs)

    assert found["Call handlers' hours saved"] == 100
    on_call_backs = 360 * (0.973 * 9 + 0.417 * 3) / 60
    assert found["Officers' hours saved on call-backs"] == pytest.approx(on_call_backs)
    assert found["Officers' hours spent on questions"] == 10
    by_hand = 100 * 27 + (on_call_backs - 10 - 5) * 45 - 16
    assert found[NET] == pytest.approx(by_hand - costs.programme_a_year)
    assert costs.programme_a_year > 10_000


def test_at_the_break_even_time_running_costs_what_it_saves() -> None:
    """With questions that take as long, the net benefit is minus the programme alone."""
    costs = read_costs(COSTS)
    minutes = benefit_of(use(), costs)[BREAK_EVEN]
    asked = use()
    # Other tasks go on taking ten minutes: so many more of them would take the difference.
    found = benefit_of(asked, costs)

    spare = found[NET] + costs.programme_a_year
    assert (minutes - 10) / 60 * asked.questions * 45 == pytest.approx(spare)


@pytest.mark.parametrize(("fewer", "paid"), [(0, 100), (40, 100), (100, 100), (250, 250)])
def test_time_set_free_does_not_count_beside_the_pay_of_fewer_handlers(
    fewer: float, paid: float
) -> None:
    """Of 100 hours set free, as many as are rostered no longer are paid no longer: once."""
    costs = read_costs(COSTS)
    found = benefit_of(replace(use(), rostered_hours_more=-fewer), costs)

    nothing_rostered = benefit_of(use(), costs)[NET]
    assert found[NET] - nothing_rostered == pytest.approx((paid - 100) * costs.handler_hour.value)
    assert found["Call handlers' hours saved"] == 100


def test_more_questions_cost_more() -> None:
    """Every question takes an officer's time."""
    costs = read_costs(COSTS)

    assert benefit_of(use(600), costs)[NET] < benefit_of(use(60), costs)[NET]


def test_weeks_add_up_with_an_interval() -> None:
    """Equal weeks have no width; weeks that differ have one around the same sum."""
    costs = read_costs(COSTS)
    level = {e.name: e.value for e in weekly_benefit([use(60)] * 4, costs)}
    uneven = {e.name: e.value for e in weekly_benefit([use(20), use(100)] * 2, costs)}
    name = "Officers' hours spent on questions"

    assert level[name].mean == uneven[name].mean == 40
    assert level[name].half_width == 0
    assert uneven[name].half_width > 10


def test_hours_spent_are_not_below_0_and_costs_not_above() -> None:
    """However much two weeks differ; a net of what is saved and made may be either."""
    weeks = [replace(use(0), other_tasks=0, texts=0), use(100)]
    lines = {e.name: e.value for e in weekly_benefit(weeks, read_costs(COSTS))}

    assert lines["Officers' hours spent on questions"].low == 0
    assert lines["Officers' hours spent on its other tasks"].low == 0
    assert lines["Texts"].high == 0
    assert lines["Net benefit"].low < lines["Net benefit"].mean


def test_an_error_that_all_weeks_share_widens_the_sum() -> None:
    """50 calls more or fewer in all are 50 calls of the sum, however many weeks there are."""
    costs = read_costs(COSTS)
    for weeks in (4, 12):
        lines = {e.name: e.value for e in weekly_benefit([use()] * weeks, costs, saved_error=50)}
        calls = lines["Update calls saved, net of those made"]

        assert calls.half_width == pytest.approx(50 * t_quantile(weeks - 1))
        assert lines["Officers' hours spent on questions"].half_width == 0
        assert lines[NET].half_width > 50 * 300 / 3600 * 27


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("value = 27", "value = -27", "handler_hour: "),
        (
            "[hours_a_week]\nvalue = 37",
            "[hours_a_week]\nvalue = 0",
            "hours_a_week: value is 0; give a number above 0",
        ),
        ("[shrinkage]\nvalue = 0.3", "[shrinkage]\nvalue = 1", "shrinkage is 1"),
    ],
)
def test_a_wrong_cost_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The sentence names the field and its value."""
    with pytest.raises(BadInput, match=said):
        read_costs(spoiled(tmp_path, COSTS, (old, new)))
