"""The outcome codes of the Home Office, as published for the year to March 2025."""

import pytest

from reference.contract.outcomes import CHARGED, OUTCOMES


def test_the_codes_are_those_a_force_can_record() -> None:
    """1 to 22 without 19, which is the fraud bureau's alone, and without 0, which is no outcome."""
    assert OUTCOMES.keys() == set(range(1, 23)) - {19}
    assert len(set(OUTCOMES.values())) == len(OUTCOMES)


def test_a_charge_is_the_one_that_leaves_a_case_live() -> None:
    """Outcome 1 goes to court; it is named for what it is and never for an end."""
    assert OUTCOMES[CHARGED] == "Charged or summonsed"


def test_nobody_can_change_the_codes() -> None:
    """Every part of the suite reads the same table."""
    with pytest.raises(TypeError):
        OUTCOMES[1] = "Closed"  # type: ignore[index]
