"""The handlers that a force rosters: for the mean load or as it says, by the hour or on shifts.

`centre.py` lets them answer the calls of `staffing.py`. A planner pays for their hours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import floor

import numpy as np

from simulator.contact_centre.duty_roster import HOURS_A_WEEK
from simulator.contact_centre.own_rosters import times_handlers
from simulator.contact_centre.shifts import ShiftRoster, ShiftStart, cover, spread
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
    the force's roster follows; over the year the handler hours are the same. A force that has a
    roster of its own is staffed as if all of its handlers' time went on calls.
    """
    centre = parameters.centre(force)
    occupancy = 1.0 if centre.occupancy_target is None else centre.occupancy_target.value
    on_calls = _first_on_calls(parameters, force, is_summer=is_summer)
    return _for_load(on_calls, occupancy, centre.handlers_min.value)


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
    on_calls = _on_calls(loads, centre, is_summer=is_summer)
    return _for_load(on_calls, desk.occupancy_target.value, desk.handlers_min.value)


def first_desk(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> WeekRoster:
    """Give who answers 999 and 101: on shifts where there are any, or as the force's roster says.

    A headcount is of people on the phones, and shifts cover it.
    """
    roster = parameters.centre(force).roster
    if roster is not None and roster.paid_hours is not None:
        return _full_time(parameters, force, roster.paid_hours, is_summer=is_summer)
    needed = None if roster is None else roster.on_phones(is_summer=is_summer)
    if needed is None:
        needed = handlers_by_hour(parameters, force, is_summer=is_summer)
    least = parameters.centre(force).handlers_min.value
    return _rostered(needed, parameters, force, least)


def second_desk(
    parameters: ContactCentreParameters, force: str, *, is_summer: bool = False
) -> WeekRoster:
    """Give who takes the calls that are passed on."""
    needed = second_handlers_by_hour(parameters, force, is_summer=is_summer)
    desk = parameters.second_desk_of(force)
    return _rostered(needed, parameters, force, desk.handlers_min.value if desk else 0)


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


def _first_on_calls(parameters: ContactCentreParameters, force: str, *, is_summer: bool) -> PerHour:
    """Give how many handlers are on calls to the first desk in each hour of a mean week."""
    centre = parameters.centre(force)
    emergency, non_emergency = parameters.emergency, parameters.non_emergency
    first, _second = _seconds_of_101(parameters, force)
    loads = (
        (emergency, centre.calls_a_year_999.value * emergency.handling.seconds_mean.value),
        (non_emergency, centre.calls_a_year_101.value * first),
    )
    return _on_calls(loads, centre, is_summer=is_summer)


def _on_calls(
    loads: Sequence[tuple[Callers, float]], centre: ForceCentre, *, is_summer: bool
) -> PerHour:
    follows = centre.roster_follows_summer.value
    on_calls: PerHour = np.zeros(HOURS_A_WEEK)
    for callers, seconds_a_year in loads:
        season = season_of(follows * callers.summer_rise.value, np.array([is_summer]))
        on_calls += seconds_a_year * season * callers.profile.by_hour_of_week()
    return on_calls / (DAYS_A_YEAR * SECONDS_A_DAY)


def _for_load(on_calls: PerHour, occupancy: float, handlers_min: float) -> list[int]:
    wanted = np.ceil(on_calls / occupancy)
    return [int(each) for each in np.maximum(wanted, handlers_min)]


def _full_time(
    parameters: ContactCentreParameters, force: str, paid_hours: float, *, is_summer: bool
) -> WeekRoster:
    """Let a force's full-time handlers work its shifts, as many on each as the load asks for.

    In summer there are as many more as the load of the calls that the roster follows is more.
    """
    shifts = parameters.shifts_of(force)
    assert shifts is not None, "a roster of full-time equivalents is refused without shifts"
    centre = parameters.centre(force)
    usual, summer = (
        _first_on_calls(parameters, force, is_summer=each).sum() for each in (False, True)
    )
    part = SUMMER_DAYS / DAYS_A_YEAR
    on_calls = _first_on_calls(parameters, force, is_summer=is_summer)
    season = on_calls.sum() / (usual * (1 - part) + summer * part) if usual else 1.0
    # A quiet hour needs more for each call, as the square root of its load.
    wanted = np.maximum(on_calls + 2 * np.sqrt(on_calls), centre.handlers_min.value)
    week = spread(
        paid_hours * season * parameters.factor_of(force), np.repeat(wanted, 2).tolist(), shifts
    )
    return _on_shifts(week, needed=sum(week.on_phones) / 2)


def _rostered(
    needed: list[int], parameters: ContactCentreParameters, force: str, least: float
) -> WeekRoster:
    """Put so many on the phones in each hour or half-hour, times the force's factor."""
    shifts, factor = parameters.shifts_of(force), parameters.factor_of(force)
    hours = sum(needed) * HOURS_A_WEEK / len(needed)
    if shifts is None or not any(needed):
        on_duty = needed if factor == 1 else times_handlers(needed, factor, int(least))
        at_work = sum(on_duty) * HOURS_A_WEEK / len(on_duty)
        return WeekRoster(
            on_duty=on_duty, hours_at_work=at_work, hours_rostered=None, hours_needed=hours
        )
    halves = np.repeat(needed, 2 * HOURS_A_WEEK // len(needed)).tolist()
    week = cover(halves, shifts)
    if factor != 1:
        week = spread(week.hours_rostered * factor, halves, shifts)
    return _on_shifts(week, needed=hours)


def _on_shifts(week: ShiftRoster, *, needed: float) -> WeekRoster:
    return WeekRoster(
        on_duty=week.on_phones,
        hours_at_work=week.hours_at_work,
        hours_rostered=week.hours_rostered,
        hours_needed=needed,
        starts=week.starts,
    )
