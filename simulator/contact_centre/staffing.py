"""The calls to a force's contact centre on 999 and 101, and the handlers on duty.

Base calls come whatever the portal does. Update calls come from victims' worries, so a run with the
portal has fewer of them and is otherwise the same, call for call. `call_queue.py` answers the
calls. The parameters are read from `scenarios/contact-centre.toml`.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from simulator.contact_centre.call_queue import (
    SECONDS_AN_HOUR,
    hour_of_week,
    london_hour,
    on_the_hour,
)
from simulator.contact_centre.calls import (
    AT_SECONDS_MAX,
    EMERGENCY,
    NON_EMERGENCY,
    SERVICE_SECONDS_MAX,
    Calls,
    Seconds,
    merge,
)
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Sourced, Strict
from simulator.streams import Streams

DAYS_A_YEAR = 365.25
SUMMER, SUMMER_DAYS = (6, 7, 8), 92
SECONDS_A_DAY = 86_400
CALLS_MAX = 50_000_000

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


class Handling(Strict, frozen=True, kw_only=True):
    """How long a call takes a handler, including wrap-up: lognormal."""

    seconds_mean: Amount
    spread: Amount

    def __post_init__(self) -> None:
        if self.seconds_mean.value == 0:
            raise ValueError("seconds_mean is 0; give more than 0")

    def draw(self, rng: np.random.Generator, calls: int) -> Seconds:
        """Draw whole seconds; `spread` is the standard deviation over the mean."""
        variance = np.log1p(self.spread.value**2)
        location = np.log(self.seconds_mean.value) - variance / 2
        drawn = np.rint(rng.lognormal(location, np.sqrt(variance), calls))
        return np.clip(drawn, 1, SERVICE_SECONDS_MAX)


class Callers(Strict, frozen=True, kw_only=True):
    """The callers of one line, in both forces."""

    profile: Profile
    summer_rise: Amount
    handling: Handling
    patience_seconds_mean: Amount


class UpdateCalls(Strict, frozen=True, kw_only=True):
    """Calls on 101 that ask for news of a crime."""

    share_of_101: Share
    handling: Handling
    spread_days: Amount

    def __post_init__(self) -> None:
        if self.spread_days.value < 1:
            raise ValueError(f"spread_days is {self.spread_days.value}; give 1 or more")


class ForceCentre(Strict, frozen=True, kw_only=True):
    """One force: how many calls it gets, and its staffing."""

    calls_a_year_999: Amount
    calls_a_year_101: Amount
    occupancy_target: Share
    handlers_min: Amount
    abandoned_after_seconds: Amount

    def __post_init__(self) -> None:
        if self.occupancy_target.value == 0:
            raise ValueError("occupancy_target is 0; give a share above 0, such as 0.85")
        if self.handlers_min.value < 1:
            raise ValueError(f"handlers_min is {self.handlers_min.value}; give 1 or more")


class ContactCentreParameters(Strict, frozen=True, kw_only=True):
    """All of `scenarios/contact-centre.toml`."""

    name: str
    basis: str
    answer_target_seconds_999: Amount
    forces: dict[str, ForceCentre]
    emergency: Callers
    non_emergency: Callers
    update_calls: UpdateCalls

    def centre(self, force: str) -> ForceCentre:
        """Find a force; raises BadInput naming the known forces."""
        if force not in self.forces:
            raise BadInput(f"force: {force!r} is not one of {', '.join(self.forces)}")
        return self.forces[force]


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

    Poisson by the hour of London's clock, at full volume. Seconds are whole and count from `start`.
    """
    centre = parameters.centre(force)
    hours = _london_hours(on_the_hour("start", start), on_the_hour("end", end))
    calls_a_year_101 = centre.calls_a_year_101.value * (
        1 - parameters.update_calls.share_of_101.value
    )
    return merge(
        _line_calls(
            EMERGENCY,
            parameters.emergency,
            _calls_per_hour(parameters.emergency, centre.calls_a_year_999.value, hours),
            streams.for_(f"{force}: 999 calls"),
        ),
        _line_calls(
            NON_EMERGENCY,
            parameters.non_emergency,
            _calls_per_hour(parameters.non_emergency, calls_a_year_101, hours),
            streams.for_(f"{force}: 101 calls"),
        ),
    )


