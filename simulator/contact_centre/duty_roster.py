"""Who is on duty when: rosters by hour or half-hour of the week, by London's clock, with summer's.

`call_queue.py` and `skilled_desk.py` change their handlers by these.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from simulator.clock import LONDON
from simulator.errors import BadInput

HOURS_A_WEEK = 168
HALF_HOURS_A_WEEK = 336
SECONDS_AN_HOUR = 3600
SECONDS_A_HALF_HOUR = 1800
HANDLERS_MAX = 10_000
SUMMER = (6, 7, 8)


class DutyRoster:
    """How many handlers are on duty, in the usual weeks and from June to August.

    Each roster has 168 entries, one for each hour from Monday 00:00 London time, or 336, one for
    each half-hour. Where none is given for summer, it is as usual. Raises BadInput.
    """

    def __init__(
        self,
        name: str,
        usual: Sequence[int],
        summer: Sequence[int] | None,
        *,
        may_be_empty: bool = False,
    ) -> None:
        summer = usual if summer is None else summer
        for said, roster in ((name, usual), (f"summer_{name}", summer)):
            _check(said, roster, may_be_empty=may_be_empty)
        self.is_by_half_hour = HALF_HOURS_A_WEEK in {len(usual), len(summer)}
        self._usual, self._summer = (
            each if len(each) == HALF_HOURS_A_WEEK else [n for n in each for _half in range(2)]
            for each in (usual, summer)
        )

    def handlers_at(self, local: datetime) -> int:
        """Give the handlers on duty at a moment of London's clock."""
        roster = self._summer if local.month in SUMMER else self._usual
        return roster[2 * hour_of_week(local) + local.minute // 30]


def london_time(start: datetime, seconds: int) -> datetime:
    """Return London's time of day some seconds after `start` (UTC), with summer time."""
    return (start + timedelta(seconds=seconds)).astimezone(LONDON)


def london_hour(start: datetime, hour: int) -> datetime:
    """Return London's time of day `hour` whole hours after `start` (UTC), with summer time."""
    return london_time(start, hour * SECONDS_AN_HOUR)


def hour_of_week(local: datetime) -> int:
    """Count the hours from Monday 00:00 by the clock: 0 to 167."""
    return local.weekday() * 24 + local.hour


def on_the_hour(field: str, moment: datetime) -> datetime:
    """Return a moment in UTC; raises BadInput if it has no time zone or is not on the hour."""
    if moment.tzinfo is None:
        raise BadInput(f"{field}: {moment} has no time zone; give it in UTC")
    # Adding to a London moment would follow the wall clock, an hour out in summer.
    in_utc = moment.astimezone(UTC)
    if in_utc.minute or in_utc.second or in_utc.microsecond:
        raise BadInput(f"{field}: {moment} is not on the hour; handlers change on the hour")
    return in_utc


def _check(name: str, roster: Sequence[int], *, may_be_empty: bool) -> None:
    if len(roster) not in {HOURS_A_WEEK, HALF_HOURS_A_WEEK}:
        raise BadInput(
            f"{name}: {len(roster)} entries; give {HOURS_A_WEEK}, one for each hour of the week, "
            f"or {HALF_HOURS_A_WEEK}, one for each half-hour"
        )
    part = "hour" if len(roster) == HOURS_A_WEEK else "half-hour"
    for place, handlers in enumerate(roster):
        if not 0 <= handlers <= HANDLERS_MAX:
            raise BadInput(f"{name}: {handlers} at {part} {place}; give 0 to {HANDLERS_MAX:,}")
    if not may_be_empty and not any(roster):
        raise BadInput(f"{name}: 0 in every {part}; put at least one handler on duty")
