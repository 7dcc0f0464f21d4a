"""Parts the evidence of a run: what is about the same people stays together.

Records are of one part when they name the same person, crime, event, message, address or words, or
people who may be one by name and date of birth. So no fact about anybody is ever in two parts.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.evidence.records import (
    ChoiceRefused,
    EventRecorded,
    NotForMeRefused,
    NotForMeSaid,
    PageRefused,
    QuestionAsked,
    QuestionRefused,
    Record,
    Seen,
    SessionUsed,
    Stamped,
    TextReceived,
)
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.text.plain_words import squeezed

#: What any of these means for one person may hang on what anybody else did in the run.
_OF_THE_WHOLE_RUN = (SessionUsed, NotForMeSaid, NotForMeRefused, TextReceived)
_OFFICERS_EVENTS = ("OfficerUnavailable", "CrimeAllocated")

_NAMES = frozenset(
    {
        *("person_id", "same_as", "crime_reference", "into", "event_id", "seen_as", "reference"),
        *("message_id", "invitation_id", "key", "in_reply_to"),
    }
)
_ADDRESSES = frozenset({"to", "address", "number", "mobile_phone", "other_phone", "email"})
_ALL = -1


@dataclass(frozen=True)
class Parts:
    """The places of each part's records in the evidence, those of no person in every part.

    `officers` are the places of the first event that names each officer, and of all that say that
    one is away: an officer has many crimes. `times` are when each record, or one before it, came.
    """

    places: list[NDArray[np.intp]]
    officers: NDArray[np.intp]
    times: NDArray[np.float64]


def parts_of(evidence: Sequence[Record], *, records_max: int) -> Parts:
    """Part a run. A part has more records than `records_max` only where they belong together."""
    joined, node, times = _Joined(), array("q"), array("d")
    officers: list[int] = []
    named: set[str] = set()
    for place, record in enumerate(evidence):
        times.append(record.at.timestamp())
        if isinstance(record, _OF_THE_WHOLE_RUN):
            return Parts([np.arange(len(evidence))], np.empty(0, dtype=np.intp), np.empty(0))
        node.append(joined.join(_keys(record)))
        if isinstance(record, EventRecorded) and record.event_type in _OFFICERS_EVENTS:
            is_absence = record.event_type == "OfficerUnavailable"
            number = _collar_number(record)
            if number and (is_absence or number not in named):
                officers.append(place)
                named.add(number)
    together = joined.roots()[np.asarray(node, dtype=np.intp)] if len(joined) else None
    return Parts(
        _shared_out(np.asarray(node), together, records_max),
        np.array(officers, dtype=np.intp),
        np.maximum.accumulate(np.asarray(times)) if times else np.empty(0),
    )


def _shared_out(
    node: NDArray[np.int64], together: NDArray[np.intp] | None, records_max: int
) -> list[NDArray[np.intp]]:
    """Share out what belongs together among as few parts as need be, the first to come first."""
    of_all = node == _ALL
    if together is None or bool(of_all.all()):
        return [np.arange(len(node))]
    _, first, group = np.unique(together[~of_all], return_index=True, return_inverse=True)
    order = np.argsort(first)
    sizes = np.bincount(group)[order]
    part_of_group = np.empty(len(order), dtype=np.intp)
    part, filled = 0, 0
    for number, size in zip(order.tolist(), sizes.tolist(), strict=True):
        if filled and filled + size > records_max:
            part, filled = part + 1, 0
        part_of_group[number] = part
        filled += size
    part_of = np.full(len(node), _ALL)
    part_of[~of_all] = part_of_group[group]
    return [np.flatnonzero((part_of == each) | of_all) for each in range(part + 1)]


class _Joined:
    """What belongs together so far: each key has a number, and points to one that it is with."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._with = array("q")

    def __len__(self) -> int:
        return len(self._with)

    def join(self, keys: Iterator[str]) -> int:
        """Note that these belong together; return the number of one of them, `_ALL` for none."""
        first = _ALL
        for key in keys:
            number = self._numbers.setdefault(key, len(self._with))
            if number == len(self._with):
                self._with.append(number)
            root = self._root(number)
            if first == _ALL:
                first = root
            elif root != first:
                self._with[root] = first
        return first

    def roots(self) -> NDArray[np.intp]:
        """Give for each number the one that stands for all that belong together."""
        found = np.array(self._with, dtype=np.intp)
        while not np.array_equal(found, found[found]):
            found = found[found]
        return found

    def _root(self, number: int) -> int:
        towards = self._with
        while towards[number] != number:
            towards[number] = towards[towards[number]]
            number = towards[number]
        return number


def _keys(record: Record) -> Iterator[str]:
    for field in record.__struct_fields__:
        value = getattr(record, field)
        if value and isinstance(value, str):
            yield from _named(field, value)
    if isinstance(record, EventRecorded):
        yield from _keys_in(msgspec.json.decode(record.data))
    elif isinstance(record, QuestionAsked | QuestionRefused | Stamped):
        yield record.text
    elif isinstance(record, PageRefused | ChoiceRefused):
        yield from record.listed or ()
    elif isinstance(record, Seen):
        yield from (reference for reference, _status in record.statuses)
        # A page may show words that were written to somebody else.
        yield from record.texts if record.where == "conversation" else ()


def _keys_in(data: object) -> Iterator[str]:
    """Give the names in an event, and who its people are by name and date of birth."""
    if isinstance(data, list):
        for each in data:
            yield from _keys_in(each)
    elif isinstance(data, dict):
        for field, value in data.items():
            if isinstance(value, str):
                # An officer's words: nobody else should be shown them.
                yield from (value,) if field == "text" and value else _named(field, value)
            else:
                yield from _keys_in(value)
        if "family_name" in data and data.get("born"):
            names = (squeezed(str(data.get(each, ""))) for each in ("given_name", "family_name"))
            yield "|".join((*names, date.fromisoformat(data["born"]).isoformat()))


def _named(field: str, value: str) -> Iterator[str]:
    if field in _NAMES and value:
        yield value
    elif field in _ADDRESSES:
        yield from {value.lower(), as_mobile(value), as_email(value)} - {""}


def _collar_number(record: EventRecorded) -> str:
    named = msgspec.json.decode(record.data, type=_Officers)
    officer = named.officer or named.officer_in_charge
    return officer.collar_number if officer is not None else ""


class _Officer(msgspec.Struct, frozen=True):
    collar_number: str = ""


class _Officers(msgspec.Struct, frozen=True):
    officer: _Officer | None = None
    officer_in_charge: _Officer | None = None
