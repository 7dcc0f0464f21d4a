"""Reads a delivery of crime events: all of it is as agreed, or none of it is accepted.

The refusal names the event of the batch and the field.
"""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct, structs

from reference.contract.events import (
    BATCH_EVENTS_MAX,
    EVENT_BYTES_MAX,
    EVENT_TYPES,
    AnyEvent,
    CloudEvent,
    CrimeRecorded,
)
from reference.portal.errors import Problem
from reference.portal.web.requests import YEARS, decode

_AHEAD_MAX = timedelta(days=1)
# All else has happened by the time it is told: a closure of next year would stand for a year.
_PLANNED = frozenset({"data.starts_at", "data.until"})


class Reader:
    """Decodes one event or a batch; `forces` are those the portal serves."""

    def __init__(self, forces: Container[str]) -> None:
        self._forces = forces
        self._one = msgspec.json.Decoder(CloudEvent)
        self._batch = msgspec.json.Decoder(list[CloudEvent])
        self._data = {name: msgspec.json.Decoder(kind) for name, kind in EVENT_TYPES.items()}

    def read(self, body: bytes, now: datetime) -> list[tuple[CloudEvent, AnyEvent]]:
        """Read a body; raises Problem 400 naming the event and the field."""
        if body.lstrip()[:1] == b"[":
            batch = decode(body, self._batch)
        else:
            batch = [decode(body, self._one)]
        if not 1 <= len(batch) <= BATCH_EVENTS_MAX:
            raise Problem(400, "Not as agreed", detail=f"Send 1 to {BATCH_EVENTS_MAX} events.")
        return [(each, self._event(number, each, now)) for number, each in enumerate(batch)]

    def _event(self, number: int, envelope: CloudEvent, now: datetime) -> AnyEvent:
        decoder = self._data.get(envelope.type)
        if decoder is None:
            detail = f"Known types: {', '.join(self._data)}."
            raise Problem(400, "Unknown event", detail=detail, field=f"[{number}].type")
        data = memoryview(envelope.data)
        if data.nbytes > EVENT_BYTES_MAX:
            detail = f"At most {EVENT_BYTES_MAX} bytes an event."
            raise Problem(400, "Too large", detail=detail, field=f"[{number}].data")
        try:
            event = decoder.decode(envelope.data)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at `$")
            raise _not_agreed(number, "data" + where.rstrip("`"), what) from None
        self._check(number, envelope, event, now)
        return event

    def _check(self, number: int, envelope: CloudEvent, event: AnyEvent, now: datetime) -> None:
        """Refuse what the types cannot say: another force, years no calendar has, what is ahead."""
        # No database keeps a NUL as it is: a person with one in their id would become another.
        nul = _nul_in(envelope, "") or _nul_in(event, ".data")
        if nul:
            raise _not_agreed(number, nul.removeprefix("."), "has a NUL character; leave it out")
        said = {f"data.{name}": value for name, value in structs.asdict(event).items()}
        for field, value in ({"time": envelope.time} | said).items():
            if isinstance(value, datetime) and value.year not in YEARS:
                raise _not_agreed(number, field, f"the year is {value.year}")
            if isinstance(value, datetime) and field not in _PLANNED and value > now + _AHEAD_MAX:
                raise _not_agreed(number, field, "is more than a day ahead")
        if "\n" in event.crime_reference:
            raise _not_agreed(number, "data.crime_reference", "has a line end; leave it out")
        if isinstance(event, CrimeRecorded) and event.force not in self._forces:
            raise _not_agreed(number, "data.force", f"{event.force!r} is not served here")


def _nul_in(value: Any, where: str) -> str:
    """Name the first field with a NUL character in it, however deep ("" for none)."""
    if isinstance(value, str):
        return where if "\0" in value else ""
    parts: Iterable[tuple[str, Any]] = ()
    if isinstance(value, Struct):
        parts = ((f".{name}", each) for name, each in structs.asdict(value).items())
    elif isinstance(value, tuple):
        parts = ((f"[{at}]", each) for at, each in enumerate(value))
    return next(filter(None, (_nul_in(each, where + part) for part, each in parts)), "")


def _not_agreed(number: int, field: str, what: str) -> Problem:
    return Problem(400, "Not as agreed", detail=what, field=f"[{number}].{field}")
