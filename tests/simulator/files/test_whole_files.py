"""Rules of files that are written whole or not at all."""

import errno
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.files.whole_files import whole_file, write_whole


@pytest.fixture
def file_bytes_max() -> Iterator[int]:
    """Let no file grow beyond a size, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    yield 1000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_has_its_name_when_it_is_whole(tmp_path: Path) -> None:
    """What stood there before stands until then."""
    path = tmp_path / "result.json"
    write_whole(path, "the first ✓")

    with whole_file(path) as file:
        file.write(b"the second")
        file.flush()
        assert path.read_text(encoding="utf-8") == "the first ✓"

    assert path.read_bytes() == b"the second"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path, file_bytes_max: int) -> None:
    """The error names the file and the mend; what stood there before is as it was."""
    path = tmp_path / "result.json"
    path.write_bytes(b"the first")

    with pytest.raises(OSError, match="make room there, and run it again") as caught:
        write_whole(path, bytes(file_bytes_max + 1))

    assert caught.value.errno == errno.EFBIG
    assert caught.value.filename == str(path)
    assert path.read_bytes() == b"the first"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_as_it_is_written_leaves_nothing(tmp_path: Path) -> None:
    """Whatever stops the writing, there is no half of a file."""
    with pytest.raises(ValueError, match="of ours"):
        _write_half(tmp_path / "result.json")

    assert not list(tmp_path.iterdir())


def _write_half(path: Path) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise ValueError("of ours")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The system's own reason, and the file that was to be written."""
    path = tmp_path / "nowhere" / "result.json"

    with pytest.raises(FileNotFoundError) as caught:
        write_whole(path, b"")

    assert caught.value.filename == str(path)
