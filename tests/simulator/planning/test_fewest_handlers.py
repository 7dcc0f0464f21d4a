"""The fewest handlers: no target is met by putting callers off, and the search finds the edge."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.files.checked_toml import Amount, Share
from simulator.planning.centre_measures import call_backs_kept
from simulator.planning.fewest_handlers import (
    OCCUPANCIES,
    Fewest,
    _busiest,
    _first_keeps,
    fewest_handlers,
    with_occupancy,
)
from simulator.planning.plan_input import PlanInput
from simulator.planning.year import Year
from tests.simulator.planning.small_plans import small_plan

FORCES = ("thames_valley", "hampshire")


def centre_plan(folder: Path, **fields: Any) -> PlanInput:
    """A plan of two weeks that changes the contact centre; `__` steps into a table."""
    changes = [
        {"file": "contact_centre", "field": name.replace("__", "."), "value": value}
        for name, value in fields.items()
    ]
    plan = small_plan(folder, {"changes": changes})
    return replace(plan, study=structs.replace(plan.study, warm_up_weeks=1, weeks=2))


@given(
    edges=st.dictionaries(st.sampled_from(FORCES), st.integers(0, len(OCCUPANCIES)), min_size=1),
    near=st.integers(0, len(OCCUPANCIES) - 1),
)
def test_the_search_finds_the_edge_from_anywhere(edges: dict[str, int], near: int) -> None:
    """The first place that keeps, each force its own; none where there is none."""

    def keeps(places: Mapping[str, int]) -> dict[str, bool]:
        return {force: place >= edges[force] for force, place in places.items()}

    found = _busiest(keeps, dict.fromkeys(edges, near))

    assert found == {e: place for e, place in edges.items() if place < len(OCCUPANCIES)}


@pytest.mark.proof
@pytest.mark.slow(seconds=4)
def test_a_target_is_not_met_by_putting_callers_off(tmp_path: Path) -> None:
    """Where all of 101 would rather be rung back nobody hangs up: then the promise decides.

    The handlers found keep it, and a step fewer do not; without the promise those would do.
    """
    plan = centre_plan(
        tmp_path,
        call_backs__in_use=True,
        call_backs__offered_after_minutes=0,
        call_backs__accepted=1,
        # Few of the handlers take 999 alone, so that line is not what decides.
        forces__thames_valley__only_999=0.5,
        forces__hampshire__only_999=0.5,
    )
    year = Year(plan.planned, plan.study, seed=1, fraction=0.02)
    targets = plan.study.targets
    no_promise = structs.replace(
        targets,
        call_back_minutes=Amount(10**6, "minutes", assumed="a test"),
        called_back_in_time=Share(0, "share", assumed="a test"),
    )

    found = fewest_handlers(year, plan.planned, None, targets, {})

    steps = [found, {force: Fewest(first=each.first - 1) for force, each in found.items()}]
    kept, busier = (
        year.calls(with_occupancy(plan.planned.centres, places), plan.planned, None)
        for places in steps
    )
    for force in FORCES:
        backs = [calls[force].call_backs for calls in (kept, busier)]
        promise, broken = (
            call_backs_kept(each, year.measured, 3600) for each in backs if each is not None
        )
        assert promise.in_time_share >= 0.9
        assert promise.overdue_at_end == 0
        assert broken.in_time_share < 0.9 or broken.overdue_at_end
        # By who is answered and who hangs up alone, a step fewer would do.
        assert _first_keeps(busier[force], no_promise, year.measured)


@pytest.mark.proof
@pytest.mark.slow(seconds=4)
def test_a_second_desk_has_its_own_target(tmp_path: Path) -> None:
    """It loses no more than its target; a step fewer do; and the two forces differ."""
    plan = centre_plan(tmp_path, second_desk__in_use=True)
    year = Year(plan.planned, plan.study, seed=1, fraction=0.02)

    found = fewest_handlers(year, plan.planned, None, plan.study.targets, {})

    for force in FORCES:
        place = found[force].second
        assert place is not None
        lost = [
            year.calls(
                with_occupancy(plan.planned.centres, {force: replace(found[force], second=tried)}),
                plan.planned,
                None,
            )[force]
            .second_desk[0]
            .abandoned_share
            for tried in (place, place - 1)
        ]
        assert lost[0] is not None
        assert lost[1] is not None
        assert lost[0] <= 0.05 < lost[1]
