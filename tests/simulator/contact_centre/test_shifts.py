"""Shifts cover what each half-hour needs, with breaks taken in turn and absence."""

from datetime import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.contact_centre.shifts import Shifts, cover


def shifts(**changes: Any) -> Shifts:
    """Three shifts of ten hours that overlap, with an hour of breaks and a quarter absent."""
    raw: dict[str, Any] = {
        "in_use": True,
        "pattern": {
            "starts": [time(6), time(14), time(21, 30)],
            "hours": [10, 10, 10],
            "unit": "time of day, and hours",
            "assumed": "for a test",
        },
        "break_minutes": 60,
        "break_free_hours": 2,
        "shrinkage": 0.25,
    }
    pattern = changes.pop("pattern", {})
    raw |= changes
    raw["pattern"] |= pattern
    for name in ("break_minutes", "break_free_hours", "shrinkage"):
        raw[name] = {"value": raw[name], "unit": "as in the file", "assumed": "for a test"}
    return msgspec.convert(raw, Shifts)


def test_breaks_are_in_the_middle_of_a_shift_and_add_up() -> None:
    """Of ten hours with 60 minutes of breaks in the middle six, a quarter absent: 6.75 hours."""
    share = shifts().on_phones(20)

    assert share[0] == share[3] == share[16] == share[19] == 0.75
    assert share[4] == share[15] == pytest.approx(0.75 * (1 - 1 / 6))
    assert sum(share) / 2 == pytest.approx(0.75 * 9)


def test_one_shift_after_another_has_just_the_people_by_hand() -> None:
    """Eight hours each, no breaks, half absent: 3 on the phones take 6 people on each of 21."""
    three = {"starts": [time(0), time(8), time(16)], "hours": [8, 8, 8]}
    week = cover([3] * 336, shifts(pattern=three, break_minutes=0, shrinkage=0.5))

    assert week.on_phones == [3] * 336
    assert week.hours_rostered == 21 * 6 * 8
    assert week.hours_at_work == 21 * 6 * 4


def test_the_night_shift_of_sunday_covers_monday() -> None:
    """Who is needed at one on Monday alone came on Sunday at half past nine."""
    week = cover([int(slot == 2) for slot in range(336)], shifts(break_minutes=0, shrinkage=0))

    assert week.hours_rostered == 10
    assert [slot for slot, here in enumerate(week.on_phones) if here] == [
        *range(15),
        *range(336 - 5, 336),
    ]


@given(
    needed=st.lists(st.integers(0, 40), min_size=7, max_size=7),
    breaks=st.integers(0, 120),
    shrinkage=st.floats(0, 0.6),
)
@settings(deadline=None)
def test_no_half_hour_lacks_anybody(needed: list[int], breaks: int, shrinkage: float) -> None:
    """Whatever is needed, as many are on the phones, and nobody is rostered for nothing."""
    wanted = [each for each in needed for _half in range(48)]

    week = cover(wanted, shifts(break_minutes=breaks, shrinkage=shrinkage))

    assert all(here >= need for here, need in zip(week.on_phones, wanted, strict=True))
    assert bool(week.hours_rostered) == any(wanted)
    assert sum(week.on_phones) / 2 <= week.hours_at_work + 1e-6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"shrinkage": 1}, "shrinkage is 1: nobody would be at work"),
        ({"break_minutes": 360}, "break_minutes is 360: a shift of 10 hours has 360 minutes"),
        ({"pattern": {"hours": [10, 10]}}, "3 starts and 2 hours; give the hours of each"),
        ({"pattern": {"hours": [10, 7, 10]}}, "no shift has 21:00; let shifts follow each other"),
        ({"pattern": {"hours": [10, 10, 9.8]}}, "hours has 9.8; give whole and half hours"),
        ({"pattern": {"starts": [time(6), time(14), time(21, 15)]}}, "starts has 21:15:00; shifts"),
        ({"pattern": {"starts": [time(14), time(6), time(21, 30)]}}, "starts are not in order"),
    ],
)
def test_wrong_shifts_are_refused(changes: dict[str, Any], words: str) -> None:
    """The error says what is wrong and what to give."""
    with pytest.raises(msgspec.ValidationError, match=words):
        shifts(**changes)
