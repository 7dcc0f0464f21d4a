"""A portal that dies in a burst, or keeps everybody waiting, is not excused by the generator."""

import re
import time
from pathlib import Path

import psutil
import pytest

from tests.loadtests.bursts_for_tests import write_burst
from tests.loadtests.whole_bursts import (
    begin,
    broken_target,
    finish,
    result_in,
    wait_until_sent,
)


@pytest.mark.proof
@pytest.mark.slow(seconds=40, waits=True)
@pytest.mark.parametrize("journeys", ["updates", "updates,sign-in,read,ask"])
def test_a_portal_that_dies_for_good_fails(tmp_path: Path, journeys: str) -> None:
    """Nothing answers any more: the burst ends by itself, and says when and how many are lost."""
    burst = write_burst(
        tmp_path, crimes=2000, closures_per_second=20, down_seconds_max=3.0, visitors=5
    )
    out = tmp_path / "out"
    process = begin(str(burst), "--out", str(out), "--journeys", journeys)
    wait_until_sent(out)
    for each in psutil.Process(process.pid).children(recursive=True):
        if "reference.operations.service:create_app" in each.cmdline():
            each.kill()
    began = time.monotonic()
    words = finish(process)
    result = result_in(out)

    assert process.returncode == 1, words
    assert time.monotonic() - began < 60
    assert (result.verdict, result.limited_by) == ("FAIL", "")
    assert result.stopped.startswith("the portal stopped answering at second ")
    never = re.search(r"; ([\d,]+) of 2,000 updates were never taken", result.stopped)
    assert never is not None
    # What was told before its answer came was taken, too.
    assert 0 < int(never[1].replace(",", "")) <= 2000 - result.events_accepted


@pytest.mark.proof
@pytest.mark.slow(seconds=90, waits=True)
def test_a_portal_that_takes_half_a_minute_to_let_people_in_fails(tmp_path: Path) -> None:
    """Every message came and no visit failed: the time to sign in alone breaks a must."""
    burst = write_burst(
        tmp_path,
        crimes=20,
        shape="at once",
        closures_per_second=10,
        visitors=3,
        visits_per_second=1,
    )
    target = broken_target(tmp_path, "lets_in_slowly")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)

    assert process.returncode == 1, words
    assert (result.verdict, result.visits_failed, result.harms) == ("FAIL", 0, [])
    [broken] = [each for each in result.slos if each.verdict == "FAIL"]
    assert (broken.measure, broken.most) == ("sign_in_p95_seconds", 30)


@pytest.mark.proof
@pytest.mark.slow(seconds=30, waits=True)
def test_a_portal_that_keeps_all_visitors_waiting_fails(tmp_path: Path) -> None:
    """Visits that are due find nobody free: the portal is slow, and no more visitors are asked."""
    burst = write_burst(tmp_path, crimes=100, closures_per_second=10, visitors=5)
    target = broken_target(tmp_path, "answers_slowly")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)

    assert process.returncode == 1, words
    assert (result.verdict, result.limited_by) == ("FAIL", "")
    assert result.slow.startswith("the portal is slow: ")
    assert result.ordered.late_p99_seconds < 1
    assert [each.measure for each in result.slos if each.verdict == "FAIL"] == [
        "failed_visits_share"
    ]


@pytest.mark.slow(seconds=10, waits=True)
def test_one_503_before_the_burst_is_tried_again_and_counted(tmp_path: Path) -> None:
    """There is a report and a verdict, and it names what failed before the burst."""
    burst = write_burst(tmp_path, crimes=20, closures_per_second=20, visitors=5)
    target = broken_target(tmp_path, "refuses_now_and_then")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)

    assert process.returncode in (1, 3), words
    assert not result.stopped
    assert result.events_accepted == 20
    delivered = "before the burst: a batch of CrimeRecorded was answered 503, and delivered again"
    assert result.errors[delivered] == 1
    assert any(each.startswith("before the burst: a registration") for each in result.errors)


@pytest.mark.slow(seconds=8, waits=True)
def test_a_portal_that_takes_no_crimes_leaves_a_report(tmp_path: Path) -> None:
    """Nothing can be said of it under load: the report says why."""
    burst = write_burst(tmp_path, crimes=20, visitors=0, visits_per_second=0, down_seconds_max=1.0)
    target = broken_target(tmp_path, "takes_no_crimes")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)

    assert process.returncode == 3, words
    assert result.verdict == "INCONCLUSIVE"
    assert result.stopped.startswith("the portal did nothing right for 1 s before the burst; last:")
    assert (tmp_path / "evidence.ndjson").stat().st_size


@pytest.mark.slow(seconds=8, waits=True)
def test_receipts_that_are_refused_are_counted(tmp_path: Path) -> None:
    """Nobody would learn that those messages never came."""
    burst = write_burst(tmp_path, crimes=20, closures_per_second=20, visitors=0)
    target = broken_target(tmp_path, "takes_no_receipts")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)
    [receipts] = [each for each in result.slos if each.measure == "receipts_refused_share"]

    assert process.returncode in (0, 3), words
    assert (receipts.verdict, round(receipts.measured, 1)) == ("WARNING", 0.5)
    refused = [each for each in result.errors if each.startswith("a receipt was not taken: ")]
    assert sum(result.errors[each] for each in refused) >= 10


@pytest.mark.proof
@pytest.mark.slow(seconds=25, waits=True)
def test_a_few_who_are_kept_waiting_are_no_pass(tmp_path: Path) -> None:
    """One in forty is beyond p95 alone: the slowest of a thousand has a limit, too."""
    burst = write_burst(
        tmp_path, crimes=100, closures_per_second=10, visitors=40, visits_per_second=6
    )
    target = broken_target(tmp_path, "keeps_a_few_waiting")
    process = begin(str(burst), "--out", str(tmp_path), "--target", str(target))
    words = finish(process)
    result = result_in(tmp_path)
    [slowest] = [each for each in result.slos if each.measure == "sign_in_p999_seconds"]

    assert process.returncode in (0, 3), words
    assert result.verdict in ("WARNING", "INCONCLUSIVE")
    assert slowest.verdict == "WARNING"
    assert slowest.measured >= 7
