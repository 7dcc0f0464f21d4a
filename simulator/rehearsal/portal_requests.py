"""How many requests a live portal gets, counted at its driver by hour, and what that is a second.

Each method of a driver is one request by the contract: an event handed over, a receipt, a step of a
victim's sign-in, a page. Moves of a test clock are none. Events are counted one by one, because at
full volume a delivery holds other events together than in a sample.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, cast

from simulator.clock import LONDON, WorldClock
from simulator.drivers.base import Delivery, Driver
from simulator.results.portal_life import PortalRequests
from simulator.world.world import World

_HOUR = 3600
_HOURS_A_DAY = 24
#: What no portal gets in service: its clock, its phases, and its end.
_NO_REQUESTS = frozenset({"advance_to", "enter_phase", "restart", "close"})


class CountedPortal:
    """A driver that counts what is asked of it, by hour since the clock's start."""

    def __init__(self, driver: Driver, clock: WorldClock) -> None:
        self._driver = driver
        self._clock = clock
        self.by_hour: Counter[int] = Counter()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._driver, name)
        if not callable(found) or name in _NO_REQUESTS:
            return found
        counting = self._counting(found)
        # From now on it is found without asking here.
        setattr(self, name, counting)
        return counting

    def _counting(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def counting(*given: Any, **named: Any) -> Any:
            first = given[0] if given else None
            times = len(first.events) if isinstance(first, Delivery) else 1
            self.by_hour[self._clock.seconds(self._clock.now) // _HOUR] += times
            return method(*given, **named)

        return counting


def count_requests(world: World) -> Counter[int]:
    """Count from now on what is asked of a world's portal; the count goes on growing."""
    counted = CountedPortal(world.messages.portal.driver, world.clock)
    world.messages.portal.driver = world.integration.driver = cast("Driver", counted)
    return counted.by_hour


def requests_a_second(
    by_hour: Mapping[int, int],
    start: datetime,
    *,
    live: date,
    last: tuple[date, date],
    fraction: float,
) -> PortalRequests:
    """Give the mean since the portal is `live`, and that of the busiest hour of the `last` period.

    The busiest hour is an hour of the day, in the mean of all days: the most in any one hour hangs
    on chance where few crimes are followed. `last` is from one London midnight up to another.
    """
    midnights = [_hour_of(day, start) for day in (live, *last)]
    since, begins, ends = midnights
    of_day = Counter[int]()
    for hour, number in by_hour.items():
        if begins <= hour < ends:
            of_day[(start + timedelta(hours=hour)).astimezone(LONDON).hour] += number
    busiest = max(range(_HOURS_A_DAY), key=lambda each: of_day[each])
    days = (last[1] - last[0]).days
    total = sum(number for hour, number in by_hour.items() if since <= hour < ends)
    return PortalRequests(
        mean=round(total / fraction / (_HOUR * max(ends - since, 1)), 4),
        busiest_hour=busiest,
        in_busiest_hour=round(of_day[busiest] / fraction / (_HOUR * max(days, 1)), 4),
    )


def _hour_of(day: date, start: datetime) -> int:
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
    return int((midnight - start).total_seconds()) // _HOUR
