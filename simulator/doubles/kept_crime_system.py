"""The force's records with their journal: one set of rows behind every face, and their events.

What a tester records is written into the rows. What is changed through Dynamics or the force's own
API makes the events that it means. What a portal files, by the contract or through an integration,
is a note or a task in the rows. Each is evidence, and each event waits until the portal has it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, get_args

import msgspec
from msgspec import structs

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CrimeCancelled,
    CrimeRecorded,
    Officer,
)
from reference.contract.messages import Stamp, Task, TaskKind
from simulator.doubles.compared_events import about
from simulator.doubles.event_rows import write_event
from simulator.doubles.journal import (
    CorrectionKept,
    CrimeGone,
    Entry,
    EventKept,
    EventTaken,
    Journal,
    StampKept,
    TaskKept,
    UnsaidKept,
)
from simulator.doubles.matched_deliveries import EarlierEvent
from simulator.doubles.named_by import NamedBy
from simulator.doubles.people_named import PeopleNamed
from simulator.doubles.row_events import RowEvents
from simulator.doubles.unsaid import UnsaidEvent
from simulator.evidence.records import EvidenceLog, Record, RecordIncomplete
from simulator.neighbours.crime_system.changes import Page
from simulator.neighbours.crime_system.occurrence import Filed, LogEntry, Occurrence
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.dataverse.rows import Change, Row, Rows
from simulator.neighbours.dataverse.tables import TABLES

SOURCE = "doubles"
_NOTE, _TASK, _CRIME = TABLES["annotation"], TABLES["task"], TABLES["incident"]
_OFFICER = TABLES["systemuser"]
_FROM_VICTIM = 3


class HeardEvidence(EvidenceLog):
    """Passes each record on, and keeps none: the doubles may run for weeks."""

    def __init__(self) -> None:
        super().__init__()
        self.hear: Callable[[Record], None] = lambda _record: None

    def append(self, record: Record) -> None:
        """Pass one record on."""
        self.hear(record)


class KeptCrimeSystem:
    """The crime system of the contract, over the rows that every other face has too.

    `untaken` are the events that the portal has not taken yet.
    """

    def __init__(self, now: Callable[[], datetime], journal: Journal, rows: Rows) -> None:
        self._now = now
        self._at: datetime | None = None
        self._journal = journal
        self._rows = rows
        self._row_events = RowEvents(rows)
        #: Who is named in which crime.
        self.people = PeopleNamed()
        self._notes = NamedBy(rows, "annotation", "objectid")
        self._is_ours = False
        self._taken: set[str] = set()
        self.evidence = HeardEvidence()
        self.records = CrimeSystem(now=self._moment, evidence=self.evidence, source=SOURCE)
        self.tasks: list[Task] = []
        self.untaken: deque[Outgoing] = deque()
        #: What an earlier run recorded, and which of it an integration delivered by which id.
        self._restored: dict[str, EarlierEvent] = {}
        self.delivered_as: dict[str, str] = {}
        #: When the record of a crime was deleted in an earlier run.
        self.deleted: dict[str, datetime] = {}
        #: Told of each event that is recorded, with its id.
        self.on_recorded: Callable[[str, AnyEvent], None] = lambda _id, _event: None
        #: Told of each crime whose record was deleted.
        self.on_deleted: Callable[[str], None] = lambda _reference: None
        self._row_events.unsaid.on_change = self._incomplete
        rows.listeners.append(self._changed)

    def record(self, event: AnyEvent) -> str:
        """Record a fact; return the id of its event, which then waits for the portal."""
        with self._ours():
            write_event(self._rows, self._row_events.links, event)
            event_id = self._keep(event)
            if isinstance(event, CrimeRecorded):
                self._complete(event.crime_reference)
            return event_id

    def knows(self, crime_reference: str) -> bool:
        """Say whether a crime was recorded, or an incident reported."""
        return self._row_events.knows(crime_reference)

    @property
    def unsaid(self) -> list[UnsaidEvent]:
        """What the records say, and no event can tell yet."""
        with self._rows.lock:
            return self._row_events.unsaid.all()

    def earlier(self) -> list[EarlierEvent]:
        """List what an earlier run recorded, and when; whether the portal had it by its end."""
        return [
            structs.replace(each, is_taken=each.event_id in self._taken)
            for each in self._restored.values()
        ]

    @property
    def waiting(self) -> list[str]:
        """List the events that the portal has not taken: one that is lost keeps no later one."""
        return [each.event_id for each in self.untaken if each.event_id not in self._taken]

    def note_unsaid(self) -> None:
        """Have the evidence say again what no event can tell: it may be a new file."""
        for each in self.unsaid:
            self.evidence.append(_as_evidence(each, self._now()))

    def taken(self, event_id: str, as_id: str = "") -> None:
        """Note that the portal has taken an event, from an integration by its own id."""
        self._journal.write(EventTaken(at=self._now(), event_id=event_id, as_id=as_id))
        self._take(event_id)

    def stamp(self, crime_reference: str, stamp: Stamp, *, correlation_id: str = "") -> Filed:
        """Write a victim's words into an occurrence's enquiry log, once per key."""
        with self._ours(correlation_id):
            filed = self.records.stamp(crime_reference, stamp, correlation_id=correlation_id)
            if filed is Filed.created:
                self._journal.write(
                    StampKept(
                        at=self._now(),
                        crime_reference=crime_reference,
                        stamp=stamp,
                        is_in_rows=True,
                    )
                )
                self._write_note(crime_reference, stamp)
            return filed

    def raise_task(self, task: Task, *, correlation_id: str = "") -> Filed:
        """Give a task to the officer in charge or the team, once per key."""
        with self._ours(correlation_id):
            self._see_who_is_in_charge(task.crime_reference)
            filed = self.records.raise_task(task, correlation_id=correlation_id)
            if filed is Filed.created:
                self._journal.write(TaskKept(at=self._now(), task=task, is_in_rows=True))
                self.tasks.append(task)
                self._write_task(task)
            return filed

    def occurrence(self, crime_reference: str) -> Occurrence | None:
        """Show an occurrence with its whole enquiry log, by all who wrote in it."""
        with self._rows.lock:
            self._see_who_is_in_charge(crime_reference)
            found = self.records.occurrence(crime_reference)
            if found is None:
                return None
            notes = self._notes.of(self._crime_id(crime_reference))
            log = tuple(_log_entry(each) for each in notes)
        return structs.replace(found, enquiry_log=log, crime_reference=crime_reference)

    def changes_since(self, cursor: str) -> Page:
        """Return the changes after a cursor, for a portal that asks."""
        return self.records.changes_since(cursor)

    def tell_corrections(self, to: Callable[[AnyEvent], None]) -> None:
        """Say what a record says by now of an event that was made of it before."""

        def corrected(event: AnyEvent) -> None:
            self._journal.write(CorrectionKept(at=self._now(), **_told(event)))
            to(event)

        self._row_events.on_corrected = corrected

    def withdraw(self, crime_reference: str) -> str:
        """Record that a crime was withdrawn; return the id of its event."""
        now = self._now()
        with self._rows.lock:
            return self._keep(CrimeCancelled(crime_reference=crime_reference, cancelled_at=now))

    def is_fetched(self, delivered: Callable[[str], None]) -> None:
        """Take what a portal reads in the feed as delivered: nothing else brings it any."""

        def read(event_ids: Sequence[str]) -> None:
            for each in event_ids:
                if each not in self._taken:
                    delivered(each)
                    self.taken(each)

        self.records.changes.on_read = read

    def restore(self, entry: Entry) -> None:
        """Take one change out of the journal again."""
        self._at = entry.at
        match entry:
            case EventKept():
                event = _event_of(entry)
                event_id = self._record(event)
                self._restored[event_id] = EarlierEvent(
                    event_id=event_id, event=event, at=entry.at, is_taken=False
                )
            case CorrectionKept():
                self._restore_correction(_event_of(entry))
            case CrimeGone():
                self.deleted[entry.crime_reference] = entry.at
            case EventTaken():
                self._take(entry.event_id)
                if entry.as_id:
                    self.delivered_as[entry.as_id] = entry.event_id
            case StampKept():
                self.records.stamp(entry.crime_reference, entry.stamp)
            case TaskKept():
                self.records.raise_task(entry.task)
                self.tasks.append(entry.task)
            case UnsaidKept():
                self._row_events.unsaid.restore(entry.unsaid)
            case _:
                pass
        self._at = None

    def _restore_correction(self, said: AnyEvent) -> None:
        """Know again what a record said of the last event of its kind that was made of it."""
        key, earlier = about(said), reversed(self._restored.values())
        if known := next((each for each in earlier if about(each.event) == key), None):
            more = structs.replace(known, corrected=(*known.corrected, said))
            self._restored[known.event_id] = more

    def join(self, entries: list[Entry]) -> None:
        """Bring what was restored together, after the rows were.

        A journal of an earlier version has events, stamps and tasks that are in no row.
        """
        for each in (self._notes, self._row_events.links):
            each.rebuild()
        with self._ours():
            # Each start but the first finds there what the first wrote.
            known = {each.get("ticketnumber") for each in self._rows.all(_CRIME)}
            for entry in entries:
                match entry:
                    case EventKept(is_in_rows=False):
                        event = _event_of(entry)
                        if event.crime_reference not in known:
                            write_event(self._rows, self._row_events.links, event)
                    case StampKept(is_in_rows=False):
                        self._write_note(entry.crime_reference, entry.stamp)
                    case TaskKept(is_in_rows=False):
                        self._write_task(entry.task)
            for table in (_CRIME, _NOTE, _TASK):
                for row in list(self._rows.all(table)):
                    self._filed(table.name, row, "")

    @contextmanager
    def _ours(self, correlation_id: str = "") -> Iterator[None]:
        """Change the rows without making events of it: the event is known."""
        with self._rows.caused_by(correlation_id):
            self._is_ours = True
            try:
                yield
            finally:
                self._is_ours = False

    def _changed(self, change: Change) -> None:
        """Hear of a change that came by another face."""
        if self._is_ours:
            return
        if change.after is not None and (change.name == "Create" or change.table == "incident"):
            self._filed(change.table, dict(change.after), change.cause)
        for event in self._row_events.of(change):
            self._keep(event)
        if change.table == _CRIME.name and change.after is None and change.before is not None:
            reference = str(change.before.get("ticketnumber") or "")
            self._journal.write(CrimeGone(at=self._now(), crime_reference=reference))
            self.on_deleted(reference)

    def _see_who_is_in_charge(self, crime_reference: str) -> None:
        """Take from the row who is in charge, where no event could tell it."""
        crime_id = self._crime_id(crime_reference)
        if not crime_id:
            return
        row = self._rows.get(_CRIME, crime_id)
        owner = str(row.get("ownerid") or "")
        team = str(row.get("csp_team") or "")
        if owner and self._rows.has(_OFFICER, owner):
            named = self._rows.get(_OFFICER, owner)
            officer = Officer(
                name=str(named.get("fullname") or ""),
                collar_number=str(named.get("employeeid") or ""),
            )
            self.records.put_in_charge(str(row["ticketnumber"]), officer, team)
        elif not self._row_events.knows(str(row["ticketnumber"])):
            self.records.put_in_charge(str(row["ticketnumber"]), None, team)

    def _complete(self, crime_reference: str) -> None:
        """Tell what else a case says that was not whole until a tester recorded it."""
        crime_id = self._rows.id_by_key(_CRIME, {"ticketnumber": crime_reference})
        if CrimeRecorded.__name__ in self._row_events.unsaid.kinds_of(_CRIME.name, crime_id):
            for each in self._row_events.recorded_by_a_tester(crime_id, crime_reference):
                self._keep(each)

    def _incomplete(self, unsaid: UnsaidEvent) -> None:
        at = self._now()
        self._journal.write(UnsaidKept(at=at, unsaid=unsaid))
        self.evidence.append(_as_evidence(unsaid, at))

    def _filed(self, table: str, row: Row, cause: str) -> None:
        """Know a crime again, and what a portal filed: only a portal gives a key."""
        if table == _CRIME.name and row.get("ticketnumber"):
            self.records.know_again([str(row["ticketnumber"])])
        elif table == _NOTE.name and row.get("csp_key"):
            if reference := self._reference(row.get("objectid")):
                self.records.stamp(reference, self._stamp_of(row), correlation_id=cause)
        elif table == _TASK.name and row.get("csp_key"):
            task = self._task_of(row)
            if task is not None and (
                self.records.raise_task(task, correlation_id=cause) is Filed.created
            ):
                self.tasks.append(task)

    def _keep(self, event: AnyEvent) -> str:
        self._journal.write(EventKept(at=self._now(), is_in_rows=True, **_told(event)))
        return self._record(event)

    def _record(self, event: AnyEvent) -> str:
        self._row_events.learn(event)
        self.people.learn(event)
        event_id = self.records.record(event)
        outgoing = self.records.outgoing.popleft()
        self.records.changes.publish([outgoing])
        self.untaken.append(outgoing)
        self.on_recorded(event_id, event)
        return event_id

    def _take(self, event_id: str) -> None:
        self._taken.add(event_id)
        while self.untaken and self.untaken[0].event_id in self._taken:
            self.untaken.popleft()

    def _moment(self) -> datetime:
        return self._at or self._now()

    def _write_note(self, crime_reference: str, stamp: Stamp) -> None:
        if self._rows.id_by_key(_NOTE, {"csp_key": stamp.key}):
            return
        values = {
            "subject": stamp.person_id,
            "notetext": stamp.text,
            "csp_entrytype": _FROM_VICTIM,
            "csp_writtenat": stamp.written_at.isoformat(),
            "csp_key": stamp.key,
            **self._about("objectid_incident", crime_reference),
        }
        self._rows.create(_NOTE, values)

    def _write_task(self, task: Task) -> None:
        if self._rows.id_by_key(_TASK, {"csp_key": task.key}):
            return
        values = {
            "subject": f"Victims' portal: {task.kind}",
            "description": task.reason,
            "csp_kind": task.kind,
            "csp_personid": task.person_id,
            "csp_assignedto": task.for_officer,
            "csp_team": task.for_team,
            "scheduledend": task.due_at.isoformat() if task.due_at else None,
            "csp_key": task.key,
            **self._about("regardingobjectid_incident", task.crime_reference),
        }
        self._rows.create(_TASK, values)

    def _about(self, lookup: str, crime_reference: str) -> dict[str, str]:
        """Name the row of a crime; one that was deleted is named by nothing any more."""
        crime_id = self._crime_id(crime_reference)
        return {f"{lookup}@odata.bind": f"/incidents({crime_id})"} if crime_id else {}

    def _crime_id(self, crime_reference: str) -> str:
        """Find a crime's row, or that of the one that it was finally merged into; "" for none."""
        found = self._rows.id_by_key(_CRIME, {"ticketnumber": crime_reference})
        seen: set[str] = set()
        while found and found not in seen:
            seen.add(found)
            into = self._rows.get(_CRIME, found).get("csp_mergedinto")
            found = str(into) if into and self._rows.has(_CRIME, str(into)) else found
        return found

    def _reference(self, crime_id: Any) -> str:
        is_there = isinstance(crime_id, str) and self._rows.has(_CRIME, crime_id)
        return str(self._rows.get(_CRIME, crime_id).get("ticketnumber") or "") if is_there else ""

    def _stamp_of(self, row: Mapping[str, Any]) -> Stamp:
        return Stamp(
            key=row["csp_key"],
            person_id=row.get("subject") or "",
            text=row.get("notetext") or "",
            written_at=_moment(row.get("csp_writtenat") or row["createdon"]),
        )

    def _task_of(self, row: Mapping[str, Any]) -> Task | None:
        """Read a task of the contract; None for one of the force's own kind, or of no crime."""
        kind: Any = row.get("csp_kind")
        reference = self._reference(row.get("regardingobjectid"))
        if kind not in get_args(TaskKind) or not reference:
            return None
        return Task(
            key=row["csp_key"],
            crime_reference=reference,
            kind=kind,
            person_id=row.get("csp_personid") or "",
            reason=row.get("description") or "",
            for_officer=row.get("csp_assignedto") or "",
            for_team=row.get("csp_team") or "",
            due_at=_moment(row["scheduledend"]) if row.get("scheduledend") else None,
        )


def _told(event: AnyEvent) -> dict[str, Any]:
    data = msgspec.Raw(msgspec.json.encode(event))
    return {"event_type": type(event).__name__, "data": data}


def _event_of(entry: EventKept | CorrectionKept) -> AnyEvent:
    return msgspec.json.decode(entry.data, type=EVENT_TYPES[entry.event_type])


def _as_evidence(unsaid: UnsaidEvent, at: datetime) -> RecordIncomplete:
    return RecordIncomplete(
        at=at,
        table=unsaid.table,
        record_id=unsaid.record_id,
        event_type=unsaid.event_type,
        crime_reference=unsaid.crime_reference,
        needs=unsaid.needs,
    )


def _log_entry(note: Mapping[str, Any]) -> LogEntry:
    return LogEntry(
        at=_moment(note["createdon"]),
        author=note.get("subject") or "",
        text=note.get("notetext") or "",
        internal=not note.get("csp_key"),
    )


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
