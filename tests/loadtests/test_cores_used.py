"""What a part takes of the machine is counted to that part, from the first look on."""

import os
import subprocess
import sys
import time
from collections import namedtuple

import psutil
import pytest

from loadtests.cores_used import PRESSURE, MachineTaken, cores_watched, pin_apart

BUSY = "import time\nend = time.monotonic() + 1.5\nwhile time.monotonic() < end: pass  # {}"


def test_a_busy_child_is_the_portal_or_the_generator_by_its_name() -> None:
    """A process that runs the locustfile is the generator; any other is the portal."""
    with cores_watched() as used:
        children = [
            subprocess.Popen([sys.executable, "-c", BUSY.format(name)])
            for name in ("locustfile", "a portal")
        ]
        for child in children:
            child.wait()

    assert used.cores["portal"] > 0
    assert used.cores["generator"] > 0
    assert all(each.busiest["portal"] <= each.used["portal"] for each in used.over_time)
    assert used.over_time
    assert sum(used.cores.values()) > 0.05


def test_what_was_taken_before_the_burst_began_does_not_count() -> None:
    """Locust and its workers start first, and that is not what the burst took."""
    starting = subprocess.Popen([sys.executable, "-c", BUSY.format("locustfile")])
    with cores_watched(has_begun=lambda: starting.poll() is not None) as used:
        starting.wait()
        child = subprocess.Popen([sys.executable, "-c", BUSY.format("a portal")])
        child.wait()
        time.sleep(0.2)

    assert used.cores["generator"] == 0.0
    assert used.cores["portal"] > 0
    assert all(each.used.get("generator", 0.0) == 0.0 for each in used.over_time)
    assert used.over_time[0].second == 0.0


def test_a_burst_that_never_began_is_counted_from_the_start() -> None:
    """Something is known of it all the same."""
    with cores_watched(has_begun=lambda: False) as used:
        child = subprocess.Popen([sys.executable, "-c", BUSY.format("a portal")])
        used.look()
        child.wait()

    assert used.seconds >= 1


def test_nothing_is_taken_by_what_is_not_there() -> None:
    """Without children, only the doubles' own process counts."""
    with cores_watched() as used:
        time.sleep(0.1)

    assert used.cores["portal"] == used.cores["generator"] == 0.0


def test_a_database_is_found_by_its_process_id() -> None:
    """It is no child of ours, and is counted apart."""
    child = subprocess.Popen([sys.executable, "-c", BUSY.format("a database")])
    with cores_watched(lambda: child.pid) as used:
        child.wait()

    assert used.cores["database"] > 0


def test_busy_is_all_but_idle_and_waiting_for_a_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs at a low priority, serves interrupts or is stolen is taken; guests count once."""
    scputimes = namedtuple("scputimes", "user nice system idle iowait irq softirq steal guest")
    taken = scputimes(1.0, 2.0, 4.0, 100.0, 50.0, 8.0, 16.0, 32.0, 1.0)
    monkeypatch.setattr(psutil, "cpu_times", lambda: taken)
    found = MachineTaken.now()

    assert (found.busy, found.stolen) == (63.0, 32.0)


@pytest.mark.skipif(not PRESSURE.exists(), reason="this kernel says nothing of pressure")
def test_pressure_is_a_share_of_the_time() -> None:
    """Between never and always."""
    with cores_watched() as used:
        time.sleep(1.2)

    assert all(0.0 <= (each.waited_share or 0.0) <= 1.0 for each in used.over_time)
    assert any(each.waited_share is not None for each in used.over_time)


def test_portal_and_generator_have_cores_of_their_own() -> None:
    """Where there are two cores or more, the portal is moved off ours."""
    before = os.sched_getaffinity(0)
    child = subprocess.Popen([sys.executable, "-c", BUSY.format("a portal")])
    try:
        is_pinned = pin_apart(None)
        ours, theirs = os.sched_getaffinity(0), os.sched_getaffinity(child.pid)
    finally:
        os.sched_setaffinity(0, before)
        child.wait()

    assert is_pinned == (len(before) > 1)
    assert not is_pinned or not ours & theirs
