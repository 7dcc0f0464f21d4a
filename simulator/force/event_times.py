"""Draw when each event of every crime happens, if at all, by following the crime's journey.

Used by `crimes`. It works column by column, because a year has some 330,000 crimes.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.force.crime_journey import SECONDS_IN, Delay, EventKind, Journey
from simulator.force.crime_mix import CrimeKinds, Draws
from simulator.force.london_days import DAY_SECONDS, LondonDays, Seconds, drawn_seconds

NEVER = -1
# No crime is followed for longer: two years, assumed to be long enough.
FOLLOWED_DAYS_MAX = 730


def report_times(journey: Journey, recorded: Seconds, kinds: CrimeKinds, draws: Draws) -> Seconds:
    """Draw when each crime was reported: in the call in which it was recorded, or earlier.

    A report before the first second, which nobody would see, is taken as made in that call.
    """
    entry = journey.report_before
    if entry is None:
        return recorded
    is_earlier = draws.uniform(f"{entry.name}.share") < entry.share.value
    delay = _delays(entry.name, [entry.delay], kinds, draws)
    is_earlier &= (delay != NEVER) & (recorded > delay)
    # Victims report at any hour.
    return np.where(is_earlier, recorded - delay, recorded)


def event_times(
    journey: Journey,
    reported: Seconds,
    recorded: Seconds,
    kinds: CrimeKinds,
    days: LondonDays,
    draws: Draws,
) -> tuple[dict[EventKind, Seconds], Seconds]:
    """Draw the seconds of each kind of event, and of the appointments' start; -1 for never.

    Nothing happens at or after an event that ends the journey.
    """
    seconds: dict[EventKind, Seconds] = {}
    for state in journey.states:
        if state.after is None:
            seconds[state.event] = recorded
            continue
        before = seconds[state.after]
        if state.from_report_grades:
            before = np.where(np.isin(kinds.grade, state.from_report_grades), reported, before)
        delay = _delays(state.event, state.delays, kinds, draws)
        happens = (before != NEVER) & (delay != NEVER)
        if state.share is not None:
            happens &= draws.uniform(f"{state.event}.share") < state.share.value
        at = before + delay
        if state.desk_hours:
            at = _at_a_desk(state.event, at, before, happens, journey, days, draws)
        seconds[state.event] = np.where(happens & (at > before), at, NEVER)
    ends = _first_end(journey, seconds)
    for state in journey.states:
        at = seconds[state.event]
        seconds[state.event] = np.where(at < ends + state.ends, at, NEVER)
    made = seconds["AppointmentMade"]
    is_made = made != NEVER
    starts = made + _delays("appointment", [journey.appointment_starts], kinds, draws)
    starts = _at_a_desk("appointment", starts, made, is_made, journey, days, draws)
    kept = is_made & (starts > made) & (starts < ends)
    seconds["AppointmentMade"] = np.where(kept, made, NEVER)
    return seconds, np.where(kept, starts, NEVER)


def _first_end(journey: Journey, seconds: dict[EventKind, Seconds]) -> Seconds:
    last = np.iinfo(np.int64).max - 1
    ends = [seconds[state.event] for state in journey.states if state.ends]
    first: Seconds = np.min([np.where(each == NEVER, last, each) for each in ends], axis=0)
    return first


def _at_a_desk(
    name: str,
    at: Seconds,
    before: Seconds,
    happens: NDArray[np.bool_],
    journey: Journey,
    days: LondonDays,
    draws: Draws,
) -> Seconds:
    """Move what `happens` to an hour of its day at which officers work at a desk."""
    rows = np.flatnonzero(happens)
    rng = draws.stream(f"{name}.hour")
    second = drawn_seconds(rng, journey.desk_by_hour.weights, draws.count, rows)
    moved = at.copy()
    moved[rows] = days.moved(at[rows], second, not_before=before[rows])
    return moved


def _delays(name: str, delays: Sequence[Delay], kinds: CrimeKinds, draws: Draws) -> Seconds:
    """Draw each crime's delay from the first that matches it, in seconds; -1 if none does."""
    median, spread = np.zeros(draws.count), np.zeros(draws.count)
    for delay in reversed(delays):
        matching = kinds.matches(delay)
        median[matching] = delay.median.value * SECONDS_IN[delay.median.unit]
        spread[matching] = delay.spread.value
    drawn = median * np.exp(spread * draws.stream(f"{name}.delay").standard_normal(draws.count))
    capped = np.minimum(np.ceil(drawn), FOLLOWED_DAYS_MAX * DAY_SECONDS)
    return np.where(median > 0, capped, NEVER).astype(np.int64)
