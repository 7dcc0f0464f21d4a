"""Whole bursts, as the command line runs them: Locust, a portal at a URL, and the judge."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TypeGuard

import psutil
import pytest
import tomli_w
from playwright._impl._driver import compute_driver_executable

from loadtests.burst_run import STOPPED, main
from loadtests.fault_player import LIBRARIES
from simulator.evidence.files import read_evidence
from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    ReceiptSent,
    Record,
    Seen,
)
from tests.loadtests.bursts_for_tests import write_burst
from tests.loadtests.whole_bursts import begin, broken_target, finish, result_in, wait_until_sent
from tests.simulator.real_files import ROOT

HERE = ("--listen", "127.0.0.1")
BURSTS = ROOT / "scenarios" / "bursts"
TARGETS = ROOT / "scenarios" / "targets"


def needs_libfaketime() -> pytest.MarkDecorator:
    """Skip where the library is missing that moves the clock of one process."""
    is_there = any(any(Path("/").glob(each.removeprefix("/"))) for each in LIBRARIES)
    return pytest.mark.skipif(not is_there, reason="libfaketime is not installed")


def _of_burst(record: Record) -> TypeGuard[EventRecorded]:
    """Say whether a record is of an update of the burst."""
    return isinstance(record, EventRecorded) and "-burst-" in record.event_id


@pytest.mark.proof
@pytest.mark.slow(seconds=14)
def test_the_smoke_burst_loses_nothing(tmp_path: Path) -> None:
    """The reference passes the smoke burst: a message for each closure that can be told.

    What goes to the wrong person is the force's contact data, and no fault of the portal's.

    `make test` runs it too, by its command: see tests/test_installed_suite.py.
    """
    process = begin(str(BURSTS / "smoke.toml"), "--out", str(tmp_path))
    words = finish(process)

    assert process.returncode == 0, words
    result = result_in(tmp_path)
    assert result.verdict in ("PASS", "WARNING")
    assert {(each.harm, each.owner) for each in result.harms} == {("misdirected", "contact data")}
    assert not result.failures
    assert result.events_scheduled == result.events_accepted == 400
    assert 300 < result.messages == result.obligations < 400
    assert result.visits > 0
    assert result.visits_failed == 0


@pytest.mark.slow(seconds=8, waits=True)
def test_a_burst_leaves_its_evidence(tmp_path: Path) -> None:
    """One file of evidence has messages, receipts and what visitors saw; no code, no link.

    Locust's master sends it by two workers, and the judge sees what both did.
    """
    burst = write_burst(
        tmp_path,
        crimes=20,
        visitors=10,
        visits_per_second=20,
        senders=4,
        batch_events=2,
        pages_watched=3,
        shape="at once",
    )
    process = begin(str(burst), "--out", str(tmp_path / "out"), "--workers", "2")
    words = finish(process)

    assert process.returncode == 0, words
    records = read_evidence([tmp_path / "out" / "evidence.ndjson"])
    messages = [each for each in records if isinstance(each, MessageAccepted)]
    timelines = [each for each in records if isinstance(each, Seen) and each.where == "timeline"]
    assert sum(not each.carries for each in messages) == 20
    assert {each.carries for each in messages} == {"", "invitation", "one_time_code"}
    assert any(isinstance(each, ReceiptSent) for each in records)
    assert timelines
    assert all(each.texts for each in timelines)
    result = result_in(tmp_path / "out")
    assert (result.verdict, result.limited_by) == ("PASS", "")
    assert (result.ordered.workers, result.events_accepted, result.visits) == (2, 20, 4)
    assert (result.ordered.pages_watched, result.ordered.pages_cut_off) == (3, 0)
    assert result.measures["pages_never_shown_share"] == 0
    sources = {each.event_id.rpartition("-burst-")[2][0] for each in records if _of_burst(each)}
    assert sources == {"0", "1"}
    assert (tmp_path / "out" / "locust_stats.csv").stat().st_size
    assert b"<html" in (tmp_path / "out" / "locust.html").read_bytes()[:2000].lower()


@pytest.mark.slow(seconds=10, waits=True)
def test_a_portal_that_loses_and_repeats_messages_fails(tmp_path: Path) -> None:
    """One update in ten is lost and one sent twice: all of them are found, and no others."""
    burst = write_burst(tmp_path)
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(broken_target(tmp_path)))
    words = finish(process)

    assert process.returncode == 1, words
    result = result_in(tmp_path)
    assert result.verdict == "FAIL"
    assert {each.harm: each.count for each in result.harms} == {"lost": 10, "duplicated": 10}
    assert all(each.owner == "portal" for each in result.harms)
    assert result.events_accepted == result.messages == 100


@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
def test_a_portal_that_repeats_messages_later_fails(tmp_path: Path) -> None:
    """A queue hands over again what nobody confirmed: the burst waits for that."""
    burst = write_burst(tmp_path, visitors=0, repeats_seconds=6.0)
    target = broken_target(tmp_path, "repeats_later")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == 1, words
    assert {each.harm: each.count for each in result_in(tmp_path).harms} == {"duplicated": 10}


@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
def test_a_page_that_never_shows_the_news_fails(tmp_path: Path) -> None:
    """Every victim is told by text, and finds nothing on the page: each such page is counted."""
    burst = write_burst(
        tmp_path, crimes=20, visitors=0, pages_watched=3, drain_seconds_max=8.0, shape="at once"
    )
    target = broken_target(tmp_path, "shows_no_news")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == 1, words
    result = result_in(tmp_path)
    assert (result.verdict, result.harms, result.messages) == ("FAIL", [], 20)
    assert result.measures["pages_never_shown_share"] == 1.0
    assert (result.ordered.pages_watched, result.ordered.pages_cut_off) == (3, 0)


@pytest.mark.proof
@pytest.mark.slow(seconds=20, waits=True)
@pytest.mark.parametrize(
    ("name", "harms"), [("shows_everybody_one_page", {"disclosed"}), ("shows_old_pages", set())]
)
def test_a_page_from_a_cache_fails(tmp_path: Path, name: str, harms: set[str]) -> None:
    """Another person's is a disclosure, to visitors and watchers; an old one never has the news."""
    burst = write_burst(
        tmp_path, crimes=20, visitors=5, pages_watched=3, drain_seconds_max=8.0, shape="at once"
    )
    target = broken_target(tmp_path, name)
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == 1, words
    result = result_in(tmp_path)
    assert (result.verdict, {each.harm for each in result.harms}) == ("FAIL", harms)
    assert {each.requirement for each in result.failures} == ({"PRIV-03"} if harms else set())
    assert result.measures["pages_never_shown_share"] > 0.6


