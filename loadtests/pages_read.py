"""What a page that was read under load shows, for the judge: whose crime, and its updates.

Pure. All pages of a burst look alike, but each crime was recorded in a second of its own. A page
that dates "recorded" as another crime's was is that crime's page, whatever was asked for: a cache,
or a session that got mixed up. The evidence names the crime that was shown, so that the judge calls
it a disclosure.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from msgspec import structs

from loadtests.burst_victims import BurstVictims
from reference.contract.messages import TimelineEntry
from simulator.clock import LONDON
from simulator.evidence.records import EventDelivered, EventRecorded, Record, Seen

_RECORDED = "CrimeRecorded"
_TAKEN = 202
#: A time in the wrong time zone is wrong by quarters of an hour: that makes no page another's.
_ZONES_DIFFER = timedelta(minutes=15)


def seen_page(
    crowd: BurstVictims,
    person_id: str,
    asked_for: str,
    entries: Sequence[TimelineEntry],
    at: datetime,
) -> Seen:
    """Write down a page that somebody was shown who asked for that of a crime."""
    kinds = tuple(entry.kind for entry in entries)
    return Seen(
        at=at,
        person_id=person_id,
        where="timeline",
        crime_reference=crime_shown(crowd, asked_for, entries),
        texts=tuple(f"{entry.title}\n{entry.text}" for entry in entries),
        # If one entry has no kind, a missing kind proves nothing.
        kinds=kinds if all(kinds) else (),
        dated=tuple(entry.at for entry in entries),
    )


def crime_shown(crowd: BurstVictims, asked_for: str, entries: Sequence[TimelineEntry]) -> str:
    """Return the reference of the crime that a page shows; that which was asked for, if in doubt.

    A portal that shows only the minute, the hour or the day of its own crime is right as well.
    """
    number, since = crowd.number_of(asked_for), crowd.known_since
    if number is None or since is None:
        return asked_for
    shown = [entry.at for entry in entries if entry.kind == _RECORDED]
    others = (_other(crowd, number, since, at) for at in shown)
    other = next((each for each in others if each is not None), number)
    return crowd.crime_reference(other)


def certain_pages(records: Iterable[Record]) -> list[Record]:
    """Leave out what pages showed of crimes that have an update which was never answered 202.

    The portal may have taken it all the same, and shown it.
    """
    everything = list(records)
    taken, about = set(), {}
    for each in everything:
        if isinstance(each, EventRecorded):
            about[each.event_id] = each.crime_reference
        elif isinstance(each, EventDelivered) and each.status == _TAKEN:
            taken.add(each.event_id)
    unsure = {crime for event_id, crime in about.items() if event_id not in taken}
    return [
        structs.replace(each, kinds=(), dated=())
        if isinstance(each, Seen) and each.crime_reference in unsure
        else each
        for each in everything
    ]


def _other(crowd: BurstVictims, number: int, since: datetime, shown: datetime) -> int | None:
    """Return whose crime was recorded at the time that is shown, None if it may be their own."""
    own = crowd.recorded_at(number, since)
    other, rest = divmod(since - shown, timedelta(seconds=1))
    if rest or not 0 <= other < crowd.count or not (own - shown) % _ZONES_DIFFER:
        return None
    return None if _is_rounded(own, shown) else other


def _is_rounded(own: datetime, shown: datetime) -> bool:
    """Say whether a time is another without its seconds, its minutes, or its hours."""
    minute = own.replace(second=0)
    hour = minute.replace(minute=0)
    days = {own.astimezone(zone).replace(hour=0, minute=0, second=0) for zone in (UTC, LONDON)}
    return shown in {minute, hour, *days}
