"""A force's Dynamics, an integration in steps, and a portal that answers as it is told."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from reference.contract.events import CloudEvent
from simulator.files.paths import ROOT
from simulator.integration.faults import NO_FAULTS, FaultPlan, Faults, FaultyPortal, FaultySource
from simulator.integration.flow import Flow
from simulator.integration.map_file import IntegrationMap, Retries, read_map
from simulator.integration.portal_delivery import Portal as AnyPortal
from simulator.integration.source import (
    CursorLost,
    Reading,
    ReadRow,
    SourceRefused,
    SourceUnreachable,
)
from simulator.integration.store import Store
from simulator.neighbours.dataverse.errors import DataverseError
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES, Table

START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
RULES = structs.replace(
    read_map(ROOT / "scenarios" / "integration" / "dynamics.toml"),
    retries=Retries(tries_max=3, first_seconds=10),
)


class Portal:
    """Answers each delivery with the next status, and 202 when there is none."""

    def __init__(self, *statuses: int | None) -> None:
        self.statuses = list(statuses)
        self.taken: list[CloudEvent] = []
        self.tried: list[str] = []
        self.batches: list[int] = []

    def close(self) -> None:
        """Nothing is open."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Take a delivery, or refuse it; of poison it takes nothing."""
        self.tried.append(correlation_id)
        status = self.statuses.pop(0) if self.statuses else 202
        if any(b'"spoiled"' in each for each in events):
            status = 422
        if status == 202:
            self.batches.append(len(events))
            self.taken += [msgspec.json.decode(each, type=CloudEvent) for each in events]
        return status, ""

    @property
    def types(self) -> list[str]:
        """The types of the events that were taken, in order."""
        return [each.type for each in self.taken]

    def data(self, place: int) -> dict[str, Any]:
        """The data of an event that was taken."""
        found: dict[str, Any] = msgspec.json.decode(self.taken[place].data)
        return found


class System:
    """Reads the rows directly, as the Web API gives them; it can be down, and forget cursors."""

    tables = TABLES

    def __init__(self, rows: Rows) -> None:
        self.is_down = False
        self.forgets = False
        #: Called between the reading of two tables.
        self.between: Callable[[], None] = lambda: None
        self._rows = rows

    def close(self) -> None:
        """Nothing is open."""

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Give one page of changes of each table; raises SourceUnreachable, CursorLost."""
        for name in tables:
            if self.is_down:
                raise SourceUnreachable("Dataverse: 503", wait_seconds=60)
            link = cursor(name)
            if link and self.forgets:
                self.forgets = False
                raise CursorLost(name, "expired")
            found = [
                ReadRow(
                    table=name,
                    row_id=change.row_id,
                    row=None if change.after is None else dict(change.after),
                    correlation_id=change.cause,
                )
                for change in self._rows.changes_since(TABLES[name], int(link or 0))
            ]
            yield Reading(stream=name, rows=found, cursor=str(self._rows.version))
            self.between()

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read one row."""
        return dict(self._rows.get(table, row_id)) if self._rows.has(table, row_id) else None

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Read one row by its key."""
        row_id = self._rows.id_by_key(table, {key: value})
        return dict(self._rows.get(table, row_id)) if row_id else None

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the rows that name one."""
        return [dict(each) for each in self._rows.all(table) if each.get(column) == row_id]

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Make a row unless there is one with its key."""
        if self.row_by_key(table, key, value) is not None:
            return False
        try:
            with self._rows.caused_by(correlation_id):
                self._rows.create(table, {**row, key: value})
        except DataverseError as refused:
            raise SourceRefused(str(refused)) from None
        return True


class Force:
    """Everything joined, with a clock of its own."""

    def __init__(
        self,
        portal: AnyPortal,
        store: Store | None = None,
        *,
        rules: IntegrationMap = RULES,
        plan: FaultPlan = NO_FAULTS,
        now: datetime = START,
    ) -> None:
        self.now = now
        self.rules, self.plan = rules, plan
        self.rows = Rows(lambda: self.now)
        self.portal: Any = portal
        self.store = store or Store(None)
        self.system = System(self.rows)
        self.troubles: list[str] = []
        self.flow = self.new_flow()

    def new_flow(self) -> Flow:
        """Start the integration anew, with what it stored."""
        self.faults = Faults(self.plan, lambda: self.now)
        return Flow(
            self.rules,
            FaultySource(self.system, self.faults),
            FaultyPortal(self.portal, self.faults),
            self.store,
            now=lambda: self.now,
            on_trouble=self.troubles.append,
            faults=self.faults,
        )

    def step(self, **later: float) -> None:
        """Let time pass, by default until the next reading, and do what is due."""
        self.now += timedelta(**(later or {"seconds": 3}))
        self.flow.step()

    def make(self, table: str, **values: Any) -> str:
        """Make a row."""
        return self.rows.create(TABLES[table], values)

    def change(self, table: str, row_id: str, **values: Any) -> None:
        """Change a row."""
        self.rows.update(TABLES[table], row_id, values)

    def victim(self) -> str:
        """Make a victim."""
        return self.make(
            "contact",
            firstname="Sam",
            lastname="Hill",
            mobilephone="07700900123",
            csp_personid="p-1",
            csp_safetocontact=1,
        )

    def crime(self, victim: str, number: int = 1, **values: Any) -> str:
        """Record a crime of a victim."""
        return self.make(
            "incident",
            title="Burglary",
            ticketnumber=f"4326{number:07d}",
            csp_force="thames_valley",
            csp_offencecode="28A",
            **{
                "csp_offencegroup": "Burglary",
                "customerid_contact@odata.bind": f"/contacts({victim})",
                **values,
            },
        )

    def link(self, crime: str, number: str, role: int, **values: Any) -> str:
        """Link another person to a crime: 1 a victim, 2 a reporter, 3 a witness, 4 a suspect."""
        usual = {"firstname": "Alex", "lastname": "Moss", "csp_safetocontact": 1}
        person = self.make("contact", csp_personid=number, **{**usual, **values})
        self.make(
            "csp_involvement",
            csp_role=role,
            **{
                "csp_incident_incident@odata.bind": f"/incidents({crime})",
                "csp_person_contact@odata.bind": f"/contacts({person})",
            },
        )
        return person
