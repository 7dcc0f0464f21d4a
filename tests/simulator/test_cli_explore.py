"""`portal-suite explore`: its phase, how a story is replayed, and what Ctrl-C leaves."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from simulator.explore import run
from simulator.explore.in_processes import InProcesses
from simulator.explore.judged_story import FailingStory, Failure
from simulator.explore.story import read_story, write_story
from simulator.explore.tally import Played
from simulator.results.exploration import ExplorationResult
from simulator.results.folder import REPORTS
from tests.simulator.command_line import portal_suite
from tests.simulator.explore.stories import PLAIN, story
from tests.simulator.real_files import TARGET, spoiled

Capsys = pytest.CaptureFixture[str]
RESULTS = set(REPORTS["explore"])
FAILED = Failure(fingerprint="late", requirement="", harm="", expected="sooner", observed="later")
PLAYED = Played(
    number=0,
    failing=(FailingStory(story=story(*PLAIN), failure=FAILED, records=()),),
    step_kinds=Counter(Wait=1),
    edges=frozenset(),
    messages=1,
)


@pytest.fixture
def phase_1(tmp_path: Path) -> Path:
    """Write a target that claims phase 1 only."""
    target = spoiled(tmp_path, TARGET, ("phases = [1, 2, 3]", "phases = [1]"))
    return target.rename(tmp_path / "phase-1.toml")


def written(out: Path) -> ExplorationResult:
    """Read the result that a run wrote."""
    return msgspec.json.decode((out / "exploration.json").read_bytes(), type=ExplorationResult)


def test_a_phase_that_is_not_claimed_is_refused(
    capsys: Capsys, phase_1: Path, tmp_path: Path
) -> None:
    """As by `accept`, in the same words."""
    both = [
        portal_suite(capsys, each, "--target", phase_1, "--phase", "3", "--out", tmp_path).misuse
        for each in ("explore", "accept")
    ]
    assert both[0] == both[1]
    assert "claims.phases is [1], so phase 3 is not claimed" in both[0]


def test_the_highest_claimed_phase_is_explored(
    capsys: Capsys, phase_1: Path, tmp_path: Path
) -> None:
    """Unless --phase says another."""
    said = portal_suite(
        capsys, "explore", "--target", phase_1, "--stories", "1", "--out", tmp_path / "out"
    )
    assert "phase 1" in said.out
    assert written(tmp_path / "out").phase == 1


def test_a_replay_leaves_the_run_that_found_the_story(capsys: Capsys, tmp_path: Path) -> None:
    """Its results are in a folder of their own, without a story if it passes."""
    (tmp_path / "stories").mkdir()
    file = tmp_path / "stories" / "01.json"
    write_story(file, story(*PLAIN))
    for name in RESULTS:
        (tmp_path / name).write_text("earlier")
    before = file.read_bytes()

    said = portal_suite(capsys, "explore", "--target", TARGET, "--replay", file, "--out", tmp_path)

    assert said.code == 0, said.words
    assert "PASS: the story does not fail" in said.out
    assert "seed" not in said.out
    assert {(tmp_path / name).read_text() for name in RESULTS} == {"earlier"}
    assert file.read_bytes() == before
    assert {each.name for each in (tmp_path / "replay").iterdir()} == RESULTS
    assert written(tmp_path / "replay").replayed == str(file)


def test_a_replay_that_fails_keeps_its_story(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that the report names is there."""
    file = tmp_path / "mine.json"
    write_story(file, story(*PLAIN))
    monkeypatch.setattr(run, "played_of", lambda *_of, **_how: PLAYED)
    said = portal_suite(capsys, "explore", "--target", TARGET, "--replay", file, "--out", tmp_path)
    assert said.code == 1, said.words
    (defect,) = written(tmp_path / "replay").defects
    assert read_story(tmp_path / "replay" / defect.file) == story(*PLAIN)


@pytest.mark.parametrize(
    "options",
    [("--stories", "3"), ("--minutes", "1"), ("--phase", "3"), ("--seed", "1"),
     ("--focus", "events")],
    ids=lambda options: options[0],
)  # fmt: skip
def test_a_replay_takes_no_other_story(
    capsys: Capsys, tmp_path: Path, options: tuple[str, str]
) -> None:
    """An option that the story decides is refused, even with its default."""
    write_story(tmp_path / "mine.json", story(*PLAIN))
    replay = ("--replay", tmp_path / "mine.json", "--out", tmp_path)
    said = portal_suite(capsys, "explore", "--target", TARGET, *replay, *options)
    assert said.misuse == (
        f"--replay and {options[0]}: the story in the file decides that; leave out {options[0]}"
    )


def test_a_wrong_story_is_one_sentence(capsys: Capsys, tmp_path: Path, phase_1: Path) -> None:
    """It names the file, the value and the mend, and the earlier results stay."""
    file = tmp_path / "mine.json"
    out = tmp_path / "out"
    (out / "replay").mkdir(parents=True)
    (out / "replay" / "report.html").write_text("earlier")

    write_story(file, structs.replace(story(*PLAIN), phase=9))
    replay = ("--replay", file, "--out", out)
    said = portal_suite(capsys, "explore", "--target", TARGET, *replay)
    assert said.misuse == f"{file}: phase is 9; give 1, 2 or 3"

    write_story(file, story(*PLAIN, phase=3))
    said = portal_suite(capsys, "explore", "--target", phase_1, *replay)
    assert said.misuse.startswith(f"{file}: phase is 3, and claims.phases of {phase_1} is [1]; ")
    assert (out / "replay" / "report.html").read_text() == "earlier"


def played_until_ctrl_c(*_of: Any) -> Iterator[Played]:
    """Play one story; then the tester stops it."""
    yield PLAYED
    raise KeyboardInterrupt


def stopped_while_shortening(*_of: Any) -> None:
    """Stop when the stories were played, and each failure is made shorter."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("when", ["playing", "shortening"])
def test_ctrl_c_writes_what_was_found(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Each defect is there with its whole story, and the exit code is that of a stopped run."""
    if when == "playing":
        monkeypatch.setattr(InProcesses, "played", played_until_ctrl_c)
    else:
        monkeypatch.setattr(InProcesses, "played", lambda *_of: iter([PLAYED]))
        monkeypatch.setattr(InProcesses, "shortened", stopped_while_shortening)

    said = portal_suite(capsys, "explore", "--target", TARGET, "--stories", "9", "--out", tmp_path)

    assert said.code == 3
    assert "Stopped after 1 story." in said.err
    assert "FAIL: 1 defect found in 1 story" in said.out
    assert {each.name for each in tmp_path.iterdir()} == RESULTS | {"stories"}
    result = written(tmp_path)
    assert (result.verdict, result.stories, result.was_interrupted) == ("FAIL", 1, True)
    (defect,) = result.defects
    assert len(read_story(tmp_path / defect.file).steps) == defect.steps > 1


def test_ctrl_c_without_a_defect_is_no_pass(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stories that did not fail until then do not make a pass."""
    passed = structs.replace(PLAYED, failing=())

    def played(*_of: Any) -> Iterator[Played]:
        yield passed
        yield structs.replace(passed, number=1)
        raise KeyboardInterrupt

    monkeypatch.setattr(InProcesses, "played", played)
    said = portal_suite(capsys, "explore", "--target", TARGET, "--stories", "9", "--out", tmp_path)
    assert said.code == 3
    assert "Stopped after 2 stories." in said.err
    assert written(tmp_path).verdict == "INCONCLUSIVE"
