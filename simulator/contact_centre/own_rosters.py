"""The handlers that a force has: a number for each half-hour, or full-time equivalents on shifts.

A force's table `roster` in `scenarios/contact-centre.toml` says it in place of an occupancy target.
`rosters.py` puts the people on duty.
"""

from collections.abc import Sequence
from math import floor

from simulator.contact_centre.duty_roster import HANDLERS_MAX
from simulator.files.checked_toml import Positive, Sourced, Strict

_HALF_HOURS_A_DAY = 48
_WEEKDAYS, _WEEKEND_DAYS = 5, 2


class Headcount(Sourced, frozen=True, kw_only=True):
    """How many handlers are on the phones in each half-hour of a day, from 00:00 London time.

    Saturday and Sunday are as the other days where `weekends` is left out.
    """

    weekdays: tuple[int, ...]
    weekends: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("weekdays", "weekends"):
            handlers = getattr(self, name)
            if handlers is None:
                continue
            if len(handlers) != _HALF_HOURS_A_DAY:
                raise ValueError(
                    f"{name} has {len(handlers)} numbers; give {_HALF_HOURS_A_DAY}, one for each "
                    "half-hour from 00:00"
                )
            for place, each in enumerate(handlers):
                if not 0 <= each <= HANDLERS_MAX:
                    raise ValueError(
                        f"{name} has {each} at {_clock(place)}; give 0 to {HANDLERS_MAX:,}"
                    )
        if not any((*self.weekdays, *(self.weekends or ()))):
            raise ValueError("all numbers are 0; put at least one handler on the phones")

    def of_the_week(self) -> list[int]:
        """Give the 336 half-hours from Monday 00:00."""
        weekends = self.weekdays if self.weekends is None else self.weekends
        return [*self.weekdays * _WEEKDAYS, *weekends * _WEEKEND_DAYS]


class OwnRoster(Strict, frozen=True, kw_only=True):
    """The handlers of a force's first desk, as it has them: `headcount`, or full-time equivalents.

    `summer_headcount` is that of June to August; without it summer is as usual. Full-time
    equivalents are paid for `hours_a_week` each, and work the force's shifts: as many are on each
    as the load asks for.
    """

    headcount: Headcount | None = None
    summer_headcount: Headcount | None = None
    full_time_equivalents: Positive | None = None
    hours_a_week: Positive | None = None

    def __post_init__(self) -> None:
        if (self.headcount is None) == (self.full_time_equivalents is None):
            said = "neither" if self.headcount is None else "both"
            raise ValueError(
                f"roster has {said} of headcount and full_time_equivalents; give one of them"
            )
        if self.headcount is None and self.summer_headcount is not None:
            raise ValueError("summer_headcount is beside full_time_equivalents; take one out")
        if (self.full_time_equivalents is None) != (self.hours_a_week is None):
            raise ValueError(
                "full_time_equivalents and hours_a_week belong together; give both, or a headcount"
            )

    def on_phones(self, *, is_summer: bool) -> list[int] | None:
        """Give the headcount of the 336 half-hours of a week; None where there are equivalents."""
        found = (is_summer and self.summer_headcount) or self.headcount
        return None if found is None else found.of_the_week()

    @property
    def paid_hours(self) -> float | None:
        """The hours of a mean week of the year that are paid for; None where it is a headcount."""
        people, hours = self.full_time_equivalents, self.hours_a_week
        return None if people is None or hours is None else people.value * hours.value


def times_handlers(handlers: Sequence[int], factor: float, least: int) -> list[int]:
    """Roster `factor` times as many, and in no part of the week fewer than `least`.

    Handlers are whole: what one half-hour or hour has too few the next has more, so that the week
    has as many as it should.
    """
    found, owed = [], 0.0
    for each in handlers:
        owed += each * factor
        # Where nobody was on duty before, nobody is.
        here = max(floor(owed + 0.5), min(each, least)) if each else 0
        owed -= here
        found.append(here)
    return found


def _clock(half_hour: int) -> str:
    return f"{half_hour // 2:02}:{30 * (half_hour % 2):02}"
