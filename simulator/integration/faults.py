"""Faults between the force's system and a portal, by plan: each is drawn from one seed.

A tester switches them on to see whether a portal copes: the integration itself loses nothing, and
what the portal did not take is tried again.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta, field

from simulator.clock import Now
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.integration.portal_delivery import Portal
from simulator.integration.source import Reading, Source, SourceUnreachable
from simulator.neighbours.dataverse.tables import Table

Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
LongTime: TypeAlias = Annotated[float, Meta(ge=0, le=86_400)]
#: A message that no portal can read; what is stored stays as it was.
_SPOILED = b'"data":{"spoiled":true},"was":'


class PlannedOutage(Strict, frozen=True, kw_only=True):
    """A time in which the portal or the force's system does not answer, from the start on."""

    of: Literal["portal", "source"]
    after_seconds: LongTime
    seconds: LongTime


class FaultPlan(Strict, frozen=True, kw_only=True):
    """How often each fault happens, as a share of deliveries (of events, where it says so).

    `late_share` of events wait `late_seconds` longer, and `overtaken_share` of events wait so long
    while later ones of the same crime go first.
    """

    seed: int = 0
    duplicate_share: Share = 0.0
    late_share: Share = 0.0
    overtaken_share: Share = 0.0
    late_seconds: LongTime = 30.0
    #: Lost on the way to the portal, and tried again.
    dropped_share: Share = 0.0
    #: The portal took it, and its answer was lost: it comes again.
    lost_answer_share: Share = 0.0
    #: Only the first half of a batch arrives, and the connection breaks.
    cut_batch_share: Share = 0.0
    #: An event arrives that no portal can read.
    poison_share: Share = 0.0
    outages: tuple[PlannedOutage, ...] = field(default_factory=tuple)


NO_FAULTS = FaultPlan()


def read_plan(path: Path) -> FaultPlan:
    """Read a plan; raises BadInput naming file, field and value."""
    return checked_toml.read(path, FaultPlan)


class Faults:
    """The faults of one integration; `plan` may be replaced at any time, and its outages begin."""

    def __init__(self, plan: FaultPlan, now: Now) -> None:
        self._now = now
        self.switch_to(plan)

    def switch_to(self, plan: FaultPlan) -> None:
        """Begin another plan."""
        self.plan = plan
        self._random = Random(plan.seed)  # noqa: S311  not a secret
        self._began = self._now()

    def strikes(self, share: float) -> bool:
        """Draw whether a fault of this share happens now."""
        return share > 0 and self._random.random() < share

    def is_down(self, of: Literal["portal", "source"]) -> bool:
        """Say whether a planned outage of one side is going on."""
        passed = (self._now() - self._began).total_seconds()
        return any(
            each.of == of and each.after_seconds <= passed < each.after_seconds + each.seconds
            for each in self.plan.outages
        )


class FaultyPortal:
    """A portal behind a connection that has the faults of a plan."""

    def __init__(self, portal: Portal, faults: Faults) -> None:
        self._portal = portal
        self._faults = faults

    def close(self) -> None:
        """Close the connections."""
        self._portal.close()

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch, or what a fault leaves of it."""
        faults, plan = self._faults, self._faults.plan
        if faults.is_down("portal"):
            return None, "planned outage"
        if faults.strikes(plan.dropped_share):
            return None, "planned drop"
        if len(events) > 1 and faults.strikes(plan.cut_batch_share):
            half = events[: len(events) // 2]
            self._portal.deliver(half, correlation_id=correlation_id)
            return None, "planned break in the batch"
        sent = events
        if faults.strikes(plan.poison_share):
            sent = [*events[:-1], events[-1].replace(b'"data":', _SPOILED, 1)]
        answer = self._portal.deliver(sent, correlation_id=correlation_id)
        if faults.strikes(plan.duplicate_share):
            self._portal.deliver(sent, correlation_id=correlation_id)
        if faults.strikes(plan.lost_answer_share):
            return None, "planned loss of the answer"
        return answer


class FaultySource:
    """A force's system that has the outages of a plan."""

    def __init__(self, source: Source, faults: Faults) -> None:
        self.tables = source.tables
        self._source = source
        self._faults = faults

    def close(self) -> None:
        """Close the connections."""
        self._source.close()

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Read what changed, unless there is an outage."""
        for reading in self._source.readings(tables, cursor):
            self._check()
            yield reading

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read a row."""
        self._check()
        return self._source.row(table, row_id)

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Read a row by a key."""
        self._check()
        return self._source.row_by_key(table, key, value)

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the rows whose lookup names a row."""
        self._check()
        return self._source.rows_about(table, column, row_id)

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Make a row with a key."""
        self._check()
        return self._source.make_once(table, key, value, row, correlation_id=correlation_id)

    def _check(self) -> None:
        if self._faults.is_down("source"):
            raise SourceUnreachable("planned outage")
