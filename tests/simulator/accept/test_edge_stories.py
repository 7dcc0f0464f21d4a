"""An acceptance plays made-up stories: a defect that they show is a scenario that failed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from joblib.externals.loky import get_reusable_executor
from msgspec import structs

from simulator.accept import edge_stories
from simulator.accept.edge_stories import explored, why_not_explored
from simulator.explore.effort import Effort
from simulator.explore.run import explore_target
from simulator.explore.steps import Close
from simulator.explore.story import OrderChange, read_story, write_story
from simulator.explore.tried import tried_of
from simulator.inputs.target import read_target
from simulator.judge.findings import failure
from simulator.results.exploration import ExplorationResult
from tests.simulator.explore.stories import CRIME, PLAIN, story
from tests.simulator.real_files import ROOT, TARGET
from tests.simulator.report.samples import also_seen, exploration, finding

SENDS_TWICE = "fixtures.broken_portals.sending:sends_twice"


def target_of(tmp_path: Path, application: str) -> Path:
    """Write a target of another application."""
    path = tmp_path / "target.toml"
    words = TARGET.read_text(encoding="utf-8")
    path.write_text(words.replace("reference.portal.app:create_app", application))
    return path


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_the_reference_passes_at_its_edges(tmp_path: Path) -> None:
    """Nothing fails, and four in five edges are judged: see decision 44."""
    failed, met = explored(TARGET, phase=1, out=tmp_path, seed=0, minutes=3)
    assert failed == []
    assert met.judged > 0.8 * met.every
    assert met.stories > 20


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
def test_a_defect_is_a_scenario_that_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its requirement, its story as steps, and the command that plays it again.

    Any story shows this defect, so a few are enough.
    """
    path = target_of(tmp_path, SENDS_TWICE)
    monkeypatch.setattr(edge_stories, "KEPT_STORIES", tmp_path)
    monkeypatch.setattr(edge_stories, "covering_numbers", lambda _order, **_how: tuple(range(8)))
    failed, _met = explored(path, phase=1, out=tmp_path, seed=0, minutes=3)
    twice = next(each for each in failed if "ONCE-01" in each.requirements)
    assert twice.verdict == "FAIL"
    assert any("records crime" in each for each in twice.steps)
    assert "--replay" in twice.command


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep a story of each phase, of which that of phase 1 closes its crime."""
    folder = tmp_path / "stories"
    folder.mkdir()
    closed = Close(crime=CRIME, event="e3", outcome=18)
    write_story(folder / "one.json", story(*PLAIN, closed))
    write_story(folder / "two.json", structs.replace(story(*PLAIN), phase=2))
    ordered = (OrderChange(field="messages.per_week_max", value=3),)
    write_story(folder / "later.json", structs.replace(story(*PLAIN), phase=3, order=ordered))
    monkeypatch.setattr(edge_stories, "KEPT_STORIES", folder)
    monkeypatch.setattr(edge_stories, "covering_numbers", lambda _order, **_how: ())
    return folder


@pytest.mark.slow(seconds=5)
def test_kept_stories_of_the_phase_and_earlier_ones_are_played(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any story shows this defect; what a story of an earlier phase meets counts nothing."""
    assert kept.exists()
    path, results = target_of(tmp_path, SENDS_TWICE), list[ExplorationResult]()

    def explore(path: Path, effort: Effort, *, out: Path) -> ExplorationResult:
        results.append(explore_target(path, effort, out=out))
        return results[0]

    monkeypatch.setattr(edge_stories, "explore_target", explore)
    failed, met = explored(path, phase=2, out=tmp_path, seed=0, minutes=3)
    get_reusable_executor().shutdown(wait=True)
    assert (met.kept, met.stories, met.chosen) == (2, 2, 2)
    assert any("ONCE-01" in scenario.requirements for scenario in failed)
    times = {(edge.kind, edge.value): edge.stories for edge in results[0].edges}
    assert times["event", "Deploy at once"] == 1
    assert times["event", "Close at once"] == 0


def test_a_story_that_the_portal_cannot_play_is_named(kept: Path) -> None:
    """Its own order needs a portal that takes another; the rest are played there too."""
    program = tried_of(ROOT / "scenarios" / "targets" / "third-portal-by-program.toml")
    played, left_out = edge_stories._kept(program, 3)
    assert set(played) == {str(kept / "one.json"), str(kept / "two.json")}
    assert "an order of its own" in left_out["later"]
    assert not edge_stories._kept(tried_of(TARGET), 3)[1]


def test_the_stories_that_cover_are_kept_ones() -> None:
    """By phase, each once, and each of that phase: the list is not of an earlier set of stories."""
    for phase in (1, 2, 3):
        files = list(edge_stories._covering(phase))
        assert files
        assert len(files) == len(set(files))
        assert {read_story(Path(file)).phase for file in files} == {phase}


def test_where_no_story_is_played_it_says_why() -> None:
    """Without a clock that the suite sets, by hand, and where others get the messages."""
    targets = ROOT / "scenarios" / "targets"
    for path in targets.glob("*portal*.toml"):
        if "selectors" not in path.name:
            assert why_not_explored(read_target(path)) == ""
    target = read_target(TARGET)
    assert "a person" in why_not_explored(read_target(targets / "by-hand.toml"))
    claims = structs.replace(target.claims, capabilities=("text",))
    assert "no test_clock" in why_not_explored(structs.replace(target, claims=claims))


def test_a_suspicion_is_no_finding_of_the_judge() -> None:
    """What is only for REVIEW fails no requirement; a failure brings its finding and message."""
    found = failure(
        "lost",
        "MSG-01",
        None,
        "news",
        "nothing",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        person_id="P1",
        crime_reference="C1",
        rests_on="order: triggers",
    )
    defect = structs.replace(exploration().defects[0], finding=found)
    made = [
        edge_stories._as_scenario(each, TARGET, 1, TARGET)
        for each in (defect, structs.replace(defect, verdict="REVIEW"))
    ]
    assert [each.findings for each in made] == [(found,), ()]
    assert all("text to 07700900123" in each.observed for each in made)
    assert all(each.timeline[: len(defect.timeline)] == defect.timeline for each in made)


def test_every_requirement_that_a_defect_breaks_fails() -> None:
    """What is named under a defect counts against its own requirement too."""
    also = also_seen(finding=finding())
    defect = structs.replace(exploration().defects[0], also=(also,))

    made = edge_stories._as_scenario(defect, TARGET, 1, TARGET)

    assert made.requirements == ("ONCE-01", "JOUR-02")
    assert made.findings == (also.finding,)


def test_a_kept_story_that_days_cut_off_is_named(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the days end, and not the minutes, it says which stories nobody could play."""
    cut = structs.replace(exploration(), not_played=(0,))

    def left_out(stopped: str) -> set[tuple[str, str]]:
        result = structs.replace(cut, stopped=stopped)
        monkeypatch.setattr(edge_stories, "explore_target", lambda *_given, **_how: result)
        _failed, met = explored(TARGET, phase=1, out=tmp_path, seed=0, minutes=3)
        return {*met.not_reached.items()}

    assert kept.exists()
    assert left_out("the order names no bank holidays from 2028 on") == {
        ("one", "the order names no bank holidays from 2028 on")
    }
    assert left_out("") == set()
