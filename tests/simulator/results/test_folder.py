"""The results folder: only the files that exist are listed, and only our own are removed."""

from pathlib import Path

import pytest

from simulator.errors import BadInput, PortalUnreachable
from simulator.results.folder import REPORTS, clear_results, clear_unless_bad_input, result_files


@pytest.mark.parametrize("command", sorted(REPORTS))
def test_only_what_is_there_is_named(tmp_path: Path, command: str) -> None:
    """A file that was never written is not listed."""
    first, *_others = REPORTS[command]
    assert result_files(command, tmp_path) == []

    (tmp_path / first).touch()

    assert result_files(command, tmp_path) == [tmp_path / first]


@pytest.mark.parametrize("command", sorted(REPORTS))
def test_a_folder_is_made_and_cleared(tmp_path: Path, command: str) -> None:
    """The folder is created if missing, and the check leaves nothing in it."""
    out = tmp_path / "a" / "b"
    clear_results(command, out)
    assert list(out.iterdir()) == []

    for name in (*REPORTS[command], "mine.txt"):
        (out / name).write_text("PASS")
    clear_results(command, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_one_command_leaves_the_results_of_another(tmp_path: Path) -> None:
    """An acceptance in the same folder does not remove an hour's rehearsal."""
    (tmp_path / "rehearsal.json").touch()

    clear_results("accept", tmp_path)

    assert (tmp_path / "rehearsal.json").exists()


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    """A file that the results folder links to is not removed."""
    (tmp_path / "mine").write_text("kept")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").symlink_to(tmp_path / "mine")

    clear_results("prove", out)

    assert (tmp_path / "mine").read_text() == "kept"
    assert not (out / "report.html").is_symlink()


@pytest.mark.parametrize("error", [PortalUnreachable, KeyboardInterrupt])
def test_what_was_begun_leaves_no_earlier_verdict(
    tmp_path: Path, error: type[BaseException]
) -> None:
    """If a portal was tried and could not be judged, an earlier PASS is removed."""
    (tmp_path / "check.json").write_text("PASS")

    with pytest.raises(error), clear_unless_bad_input("check", tmp_path):
        raise error("nobody answers")

    assert list(tmp_path.iterdir()) == []


def test_what_was_mistyped_takes_nothing_away(tmp_path: Path) -> None:
    """Wrong input begins nothing, so nothing is removed."""
    (tmp_path / "check.json").write_text("PASS")

    with pytest.raises(BadInput), clear_unless_bad_input("check", tmp_path):
        raise BadInput("no such file")

    assert (tmp_path / "check.json").read_text() == "PASS"


def test_test_weeks_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """A run without test weeks removes the page of an earlier run's."""
    (tmp_path / "window.html").touch()

    clear_results("accept", tmp_path)

    assert list(tmp_path.iterdir()) == []
