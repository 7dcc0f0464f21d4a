"""Two runs of one portal, side by side: what is new, mended, the same, or not settled."""

from pathlib import Path

import msgspec
import pytest
from msgspec import structs
from rich.console import Console

from simulator.accept.compare import StoriesAgain, compared, read_earlier
from simulator.accept.edge_stories import FEATURE
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.report.html import acceptance_html
from simulator.report.terminal_acceptance import show_acceptance
from simulator.results.values import AcceptanceResult, ScenarioResult, TwinsPlayed
from simulator.verdicts import Kind
from tests.simulator.command_line import portal_suite
from tests.simulator.real_files import TARGET
from tests.simulator.report.samples import acceptance, finding, scenario

FILE = Path("earlier.json")


def shown(number: int, kind: Kind = "FAIL", words: str = "a message") -> ScenarioResult:
    """Give a scenario that passes, or shows the one defect that these words name."""
    found = (
        (finding(expected=words, observed="none came", requirement="REQ-1"),)
        if kind == "FAIL"
        else ()
    )
    made = scenario(kind, number, findings=found, requirements=("REQ-1",), observed="none came")
    return structs.replace(made, name=f"Scenario {number}", failed_step="", expected="")


def run(*scenarios: ScenarioResult, verdict: Kind = "FAIL") -> AcceptanceResult:
    """Give the result of these scenarios, and of one requirement with this verdict."""
    requirement = structs.replace(acceptance().requirements[0], id="REQ-1", verdict=verdict)
    return acceptance(scenarios=[*scenarios], requirements=[requirement])


def changes(now: AcceptanceResult, before: AcceptanceResult) -> list[str]:
    """Say what became of each defect."""
    return [each.change for each in compared(now, before, file=FILE).defects]


def test_a_defect_is_new_the_same_or_mended() -> None:
    """It is known by its fingerprint, whichever scenario shows it."""
    assert changes(run(shown(1)), run(shown(1, "PASS"))) == ["new"]
    assert changes(run(shown(2)), run(shown(1))) == ["the same"]
    assert changes(run(shown(1, "PASS")), run(shown(1))) == ["mended"]
    assert changes(run(shown(1, words="a task")), run(shown(1))) == ["new", "not settled"]


def test_what_a_made_up_story_showed_is_judged_again() -> None:
    """It is mended if the story passes; a twin that passed is known by its name."""
    story = structs.replace(shown(1), name="Story 01: a message", feature=FEATURE)
    assert changes(run(), run(story)) == ["not settled"]
    judged: dict[str, Kind] = {}
    for judged[story.name], change in (("PASS", "mended"), ("FAIL", "not settled")):
        found = compared(run(), run(story), file=FILE, again=judged.__getitem__)
        assert [each.change for each in found.defects] == [change]
    twin = structs.replace(shown(1), name="S-070, a second time: A reply")
    twins = TwinsPlayed(played=1, every=1, passed=(twin.name,))
    assert changes(structs.replace(run(), twins=twins), run(twin)) == ["mended"]


def test_a_story_is_played_again_from_a_copy(tmp_path: Path) -> None:
    """This run may write its own stories over those of the run that it is compared with."""
    kept = min((ROOT / "fixtures/stories").glob("*.json"))
    earlier = tmp_path / "stories"
    earlier.mkdir()
    (earlier / "01.json").write_bytes(kept.read_bytes())
    before = run(*(
        structs.replace(shown(n), name=f"Story 0{n}: a message", feature=FEATURE) for n in (1, 2)
    ))  # fmt: skip

    again = StoriesAgain.of(before, tmp_path / "acceptance.json", ROOT / TARGET, tmp_path)
    (earlier / "01.json").unlink()

    assert again.verdict("Story 01: a message") == "PASS"
    assert again.verdict("Story 02: a message") == "SKIP"


@pytest.mark.parametrize("kind", ["SKIP", "ERROR", "REVIEW", "INCONCLUSIVE"])
def test_what_did_not_pass_is_not_mended(kind: Kind) -> None:
    """Nor is what one of two scenarios shows no longer, while the other did not run."""
    before = run(shown(1), shown(2))
    now = run(shown(1, "PASS"), structs.replace(shown(2, "PASS"), verdict=kind))
    assert "mended" not in changes(now, before)
    assert "mended" not in changes(run(shown(1, "PASS")), before)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("PASS", "FAIL", ["new"]),
        ("FAIL", "FAIL", ["the same"]),
        ("FAIL", "PASS", ["mended"]),
        ("FAIL", "SKIP", ["not settled"]),
        ("PASS", "SKIP", []),
    ],
)
def test_a_requirement_is_compared_by_its_verdict(before: Kind, now: Kind, told: list[str]) -> None:
    """Only what failed in one of the two is told."""
    found = compared(run(verdict=now), run(verdict=before), file=FILE)
    assert [each.change for each in found.requirements] == told


def test_terminal_page_and_file_tell_it() -> None:
    """Each has the counts, and the page and the file every row."""
    now, before = run(shown(1, words="a task")), run(shown(1, words="a message"))
    result = structs.replace(now, compared=compared(now, before, file=FILE))
    console = Console(record=True, width=120)

    show_acceptance(result, console)

    said = "defects 1 new, 0 the same, 0 mended, 1 not settled"
    assert said in " ".join(console.export_text().split())
    assert said in acceptance_html(result)
    assert msgspec.json.decode(msgspec.json.encode(result), type=AcceptanceResult) == result
    assert "a message" in acceptance_html(result)


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        (b"{}", "not the result of a run"),
        (b"\xff", "not the result of a run"),
        (msgspec.json.encode(run(verdict="PASS")), "give a run of the same portal"),
        (
            msgspec.json.encode(structs.replace(run(), portal="Reference portal", phase=1)),
            "it is of phase 1; give a run of phase 2, or --phase 1",
        ),
    ],
)
def test_another_run_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: bytes, wrong: str
) -> None:
    """Before anything is run: the file, what is wrong with it, and what to give."""
    file = tmp_path / "acceptance.json"
    file.write_bytes(written)

    said = portal_suite(
        capsys, "accept", "--target", TARGET, "--phase", "2", "--compare", file, "--out", tmp_path
    )

    assert said.code == 2
    assert f"--compare {file}: " in said.words
    assert wrong in said.words


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """It names the file."""
    with pytest.raises(BadInput, match="No such file"):
        read_earlier(tmp_path / "none.json", portal="Reference portal", phase=2)
