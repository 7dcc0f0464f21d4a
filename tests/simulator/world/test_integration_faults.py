"""Rules of a delivery with faults: twice, late, refused, and in the end at least once."""

from collections import Counter
from datetime import timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.drivers.base import Delivery
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.world.integration import RETRY_SECONDS
from tests.examples import examples
from tests.simulator.delivering import START, Setting, faults
from tests.simulator.scripted_driver import ids_in

DAY = timedelta(days=1)


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


def test_one_event_more_changes_the_fate_of_no_other() -> None:
    """Two scenarios that differ by an officer's reply to one crime deliver all else alike."""

    def on_time(*, with_reply: bool) -> set[str]:
        scene = Setting(given=faults(twice=0.5, late=0.5))
        for crime in range(50):
            kinds = ["CrimeRecorded", *(["OfficerReplied"] if with_reply and crime == 3 else [])]
            for kind in (*kinds, "CrimeClosed"):
                body = {"type": kind, "data": {"crime_reference": str(crime)}}
                name = f"{kind} {crime}"
                scene.queue.append(Outgoing(name, msgspec.json.encode({"id": name, **body})))
        scene.integration.deliver()
        return set(scene.portal.taken) - {"OfficerReplied 3"}

    assert on_time(with_reply=True) == on_time(with_reply=False)


SCRIPTS = st.lists(st.sampled_from([202, 200, 400, 429, 500, 503]), max_size=40)


@given(
    seed=st.integers(0, 1000),
    script=SCRIPTS,
    rounds=st.lists(st.integers(0, 230), max_size=4),
    rates=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 90)),
)
@settings(deadline=None, max_examples=examples(60))
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
