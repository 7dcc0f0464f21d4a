"""Fault rates: intakes differ, and the overall rate is kept."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.files.checked_toml import Amount, Share
from simulator.population.fault_rates import Intake, NameMix, read_data_quality_parameters

PARAMETERS = read_data_quality_parameters()


def rate(value: float) -> Share:
    """Give a share."""
    return Share(value, "share", assumed="a test")


def intake(share: float, errors: float) -> Intake:
    """Give an intake."""
    return Intake(share=rate(share), errors=Amount(errors, "times", assumed="a test"))


@given(value=st.floats(0, 1))
def test_intakes_keep_the_rate(value: float) -> None:
    """The chances at the intakes are from 0 to 1 and average to the rate."""
    chances = PARAMETERS.chances(rate(value))
    shares = [each.share.value for each in PARAMETERS.intake.values()]

    assert all(0 <= chance <= 1 for chance in chances)
    assert sum(a * b for a, b in zip(shares, chances, strict=True)) == pytest.approx(value)


def test_a_bad_intake_makes_more_faults() -> None:
    """An intake with more errors has a higher chance of a fault."""
    chances = dict(zip(PARAMETERS.intake, PARAMETERS.chances(rate(0.1)), strict=True))

    assert chances["online"] < 0.1 < chances["phone"] < chances["front_counter"]


def test_names_are_wrong_as_the_practice_note_says() -> None:
    """One name in ten is wrong, and the practice note is named."""
    assert PARAMETERS.name_wrong.value == 0.10
    assert "College of Policing" in PARAMETERS.name_wrong.source


@pytest.mark.parametrize(
    ("intakes", "said"),
    [
        ({"phone": intake(0.5, 1), "online": intake(0.4, 1)}, "shares add up to 0.9"),
        ({"phone": intake(0.9, 1), "online": intake(0.1, 9)}, "intake.online.errors is more than"),
    ],
)
def test_impossible_intakes_are_refused(intakes: dict[str, Intake], said: str) -> None:
    """Shares that do not add up to 1, or errors too far from the average, are refused."""
    with pytest.raises(ValueError, match=said):
        msgspec.structs.replace(PARAMETERS, intake=intakes)


def test_a_mix_of_nothing_is_refused() -> None:
    """A mix in which no fault has a weight is a mistake."""
    nothing = Amount(0, "weight", assumed="a test")

    with pytest.raises(ValueError, match="every weight is 0"):
        NameMix(**dict.fromkeys(NameMix.__struct_fields__, nothing))
