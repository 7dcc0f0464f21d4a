"""Rules of the results folder: what a run left is named, and what it did not leave is not."""

from pathlib import Path

import pytest

from simulator.errors import BadInput, PortalUnreachable
from simulator.results.folder import REPORTS, cleared_for, cleared_unless_misused, written


@pytest.mark.parametrize("command", sorted(REPORTS))
def test_only_what_is_there_is_named(tmp_path: Path, command: str) -> None:
    """Nobody is sent to a file that was never written."""
    first, *_others = REPORTS[command]
    assert written(command, tmp_path) == []

    (tmp_path / first).touch()

    assert written(command, tmp_path) == [tmp_path / first]


@pytest.mark.parametrize("command", sorted(REPORTS))
def test_a_folder_is_made_and_cleared(tmp_path: Path, command: str) -> None:
    """It is made where there is none, and nothing is left in it by the looking."""
    out = tmp_path / "a" / "b"
    cleared_for(command, out)
    assert list(out.iterdir()) == []

    for name in (*REPORTS[command], "mine.txt"):
        (out / name).write_text("PASS")
    cleared_for(command, out)
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_one_command_leaves_the_results_of_another(tmp_path: Path) -> None:
    """An hour's rehearsal is not lost to an acceptance that is written beside it."""
    (tmp_path / "rehearsal.json").touch()

    cleared_for("accept", tmp_path)

    assert (tmp_path / "rehearsal.json").exists()


def test_a_link_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    """What somebody linked to from a results folder is theirs."""
    (tmp_path / "mine").write_text("kept")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").symlink_to(tmp_path / "mine")

    cleared_for("prove", out)

    assert (tmp_path / "mine").read_text() == "kept"
    assert not (out / "report.html").is_symlink()


@pytest.mark.parametrize("error", [PortalUnreachable, KeyboardInterrupt])
def test_what_was_begun_leaves_no_earlier_verdict(
    tmp_path: Path, error: type[BaseException]
) -> None:
    """Where a portal was tried and not judged, an earlier PASS does not stand afterwards."""
    (tmp_path / "check.json").write_text("PASS")

    with pytest.raises(error), cleared_unless_misused("check", tmp_path):
        raise error("nobody answers")

    assert list(tmp_path.iterdir()) == []


def test_what_was_mistyped_takes_nothing_away(tmp_path: Path) -> None:
    """A mistake of the tester's has begun nothing."""
    (tmp_path / "check.json").write_text("PASS")

    with pytest.raises(BadInput), cleared_unless_misused("check", tmp_path):
        raise BadInput("no such file")

    assert (tmp_path / "check.json").read_text() == "PASS"


def test_test_weeks_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """A run without them leaves no page of weeks that it did not rehearse."""
    (tmp_path / "window.html").touch()

    cleared_for("accept", tmp_path)

    assert list(tmp_path.iterdir()) == []
