"""A centre without a shortcut: at every instant it looks at every handler and every caller.

It shares no code with the desks of the suite. Handlers are objects, callers hang up when they hang
up, and nothing is put off until somebody looks.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import inf

ONLY_999, ONLY_101, SHARED = "only 999", "only 101", "shared"


@dataclass(eq=False)
class Handler:
    """One handler of a team, and when their call ends."""

    team: str
    free_at: float


@dataclass(eq=False)
class Person:
    """One call of a plain centre: what is known of it, and what became of it."""

    call: int
    line: int
    at: float
    service: float
    patience: float
    redials: int = 0
    gap: float = 0.0
    picks_up_at: int = 0
    is_redial: bool = False
    #: "answered", "hung up", "called back", "given up".
    ended: str = ""
    wait: float = 0.0
    asked: float = 0.0
    due: float = 0.0
    attempts: int = 0
    #: Who began to wait first rings again first, at one instant.
    turn: int = 0


@dataclass(kw_only=True)
class PlainCentre:
    """A plain centre: rosters by half-hour for each team, and its rules."""

    rosters: dict[str, Sequence[int]]
    reserve: int = 0
    offered_after: float = inf
    attempts_max: int = 1
    attempt_seconds: float = 0.0
    retry_seconds: float = 0.0
    handlers: list[Handler] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)
    to_call: list[Person] = field(default_factory=list)
    to_redial: list[tuple[float, int, Person]] = field(default_factory=list)
    ended: list[Person] = field(default_factory=list)
    busy_seconds: float = 0.0
    turns: int = 0

    def answer(self, people: Sequence[Person]) -> list[Person]:
        """Answer everybody; return every attempt, those of redials too."""
        arrivals = list(people)[::-1]
        instants = [each.at for each in people] + [0.0]
        heapify(instants)
        now, boundary = -1.0, 0
        while arrivals or self.waiting or self.to_call or self.to_redial:
            then = heappop(instants)
            if then <= now:
                continue
            assert then > now, "time goes back"
            now = then
            if now == 1800 * boundary:
                self._change_handlers(now, boundary % 336)
                boundary += 1
                heappush(instants, 1800.0 * boundary)
            while arrivals and arrivals[-1].at == now:
                self._arrive(arrivals.pop(), now, instants)
            for again in [each for each in self.to_redial if each[0] == now]:
                self.to_redial.remove(again)
                self._arrive(again[2], now, instants)
            while self._somebody_picks_up(now, instants):
                pass
            self._hang_up(now, instants)
            while self._somebody_picks_up(now, instants):
                pass
        return self.ended

    def _change_handlers(self, now: float, half_hour: int) -> None:
        there = Counter(each.team for each in self.handlers)
        for team, roster in self.rosters.items():
            self.handlers += [Handler(team, now) for _ in range(roster[half_hour] - there[team])]
            for _ in range(there[team] - roster[half_hour]):
                mine = [each for each in self.handlers if each.team == team]
                self.handlers.remove(min(mine, key=lambda each: each.free_at))

    def _free(self, line: int, now: float) -> Handler | None:
        """Find who may take a call of this line: one of its own before a shared one."""
        idle = [each for each in self.handlers if each.free_at <= now]
        own = [each for each in idle if each.team == (ONLY_101 if line else ONLY_999)]
        shared = [each for each in idle if each.team == SHARED]
        if own:
            return own[0]
        if line and len(shared) - 1 < self.reserve:
            return None
        return shared[0] if shared else None

    def _arrive(self, person: Person, now: float, instants: list[float]) -> None:
        person.at = now
        handler = self._free(person.line, now)
        first = {0: (0,), 1: (0, 1)}[person.line]
        if handler is not None and handler.team == ONLY_101:
            first = (1,)
        if handler is None or any(each.line in first for each in self.waiting):
            self.waiting.append(person)
            self.turns += 1
            person.turn = self.turns
            for seconds in (person.patience, self.offered_after):
                if seconds < inf:
                    heappush(instants, now + seconds)
        else:
            self._talk(person, handler, now, instants)

    def _talk(self, person: Person, handler: Handler, now: float, instants: list[float]) -> None:
        person.ended, person.wait = "answered", now - person.at
        self.ended.append(person)
        self._work(handler, now, person.service, instants)

    def _work(self, handler: Handler, now: float, seconds: float, instants: list[float]) -> None:
        handler.free_at = now + seconds
        self.busy_seconds += seconds
        heappush(instants, handler.free_at)

    def _hang_up(self, now: float, instants: list[float]) -> None:
        for person in list(self.waiting):
            may = person.line == 1 and person.picks_up_at and person.patience >= self.offered_after
            if may and person.at + self.offered_after <= now:
                self.waiting.remove(person)
                person.wait = self.offered_after
                person.asked = person.due = person.at + self.offered_after
                self.to_call.append(person)
            elif not may and person.at + person.patience <= now:
                self.waiting.remove(person)
                person.ended, person.wait = "hung up", person.patience
                self.ended.append(person)
                if person.redials:
                    self._ring_later(person, instants)

    def _ring_later(self, person: Person, instants: list[float]) -> None:
        when = person.at + person.patience + person.gap
        again = Person(
            call=person.call,
            line=person.line,
            at=when,
            service=person.service,
            patience=person.patience,
            redials=person.redials - 1,
            gap=person.gap,
            picks_up_at=person.picks_up_at,
            is_redial=True,
        )
        self.to_redial.append((when, person.turn, again))
        self.to_redial.sort(key=lambda each: each[:2])
        heappush(instants, when)

    def _somebody_picks_up(self, now: float, instants: list[float]) -> bool:
        for line in (0, 1):
            mine = [each for each in self.waiting if each.line == line]
            handler = self._free(line, now)
            if mine and handler is not None:
                self.waiting.remove(mine[0])
                self._talk(mine[0], handler, now, instants)
                return True
        due = sorted((each for each in self.to_call if each.due <= now), key=lambda each: each.due)
        handler = self._free(1, now)
        if not due or handler is None:
            return False
        self._ring_back(due[0], handler, now, instants)
        return True

    def _ring_back(
        self, person: Person, handler: Handler, now: float, instants: list[float]
    ) -> None:
        person.attempts += 1
        is_reached = person.attempts == person.picks_up_at
        seconds = person.service if is_reached else self.attempt_seconds
        self._work(handler, now, seconds, instants)
        if is_reached or person.attempts == self.attempts_max:
            person.ended = "called back" if is_reached else "given up"
            person.due = now - person.asked
            self.to_call.remove(person)
            self.ended.append(person)
        else:
            # At the back of those who are due at the same instant.
            self.to_call.remove(person)
            self.to_call.append(person)
            person.due = now + seconds + self.retry_seconds
            heappush(instants, person.due)
