"""An acceptance plays made-up stories: a defect that they show is a scenario that failed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from joblib.externals.loky import get_reusable_executor
from msgspec import structs

from simulator.accept import edge_stories
from simulator.accept.edge_stories import explored, why_not_explored
from simulator.explore.edges import Edge
from simulator.explore.steps import Close
from simulator.explore.story import write_story
from simulator.inputs.target import read_target
from simulator.judge.findings import failure
from tests.simulator.explore.stories import CRIME, PLAIN, story
from tests.simulator.real_files import ROOT, TARGET
from tests.simulator.report.samples import also_seen, exploration, finding

SENDS_TWICE = "fixtures.broken_portals.sends_twice:create_app"


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
    failed, met = explored(TARGET, phase=1, out=tmp_path, seed=0)
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
    failed, _met = explored(path, phase=1, out=tmp_path, seed=0)
    twice = next(each for each in failed if "ONCE-01" in each.requirements)
    assert twice.verdict == "FAIL"
    assert any("records crime" in each for each in twice.steps)
    assert "--replay" in twice.command


@pytest.mark.slow(seconds=3)
def test_what_a_kept_story_judged_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was played on this portal in this acceptance, as the stories at the edges are."""
    decided = frozenset({Edge("event", "Transfer at once")})
    monkeypatch.setattr(edge_stories, "covering_numbers", lambda _order, **_how: ())
    counts = []
    for judged in (frozenset(), decided):
        monkeypatch.setattr(
            edge_stories, "_kept", lambda *_at, judged=judged, **_how: ([], judged, 7)
        )
        failed, met = explored(TARGET, phase=1, out=tmp_path, seed=0)
        assert failed == []
        counts.append(met.judged)
    assert counts == [0, 1]


@pytest.mark.slow(seconds=5)
def test_a_kept_story_is_played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of this phase and earlier ones, and not of later ones; any story shows this defect."""
    kept = tmp_path / "fixtures" / "stories"
    kept.mkdir(parents=True)
    closed = Close(crime=CRIME, event="e3", outcome=18)
    write_story(kept / "one.json", story(*PLAIN, closed))
    write_story(kept / "two.json", structs.replace(story(*PLAIN), phase=2))
    write_story(kept / "later.json", structs.replace(story(*PLAIN), phase=3))
    monkeypatch.setattr(edge_stories, "KEPT_STORIES", kept)
    path = target_of(tmp_path, SENDS_TWICE)

    failed, judged, played = edge_stories._kept(path, phase=2, out=tmp_path)

    assert played == 2
    assert {(each.name.split()[1], each.phase) for each in failed} == {("one:", 1), ("two:", 2)}
    assert all("--replay fixtures/stories/" in each.command for each in failed)
    # The story of phase 1 alone closes a crime, and says nothing of the edges of phase 2.
    assert Edge("event", "Deploy at once") in judged
    assert Edge("event", "Close at once") not in judged
    assert sorted(each.name for each in (tmp_path / "kept").iterdir()) == ["one", "two"]
    get_reusable_executor().shutdown(wait=True)


def test_only_a_portal_in_process_is_explored() -> None:
    """With a clock that the suite sets; a driver's portal may run already."""
    targets = ROOT / "scenarios" / "targets"
    target = read_target(TARGET)
    assert why_not_explored(target) == ""
    for name, way in (
        ("second-portal", "by its own driver"),
        ("reference-by-url", "by URL"),
        ("by-hand", "by hand"),
    ):
        why = why_not_explored(read_target(targets / f"{name}.toml"))
        assert f"this portal is reached {way}" in why
        assert "portal-suite explore" in why
    claims = structs.replace(target.claims, capabilities=("text",))
    assert "no test_clock" in why_not_explored(structs.replace(target, claims=claims))


def test_a_suspicion_is_no_finding_of_the_judge() -> None:
    """What is only for REVIEW fails no requirement; a failure brings its finding and message."""
    found = failure(
        "lost",
        "MSG-01",
        at=datetime(2026, 6, 1, tzinfo=UTC),
        person_id="P1",
        crime_reference="C1",
        expected="news",
        observed="nothing",
        rests_on="order: triggers",
    )
    defect = structs.replace(exploration().defects[0], finding=found)
    made = [
        edge_stories._as_scenario(each, TARGET, 1, TARGET)
        for each in (defect, structs.replace(defect, verdict="REVIEW"))
    ]
    assert [each.findings for each in made] == [(found,), ()]
    assert all("text to 07700900123" in each.observed for each in made)
    assert all(each.timeline == defect.timeline for each in made)


def test_every_requirement_that_a_defect_breaks_fails() -> None:
    """What is named under a defect counts against its own requirement too."""
    also = also_seen(finding=finding())
    defect = structs.replace(exploration().defects[0], also=(also,))

    made = edge_stories._as_scenario(defect, TARGET, 1, TARGET)

    assert made.requirements == ("ONCE-01", "JOUR-02")
    assert made.findings == (also.finding,)
