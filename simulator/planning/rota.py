"""The rota of a plan: how many people of each desk begin each shift, on each day of the week."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from simulator.contact_centre.rosters import WeekRoster, first_desk, second_desk
from simulator.contact_centre.shifts import HALF_HOURS_A_DAY, ShiftStart
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.results.planning import RotaForm, RotaShift

_DESKS = (("999 and 101", first_desk), ("second desk", second_desk))
_ALL_YEAR, _USUAL, _SUMMER = "all year", "September to May", "June to August"
_DAYS = 7


def rota(centres: ContactCentreParameters) -> list[RotaShift]:
    """Give the shifts of every force that works them; nothing where handlers are by the hour."""
    return [
        shift
        for force in centres.forces
        if centres.shifts_of(force) is not None
        for desk, week_of in _DESKS
        for shift in _of_desk(
            force,
            desk,
            [week_of(centres, force, is_summer=each) for each in (False, True)],
        )
    ]


def rota_form(centres: ContactCentreParameters, force: str) -> RotaForm:
    """Say how a force's handlers are rostered."""
    if centres.shifts_of(force) is not None:
        return "on shifts"
    return "by the hour" if centres.centre(force).roster is None else "by headcount"


def _of_desk(force: str, desk: str, weeks: Sequence[WeekRoster]) -> Iterator[RotaShift]:
    usual, summer = weeks
    seasons = [(_USUAL, usual), (_SUMMER, summer)]
    if usual.starts == summer.starts:
        seasons = [(_ALL_YEAR, usual)]
    for season, week in seasons:
        by_shift = sorted(week.starts, key=_shift)
        for (begins, halves), same in groupby(by_shift, key=_shift):
            people = [0] * _DAYS
            for each in same:
                people[each.day] = each.people
            yield RotaShift(
                force=force,
                desk=desk,
                season=season,
                begins=_clock(begins),
                ends=_clock((begins + halves) % HALF_HOURS_A_DAY),
                hours=halves / 2,
                people=people,
            )


def _shift(start: ShiftStart) -> tuple[int, int]:
    return start.half_hour, start.half_hours


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{30 * (half_hour % 2):02}"
