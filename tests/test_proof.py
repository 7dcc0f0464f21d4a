"""What takes hours: every part runs, whatever the parts before it found, and the worst counts."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests import proof
from tests.proof import Command, Ran, code_of, commands, parts_of, played, table_of


@pytest.fixture(autouse=True)
def took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which it is kept how long each part took."""
    monkeypatch.setattr(proof, "TOOK", tmp_path / "out" / "minutes.json")
    return proof.TOOK


def run_of(
    codes: Sequence[int], monkeypatch: pytest.MonkeyPatch, *options: str
) -> tuple[int, list[Command]]:
    """Have each command end with one of these codes; return the code at the end, and what ran."""
    ran: list[Command] = []

    def run(command: Command, **_how: Any) -> subprocess.CompletedProcess[bytes]:
        ran.append(command)
        return subprocess.CompletedProcess(command, codes[len(ran) - 1])

    monkeypatch.setattr(proof, "played", lambda command: played(command, run))
    with pytest.raises(SystemExit) as ended:
        proof.main(options)
    assert isinstance(ended.value.code, int)
    return ended.value.code, ran


NUMBER = len([*commands(1)])


@pytest.mark.parametrize(
    ("first", "then", "code"), [(0, 0, 0), (1, 0, 1), (3, 0, 3), (1, 3, 1), (3, 1, 1), (-9, 1, 3)]
)
def test_a_part_that_fails_ends_nothing(
    first: int,
    then: int,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every part runs, in its order; a part that was killed is worse than one that failed."""
    ended, ran = run_of([first, then] + [0] * (NUMBER - 2), monkeypatch)

    assert ended == code
    assert len(ran) == NUMBER
    assert "loadtests.kills" in capsys.readouterr().out


def test_chosen_parts_alone_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """In their usual order, each with all of its commands."""
    asked = ("--only", "rehearsals", "--only", "kills")
    code, ran = run_of([0] * 20 + [1], monkeypatch, *asked)

    parts = {each.name: each.commands for each in parts_of(1)}
    assert code == 1
    assert ran == [*parts["kills"], *parts["rehearsals"]]


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing runs, and the parts that there are are listed."""
    with pytest.raises(SystemExit) as ended:
        proof.main(["--only", "kill"])

    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "invalid choice: 'kill'" in said
    assert "power-cuts" in said


def test_help_lists_every_part_with_its_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It runs nothing; a part that has run here to its end says how long it took."""
    run_of([0] * 3, monkeypatch, "--only", "accept-by-url")
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        proof.main(["--help"])

    assert ended.value.code == 0
    lines = [each.split(maxsplit=1) for each in capsys.readouterr().out.splitlines() if each]
    told = {each[0]: each[1] for each in lines if len(each) == 2}
    for part in parts_of(1):
        expected = "took 0 minutes here" if part.name == "accept-by-url" else part.takes
        assert told[part.name] == expected
    assert ["python", "-m tests.proof --only mutation"] in lines


def test_ctrl_c_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What ran until then is listed, and nothing was proved."""

    def stopped(_command: Command) -> Ran:
        raise KeyboardInterrupt

    monkeypatch.setattr(proof, "played", stopped)
    with pytest.raises(SystemExit) as ended:
        proof.main([])

    assert ended.value.code == 3
    assert "stopped by Ctrl-C" in capsys.readouterr().out


def test_the_new_seed_reaches_what_is_explored_and_no_results_folder_is_used_twice() -> None:
    """Each phase of the reference is explored with the seed; two runs never share a folder."""
    parts = [*commands(4711)]
    explored = [each for each in parts if "explore" in each and "--minutes" in each]
    folders = [each[each.index("--out") + 1] for each in parts if "--out" in each]

    assert len(explored) == 3
    assert all(each[each.index("--seed") + 1] == "4711" for each in explored)
    assert len(folders) == len(set(folders))


@pytest.mark.parametrize(
    ("portal", "written", "verdict", "code"),
    [
        ("second", "SKIP", "SKIP", 0),
        ("second", "INCONCLUSIVE", "INCONCLUSIVE", 3),
        ("second", "", "INCONCLUSIVE", 3),
        ("third", "SKIP", "INCONCLUSIVE", 3),
    ],
)
def test_the_second_portal_is_asked_less(
    portal: str,
    written: str,
    verdict: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It cannot be restarted, and its result says SKIP: of another portal that proves nothing."""
    target = f"scenarios/targets/{portal}-portal.toml"
    command = next(each for each in commands(1) if target in each)
    monkeypatch.setattr(proof, "ROOT", tmp_path)
    if written:
        folder = tmp_path / command[command.index("--out") + 1]
        folder.mkdir(parents=True)
        (folder / "exploration.json").write_text(f'{{"verdict": "{written}"}}')
    passed = Ran(command=("first",), verdict="PASS", minutes=1)
    part = played(command, lambda each, **_how: subprocess.CompletedProcess(each, 3))

    assert part.verdict == verdict
    assert code_of([passed, part]) == code


def test_the_table_says_what_ran_and_how_it_went() -> None:
    """Each part has a line with its verdict."""
    parts = [
        played(each, lambda command, **_how: subprocess.CompletedProcess(command, 1))
        for each in list(commands(1))[:3]
    ]

    table = table_of(parts)
    assert table.row_count == 3
    assert [*table.columns[0].cells] == ["FAIL"] * 3
    assert code_of(parts) == 1
