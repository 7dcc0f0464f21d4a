"""Calls as columns: time, line, service time and patience.

`staffing.py` makes the calls and `call_queue.py` answers them. Everything about a call is drawn
when it is made, so leaving out some calls changes nothing about the others.
"""

from dataclasses import dataclass, fields
from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.errors import BadInput

EMERGENCY, NON_EMERGENCY = 0, 1
LINES = ("999", "101")

# Far beyond any run. They stop a wrong unit from making an endless run.
AT_SECONDS_MAX = 10 * 366 * 86_400
SERVICE_SECONDS_MAX = 86_400

Seconds: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class Calls:
    """Calls in order of time, one row a call; `calls[which]` takes a slice, mask or index.

    `at_seconds` counts from the start of the run. `line` is 0 for 999 and 1 for 101. Service time
    and patience are drawn in advance; a caller with infinite patience never hangs up. Raises
    BadInput.
    """

    at_seconds: Seconds
    line: NDArray[np.int8]
    service_seconds: Seconds
    patience_seconds: Seconds

    def __post_init__(self) -> None:
        for each in fields(self):
            if getattr(self, each.name).shape != (len(self),):
                raise BadInput(
                    f"calls.{each.name}: shape {getattr(self, each.name).shape}; "
                    f"give one value for each of the {len(self)} calls"
                )
        _check("at_seconds", self.at_seconds, AT_SECONDS_MAX)
        _check("service_seconds", self.service_seconds, SERVICE_SECONDS_MAX)
        _check("patience_seconds", self.patience_seconds, inf)
        _refuse("line", self.line, ~np.isin(self.line, (EMERGENCY, NON_EMERGENCY)), "give 0 or 1")
        back = np.diff(self.at_seconds, prepend=0.0) < 0
        _refuse("at_seconds", self.at_seconds, back, "earlier than the call before; sort by time")

    def __len__(self) -> int:
        return len(self.at_seconds)

    def __getitem__(self, which: slice | NDArray[np.bool_] | NDArray[np.intp]) -> "Calls":
        return Calls(**{each.name: getattr(self, each.name)[which] for each in fields(self)})


def merge(*calls: Calls) -> Calls:
    """Merge calls in order of time; within a second, those of an earlier argument come first."""
    columns = {
        each.name: np.concatenate([getattr(part, each.name) for part in calls])
        for each in fields(Calls)
    }
    order = np.argsort(columns["at_seconds"], kind="stable")
    return Calls(**{name: column[order] for name, column in columns.items()})


def _check(field: str, seconds: Seconds, most: float) -> None:
    bad = ~((seconds >= 0) & (seconds <= most))
    _refuse(field, seconds, bad, f"give seconds from 0 to {most:,}")


def _refuse(
    field: str, values: NDArray[np.float64] | NDArray[np.int8], bad: NDArray[np.bool_], fix: str
) -> None:
    if bad.any():
        which = int(np.argmax(bad))
        raise BadInput(f"calls.{field}: {values[which]} at call {which}; {fix}")
