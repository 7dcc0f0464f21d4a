"""The calls of a contact centre with the portal and without it, on the same random streams.

Calls and handlers are at full volume: every worry of every crime is one call or none. What victims
do decides who rings. Nothing here affects the victims, so this runs last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.call_load import times_load
from simulator.contact_centre.call_outcomes import CallBacks
from simulator.contact_centre.calls import NON_EMERGENCY, Calls, merge
from simulator.contact_centre.centre import Answered, answer_calls
from simulator.contact_centre.ended_calls import EndedCalls, ended_calls
from simulator.contact_centre.service_level import (
    LevelOfHour,
    ServiceLevel,
    by_hour_of_day,
    summarise,
)
from simulator.contact_centre.staffing import (
    ContactCentreParameters,
    base_calls,
    update_calls,
)
from simulator.rehearsal.intervals import share_span
from simulator.streams import Streams


@dataclass(frozen=True)
class ForceCalls:
    """One force's service level by period and line, and its update calls by period.

    Update calls are first calls; the service level counts those who ring again too. `hours` has the
    hours of the day over the seconds that were asked for. `second_desk` has the calls that were
    passed on, one level a period; it is empty where there is none. `call_backs` has every call
    back of the whole time; None where callers are offered none. `callers` are those of the whole
    time who came to the first desk and then to the second, and `ended` says how they ended there.
    """

    levels: list[ServiceLevel]
    update_calls: list[int]
    hours: list[LevelOfHour] = field(default_factory=list)
    second_desk: list[ServiceLevel] = field(default_factory=list)
    call_backs: CallBacks | None = None
    callers: list[int] = field(default_factory=list)
    ended: list[EndedCalls] = field(default_factory=list)


def abandoned_span(levels: Sequence[ServiceLevel]) -> tuple[float, float] | None:
    """Give the 95% interval of the share abandoned, from how these periods of a line differ."""
    span = share_span([(each.abandoned, each.offered) for each in levels])
    return None if span is None else (round(span[0], 5), round(span[1], 5))


class CallComparison:
    """One force's calls with and without the portal; update calls are kept apart from the rest.

    `moments` are the seconds of the worries of all its crimes, in order, and `arises` says which
    arise without a portal. The calls `hours_between`
    two seconds are also counted by hour of the day.
    """

    def __init__(
        self,
        parameters: ContactCentreParameters,
        force: str,
        *,
        start: datetime,
        end: datetime,
        moments: NDArray[np.int64],
        arises: NDArray[np.bool_],
        streams: Streams,
        hours_between: tuple[float, float] | None = None,
    ) -> None:
        self._hours_between = hours_between
        self._arises = arises
        self._parameters = parameters
        self._force = force
        self._start = start
        self._streams = streams
        self._last_second = (end - start).total_seconds()
        self._base = base_calls(parameters, force, start, end, streams)
        at = moments.astype(np.float64)
        self._updates = update_calls(at[arises], parameters, force, streams)
        self._new_updates = update_calls(
            at[~arises], parameters, force, streams, name="calls for news with a portal alone"
        )

    def without_portal(self, edges_seconds: Sequence[float]) -> ForceCalls:
        """Answer every call that there is without a portal."""
        return self.answered(self.updates_without_portal, edges_seconds)

    @property
    def updates_without_portal(self) -> Calls:
        """Every update call that there is without a portal."""
        return self._updates

    def with_portal(
        self,
        rings: NDArray[np.bool_],
        prompted: NDArray[np.int64],
        edges_seconds: Sequence[float],
        *,
        from_seconds: float = 0.0,
    ) -> ForceCalls:
        """Answer the calls of victims who still ring, and the calls that messages made.

        Calls before `from_seconds` are left out: the desk is empty then.
        """
        updates = self.updates_with_portal(rings, prompted)
        return self.answered(updates, edges_seconds, from_seconds=from_seconds)

    def updates_with_portal(self, rings: NDArray[np.bool_], prompted: NDArray[np.int64]) -> Calls:
        """Give the update calls of victims who still ring, and those that messages made."""
        extra = update_calls(
            prompted.astype(np.float64),
            self._parameters,
            self._force,
            self._streams,
            name="calls that messages make",
        )
        still = self._updates[rings[self._arises]]
        new = self._new_updates[rings[~self._arises]]
        return merge(still, new, extra)

    def answered(
        self,
        updates: Calls,
        edges_seconds: Sequence[float],
        *,
        from_seconds: float = 0.0,
        parameters: ContactCentreParameters | None = None,
        load: float = 1.0,
    ) -> ForceCalls:
        """Answer these update calls and all others; those before `from_seconds` are left out.

        Other `parameters` have other handlers for them, and at a `load` there are so many times the
        calls.
        """
        parameters = parameters or self._parameters
        calls = merge(self._base, updates)
        if load != 1:
            drawn = self._streams.for_(f"{self._force}: other loads").random(len(calls))
            calls = times_load(calls, load, ends=self._last_second, drawn=drawn)
        calls = calls[(calls.at_seconds >= from_seconds) & (calls.at_seconds < self._last_second)]
        first, second = answer_calls(calls, parameters, self._force, self._start)
        counts = np.diff(np.searchsorted(updates.at_seconds, edges_seconds)).tolist()
        return ForceCalls(
            levels=self._levels(first, edges_seconds, parameters),
            update_calls=counts,
            hours=self._hours(first, parameters),
            second_desk=[]
            if second is None
            else self._levels(second, edges_seconds, parameters)[NON_EMERGENCY::2],
            call_backs=first.call_backs if parameters.call_backs_of(self._force) else None,
            callers=[len(calls), *([] if second is None else [len(second.calls)])],
            ended=[ended_calls(each) for each in (first, second) if each is not None],
        )

    def _levels(
        self,
        answered: Answered,
        edges_seconds: Sequence[float],
        parameters: ContactCentreParameters,
    ) -> list[ServiceLevel]:
        return summarise(
            answered.calls,
            answered.outcomes,
            edges_seconds,
            parameters=parameters,
            force=self._force,
            redials=answered.redials,
            call_backs=answered.call_backs,
        )

    def _hours(self, answered: Answered, parameters: ContactCentreParameters) -> list[LevelOfHour]:
        if self._hours_between is None:
            return []
        return by_hour_of_day(
            answered.calls,
            answered.outcomes,
            self._start,
            self._hours_between,
            parameters=parameters,
            force=self._force,
            redials=answered.redials,
            call_backs=answered.call_backs,
        )
