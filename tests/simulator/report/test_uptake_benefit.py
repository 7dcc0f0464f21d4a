"""A quarter at other uptakes in words: hours and pounds, each with its interval."""

from msgspec import structs

from simulator.report.call_tables import call_tables
from simulator.report.uptake_benefit import uptake_benefit_tables
from simulator.results.values import Estimate, UptakeBenefit
from tests.simulator.report import samples


def benefit(share: float) -> UptakeBenefit:
    """Give what one share comes to."""

    def near(mean: float, half: float) -> Estimate:
        return Estimate(mean=mean, low=mean - half, high=mean + half)

    return UptakeBenefit(
        registers=share,
        calls_saved=near(9_450 * share - 2_250, 200),
        handler_hours=near(1_000 * share - 200, 20),
        question_hours=near(2_000 * share, 50),
        pounds=near(-100_000 * share, 3_000),
    )


UPTAKE = structs.replace(samples.uptake(), benefit=[benefit(0.1), benefit(0.6)])


def test_each_line_has_its_interval_below_it() -> None:
    """Calls, hours of handlers and officers, and pounds, by share."""
    [table] = uptake_benefit_tables(UPTAKE, "Phase 3")

    assert table.caption == "Phase 3, the same in hours and pounds"
    assert table.columns == ("10%", "60%")
    rows = [(each.label, each.cells) for each in table.rows]
    assert rows[0] == ("Update calls saved, net", ("-1,305", "3,420"))
    assert rows[1] == ("  ± 95%", ("200", "200"))
    assert rows[6:] == [("Net benefit", ("-£10,000", "-£60,000")), ("  ± 95%", ("£3,000",) * 2)]


def test_the_published_number_has_a_column_of_its_own() -> None:
    """It is named for how many registered, and the note gives them on the other columns' scale."""
    published = structs.replace(benefit(0.07), registered=6_000)
    [table] = uptake_benefit_tables(
        structs.replace(UPTAKE, benefit=[*UPTAKE.benefit, published]), "Phase 3"
    )

    assert table.columns == ("10%", "60%", "6,000")
    assert table.note.startswith("6,000 registered in all is the one published figure: as many")
    assert "as many as if 7% of those invited here would register." in table.note
    assert "of how the weeks differ and of who was followed" in table.note


def test_it_follows_the_calls_by_uptake_where_costs_are_known() -> None:
    """Without costs there is no such table."""
    with_costs = call_tables(samples.rehearsal(uptake=UPTAKE))

    assert with_costs[1] == uptake_benefit_tables(UPTAKE, "Phase 3")[0]
    assert uptake_benefit_tables(samples.uptake(), "Phase 3") == []
