"""Rules of delivery: in order, in batches, and until the portal has it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.drivers.base import Delivery
from simulator.errors import PortalUnreachable
from simulator.evidence.records import EventDelivered
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.world.integration import READ_SECONDS_MAX, RETRY_SECONDS
from tests.simulator.delivering import START, Setting

DAY = timedelta(days=1)


def test_events_go_once_and_in_order() -> None:
    """What the crime system recorded arrives in that order, once, and is written down."""
    scene = Setting()
    ids = scene.record(*range(5))

    assert scene.integration.deliver()

    assert scene.portal.taken == ids
    assert scene.delivered == [(each, 202) for each in ids]
    assert not scene.integration.deliver()


@pytest.mark.parametrize(
    ("events", "sizes"),
    [(0, []), (1, [1]), (99, [99]), (100, [100]), (101, [100, 1]), (250, [100, 100, 50])],
)
def test_a_delivery_has_a_hundred_events_at_most(events: int, sizes: list[int]) -> None:
    """The contract takes batches of up to 100; no delivery is empty, and each has its own id."""
    scene = Setting()
    ids = scene.record(*range(events))

    scene.integration.deliver()

    assert [len(each.events) for each in scene.portal.deliveries] == sizes
    assert scene.portal.taken == ids
    assert len({each.id for each in scene.portal.deliveries}) == len(sizes)
    assert BATCH_EVENTS_MAX == 100


class ScriptedFeed:
    """A change feed that a test reads; `is_asked` says that the portal reads it at all."""

    def __init__(self, *, is_asked: bool = True) -> None:
        self.is_asked = is_asked
        self.on_read: Callable[[Sequence[str]], None] = lambda _event_ids: None
        self.unread: list[str] = []
        self.published: list[list[str]] = []

    def publish(self, handed_over: Sequence[Outgoing]) -> None:
        """Add these, as if nothing were replaced."""
        ids = [each.event_id for each in handed_over]
        self.published.append(ids)
        self.unread += [each for each in ids if each not in self.unread]

    def is_unread(self, event_id: str) -> bool:
        """Say whether the test has not read it."""
        return event_id in self.unread

    def read(self) -> None:
        """Read everything, as the portal does."""
        fresh, self.unread = self.unread, []
        self.on_read(fresh)


def after(seconds: int) -> datetime:
    """Give a moment after the start."""
    return START + timedelta(seconds=seconds)


def test_the_change_feed_hears_of_it_before_the_portal_is_asked() -> None:
    """What is handed over stands in the feed by the time the driver is asked."""
    feed = ScriptedFeed(is_asked=False)
    scene = Setting(feed=feed)
    ids = scene.record(1, 2)
    scene.portal.on_deliver = lambda _delivery: 202 if feed.published == [ids] else 500

    scene.integration.deliver()

    # A portal that never asks the feed gets its events by the driver, at once.
    assert scene.delivered == [(each, 202) for each in ids]


def test_a_portal_that_fetches_has_an_event_when_it_reads_it() -> None:
    """The driver only says that it could; what is written down is when it did, and once."""
    feed = ScriptedFeed()
    scene = Setting(feed=feed)
    ids = scene.record(1, 2)

    scene.integration.deliver()
    assert scene.delivered == []

    scene.clock.run_to(after(20))
    feed.read()
    scene.clock.run_to(after(7200))

    delivered = [each for each in scene.log.records if isinstance(each, EventDelivered)]
    assert [(each.at, each.event_id, each.status) for each in delivered] == [
        (after(20), each, 202) for each in ids
    ]
    assert feed.published == [ids]


def test_a_portal_that_could_have_read_an_event_has_it_a_minute_later() -> None:
    """A portal that reads late is late: what it should know counts from then."""
    feed = ScriptedFeed()
    scene = Setting(feed=feed)
    (event_id,) = scene.record(1)

    scene.integration.deliver()
    scene.clock.run_to(after(READ_SECONDS_MAX - 1))
    assert scene.delivered == []
    scene.clock.run_to(after(READ_SECONDS_MAX))
    assert scene.delivered == [(event_id, 202)]

    feed.read()
    assert scene.delivered == [(event_id, 202)]


def test_what_an_outage_keeps_from_a_portal_it_has_when_it_reads_it() -> None:
    """Between the delivery and the next poll nothing answers: the portal does not have it yet."""
    feed = ScriptedFeed()
    scene = Setting(feed=feed)
    (event_id,) = scene.record(1)
    scene.answers([202, 503, 503, 503], then=503)

    scene.integration.deliver()
    scene.clock.run_to(after(3600))
    assert {status for _event_id, status in scene.delivered} == {503}

    feed.read()
    assert scene.delivered[-1] == (event_id, 202)
    tries = len(scene.portal.deliveries)
    scene.clock.run_to(START + DAY)
    assert len(scene.portal.deliveries) == tries


def test_an_event_sent_again_is_had_again_when_it_is_read_again() -> None:
    """At least once: what comes twice is written down twice."""
    feed = ScriptedFeed()
    scene = Setting(feed=feed)
    (event_id,) = scene.record(1)
    scene.integration.deliver()
    feed.read()

    scene.integration.redeliver(event_id)
    feed.read()

    assert scene.delivered == [(event_id, 202)] * 2


@pytest.mark.parametrize("refusals", [1, 3, len(RETRY_SECONDS)])
@pytest.mark.parametrize("status", [500, 503, 400, 429, 200])
def test_what_was_not_taken_is_sent_again(refusals: int, status: int) -> None:
    """Only 202 says that the portal has it; every try is written down, and none comes after it."""
    scene = Setting()
    ids = scene.record(1, 2)
    scene.answers([status] * refusals)

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert scene.portal.taken == ids
    tries = [status] * refusals + [202]
    assert scene.delivered == [(each, answer) for answer in tries for each in ids]
    assert len({each.id for each in scene.portal.deliveries}) == refusals + 1


def test_a_portal_may_refuse_for_hours() -> None:
    """However long the portal refuses, an event is not given up: it has it in the end."""
    scene = Setting()
    ids = scene.record(1)
    scene.portal.on_deliver = lambda _delivery: (
        202 if scene.clock.now >= START + timedelta(hours=6) else 503
    )

    scene.integration.deliver()
    scene.clock.run_to(START + 2 * DAY)

    assert scene.portal.taken == ids


def test_a_retry_waits_longer_each_time() -> None:
    """A portal that is down is left alone for longer and longer."""
    scene = Setting()
    scene.record(1)
    tried: list[datetime] = []

    def refuse(_delivery: Delivery) -> int:
        tried.append(scene.clock.now)
        return 503

    scene.portal.on_deliver = refuse
    scene.integration.deliver()
    scene.clock.run_to(START + timedelta(hours=1))

    waits = [(b - a).total_seconds() for a, b in pairwise(tried)]
    assert len(waits) >= 3
    assert waits == sorted(set(waits))


def test_a_retry_counts_as_something_that_went() -> None:
    """The world notices a retry, and gives the portal time to work on it."""
    scene = Setting()
    scene.record(1)
    scene.answers([503])
    assert scene.integration.deliver()
    assert not scene.integration.deliver()

    scene.clock.run_to(START + timedelta(seconds=RETRY_SECONDS[0]))

    assert scene.integration.deliver()
    assert not scene.integration.deliver()


def test_a_portal_may_be_out_of_reach_twice() -> None:
    """A delivery to a portal that does not answer is recorded with status 0, and tried again."""
    scene = Setting()
    ids = scene.record(1)
    scene.answers([None, None])

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert scene.delivered == [("e-1", 0), ("e-1", 0), ("e-1", 202)]
    assert scene.portal.taken == ids


def test_three_times_out_of_reach_ends_the_run() -> None:
    """A portal that cannot be reached cannot be judged."""
    scene = Setting()
    scene.record(1)
    scene.answers([None, None, None])

    scene.integration.deliver()
    with pytest.raises(PortalUnreachable):
        scene.clock.run_to(START + DAY)


def test_any_answer_ends_a_row_of_silence() -> None:
    """Only three in a row count: a refusal in between shows that the portal is there."""
    scene = Setting()
    ids = scene.record(1)
    scene.answers([None, None, 503, None, None])

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert scene.portal.taken == ids


def test_a_held_back_event_comes_when_it_is_let_go() -> None:
    """A broken connection keeps one event aside and lets the others pass."""
    scene = Setting()
    scene.record(1, 2, 3)

    scene.integration.hold_back("e-2")
    scene.integration.deliver()
    assert scene.portal.taken == ["e-1", "e-3"]
    scene.integration.redeliver("e-2")

    assert scene.portal.taken == ["e-1", "e-3", "e-2"]


def test_a_redelivery_is_a_delivery_of_its_own() -> None:
    """The same event, in another delivery: freshly signed, with an id that was not used before."""
    scene = Setting()
    scene.record(1)
    scene.integration.deliver()

    scene.integration.redeliver("e-1")

    assert scene.portal.taken == ["e-1", "e-1"]
    first, second = scene.portal.deliveries
    assert first.id != second.id
    assert first.events == second.events


def test_what_is_sent_along_comes_first_in_the_next_delivery() -> None:
    """An event may come again in one delivery with a new one, and not by itself."""
    scene = Setting()
    scene.record(1)
    scene.integration.deliver()

    scene.integration.send_along("e-1")
    scene.record(2)
    scene.integration.deliver()

    assert [len(each.events) for each in scene.portal.deliveries] == [1, 2]
    assert scene.portal.taken == ["e-1", "e-1", "e-2"]


def test_a_late_event_is_announced_before_it_is_delivered() -> None:
    """The world is called before each delivery, whether or not it is a retry."""
    scene = Setting()
    told: list[datetime] = []
    scene.integration.before_delivery = lambda: told.append(scene.clock.now)
    scene.record(1)
    scene.portal.on_deliver = lambda _delivery: 202 if len(told) > 1 else 503

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert len(told) == 2
    assert told[0] == START < told[1]
