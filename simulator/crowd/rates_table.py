"""What came out of a crowd beside what was asked: faults by kind, and people of the same name."""

from dataclasses import dataclass, field
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from simulator.crowd.generating import Batch, Counts
from simulator.crowd.names import Names, expected_collision
from simulator.population.faults.kinds import KINDS

#: Names are compared among the first people only, so that memory does not grow with the crowd.
NAMES_COMPARED_MAX = 1_000_000
_SURE = 1.96


@dataclass
class CameOut:
    """Adds up the batches of a crowd."""

    counts: Counts = field(default_factory=Counts)
    _names: list[NDArray[np.int64]] = field(default_factory=list)
    _born: dict[int, int] = field(default_factory=dict)
    _compared: int = 0

    def add(self, batch: Batch) -> None:
        """Add one batch."""
        self.counts.add(batch.counts)
        if self._compared < NAMES_COMPARED_MAX:
            self._names.append(batch.full_names)
            self._compared += len(batch.full_names)
            for decade, count in batch.decades.items():
                self._born[decade] = self._born.get(decade, 0) + count

    def same_name(self) -> float:
        """Return the share of pairs of people who have the same given and family name."""
        names = np.concatenate([np.zeros(0, np.int64), *self._names])
        _values, counts = np.unique(names, return_counts=True)
        pairs = len(names) * (len(names) - 1)
        return float((counts * (counts - 1)).sum() / pairs) if pairs else 0.0

    def expected_same_name(self, names: Names, force: str) -> float:
        """Return the share to be expected from the tables of names."""
        total = sum(self._born.values())
        return expected_collision(names, force, {k: v / total for k, v in self._born.items()})


def rates_lines(came_out: CameOut, names: Names, force: str) -> list[str]:
    """Write the table, 80 columns wide at most."""
    counts = came_out.counts
    lines = [
        f"{counts.people:,} people, {counts.records:,} records",
        "",
        f"{'Kind of fault':<26}{'could have':>12}{'asked':>9}{'came out':>10}{'95% about':>17}",
    ]
    for kind in KINDS:
        could = counts.could.get(kind, 0)
        if could:
            lines.append(_line(kind, could, counts))
    wrong = counts.wrong_names / counts.records if counts.records else 0
    lines += ["", f"A name is wrong in {wrong:.2%} of records."]
    for check, stopped in counts.stopped.items():
        lines.append(f"Stopped by '{check}': {stopped:,} faults.")
    measured = came_out.same_name()
    expected = came_out.expected_same_name(names, force)
    lines.append(
        f"Two people have the same full name: {_one_in(measured)} pairs; expected "
        f"{_one_in(expected)}."
    )
    return lines


def told_line(counts: Counts) -> str:
    """Say how many victims may truly be told by a text or an email, and why not more."""
    victims = sum(counts.victims.values())
    if not victims:
        return "No victim is among them."
    why = ", ".join(f"{reason} {n / victims:.0%}" for reason, n in counts.victims.items() if reason)
    return (
        f"Of {victims:,} victims {counts.victims[''] / victims:.0%} may be told by a text or an "
        f"email at any time; not the others: {why}."
    )


def _line(kind: str, could: int, counts: Counts) -> str:
    stopped = counts.stopped_kinds.get(kind, 0)
    asked = counts.asked[kind] / could
    there = counts.there[kind] / could
    half = _SURE * sqrt(max(asked * (1 - asked), 0) / could)
    low, high = max(asked - half - stopped / could, 0), asked + half - stopped / could
    return f"{kind:<26}{could:>12,}{asked:>9.3%}{there:>10.3%}{f'{low:.3%}-{high:.3%}':>17}"


def _one_in(share: float) -> str:
    return f"1 in {1 / share:,.0f}" if share else "none of the"
