"""The journey of a crime as drawings in Mermaid, and what comes of it by offence group.

Both are made from the data: `docs/journeys.md` shows them. Shares are counted from simulated
crimes, by the name of a state's event or of a further entry: a share in the data is only of the
crimes that the guards of its delay let through.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.force.crime_journey import SECONDS_IN, Delay, Journey
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER

_DAY = 86_400
#: What happens to fewer is not said to happen to 0%.
_SHARE_SAID_MIN = 0.001
#: Home Office outcomes as a reader groups them; the rest are "other".
CHARGED, NO_SUSPECT, NO_SUPPORT = (1,), (18,), (14, 16)


class GroupCourse(NamedTuple):
    """What becomes of the crimes of one offence group. Shares are of all its crimes.

    `days_to_end` is the median of those that ended; None where none did.
    """

    group: str
    crimes: int
    allocated: float
    charged: float
    no_suspect: float
    no_support: float
    other: float
    undecided: float
    days_to_end: float | None


class Step(NamedTuple):
    """One thing that may happen to a crime: after what, to what share of those crimes, how soon."""

    name: str
    after: str
    share: float
    soon: str


def steps(journey: Journey, shares: Mapping[str, float]) -> list[Step]:
    """List what the drawings show, in their order: the main course, then what else may happen."""
    main = [
        Step(_words(each.event), _words(each.after), shares[each.event], _soon(each.delays))
        for each in journey.states
        if each.after is not None
    ]
    events = {each.event for each in journey.states}
    beside = [
        Step(
            each.name,
            _words(each.after) if each.after in events else each.after,
            shares[each.name],
            _soon([each.delay]),
        )
        for each in journey.further
    ]
    return [*main, *beside]


def main_course(journey: Journey, shares: Mapping[str, float], title: str) -> str:
    """Draw the states of a journey, each with its share and how soon; and say them in words."""
    found = steps(journey, shares)
    lines = _head(f"{title}: main course", found[: len(found) - len(journey.further)])
    for state in journey.states:
        lines.append(f"  {state.event}{_box(_words(state.event), ends=state.ends)}")
        if state.after is not None:
            label = f"{shares[state.event]:.0%}, {_soon(state.delays)}"
            lines.append(f'  {state.after} -->|"{label}"| {state.event}')
    return "\n".join(lines)


def beside_it(journey: Journey, shares: Mapping[str, float], title: str) -> str:
    """Draw what else may happen, each with its share and how soon after what; and say it."""
    found = steps(journey, shares)
    lines = _head(f"{title}: what else", found[len(found) - len(journey.further) :])
    names: dict[str, str] = {state.event: state.event for state in journey.states}
    lines += [
        f"  {state.event}{_box(_words(state.event))}"
        for state in journey.states
        if any(each.after == state.event for each in journey.further)
    ]
    for number, each in enumerate(journey.further, start=1):
        names[each.name] = f"f{number}"
        lines.append(f"  f{number}{_box(each.name)}")
        label = f"{_exact(shares[each.name])}, {_soon([each.delay])}"
        lines.append(f'  {names[each.after]} -.->|"{label}"| f{number}')
    return "\n".join(lines)


def courses(crimes: Crimes) -> list[GroupCourse]:
    """Count what became of the crimes of each offence group, in order of name."""
    groups = [each.group for each in crimes.figures.offences]
    group_of = np.array(groups)[crimes.offence]
    ended = np.full(len(crimes), NEVER)
    for kind in ("OutcomeRecorded", "CrimeClosed"):
        at = crimes.seconds[kind]
        ended = np.where((at != NEVER) & ((ended == NEVER) | (at < ended)), at, ended)
    days = (ended - crimes.seconds["CrimeRecorded"]) / _DAY
    found = []
    for group in sorted(set(groups)):
        mine = group_of == group
        outcome = crimes.outcome[mine]

        def share(codes: Sequence[int], outcome: NDArray[np.int8] = outcome) -> float:
            return float(np.isin(outcome, codes).mean())

        is_over = mine & (ended != NEVER)
        decided = share([*CHARGED, *NO_SUSPECT, *NO_SUPPORT, 0])
        found.append(
            GroupCourse(
                group=group,
                crimes=int(mine.sum()),
                allocated=float((crimes.seconds["CrimeAllocated"][mine] != NEVER).mean()),
                charged=share(CHARGED),
                no_suspect=share(NO_SUSPECT),
                no_support=share(NO_SUPPORT),
                other=1 - decided,
                undecided=share([0]),
                days_to_end=float(np.median(days[is_over])) if is_over.any() else None,
            )
        )
    return found


def _head(title: str, found: Sequence[Step]) -> list[str]:
    """Begin a drawing, with the words that a screen reader reads in its place."""
    said = " ".join(
        f"{each.name} after {each.after}: {_exact(each.share)}, half within {each.soon}."
        for each in found
    )
    return ["flowchart LR", f"  accTitle: {title}", f"  accDescr: {said}"]


def _exact(share: float) -> str:
    if 0 < share < _SHARE_SAID_MIN:
        return f"under {_SHARE_SAID_MIN:.1%}"
    return f"{share:.1%}".replace(".0%", "%")


def _box(words: str, *, ends: bool = False) -> str:
    return f'(["{words}"])' if ends else f'["{words}"]'


def _words(event: str) -> str:
    words = "".join(f" {each.lower()}" if each.isupper() else each for each in event).strip()
    return words[0].upper() + words[1:]


def _soon(delays: Sequence[Delay]) -> str:
    """Say how soon: the median, or the shortest and the longest of several."""
    ordered = sorted(delays, key=lambda each: each.median.value * SECONDS_IN[each.median.unit])
    said = list(dict.fromkeys(map(_said, ordered)))
    return said[0] if len(said) == 1 else f"{said[0]} to {said[-1]}"


def _said(delay: Delay) -> str:
    """Say a median as people do: "1 day", "2 days"."""
    value, unit = delay.median.value, delay.median.unit
    return f"{value:g} {unit.removesuffix('s') if value == 1 else unit}"
