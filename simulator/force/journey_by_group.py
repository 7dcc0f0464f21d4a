"""What one journey holds for each offence group: when its states come, and the rules of its own.

One file has the states, delays, guards and branches of every group: what differs is guarded by
offence subgroup, outcome or grade in it. `docs/journeys.md` and the report show this by group.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from simulator.force.crime_journey import Delay, Journey, State
from simulator.force.crimes import Crimes
from simulator.force.event_times import NEVER
from simulator.force.figures import Figures

_HOUR = 3600


class StateOfGroup(NamedTuple):
    """To what share of a group's crimes a state comes, and the median hours from recording."""

    event: str
    share: float
    hours: float | None


class GroupRules(NamedTuple):
    """What one offence group has in the journey. `grades` is the share of each, from 1 to 4."""

    group: str
    subgroups: list[str]
    grades: list[float]
    states: list[StateOfGroup]
    own: list[str]


def by_group(journey: Journey, crimes: Crimes) -> list[GroupRules]:
    """Give every offence group of the figures, in order of name."""
    group_of = np.array([each.group for each in crimes.figures.offences])[crimes.offence]
    return [
        GroupRules(
            group=group,
            subgroups=mine,
            grades=_grades(crimes.grade[group_of == group]),
            states=[
                _state(crimes, state, group_of == group)
                for state in journey.states
                if state.after is not None
            ],
            own=list(_own_rules(journey, mine)),
        )
        for group, mine in sorted(subgroups_of(crimes.figures).items())
    ]


def journey_of_group(
    journey: Journey, subgroups: Collection[str], shares: Mapping[str, float]
) -> Journey:
    """Leave in a journey what may happen to these offence subgroups, so that it can be drawn.

    A delay that is guarded by other subgroups goes, and so does a further event that happened to no
    crime of the group in `shares`, with what follows it.
    """

    def is_theirs(delay: Delay) -> bool:
        guard = delay.offence_subgroups
        return not guard or any(each in guard for each in subgroups)

    states = tuple(
        structs.replace(each, delays=tuple(filter(is_theirs, each.delays)))
        for each in journey.states
    )
    known: set[str] = {each.event for each in states}
    further = []
    for each in journey.further:
        if shares[each.name] and each.after in known:
            known.add(each.name)
            further.append(each)
    return structs.replace(journey, states=states, further=tuple(further))


def subgroups_of(figures: Figures) -> dict[str, list[str]]:
    """Name the offence subgroups of each offence group."""
    found: dict[str, set[str]] = {}
    for each in figures.offences:
        found.setdefault(each.group, set()).add(each.subgroup)
    return {group: sorted(subgroups) for group, subgroups in found.items()}


def _state(crimes: Crimes, state: State, mine: NDArray[np.bool_]) -> StateOfGroup:
    at = crimes.seconds[state.event][mine]
    comes = at != NEVER
    after = (at - crimes.seconds["CrimeRecorded"][mine])[comes]
    return StateOfGroup(
        event=state.event,
        share=float(comes.mean()),
        hours=float(np.median(after)) / _HOUR if len(after) else None,
    )


def _grades(grade: NDArray[np.int8]) -> list[float]:
    return [float((grade == each).mean()) for each in (1, 2, 3, 4)]


def _own_rules(journey: Journey, subgroups: list[str]) -> Iterator[str]:
    """Say each rule that is guarded by one of these subgroups, and by no other's alone."""
    for who in _among(journey.no_individual_victim.offence_subgroups, subgroups):
        yield f"nobody to invite: {who}"
    for graded in journey.grades_by_offence:
        for who in _among(graded.offence_subgroups, subgroups):
            yield f"grades {', '.join(f'{share:.0%}' for share in graded.shares)}: {who}"
    for each in journey.domestic_abuse:
        for who in _among(each.offence_subgroups, subgroups):
            yield f"domestic abuse, {each.share.value:.0%}: {who}"
    for marked in journey.safeguarding:
        for who in _among(marked.offence_subgroups, subgroups):
            yield f"marked as {marked.marker}: {who}"
    delays: list[tuple[str, Delay]] = [
        (state.event, delay) for state in journey.states for delay in state.delays
    ]
    delays += [(each.name, each.delay) for each in journey.further]
    for name, delay in delays:
        for who in _among(delay.offence_subgroups, subgroups):
            yield f"{name}, {_guarded(delay)}: {who}"


def _guarded(delay: Delay) -> str:
    outcomes = f" with outcome {_outcomes(delay)}" if delay.outcomes else ""
    return f"{delay.median.value:g} {delay.median.unit}{outcomes}"


def _outcomes(delay: Delay) -> str:
    return "1" if delay.outcomes == (1,) else f"{delay.outcomes[0]} to {delay.outcomes[-1]}"


def _among(guarded: tuple[str, ...], subgroups: list[str]) -> Iterator[str]:
    """Name those of a group whom a guard lets through: one name for all; nothing for none."""
    mine = [each for each in subgroups if each in guarded]
    if mine:
        yield "all" if mine == subgroups else ", ".join(mine)
