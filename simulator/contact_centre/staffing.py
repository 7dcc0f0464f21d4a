"""The calls to a force's contact centre on 999 and 101, and the numbers that decide them.

Base calls come whatever the portal does. Update calls come from victims' worries, one call a worry,
so a run with the portal has fewer of them and is otherwise the same, call for call. `centre.py`
answers the calls, with the handlers of `rosters.py`. The parameters are read from
`scenarios/contact-centre.toml`.
"""

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Annotated, TypeAlias

import numpy as np
from msgspec import Meta, structs
from numpy.typing import NDArray

from simulator.contact_centre.calls import (
    AT_SECONDS_MAX,
    EMERGENCY,
    NON_EMERGENCY,
    Calls,
    Seconds,
    merge,
)
from simulator.contact_centre.duty_roster import (
    SECONDS_AN_HOUR,
    SUMMER,
    hour_of_week,
    london_hour,
    on_the_hour,
)
from simulator.contact_centre.further_steps import CallBackOffers, SecondDesk, with_further_steps
from simulator.contact_centre.handling import Handling, Redialling
from simulator.contact_centre.own_rosters import OwnRoster
from simulator.contact_centre.own_tables import (
    OwnCallBacks,
    OwnSecondDesk,
    OwnShifts,
    with_own,
)
from simulator.contact_centre.shifts import Shifts
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, OneOrMore, Positive, Share, Sourced, Strict
from simulator.streams import Streams

DAYS_A_YEAR = 365.25
SUMMER_DAYS = 92
SECONDS_A_DAY = 86_400
CALLS_MAX = 50_000_000
# More than this is a mistake: half of the days would have hardly a call.
DAY_VARIATION_MAX = 1
_FACTOR_MAX = 10
_AS_ROSTERED = Positive(1, "times the handlers otherwise rostered", assumed="as rostered")

Weight = Annotated[float, Meta(ge=0, le=1_000_000)]
PerHour: TypeAlias = NDArray[np.float64]


class Profile(Sourced, frozen=True, kw_only=True):
    """The shape of a week: how busy each hour of the day and each day from Monday is."""

    by_hour_of_day: Annotated[tuple[Weight, ...], Meta(min_length=24, max_length=24)]
    by_day_of_week: Annotated[tuple[Weight, ...], Meta(min_length=7, max_length=7)]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (any(self.by_hour_of_day) and any(self.by_day_of_week)):
            raise ValueError("all weights are 0; give a busy hour and a busy day")

    def by_hour_of_week(self) -> PerHour:
        """Give 168 factors around 1, from Monday 00:00."""
        weights = np.outer(self.by_day_of_week, self.by_hour_of_day).ravel()
        factors: PerHour = weights / weights.mean()
        return factors


class Callers(Strict, frozen=True, kw_only=True):
    """The callers of one line, in both forces.

    `day_variation` is the standard deviation over the mean of how busy a day is, beside what its
    weekday and season make of it.
    """

    profile: Profile
    summer_rise: Amount
    day_variation: Amount
    handling: Handling
    redial: Redialling

    def __post_init__(self) -> None:
        if self.day_variation.value > DAY_VARIATION_MAX:
            raise ValueError(
                f"day_variation is {self.day_variation.value}; give at most {DAY_VARIATION_MAX}"
            )


class UpdateCalls(Strict, frozen=True, kw_only=True):
    """Calls on 101 that ask for news of a crime."""

    share_of_101: Share
    handling: Handling


