"""The process layer: read changes, make events, deliver each once in order, give up in the open.

At least once: a change stays unread until its events are stored, and an event waits until the
portal has it. The portal knows an event by its id, so that a second delivery does nothing. A
delivery that fails is tried again with growing pauses; after the last try, or a refusal, the event
is a dead letter, which can be seen and replayed.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any, Protocol

import msgspec

from reference.contract.events import CloudEvent
from simulator.clock import Now
from simulator.integration.dataverse_system import DataverseSystem, DataverseUnreachable
from simulator.integration.map_file import IntegrationMap
from simulator.integration.mapping import CannotMap, MappedEvent, RowChange, events_of
from simulator.integration.store import Store, WaitingEvent
from simulator.neighbours.dataverse.tables import TABLES

SOURCE = "integration"
#: Lookups point from the later of these to the earlier.
_READ_IN_ORDER = ("systemuser", "contact", "incident", "task", "annotation")
_TAKEN, _TOO_MANY, _SERVER_ERROR = 202, 429, 500


class Portal(Protocol):
    """Where events go."""

    def deliver(self, body: bytes, *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch; return the status, None for no answer, and what it said."""


class Flow:
    """One integration. `step` does what is due, once; a loop calls it."""

    def __init__(
        self,
        rules: IntegrationMap,
        system: DataverseSystem,
        portal: Portal,
        store: Store,
        *,
        now: Now,
        on_trouble: Callable[[str], None] = lambda _words: None,
        seed: int = 0,
    ) -> None:
        self._rules = rules
        self._system = system
        self._portal = portal
        self._store = store
        self._now = now
        self._on_trouble = on_trouble
        # Pauses differ a little, so that many integrations do not try all at once.
        self._random = Random(seed)  # noqa: S311  not a secret
        self._read_again_at = 0.0
        self._tables = _tables_read(rules)

    def step(self) -> None:
        """Read what has changed if it is time, and deliver what is due."""
        now = self._now().timestamp()
        if now >= self._read_again_at:
            self._read_again_at = now + self._rules.source.poll_seconds
            try:
                self.read()
            except DataverseUnreachable as trouble:
                self._read_again_at = max(self._read_again_at, now + trouble.wait_seconds)
                self._on_trouble(str(trouble))
        self.deliver()

    def read(self) -> None:
        """Read every change since the last time; raises DataverseUnreachable."""
        for name in self._tables:
            link = self._store.cursor(name)
            for rows, next_link in self._system.changes(TABLES[name], link):
                with self._store.whole():
                    for row in rows:
                        self._take(name, row)
                    if next_link:
                        self._store.set_cursor(name, next_link)

    def deliver(self) -> None:
        """Deliver each crime's next event that is due, until none is."""
        while events := self._store.next_events(self._now().timestamp()):
            for event in events:
                self._deliver_one(event)

    def _take(self, table: str, row: dict[str, Any]) -> None:
        """Keep a row as it is now, and the events that its change makes."""
        if row.get("reason") == "deleted":
            self._store.set_row(table, row["id"], None)
            return
        row_id = row[TABLES[table].id_column]
        before = self._store.row(table, row_id)
        self._store.set_row(table, row_id, row)
        change = RowChange(table=table, row_id=row_id, before=before, after=row)
        try:
            for mapped in events_of(change, self._rules, self._find, self._store.rows_naming):
                self._add(mapped, row)
        except CannotMap as cannot:
            self._store.add_letter(self._now().timestamp(), f"{table} {row_id}", str(cannot))

    def _add(self, mapped: MappedEvent, row: dict[str, Any]) -> None:
        at = datetime.fromisoformat(row["modifiedon"]) if row.get("modifiedon") else self._now()
        envelope = CloudEvent(
            specversion="1.0",
            id=mapped.event_id,
            source=SOURCE,
            type=type(mapped.event).__name__,
            subject=mapped.event.crime_reference,
            sequence=f"{int(row.get('versionnumber') or 0):012d}",
            time=at if at.tzinfo else at.replace(tzinfo=UTC),
            data=msgspec.Raw(msgspec.json.encode(mapped.event)),
        )
        subject = mapped.event.crime_reference
        self._store.add_event(mapped.event_id, subject, msgspec.json.encode(envelope))

    def _find(self, table: str, row_id: str) -> dict[str, Any]:
        return self._store.row(table, row_id) or {}

    def _deliver_one(self, event: WaitingEvent) -> None:
        status, answer = self._portal.deliver(
            b"[" + event.body + b"]", correlation_id=event.event_id
        )
        now = self._now().timestamp()
        said = f"{'no answer' if status is None else status} {answer}".strip()[:500]
        if status == _TAKEN:
            self._store.delivered(event.number, said)
            return
        is_refused = status is not None and status != _TOO_MANY and status < _SERVER_ERROR
        if is_refused or event.tries + 1 >= self._rules.retries.tries_max:
            self._store.give_up(event.number, said, now)
            self._on_trouble(f"dead letter: event {event.event_id} of {event.subject}: {said}")
            return
        self._store.try_again(event.number, now + self._pause(event.tries), said)

    def _pause(self, tries: int) -> float:
        retries = self._rules.retries
        pause: float = min(retries.first_seconds * 2.0**tries, retries.longest_seconds)
        return pause * (0.9 + 0.2 * self._random.random())


def _tables_read(rules: IntegrationMap) -> tuple[str, ...]:
    """The tables that a map needs: those of its rules, and those that lookups name."""
    needed = {each.table for each in rules.events}
    needed |= {each.for_each.partition(".")[0] for each in rules.events if each.for_each}
    for name in tuple(needed):
        needed |= {target for column in TABLES[name].columns for target in column.targets}
    return tuple(name for name in _READ_IN_ORDER if name in needed)
