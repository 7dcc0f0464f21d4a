"""What a command does to its results folder before anything runs, and where it cannot."""

from pathlib import Path

import pytest

from tests.simulator.command_line import portal_suite
from tests.simulator.real_files import ROLLOUT
from tests.simulator.rehearsal.small import write_small

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", [["rehearse", str(ROLLOUT)], ["prove"], ["load", "x.toml"]])
def test_results_that_can_go_nowhere(capsys: Capsys, command: list[str]) -> None:
    """A folder that nothing can be written to is named as the option it is, with the mend."""
    for out in ("/proc/x", "/proc"):
        sentence = portal_suite(capsys, *command, "--out", out).misuse

        assert sentence.startswith(f"--out {out}: ")
        assert sentence.endswith("; give a folder that can be written to")


EARLIER = {
    "rehearse": ("report.html", "rehearsal.json", "evidence.ndjson"),
    "accept": ("report.html", "acceptance.json", "junit.xml", "evidence.ndjson"),
    "check": ("check.json",),
    "prove": ("report.html", "proof.json", "junit.xml"),
    "load": ("report.html", "load.json", "evidence.ndjson"),
}


@pytest.mark.parametrize(
    "command",
    [
        ["rehearse", "none.toml"],
        ["accept", "--target", "none.toml"],
        ["check", "none.toml"],
        ["prove", "--only", "no_such_portal"],
        ["load", "none.toml"],
    ],
    ids=lambda command: command[0],
)
def test_a_refused_run_leaves_no_earlier_verdict(
    capsys: Capsys, tmp_path: Path, command: list[str]
) -> None:
    """An earlier PASS does not stand there afterwards; what is not the suite's is not touched."""
    others = ("notes.txt", "report.html.bak", "evidence/kept.ndjson")
    (tmp_path / "evidence").mkdir()
    for name in (*EARLIER[command[0]], *others):
        (tmp_path / name).write_text("PASS")

    assert portal_suite(capsys, *command, "--out", tmp_path).misuse

    left = {str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*") if each.is_file()}
    assert left == set(others)


def test_a_result_that_cannot_be_replaced_is_said(capsys: Capsys, tmp_path: Path) -> None:
    """A folder where a result belongs is left alone, with all that is in it."""
    (tmp_path / "report.html").mkdir()
    (tmp_path / "report.html" / "mine.txt").touch()

    said = portal_suite(capsys, "rehearse", ROLLOUT, "--out", tmp_path)

    assert said.misuse.startswith(f"--out {tmp_path}: ")
    assert (tmp_path / "report.html" / "mine.txt").exists()


def test_results_that_cannot_be_written_are_noticed_first(capsys: Capsys, tmp_path: Path) -> None:
    """A results folder that cannot be made is found before an hour is spent on results."""
    out = write_small(tmp_path) / "out"

    said = portal_suite(capsys, "rehearse", tmp_path / "rollout.toml", "--out", out)

    assert said.misuse.startswith(f"--out {out}: ")