@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
@pytest.mark.parametrize(
    ("name", "code"),
    [("ignores_stop", 1), ("create_app_that_works", 0)],
)
def test_who_texted_stop_gets_no_more_messages(tmp_path: Path, name: str, code: int) -> None:
    """A portal that takes STOP and sends on fails; the reference tells all others, and no more."""
    burst = write_burst(
        tmp_path, crimes=60, visitors=0, stops_share=0.5, closures_per_second=15, batch_events=2
    )
    target = broken_target(tmp_path, name)
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == code, words
    result = result_in(tmp_path)
    assert result.ordered.stops == 30
    assert result.measures["stops_not_taken_share"] == 0
    assert bool(result.failures) == bool(code)
    assert 30 <= result.obligations < 60
    assert code or result.messages < 60


@pytest.mark.slow(seconds=40, waits=True)
@pytest.mark.proof
@pytest.mark.parametrize(("name", "code"), [("sends_by_night", 1), ("create_app_that_works", 0)])
def test_what_was_recorded_by_night_is_told_when_quiet_hours_end(
    tmp_path: Path, name: str, code: int
) -> None:
    """Nothing goes before, and everything soon after; a portal that sends at once fails."""
    burst = write_burst(
        tmp_path, crimes=40, visitors=0, update="recorded", shape="at once", quiet_seconds=40
    )
    target = broken_target(tmp_path, name)
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == code, words
    result = result_in(tmp_path)
    assert len(result.failures) == (40 if code else 0)
    assert result.messages == 40
    assert code or result.series[0].backlog + result.series[0].messages >= 40


@pytest.mark.proof
@pytest.mark.slow(seconds=10, waits=True)
def test_a_delivery_that_was_answered_too_late_is_no_harm(tmp_path: Path) -> None:
    """The portal told victims before the delivery that was repeated was answered: it had it."""
    burst = write_burst(tmp_path, crimes=20, visitors=0)
    target = broken_target(tmp_path, "answers_late")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    result = result_in(tmp_path)
    statuses = [
        each.status
        for each in read_evidence([tmp_path / "evidence.ndjson"])
        if isinstance(each, EventDelivered) and "-burst-" in each.event_id
    ]
    assert process.returncode == 0, words
    assert (result.messages, result.harms) == (20, [])
    assert sorted(statuses) == [0] * 10 + [202] * 20


