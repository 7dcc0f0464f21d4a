"""Which phase's duties a portal has: by the order's dates, and only once the run has entered it.

A run may stay in a phase beyond the day on which the order has the next one go live. Its portal may
then keep to either phase: what the later one allows is allowed, and what it demands is not owed.
Evidence that names no phase, as of a rehearsal, goes by the dates alone.
"""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.evidence.records import PhaseEntered
from simulator.inputs.order import Order


@dataclass
class Phases:
    """The phases that the run has entered so far, in the order of time."""

    order: Order
    _entered: list[PhaseEntered] = field(default_factory=list)

    def entered(self, record: PhaseEntered) -> None:
        """Note that the run is in this phase from now on."""
        self._entered.append(record)

    def owed_at(self, at: datetime) -> int:
        """Find the latest phase whose duties a portal has at a time; 0 before the first."""
        live = self.order.phase_at(at)
        before = [each.phase for each in self._entered if each.at <= at]
        return min(live, before[-1]) if before else live

    def owed_from(self, phase: int) -> datetime | None:
        """Find from when a portal has a phase's duties; None while the run has not entered it."""
        live_at = self.order.go_live_at(phase)
        if not self._entered:
            return live_at
        reached = (each.at for each in self._entered if each.phase >= phase)
        entered_at = next(reached, None)
        return max(live_at, entered_at) if entered_at is not None else None
