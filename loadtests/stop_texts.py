"""A storm of texts that say STOP, while updates go out: who wrote one gets no more messages.

Pure. Some of the telephones text, each as often as there are victims who have it; no victim who
visits the portal has one of them, since their codes come by text. An update that met a STOP on its
way, neither wholly before it nor wholly after, is not judged: it may be told, or not.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import numpy as np
from msgspec import Struct

from loadtests.bursts import VISITORS_MAX, Burst, Journey
from simulator.evidence.records import EventDelivered, MessageAccepted, Record

#: The texts are sent in so much of the burst, so that updates come after the last as well.
STORM_SHARE = 0.5
#: So long after its answer a message may arrive that was on its way when the STOP came.
_ON_ITS_WAY = timedelta(seconds=15)
_TAKEN = 202
WORDS = "STOP"


class StopText(Struct, frozen=True):
    """A victim's text that says STOP, and when it is sent."""

    due_seconds: float
    victim: int


class StopSent(Struct, frozen=True, kw_only=True):
    """One that was sent: when it was given to the portal, and when that took it, None if never.

    `took_seconds` is from when it was due.
    """

    phone: str
    late_seconds: float
    sent_at: datetime
    taken_at: datetime | None = None
    took_seconds: float | None = None


def stop_texts(burst: Burst, journeys: Sequence[Journey]) -> list[StopText]:
    """Schedule the texts at random times, in order: a Poisson process with the burst's seed."""
    if "stop" not in journeys:
        return []
    victims = [each for each in range(burst.crime_count) if says_stop(burst, each)]
    stream = np.random.default_rng((burst.seed, len(victims)))
    due = np.sort(stream.uniform(0, burst.seconds * STORM_SHARE, len(victims)))
    return [
        StopText(float(at), int(victim))
        for at, victim in zip(due, stream.permutation(victims), strict=True)
    ]


def says_stop(burst: Burst, victim: int) -> bool:
    """Say whether the telephone of a victim is one of those that text."""
    phone, first = victim % VISITORS_MAX, burst.registered_count
    last = first + round(burst.stops_share * (min(VISITORS_MAX, burst.crime_count) - first))
    return first <= phone < last


def met_on_the_way(records: Iterable[Record], stops: Sequence[StopSent]) -> frozenset[str]:
    """Return the updates that met a STOP: the portal had them before it answered, and told late.

    Only what was told once is left out: a second message is a harm whatever it met.
    """
    if not stops:
        return frozenset()
    first: dict[str, StopSent] = {}
    for stop in sorted(stops, key=lambda each: each.sent_at):
        if stop.taken_at is not None:
            first.setdefault(stop.phone, stop)
    had: dict[str, datetime] = {}
    told: list[MessageAccepted] = []
    for each in records:
        if isinstance(each, EventDelivered) and each.status == _TAKEN:
            had.setdefault(each.event_id, each.at)
        elif isinstance(each, MessageAccepted):
            told.append(each)
    times = Counter(each.reference for each in told)
    return frozenset(
        each.reference
        for each in told
        if times[each.reference] == 1
        and (said := first.get(each.to)) is not None
        and _met(said, had.get(each.reference), each.at)
    )


def _met(stop: StopSent, had_at: datetime | None, told_at: datetime) -> bool:
    """Say whether an update that the portal had at a time, and told at another, met a STOP."""
    if had_at is None or stop.taken_at is None or had_at > stop.taken_at:
        return False
    return stop.sent_at <= told_at <= stop.taken_at + _ON_ITS_WAY


def without(records: Iterable[Record], met: frozenset[str]) -> list[Record]:
    """Leave out that these updates were handed over, and told."""
    if not met:
        return list(records)
    return [
        each
        for each in records
        if not (
            (isinstance(each, EventDelivered) and each.event_id in met)
            or (isinstance(each, MessageAccepted) and each.reference in met)
        )
    ]