def test_stopping_a_run_stops_all_of_it(tmp_path: Path) -> None:
    """Portal and Locust stop with the runner, and no unjudged result is left."""
    process = begin(str(BURSTS / "smoke.toml"), "--out", str(tmp_path))
    end = time.monotonic() + 60
    while not (tmp_path / "locust.txt").exists() and time.monotonic() < end:
        time.sleep(0.05)

    process.send_signal(signal.SIGTERM)
    finish(process)

    assert process.returncode == STOPPED
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert not (tmp_path / "load.json").exists()


def test_a_mistake_in_a_file_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Misuse ends with exit code 2 and one line, before anything is started."""
    burst = write_burst(tmp_path, crimes=0)
    assert main([str(burst), "--out", str(tmp_path / "out")]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert "crimes.value is 0" in line
    assert not (tmp_path / "out").exists()


def test_a_portal_that_does_not_start_was_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unreachable portal gives exit code 3, its last output, and a report that says so."""
    path = broken_target(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("broken_portal", "no_such_portal"))

    burst = write_burst(tmp_path)
    code = main([str(burst), "--out", str(tmp_path), "--target", str(path)])

    assert code == 3
    assert "the portal stopped at once" in capsys.readouterr().err
    assert result_in(tmp_path).verdict == "INCONCLUSIVE"
    assert "the portal stopped at once" in result_in(tmp_path).stopped


@pytest.mark.proof
@pytest.mark.slow(seconds=40, waits=True)
def test_two_workers_find_the_same_harms(tmp_path: Path) -> None:
    """What a portal loses and repeats is found however the burst is sent."""
    burst = write_burst(tmp_path, senders=4)
    process = begin(
        *(str(burst), "--out", str(tmp_path), "--target", str(broken_target(tmp_path))),
        *("--workers", "2"),
    )
    words = finish(process)

    assert process.returncode == 1, words
    harms = {each.harm: each.count for each in result_in(tmp_path).harms}
    assert harms == {"lost": 10, "duplicated": 10}


@pytest.mark.proof
@pytest.mark.slow(seconds=60, waits=True)
def test_a_worker_that_is_killed_leaves_nothing_to_judge(tmp_path: Path) -> None:
    """The result says that the generator was the limit, and is no pass."""
    burst = write_burst(
        tmp_path, senders=4, crimes=800, closures_per_second=20, drain_seconds_max=30.0
    )
    out = tmp_path / "out"
    process = begin(str(burst), "--out", str(out), "--workers", "2")
    wait_until_sent(out)
    _worker_of(process.pid).kill()
    words = finish(process)

    assert process.returncode == 3, words
    assert "1 of 2 workers ended before" in result_in(out).limited_by


@pytest.mark.proof
@pytest.mark.slow(seconds=30, waits=True)
def test_workers_join_a_master_by_their_own_commands(tmp_path: Path) -> None:
    """As on three machines: a master that waits for two, and workers with no burst of theirs."""
    burst = write_burst(tmp_path, crimes=40, senders=4, batch_events=2, visits_per_second=10)
    out, target = tmp_path / "out", "scenarios/targets/reference-for-load.toml"
    process = begin(str(burst), "--out", str(out), "--master", "--workers", "2", *HERE)
    join = ["-m", "loadtests.load_worker", "--master-host", "127.0.0.1", "--target", target]
    workers = [subprocess.Popen([sys.executable, *join], cwd=ROOT) for _ in range(2)]
    words = finish(process)

    assert process.returncode == 0, words
    assert [each.wait(30) for each in workers] == [0, 0]
    result = result_in(out)
    assert (result.ordered.workers, result.messages, result.limited_by) == (2, 40, "")


def _worker_of(pid: int) -> psutil.Process:
    """Find one of Locust's workers."""
    children = psutil.Process(pid).children(recursive=True)
    return next(each for each in children if "--worker" in each.cmdline())


