"""The calls of one year, made once and answered by as many rosters and at as many loads as asked.

So two rosters, or two loads, differ in nothing else. `year.py` makes the calls.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from simulator.contact_centre.calls import Calls
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls


class ForceCallers(NamedTuple):
    """One force's calls: all of a year, and those for news among them."""

    desk: CallComparison
    updates: Calls


@dataclass(frozen=True)
class YearOfCalls:
    """The calls of each force; the seconds between two `edges` are measured."""

    forces: Mapping[str, ForceCallers]
    edges: Sequence[float]

    def answered(
        self,
        centres: ContactCentreParameters,
        forces: Iterable[str] | None = None,
        *,
        load: float = 1.0,
    ) -> dict[str, ForceCalls]:
        """Let these handlers answer `load` times the calls of some forces, or of all."""
        return {
            force: self.forces[force].desk.answered(
                self.forces[force].updates, self.edges, parameters=centres, load=load
            )
            for force in (self.forces if forces is None else forces)
        }
