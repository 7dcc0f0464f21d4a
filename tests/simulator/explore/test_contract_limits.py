"""The limits are those of the contract's own types, read and not written again."""

import msgspec
import pytest

from simulator.explore.contract_limits import BEYOND, EVENTS_TOGETHER, FILLED, LIMITS, _limit


def test_the_limits_are_the_contracts() -> None:
    """A name has 200 characters, a reply 4,000, and a grade is from 1 to 4."""
    found = {name: (each.least, each.most) for name, each in LIMITS.items()}

    assert found["given_name"] == found["place"] == found["officer name"] == (None, 200)
    assert found["crime_reference"] == found["person_id"] == (None, 64)
    assert found["reply"] == (None, 4000)
    assert found["grade"] == (1, 4)
    assert found["update_frequency_days"] == (1, 366)


def test_what_is_beyond_is_one_more_or_one_less() -> None:
    """A number has two sides, a text one; a delivery has at most 100 events."""
    assert BEYOND["grade"] == (0, 5)
    assert BEYOND["area"] == (201,)
    assert BEYOND[EVENTS_TOGETHER] == (101,)
    assert LIMITS.keys() >= {*FILLED}


def test_a_field_without_a_limit_is_refused() -> None:
    """A mistake in the table is found when it is read."""

    class Unlimited(msgspec.Struct):
        words: str

    with pytest.raises(ValueError, match="words has no limit"):
        _limit(Unlimited, "words")  # type: ignore[arg-type]
