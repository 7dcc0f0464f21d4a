"""Rules of relative paths: the current folder first, then the suite's own, and no third place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.files.paths import ROOT, found, found_in

OURS = Path("scenarios/targets/reference.toml")


def test_the_suite_s_own_files_are_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the help and the README name is there in every folder."""
    monkeypatch.chdir(tmp_path)

    assert found(OURS) == ROOT / OURS


def test_a_file_of_the_current_folder_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tester's own file of the same name is used, and keeps the name it was given."""
    (tmp_path / OURS).parent.mkdir(parents=True)
    (tmp_path / OURS).touch()
    monkeypatch.chdir(tmp_path)

    assert found(OURS) == OURS


@pytest.mark.parametrize("name", ["none.toml", "scenarios", "x" * 5_000, ""])
def test_what_is_not_there_stays_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Its reader reports the name that was typed; a folder of the suite is not a file."""
    monkeypatch.chdir(tmp_path)

    assert found(Path(name)) == Path(name)


@given(st.text(max_size=20))
def test_no_path_breaks_it(name: str) -> None:
    """Whatever is typed, it is that path or one below the suite."""
    path = Path(name)

    assert found(path) in {path, ROOT / path}


def test_a_command_finds_the_suites_own_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A target of the suite's starts the same program from any folder; bare words stay."""
    monkeypatch.chdir(tmp_path)
    driver = "fixtures/drivers/contract-portal.mjs"

    assert found_in(["./start", driver, "README.md", "none/there"]) == [
        "./start",
        str(ROOT / driver),
        "README.md",
        "none/there",
    ]
