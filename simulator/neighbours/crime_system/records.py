"""Stage 4, the force's crime system: occurrences, the enquiry log, tasks, and what they cause.

Officers act here through the world; the portal stamps and raises tasks here. Every fact becomes a
CloudEvent, with a `sequence` for each crime, for integration to deliver. Internal notes do not.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeAllocated,
    CrimeMerged,
    CrimeUnmerged,
    Officer,
    OfficerUnavailable,
)
from reference.contract.messages import Stamp, Task
from simulator.evidence.records import (
    ChangesSeenAsOne,
    EventRecorded,
    EvidenceLog,
    How,
    InternalNoteWritten,
    Stamped,
    TaskRaised,
)
from simulator.neighbours.crime_system.changes import Changes, Page
from simulator.neighbours.crime_system.occurrence import Filed, LogEntry, Occurrence
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.turns import Turns


@dataclass
class _Open:
    """One occurrence and its present state."""

    officer_in_charge: Officer | None = None
    team: str = ""
    into: str = ""
    away: dict[str, datetime | None] = field(default_factory=dict)
    log: list[LogEntry] = field(default_factory=list)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    def learn(self, event: AnyEvent) -> None:
        """Update who is in charge, and which occurrence it was merged into."""
        match event:
            case CrimeAllocated():
                self.officer_in_charge = event.officer_in_charge
                self.team = event.team
            case OfficerUnavailable():
                is_away = event.why == "away"
                self.away[event.officer.collar_number] = event.until if is_away else None
            case CrimeMerged():
                self.into = event.into
            case CrimeUnmerged():
                self.into = ""

    def assignee(self, task: Task, now: datetime) -> str:
        """Find who gets a task: the person named, the officer in charge if present, or the team."""
        if task.for_officer or task.for_team:
            return task.for_officer or task.for_team
        officer = self.officer_in_charge
        return officer.collar_number if officer and self._is_there(officer, now) else self.team

    def _is_there(self, officer: Officer, now: datetime) -> bool:
        if officer.collar_number not in self.away:
            return True
        until = self.away[officer.collar_number]
        return until is not None and until <= now


class CrimeSystem(Turns):
    """The force's records. `source` names them in events; ids count up, so runs repeat.

    Each turn of a crime has a method (`turns`); `record` records any event.
    """

    def __init__(self, *, now: Callable[[], datetime], evidence: EvidenceLog, source: str) -> None:
        super().__init__(now=now)
        self._evidence = evidence
        self._source = source
        self._count = 0
        self._sequences: Counter[str] = Counter()
        self._occurrences: dict[str, _Open] = {}
        self._tasks: dict[str, Task] = {}
        self.outgoing: deque[Outgoing] = deque()
        self.changes = Changes(self._seen_as_one)
        self.tasks_arrived: deque[Task] = deque()
        #: Checks a fact before it is recorded; may raise.
        self.before_record: Callable[[AnyEvent], None] = lambda _event: None

    def know_again(self, crime_references: Iterable[str]) -> None:
        """Know crimes that are recorded elsewhere, about which a portal stamps and raises tasks."""
        for each in crime_references:
            self._occurrences.setdefault(each, _Open())

    def put_in_charge(self, crime_reference: str, officer: Officer | None, team: str) -> None:
        """Know who is in charge of a crime that is recorded elsewhere."""
        if occurrence := self._occurrences.get(crime_reference):
            occurrence.officer_in_charge, occurrence.team = officer, team

    def record(
        self, event: AnyEvent, *, happened_at: datetime | None = None, elsewhere: bool = False
    ) -> str:
        """Record a fact; return what the evidence calls its event.

        What is recorded `elsewhere` comes from another source, under the id of the next event here:
        an id is unique only within its source.
        """
        self.before_record(event)
        source = f"{self._source}.2" if elsewhere else self._source
        self._count += 1
        id = event_id = f"{self._source}-{self._count:07d}"
        if elsewhere:
            self._count -= 1
            event_id = f"{id} of {source}"
        now = self._now()
        self._occurrences.setdefault(event.crime_reference, _Open()).learn(event)
        self._sequences[event.crime_reference] += 1
        data = msgspec.Raw(msgspec.json.encode(event))
        self._evidence.append(
            EventRecorded(
                at=now,
                event_id=event_id,
                event_type=type(event).__name__,
                crime_reference=event.crime_reference,
                happened_at=happened_at or now,
                data=data,
            )
        )
        self.outgoing.append(Outgoing(event_id, self._body(id, source, event)))
        return event_id

    def say_as_another(self, event: AnyEvent) -> Outgoing:
        """Send an event that does not come from the force's records."""
        self._count += 1
        event_id = f"{self._source}-{self._count:07d}"
        return Outgoing(event_id, self._body(event_id, self._source, event))

    def _body(self, id: str, source: str, event: AnyEvent) -> bytes:
        envelope = CloudEvent(
            specversion="1.0",
            id=id,
            source=source,
            type=type(event).__name__,
            subject=event.crime_reference,
            sequence=f"{self._sequences[event.crime_reference]:07d}",
            time=self._now(),
            data=msgspec.Raw(msgspec.json.encode(event)),
        )
        return msgspec.json.encode(envelope)

    def write_note(self, crime_reference: str, text: str, *, author: str) -> None:
        """Write an internal note into the enquiry log."""
        entry = LogEntry(at=self._now(), author=author, text=text, internal=True)
        self._occurrences[crime_reference].log.append(entry)
        self._evidence.append(
            InternalNoteWritten(at=self._now(), crime_reference=crime_reference, text=text)
        )

    def stamp(
        self,
        crime_reference: str,
        stamp: Stamp,
        *,
        how: How = "intercepted",
        correlation_id: str = "",
    ) -> Filed:
        """File a victim's words, once per key; for a merged occurrence, in the one it joined."""
        occurrence = self._current(crime_reference)
        if occurrence is None:
            return Filed.no_occurrence
        known = occurrence.stamps.get(stamp.key)
        if known is not None:
            same = (known.text, known.person_id) == (stamp.text, stamp.person_id)
            return Filed.known if same else Filed.different
        occurrence.stamps[stamp.key] = stamp
        entry = LogEntry(at=self._now(), author=stamp.person_id, text=stamp.text, internal=False)
        occurrence.log.append(entry)
        self._evidence.append(
            Stamped(
                at=self._now(),
                key=stamp.key,
                crime_reference=crime_reference,
                person_id=stamp.person_id,
                text=stamp.text,
                written_at=stamp.written_at,
                how=how,
                correlation_id=correlation_id,
            )
        )
        return Filed.created

    def raise_task(
        self, task: Task, *, how: How = "intercepted", correlation_id: str = ""
    ) -> Filed:
        """File a task for the person named, the officer in charge, or the team."""
        occurrence = self._current(task.crime_reference)
        if occurrence is None:
            return Filed.no_occurrence
        known = self._tasks.get(task.key)
        if known is not None:
            return Filed.known if known == task else Filed.different
        self._tasks[task.key] = task
        self._evidence.append(
            TaskRaised(
                at=self._now(),
                key=task.key,
                crime_reference=task.crime_reference,
                task_kind=task.kind,
                person_id=task.person_id,
                reason=task.reason,
                assignee=occurrence.assignee(task, self._now()),
                due_at=task.due_at,
                how=how,
                correlation_id=correlation_id,
            )
        )
        self.tasks_arrived.append(task)
        return Filed.created

    def occurrence(self, crime_reference: str) -> Occurrence | None:
        """Show an occurrence with its whole enquiry log, as a service account sees it.

        A merged one is shown as the one that it joined.
        """
        found = self._current(crime_reference)
        if found is None:
            return None
        return Occurrence(
            crime_reference=crime_reference,
            officer_in_charge=found.officer_in_charge,
            team=found.team,
            enquiry_log=tuple(found.log),
        )

    def changes_since(self, cursor: str) -> Page:
        """Return the changes after a cursor, for a portal that asks."""
        return self.changes.since(cursor)

    def words_of(self, crime_reference: str, key: str) -> str:
        """Read what a victim wrote, as the officer does ("" if it was never stamped)."""
        occurrence = self._current(crime_reference)
        stamp = occurrence.stamps.get(key) if occurrence else None
        return stamp.text if stamp else ""

    def _seen_as_one(self, event_id: str, seen_as: str) -> None:
        self._evidence.append(ChangesSeenAsOne(at=self._now(), event_id=event_id, seen_as=seen_as))

    def _current(self, crime_reference: str) -> _Open | None:
        """Find an occurrence, or the one that it was finally merged into."""
        seen = set()
        found = self._occurrences.get(crime_reference)
        while found is not None and found.into in self._occurrences and found.into not in seen:
            seen.add(found.into)
            found = self._occurrences[found.into]
        return found
