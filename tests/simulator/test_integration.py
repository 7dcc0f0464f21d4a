"""Rules of the delivery of events: at least once, in order, in batches, and until the portal has it."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.checked_toml import Amount, Share
from simulator.clock import WorldClock
from simulator.drivers.base import Delivery, Outgoing
from simulator.errors import PortalUnreachable
from simulator.evidence import EventDelivered, EvidenceLog
from simulator.integration import RETRY_SECONDS, Integration, IntegrationFaults
from simulator.streams import Streams
from tests.simulator.scripted_driver import ScriptedDriver, ids_in

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def faults(*, twice: float = 0, late: float = 0, minutes: float = 20) -> IntegrationFaults:
    """Say how often events come twice or late."""
    return IntegrationFaults(
        twice=Share(twice, "share", assumed="a test"),
        late=Share(late, "share", assumed="a test"),
        late_minutes_mean=Amount(minutes, "minutes", assumed="a test"),
    )


class Setting:
    """An integration with its clock, its queue and a scripted portal."""

    def __init__(self, *, seed: int = 1, given: IntegrationFaults | None = None) -> None:
        self.clock = WorldClock(START)
        self.portal = ScriptedDriver()
        self.queue: deque[Outgoing] = deque()
        self.log = EvidenceLog()
        self.integration = Integration(
            clock=self.clock,
            driver=self.portal,
            outgoing=self.queue,
            evidence=self.log,
            faults=given,
            stream=Streams(seed).for_("integration"),
        )

    def record(self, *numbers: int) -> list[str]:
        """Have the crime system record some events; gives their ids."""
        for number in numbers:
            body = msgspec.json.encode({"id": f"e-{number}"})
            self.queue.append(Outgoing(f"e-{number}", body))
        return [f"e-{number}" for number in numbers]

    def answers(self, statuses: Sequence[int | None], then: int = 202) -> None:
        """Have the portal answer these statuses in turn, None being no answer at all."""
        waiting: Iterator[int | None] = iter(statuses)

        def answer(_delivery: Delivery) -> int:
            status = next(waiting, then)
            if status is None:
                raise PortalUnreachable("nobody there")
            return status

        self.portal.on_deliver = answer

    @property
    def delivered(self) -> list[tuple[str, int]]:
        """What was written down: events and the portal's answers."""
        records = [each for each in self.log.records if isinstance(each, EventDelivered)]
        return [(each.event_id, each.status) for each in records]


def test_events_go_once_and_in_order() -> None:
    """What the crime system recorded arrives in that order, once, and is written down."""
    scene = Setting()
    ids = scene.record(*range(5))

    assert scene.integration.is_waiting
    assert scene.integration.deliver()

    assert scene.portal.taken == ids
    assert scene.delivered == [(each, 202) for each in ids]
    assert not scene.integration.is_waiting
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
    scene.portal.on_deliver = lambda _delivery: (tried.append(scene.clock.now), 503)[1]

    scene.integration.deliver()
    scene.clock.run_to(START + timedelta(hours=1))

    waits = [(b - a).total_seconds() for a, b in zip(tried, tried[1:], strict=False)]
    assert len(waits) >= 3
    assert waits == sorted(set(waits))


def test_a_retry_counts_as_something_that_went() -> None:
    """The world hears of a retry, so that the portal is given time to work on it."""
    scene = Setting()
    scene.record(1)
    scene.answers([503])
    assert scene.integration.deliver()
    assert not scene.integration.deliver()

    scene.clock.run_to(START + timedelta(seconds=RETRY_SECONDS[0]))

    assert scene.integration.deliver()
    assert not scene.integration.deliver()


def test_a_portal_may_be_out_of_reach_twice() -> None:
    """A delivery that found nobody is written down with no status, and tried again."""
    scene = Setting()
    ids = scene.record(1)
    scene.answers([None, None])

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert scene.delivered == [("e-1", 0), ("e-1", 0), ("e-1", 202)]
    assert scene.portal.taken == ids


def test_three_times_out_of_reach_ends_the_run() -> None:
    """Of a portal that nobody reaches nothing can be said."""
    scene = Setting()
    scene.record(1)
    scene.answers([None, None, None])

    scene.integration.deliver()
    with pytest.raises(PortalUnreachable):
        scene.clock.run_to(START + DAY)