class ForceCentre(Strict, frozen=True, kw_only=True):
    """One force: how many calls it gets, how long its callers wait, and its staffing.

    It rosters handlers for its mean load by `occupancy_target`, or has the `roster` that it says,
    and `handlers_factor` times as many of either.
    `roster_follows_summer` is the share of summer's extra 999 calls for which it rosters more. Of
    the handlers on duty, the shares `only_999` and `only_101` take one line alone, and the others
    both. They answer 101 while `reserve_999` of them stay free for 999. Where the force's shifts,
    call-backs or second desk differ from the common ones, it has a table of its own with what
    differs.
    """

    calls_a_year_999: Amount
    calls_a_year_101: Amount
    patience_seconds_mean_999: Amount
    patience_seconds_mean_101: Amount
    roster_follows_summer: Share
    handlers_min: OneOrMore
    abandoned_after_seconds: Amount
    occupancy_target: Share | None = None
    roster: OwnRoster | None = None
    handlers_factor: Positive | None = None
    only_999: Share | None = None
    only_101: Share | None = None
    reserve_999: Amount | None = None
    shifts: OwnShifts | None = None
    call_backs: OwnCallBacks | None = None
    second_desk: OwnSecondDesk | None = None

    @property
    def reserve(self) -> int:
        """The shared handlers that are kept free for 999."""
        return int(self.reserve_999.value) if self.reserve_999 else 0

    def patience_seconds_mean(self, line: int) -> float:
        """Give the mean patience of a line's callers."""
        each = (
            self.patience_seconds_mean_999 if line == EMERGENCY else self.patience_seconds_mean_101
        )
        return each.value

    def __post_init__(self) -> None:
        if (self.occupancy_target is None) == (self.roster is None):
            said = "neither" if self.roster is None else "both"
            raise ValueError(
                f"{said} of occupancy_target and roster are there; give one: handlers for the mean "
                "load, or those that the force has"
            )
        if self.occupancy_target is not None and self.occupancy_target.value == 0:
            raise ValueError("occupancy_target is 0; give a share above 0, such as 0.85")
        _check_factor(self.handlers_factor)
        own = sum(each.value for each in (self.only_999, self.only_101) if each)
        if own > 1:
            raise ValueError(f"only_999 and only_101 are {own:g} together; give at most 1")
        if self.reserve_999 and self.reserve_999.value % 1:
            raise ValueError(f"reserve_999 is {self.reserve_999.value:g}; give a whole number")


class ContactCentreParameters(Strict, frozen=True, kw_only=True):
    """All of `scenarios/contact-centre.toml`; what is not there is not in use."""

    name: str
    basis: str
    answer_target_seconds_999: Amount
    forces: dict[str, ForceCentre]
    emergency: Callers
    non_emergency: Callers
    update_calls: UpdateCalls
    shifts: Shifts | None = None
    call_backs: CallBackOffers | None = None
    second_desk: SecondDesk | None = None
    #: How many times the handlers otherwise rostered there are, in forces that do not say it.
    handlers_factor: Positive | None = None

    def __post_init__(self) -> None:
        _check_factor(self.handlers_factor)
        for name, force in self.forces.items():
            for table in ("shifts", "call_backs", "second_desk"):
                try:
                    with_own(getattr(self, table), getattr(force, table), table)
                except ValueError as error:
                    raise ValueError(f"forces.{name}.{table}: {error}") from None
            if force.roster and force.roster.paid_hours and self.shifts_of(name) is None:
                raise ValueError(
                    f"forces.{name}.roster: full_time_equivalents work shifts, and shifts.in_use "
                    "is false; change it to true, or give a headcount"
                )

    def centre(self, force: str) -> ForceCentre:
        """Find a force; raises BadInput naming the known forces."""
        if force not in self.forces:
            raise BadInput(f"force: {force!r} is not one of {', '.join(self.forces)}")
        return self.forces[force]

    def shifts_of(self, force: str) -> Shifts | None:
        """Give the shifts that a force's handlers work; None where they are not in use."""
        found = with_own(self.shifts, self.centre(force).shifts, "shifts")
        return found if found is not None and found.in_use else None

    def call_backs_of(self, force: str) -> CallBackOffers | None:
        """Give a force's offer of call-backs; None where it is not in use."""
        found = with_own(self.call_backs, self.centre(force).call_backs, "call_backs")
        return found if found is not None and found.in_use else None

    def second_desk_of(self, force: str) -> SecondDesk | None:
        """Give a force's second desk; None where it is not in use."""
        found = with_own(self.second_desk, self.centre(force).second_desk, "second_desk")
        return found if found is not None and found.in_use else None

    def factor_of(self, force: str) -> float:
        """Give how many times the handlers otherwise rostered a force has: its own word first."""
        found = self.centre(force).handlers_factor or self.handlers_factor
        return 1.0 if found is None else found.value

    def with_occupancy(
        self, force: str, *, first: Share, second: Share | None = None
    ) -> "ContactCentreParameters":
        """Staff the first desk of a force by another occupancy, and perhaps its second.

        A roster of its own no longer counts, nor how many times as many handlers there are.
        """
        centre = structs.replace(
            self.centre(force), occupancy_target=first, roster=None, handlers_factor=_AS_ROSTERED
        )
        if second is not None:
            own = centre.second_desk or OwnSecondDesk()
            centre = structs.replace(
                centre, second_desk=structs.replace(own, occupancy_target=second)
            )
        return structs.replace(self, forces={**self.forces, force: centre})

    def as_listed(self) -> "ContactCentreParameters":
        """Give the same with each common table in use that any force uses, to list its numbers."""
        tables = {
            name: structs.replace(
                common, in_use=any(of(force) is not None for force in self.forces)
            )
            for name, common, of in (
                ("shifts", self.shifts, self.shifts_of),
                ("call_backs", self.call_backs, self.call_backs_of),
                ("second_desk", self.second_desk, self.second_desk_of),
            )
            if common is not None
        }
        return structs.replace(self, **tables)


