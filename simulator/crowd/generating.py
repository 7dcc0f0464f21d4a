"""Make a crowd batch by batch, on any number of processes: same seed, same tables, same order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulator.crowd.names import Names, read_names
from simulator.crowd.notes import made_notes
from simulator.crowd.people import (
    BATCH,
    SAFE_HOW,
    Households,
    Truth,
    batch_stream,
    birth_decades,
    make_truth,
)
from simulator.crowd.recording import Recording
from simulator.crowd.words import Words, spell_mobiles
from simulator.population.faults.drawing import (
    Drawn,
    FaultTable,
    Intake,
    Plan,
    Stream,
    draw_faults,
    draw_intake,
)
from simulator.population.faults.kinds import KINDS, of_group
from simulator.population.faults.rates import FaultRates
from simulator.population.phone_numbers import Numbers

WEEKS = 52
#: Batches given to the processes at once, each: bounds what waits to be written.
_BATCHES_AHEAD = 2
_RECORD_KINDS = tuple(each.name for each in of_group("record") if each.name != "wrong_role")


@dataclass
class Counts:
    """What came out, by kind: faults asked for, faults there, records that could have them."""

    people: int = 0
    records: int = 0
    wrong_names: int = 0
    asked: dict[str, float] = field(default_factory=dict)
    could: dict[str, int] = field(default_factory=dict)
    there: dict[str, int] = field(default_factory=dict)
    stopped: dict[str, int] = field(default_factory=dict)
    stopped_kinds: dict[str, int] = field(default_factory=dict)
    victims: dict[str, int] = field(default_factory=dict)

    def add(self, other: "Counts") -> None:
        """Add another batch's counts."""
        self.people += other.people
        self.records += other.records
        self.wrong_names += other.wrong_names
        for name in ("asked", "could", "there", "stopped", "stopped_kinds", "victims"):
            mine, more = getattr(self, name), getattr(other, name)
            for each, count in more.items():
                mine[each] = mine.get(each, 0) + count


@dataclass(frozen=True)
class Batch:
    """The table of one batch, its counts, and the numbers of its people's full names.

    `decades` counts people by the decade of births from which their names come.
    """

    table: pa.Table
    counts: Counts
    full_names: NDArray[np.int64]
    decades: dict[int, int]


