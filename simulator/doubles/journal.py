"""What the doubles know, as a file of lines: read at the next start, so that nothing is lost.

Every change is one JSON line, written before the double answers. A line that was cut short at the
end, by a kill, is left out; any other line that cannot be read is an error that names it. The first
line says what the file is: any other file is refused, and left as it was.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.messages import ReceivedText, Stamp, Task
from simulator.doubles.unsaid import UnsaidEvent
from simulator.errors import BadInput, SuiteError
from simulator.evidence.records import PersonKnown
from simulator.neighbours.dataverse.tables import Value
from simulator.neighbours.force_api.subscriptions import Subscription
from simulator.neighbours.gateway.inbox import Accepted, Letter, Status
from simulator.neighbours.marketing_cloud.business_unit import Kept as KeptByUnit
from simulator.neighbours.salesforce import objects

#: The first line of a journal. One of an earlier version begins with its first change.
_FIRST_LINE = b'{"file":"portal-suite neighbours --state","form":1}\n'


class _Entry(Struct, frozen=True, kw_only=True, tag_field="entry", tag=True):
    """One change, and when it happened."""

    at: datetime


class MessageKept(_Entry, frozen=True, kw_only=True, tag=True):
    """The gateway took a text or an email."""

    message: Accepted


class LetterKept(_Entry, frozen=True, kw_only=True, tag=True):
    """The gateway took a letter."""

    letter: Letter


class StatusSet(_Entry, frozen=True, kw_only=True, tag=True):
    """A message has another status."""

    message_id: str
    status: Status


class TextKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A person sent a text back."""

    text: ReceivedText


class EventKept(_Entry, frozen=True, kw_only=True, tag=True):
    """The crime system recorded something. In journals of before it is in no row (`is_in_rows`)."""

    event_type: str
    data: msgspec.Raw
    is_in_rows: bool = False


class CorrectionKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A record says something else by now of an event that was made of it before."""

    event_type: str
    data: msgspec.Raw


class CrimeGone(_Entry, frozen=True, kw_only=True, tag=True):
    """The record of a crime was deleted."""

    crime_reference: str


class EventTaken(_Entry, frozen=True, kw_only=True, tag=True):
    """The portal took an event; an integration delivered it by an id of its own, `as_id`."""

    event_id: str
    as_id: str = ""


class StampKept(_Entry, frozen=True, kw_only=True, tag=True):
    """The portal wrote into an occurrence's enquiry log."""

    crime_reference: str
    stamp: Stamp
    is_in_rows: bool = False


class TaskKept(_Entry, frozen=True, kw_only=True, tag=True):
    """The portal raised a task."""

    task: Task
    is_in_rows: bool = False


class RowKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A row of Dynamics is another; None if it is gone. `version` is that of the change."""

    table: str
    row_id: str
    version: int
    row: dict[str, Value] | None
    made_at: str = ""
    cause: str = ""


class RecordKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A record of Salesforce is another; one that was deleted says so itself."""

    sobject: str
    record: dict[str, objects.Value]


class SubscriptionKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A subscription to the force's own API is another; None if it ended."""

    subscription_id: str
    subscription: Subscription | None


class UnitKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A definition, callback or subscription at Marketing Cloud is another, or gone."""

    kept: KeptByUnit


class PersonKept(_Entry, frozen=True, kw_only=True, tag=True):
    """A person who truly holds a number or a mailbox."""

    person: PersonKnown


class UnsaidKept(_Entry, frozen=True, kw_only=True, tag=True):
    """What a record says, and no event can tell yet; without `needs` that has ended."""

    unsaid: UnsaidEvent


Entry: TypeAlias = (
    MessageKept
    | LetterKept
    | StatusSet
    | TextKept
    | EventKept
    | CorrectionKept
    | CrimeGone
    | EventTaken
    | StampKept
    | TaskKept
    | RowKept
    | RecordKept
    | SubscriptionKept
    | UnitKept
    | PersonKept
    | UnsaidKept
)


class Journal:
    """Appends changes to a file, if there is one."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file = file
        self._encoder = msgspec.json.Encoder()

    def begin(self) -> None:
        """Write the first line of a new file; raises SuiteError if the disk does not take it."""
        self._write(_FIRST_LINE)

    def write(self, entry: Entry) -> None:
        """Write one change; raises SuiteError if the disk does not take it."""
        if self._file is not None:
            self._write(self._encoder.encode(entry) + b"\n")

    def _write(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            raise SuiteError(
                f"{self._file.name}: could not be written: {error.strerror}; free some space, or "
                "give another file"
            ) from None

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def open_journal(path: Path | None) -> tuple[Journal, list[Entry]]:
    """Open a journal to be continued, and give what it holds; raises BadInput.

    Its owner alone can read it: it holds what victims were sent.
    """
    if path is None:
        return Journal(), []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        raise BadInput(f"{path}: cannot be opened: {error.strerror}; give another file") from None
    file = os.fdopen(descriptor, "r+b")
    raw = file.read()
    whole, _, cut = raw.rpartition(b"\n")
    try:
        if raw:
            _check_is_journal(path, whole + b"\n")
        entries = list(_entries(path, whole))
    except BadInput:
        file.close()
        raise
    if cut:
        file.truncate(len(raw) - len(cut))
    file.seek(0, os.SEEK_END)
    journal = Journal(file)
    if not raw:
        journal.begin()
    return journal, entries


def _check_is_journal(path: Path, whole: bytes) -> None:
    """Raise BadInput unless the first line is a journal's."""
    first, _, _ = whole.partition(b"\n")
    if first + b"\n" == _FIRST_LINE:
        return
    try:
        msgspec.json.decode(first, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput(
            f"{path}: it holds something else than what `neighbours --state` keeps, and was "
            "left as it is; give another file, or a new one"
        ) from None


def _entries(path: Path, raw: bytes) -> Iterator[Entry]:
    decoder = msgspec.json.Decoder(Entry)
    lines = raw.splitlines()
    begins = int(raw.startswith(_FIRST_LINE.rstrip()))
    for number, line in enumerate(lines[begins:], start=1 + begins):
        try:
            yield decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput(
                f"{path}:{number}: not a line of this journal: {error}; give another file, or "
                "delete the line"
            ) from None
