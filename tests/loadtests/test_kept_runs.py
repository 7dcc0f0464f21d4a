"""Runs of a folder are read, one or several; what is no run is named."""

from pathlib import Path

import msgspec
import pytest

from loadtests.kept_runs import read_runs
from simulator.errors import BadInput
from tests.loadtests.load_results import held


def _keep(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "load.json").write_bytes(msgspec.json.encode(held()))


def test_one_run_and_several_are_read(tmp_path: Path) -> None:
    """A folder with a result, or a folder of such folders."""
    _keep(tmp_path / "one")
    for number in range(3):
        _keep(tmp_path / "many" / f"run-{number}")

    assert read_runs(tmp_path / "one") == [held()]
    assert read_runs(tmp_path / "many") == [held()] * 3


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff"])
def test_what_is_no_run_is_named(tmp_path: Path, content: bytes | None) -> None:
    """An empty folder, and a file that is not a result."""
    if content is not None:
        (tmp_path / "load.json").write_bytes(content)
    with pytest.raises(BadInput, match="run"):
        read_runs(tmp_path)
