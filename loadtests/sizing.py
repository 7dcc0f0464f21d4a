"""Whether a design holds when every force closes crimes in bulk: a simulation of its queues.

Pure. Each update waits for a free process of its portal, which takes as long as was measured, and
then for the gateway's limit. Beside it stands the arithmetic: no design is faster than its slowest
part by itself.
"""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush
from typing import Annotated, Literal, TypeAlias

import numpy as np
from msgspec import Meta, Struct

from loadtests.visit_times import percentile
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.streams import Streams

#: What the order allows from an update to its message.
ALLOWED_SECONDS = 900.0
#: Notify's bucket: a third of a minute's requests and one at once, at most 1,000.
_BUCKET_MAX = 1000
_RETRY_SECONDS_MAX = 3600.0
UPDATES_MAX = 500_000
Apart: TypeAlias = Literal["one", "each force"]
#: What a portal does with a message that the gateway's limit turned away.
WhenLimited: TypeAlias = Literal["waits its turn", "waits twice as long"]


class Design(Strict, frozen=True, kw_only=True):
    """How it is built: one portal or one for each force, and so many services at the gateway.

    A message that the gateway's limit turned away waits its turn, or each time twice as long.
    """

    name: str
    portals: Apart
    portal_workers: Annotated[int, Meta(ge=1, le=1000)]
    services: Apart
    per_minute_max: Annotated[int, Meta(ge=0, le=10_000_000)] = 3000
    when_limited: WhenLimited = "waits its turn"


class Sizing(Strict, frozen=True, kw_only=True):
    """What is closed at once, how long a portal takes for each, and the designs to try.

    The largest force has `largest_share` of the crimes, and each further force as much less that
    all together make the whole. Each begins within `spread_minutes` and hands its crimes over at
    `closures_per_second`, in batches. What an update takes of a core is given, or `measured`: the
    result of a burst, load.json.
    """

    name: str
    seed: Annotated[int, Meta(ge=0)]
    forces: Amount
    crimes_a_year: Amount
    largest_share: Share
    in_portal_share: Share
    weeks_at_once: Amount
    closures_per_second: Amount
    batch_events: Annotated[int, Meta(ge=1, le=100)]
    spread_minutes: Amount
    seconds_per_update: Amount | None = None
    measured: str = ""
    retry_seconds: Amount
    designs: tuple[Design, ...]

    def __post_init__(self) -> None:
        if not self.designs:
            raise ValueError("designs is empty; give one [[designs]] or more")
        if bool(self.measured) == (self.seconds_per_update is not None):
            raise ValueError("give either seconds_per_update or measured")
        for name in ("forces", "closures_per_second", "seconds_per_update", "retry_seconds"):
            amount = getattr(self, name)
            if amount is not None and not amount.value:
                raise ValueError(f"{name}.value is 0; give more")
        if self.forces.value != int(self.forces.value) or self.forces.value > 1000:
            raise ValueError(
                f"forces.value is {self.forces.value:g}; give a whole number up to 1,000"
            )
        if self.largest_share.value < 1 / self.forces.value:
            raise ValueError(
                f"largest_share.value is {self.largest_share.value:g}; the largest of "
                f"{self.forces.value:g} forces has {1 / self.forces.value:.3f} or more"
            )
        if self.updates > UPDATES_MAX:
            raise ValueError(
                f"that is {self.updates:,.0f} updates at once; {UPDATES_MAX:,} is the most"
            )

    @property
    def update_seconds(self) -> float:
        """What an update takes of a core, once that was read from where it was measured."""
        assert self.seconds_per_update is not None
        return self.seconds_per_update.value

    @property
    def updates(self) -> float:
        """How many crimes all forces close at once."""
        a_week = self.crimes_a_year.value * self.in_portal_share.value / 52
        return a_week * self.weeks_at_once.value

    def by_force(self) -> list[int]:
        """Return how many crimes each force closes, the largest first."""
        count = int(self.forces.value)
        shares = _geometric(count, self.largest_share.value)
        return [max(1, round(self.updates * each)) for each in shares]


class SizingOutcome(Struct, frozen=True, kw_only=True):
    """What a design comes to: the times from update to message, and its busiest portal.

    `arithmetic_seconds` is the least that the slowest part needs by itself, from the first update
    to the last message; `all_told_seconds` is what the simulation took.
    """

    design: str
    updates: int
    p50_seconds: float
    p95_seconds: float
    p99_seconds: float
    longest_seconds: float
    in_time_share: float
    all_told_seconds: float
    arithmetic_seconds: float
    slowest_part: Literal["the crime systems", "the portal", "the gateway"]
    portal_busy_share: float
    turned_away: int

    @property
    def holds(self) -> bool:
        """Whether every victim was told in time."""
        return self.in_time_share == 1.0


