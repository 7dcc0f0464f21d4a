"""Rules of the recorder: what an exception means for the portal, and what is written down."""

import resource
from pathlib import Path

import msgspec
import pytest

from features.recorder import Recorder, verdict_of
from features.running_scenario import Unmet
from simulator.drivers.base import Refused
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.processes.features_process import CANNOT_WRITE
from simulator.results.values import ScenarioResult
from simulator.verdicts import Kind


@pytest.mark.parametrize(
    ("error", "verdict", "reason"),
    [
        (None, "PASS", ""),
        (Unmet("one message", "two"), "FAIL", ""),
        (Refused(403, "Not you"), "FAIL", "403 Not you"),
        (PortalNonsense("answered 500"), "FAIL", "answered 500"),
        (CannotVerify("this takes a day"), "SKIP", "this takes a day"),
        (PortalUnreachable("no answer"), "INCONCLUSIVE", "no answer"),
    ],
)
def test_each_exception_has_its_verdict(
    error: BaseException | None, verdict: Kind, reason: str
) -> None:
    """The portal fails by what it does; what could not be seen or reached is no failure of it."""
    assert verdict_of(error) == (verdict, reason)


@pytest.mark.parametrize(
    "error", [AssertionError("no session"), KeyError("Alex"), SuiteError("stuck"), BadInput("file")]
)
def test_anything_else_is_the_suites_own_fault(error: BaseException) -> None:
    """An exception that says nothing of the portal is an ERROR of the suite, never a FAIL."""
    verdict, reason = verdict_of(error)

    assert verdict == "ERROR"
    assert reason.startswith(f"the suite's own fault: {type(error).__name__}")


def test_a_failure_is_written_with_what_was_expected(tmp_path: Path) -> None:
    """A scenario's line holds its steps, the one that failed, and what was expected and seen."""
    recorder = Recorder(tmp_path / "scenarios.ndjson")
    recorder.begin()
    recorder.steps.append("Then Alex is told")
    recorder.failed_step = "Then Alex is told"
    end(recorder, Unmet("one message", "two"))
    end(recorder, None)
    recorder.close()

    failed, after = written(tmp_path / "scenarios.ndjson")

    assert (failed.expected, failed.observed, failed.reason) == ("one message", "two", "")
    assert failed.steps == ("Then Alex is told",)
    assert failed.failed_step == "Then Alex is told"
    assert (after.verdict, after.expected) == ("PASS", "")


def test_a_scenario_starts_afresh(tmp_path: Path) -> None:
    """Nothing of one scenario is written in the line of the next."""
    recorder = Recorder(tmp_path / "scenarios.ndjson")
    recorder.begin()
    recorder.steps.append("Given Alex")
    recorder.failed_step = "Given Alex"
    recorder.begin()
    end(recorder, None)
    recorder.close()

    [line] = written(tmp_path / "scenarios.ndjson")

    assert (line.steps, line.failed_step) == ((), "")


def test_an_unreachable_portal_is_counted_in_a_row(tmp_path: Path) -> None:
    """Only scenarios one after another count: an answer in between begins the count again."""
    recorder = Recorder(tmp_path / "scenarios.ndjson")
    counts = []
    for error in (PortalUnreachable("x"), PortalUnreachable("x"), None, PortalUnreachable("x")):
        end(recorder, error)
        counts.append(recorder.unreachable_in_a_row)
    recorder.close()

    assert counts == [1, 2, 0, 1]


def test_a_silence_that_only_the_vendor_tells_of_is_no_pass(tmp_path: Path) -> None:
    """A scenario that passed by it waits for a person; one that failed has failed."""
    recorder = Recorder(tmp_path / "scenarios.ndjson", {"messages_since"})
    for error in (None, Unmet("nothing", "something")):
        recorder.begin()
        recorder.steps.append("Then Alex gets no more messages")
        end(recorder, error)
    recorder.begin()
    recorder.steps.append("Then Alex is told by text that there is an update")
    end(recorder, None)
    recorder.close()

    results = written(tmp_path / "scenarios.ndjson")
    assert [each.verdict for each in results] == ["REVIEW", "FAIL", "PASS"]
    assert "the vendor's own record alone (messages_since)" in results[0].reason


def test_a_full_disk_ends_the_run(tmp_path: Path) -> None:
    """Its results are removed: fewer scenarios than were asked for would be judged alone."""
    path = tmp_path / "scenarios.ndjson"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    recorder = Recorder(path)
    end(recorder, None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, before[1]))
    try:
        with pytest.raises(pytest.exit.Exception) as caught:
            end(recorder, None)
        recorder.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert caught.value.returncode == CANNOT_WRITE
    assert not path.exists()


def end(recorder: Recorder, error: BaseException | None) -> None:
    """End a scenario with an error, or with none."""
    recorder.end(
        error, id="S-001", name="One", feature="A", phase=1, requirements=("MSG-01",), command="…"
    )


def written(path: Path) -> list[ScenarioResult]:
    """Read what was written."""
    lines = path.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=ScenarioResult) for line in lines]
