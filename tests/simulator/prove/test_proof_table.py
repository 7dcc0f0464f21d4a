"""The table of proof says what the data say, and every requirement in it is proved."""

from functools import cache

import pytest

from simulator.inputs.requirements import read_requirements
from simulator.prove.proof_table import (
    PAGE,
    Point,
    broken_by_requirement,
    proof_page,
    read_points,
    scenarios_by_requirement,
)
from tests.each_of import each_of

POINTS = read_points()
REQUIREMENTS = {each.id: each for each in read_requirements()}
NAMED = sorted({id for point in POINTS for id in point.requirements})


def test_the_page_is_as_it_would_be_written_now() -> None:
    """`python -m simulator.prove.proof_table` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == proof_page(POINTS)


def test_the_points_are_numbered_from_one_to_seven() -> None:
    """Each has requirements, or says what else proves it."""
    assert [each.number for each in POINTS] == list(range(1, 8))
    assert all(each.requirements or each.also for each in POINTS)


SCENARIOS, BROKEN = cache(scenarios_by_requirement), cache(broken_by_requirement)


@each_of((id,) for id in NAMED)
def test_each_requirement_has_a_source_a_scenario_and_a_broken_portal(id: str) -> None:
    """One of pages is judged in a browser, and one with a review by a person."""
    requirement = REQUIREMENTS[id]

    assert requirement.source
    assert requirement.of_pages or requirement.review or SCENARIOS().get(id)
    assert requirement.review or BROKEN().get(id)


def test_a_requirement_that_does_not_exist_is_refused() -> None:
    """The page is not written without it."""
    with pytest.raises(KeyError, match="NONE-01"):
        proof_page([Point(number=1, title="No such", requirements=("NONE-01",))])
