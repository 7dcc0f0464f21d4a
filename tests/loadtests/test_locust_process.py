"""Locust that cannot run says so in one sentence, and before the burst where that can be known."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from loadtests import locust_process
from loadtests.locust_process import (
    TALLY,
    Handover,
    LocustWays,
    check_page,
    read_visit_counts,
)
from loadtests.visit_times import VisitCounts
from simulator.errors import BadInput, SuiteError
from simulator.processes.child_process import ChildProcess, child_process
from simulator.processes.loopback import HOST, free_port
from tests.loadtests.bursts_for_tests import burst
from tests.loadtests.test_load_result import CROWD


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port in place of that of Locust's page."""
    found = free_port()
    monkeypatch.setattr(locust_process, "WEB_PORT", found)
    return found


@pytest.fixture
def handover(tmp_path: Path) -> Handover:
    """What Locust was given; it leaves its tally in the folder."""
    return Handover(
        burst=burst(tmp_path),
        crowd=CROWD,
        handsets_url="http://127.0.0.1:1",
        wait_seconds_max=1.0,
        folder=str(tmp_path),
    )


@pytest.fixture
def crashed(tmp_path: Path) -> Iterator[ChildProcess]:
    """A process that wrote its reason to words.txt, and ended with 1."""
    command = [sys.executable, "-c", "raise SystemExit('\\nOSError: Address in use\\n')"]
    with (
        (tmp_path / "words.txt").open("wb") as words,
        child_process(command, stderr=words) as process,
    ):
        process.wait(30)
        yield process


def test_a_page_whose_port_is_taken_is_refused(port: int) -> None:
    """The sentence names the option and the port; without the page nobody needs it."""
    with socket.create_server((HOST, port)):
        check_page(LocustWays())
        with pytest.raises(BadInput, match=rf"--web: .* {HOST}:{port} \(.*or leave --web out"):
            check_page(LocustWays(has_page=True))
    check_page(LocustWays(has_page=True))


def test_the_last_words_of_a_locust_that_failed_are_in_the_error(
    tmp_path: Path, handover: Handover, crashed: ChildProcess
) -> None:
    """They are not left to a file, which is cleared with the rest of the run."""
    with pytest.raises(SuiteError) as told:
        read_visit_counts(crashed, handover, tmp_path / "words.txt")

    assert str(told.value) == "Locust ended with 1; Locust said last: OSError: Address in use"


def test_a_generator_that_broke_has_its_reason(tmp_path: Path, handover: Handover) -> None:
    """Locust itself ended well: what broke is in its tally, and it may have said nothing."""
    counts = msgspec.json.encode(VisitCounts(broke="no codes"))
    (tmp_path / TALLY).write_bytes(counts)
    (tmp_path / "words.txt").touch()
    with child_process([sys.executable, "-c", ""]) as process:
        process.wait(30)
        with pytest.raises(
            SuiteError, match=r"^the generator broke: no codes; Locust said nothing"
        ):
            read_visit_counts(process, handover, tmp_path / "words.txt")
