"""The fewest handlers of each force that keep a plan's targets, in one year.

A target is one for all callers: where 101 offers call-backs they are to be made in time and none is
to be overdue at the year's end, and a second desk has a target of its own. So no desk looks well
staffed because it puts its callers off.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.files.checked_toml import Share
from simulator.planning.centre_measures import call_backs_kept
from simulator.planning.scenario import Targets, YearFiles
from simulator.planning.year import Year, YearOfPortal
from simulator.rehearsal.call_comparison import ForceCalls

#: Shares of a handler's time on calls that are tried, from busy to idle.
OCCUPANCIES = tuple(each / 1000 for each in range(980, 399, -5))


#: Where the search begins for a force that says how many handlers it has.
_BEGINS = Share(0.8, "share", assumed="begins here")


@dataclass(frozen=True, kw_only=True)
class Fewest:
    """The place in `OCCUPANCIES` of a force's first desk and of its second, if it has one."""

    first: int
    second: int | None = None


def fewest_handlers(
    year: Year,
    files: YearFiles,
    run: YearOfPortal | None,
    targets: Targets,
    near: Mapping[str, Fewest],
) -> dict[str, Fewest]:
    """Find the busiest desks that keep every target; a force that never does is left out.

    The search begins `near` other findings, or else at the desks as they are: the same comes of it
    from anywhere, sooner or later.
    """
    between, callers = year.measured, year.callers(files.centres, files, run)
    near = {**_as_they_are(files.centres), **near}

    def first_keeps(places: Mapping[str, int]) -> dict[str, bool]:
        centres = with_occupancy(files.centres, {e: Fewest(first=n) for e, n in places.items()})
        found = callers.answered(centres, places)
        return {e: _first_keeps(found[e], targets, between) for e in places}

    first = _busiest(first_keeps, {force: near[force].first for force in files.centres.forces})
    with_second = [each for each in first if files.centres.second_desk_of(each) is not None]

    def second_keeps(places: Mapping[str, int]) -> dict[str, bool]:
        tried = {e: Fewest(first=first[e], second=n) for e, n in places.items()}
        found = callers.answered(with_occupancy(files.centres, tried), places)
        return {each: _second_keeps(found[each], targets) for each in places}

    # What the second desk does changes nothing at the first.
    second = _busiest(second_keeps, {each: near[each].second or 0 for each in with_second})
    return {
        force: Fewest(first=place, second=second.get(force))
        for force, place in first.items()
        if force in second or force not in with_second
    }


def _as_they_are(centres: ContactCentreParameters) -> dict[str, Fewest]:
    """Give the places of the desks as they are rostered."""
    found = {}
    for force, centre in centres.forces.items():
        desk = centres.second_desk_of(force)
        found[force] = Fewest(
            first=_place(centre.occupancy_target or _BEGINS),
            second=None if desk is None else _place(desk.occupancy_target),
        )
    return found


def _place(occupancy: Share) -> int:
    places = range(len(OCCUPANCIES))
    return min(places, key=lambda place: abs(OCCUPANCIES[place] - occupancy.value))


def with_occupancy(
    centres: ContactCentreParameters, places: Mapping[str, Fewest]
) -> ContactCentreParameters:
    """Roster the desks of these forces by other occupancies, in place of a roster of their own."""
    for force, place in places.items():
        second = None if place.second is None else _tried(place.second)
        centres = centres.with_occupancy(force, first=_tried(place.first), second=second)
    return centres


def _tried(place: int) -> Share:
    return Share(value=OCCUPANCIES[place], unit="share", assumed="tried here")


def _first_keeps(calls: ForceCalls, targets: Targets, between: tuple[float, float]) -> bool:
    urgent, routine = calls.levels
    in_time = urgent.in_target_share_of_offered
    if in_time is not None and in_time < targets.answered_999.value:
        return False
    if (routine.abandoned_share or 0.0) > targets.abandoned_101.value:
        return False
    if calls.call_backs is None:
        return True
    kept = call_backs_kept(calls.call_backs, between, 60 * targets.call_back_minutes.value)
    return not kept.overdue_at_end and kept.in_time_share >= targets.called_back_in_time.value


def _second_keeps(calls: ForceCalls, targets: Targets) -> bool:
    return all(
        (each.abandoned_share or 0.0) <= targets.abandoned_second_desk.value
        for each in calls.second_desk
    )


def _busiest(
    keeps: Callable[[Mapping[str, int]], Mapping[str, bool]], near: Mapping[str, int]
) -> dict[str, int]:
    """Find the first place of each force that keeps; one that has none is left out.

    From `near` it steps further and further, then by halves; all forces are tried together.
    """
    # The place before the first keeps nothing, and the one after the last is as if it did.
    span = {force: (-1, len(OCCUPANCIES)) for force in near}
    tried, step = dict(near), dict.fromkeys(near, 1)
    while tried:
        kept = keeps(tried)
        for force, place in tried.items():
            low, high = span[force]
            span[force] = (low, place) if kept[force] else (place, high)
        tried = dict(_next_places(span, tried, step))
    return {force: high for force, (_low, high) in span.items() if high < len(OCCUPANCIES)}


def _next_places(
    span: Mapping[str, tuple[int, int]], tried: Mapping[str, int], step: dict[str, int]
) -> Iterator[tuple[str, int]]:
    for force, (low, high) in span.items():
        if high - low <= 1:
            continue
        if low == -1:
            place = max(0, tried[force] - step[force])
        elif high == len(OCCUPANCIES):
            place = min(high - 1, tried[force] + step[force])
        else:
            place = (low + high) // 2
        step[force] *= 2
        yield force, place
