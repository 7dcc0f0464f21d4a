"""What goes wrong in the middle of a burst, and how soon it was made good.

Pure. A fault begins `at_seconds` after the burst and lasts `for_seconds`. The recovery is the time
from its end until every update that was due by then has had its message.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from simulator.files.checked_toml import Strict
from simulator.results.load import FaultOutcome

FaultKind: TypeAlias = Literal[
    "gateway slowed",
    "gateway limited",
    "gateway down",
    "portal killed",
    "worker killed",
    "database restarted",
    "disk full",
    "clock jump",
]
#: These need a portal that the suite starts: it kills it, limits its files or moves its clock.
OF_OUR_PORTAL: frozenset[FaultKind] = frozenset(
    {"portal killed", "worker killed", "database restarted", "disk full", "clock jump"}
)


class Fault(Strict, frozen=True, kw_only=True):
    """One fault. `seconds` is how much slower the gateway answers, or how far the clock jumps."""

    kind: FaultKind
    at_seconds: Annotated[float, Meta(ge=0, le=3600)]
    for_seconds: Annotated[float, Meta(gt=0, le=600)]
    seconds: Annotated[float, Meta(ge=-86_400, le=86_400)] = 0.0

    def __post_init__(self) -> None:
        needs = self.kind in {"gateway slowed", "clock jump"}
        if needs != bool(self.seconds):
            how = "give seconds" if needs else "leave seconds out"
            raise ValueError(f"{self.kind}: {how}: how much slower, or how far the clock jumps")
        if self.kind == "gateway slowed" and self.seconds < 0:
            raise ValueError(f"{self.kind}: seconds is {self.seconds:g}; give more than 0")


class FaultTimes(Struct, frozen=True, kw_only=True):
    """When a fault really began and ended."""

    kind: FaultKind
    began_at: datetime
    ended_at: datetime


def fault_outcomes(
    faults: Sequence[FaultTimes],
    scheduled: Mapping[str, datetime],
    told: Mapping[str, datetime],
    begin: datetime,
) -> list[FaultOutcome]:
    """Say of each fault how soon after it everything due by its end was told.

    `scheduled` and `told` are when each update was due and had its first message, by event id.
    """
    return [
        FaultOutcome(
            kind=each.kind,
            began_seconds=(each.began_at - begin).total_seconds(),
            ended_seconds=(each.ended_at - begin).total_seconds(),
            recovery_seconds=_recovery_seconds(each.ended_at, scheduled, told),
        )
        for each in faults
    ]


def _recovery_seconds(
    ended_at: datetime, scheduled: Mapping[str, datetime], told: Mapping[str, datetime]
) -> float | None:
    """Return the seconds until all was told, None if something never was."""
    due = [event for event, at in scheduled.items() if at <= ended_at]
    if any(event not in told for event in due):
        return None
    last = max((told[event] for event in due), default=ended_at)
    return max(0.0, (last - ended_at).total_seconds())
