"""Gives each record to the story that it belongs to, where a portal plays many of them.

A message that answers an event of a story is that story's own, even if another person gets it. A
portal goes on writing to the people of stories that are over: that is charged to no other story and
excuses nothing. What no story alone explains belongs to all that are being played.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from simulator.evidence.records import (
    EvidenceLog,
    MessagesSeen,
    PhaseEntered,
    Record,
)
from simulator.judge.facts.contact_fields import as_email, as_mobile

#: What holds for every story after it, too.
_STAYS = (PhaseEntered, MessagesSeen)
#: By which field a record is known to be of a story, in this order: what a message answers says
#: more than where it went.
_NAMED_BY = ("event_id", "message_id", "reference", "correlation_id")
_ABOUT = ("person_id", "crime_reference")
_ADDRESSED_BY = ("to", "address", "number")


class OwnLog(EvidenceLog):
    """What belongs to one story. Its people and the force write here what they did in it."""

    def __init__(self, logs: "StoryLogs") -> None:
        super().__init__()
        self._logs = logs

    def append(self, record: Record) -> None:
        """Keep one record: what the story itself writes down is its own."""
        self._logs.keep(self, record)


class StoryLogs(EvidenceLog):
    """The log of a portal that plays many stories: each record goes to the story that it is of.

    The `addresses` and `crimes` are those of stories of an earlier run.
    """

    def __init__(self, addresses: Iterable[str] = (), crimes: Iterable[str] = ()) -> None:
        super().__init__()
        #: By address, id or reference; None for a story that is over.
        self._owners: dict[str, OwnLog | None] = dict.fromkeys(crimes)
        self._stays: list[Record] = []
        self._playing: list[OwnLog] = []
        self._at_work: OwnLog | None = None
        for address in addresses:
            self._owners.update(dict.fromkeys(_forms(address)))

    def begin(self, addresses: Iterable[str], person_ids: Iterable[str]) -> OwnLog:
        """Begin the log of a story that has these addresses and people."""
        own = OwnLog(self)
        own.records += self._stays
        self._playing.append(own)
        for address in addresses:
            self._owners.update(dict.fromkeys(_forms(address), own))
        self._owners.update(dict.fromkeys(person_ids, own))
        return own

    def end(self, own: OwnLog) -> None:
        """End the log of a story: what comes of it later belongs to none."""
        self._playing.remove(own)
        for key, owner in self._owners.items():
            if owner is own:
                self._owners[key] = None

    @contextmanager
    def of_one(self, own: OwnLog) -> Iterator[None]:
        """While it lasts, what nothing else explains is of this story, which is at work."""
        self._at_work = own
        try:
            yield
        finally:
            self._at_work = None

    def append(self, record: Record) -> None:
        """Keep one record where it belongs."""
        if isinstance(record, _STAYS):
            self._stays.append(record)
            for own in self._playing:
                own.records.append(record)
            return
        known = next((key for key in _keys(record) if key in self._owners), None)
        owner = self._owners[known] if known is not None else self._at_work
        if known is not None or owner is not None:
            self.keep(owner, record)
            return
        for own in self._playing:
            own.records.append(record)

    def keep(self, own: OwnLog | None, record: Record) -> None:
        """Keep a record of this story (None: of one that is over), and know again what names it."""
        if own is not None:
            own.records.append(record)
        for name in (*_NAMED_BY, "crime_reference"):
            if value := getattr(record, name, ""):
                self._owners.setdefault(value, own)


def _keys(record: Record) -> Iterator[str]:
    for name in (*_NAMED_BY, *_ABOUT):
        if value := getattr(record, name, ""):
            yield value
    for name in _ADDRESSED_BY:
        if value := getattr(record, name, ""):
            yield from _forms(value)


def _forms(address: str) -> set[str]:
    return {address.strip().lower(), as_mobile(address), as_email(address)} - {""}
