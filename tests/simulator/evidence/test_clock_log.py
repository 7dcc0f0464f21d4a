"""When a run was made is read off its evidence, by process; what is no evidence is one sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.evidence.clock_log import read_clock_log
from simulator.evidence.files import write_evidence
from simulator.evidence.records import PhaseEntered
from tests.examples import examples

WALL = datetime(2026, 11, 2, 15, tzinfo=UTC)


def written(folder: Path, *, wall: datetime = WALL) -> Path:
    """Write what two processes saw, the later one first."""
    path = folder / "evidence.ndjson"
    with path.open("wb") as file:
        for process, hours in (("second", (5, 9)), ("first", (7, 1, 4))):
            records = [
                PhaseEntered(at=datetime(2026, 8, 1, hour, tzinfo=UTC), phase=1) for hour in hours
            ]
            write_evidence(file, records, process=process, wall=wall)
    return path


def test_each_process_has_its_span(tmp_path: Path) -> None:
    """How many records, and the first and last moment, in whatever order they were written."""
    first, second = read_clock_log(written(tmp_path))

    assert (first.process, first.records, second.process) == ("first", 3, "second")
    assert (first.world_first.hour, first.world_last.hour) == (1, 7)
    assert (first.wall_first, first.wall_last) == (WALL, WALL)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "evidence.ndjson: the file is empty"),
        (b"PASS\n", "evidence.ndjson:1: not a line of evidence"),
        (b'{"process":"a","wall":"2026-11-02T15:00:00","record":{}}\n', ":1: not a line"),
        (b"\xff\xfe\n", ":1: not a line of evidence"),
    ],
)
def test_what_is_no_evidence_is_said(tmp_path: Path, line: bytes, said: str) -> None:
    """It names the file and the line."""
    path = tmp_path / "evidence.ndjson"
    path.write_bytes(line)

    with pytest.raises(BadInput, match=said):
        read_clock_log(path)


def test_a_clock_that_nobody_set_dates_nothing(tmp_path: Path) -> None:
    """A run of 1970 is refused: a waiver could not be reckoned by it."""
    path = written(tmp_path, wall=datetime(1970, 1, 1, tzinfo=UTC))

    with pytest.raises(BadInput, match="set this machine's clock"):
        read_clock_log(path)


@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    """Whatever the file holds, there is never a stack trace."""
    path = tmp_path / "evidence.ndjson"
    path.write_bytes(data)

    with pytest.raises(BadInput) as caught:
        read_clock_log(path)

    assert "\n" not in str(caught.value)
