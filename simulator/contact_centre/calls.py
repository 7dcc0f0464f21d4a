"""Calls as columns: time, line, service time, patience, and what the caller would do next.

`staffing.py` makes the calls and `call_queue.py` answers them. Everything about a call is drawn
when it is made, so leaving out some calls changes nothing about the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from math import inf
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.errors import BadInput

EMERGENCY, NON_EMERGENCY = 0, 1
LINES = ("999", "101")

# Far beyond any run. They stop a wrong unit from making an endless run.
AT_SECONDS_MAX = 10 * 366 * 86_400
SERVICE_SECONDS_MAX = 86_400
REDIALS_MAX = 100
ATTEMPTS_MAX = 100

Seconds: TypeAlias = NDArray[np.float64]


def _nothing() -> NDArray[np.int8]:
    """Stand for a column of zeros: nobody rings again."""
    return np.empty(0, dtype=np.int8)


@dataclass(frozen=True, eq=False, kw_only=True)
class FurtherSteps:
    """What else may become of each call: a call back, and a second desk.

    A caller who is offered a call back picks up at attempt `picks_up_at`, or declines it where that
    is 0. A call with `second_seconds` is passed on, to take so long at the second desk.
    """

    picks_up_at: NDArray[np.int8]
    second_seconds: Seconds
    second_patience_seconds: Seconds

    def __len__(self) -> int:
        return len(self.picks_up_at)

    def __getitem__(self, which: slice | NDArray[np.bool_] | NDArray[np.intp]) -> "FurtherSteps":
        return FurtherSteps(**{each.name: getattr(self, each.name)[which] for each in fields(self)})

    @classmethod
    def none_of(cls, calls: int) -> "FurtherSteps":
        """Give those of calls that nobody rings back or passes on."""
        return cls(
            picks_up_at=np.zeros(calls, dtype=np.int8),
            second_seconds=np.zeros(calls),
            second_patience_seconds=np.zeros(calls),
        )

    def check(self, calls: int) -> None:
        """Refuse columns of another length, and values out of their bounds; raises BadInput."""
        for each in fields(self):
            _check_length(each.name, getattr(self, each.name), calls)
        _refuse(
            "picks_up_at",
            self.picks_up_at,
            (self.picks_up_at < 0) | (self.picks_up_at > ATTEMPTS_MAX),
            f"give 0 to {ATTEMPTS_MAX}",
        )
        _check("second_seconds", self.second_seconds, SERVICE_SECONDS_MAX)
        _check("second_patience_seconds", self.second_patience_seconds, inf)


@dataclass(frozen=True, eq=False, kw_only=True)
class Calls:
    """Calls in order of time, one row a call; `calls[which]` takes a slice, mask or index.

    `at_seconds` counts from the start of the run. `line` is 0 for 999 and 1 for 101. Service time
    and patience are drawn in advance; a caller with infinite patience never hangs up. After a
    hang-up a caller rings again `redials` times at most, each `redial_seconds` later and with the
    same service time and patience; without these columns nobody does. `further` is None where
    nobody is called back or passed on. Raises BadInput.
    """

    at_seconds: Seconds
    line: NDArray[np.int8]
    service_seconds: Seconds
    patience_seconds: Seconds
    redials: NDArray[np.int8] = field(default_factory=_nothing)
    redial_seconds: NDArray[np.int32] = field(default_factory=lambda: _nothing().astype(np.int32))
    further: FurtherSteps | None = None

    def __post_init__(self) -> None:
        for name, kind in (("redials", np.int8), ("redial_seconds", np.int32)):
            if not len(getattr(self, name)):
                # A frozen dataclass: this is still its making.
                object.__setattr__(self, name, np.zeros(len(self), dtype=kind))
        for name in COLUMNS:
            _check_length(name, getattr(self, name), len(self))
        if self.further is not None:
            self.further.check(len(self))
        _check("at_seconds", self.at_seconds, AT_SECONDS_MAX)
        _check("service_seconds", self.service_seconds, SERVICE_SECONDS_MAX)
        _check("patience_seconds", self.patience_seconds, inf)
        _refuse("line", self.line, ~np.isin(self.line, (EMERGENCY, NON_EMERGENCY)), "give 0 or 1")
        _refuse(
            "redials",
            self.redials,
            (self.redials < 0) | (self.redials > REDIALS_MAX),
            f"give 0 to {REDIALS_MAX}",
        )
        _refuse(
            "redial_seconds",
            self.redial_seconds,
            (self.redials > 0)
            & ((self.redial_seconds < 1) | (self.redial_seconds > SERVICE_SECONDS_MAX)),
            f"give 1 to {SERVICE_SECONDS_MAX:,} for a caller who rings again",
        )
        back = np.diff(self.at_seconds, prepend=0.0) < 0
        _refuse("at_seconds", self.at_seconds, back, "earlier than the call before; sort by time")

    def __len__(self) -> int:
        return len(self.at_seconds)

    def __getitem__(self, which: slice | NDArray[np.bool_] | NDArray[np.intp]) -> "Calls":
        further = None if self.further is None else self.further[which]
        return Calls(**{name: getattr(self, name)[which] for name in COLUMNS}, further=further)


#: All but the further steps.
COLUMNS = tuple(each.name for each in fields(Calls) if each.name != "further")


def merge(*calls: Calls) -> Calls:
    """Merge calls in order of time; within a second, those of an earlier argument come first."""
    columns = {name: np.concatenate([getattr(part, name) for part in calls]) for name in COLUMNS}
    order = np.argsort(columns["at_seconds"], kind="stable")
    further = _joined(calls)
    return Calls(
        **{name: column[order] for name, column in columns.items()},
        further=None if further is None else further[order],
    )


def _joined(calls: Sequence[Calls]) -> FurtherSteps | None:
    if all(part.further is None for part in calls):
        return None
    steps = [part.further or FurtherSteps.none_of(len(part)) for part in calls]
    return FurtherSteps(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in steps])
            for each in fields(FurtherSteps)
        }
    )


def _check_length(name: str, column: NDArray[Any], calls: int) -> None:
    if column.shape != (calls,):
        raise BadInput(
            f"calls.{name}: shape {column.shape}; give one value for each of the {calls} calls"
        )


def _check(name: str, seconds: Seconds, most: float) -> None:
    bad = ~((seconds >= 0) & (seconds <= most))
    _refuse(name, seconds, bad, f"give seconds from 0 to {most:,}")


def _refuse(name: str, values: NDArray[Any], bad: NDArray[np.bool_], fix: str) -> None:
    if bad.any():
        which = int(np.argmax(bad))
        raise BadInput(f"calls.{name}: {values[which]} at call {which}; {fix}")