def test_any_answer_ends_a_row_of_silence() -> None:
    """Only three in a row count: a refusal in between shows that somebody is there."""
    scene = Setting()
    ids = scene.record(1)
    scene.answers([None, None, 503, None, None])

    scene.integration.deliver()
    scene.clock.run_to(START + DAY)

    assert scene.portal.taken == ids


def test_an_event_may_come_twice() -> None:
    """At least once sometimes means twice: later, in a delivery of its own, the same event."""
    scene = Setting(given=faults(twice=1))
    ids = scene.record(*range(20))

    scene.integration.deliver()
    assert scene.portal.taken == ids
    scene.clock.run_to(START + 10 * DAY)

    assert Counter(scene.portal.taken) == Counter(2 * ids)
    assert len({each.id for each in scene.portal.deliveries}) == 21


def test_an_event_may_come_late() -> None:
    """A late event is held back, is overtaken by the next ones, and comes once."""
    scene = Setting(given=faults(late=1))
    ids = scene.record(*range(20))

    scene.integration.deliver()
    assert scene.portal.taken == []
    scene.clock.run_to(START + 10 * DAY)

    assert sorted(scene.portal.taken) == sorted(ids)
    assert scene.portal.taken != ids


def test_faults_come_as_often_as_is_said() -> None:
    """The shares of the rollout are the shares of events that come twice and late."""
    scene = Setting(given=faults(twice=0.3, late=0.2))
    scene.record(*range(4000))

    scene.integration.deliver()
    on_time = set(scene.portal.taken)
    scene.clock.run_to(START + 10 * DAY)

    counts = Counter(scene.portal.taken)
    assert abs((4000 - len(on_time)) / 4000 - 0.2) < 0.03
    assert abs(sum(n == 2 for n in counts.values()) / 4000 - 0.8 * 0.3) < 0.03
    assert len(counts) == 4000


def test_the_same_seed_has_the_same_faults() -> None:
    """A run repeats, its faults with it; another seed has others."""

    def came(seed: int) -> list[tuple[str, int]]:
        scene = Setting(seed=seed, given=faults(twice=0.5, late=0.5))
        scene.record(*range(50))
        scene.integration.deliver()
        scene.clock.run_to(START + 10 * DAY)
        return scene.delivered

    assert came(1) == came(1)
    assert came(1) != came(2)


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


SCRIPTS = st.lists(st.sampled_from([202, 200, 400, 429, 500, 503]), max_size=40)


@given(
    seed=st.integers(0, 1000),
    script=SCRIPTS,
    rounds=st.lists(st.integers(0, 230), max_size=4),
    rates=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 90)),
)
@settings(deadline=None, max_examples=60)
def test_every_event_arrives_in_the_end(
    seed: int, script: list[int], rounds: list[int], rates: tuple[float, float, float]
) -> None:
    """Whatever comes late, comes twice or is refused, the portal has every event in the end."""
    twice, late, minutes = rates
    scene = Setting(seed=seed, given=faults(twice=twice, late=late, minutes=minutes))
    # The same delivery is refused five times at most, so that giving up is not what is tried here.
    refused: Counter[str] = Counter()
    waiting = iter(script)

    def answer(delivery: Delivery) -> int:
        status = next(waiting, 202)
        for each in ids_in(delivery):
            refused[each] += status != 202
            if refused[each] > len(RETRY_SECONDS):
                return 202
        return status

    scene.portal.on_deliver = answer
    ids: list[str] = []
    for events in rounds:
        ids += scene.record(*range(len(ids), len(ids) + events))
        scene.integration.deliver()
        scene.clock.run_to(scene.clock.now + timedelta(minutes=7))
    scene.clock.run_to(START + 60 * DAY)

    assert set(scene.portal.taken) == set(ids)
    assert max(Counter(scene.portal.taken).values(), default=0) <= 2
    assert all(len(each.events) <= BATCH_EVENTS_MAX for each in scene.portal.deliveries)
    assert {each for each, status in scene.delivered if status == 202} == set(ids)
