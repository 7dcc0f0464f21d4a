"""Draw the faults of many records at once: which records have which, and how each comes out.

Every kind has a stream of its own: a new kind, or another rate, moves no other kind's draws. The
cost is that of the faults, not of the records: the gaps between candidates are drawn.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.population.faults.kinds import KINDS, NAMES, PATTERNS, FaultKind
from simulator.population.faults.rates import EntryCheck, FaultRates

_HOW_MAX = 2**31
Stream = Callable[[str], np.random.Generator]


@dataclass(frozen=True)
class Intake:
    """Who typed each record and where: indexes into `typed_by` and `stations`, and the week."""

    typed_by: NDArray[np.int8]
    station: NDArray[np.int16]
    week: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.typed_by)


@dataclass(frozen=True)
class Drawn:
    """The faults of one kind: the rows that have it, ascending, and a whole number for each."""

    kind: FaultKind
    rows: NDArray[np.intp]
    how: NDArray[np.int64]


@dataclass
class Plan:
    """The faults of many records, how many were to be expected, and what the checks stopped.

    `asked` and `could` count by kind: faults expected, and records that could have the fault;
    `stopped` counts by name of the check, `stopped_kinds` by kind.
    """

    faults: dict[str, Drawn]
    asked: dict[str, float]
    could: dict[str, int]
    stopped: dict[str, int] = field(default_factory=dict)
    stopped_kinds: dict[str, int] = field(default_factory=dict)


def draw_intake(count: int, rates: FaultRates, stream: Stream, *, weeks: int) -> Intake:
    """Draw who typed each record, at which station, and in which week (from 1)."""
    shares = np.cumsum([each.share.value for each in rates.typed_by])
    by = np.searchsorted(shares, stream("typed_by").random(count) * shares[-1], side="right")
    return Intake(
        typed_by=by.astype(np.int8),
        station=stream("station").integers(len(rates.stations), size=count).astype(np.int16),
        week=(1 + stream("week").integers(weeks, size=count)).astype(np.int16),
    )


class FaultTable:
    """The chance of each kind of fault, by who typed the record, where, and what it has."""

    def __init__(self, rates: FaultRates) -> None:
        self.rates = rates
        self._cells = len(rates.typed_by) * len(rates.stations)
        every = np.array([self._by_cell(kind) for kind in NAMES])
        self.chances = _conditional(self._by_pattern(every))
        #: The highest chance of each kind, of all who type records.
        self.most = self.chances.max(axis=1)
        #: The overall chances, before those of earlier kinds are taken into account.
        self.asked = self._by_pattern(every)

    def profile(self, intake: Intake, has: NDArray[np.uint16]) -> NDArray[np.int32]:
        """Number each record by who typed it, where, and what it has."""
        cell = intake.typed_by.astype(np.int32) * len(self.rates.stations) + intake.station
        return has.astype(np.int32) * self._cells + cell

    def expected(self, profile: NDArray[np.int32]) -> Plan:
        """Start a plan for these records: faults to be expected, and records that could have each.

        `profile` numbers the records as `profile` does.
        """
        counted = np.bincount(profile, minlength=self.asked.shape[1])
        there = np.flatnonzero(counted)
        asked = (self.asked[:, there] @ counted[there].astype(np.float64)).tolist()
        could = (_fits() @ counted.reshape(PATTERNS, -1).sum(axis=1)).tolist()
        return Plan({}, dict(zip(NAMES, asked, strict=True)), dict(zip(NAMES, could, strict=True)))

    def _by_cell(self, kind: str) -> NDArray[np.float64]:
        """Return how often a kind occurs in each cell, so that its rate holds over all cells."""
        by, stations = self.rates.typed_by, list(self.rates.stations.values())
        times = [
            each.errors.value * (each.times[kind].value if kind in each.times else 1) for each in by
        ]
        shares = [each.share.value for each in by]
        errors = [each.value for each in stations]
        mean = np.dot(shares, times) * np.mean(errors)
        rate = self.rates.rate(kind)
        if not mean:
            return np.zeros(self._cells)
        return np.asarray(rate * np.outer(times, errors).ravel() / mean)

    def _by_pattern(self, every: NDArray[np.float64]) -> NDArray[np.float64]:
        """Spread the chances over what a record has: (kinds, patterns x cells)."""
        spread = _fits()[:, :, None] * every[:, None, :]
        names = [i for i, each in enumerate(KINDS.values()) if each.group == "name"]
        # The kinds of wrong names share out `name_wrong`, whatever a name can suffer.
        total = spread[names].sum(axis=0)
        wrong = self.rates.name_wrong.value * self._errors()
        np.divide(spread[names] * wrong, total, out=spread[names], where=total > 0)
        spread[names] = np.where(
            total > 0, spread[names] * wrong / np.where(total > 0, total, 1), 0
        )
        return np.asarray(spread.reshape(len(KINDS), -1))

    def _errors(self) -> NDArray[np.float64]:
        by, stations = self.rates.typed_by, list(self.rates.stations.values())
        times = np.outer([each.errors.value for each in by], [each.value for each in stations])
        shares = np.repeat([each.share.value for each in by], len(stations)) / len(stations)
        return np.asarray(times.ravel() / np.dot(times.ravel(), shares))


def _fits() -> NDArray[np.bool_]:
    """Say for each kind which patterns of what a record has can suffer it: (kinds, patterns)."""
    patterns = np.arange(PATTERNS)
    return np.array([(patterns & each.needs) == each.needs for each in KINDS.values()])


def _conditional(asked: NDArray[np.float64]) -> NDArray[np.float64]:
    """Raise each chance so that it holds although earlier kinds have taken some of the records."""
    chances = asked.copy()
    kinds = list(KINDS.values())
    for i, kind in enumerate(kinds):
        taken = np.zeros(asked.shape[1])
        for j, earlier in enumerate(kinds[:i]):
            if set(earlier.fields) & set(kind.fields):
                taken += asked[j]
        chances[i] = np.minimum(asked[i] / np.maximum(1 - taken, 1e-9), 1)
    return chances


def draw_faults(
    table: FaultTable,
    intake: Intake,
    has: NDArray[np.uint16],
    stream: Stream,
    *,
    of: int | None = None,
) -> Plan:
    """Draw the faults of records; `has` holds what each record has, as flags of `Has`.

    `stream` makes the random numbers of one purpose, for these records. `asked` and `could` count
    the first `of` records alone.
    """
    profile = table.profile(intake, has)
    plan = table.expected(profile[:of])
    taken: dict[str, NDArray[np.bool_]] = {}
    for i, kind in enumerate(KINDS.values()):
        most = float(table.most[i])
        rng = stream(f"fault.{kind.name}")
        rows = _candidates(rng, most, len(profile))
        lots, how = rng.random(len(rows)), rng.integers(_HOW_MAX, size=len(rows))
        keep = lots * most < table.chances[i, profile[rows]]
        for each in kind.fields:
            if each in taken:
                keep &= ~taken[each][rows]
        rows, how = rows[keep], how[keep]
        for each in kind.fields:
            taken.setdefault(each, np.zeros(len(profile), np.bool_))[rows] = True
        plan.faults[kind.name] = Drawn(kind, rows, how)
    for check in table.rates.entry_checks:
        _apply(check, plan, intake, table.rates, stream, len(has[:of]))
    return plan


def _candidates(rng: np.random.Generator, chance: float, count: int) -> NDArray[np.intp]:
    """Choose each of `count` rows with the same chance, at the cost of the rows chosen."""
    if chance <= 0 or not count:
        return np.zeros(0, np.intp)
    if chance >= 1:
        return np.arange(count)
    size = int(count * chance + 8 * (count * chance) ** 0.5 + 16)
    rows = np.cumsum(rng.geometric(chance, size=size)) - 1
    return np.asarray(rows[rows < count], np.intp)


def _apply(
    check: EntryCheck, plan: Plan, intake: Intake, rates: FaultRates, stream: Stream, of: int
) -> None:
    """Take away the faults that training or a check at entry stops; count the first `of`."""
    by = np.array([_is_of(check, each.role, each.entry_route) for each in rates.typed_by])
    station = np.array([not check.stations or each in check.stations for each in rates.stations])
    stopped = 0
    for kind in check.kinds:
        drawn = plan.faults[kind]
        rows = drawn.rows
        lots = stream(f"check.{check.name}.{kind}").random(len(rows))
        stops = (
            (lots < check.share.value)
            & (intake.week[rows] >= check.from_week)
            & by[intake.typed_by[rows]]
            & station[intake.station[rows]]
        )
        count = int((stops & (rows < of)).sum())
        stopped += count
        plan.stopped_kinds[kind] = plan.stopped_kinds.get(kind, 0) + count
        plan.faults[kind] = Drawn(drawn.kind, rows[~stops], drawn.how[~stops])
    plan.stopped[check.name] = plan.stopped.get(check.name, 0) + stopped


def _is_of(check: EntryCheck, role: str, route: str) -> bool:
    return (not check.roles or role in check.roles) and (
        not check.entry_routes or route in check.entry_routes
    )
