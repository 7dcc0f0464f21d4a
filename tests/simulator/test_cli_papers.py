"""`portal-suite papers` exits by the exit criteria, and a mistake is a sentence."""

from pathlib import Path

import pytest

from simulator.results.folder import REPORTS
from simulator.verdicts import Kind
from tests.simulator.command_line import Said, portal_suite
from tests.simulator.papers.made_up import write_run

Capsys = pytest.CaptureFixture[str]


def written(capsys: Capsys, folder: Path, *more: str | Path) -> Said:
    """Write the papers of the run in a folder."""
    return portal_suite(
        capsys,
        *("papers", "--phase", "3", "--results", folder / "results", "--out", folder / "out"),
        *more,
    )


@pytest.mark.parametrize(("verdict", "code"), [("PASS", 0), ("FAIL", 1), ("SKIP", 3)])
def test_the_exit_code_is_that_of_the_exit_criteria(
    capsys: Capsys, tmp_path: Path, verdict: Kind, code: int
) -> None:
    """0 is met, 1 not met, 3 not judged; the papers are written in every case."""
    write_run(tmp_path / "results", {"MSG-01": verdict})

    said = written(capsys, tmp_path)

    assert said.code == code, said.words
    assert "exit criteria" in said.out
    assert {each.name for each in (tmp_path / "out").iterdir()} == set(REPORTS["papers"])
    assert all(str(tmp_path / "out" / name) in said.out for name in REPORTS["papers"])


def test_earlier_runs_and_the_register_are_read(capsys: Capsys, tmp_path: Path) -> None:
    """A defect of the first build is fixed in the second; a waiver has no effect."""
    write_run(tmp_path / "results", version="1.1", days=2)
    before = write_run(tmp_path / "before", {"MSG-01": "FAIL"})
    register = tmp_path / "register.toml"
    register.write_text(
        '[[waiver]]\ndefect = "D-0123456789"\nname = "Dana"\nrole = "lead"\nreason = "Later."\n'
        "expires = 2099-01-01\n"
    )

    said = written(capsys, tmp_path, "--earlier", before, "--register", register)

    assert said.code == 0, said.words
    defects = (tmp_path / "out" / "defects.csv").read_text(encoding="utf-8-sig")
    assert "passed in 1.1" in defects
    report = (tmp_path / "out" / "exit-report.html").read_text(encoding="utf-8")
    assert "waiver of D-0123456789: this defect is not open" in report


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--phase", "2"), "--phase 2: "),
        (("--results", "none"), "none/acceptance.json: there is no such file"),
        (("--earlier", "none"), "none/acceptance.json: there is no such file"),
        (("--register", "none.toml"), "none.toml: "),
        (("--out", "/proc/x"), "--out /proc/x: "),
    ],
)
def test_a_mistake_is_one_sentence_and_removes_no_papers(
    capsys: Capsys, tmp_path: Path, more: tuple[str, str], said: str
) -> None:
    """The papers of an earlier run stay: they name their run."""
    write_run(tmp_path / "results")
    assert written(capsys, tmp_path).code == 0

    assert written(capsys, tmp_path, *more).misuse.startswith(said)

    if more[0] != "--out":
        assert (tmp_path / "out" / "exit-report.html").is_file()


def test_an_override_of_an_unknown_requirement_is_refused(capsys: Capsys, tmp_path: Path) -> None:
    """A misspelt id would override nothing, and nobody would notice."""
    write_run(tmp_path / "results")
    register = tmp_path / "register.toml"
    register.write_text(
        '[[override]]\nrequirement = "MSG-1"\noriginal = "FAIL"\nverdict = "PASS"\n'
        'name = "Dana"\nrole = "lead"\nreason = "No."\n'
    )

    said = written(capsys, tmp_path, "--register", register).misuse

    assert said.startswith(f"{register}: override[0].requirement: 'MSG-1' is not ")
