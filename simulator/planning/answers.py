"""What a planner asks of one year at full volume: messages a second, and how many handlers."""

from collections import Counter
from collections.abc import Iterator
from math import ceil

from msgspec import structs

from simulator.contact_centre.duty_roster import HOURS_A_WEEK
from simulator.contact_centre.rosters import week_over_the_year
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.files.checked_toml import Share
from simulator.planning.scenario import Targets, YearFiles
from simulator.planning.year import Year, YearOfPortal
from simulator.rehearsal.net_benefit import Costs
from simulator.results.planning import Peak, Roster

# Shares of a handler's time on calls that are tried, from busy to idle.
_OCCUPANCIES = tuple(each / 1000 for each in range(980, 399, -5))


def peak_of(use: YearOfPortal, files: YearFiles, *, weeks: float, fraction: float) -> Peak:
    """Find the busiest minute of what was sent, at full volume, and the rate that it asks for.

    The sign-ins are those of so many measured weeks.
    """
    minutes = files.order.messages.minutes_max
    by_minute = Counter(at // 60 for at in use.use.sent.at)
    most = max(by_minute.values(), default=0) / fraction
    return Peak(
        messages=most,
        minutes=minutes,
        per_second=most / (60 * minutes),
        sign_ins_an_hour=use.use.visits / fraction / (weeks * HOURS_A_WEEK),
        fraction=fraction,
    )


def full_time_equivalents(centres: ContactCentreParameters, force: str, costs: Costs) -> float:
    """Give the full-time equivalents that a force rosters, over the year.

    Shifts have the shrinkage in them; else it is that of the costs.
    """
    at_work, rostered = week_over_the_year(centres, force)
    if centres.shifts is not None and centres.shifts.in_use:
        return rostered / costs.hours_a_week.value
    return costs.full_time_equivalents(at_work)


def handler_hours_a_week(centres: ContactCentreParameters, force: str) -> float:
    """Give the hours that a force's handlers are at work in a week, over the year."""
    at_work, _rostered = week_over_the_year(centres, force)
    return at_work


def rosters(
    year: Year, files: YearFiles, run: YearOfPortal, targets: Targets, costs: Costs
) -> list[Roster]:
    """Find for each force the fewest handlers that keep the targets, without portal and with."""
    fewest = {
        use is not None: dict(_fewest(year, files, use, targets, costs)) for use in (None, run)
    }
    return [
        Roster(
            force=force,
            rostered=full_time_equivalents(files.centres, force, costs),
            without=fewest[False].get(force),
            planned=fewest[True].get(force),
        )
        for force in files.centres.forces
    ]


def _fewest(
    year: Year, files: YearFiles, run: YearOfPortal | None, targets: Targets, costs: Costs
) -> Iterator[tuple[str, float]]:
    """Look by halves for the busiest occupancy at which each force keeps both targets."""
    span = {force: (0, len(_OCCUPANCIES)) for force in files.centres.forces}
    for _round in range(ceil(len(_OCCUPANCIES)).bit_length()):
        tried = {force: (low + high) // 2 for force, (low, high) in span.items() if low < high}
        if not tried:
            break
        centres = _with_occupancy(files.centres, tried)
        for force, calls in year.calls(centres, files, run).items():
            urgent, routine = calls.levels
            if force not in tried:
                continue
            is_kept = (urgent.answered_in_target_share or 1.0) >= targets.answered_999.value and (
                routine.abandoned_share or 0.0
            ) <= targets.abandoned_101.value
            low, high = span[force]
            span[force] = (low, tried[force]) if is_kept else (tried[force] + 1, high)
    for force, (low, _high) in span.items():
        if low < len(_OCCUPANCIES):
            centres = _with_occupancy(files.centres, {force: low})
            yield force, full_time_equivalents(centres, force, costs)


def _with_occupancy(
    centres: ContactCentreParameters, places: dict[str, int]
) -> ContactCentreParameters:
    forces = dict(centres.forces)
    for force, place in places.items():
        target = Share(value=_OCCUPANCIES[place], unit="share", assumed="tried here")
        forces[force] = structs.replace(forces[force], occupancy_target=target)
    return structs.replace(centres, forces=forces)