def simulate(sizing: Sizing, design: Design) -> SizingOutcome:
    """Play the closures of all forces through a design."""
    stream = Streams(sizing.seed).for_(f"sizing {design.name}")
    arrivals = _arrivals(sizing, stream)
    of_portal: dict[int, list[tuple[float, int]]] = {}
    for force, times in enumerate(arrivals):
        portal = force if design.portals == "each force" else 0
        of_portal.setdefault(portal, []).extend((at, force) for at in times)
    written: list[tuple[float, float, int]] = []
    busy_share = 0.0
    for updates in of_portal.values():
        updates.sort()
        mean = sizing.update_seconds
        took = stream.exponential(mean, len(updates))
        ends = served([at for at, _force in updates], took, design.portal_workers)
        first = updates[0][0]
        busy = float(took.sum()) / (design.portal_workers * max(max(ends) - first, 1e-9))
        busy_share = max(busy_share, busy)
        for (at, force), end in zip(updates, ends, strict=True):
            written.append((end, at, force if design.services == "each force" else 0))
    told, turned_away = _through_gateway(written, design, sizing.retry_seconds.value)
    waits = sorted(end - at for end, at in told)
    parts = arithmetic(sizing, design)
    slowest = max(parts, key=lambda part: parts[part])
    begun = min(at for _end, at in told)
    return SizingOutcome(
        design=design.name,
        updates=len(waits),
        p50_seconds=percentile(waits, 0.5) or 0.0,
        p95_seconds=percentile(waits, 0.95) or 0.0,
        p99_seconds=percentile(waits, 0.99) or 0.0,
        longest_seconds=waits[-1],
        in_time_share=sum(each <= ALLOWED_SECONDS for each in waits) / len(waits),
        all_told_seconds=max(end for end, _at in told) - begun,
        arithmetic_seconds=parts[slowest],
        slowest_part=slowest,  # type: ignore[arg-type]
        portal_busy_share=busy_share,
        turned_away=turned_away,
    )


def arithmetic(sizing: Sizing, design: Design) -> dict[str, float]:
    """Return the seconds that each part needs at least, if it never waits for another."""
    by_force = sizing.by_force()
    at_portal = by_force if design.portals == "each force" else [sum(by_force)]
    at_service = by_force if design.services == "each force" else [sum(by_force)]
    seconds = sizing.update_seconds
    rate = design.per_minute_max / 60
    return {
        "the crime systems": max(by_force) / sizing.closures_per_second.value,
        "the portal": max(at_portal) * seconds / design.portal_workers,
        "the gateway": (
            max(0.0, (max(at_service) - _bucket(design.per_minute_max)) / rate) if rate else 0.0
        ),
    }


def served(arrivals: Sequence[float], took: Iterable[float], workers: int) -> list[float]:
    """Return when each of these is done that come in order, and are served by so many workers."""
    free = [0.0] * workers
    heapify(free)
    ends = []
    for at, seconds in zip(arrivals, took, strict=True):
        end = max(at, heappop(free)) + float(seconds)
        heappush(free, end)
        ends.append(end)
    return ends


def _through_gateway(
    written: list[tuple[float, float, int]], design: Design, retry_seconds: float
) -> tuple[list[tuple[float, float]], int]:
    """Send messages through the services' limits; return (told, due) of each, and refusals."""
    rate, most = design.per_minute_max / 60, _bucket(design.per_minute_max)
    if not rate:
        return [(end, at) for end, at, _service in written], 0
    if design.when_limited == "waits its turn":
        return _in_turn(sorted(written), rate, most), 0
    buckets: dict[int, tuple[float, float]] = {}
    waiting = [(end, number, 0, at, service) for number, (end, at, service) in enumerate(written)]
    heapify(waiting)
    told, turned_away = [], 0
    while waiting:
        now, number, tries, at, service = heappop(waiting)
        tokens, since = buckets.get(service, (float(most), now))
        tokens = min(float(most), tokens + (now - since) * rate)
        if tokens < 1:
            buckets[service] = tokens, now
            turned_away += 1
            later = now + min(retry_seconds * 2**tries, _RETRY_SECONDS_MAX)
            heappush(waiting, (later, number, tries + 1, at, service))
        else:
            buckets[service] = tokens - 1, now
            told.append((now, at))
    return told, turned_away


def _in_turn(
    written: Iterable[tuple[float, float, int]], rate: float, most: int
) -> list[tuple[float, float]]:
    """Send each message when a place is free for it, in the order in which they were written."""
    buckets: dict[int, tuple[float, float]] = {}
    told = []
    for end, at, service in written:
        tokens, since = buckets.get(service, (float(most), end))
        now = max(end, since)
        tokens = min(float(most), tokens + (now - since) * rate)
        if tokens < 1:
            now += (1 - tokens) / rate
            tokens = 1.0
        buckets[service] = tokens - 1, now
        told.append((now, at))
    return told


def _bucket(per_minute_max: int) -> int:
    return min(-(-per_minute_max // 3) + 1, _BUCKET_MAX)


def _arrivals(sizing: Sizing, stream: np.random.Generator) -> list[list[float]]:
    """Say when each force hands each of its crimes over, batch by batch."""
    found = []
    for count in sizing.by_force():
        begin = float(stream.uniform(0, sizing.spread_minutes.value * 60 or 1e-9))
        rate, size = sizing.closures_per_second.value, sizing.batch_events
        found.append([begin + number // size * size / rate for number in range(count)])
    return found


def _geometric(count: int, largest: float) -> list[float]:
    """Return shares of which each is as much smaller than the one before as the next than it."""
    low, high = 0.0, 1.0
    for _ in range(60):
        ratio = (low + high) / 2
        if largest * sum(ratio**place for place in range(count)) > 1:
            high = ratio
        else:
            low = ratio
    shares = [largest * low**place for place in range(count)]
    return [each / sum(shares) for each in shares]