def _check_factor(factor: Positive | None) -> None:
    if factor is not None and factor.value > _FACTOR_MAX:
        raise ValueError(
            f"handlers_factor is {factor.value:g}; give more than 0 and at most {_FACTOR_MAX}: "
            "0.95 for a twentieth fewer"
        )


def read_parameters(path: Path) -> ContactCentreParameters:
    """Read and check the parameters; raises BadInput naming the field."""
    return checked_toml.read(path, ContactCentreParameters)


def base_calls(
    parameters: ContactCentreParameters,
    force: str,
    start: datetime,
    end: datetime,
    streams: Streams,
) -> Calls:
    """Make every call from `start` to `end`, both on the hour, except those that ask for news.

    Poisson by the hour of London's clock, at full volume; some days are busier than others. Seconds
    are whole and count from `start`.
    """
    centre = parameters.centre(force)
    hours = _london_hours(on_the_hour("start", start), on_the_hour("end", end))
    return merge(
        *(
            _line_calls(
                line, callers, parameters, force, calls_a_year, hours, streams, f"{force}: {name}"
            )
            for line, callers, calls_a_year, name in (
                (EMERGENCY, parameters.emergency, centre.calls_a_year_999.value, "999"),
                (
                    NON_EMERGENCY,
                    parameters.non_emergency,
                    _reports_a_year(parameters, force),
                    "101",
                ),
            )
        )
    )


def calendar_calls(callers: Callers, start: datetime, end: datetime) -> float:
    """Give how many calls a line has from `start` to `end` for one call a year.

    It is by the hours, weekdays and season that are there alone.
    """
    hours = _london_hours(on_the_hour("start", start), on_the_hour("end", end))
    return float(_calls_per_hour(callers, 1.0, hours).sum())


def update_calls(
    moments: Seconds,
    parameters: ContactCentreParameters,
    force: str,
    streams: Streams,
    *,
    name: str = "update calls",
) -> Calls:
    """Make one call at each moment, in order of time, of victims who ask for news of their crime.

    So `calls[keep]` is the same run without some of the moments. `name` is that of the streams.
    Raises BadInput.
    """
    at = np.asarray(moments, dtype=np.float64)
    _check_moments(at)
    centre = parameters.centre(force)
    rng = streams.for_(f"{force}: {name}")
    redials, gaps = parameters.non_emergency.redial.draw(
        streams.for_(f"{force}: {name}: redials"), len(at)
    )
    calls = Calls(
        at_seconds=at,
        line=np.full(len(at), NON_EMERGENCY, dtype=np.int8),
        service_seconds=parameters.update_calls.handling.draw(rng, len(at)),
        patience_seconds=_patience(centre, NON_EMERGENCY, rng, len(at)),
        redials=redials,
        redial_seconds=gaps,
    )
    second = parameters.second_desk_of(force)
    return with_further_steps(
        calls,
        parameters.call_backs_of(force),
        second,
        streams,
        f"{force}: {name}:",
        passed_on=second.passed_on_updates.value if second else 0.0,
    )


def update_calls_a_year(parameters: ContactCentreParameters, force: str) -> float:
    """Count the update calls that this file says a force gets in a year."""
    centre = parameters.centre(force)
    return centre.calls_a_year_101.value * parameters.update_calls.share_of_101.value


def update_call_seconds(parameters: ContactCentreParameters) -> float:
    """Give the mean time that an update call takes handlers, over the forces, wrap-up included.

    A call that is passed on takes an operator first, and then as long at the second desk.
    """
    seconds = parameters.update_calls.handling.seconds_mean.value
    desks = {force: parameters.second_desk_of(force) for force in parameters.forces}
    operators = calls = 0.0
    for force, desk in desks.items():
        here = update_calls_a_year(parameters, force)
        calls += here
        if desk is not None:
            operators += here * desk.passed_on_updates.value * desk.operator.seconds_mean.value
    return seconds + operators / calls if operators else seconds


