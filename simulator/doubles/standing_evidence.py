"""What happens at the doubles, as evidence that the judge reads: one line a record, as it happens.

Links and codes are struck out. A record of a request names method, path and status, never a header
or a body. Each start of the doubles is a process of its own in the file.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from simulator.doubles.front import Fault, Request
from simulator.errors import BadInput, SuiteError
from simulator.evidence.files import Line
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    GatewayCameBack,
    GatewayWentDown,
    MessageReached,
    MessageRefused,
    PersonKnown,
    ReceiptSent,
    Record,
    RequestAnswered,
    Stamped,
    TaskRaised,
    TextReceived,
)
from simulator.inputs.target import Patterns
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.gateway.inbox import Accepted, RefusedRequest
from simulator.world.message_secrets import MessageSecrets


class StandingEvidence:
    """Writes evidence into a file, if there is one; threads may share it."""

    def __init__(self, path: Path | None, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._sequence = 0
        self._process = f"neighbours {now().isoformat()}"
        self._encoder = msgspec.json.Encoder()
        self._secrets = MessageSecrets(Patterns())
        self._holders: defaultdict[str, int] = defaultdict(int)
        self._file = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise BadInput(
                f"{path}: cannot be opened: {error.strerror}; give another file"
            ) from None
        self._file = os.fdopen(descriptor, "ab")

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def note(self, record: Record) -> None:
        """Write one record; raises SuiteError if the disk does not take it."""
        if self._file is None:
            return
        with self._lock:
            line = Line(
                process=self._process, sequence=self._sequence, wall=self._now(), record=record
            )
            self._sequence += 1
            try:
                self._file.write(self._encoder.encode(line) + b"\n")
                self._file.flush()
            except OSError as error:
                raise SuiteError(
                    f"{self._file.name}: could not be written: {error.strerror}; free some space"
                ) from None

    def meet(self, person: PersonKnown, *, is_new: bool = True) -> None:
        """Know who truly holds a number and a mailbox."""
        for address in filter(None, (person.mobile_phone, person.email)):
            self._holders[address.lower()] += 1
        if is_new:
            self.note(person)

    def accepted(self, message: Accepted) -> None:
        """The gateway took a message; it reaches those who hold the address."""
        self.note(self._secrets.as_evidence(message))
        holders = self._holders[message.to.lower()] if message.key_kind != "test" else 0
        self.note(
            MessageReached(at=message.accepted_at, message_id=message.message_id, holders=holders)
        )

    def refused(self, message: RefusedRequest) -> None:
        """The gateway refused a message."""
        self.note(
            MessageRefused(
                at=message.refused_at,
                to=message.to,
                channel=message.channel,
                status=message.status,
                reason=message.reason,
            )
        )

    def receipt_sent(self, message_id: str, status: Any) -> None:
        """The gateway tells the portal what became of a message."""
        self.note(ReceiptSent(at=self._now(), message_id=message_id, status=status))

    def text_received(self, message_id: str, number: str, words: str) -> None:
        """A person texted back."""
        self.note(TextReceived(at=self._now(), message_id=message_id, number=number, words=words))

    def delivered(self, event_id: str, status: int, correlation_id: str) -> None:
        """An event was handed to the portal."""
        self.note(
            EventDelivered(
                at=self._now(), event_id=event_id, status=status, correlation_id=correlation_id
            )
        )

    def answered(self, request: Request) -> None:
        """A double answered a request."""
        self.note(
            RequestAnswered(
                at=request.at,
                double=request.double,
                method=request.method,
                path=request.path,
                status=request.status,
                took_ms=request.took_ms,
                correlation_id=request.correlation_id,
            )
        )

    def faults_set(self, name: str, before: Fault, after: Fault) -> None:
        """A double went down, or came back."""
        if before.is_down == after.is_down:
            return
        at = self._now()
        if name == "gateway":
            self.note(GatewayWentDown(at=at) if after.is_down else GatewayCameBack(at=at))
        else:
            self.note(CrimeSystemWentDown(at=at) if after.is_down else CrimeSystemCameBack(at=at))

    def watch(self, rows: Rows) -> None:
        """Note what a portal files in the force's records, through whatever integration."""

        def filed(change: Change) -> None:
            if change.name == "Create" and change.after and change.after.get("csp_key"):
                record = _filed(rows, change, self._now())
                if record is not None:
                    self.note(record)

        rows.listeners.append(filed)


def _filed(rows: Rows, change: Change, at: datetime) -> Record | None:
    """The evidence of a note or a task with a key: only a portal files one."""
    row: dict[str, Any] = dict(change.after or {})
    crime = _crime(rows, row.get("objectid") or row.get("regardingobjectid"))
    if change.table == "annotation":
        return Stamped(
            at=at,
            key=row["csp_key"],
            crime_reference=crime.get("ticketnumber") or "",
            person_id=row.get("subject") or "",
            text=row.get("notetext") or "",
            correlation_id=change.cause,
        )
    if change.table != "task":
        return None
    raised = {
        "kind": "TaskRaised",
        "at": at,
        "key": row["csp_key"],
        "crime_reference": crime.get("ticketnumber") or "",
        "task_kind": row.get("csp_kind"),
        "person_id": "",
        "reason": row.get("description") or "",
        "assignee": _assignee(rows, crime),
        "due_at": row.get("scheduledend"),
        "correlation_id": change.cause,
    }
    try:
        return msgspec.convert(raised, TaskRaised)
    except msgspec.ValidationError:
        # A task of the force's own kind: no portal of the contract raised it.
        return None


def _crime(rows: Rows, row_id: Any) -> dict[str, Any]:
    table = TABLES["incident"]
    is_there = isinstance(row_id, str) and rows.has(table, row_id)
    return dict(rows.get(table, str(row_id))) if is_there else {}


def _assignee(rows: Rows, crime: dict[str, Any]) -> str:
    table, owner = TABLES["systemuser"], crime.get("ownerid")
    if isinstance(owner, str) and rows.has(table, owner):
        return str(rows.get(table, owner).get("employeeid") or "")
    return str(crime.get("csp_team") or "")
