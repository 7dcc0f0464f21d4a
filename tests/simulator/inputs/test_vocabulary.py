"""An order names offences and markers that there are, or is refused in one sentence."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.order import Order, read_order
from simulator.inputs.vocabulary import check_vocabulary
from tests.simulator.real_files import ORDER, ROOT

TWO_FORCES = read_order(ORDER)


def refusal(order: Order, **where: Path) -> str:
    """Give the sentence by which an order is refused ("" when it is not)."""
    try:
        check_vocabulary(order, "order.toml", **where)
    except BadInput as error:
        return str(error)
    return ""


def eligible(*subgroups: str) -> Order:
    """Give the order for these offences alone."""
    rules = structs.replace(TWO_FORCES.eligibility, offence_subgroups=subgroups)
    return structs.replace(TWO_FORCES, eligibility=rules)


def excluding(*markers: str) -> Order:
    """Give the order with these exclusions alone."""
    rules = structs.replace(TWO_FORCES.eligibility, safeguarding_exclusions=markers)
    return structs.replace(TWO_FORCES, eligibility=rules)


@pytest.mark.parametrize("path", sorted((ROOT / "scenarios" / "orders").glob("*.toml")))
def test_every_order_that_comes_with_the_suite_is_well_spelt(path: Path) -> None:
    """All its offences have figures, and all its markers are in a journey."""
    assert refusal(read_order(path)) == ""


def test_a_misspelt_marker_is_named_with_what_was_meant() -> None:
    """It would exclude no one, and a victim of abuse would get messages."""
    assert refusal(excluding("death", "domestic_abus")) == (
        "order.toml: eligibility.safeguarding_exclusions: no safeguarding marker 'domestic_abus'; "
        "did you mean 'domestic_abuse'?"
    )


def test_a_misspelt_offence_is_named_wherever_it_stands() -> None:
    """Subgroups for invitations, for advice, and for closures told in person."""
    journey = structs.replace(TWO_FORCES.journey, advice_for={"Bicycle thefts": "bicycles"})
    sensitive = structs.replace(
        TWO_FORCES.sensitive_closures, offence_subgroups=("Robbery of personal properties",)
    )

    assert refusal(eligible("Bycicle theft")) == (
        "order.toml: eligibility.offence_subgroups: no offence subgroup 'Bycicle theft'; "
        "did you mean 'Bicycle theft'?"
    )
    assert "journey.advice_for: no offence subgroup 'Bicycle thefts'" in refusal(
        structs.replace(TWO_FORCES, journey=journey)
    )
    assert (
        "sensitive_closures.offence_subgroups: no offence subgroup "
        "'Robbery of personal properties'; did you mean 'Robbery of personal property'"
    ) in refusal(structs.replace(TWO_FORCES, sensitive_closures=sensitive))


def test_without_anything_near_all_are_listed() -> None:
    """Without a similar name, the error lists all of them."""
    assert refusal(excluding("zzz")).endswith(
        "; one of death, domestic_abuse, honour_based_abuse, sexual, trafficking"
    )


def test_the_markers_of_the_rollouts_own_journey_count(tmp_path: Path) -> None:
    """A force that has another marker puts it into its journey."""
    journey = ROOT / "scenarios" / "journeys" / "reported-crime.toml"
    own = tmp_path / "journey.toml"
    own.write_text(journey.read_text().replace('marker = "death"', 'marker = "stalking"'))

    assert refusal(excluding("stalking"), journey=own) == ""
    assert "no safeguarding marker 'stalking'" in refusal(excluding("stalking"))


@settings(max_examples=30, deadline=None)
@given(written=st.text(max_size=300))
def test_whatever_is_written_is_known_or_refused_in_one_sentence(written: str) -> None:
    """Of any length and in any script."""
    for order, field in ((eligible(written), "offence_subgroups"), (excluding(written), "safegu")):
        said = refusal(order)

        assert said == "" or (field in said and len(said) < 1500 and "\n" not in said)