@pytest.mark.proof
@pytest.mark.slow(seconds=60, waits=True)
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("portal-killed", ()),
        ("worker-killed", ("--database", "postgresql", "--portal-workers", "2")),
        ("database-restarted", ("--database", "postgresql")),
        ("gateway-slowed", ()),
        ("gateway-down", ()),
        ("gateway-limited", ()),
        ("disk-full", ()),
        pytest.param("clock-jump", (), marks=needs_libfaketime()),
    ],
)
def test_nothing_is_lost_or_told_twice_in_a_fault(
    name: str, more: tuple[str, ...], tmp_path: Path
) -> None:
    """The reference makes each fault good, and the result says how soon.

    What goes to the wrong person is the force's contact data, as without a fault.
    """
    process = begin(str(BURSTS / f"{name}.toml"), "--out", str(tmp_path), *more)
    _, words = process.communicate(timeout=600)
    result = result_in(tmp_path)

    assert process.returncode == 0, words.decode()
    assert {each.owner for each in result.harms} == {"contact data"}
    assert result.messages == result.obligations < result.events_accepted
    assert result.events_accepted == result.events_scheduled
    [fault] = result.faults
    assert fault.kind == name.replace("-", " ")
    assert fault.recovery_seconds is not None
    assert name not in REFUSES or _refused(tmp_path), "the fault did nothing"


#: While these last, the portal cannot take what it is given.
REFUSES = {"portal-killed", "database-restarted", "disk-full"}


def _refused(folder: Path) -> int:
    """Count the updates of the burst that were not taken at once."""
    records = read_evidence([folder / "evidence.ndjson"])
    return sum(isinstance(each, EventDelivered) and each.status != 202 for each in records)


@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
@needs_libfaketime()
@pytest.mark.parametrize(
    ("name", "code"), [("waits_for_its_clock", 1), ("create_app_that_works", 0)]
)
def test_a_clock_that_jumps_under_load_loses_nothing(tmp_path: Path, name: str, code: int) -> None:
    """An hour ahead for two seconds, and right again: a portal that then waits for it fails."""
    jump = {"kind": "clock jump", "at_seconds": 1.0, "for_seconds": 2.0, "seconds": 3600.0}
    burst = write_burst(
        tmp_path, crimes=100, closures_per_second=20, silence_seconds=4.0, faults=[jump]
    )
    target = broken_target(tmp_path, name)
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)

    assert process.returncode == code, words
    result = result_in(tmp_path)
    [fault] = result.faults
    assert (fault.recovery_seconds is None) == bool(code)
    assert {each.harm for each in result.harms} == ({"lost"} if code else set())


@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
@pytest.mark.parametrize(("name", "is_missed"), [("grows", True), ("create_app_that_works", False)])
def test_a_soak_shows_a_portal_that_grows(
    tmp_path: Path,
    name: str,
    is_missed: bool,  # noqa: FBT001
) -> None:
    """It goes on for as long as was said, at the burst's rates, and measures the memory."""
    burst = write_burst(tmp_path, name="Soak", closures_per_second=20, batch_events=10)
    target = broken_target(tmp_path, name)
    process = begin(
        *(str(burst), "--out", str(tmp_path), "--target", str(target)), *("--soak", "0.1")
    )
    words = finish(process)

    assert process.returncode == 0, words
    result = result_in(tmp_path)
    assert (result.events_scheduled, result.messages, result.failures) == (120, 120, [])
    [limit] = [each for each in result.slos if each.measure == "memory_growth_megabytes"]
    assert limit.verdict == ("WARNING" if is_missed else "PASS")


@pytest.mark.proof
@pytest.mark.slow(seconds=10, waits=True)
def test_a_portal_is_loaded_through_its_vendors_program(tmp_path: Path) -> None:
    """Every call of a burst goes through the vendor's program, and Locust counts its methods."""
    values = tomllib.loads((TARGETS / "reference-by-program.toml").read_text(encoding="utf-8"))
    values["order"] = "scenarios/orders/burst.toml"
    values["access"]["program"][0] = str(compute_driver_executable()[0])
    values["claims"]["capabilities"].remove("test_clock")
    target = tmp_path / "target.toml"
    target.write_text(tomli_w.dumps(values), encoding="utf-8")
    burst = write_burst(
        tmp_path, crimes=20, visitors=4, visits_per_second=20, senders=2, batch_events=2
    )
    out = tmp_path / "out"
    process = begin(str(burst), "--out", str(out), "--target", str(target))
    words = finish(process)

    assert process.returncode == 0, words
    result = result_in(out)
    assert (result.verdict, result.events_accepted) == ("PASS", 20)
    assert result.reached.startswith("by its own driver")
    assert result.vouched_by
    calls = (out / "locust_stats.csv").read_text(encoding="utf-8")
    assert "DRIVER,updates: deliver,10,0," in calls
    assert "DRIVER,read: timeline," in calls
    assert "/api/" not in calls
