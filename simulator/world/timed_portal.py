"""The portal of a world, with its clock kept at the world's time.

The world gets the portal from here whenever it asks or tells it anything.
"""

from datetime import datetime, timedelta

from simulator.clock import WorldClock
from simulator.drivers.base import Driver, Refused
from simulator.errors import PortalNonsense

#: How a portal answers a time that its clock has passed.
_CONFLICT = 409


class TimedPortal:
    """A portal, how far its clock has been moved, and when its next work is due."""

    def __init__(self, driver: Driver, clock: WorldClock) -> None:
        self.driver = driver
        self._clock = clock
        self._moved_to = clock.start
        #: When the portal's next work is due; None if it has none planned.
        self.due_at: datetime | None = clock.start

    @property
    def has_test_clock(self) -> bool:
        """Say whether we can set its clock; without a test clock it keeps the time of day."""
        return "test_clock" in self.driver.capabilities

    @property
    def is_due(self) -> bool:
        """Say whether it has work to do at this moment."""
        return self.due_at is not None and self.due_at <= self._clock.now

    def now(self) -> Driver:
        """Return the portal at the world's time; expect it to have work after this call."""
        self.catch_up()
        self.due_at = self._clock.now
        return self.driver

    def catch_up(self) -> bool:
        """Move its clock to the world's time; return whether it was behind."""
        is_behind = self._moved_to < self._clock.now
        if is_behind:
            self.work()
        return is_behind

    def work(self) -> None:
        """Move its clock to the world's time, and have it do all that is due by then."""
        self._moved_to = self._clock.now
        due_at = self.driver.advance_to(self._clock.now)
        # The world counts whole seconds: work due in between waits for the next one.
        if due_at is not None and due_at.microsecond:
            due_at = due_at.replace(microsecond=0) + timedelta(seconds=1)
        self.due_at = due_at


def is_of_the_past(error: Refused | PortalNonsense) -> bool:
    """Say whether a portal refused a time because its clock is beyond it."""
    if isinstance(error, Refused):
        return error.status == _CONFLICT
    return f"answered {_CONFLICT}" in str(error)
