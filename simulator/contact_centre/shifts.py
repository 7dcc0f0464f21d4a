"""Shifts, with breaks and shrinkage: how many people work so that the phones are staffed.

`rosters.py` says how many handlers each half-hour needs. People begin a shift at the pattern's
times, some of them are absent, and those at work take breaks in turn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from math import ceil, floor
from typing import Annotated

import numpy as np
from msgspec import Meta

from simulator.contact_centre.duty_roster import HALF_HOURS_A_WEEK
from simulator.files.checked_toml import Amount, Share, Sourced, Strict

HALF_HOURS_A_DAY = 48
# Sums of shares are not exact; no half-hour lacks a person because of that.
_NOISE = 1e-9
# Callers hang up where a half-hour is short, not where the week is: at 8 a rota of as many people
# loses fewer calls than `cover`'s, and at 1 a third more.
_SHORTEST_FIRST = 8

Hours = Annotated[float, Meta(ge=1, le=24)]


class ShiftPattern(Sourced, frozen=True, kw_only=True):
    """When shifts begin on each day, London time, and how many hours each lasts."""

    starts: Annotated[tuple[time, ...], Meta(min_length=1, max_length=48)]
    hours: tuple[Hours, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.hours) != len(self.starts):
            raise ValueError(
                f"{len(self.starts)} starts and {len(self.hours)} hours; give the hours of each"
            )
        for each in self.starts:
            if each.minute % 30 or each.second or each.microsecond:
                raise ValueError(f"starts has {each}; shifts begin on the hour or half-hour")
        for hours in self.hours:
            if 2 * hours % 1:
                raise ValueError(f"hours has {hours}; give whole and half hours")
        if list(self.starts) != sorted(set(self.starts)):
            raise ValueError("starts are not in order, or one is there twice; sort them")
        missing = set(range(HALF_HOURS_A_DAY)) - {
            (start + each) % HALF_HOURS_A_DAY
            for start, halves in self.in_half_hours()
            for each in range(halves)
        }
        if missing:
            first = min(missing)
            raise ValueError(
                f"no shift has {first // 2:02}:{30 * (first % 2):02}; "
                "let shifts follow each other round the clock"
            )

    def in_half_hours(self) -> list[tuple[int, int]]:
        """Give each shift's start after midnight and its length, in half-hours."""
        starts = [2 * each.hour + each.minute // 30 for each in self.starts]
        return [(start, int(2 * hours)) for start, hours in zip(starts, self.hours, strict=True)]


class Shifts(Strict, frozen=True, kw_only=True):
    """How handlers work. Where it is not `in_use`, each hour is staffed for its own load.

    Breaks are of `break_minutes` in a shift, one person after another, but for its first and last
    `break_free_hours`. `shrinkage` is the share of the people on a shift who are not at work.
    """

    in_use: bool
    pattern: ShiftPattern
    break_minutes: Amount
    break_free_hours: Amount
    shrinkage: Share

    def __post_init__(self) -> None:
        if self.shrinkage.value == 1:
            raise ValueError("shrinkage is 1: nobody would be at work; give less")
        for hours in self.pattern.hours:
            between = 60 * (hours - 2 * self.break_free_hours.value)
            if self.break_minutes.value and self.break_minutes.value >= between:
                raise ValueError(
                    f"break_minutes is {self.break_minutes.value:g}: a shift of {hours:g} hours "
                    f"has {max(between, 0):g} minutes for breaks; give less than that, or fewer "
                    "break_free_hours"
                )

    def on_phones(self, half_hours: int) -> list[float]:
        """Give the share of a shift's people who are on the phones, by half-hour of the shift."""
        free = 2 * self.break_free_hours.value
        between = half_hours - 2 * free
        on_break = self.break_minutes.value / 30 / between if between > 0 else 0.0
        at_work = 1 - self.shrinkage.value
        found = []
        for each in range(half_hours):
            # A half-hour that the time for breaks covers in part has a part of them.
            part = max(0.0, min(each + 1, half_hours - free) - max(each, free))
            found.append(at_work * (1 - on_break * part))
        return found


@dataclass(frozen=True, kw_only=True)
class ShiftStart:
    """How many people begin a shift: on a day from Monday, 0 to 6, at a half-hour of that day.

    Those who are absent are among them.
    """

    day: int
    half_hour: int
    half_hours: int
    people: int


@dataclass(frozen=True, kw_only=True)
class ShiftRoster:
    """A week by half-hour: who begins when, who is on the phones, and the hours rostered."""

    starts: list[ShiftStart]
    on_phones: list[int]
    hours_rostered: float
    hours_at_work: float


def cover(needed: list[int], shifts: Shifts) -> ShiftRoster:
    """Put on each shift as many people as its half-hours still need, from Monday's first shift on.

    `needed` has 336 entries, from Monday 00:00, and the week repeats. The people who begin
    latest are there longest, so each half-hour takes them from the shift that began last.
    """
    pattern = shifts.pattern.in_half_hours()
    phones = [0.0] * HALF_HOURS_A_WEEK
    rostered = 0.0
    begin: Counter[tuple[int, int]] = Counter()
    first = pattern[0][0]
    for slot in range(first, first + HALF_HOURS_A_WEEK):
        since, halves = min(
            ((slot - start) % HALF_HOURS_A_DAY, halves)
            for start, halves in pattern
            if (slot - start) % HALF_HOURS_A_DAY < halves
        )
        share = shifts.on_phones(halves)
        short = needed[slot % HALF_HOURS_A_WEEK] - phones[slot % HALF_HOURS_A_WEEK]
        people = max(0, ceil(short / share[since] - _NOISE))
        rostered += people * halves / 2
        begin[(slot - since) % HALF_HOURS_A_WEEK, halves] += people
        for each in range(halves):
            phones[(slot - since + each) % HALF_HOURS_A_WEEK] += people * share[each]
    return _roster(begin, phones, rostered, shifts)


def spread(hours: float, load: Sequence[float], shifts: Shifts) -> ShiftRoster:
    """Put as many people on shifts as are paid for so many `hours` a week, where the load is.

    `load` has 336 entries: how the people on the phones are to be shared out, whatever their
    number. One after another comes to the shift in which the half-hours are shortest of people.
    Nobody is paid for part of a shift, so up to one shift's hours are left over.
    """
    begins = [
        ((day * HALF_HOURS_A_DAY + start) % HALF_HOURS_A_WEEK, halves)
        for day in range(7)
        for start, halves in shifts.pattern.in_half_hours()
    ]
    there = np.zeros((len(begins), HALF_HOURS_A_WEEK))
    for place, (at, halves) in enumerate(begins):
        there[place, (at + np.arange(halves)) % HALF_HOURS_A_WEEK] = shifts.on_phones(halves)
    lengths = np.array([halves / 2 for _at, halves in begins])
    wanted, phones = np.asarray(load, dtype=np.float64), np.zeros(HALF_HOURS_A_WEEK)
    begin: Counter[tuple[int, int]] = Counter()
    rostered = 0.0
    while True:
        fits = lengths <= hours - rostered + _NOISE
        if not fits.any():
            return _roster(begin, phones.tolist(), rostered, shifts)
        # Half a person more than there are: nobody is worth without limit where none is.
        worth = there @ (wanted / (phones + 0.5)) ** _SHORTEST_FIRST / lengths
        best = int(np.argmax(np.where(fits, worth, -1.0)))
        begin[begins[best]] += 1
        phones += there[best]
        rostered += float(lengths[best])


def _roster(
    begin: Mapping[tuple[int, int], int], phones: Sequence[float], rostered: float, shifts: Shifts
) -> ShiftRoster:
    return ShiftRoster(
        starts=[
            ShiftStart(
                day=at // HALF_HOURS_A_DAY,
                half_hour=at % HALF_HOURS_A_DAY,
                half_hours=halves,
                people=people,
            )
            for (at, halves), people in sorted(begin.items())
            if people
        ],
        on_phones=[floor(each + _NOISE) for each in phones],
        hours_rostered=rostered,
        hours_at_work=rostered * (1 - shifts.shrinkage.value),
    )
