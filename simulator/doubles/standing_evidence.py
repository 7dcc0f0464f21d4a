"""What happens at the doubles, as evidence that the judge reads: one line a record, as it happens.

Links and codes are struck out: those that the patterns of a target file know, and those of any
other form. A record of a request names method, path and status, never a header or a body. Each
start of the doubles is a process of its own in the file.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from simulator.doubles.front import Fault, Request
from simulator.doubles.struck_words import StruckWords
from simulator.errors import BadInput, SuiteError
from simulator.evidence.files import Line
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    GatewayCameBack,
    GatewayWentDown,
    MessageReached,
    MessageRefused,
    PersonKnown,
    ReceiptSent,
    Record,
    RequestAnswered,
    TextReceived,
)
from simulator.inputs.target import Patterns
from simulator.neighbours.gateway.inbox import Accepted, RefusedRequest

#: What the judge hears when a double goes down, and when it comes back.
_MESSAGES = (GatewayWentDown, GatewayCameBack)
_RECORDS = (CrimeSystemWentDown, CrimeSystemCameBack)
_OUTAGES: dict[str, Any] = {
    "gateway": _MESSAGES,
    "mail": _MESSAGES,
    "marketing_cloud": _MESSAGES,
    "crime_system": _RECORDS,
    "dynamics": _RECORDS,
    "force_api": _RECORDS,
}


class StandingEvidence:
    """Writes evidence into a file, if there is one; threads may share it."""

    def __init__(
        self, path: Path | None, now: Callable[[], datetime], patterns: Patterns | None = None
    ) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._sequence = 0
        self._process = f"neighbours {now().isoformat()}"
        self._encoder = msgspec.json.Encoder()
        self._secrets = StruckWords(patterns or Patterns())
        #: Gives the recorded event that a message's reference stands for.
        self.named: Callable[[str], str] = lambda reference: reference
        self._holders: defaultdict[str, int] = defaultdict(int)
        self._down: set[str] = set()
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
        if isinstance(record, EventRecorded):
            self._secrets.know(record.crime_reference)
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
        said = self._secrets.as_evidence(message)
        self.note(structs.replace(said, reference=self.named(said.reference)))
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

    def delivered(self, event_id: str, status: int, correlation_id: str, at: datetime) -> None:
        """An event was handed to the portal, at that time: it may act before it answers."""
        self.note(
            EventDelivered(at=at, event_id=event_id, status=status, correlation_id=correlation_id)
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
        went, came = _OUTAGES.get(name, (None, None))
        # Of two that are down, the second to come back ends the outage.
        others = {each for each in self._down if _OUTAGES.get(each) == (went, came)} - {name}
        self._down = self._down | {name} if after.is_down else self._down - {name}
        kind = went if after.is_down else came
        if kind is not None and not others:
            self.note(kind(at=self._now()))