def update_calls(
    times_seconds: Seconds,
    copies: float,
    parameters: ContactCentreParameters,
    force: str,
    streams: Streams,
) -> tuple[Calls, NDArray[np.int64]]:
    """Make the calls of worried victims; each moment stands for `copies` calls on average.

    The first call is the victim's own, at that moment. The others come in the same hour of the day,
    spread over the following week (an hour out if the clocks change). Returns the calls in order
    and, for each, the index of its moment: `calls[keep[owner]]` is the same run without some of the
    moments. Raises BadInput.
    """
    moments = np.asarray(times_seconds, dtype=np.float64)
    _check_moments(moments, copies)
    parameters.centre(force)
    asking = parameters.update_calls
    rng = streams.for_(f"{force}: update calls")
    each = int(copies) + (rng.random(len(moments)) < copies % 1)
    owner = np.repeat(np.arange(len(moments)), each)
    days = rng.integers(0, int(asking.spread_days.value), len(owner))
    in_hour = rng.integers(0, SECONDS_AN_HOUR, len(owner))
    at = moments[owner] // SECONDS_AN_HOUR * SECONDS_AN_HOUR + days * SECONDS_A_DAY + in_hour
    at[np.cumsum(each) - each] = moments
    service = asking.handling.draw(rng, len(owner))
    patience = _patience(parameters.non_emergency, rng, len(owner))
    order = np.argsort(at, kind="stable")
    calls = Calls(
        at_seconds=at[order],
        line=np.full(len(owner), NON_EMERGENCY, dtype=np.int8),
        service_seconds=service[order],
        patience_seconds=patience[order],
    )
    return calls, owner[order]


def handlers_by_hour(parameters: ContactCentreParameters, force: str) -> list[int]:
    """Staff each hour of the week for its mean load without a portal, at the target occupancy.

    This assumes that update calls come at the same hours as other 101 calls. 168 entries, from
    Monday 00:00.
    """
    centre = parameters.centre(force)
    emergency, non_emergency = parameters.emergency, parameters.non_emergency
    asking = parameters.update_calls
    seconds_a_year_999 = centre.calls_a_year_999.value * emergency.handling.seconds_mean.value
    seconds_a_year_101 = centre.calls_a_year_101.value * (
        asking.share_of_101.value * asking.handling.seconds_mean.value
        + (1 - asking.share_of_101.value) * non_emergency.handling.seconds_mean.value
    )
    on_calls = (
        seconds_a_year_999 * emergency.profile.by_hour_of_week()
        + seconds_a_year_101 * non_emergency.profile.by_hour_of_week()
    ) / (DAYS_A_YEAR * SECONDS_A_DAY)
    wanted = np.ceil(on_calls / centre.occupancy_target.value)
    return [int(each) for each in np.maximum(wanted, centre.handlers_min.value)]


def _london_hours(start: datetime, end: datetime) -> list[datetime]:
    hours = int((end - start).total_seconds()) // SECONDS_AN_HOUR
    if not 0 < hours <= AT_SECONDS_MAX // SECONDS_AN_HOUR:
        raise BadInput(f"end: {end} is {hours} hours after start ({start}); give up to ten years")
    return [london_hour(start, hour) for hour in range(hours)]


def _calls_per_hour(callers: Callers, calls_a_year: float, hours: list[datetime]) -> PerHour:
    """Spread a year's calls over the hours, by London's clock and season."""
    rise = callers.summer_rise.value
    summer = np.array([rise if hour.month in SUMMER else 0.0 for hour in hours])
    season = (1 + summer) / (1 + rise * SUMMER_DAYS / DAYS_A_YEAR)
    profile = callers.profile.by_hour_of_week()[[hour_of_week(hour) for hour in hours]]
    per_hour: PerHour = calls_a_year / (DAYS_A_YEAR * 24) * profile * season
    if per_hour.sum() > CALLS_MAX:
        raise BadInput(
            f"calls_a_year: {calls_a_year:,.0f} makes over {CALLS_MAX:,} calls; give fewer"
        )
    return per_hour


def _line_calls(line: int, callers: Callers, per_hour: PerHour, rng: np.random.Generator) -> Calls:
    counts = rng.poisson(per_hour)
    hours = np.repeat(np.arange(len(counts)), counts)
    at = np.sort(hours * SECONDS_AN_HOUR + rng.integers(0, SECONDS_AN_HOUR, len(hours)))
    return Calls(
        at_seconds=at.astype(np.float64),
        line=np.full(len(at), line, dtype=np.int8),
        service_seconds=callers.handling.draw(rng, len(at)),
        patience_seconds=_patience(callers, rng, len(at)),
    )


def _patience(callers: Callers, rng: np.random.Generator, calls: int) -> Seconds:
    return np.rint(rng.exponential(callers.patience_seconds_mean.value, calls))


def _check_moments(moments: Seconds, copies: float) -> None:
    if not copies >= 1:
        raise BadInput(f"copies: {copies}; give 1 / fraction, which is 1 or more")
    if len(moments) * copies > CALLS_MAX:
        raise BadInput(
            f"copies: {copies} of {len(moments):,} moments is over {CALLS_MAX:,} calls; "
            "is the sampled fraction right?"
        )
    bad = ~((moments >= 0) & np.isfinite(moments))
    if bad.any():
        which = int(np.argmax(bad))
        raise BadInput(f"times_seconds: {moments[which]} at moment {which}; give 0 or more")
