"""The queue at a force's contact centre: who is answered, after how long, and who hangs up.

`staffing.py` makes the calls. A desk takes them a day at a time or all at once, with the same
result. Its call handlers answer both lines: 999 first, then each line in order of arrival. No call
is cut off for a 999 call or by the end of a shift. A caller who hangs up may ring again: a new call
at the back of the queue. Where handlers have skills, `skilled_desk.py` takes the calls.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush, heapreplace
from math import inf

from simulator.contact_centre.call_desk import Arrival, CallDesk
from simulator.contact_centre.duty_roster import DutyRoster


class Desk(CallDesk):
    """The call handlers of one force, shared by 999 and 101.

    `roster` has 168 entries from Monday 00:00 London time, one an hour, or 336, one a half-hour; so
    has `summer_roster`, for June to August, which is the same where it is not given. `start` is on
    the hour and is second 0. When handlers go off duty, the idle go first, then those whose call
    ends soonest. At one instant, callers arrive before a free handler picks up, and those who ring
    again come last. Raises BadInput.
    """

    def __init__(
        self,
        *,
        roster: Sequence[int],
        start: datetime,
        summer_roster: Sequence[int] | None = None,
    ) -> None:
        self._roster = DutyRoster(
            "roster", roster, roster if summer_roster is None else summer_roster
        )
        super().__init__(start, is_by_half_hour=self._roster.is_by_half_hour)
        self._on_duty = 0
        # A heap of the times at which handlers are free, past or future. Infinity keeps it
        # non-empty.
        self._free_at = [inf]

    def _take(self, arrivals: Iterable[Arrival], queued: list[int]) -> None:
        """Answer calls at once if a handler is free; put the others in the queue."""
        free_at, urgent, routine, again = self._free_at, self._urgent, self._routine, self._again
        for number, at, line, service, patience, redials, gap in arrivals:
            if again and again[0][0] < at:
                self._ring_again(at)
            if (urgent or routine) and free_at[0] < at:
                self._serve(at)
            if free_at[0] <= at and not ((urgent or routine) and self._somebody_waits(at)):
                heapreplace(free_at, at + service)
            else:
                queued.append(number)
                (routine if line else urgent).append((number, at, service, patience))
                if redials and patience < inf:
                    self._may_ring_again(
                        number, at + patience + gap, service, patience, line, redials - 1, gap
                    )

    def _ring_again(self, before: float) -> None:
        """Let callers who hung up ring again before then, unless their call was answered."""
        free_at, urgent, routine, again = self._free_at, self._urgent, self._routine, self._again
        while again and again[0][0] < before:
            at, _turn, earlier, service, patience, line, left, gap = heappop(again)
            self._serve(at)
            # Their patience ended before `at`, so a call that still waits was hung up.
            if earlier not in self._unanswered:
                continue
            self._unanswered.remove(earlier)
            first = earlier if earlier >= 0 else self._redialled[-1 - earlier][0]
            self._redialled.append((first, at, line))
            number = -len(self._redialled)
            if free_at[0] <= at and not ((urgent or routine) and self._somebody_waits(at)):
                heapreplace(free_at, at + service)
                self._redial_outcomes[number] = (0.0, False)
                continue
            (routine if line else urgent).append((number, at, service, patience))
            if left:
                self._may_ring_again(
                    number, at + patience + gap, service, patience, line, left - 1, gap
                )

    def _serve(self, before: float) -> None:
        """Let handlers who are free before then take the waiting calls."""
        free_at, urgent, routine = self._free_at, self._urgent, self._routine
        numbers, waits, abandoned = self._settled
        unanswered = self._unanswered
        while free_at[0] < before and (urgent or routine):
            now = free_at[0]
            number, at, service, patience = (urgent or routine).popleft()
            # A hang-up is noticed only when it matters, so nothing needs to be cancelled.
            gone = at + patience < now
            wait = patience if gone else now - at
            if number >= 0:
                numbers.append(number)
                waits.append(wait)
                abandoned.append(gone)
            else:
                self._redial_outcomes[number] = (wait, gone)
            if not gone:
                unanswered.discard(number)
                heapreplace(free_at, now + service)

    def _somebody_waits(self, now: float) -> bool:
        """Settle the hang-ups before the first who still waits; return whether there is one."""
        numbers, waits, abandoned = self._settled
        for queue in (self._urgent, self._routine):
            while queue and queue[0][1] + queue[0][3] < now:
                number, _at, _service, patience = queue.popleft()
                if number >= 0:
                    numbers.append(number)
                    waits.append(patience)
                    abandoned.append(True)
                else:
                    self._redial_outcomes[number] = (patience, True)
        return bool(self._urgent or self._routine)

    def _change_handlers(self, boundary: float, local: datetime) -> None:
        self._ring_again(boundary)
        self._serve(boundary)
        wanted = self._roster.handlers_at(local)
        for _ in range(self._on_duty, wanted):
            heappush(self._free_at, boundary)
        for _ in range(wanted, self._on_duty):
            heappop(self._free_at)
        self._on_duty = wanted