def _reports_a_year(parameters: ContactCentreParameters, force: str) -> float:
    return parameters.centre(force).calls_a_year_101.value - update_calls_a_year(parameters, force)


def _london_hours(start: datetime, end: datetime) -> list[datetime]:
    hours = int((end - start).total_seconds()) // SECONDS_AN_HOUR
    if not 0 < hours <= AT_SECONDS_MAX // SECONDS_AN_HOUR:
        raise BadInput(f"end: {end} is {hours} hours after start ({start}); give up to ten years")
    return [london_hour(start, hour) for hour in range(hours)]


def season_of(rise: float, is_summer: NDArray[np.bool_]) -> PerHour:
    """Give the factor of each hour: summer is `rise` busier, and the year's mean is 1."""
    busier = rise * is_summer.astype(np.float64)
    factors: PerHour = (1 + busier) / (1 + rise * SUMMER_DAYS / DAYS_A_YEAR)
    return factors


def _calls_per_hour(callers: Callers, calls_a_year: float, hours: list[datetime]) -> PerHour:
    """Spread a year's calls over the hours, by London's clock and season."""
    season = season_of(
        callers.summer_rise.value, np.array([each.month in SUMMER for each in hours])
    )
    profile = callers.profile.by_hour_of_week()[[hour_of_week(hour) for hour in hours]]
    per_hour: PerHour = calls_a_year / (DAYS_A_YEAR * 24) * profile * season
    if per_hour.sum() > CALLS_MAX:
        raise BadInput(
            f"calls_a_year: {calls_a_year:,.0f} makes over {CALLS_MAX:,} calls; give fewer"
        )
    return per_hour


def _line_calls(
    line: int,
    callers: Callers,
    parameters: ContactCentreParameters,
    force: str,
    calls_a_year: float,
    hours: list[datetime],
    streams: Streams,
    name: str,
) -> Calls:
    rng = streams.for_(f"{name} calls")
    per_hour = _calls_per_hour(callers, calls_a_year, hours)
    busy = _busy_days(callers, hours, streams.for_(f"{name} busy days"))
    counts = rng.poisson(per_hour * busy)
    which = np.repeat(np.arange(len(counts)), counts)
    at = np.sort(which * SECONDS_AN_HOUR + rng.integers(0, SECONDS_AN_HOUR, len(which)))
    redials, gaps = callers.redial.draw(streams.for_(f"{name} redials"), len(at))
    calls = Calls(
        at_seconds=at.astype(np.float64),
        line=np.full(len(at), line, dtype=np.int8),
        service_seconds=callers.handling.draw(rng, len(at)),
        patience_seconds=_patience(parameters.centre(force), line, rng, len(at)),
        redials=redials,
        redial_seconds=gaps,
    )
    if line == EMERGENCY:
        return calls
    second = parameters.second_desk_of(force)
    return with_further_steps(
        calls,
        parameters.call_backs_of(force),
        second,
        streams,
        name,
        passed_on=second.passed_on.value if second else 0.0,
    )


def _busy_days(callers: Callers, hours: list[datetime], rng: np.random.Generator) -> PerHour:
    """Give each hour the factor of its London day: gamma, around 1."""
    days = np.cumsum([0, *(a.date() != b.date() for a, b in pairwise(hours))])
    variance = callers.day_variation.value**2
    if not variance:
        return np.ones(len(hours))
    factors: PerHour = rng.gamma(1 / variance, variance, days[-1] + 1)[days]
    return factors


def _patience(centre: ForceCentre, line: int, rng: np.random.Generator, calls: int) -> Seconds:
    return np.rint(rng.exponential(centre.patience_seconds_mean(line), calls))


def _check_moments(moments: Seconds) -> None:
    bad = ~((moments >= 0) & np.isfinite(moments))
    if bad.any():
        which = int(np.argmax(bad))
        raise BadInput(f"moments: {moments[which]} at moment {which}; give 0 or more")
    if len(moments) > CALLS_MAX:
        raise BadInput(f"moments: {len(moments):,} make over {CALLS_MAX:,} calls; give fewer")
