"""When what an entry of a crime's page tells may have happened, and may have been recorded.

An entry has a kind and a time. Where the page shows two of a kind, the time says which is which: it
is when the event happened, or was recorded, or came. Midnight may stand for its whole day.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeVar

from reference.contract.events import AnyEvent
from simulator.clock import LONDON
from simulator.evidence.records import Seen
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.page_steps import Step

_E = TypeVar("_E", bound=AnyEvent)
#: A page may leave the seconds out, and the portal's clock may be off by some.
_SECONDS = timedelta(seconds=5)
#: By how much two clocks may differ: a portal by URL keeps the time of day by one of its own.
CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True)
class PageEntry:
    """One entry of a page: the earliest and the latest times of what it may be about."""

    kind: str
    happened_at: datetime
    said_at: datetime
    last_happened_at: datetime
    last_said_at: datetime

    def is_after(self, other: "PageEntry") -> bool:
        """Say whether this is after another for certain, by either of their times."""
        return self.happened_at > other.last_happened_at and self.said_at > other.last_said_at


def entries_of(
    seen: Seen, apart: Mapping[str, Step], heard: Iterable[Received]
) -> Iterator[PageEntry]:
    """Give the entries of a page in their order, but those of which nothing is certain.

    `apart` are the steps that are the only one of their kind; `heard` is what the portal was told.
    """
    by_kind: dict[str, list[Received]] = {}
    for each in heard:
        by_kind.setdefault(type(each.event).__name__, []).append(each)
    for place, kind in enumerate(seen.kinds):
        if kind in apart:
            step = apart[kind]
            last_happened_at = step.last_at or step.happened_at
            last_said_at = step.last_at or step.said_at
            yield PageEntry(kind, step.happened_at, step.said_at, last_happened_at, last_said_at)
        elif kind in by_kind and place < len(seen.dated):
            yield _one_of(by_kind[kind], seen.dated[place])


def told_by(
    seen: Seen, heard: Iterable[Received], kind: type[_E]
) -> Iterator[tuple[str, list[_E]]]:
    """Give the words of each entry of a kind, and what it may tell: the events that have its time.

    They are all of the kind if it has no time, or none of them has it.
    """
    known = [each for each in heard if isinstance(each.event, kind)]
    for place, (shown, words) in enumerate(zip(seen.kinds, seen.texts, strict=False)):
        if shown == kind.__name__ and known:
            dated = seen.dated[place : place + 1]
            may_be = [each for each in known if all(_is_dated(each, at) for at in dated)] or known
            yield words, [each.event for each in may_be if isinstance(each.event, kind)]


def is_at_midnight(shown: datetime) -> bool:
    """Say whether a time shown may stand for its whole day."""
    return time() in (shown.astimezone(LONDON).time(), shown.astimezone(UTC).time())


def is_near_one_of(times: Iterable[datetime], shown: datetime) -> bool:
    """Say whether a time shown is one of these, by another clock, or stands for the day of one."""
    day = shown.astimezone(LONDON).date() if is_at_midnight(shown) else None
    return any(
        abs(each - shown) <= CLOCKS_APART or each.astimezone(LONDON).date() == day for each in times
    )


def _one_of(known: list[Received], shown: datetime) -> PageEntry:
    """Give the entry with this time: of any event of its kind, if none has the time."""
    may_be = [each for each in known if _is_dated(each, shown)] or known
    happened, said = [each.happened_at for each in may_be], [each.recorded_at for each in may_be]
    kind = type(known[0].event).__name__
    return PageEntry(kind, min(happened), min(said), max(happened), max(said))


def _is_dated(received: Received, shown: datetime) -> bool:
    times = (received.happened_at, received.recorded_at, received.received_at)
    if is_at_midnight(shown):
        day = shown.astimezone(LONDON).date()
        return any(each.astimezone(LONDON).date() == day for each in times)
    may_be = (*times, *(each.replace(second=0, microsecond=0) for each in times))
    return any(abs(each - shown) <= _SECONDS for each in may_be)
