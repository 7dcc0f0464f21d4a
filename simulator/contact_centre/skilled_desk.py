"""The queue where handlers have skills, some are kept free for 999, and callers are rung back.

It answers as `call_queue.py` does where all handlers are shared and nothing is kept free. It looks
at one instant after another at which a handler, a caller or a call-back may be there, so it is
slower.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush, heapreplace
from math import inf
from typing import TypeAlias

import numpy as np

from simulator.contact_centre.call_desk import Arrival, CallDesk, Waiting
from simulator.contact_centre.call_outcomes import CallBacks, CallOutcomes
from simulator.contact_centre.calls import EMERGENCY, NON_EMERGENCY, Calls
from simulator.contact_centre.duty_roster import DutyRoster
from simulator.errors import BadInput

# due, turn, number, when the caller left the line, service, attempts made.
Due: TypeAlias = tuple[float, int, int, float, float, int]
#: The first two are the lines that they answer.
ONLY_999, ONLY_101, SHARED = EMERGENCY, NON_EMERGENCY, 2


@dataclass(frozen=True, kw_only=True)
class Teams:
    """The rosters of three teams, each of 168 or 336 entries: see `Desk`."""

    shared: Sequence[int]
    only_999: Sequence[int] = (0,) * 168
    only_101: Sequence[int] = (0,) * 168


@dataclass(frozen=True, kw_only=True)
class CallBackRules:
    """When 101 callers are offered a call back, and how it is tried."""

    offered_after_seconds: float
    attempts_max: int
    attempt_seconds: float
    retry_seconds: float


class SkilledDesk(CallDesk):
    """The call handlers of one force in three teams: for 999 alone, for 101 alone, and for both.

    Each call goes to a free handler of its own line before a shared one. A shared handler takes 101
    while more than `reserve` shared handlers are free, counting that one. A caller on 101 who has
    waited as long as `call_backs` says, and accepts, leaves the line and is rung back when nobody
    waits on it. An attempt that fails takes a handler's time too. Otherwise as a `Desk`. Raises
    BadInput.
    """

    def __init__(
        self,
        *,
        teams: Teams,
        start: datetime,
        summer_teams: Teams | None = None,
        reserve: int = 0,
        call_backs: CallBackRules | None = None,
    ) -> None:
        self._rosters = [
            DutyRoster(
                name,
                getattr(teams, name),
                None if summer_teams is None else getattr(summer_teams, name),
                may_be_empty=True,
            )
            for name in ("only_999", "only_101", "shared")
        ]
        for season in (teams, summer_teams or teams):
            _check_teams(season, reserve)
        super().__init__(start, is_by_half_hour=any(e.is_by_half_hour for e in self._rosters))
        self._reserve = reserve
        self._rules = call_backs
        self._on_duty = [0, 0, 0]
        self._idle = [0, 0, 0]
        # Heaps of when the busy handlers of each team are free again.
        self._busy: list[list[float]] = [[inf], [inf], [inf]]
        self._back: list[Due] = []
        self._back_turns = 0
        self._now = 0.0
        self._looked_at = -1.0  # when idle handlers last looked who waits
        # Whether an idle handler may be able to take one of those who wait, without anything more.
        self._is_restless = False
        # Of each call whose caller accepts a call back: the attempt at which they pick up.
        self._accepts: dict[int, int] = {}
        # call, when it left the line, wait, attempts, reached.
        self._called_back: list[tuple[int, float, float, int, bool]] = []
        self._first_waits: dict[int, float] = {}  # by call, until the first attempt

    def run(self, calls: Calls) -> CallOutcomes:
        """Take the next calls; return the outcomes up to the last of them, also of older calls."""
        if self._rules is not None and calls.further is not None:
            accepts = (calls.further.picks_up_at > 0) & (calls.line == NON_EMERGENCY)
            accepts &= calls.patience_seconds >= self._rules.offered_after_seconds
            places = np.flatnonzero(accepts)
            numbers = (self._offered + places).tolist()
            picks_up_at = calls.further.picks_up_at[places].tolist()
            self._accepts.update(zip(numbers, picks_up_at, strict=True))
        return super().run(calls)

    def call_backs(self) -> CallBacks:
        """Give every call back, after `finish`."""
        rows = sorted(self._called_back)
        call, asked, wait, attempts, reached = zip(*rows, strict=True) if rows else ((),) * 5
        return CallBacks(
            call=np.array(call, dtype=np.int64),
            asked_at_seconds=np.array(asked, dtype=np.float64),
            first_wait_seconds=np.array([self._first_waits[e] for e in call], dtype=np.float64),
            wait_seconds=np.array(wait, dtype=np.float64),
            attempts=np.array(attempts, dtype=np.int64),
            reached=np.array(reached, dtype=np.bool_),
        )

    def _has_work(self) -> bool:
        return bool(self._urgent or self._routine or self._again or self._back)

    def _take(self, arrivals: Iterable[Arrival], queued: list[int]) -> None:
        urgent, routine, back, again = self._urgent, self._routine, self._back, self._again
        idle, busy, shared = self._idle, self._busy, self._busy[SHARED]
        keeps_free = (False, bool(self._reserve))
        for arrival in arrivals:
            number, at, line, service, _patience, _redials, _gap = arrival
            if urgent or routine or back or (again and again[0][0] < at):
                self._go_on(at)
            if not (urgent or routine or back):
                # Nobody waits: a call that has ended is followed by this one, and no more is done.
                mine = busy[line]
                if mine[0] <= at:
                    heapreplace(mine, at + service)
                    continue
                if not (idle[line] or keeps_free[line]) and shared[0] <= at:
                    heapreplace(shared, at + service)
                    continue
            if not self._is_taken(at, line, service):
                queued.append(number)
                self._wait(arrival)

    def _wait(self, arrival: Arrival) -> None:
        """Let a caller wait until they hang up, perhaps to ring again, or leave for a call back."""
        number, at, line, service, patience, redials, gap = arrival
        if number in self._accepts:
            assert self._rules is not None
            self._routine.append((number, at, service, self._rules.offered_after_seconds))
            return
        (self._routine if line else self._urgent).append((number, at, service, patience))
        if redials and patience < inf:
            self._may_ring_again(
                number, at + patience + gap, service, patience, line, redials - 1, gap
            )

    def _is_taken(self, now: float, line: int, service: float) -> bool:
        """Give a caller who rings now to a free handler, unless others wait for that handler."""
        self._release(now)
        idle = self._idle
        team = None
        if line:
            if idle[ONLY_101] and not (self._routine and self._is_waited_in(self._routine, now)):
                team = ONLY_101
            elif (
                idle[SHARED] > self._reserve
                and not (self._routine and self._is_waited_in(self._routine, now))
                and not (self._urgent and self._is_waited_in(self._urgent, now))
            ):
                team = SHARED
        elif (idle[ONLY_999] or idle[SHARED]) and not (
            self._urgent and self._is_waited_in(self._urgent, now)
        ):
            team = ONLY_999 if idle[ONLY_999] else SHARED
        self._now = now
        if team is None:
            self._is_restless = True
            return False
        if service:
            idle[team] -= 1
            heappush(self._busy[team], now + service)
        return True

    def _is_waited_in(self, queue: deque[Waiting], now: float) -> bool:
        """Settle the hang-ups before the first who still waits; return whether there is one."""
        while queue and queue[0][1] + queue[0][3] < now:
            self._answered(queue.popleft(), now)
        return bool(queue)

    def _release(self, now: float) -> None:
        """Let handlers whose call has ended by now be idle."""
        only_999, only_101, shared = self._busy
        while shared[0] <= now:
            heappop(shared)
            self._idle[SHARED] += 1
            self._is_restless = True
        while only_101[0] <= now:
            heappop(only_101)
            self._idle[ONLY_101] += 1
            self._is_restless = True
        while only_999[0] <= now:
            heappop(only_999)
            self._idle[ONLY_999] += 1
            self._is_restless = True

    def _go_on(self, before: float) -> None:
        """Carry out all that happens before then, instant by instant."""
        again, urgent, routine = self._again, self._urgent, self._routine
        while True:
            now = self._next_pick_up() if urgent or routine or self._back else inf
            if again and again[0][0] < now:
                now = again[0][0]
            if now >= before:
                return
            self._release(now)
            while again and again[0][0] <= now:
                self._ring_again()
            self._pick_up(now)

    def _next_pick_up(self) -> float:
        """Find when a handler may next be there for somebody who waits."""
        if self._is_restless:
            return self._now
        only_999, only_101, shared = self._busy
        back, found = self._back, shared[0]
        if self._urgent and only_999[0] < found:
            found = only_999[0]
        if (self._routine or back) and only_101[0] < found:
            found = only_101[0]
        if back and back[0][0] > self._looked_at:
            # Nobody is rung back before that is due.
            due = back[0][0]
            return min(found, due) if self._urgent or self._routine else due
        return found

    def _ring_again(self) -> None:
        """Let a caller who hung up ring again, unless their call was answered."""
        at, _turn, earlier, service, patience, line, left, gap = heappop(self._again)
        # Their patience ended before `at`, so a call that still waits was hung up.
        if earlier not in self._unanswered:
            return
        self._unanswered.remove(earlier)
        first = earlier if earlier >= 0 else self._redialled[-1 - earlier][0]
        self._redialled.append((first, at, line))
        number = -len(self._redialled)
        if self._is_taken(at, line, service):
            self._redial_outcomes[number] = (0.0, False)
            return
        (self._routine if line else self._urgent).append((number, at, service, patience))
        if left:
            self._may_ring_again(
                number, at + patience + gap, service, patience, line, left - 1, gap
            )

    def _pick_up(self, now: float) -> None:
        """Let idle handlers take those who wait: 999, then 101, then call-backs that are due."""
        self._now = self._looked_at = now
        idle, urgent, routine, back = self._idle, self._urgent, self._routine, self._back
        reserve = self._reserve
        self._is_restless = False
        # A call that takes no time leaves its handler idle.
        while urgent and (idle[ONLY_999] or idle[SHARED]):
            service = self._answered(urgent.popleft(), now)
            if service:
                self._begin(ONLY_999 if idle[ONLY_999] else SHARED, now + service)
        while routine and (idle[ONLY_101] or idle[SHARED] > reserve):
            service = self._answered(routine.popleft(), now)
            if service:
                self._begin(ONLY_101 if idle[ONLY_101] else SHARED, now + service)
        while back and back[0][0] <= now and (idle[ONLY_101] or idle[SHARED] > reserve):
            seconds = self._attempted(heappop(back), now)
            if seconds:
                self._begin(ONLY_101 if idle[ONLY_101] else SHARED, now + seconds)

    def _begin(self, team: int, ends: float) -> None:
        self._idle[team] -= 1
        heappush(self._busy[team], ends)

    def _answered(self, waiting: tuple[int, float, float, float], now: float) -> float:
        """Settle a call that waited; return how long it takes: 0 if its caller is gone."""
        number, at, service, patience = waiting
        is_gone = at + patience < now
        wants_call_back = is_gone and number in self._accepts
        wait = patience if is_gone else now - at
        if number >= 0:
            numbers, waits, abandoned = self._settled
            numbers.append(number)
            waits.append(wait)
            abandoned.append(is_gone and not wants_call_back)
        else:
            self._redial_outcomes[number] = (wait, is_gone)
        if wants_call_back:
            self._ring_back(number, at + patience, at + patience, service, 0)
        if is_gone:
            return 0.0
        self._unanswered.discard(number)
        return service

    def _ring_back(
        self, number: int, due: float, asked: float, service: float, attempts: int
    ) -> None:
        self._back_turns += 1
        heappush(self._back, (due, self._back_turns, number, asked, service, attempts))

    def _attempted(self, due: Due, now: float) -> float:
        """Try to ring back; return how long that takes the handler."""
        _due, _turn, number, asked, service, attempts = due
        assert self._rules is not None
        if not attempts:
            self._first_waits[number] = now - asked
        attempts += 1
        if attempts == self._accepts[number]:
            self._called_back.append((number, asked, now - asked, attempts, True))
            return service
        ends = now + self._rules.attempt_seconds
        if attempts == self._rules.attempts_max:
            self._called_back.append((number, asked, now - asked, attempts, False))
        else:
            again = ends + self._rules.retry_seconds
            self._ring_back(number, again, asked, service, attempts)
        return self._rules.attempt_seconds

    def _change_handlers(self, boundary: float, local: datetime) -> None:
        self._go_on(boundary)
        self._release(boundary)
        for team, roster in enumerate(self._rosters):
            wanted = roster.handlers_at(local)
            more = wanted - self._on_duty[team]
            self._idle[team] += more
            # The idle go first, then those whose call ends soonest.
            while self._idle[team] < 0:
                heappop(self._busy[team])
                self._idle[team] += 1
            self._on_duty[team] = wanted
        self._now = boundary
        self._is_restless = True


def _check_teams(teams: Teams, reserve: int) -> None:
    """Refuse teams of which nobody ever answers a line; raises BadInput."""
    if reserve < 0:
        raise BadInput(f"reserve: {reserve}; give 0 or more handlers")
    if not (any(teams.shared) or any(teams.only_999)):
        raise BadInput("teams: nobody ever answers 999; put a shared or a 999 handler on duty")
    if not (any(teams.only_101) or any(each > reserve for each in teams.shared)):
        raise BadInput(
            f"teams: nobody ever answers 101 while {reserve} shared handlers stay free; "
            "keep fewer free, or put more on duty"
        )
