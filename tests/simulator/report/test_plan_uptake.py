"""A plan at other uptakes, in words: from which share on it gains, and in what."""

import pytest
from msgspec import structs

from simulator.report.plan_tables import plan_tables
from simulator.report.plan_uptake import uptake_sentence, uptake_table
from simulator.results.planning import BreakEven
from simulator.results.values import Estimate
from tests.simulator.report.test_plan_tables import RESULT, near


def test_the_table_has_calls_hours_and_pounds_with_intervals() -> None:
    """Each line has its half-width below it; one that is the same in every year has a dash."""
    table = uptake_table(RESULT)
    rows = [(each.label, each.cells) for each in table.rows]

    assert table.columns == ("10%", "60%", "100%", "6,000")
    assert rows[2] == ("Calls saved, net", ("-2,000", "8,000", "16,000", "-2,800"))
    assert rows[3] == ("  ± 95%", ("400",) * 4)
    assert rows[7][1] == ("–",) * 4
    assert rows[10][1] == ("-£400,000",) * 4
    assert len(rows) == 14
    assert table in plan_tables(RESULT)
    assert table not in plan_tables(structs.replace(RESULT, uptakes=[], break_evens=[]))


def test_the_sentence_has_the_break_even_beside_the_published_figure() -> None:
    """In calls, in pounds, what the plan assumes, and what 6,000 would be here."""
    assert uptake_sentence(RESULT) == (
        "Uptake: in calls it gains if 20% or more of those invited would register (17% to 23%); in "
        "pounds it gains at no uptake. The plan has 60% (assumed). The one published figure is "
        "6,000 registered in all: as many as if 6% of those invited in these 52 weeks would, "
        "where the net benefit is -£400,000 (-£409,000 to -£391,000), on a straight line between "
        "the shares that were run."
    )


def test_where_fewer_would_register_there_are_no_pounds_of_it() -> None:
    """No column and no sum, where not even everybody makes the published number."""
    result = structs.replace(RESULT, at_published=None)

    assert uptake_table(result).columns == ("10%", "60%", "100%")
    assert uptake_sentence(result).endswith("of those invited in these 52 weeks would.")


@pytest.mark.parametrize(
    ("share", "never", "said"),
    [
        (None, 2, "at no uptake in 2 of 6 years"),
        (near(0, 0), 0, "at any uptake"),
        (Estimate(mean=0.9, low=0.7, high=1.1), 0, "invited would register (70% to"),
    ],
)
def test_a_break_even_that_is_not_there_is_said_so(
    share: Estimate | None, never: int, said: str
) -> None:
    """In some years none, always some, and no share above 100%."""
    even = BreakEven(what="pounds", share=share, years=6, years_never=never)
    sentence = uptake_sentence(structs.replace(RESULT, break_evens=[even]))

    assert said in sentence
    assert "110%" not in sentence
