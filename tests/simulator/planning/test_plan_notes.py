"""What a plan says of how exact its numbers are."""

from dataclasses import replace
from pathlib import Path

from msgspec import structs

from simulator.planning.paired_years import one_year
from simulator.planning.plan_notes import half_width, plan_notes
from tests.simulator.planning.small_plans import small_plan


def test_few_years_are_never_as_exact_as_asked(tmp_path: Path) -> None:
    """The same interval is narrow enough or too wide; of fewer years than asked it is neither."""
    plan = small_plan(tmp_path)
    years = [one_year(plan, number) for number in (0, 1)]
    wide = half_width(years)

    def said(wanted: float, years_wanted: int) -> str:
        study = structs.replace(
            plan.study, half_width=structs.replace(plan.study.half_width, value=wanted)
        )
        return plan_notes(replace(plan, study=study, years_wanted=years_wanted), years)[0]

    assert said(2 * wide, 2).endswith(f"{wide:.3%}, as asked.")
    assert said(wide / 2, 2).endswith(f"wider than the {wide / 2:.3%} asked.")
    assert said(2 * wide, 6).endswith("so few years do not settle: the study asks for 6.")
