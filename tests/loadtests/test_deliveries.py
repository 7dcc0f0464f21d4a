"""Delivery at least once: again until it is accepted, and then no more."""

import threading
from collections import Counter

import pytest

from loadtests import deliveries as module
from loadtests.deliveries import Batch, Deliveries
from simulator.drivers.base import Delivery, Driver
from simulator.errors import PortalUnreachable, SuiteError
from simulator.neighbours.crime_system.outgoing import Outgoing


class Portal:
    """Answers as told, in turn, and 202 from then on; None is no answer. Only `deliver` works."""

    capabilities = frozenset[str]()

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.took: list[str] = []
        self.closed = 0

    def deliver(self, delivery: Delivery) -> int:
        """Take a delivery, or not."""
        answer = self.answers.pop(0) if self.answers else 202
        if answer is None:
            raise PortalUnreachable("no answer")
        if answer == 202:
            self.took += [each.decode() for each in delivery.events]
        return answer

    def close(self) -> None:
        """Count how often it was let go."""
        self.closed += 1


def batches(count: int) -> list[Batch]:
    """Make batches of two events each."""
    return [
        Batch(tuple(Outgoing(f"{each}{part}", f"{each}{part}".encode()) for part in "ab"))
        for each in range(count)
    ]


def drivers(*portals: Portal) -> list[Driver]:
    """Use them as drivers."""
    return list(portals)  # type: ignore[arg-type]


def test_an_event_not_accepted_is_delivered_again() -> None:
    """After no answer, a failure or a refusal, each event is accepted in the end, once."""
    portal = Portal(None, 503, 500, 202, None, 401)
    deliveries = Deliveries(lambda: drivers(portal), senders=2)
    deliveries.begin(batches(5))
    deliveries.finish()

    wanted = {f"{each}{part}" for each in range(5) for part in "ab"}
    assert Counter(portal.took) == dict.fromkeys(wanted, 1)
    assert deliveries.accepted == wanted
    assert deliveries.redelivered == 5
    assert portal.closed == 2


def test_another_process_may_accept_the_event() -> None:
    """If one process is down all the time, the other accepts everything."""
    down, up = Portal(*[None] * 1000), Portal()
    deliveries = Deliveries(lambda: drivers(down, up), senders=2)
    deliveries.begin(batches(6))
    deliveries.finish()

    assert down.took == []
    assert len(up.took) == 12


def test_one_list_after_another() -> None:
    """The accepted events add up over the rounds."""
    portal = Portal()
    deliveries = Deliveries(lambda: drivers(portal), senders=1)
    for _ in range(2):
        deliveries.begin(batches(1))
        deliveries.finish()

    assert portal.took == ["0a", "0b"] * 2
    assert deliveries.accepted == {"0a", "0b"}


def test_the_wait_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A portal that never accepts is reported after a while."""
    monkeypatch.setattr(module, "_SECONDS_MAX", 0.2)
    deliveries = Deliveries(lambda: drivers(Portal(*[503] * 1000)), senders=2)
    deliveries.begin(batches(3))

    with pytest.raises(SuiteError, match="3 deliveries were not answered 202"):
        deliveries.finish()


def test_a_stop_ends_the_wait_at_once() -> None:
    """A stop ends it however much is left: nobody waits until all the events are accepted."""
    stop = threading.Event()
    deliveries = Deliveries(lambda: drivers(Portal(*[503] * 100_000)), senders=2, stop=stop)
    deliveries.begin(batches(3))
    stop.set()

    with pytest.raises(SuiteError, match="stopped before the end"):
        deliveries.finish()


def test_an_error_in_a_thread_is_raised_by_finish() -> None:
    """Our own error is not a loss by the portal."""

    class Broken(Portal):
        def deliver(self, delivery: Delivery) -> int:
            raise ZeroDivisionError

    deliveries = Deliveries(lambda: drivers(Broken()), senders=2)
    deliveries.begin(batches(2))

    with pytest.raises(ZeroDivisionError):
        deliveries.finish()
