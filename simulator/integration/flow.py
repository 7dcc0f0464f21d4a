"""The process layer: read changes, make events, deliver each once in order, give up in the open.

At least once: a change stays unread until its events are stored, and an event waits until the
portal has it. The portal knows an event by its id, so that a second delivery does nothing. A
delivery that fails is tried again with growing pauses; after the last try, or a refusal, the event
is a dead letter, which can be seen and replayed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
from msgspec import structs

from reference.contract.events import CloudEvent
from simulator.clock import Now
from simulator.integration.faults import NO_FAULTS, Faults
from simulator.integration.map_file import DELETED_AT, EventRule, IntegrationMap
from simulator.integration.mapping import (
    CannotMap,
    EventMaker,
    MappedEvent,
    RowChange,
    applies,
)
from simulator.integration.portal_delivery import Portal
from simulator.integration.source import CursorLost, ReadRow, Source, SourceUnreachable
from simulator.integration.store import KeptChange, Settling, Store, WaitingEvent
from simulator.neighbours.dataverse.tables import Table

SOURCE = "integration"
_TAKEN, _TOO_MANY, _SERVER_ERROR = 202, 429, 500


class Flow:
    """One integration. `step` does what is due, once; a loop calls it."""

    def __init__(
        self,
        rules: IntegrationMap,
        source: Source,
        portal: Portal,
        store: Store,
        *,
        now: Now,
        on_trouble: Callable[[str], None] = lambda _words: None,
        faults: Faults | None = None,
        seed: int = 0,
    ) -> None:
        self._rules = rules
        self._source = source
        self._portal = portal
        self._store = store
        self._now = now
        self._on_trouble = on_trouble
        self._faults = faults or Faults(NO_FAULTS, now)
        # Pauses differ a little, so that many integrations do not try all at once.
        self._random = Random(seed)  # noqa: S311  not a secret
        self._read_again_at = 0.0
        self._tables = tables_read(rules, source.tables)
        self._maker = EventMaker(source.tables, self._find, store.rows_naming, self._naming_now)

    def step(self) -> None:
        """Read what has changed if it is time, and deliver what is due."""
        now = self._now().timestamp()
        if now >= self._read_again_at:
            self._read_again_at = now + self._rules.source.poll_seconds
            try:
                self.read()
                # Read again when a change has settled: what stands then is what counts.
                settled_at = self._store.next_settled_at()
                self._read_again_at = min(self._read_again_at, settled_at or self._read_again_at)
            except SourceUnreachable as trouble:
                self._read_again_at = max(self._read_again_at, now + trouble.wait_seconds)
                self._on_trouble(str(trouble))
            except CursorLost as lost:
                self._store.set_cursor(lost.stream, "")
                self._read_again_at = now
                self._on_trouble(str(lost))
        self.deliver()

    def wake(self) -> None:
        """Read at the next step: the force's system said that something changed."""
        self._read_again_at = 0.0

    def read(self) -> None:
        """Read every change since the last time; raises SourceUnreachable, CursorLost."""
        for reading in self._source.readings(self._tables, self._store.cursor):
            with self._store.whole():
                for row in reading.rows:
                    self._take(row)
                if reading.cursor:
                    self._store.set_cursor(reading.stream, reading.cursor)
        with self._store.whole():
            for each in self._store.take_settled(self._now().timestamp()):
                self._take_settled(each)

    def deliver(self) -> None:
        """Deliver each crime's next event that is due, until none is."""
        while events := self._store.next_events(self._now().timestamp()):
            for batch in _batches(events, self._rules.portal.batch_events_max):
                self._deliver(batch)

    def replay(self) -> int:
        """Map again what made no event, and deliver again what was refused; return how many."""
        with self._store.whole():
            changes = self._store.take_dead_changes()
            for each in changes:
                change = RowChange(
                    table=each.table,
                    row_id=each.row_id,
                    before=each.before,
                    after=each.after,
                    is_deleted=each.is_deleted,
                )
                only = self._named_rules().get(each.rule)
                rules = self._rules.events if only is None else (only,)
                if change.is_deleted:
                    self._tell_deletion(change, each.correlation_id)
                else:
                    self._make_events(change, rules, each.correlation_id)
        return len(changes) + self._store.replay()

    def _take(self, read: ReadRow) -> None:
        """Keep a row as it is now, and the events that its change makes."""
        before = self._store.row(read.table, read.row_id)
        cause = self._store.take_cause(read.table, read.row_id) or read.correlation_id
        if read.row is None:
            if before is not None:
                self._take_deletion(read.table, read.row_id, before, cause)
            self._store.set_row(read.table, read.row_id, None)
            return
        self._store.set_row(read.table, read.row_id, read.row)
        change = RowChange(table=read.table, row_id=read.row_id, before=before, after=read.row)
        change = self._with_dead_changes(change, cause)
        now, at_once = self._now().timestamp(), []
        made_at = self._creation_settles_at(change)
        told = self._as_told(change)
        for number, rule in enumerate(self._rules.events):
            if not applies(rule, change) or (rule.was and not applies(rule, told)):
                continue
            due_at = now + rule.settle_seconds
            if rule.settle_seconds or made_at > now:
                self._settle(rule, number, change, cause, max(due_at, made_at))
            else:
                at_once.append(rule)
            if rule.makes_creation:
                made_at = max(made_at, due_at)
        self._make_events(change, at_once, cause)

    def _take_deletion(
        self, table: str, row_id: str, before: Mapping[str, Any], cause: str
    ) -> None:
        """Tell what a row still had to tell, and that it is gone; nothing of one never told."""
        settling = self._store.take_settling_of(table, row_id)
        dead = self._store.take_dead_changes_of(f"{table} {row_id}")
        if None in [*(each.before for each in settling), *(each.before for each in dead)]:
            return
        for each in settling:
            change = RowChange(table=table, row_id=row_id, before=each.before, after=before)
            self._make_settled(each, change)
        gone = {**before, DELETED_AT: self._now().isoformat()}
        deletion = RowChange(table=table, row_id=row_id, before=before, after=gone, is_deleted=True)
        self._tell_deletion(deletion, cause)

    def _tell_deletion(self, deletion: RowChange, cause: str) -> None:
        """Make its events; a case or a person of whom the map says nothing is a dead letter."""
        table = deletion.table
        rules = [each for each in self._rules.events if each.table == table]
        self._make_events(deletion, filter(lambda rule: applies(rule, deletion), rules), cause)
        is_told = table == self._rules.crimes.table or any(
            each.for_each and self._maker.starts(each, deletion) for each in rules
        )
        if is_told and not any(each.makes_deletion for each in rules):
            why = 'it was deleted, and no rule of the map tells that (on = "delete")'
            self._bury(deletion, cause, why)

    def _with_dead_changes(self, change: RowChange, cause: str) -> RowChange:
        """Take up again what the row said before, and made no event: it may be whole by now.

        A row whose creation made none is as if it were new: all that it says is told at once.
        """
        before = change.before
        for dead in self._store.take_dead_changes_of(f"{change.table} {change.row_id}"):
            rule = self._named_rules().get(dead.rule)
            again = structs.replace(change, before=dead.before)
            if rule is None:
                before = dead.before
            elif applies(rule, again) and not applies(rule, change):
                self._make_events(again, (rule,), cause)
        return structs.replace(change, before=before)

    def _named_rules(self) -> dict[str, EventRule]:
        return {_name_of(rule, number): rule for number, rule in enumerate(self._rules.events)}

    def _as_told(self, change: RowChange) -> RowChange:
        """Give a change from what the portal was told last: what settles it does not know."""
        waiting, before = self._store.first_settling(change.table, change.row_id)
        return structs.replace(change, before=before) if waiting else change

    def _creation_settles_at(self, change: RowChange) -> float:
        """When the creation of a row will have settled: what changes meanwhile waits for it."""
        waiting = self._store.settling_of(change.table, change.row_id)
        rules = self._named_rules()
        due = (at for name, at in waiting.items() if name in rules and rules[name].makes_creation)
        return max(due, default=0.0)

    def _settle(
        self, rule: EventRule, number: int, change: RowChange, cause: str, due_at: float
    ) -> None:
        settling = Settling(
            rule=_name_of(rule, number),
            table=change.table,
            row_id=change.row_id,
            before=None if change.before is None else dict(change.before),
            correlation_id=cause,
        )
        self._store.settle(settling, due_at)

    def _take_settled(self, settled: Settling) -> None:
        """Make the event of a change that has settled, if it still is one."""
        row = self._store.row(settled.table, settled.row_id)
        if row is None:
            return
        change = RowChange(
            table=settled.table, row_id=settled.row_id, before=settled.before, after=row
        )
        self._make_settled(settled, change)

    def _make_settled(self, settled: Settling, change: RowChange) -> None:
        rule = self._named_rules().get(settled.rule)
        if rule is None:
            self._bury(change, settled.correlation_id, f"the map has no rule {settled.rule} now")
            return
        self._make_events(change, (rule,), settled.correlation_id)

    def _make_events(self, change: RowChange, rules: Iterable[EventRule], cause: str) -> None:
        """Make the events of each rule; one that makes none keeps no other from the portal.

        Without its creation a row has nothing to tell: then the whole change waits.
        """
        for rule in rules:
            try:
                for mapped in self._maker.events_of(change, (rule,)):
                    self._add(mapped, change.after, cause)
            except CannotMap as cannot:
                if rule.makes_creation and change.before is None:
                    self._bury(change, cause, str(cannot))
                    return
                self._bury(change, cause, str(cannot), rule)

    def _bury(self, change: RowChange, cause: str, why: str, rule: EventRule | None = None) -> None:
        named = (name for name, each in self._named_rules().items() if each is rule)
        kept = KeptChange(
            table=change.table,
            row_id=change.row_id,
            before=None if change.before is None else dict(change.before),
            after=dict(change.after),
            correlation_id=cause,
            rule=next(named, ""),
            is_deleted=change.is_deleted,
        )
        what = f"{change.table} {change.row_id}"
        self._store.add_letter(self._now().timestamp(), what, why, kept)
        self._on_trouble(f"dead letter: {what}: {why}")

    def _add(self, mapped: MappedEvent, row: Mapping[str, Any], cause: str) -> None:
        at = datetime.fromisoformat(row["modifiedon"]) if row.get("modifiedon") else self._now()
        subject = mapped.event.crime_reference
        envelope = CloudEvent(
            specversion="1.0",
            id=mapped.event_id,
            source=SOURCE,
            type=type(mapped.event).__name__,
            subject=subject,
            sequence=f"{int(row.get('versionnumber') or 0):012d}",
            time=at if at.tzinfo else at.replace(tzinfo=UTC),
            data=msgspec.Raw(msgspec.json.encode(mapped.event)),
        )
        plan = self._faults.plan
        is_overtaken = self._faults.strikes(plan.overtaken_share)
        is_late = is_overtaken or self._faults.strikes(plan.late_share)
        self._store.add_event(
            mapped.event_id,
            subject,
            msgspec.json.encode(envelope),
            correlation_id=cause,
            due_at=self._now().timestamp() + plan.late_seconds if is_late else 0.0,
            is_overtaken=is_overtaken,
        )

    def _find(self, table: str, row_id: str) -> dict[str, Any]:
        """Find a row that another names; one made after its table was read is asked for."""
        return (
            self._store.row(table, row_id)
            or self._source.row(self._source.tables[table], row_id)
            or {}
        )

    def _naming_now(self, table: str, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the rows that name a row, as the force's system has them now."""
        return self._source.rows_about(self._source.tables[table], column, row_id)

    def _deliver(self, batch: list[WaitingEvent]) -> None:
        status, answer = self._portal.deliver(
            [each.body for each in batch], correlation_id=batch[0].correlation_id
        )
        now = self._now().timestamp()
        said = f"{'no answer' if status is None else status} {answer}".strip()[:500]
        if status == _TAKEN:
            for event in batch:
                self._store.delivered(event.number, said)
            return
        is_refused = status is not None and status != _TOO_MANY and status < _SERVER_ERROR
        if is_refused and len(batch) > 1:
            # One bad event does not keep the others from the portal.
            for event in batch:
                self._deliver([event])
            return
        for event in batch:
            if is_refused or event.tries + 1 >= self._rules.retries.tries_max:
                self._store.give_up(event.number, said, now)
                self._on_trouble(f"dead letter: event {event.event_id} of {event.subject}: {said}")
            else:
                self._store.try_again(event.number, now + self._pause(event.tries), said)

    def _pause(self, tries: int) -> float:
        retries = self._rules.retries
        pause: float = min(retries.first_seconds * 2.0**tries, retries.longest_seconds)
        return pause * (0.9 + 0.2 * self._random.random())


def tables_read(rules: IntegrationMap, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """The tables that a map needs: those of its rules, and those that lookups name."""
    needed = {each.table for each in rules.events}
    needed |= {each.for_each.partition(".")[0] for each in rules.events if each.for_each}
    for name in tuple(needed):
        needed |= {target for column in tables[name].columns for target in column.targets}
    return tuple(name for name in tables if name in needed)


def _name_of(rule: EventRule, number: int) -> str:
    """Name a rule, so that it is found again after the map has changed."""
    return f"{rule.type} of {rule.table} {number}"


def _batches(events: list[WaitingEvent], most: int) -> Iterator[list[WaitingEvent]]:
    """Put events of one cause together: a bulk change goes in few deliveries."""
    by_cause: dict[str, list[WaitingEvent]] = {}
    for each in events:
        by_cause.setdefault(each.correlation_id, []).append(each)
    for same in by_cause.values():
        for begin in range(0, len(same), most):
            yield same[begin : begin + most]
