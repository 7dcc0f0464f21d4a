"""What a command does with its results folder before anything runs."""

from pathlib import Path

import pytest

from simulator.errors import SuiteError
from simulator.results.folder import REPORTS, locked
from tests.simulator.command_line import portal_suite
from tests.simulator.real_files import ROLLOUT, TARGET
from tests.simulator.rehearsal.small import write_small

Capsys = pytest.CaptureFixture[str]


@pytest.mark.parametrize("command", [["rehearse", str(ROLLOUT)], ["prove"], ["load", "x.toml"]])
def test_a_folder_that_cannot_be_written_to(capsys: Capsys, command: list[str]) -> None:
    """The sentence names the option and the fix."""
    for out in ("/proc/x", "/proc"):
        sentence = portal_suite(capsys, *command, "--out", out).misuse

        assert sentence.startswith(f"--out {out}: ")
        assert sentence.endswith("; give a folder that can be written to")


@pytest.mark.parametrize(
    "command",
    [
        ["rehearse", "none.toml"],
        ["accept", "--target", "none.toml"],
        ["check", "none.toml"],
        ["prove", "--only", "no_such_portal"],
        ["load", "none.toml"],
        ["papers", "--phase", "1", "--results", "none"],
        [
            "pack", "--target", str(TARGET), "--results", "none", "--key", "none",
            "--signatory", "D", "--role", "tester", "--expires", "2100-01-01",
        ],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_mistyped_command_leaves_the_last_results(
    capsys: Capsys, tmp_path: Path, command: list[str]
) -> None:
    """A mistyped command begins nothing and removes nothing."""
    earlier = {*REPORTS[command[0]], "notes.txt"}
    for name in earlier:
        (tmp_path / name).write_text("PASS")

    assert portal_suite(capsys, *command, "--out", tmp_path).misuse

    assert {each.name for each in tmp_path.iterdir()} == earlier
    assert {each.read_text() for each in tmp_path.iterdir()} == {"PASS"}


def test_two_runs_do_not_write_to_one_folder(capsys: Capsys, tmp_path: Path) -> None:
    """The second is refused while the first runs, and begins when it has ended."""
    command = ["prove", "--only", "no_such_portal", "--out", str(tmp_path)]

    with locked(tmp_path):
        refused = portal_suite(capsys, *command).misuse
    begun = portal_suite(capsys, *command).misuse

    assert refused.startswith(f"--out {tmp_path}: another run is writing there; wait until it ends")
    assert begun.startswith("--only 'no_such_portal'")


@pytest.mark.parametrize(
    ("options", "folder"),
    [
        (["--only", "sends_twice"], "out/proof-only"),
        ([], "out/proof"),
        (["--only", "sends_twice", "--out", "mine"], "mine"),
    ],
)
def test_a_proof_of_one_portal_has_a_folder_of_its_own(
    capsys: Capsys, monkeypatch: pytest.MonkeyPatch, options: list[str], folder: str
) -> None:
    """It does not take the place of the kill matrix and the report of a whole one."""

    def stop(*, out: Path, **_named: object) -> None:
        raise SuiteError(f"into {out}")

    monkeypatch.setattr("simulator.prove.run.prove", stop)

    assert portal_suite(capsys, "prove", *options).error == f"into {folder}"


def test_a_folder_in_place_of_a_result_is_an_error(capsys: Capsys, tmp_path: Path) -> None:
    """A folder with the name of a result is not removed."""
    (tmp_path / "report.html").mkdir()
    (tmp_path / "report.html" / "mine.txt").touch()

    said = portal_suite(capsys, "rehearse", write_small(tmp_path), "--out", tmp_path)

    assert said.misuse.startswith(f"--out {tmp_path}: ")
    assert (tmp_path / "report.html" / "mine.txt").exists()


def test_results_that_cannot_be_written_are_noticed_first(capsys: Capsys, tmp_path: Path) -> None:
    """A results folder that cannot be created is found before the run."""
    out = write_small(tmp_path) / "out"

    said = portal_suite(capsys, "rehearse", tmp_path / "rollout.toml", "--out", out)

    assert said.misuse.startswith(f"--out {out}: ")