@dataclass(frozen=True)
class CrowdPlan:
    """What crowd to make: it can be sent to another process, which makes the same batches."""

    people: int
    force: str
    seed: int
    rates: FaultRates
    households: Households
    numbers: Numbers = "crowd"

    @property
    def batches(self) -> int:
        """Count the batches."""
        return -(-self.people // BATCH)

    @cached_property
    def tables(self) -> tuple[Names, FaultTable, Words]:
        """The names, the chances of faults, and the words, which every batch uses."""
        names = read_names()
        return names, FaultTable(self.rates), Words(names, self.rates, self.numbers)

    def batch(self, number: int) -> Batch:
        """Make one batch."""
        names, table, words = self.tables
        people = make_truth(number, names, self.households, force=self.force, seed=self.seed)
        count = min(BATCH, self.people - number * BATCH)
        stream = batch_stream(self.seed, number)
        rows, intake, plan, spelt = _records(people, count, names, table, stream)
        recording = Recording(people, rows, words, intake, plan)
        # As many numbers again are kept for the people recorded twice: all of them may be.
        written = recording.table(spelt, records_from=number * 2 * BATCH)
        counts = Counts(
            people=count,
            records=len(rows),
            wrong_names=sum(len(plan.faults[each.name].rows) for each in of_group("name")),
            asked=plan.asked,
            could=plan.could,
            there={kind: len(drawn.rows) for kind, drawn in plan.faults.items()},
            stopped=plan.stopped,
            stopped_kinds=plan.stopped_kinds,
            victims=_who_may_be_told(people, count),
        )
        full_names = people.given[:count].astype(np.int64) * len(names.family)
        decades = birth_decades(people.born[:count], names)
        return Batch(
            written,
            counts,
            full_names + people.family[:count],
            dict(zip(names.decades, np.bincount(decades, minlength=9).tolist(), strict=False)),
        )


def _who_may_be_told(people: Truth, count: int) -> dict[str, int]:
    """Count victims by what truly keeps a message from them, the first of several; "" for none."""
    victim = people.role[:count] == 0
    reasons = {
        "contact is not safe": people.safe[:count] == 0,
        "nobody asked": people.safe[:count] < 0,
        "the notes warn or set terms": people.note[:count] >= made_notes()[1][2],
        "another channel": people.safe_how[:count] > SAFE_HOW.index("email"),
        "at set hours only": people.safe_when[:count] > 0,
        "": np.ones(count, np.bool_),
    }
    found = {}
    for why, holds in reasons.items():
        found[why] = int((victim & holds).sum())
        victim &= ~holds
    return found


def _records(
    people: Truth, count: int, names: Names, table: FaultTable, stream: Stream
) -> tuple[NDArray[np.intp], Intake, Plan, NDArray[np.int8]]:
    """Draw the faults of the first `count` people's records, and of those recorded twice."""
    whole = np.arange(len(people))
    has = people.has(names)
    intake = draw_intake(len(people), table.rates, stream, weeks=WEEKS)
    once = _first(draw_faults(table, intake, has, stream, of=count), count)
    twice = once.faults["duplicate_person"].rows

    def again(purpose: str) -> np.random.Generator:
        return stream(f"again.{purpose}")

    intake_again = draw_intake(len(twice), table.rates, again, weeks=WEEKS)
    second = draw_faults(table, intake_again, has[twice], again)
    rows = np.concatenate([whole[:count], twice])
    spelt = np.concatenate(
        [
            spell_mobiles(len(people), table.rates, stream)[:count],
            spell_mobiles(len(twice), table.rates, again),
        ]
    )
    both = Intake(
        *(
            np.concatenate([getattr(intake, each)[:count], getattr(intake_again, each)])
            for each in ("typed_by", "station", "week")
        )
    )
    return rows, both, _joined(once, second, count, len(twice)), spelt


def _first(plan: Plan, count: int) -> Plan:
    """Keep the faults of the first records; an omitted record has no other."""
    faults = {}
    for kind, drawn in plan.faults.items():
        keep = drawn.rows < count
        faults[kind] = Drawn(drawn.kind, drawn.rows[keep], drawn.how[keep])
    return Plan(faults, plan.asked, plan.could, plan.stopped, plan.stopped_kinds)


def _joined(once: Plan, second: Plan, count: int, again: int) -> Plan:
    """Join the faults of the records with those of the second records of the same people."""
    faults: dict[str, Drawn] = {}
    for name, kind in KINDS.items():
        first, then = once.faults[name], second.faults[name]
        if name == "duplicate_person":
            # The second record is the one too many.
            faults[name] = Drawn(kind, count + np.arange(again), first.how)
        elif name in _RECORD_KINDS:
            faults[name] = first
        else:
            faults[name] = Drawn(
                kind,
                np.concatenate([first.rows, count + then.rows]),
                np.concatenate([first.how, then.how]),
            )
    extra = {name: 0.0 if name in _RECORD_KINDS else second.asked[name] for name in KINDS}
    could = {name: 0 if name in _RECORD_KINDS else second.could[name] for name in KINDS}
    return Plan(
        faults,
        {name: once.asked[name] + extra[name] for name in KINDS},
        {name: once.could[name] + could[name] for name in KINDS},
        _sum(once.stopped, second.stopped),
        _sum(once.stopped_kinds, second.stopped_kinds),
    )


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {each: one.get(each, 0) + other.get(each, 0) for each in {**one, **other}}


def make_batches(plan: CrowdPlan, *, processes: int = 1) -> Iterator[Batch]:
    """Make every batch, in order; with more than one process, a few ahead."""
    if processes == 1 or plan.batches == 1:
        yield from map(plan.batch, range(plan.batches))
        return
    from joblib import Parallel, delayed

    parallel: Any = Parallel(n_jobs=processes, return_as="generator")
    step = processes * _BATCHES_AHEAD
    for start in range(0, plan.batches, step):
        numbers = range(start, min(start + step, plan.batches))
        yield from parallel(delayed(plan.batch)(number) for number in numbers)
