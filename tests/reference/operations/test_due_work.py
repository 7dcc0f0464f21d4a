"""The loop of a live portal: nothing ends it but the end, and the end leaves nothing half done."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from reference.operations import due_work as module
from reference.operations.due_work import DueWork
from reference.operations.monitoring import Monitoring
from reference.portal import clock
from reference.portal.correlation import correlation_id
from tests.reference.portal.log_lines import log_lines

NOON = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)
SECRET = "Alex Marsh"
SECONDS_MAX = 5.0
Round = Callable[[datetime], Awaitable[datetime | None]]


def portal(run_due: Round) -> Any:
    """As much of a portal as a worker sees, with due work of the test's own."""
    now = clock.TestClock(NOON)
    return SimpleNamespace(
        clock=now,
        woken=asyncio.Event(),
        stopping=asyncio.Event(),
        run_due=run_due,
    )


def worker_of(around: Any) -> DueWork:
    """Make the worker of a portal, with monitoring of its own."""
    return DueWork(around, Monitoring(around.clock))


def lived(run_due: Round, until: Callable[[Any, DueWork], bool]) -> tuple[Any, DueWork]:
    """Run a worker until something is so; raises TimeoutError if it never is."""

    async def live() -> tuple[Any, DueWork]:
        around = portal(run_due)
        worker = worker_of(around)
        worker.start()
        async with asyncio.timeout(SECONDS_MAX):
            while not until(around, worker):
                await asyncio.sleep(0.001)
        await worker.stop()
        return around, worker

    return asyncio.run(live())


def test_a_round_that_breaks_does_not_end_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged without its words, counted, and tried again; then all is well."""
    monkeypatch.setattr(module, "PUT_OFF_SECONDS_MAX", 0.001)
    rounds: list[str] = []

    async def breaks_twice(_now: datetime) -> None:
        rounds.append(correlation_id())
        if len(rounds) < 3:
            raise LookupError(SECRET)

    with log_lines() as lines:
        _around, worker = lived(breaks_twice, lambda _portal, _worker: len(rounds) >= 3)
    broke = lines.events("due_work_broke")

    assert [line["count"] for line in broke] == [1, 2]
    assert [line["error"] for line in broke] == ["LookupError"] * 2
    assert [line["correlation_id"] for line in broke] == rounds[:2]
    assert len(set(rounds)) == len(rounds)
    assert SECRET not in "".join(lines.written)
    assert "portal_due_work_failures_total 2.0" in worker._monitoring.metrics.text().decode()


def test_what_breaks_is_put_off_ever_longer_and_never_for_ever() -> None:
    """A portal that was broken over a weekend is back within half a minute of its mending."""
    worker = worker_of(portal(_nothing))
    waits = [worker._broke(LookupError()) for _ in range(2000)]

    assert waits == sorted(waits)
    assert 0 < waits[0] <= 1
    assert waits[-1] == module.PUT_OFF_SECONDS_MAX


def test_what_has_broken_is_not_tried_again_at_every_event() -> None:
    """A burst on a broken portal does not become a burst of failures."""
    rounds = 0

    async def breaks(_now: datetime) -> None:
        nonlocal rounds
        rounds += 1
        raise LookupError

    def many_events(around: Any, _worker: DueWork) -> bool:
        around.woken.set()
        events.append(1)
        return len(events) > 100

    events: list[int] = []
    with log_lines():
        lived(breaks, many_events)

    assert rounds == 1


def test_an_event_wakes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that has just come is not left until the next look."""
    monkeypatch.setattr(module, "IDLE_SECONDS_MAX", 3600.0)
    rounds = 0

    async def count(_now: datetime) -> None:
        nonlocal rounds
        rounds += 1

    def until(around: Any, _worker: DueWork) -> bool:
        around.woken.set()
        return rounds > 3

    lived(count, until)

    assert rounds > 3


def test_the_end_lets_what_is_under_way_be_settled() -> None:
    """A message that is being sent is marked as sent, and no other is begun."""
    done: list[str] = []

    async def send_slowly(_now: datetime) -> None:
        done.append("begun")
        await asyncio.sleep(0.05)
        done.append("settled")

    lived(send_slowly, lambda _portal, _worker: bool(done))

    assert done == ["begun", "settled"]


def test_the_end_does_not_wait_for_ever() -> None:
    """What hangs is cut off, and said to have been."""

    async def hang(_now: datetime) -> None:
        await asyncio.Event().wait()

    async def stop() -> None:
        worker = worker_of(portal(hang))
        worker.start()
        await asyncio.sleep(0)
        async with asyncio.timeout(SECONDS_MAX):
            await worker.stop(seconds_max=0.01)

    with log_lines() as lines:
        asyncio.run(stop())

    assert lines.events("due_work_cut_off")


def test_a_worker_that_never_began_stops_at_once() -> None:
    """A portal that failed to start can still be stopped."""
    around = portal(_nothing)
    worker = worker_of(around)

    asyncio.run(worker.stop())

    assert worker.trouble() == "Due work is not being done."
    assert not around.stopping.is_set()


def test_a_worker_in_trouble_says_what_it_is() -> None:
    """Not begun, stuck, broken for long, ended: and nothing while it works."""

    async def look() -> list[str]:
        around = portal(_nothing)
        worker = worker_of(around)
        said = [worker.trouble()]
        worker.start()
        await asyncio.sleep(0.01)
        said.append(worker.trouble())
        around.clock.move(NOON + timedelta(seconds=module.STALLED_SECONDS + 1))
        said.append(worker.trouble())
        await worker.stop()
        said.append(worker.trouble())
        return said

    not_begun, works, stuck, ended = asyncio.run(look())

    assert works == ""
    assert "not got on" in stuck
    assert not_begun == ended == "Due work is not being done."


def test_one_that_breaks_again_and_again_is_in_trouble() -> None:
    """A round that failed just now may pass; one that has failed for a minute needs an operator."""

    async def breaks(_now: datetime) -> None:
        raise LookupError

    said: list[str] = []

    def look(around: Any, worker: DueWork) -> bool:
        if not worker._failures:
            return False
        said.append(worker.trouble())
        around.clock.move(NOON + timedelta(seconds=module.STALLED_SECONDS + 1))
        worker._monitoring.pulse.beat()
        said.append(worker.trouble())
        return True

    with log_lines():
        lived(breaks, look)

    assert said == ["", "Due work has broken 1 times in a row."]


async def _nothing(_now: datetime) -> None:
    """Have nothing to do."""
