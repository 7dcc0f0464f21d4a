"""A force's Dynamics, an integration in steps, and a portal that answers as it is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import structs

from reference.contract.events import CloudEvent
from simulator.files.paths import ROOT
from simulator.integration.dataverse_system import DataverseUnreachable
from simulator.integration.flow import Flow
from simulator.integration.map_file import Retries, read_map
from simulator.integration.store import Store
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

    def deliver(self, body: bytes, *, correlation_id: str) -> tuple[int | None, str]:
        """Take a delivery, or refuse it."""
        self.tried.append(correlation_id)
        status = self.statuses.pop(0) if self.statuses else 202
        if status == 202:
            self.taken += msgspec.json.decode(body, type=list[CloudEvent])
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
    """Reads the rows directly, as the Web API gives them, and can be down."""

    def __init__(self, rows: Rows) -> None:
        self.is_down = False
        self._rows = rows

    def changes(self, table: Table, link: str) -> Any:
        """Give one page of changes; raises DataverseUnreachable while it is down."""
        if self.is_down:
            raise DataverseUnreachable("Dataverse: 503", wait_seconds=60)
        begin = int(link or 0)
        found: list[dict[str, Any]] = []
        for change in self._rows.changes_since(table, begin):
            gone = {"reason": "deleted", "id": change.row_id}
            found.append(gone if change.after is None else dict(change.after))
        yield found, str(self._rows.version)


class Force:
    """Everything joined, with a clock of its own."""

    def __init__(self, portal: Portal, store: Store | None = None) -> None:
        self.now = START
        self.rows = Rows(lambda: self.now)
        self.portal = portal
        self.store = store or Store(None)
        self.system = System(self.rows)
        self.troubles: list[str] = []
        self.flow = self.new_flow()

    def new_flow(self) -> Flow:
        """Start the integration anew, with what it stored."""
        return Flow(
            RULES,
            self.system,  # type: ignore[arg-type]
            self.portal,
            self.store,
            now=lambda: self.now,
            on_trouble=self.troubles.append,
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
            csp_offencegroup="Burglary",
            **{"customerid_contact@odata.bind": f"/contacts({victim})"},
            **values,
        )
