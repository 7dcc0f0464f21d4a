"""What was written is read again; a line cut short is left out; any other fault is named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulator.doubles.journal import Entry, EventTaken, Journal, StampKept, TaskKept, open_journal
from simulator.errors import BadInput, SuiteError
from tests.simulator.doubles.crimes import NOW, REFERENCE, stamp, task

ENTRIES: list[Entry] = [
    StampKept(at=NOW, crime_reference=REFERENCE, stamp=stamp()),
    TaskKept(at=NOW, task=task()),
    EventTaken(at=NOW, event_id="doubles-0000001"),
]


def _written(path: Path) -> None:
    journal, _ = open_journal(path)
    for each in ENTRIES:
        journal.write(each)
    journal.close()


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    """Every change comes back, in order, over any number of starts."""
    path = tmp_path / "a folder" / "state.jsonl"
    _written(path)
    _written(path)
    journal, read = open_journal(path)
    journal.close()

    assert read == ENTRIES * 2


def test_without_a_file_nothing_is_kept() -> None:
    """A journal without a file writes nowhere."""
    journal, read = open_journal(None)
    journal.write(ENTRIES[0])
    journal.close()

    assert read == []


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """The file holds what victims were sent."""
    _written(tmp_path / "state.jsonl")

    assert (tmp_path / "state.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cut", [1, 5, 60])
def test_a_line_cut_short_by_a_kill_is_left_out(tmp_path: Path, cut: int) -> None:
    """The other lines are read, and the next change is on a line of its own."""
    path = tmp_path / "state.jsonl"
    _written(path)
    path.write_bytes(path.read_bytes()[:-cut])
    journal, read = open_journal(path)
    journal.write(ENTRIES[2])
    journal.close()
    journal, again = open_journal(path)
    journal.close()

    assert read == ENTRIES[:2]
    assert again == ENTRIES


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=60).filter(lambda each: b"\n" not in each))
def test_any_other_line_is_named(tmp_path: Path, line: bytes) -> None:
    """A file that is no journal is refused with its name and the line, and is left as it was."""
    path = tmp_path / "state.jsonl"
    path.unlink(missing_ok=True)
    _written(path)
    before = path.read_bytes()
    path.write_bytes(before + line + b"\n")
    number = len((before + line).splitlines())
    if not line.strip(b"\r\x0b\x0c\x1c\x1d\x1e\x85"):
        return
    with pytest.raises(BadInput, match=rf"state.jsonl:[5-{number}]: not a line"):
        open_journal(path)

    assert path.read_bytes() == before + line + b"\n"


@pytest.mark.parametrize(
    "others",
    [
        b"notes without a line's end",
        b"SQLite format 3\x00\n\xff\xfe and more",
        b"[portal]\nurl = 1\nhalf a line",
        b'{"entry":"Something"}\n',
        b"\n\n",
        b'{"file":"portal-suite neighbours',
    ],
)
def test_a_file_of_others_is_refused_and_left_as_it_was(tmp_path: Path, others: bytes) -> None:
    """Nothing is cut off it, wherever its last line ends."""
    path = tmp_path / "others.db"
    path.write_bytes(others)
    with pytest.raises(BadInput, match=r"others.db: it holds something else.*give another file"):
        open_journal(path)

    assert path.read_bytes() == others


def test_a_journal_of_an_earlier_version_is_read_on(tmp_path: Path) -> None:
    """It begins with its first change; a line cut short is left out there too."""
    path = tmp_path / "state.jsonl"
    _written(path)
    path.write_bytes(path.read_bytes().partition(b"\n")[2][:-5])
    journal, read = open_journal(path)
    journal.write(ENTRIES[2])
    journal.close()
    journal, again = open_journal(path)
    journal.close()

    assert read == ENTRIES[:2]
    assert again == ENTRIES


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """A folder is no file."""
    with pytest.raises(BadInput, match="cannot be opened"):
        open_journal(tmp_path)


def test_a_full_disk_is_one_sentence() -> None:
    """A change that the disk does not take is an error that names the file."""
    with (
        Path("/dev/full").open("wb", buffering=0) as full,
        pytest.raises(SuiteError, match="/dev/full: could not be written: No space left"),
    ):
        Journal(full).write(ENTRIES[0])
