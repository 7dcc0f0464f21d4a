"""The handlers that a force rosters: by hour for the mean load, or on shifts that cover it.

`centre.py` lets them answer the calls of `staffing.py`. A planner pays for their hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import floor

import numpy as np

from simulator.contact_centre.duty_roster import HOURS_A_WEEK
from simulator.contact_centre.shifts import Shifts, ShiftStart, cover
from simulator.contact_centre.skilled_desk import Teams
from simulator.contact_centre.staffing import (
    DAYS_A_YEAR,
    SECONDS_A_DAY,
    SUMMER_DAYS,
    Callers,
    ContactCentreParameters,
    ForceCentre,
    PerHour,
    season_of,
)

# A share of a team is not exact: 0.3 of 10 handlers are 3.
_NOISE = 1e-9


@dataclass(frozen=True, kw_only=True)
class WeekRoster:
    """One desk's week: who is on duty, by hour or half-hour, and the hours that are paid.

    `hours_at_work` are on the phones and on breaks. `hours_rostered` have those in them who are
    absent; they are None where there are no shifts, and shrinkage is a matter of cost alone.
    `hours_needed` are those that the load asks for on the phones; shifts put more there.
    """

    on_duty: list[int]
    hours_at_work: float
    hours_rostered: float | None
    hours_needed: float
    starts: list[ShiftStart] = field(default_factory=list)

    @property
    def hours_on_phones(self) -> float:
        """The hours on the phones."""
        return sum(self.on_duty) * HOURS_A_WEEK / len(self.on_duty)


def handlers_by_hour(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> list[int]:
    """Staff each hour of the week for its mean load without a portal, at the target occupancy.

    This assumes that update calls come at the same hours as other 101 calls, and that nobody hangs
    up. 168 entries, from Monday 00:00. In summer it is for as much of summer's rise in 999 calls as
    the force's roster follows; over the year the handler hours are the same.
    """
    centre = parameters.centre(force)
    emergency, non_emergency = parameters.emergency, parameters.non_emergency
    first, _second = _seconds_of_101(parameters, force)
    loads = (
        (emergency, centre.calls_a_year_999.value * emergency.handling.seconds_mean.value),
        (non_emergency, centre.calls_a_year_101.value * first),
    )
    return _for_load(
        loads, centre, centre.occupancy_target.value, centre.handlers_min.value, is_summer=is_summer
    )


def second_handlers_by_hour(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> list[int]:
    """Staff the second desk in the same way, for the calls that are passed on; 0 if there is none.

    Calls come to it a few minutes later than they were made, which is left out.
    """
    desk = parameters.second_desk_of(force)
    if desk is None:
        return [0] * HOURS_A_WEEK
    centre = parameters.centre(force)
    _first, second = _seconds_of_101(parameters, force)
    loads = ((parameters.non_emergency, centre.calls_a_year_101.value * second),)
    return _for_load(
        loads, centre, desk.occupancy_target.value, desk.handlers_min.value, is_summer=is_summer
    )


def first_desk(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> WeekRoster:
    """Give who answers 999 and 101, on shifts where there are any."""
    needed = handlers_by_hour(parameters, force, is_summer=is_summer)
    return _on_shifts(needed, parameters.shifts_of(force))


def second_desk(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> WeekRoster:
    """Give who takes the calls that are passed on."""
    needed = second_handlers_by_hour(parameters, force, is_summer=is_summer)
    return _on_shifts(needed, parameters.shifts_of(force))


def teams_of(on_duty: Sequence[int], centre: ForceCentre) -> Teams:
    """Divide those on duty into teams; what is no whole handler of one line is shared."""
    only_999, only_101 = (
        [floor(share.value * each + _NOISE) if share else 0 for each in on_duty]
        for share in (centre.only_999, centre.only_101)
    )
    rows = zip(on_duty, only_999, only_101, strict=True)
    return Teams(only_999=only_999, only_101=only_101, shared=[n - a - b for n, a, b in rows])


def week_over_the_year(parameters: ContactCentreParameters, force: str) -> tuple[float, float]:
    """Give the hours at work in a mean week of the year, both desks, and the hours rostered.

    Without shifts nobody is rostered who is absent: both are the same.
    """
    at_work = rostered = 0.0
    for week, share in _desks_of_the_year(parameters, force):
        at_work += week.hours_at_work * share
        more = week.hours_at_work if week.hours_rostered is None else week.hours_rostered
        rostered += more * share
    return at_work, rostered


def over_need(parameters: ContactCentreParameters, force: str) -> float:
    """Give by which share a force has more handlers on the phones than the load needs, all year."""
    needed = there = 0.0
    for week, share in _desks_of_the_year(parameters, force):
        needed += week.hours_needed * share
        there += week.hours_on_phones * share
    return there / needed - 1


def _desks_of_the_year(
    parameters: ContactCentreParameters, force: str
) -> Iterator[tuple[WeekRoster, float]]:
    """Give the week of each desk in each season, and the season's share of the year."""
    part = SUMMER_DAYS / DAYS_A_YEAR
    for desk in (first_desk, second_desk):
        for is_summer, share in ((False, 1 - part), (True, part)):
            yield desk(parameters, force, is_summer=is_summer), share


def _seconds_of_101(parameters: ContactCentreParameters, force: str) -> tuple[float, float]:
    """Give the mean seconds of a call to 101 at the first desk, and at the second."""
    asking, second = parameters.update_calls, parameters.second_desk_of(force)
    share = asking.share_of_101.value
    passes, passes_updates, operator = 0.0, 0.0, 0.0
    if second is not None:
        passes, passes_updates = second.passed_on.value, second.passed_on_updates.value
        operator = second.operator.seconds_mean.value
    update = asking.handling.seconds_mean.value
    report = parameters.non_emergency.handling.seconds_mean.value
    first = share * ((1 - passes_updates) * update + passes_updates * operator) + (1 - share) * (
        (1 - passes) * report + passes * operator
    )
    return first, share * passes_updates * update + (1 - share) * passes * report


def _for_load(
    loads: Sequence[tuple[Callers, float]],
    centre: ForceCentre,
    occupancy: float,
    handlers_min: float,
    *,
    is_summer: bool,
) -> list[int]:
    follows = centre.roster_follows_summer.value
    on_calls: PerHour = np.zeros(HOURS_A_WEEK)
    for callers, seconds_a_year in loads:
        season = season_of(follows * callers.summer_rise.value, np.array([is_summer]))
        on_calls += seconds_a_year * season * callers.profile.by_hour_of_week()
    wanted = np.ceil(on_calls / (DAYS_A_YEAR * SECONDS_A_DAY) / occupancy)
    return [int(each) for each in np.maximum(wanted, handlers_min)]


def _on_shifts(needed: list[int], shifts: Shifts | None) -> WeekRoster:
    if shifts is None or not any(needed):
        hours = float(sum(needed))
        return WeekRoster(
            on_duty=needed, hours_at_work=hours, hours_rostered=None, hours_needed=hours
        )
    week = cover([each for each in needed for _half in range(2)], shifts)
    return WeekRoster(
        on_duty=week.on_phones,
        hours_at_work=week.hours_at_work,
        hours_rostered=week.hours_rostered,
        hours_needed=float(sum(needed)),
        starts=week.starts,
    )
