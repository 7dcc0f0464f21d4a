"""A run of the features: by name, from any folder, and without an earlier run's results."""

from pathlib import Path

import msgspec
import pytest

from simulator.accept.features_run import run_features
from simulator.accept.run import accept
from simulator.errors import COULD_NOT_JUDGE, BadInput, PortalUnreachable, SuiteError
from simulator.explore.running_portal import NoDaysLeft
from simulator.processes.features_process import ALL_FEATURES, Run
from simulator.prove.run import REFERENCE
from simulator.results.values import ScenarioResult
from tests.simulator.real_files import BY_URL, ROOT, TARGET, spoiled


def test_one_scenario_can_be_run(tmp_path: Path) -> None:
    """One scenario runs by name in a process of its own, with its requirement and steps."""
    [result] = run_features(REFERENCE, phase=1, out=tmp_path, only="An invitation works once")

    assert (result.verdict, result.requirements) == ("PASS", ("AUTH-02",))
    assert result.steps[-1] == "Then the same link does not work again"


def test_it_runs_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative paths are from the current folder: target, results, and the portal.

    The command that the result gives can be copied there.
    """
    (tmp_path / "start").write_text('#!/bin/sh\nexec "$@"\n')
    (tmp_path / "start").chmod(0o755)
    spoiled(tmp_path, BY_URL, ('"{python}"', '"./start", "{python}"'))
    monkeypatch.chdir(tmp_path)
    target = Path(BY_URL.name)

    [result] = run_features(target, phase=1, out=Path("out"), only="An invitation works once")

    assert result.verdict == "PASS", result
    assert (tmp_path / "out" / "evidence.ndjson").stat().st_size > 0
    assert f"--target {target} --phase 1" in result.command
    assert not (ROOT / target.name).exists()


def test_an_earlier_run_s_results_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier evidence and results are removed even if the features cannot run."""
    for name in ("evidence.ndjson", "scenarios.ndjson", "pytest.log", "notes.txt"):
        (tmp_path / name).write_text("{}\n")
    no_features = (*ALL_FEATURES[:-1], str(tmp_path / "no-features"))
    monkeypatch.setattr("simulator.accept.features_run.ALL_FEATURES", no_features)

    with pytest.raises(SuiteError, match="the features did not run"):
        run_features(REFERENCE, phase=1, out=tmp_path)

    assert not (tmp_path / "evidence.ndjson").exists()
    assert (tmp_path / "scenarios.ndjson").read_text() == ""
    assert "no-features" in (tmp_path / "pytest.log").read_text()
    assert (tmp_path / "notes.txt").read_text() == "{}\n"


def test_some_scenarios_can_be_run_by_their_ids(tmp_path: Path, warm: Run) -> None:
    """An outline's id is all its examples, an example's id is that one; nothing else runs."""
    found = run_features(REFERENCE, phase=1, out=tmp_path, among=("S-015.2", "S-016"), run=warm)

    assert [each.id for each in found] == ["S-015.2", "S-016.1", "S-016.2", "S-016.3", "S-016.4"]
    assert {each.verdict for each in found} == {"PASS"}


@pytest.mark.proof
@pytest.mark.slow(seconds=4)
def test_evidence_that_cannot_be_written_judges_nothing(tmp_path: Path) -> None:
    """On a full disk the scenarios may all have passed: without evidence they prove nothing."""
    (tmp_path / "evidence.ndjson.part").symlink_to("/dev/full")

    with pytest.raises(SuiteError, match="is the disk full") as caught:
        run_features(REFERENCE, phase=1, out=tmp_path, only="An invitation works once")

    assert caught.value.exit_code == COULD_NOT_JUDGE
    assert not (tmp_path / "evidence.ndjson").exists()
    assert not (tmp_path / "scenarios.ndjson").exists()


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    """A name that no scenario of the phase has is bad input, not an empty pass."""
    with pytest.raises(BadInput, match="phase 1 has no such scenario"):
        accept(REFERENCE, phase=1, out=tmp_path, only="The officer's reply reaches the victim")


@pytest.mark.slow(seconds=8)
def test_an_unclaimed_scenario_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, warm: Run
) -> None:
    """The scenarios of an unclaimed capability are OMIT; what hangs on it by the way is SKIP."""
    target = spoiled(tmp_path, TARGET, ('"received_texts", ', ""))
    monkeypatch.setattr("simulator.accept.run.run_alone", warm)

    result = accept(target, phase=1, out=tmp_path, quick=True)
    whole = accept(target, phase=1, out=tmp_path)

    assert all("STOP" not in name for each in result.left_out for name in each.scenarios)
    left = {each.name: each.reason for each in whole.scenarios if each.verdict == "OMIT"}
    assert left["STOP ends texts"] == "not claimed: received_texts"
    rows = {each.id: each for each in whole.requirements}
    # Its texts have no link either, so nobody can see that it heeds a holder of a phone: NOTME-01.
    assert (rows["CONT-02"].verdict, whole.verdict) == ("WARNING", "SKIP")
    assert "'STOP ends texts'" in rows["CONT-01"].reason
    lines = (tmp_path / "scenarios.ndjson").read_bytes().splitlines()
    assert [msgspec.json.decode(each, type=ScenarioResult) for each in lines] == whole.scenarios


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ({"only": "Not at nigt"}, "no such scenario"),
        ({"only": "An invitation works onc"}, "did you mean 'An invitation works once'"),
        ({"only": "s-15.2"}, "did you mean 'S-015.2'"),
        ({"only": "STOP ends texts"}, "not claimed: received_texts"),
        ({"resume": True}, "--resume is only for runs by hand"),
        ({"phase": 2}, "is not claimed"),
    ],
    ids=str,
)
def test_a_mistake_removes_nothing(tmp_path: Path, mistake: dict[str, object], said: str) -> None:
    """A mistyped command begins no run, so the last results stay."""
    target = spoiled(
        tmp_path, TARGET, ('"received_texts", ', ""), ("phases = [1, 2, 3]", "phases = [1]")
    )
    (tmp_path / "acceptance.json").write_text("PASS")

    with pytest.raises(BadInput, match=said):
        accept(target, out=tmp_path, **{"phase": 1, **mistake})  # type: ignore[arg-type]

    assert (tmp_path / "acceptance.json").read_text() == "PASS"


def test_an_unreachable_portal_leaves_no_earlier_verdict(tmp_path: Path) -> None:
    """It could not be judged, so an earlier result must not remain."""
    target = spoiled(tmp_path, BY_URL, ('"{python}"', '"./no-such-program"'))
    (tmp_path / "acceptance.json").write_text("PASS")

    with pytest.raises(PortalUnreachable, match=f"^{target}: "):
        accept(target, phase=1, out=tmp_path)

    assert not (tmp_path / "acceptance.json").exists()


@pytest.mark.slow(seconds=4)
def test_a_clock_that_went_too_far_loses_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the scenarios took a portal's clock beyond the order's days, what they found stays."""

    def first_alone(*target: object, **how: object) -> list[ScenarioResult]:
        return run_features(*target, **{**how, "only": "An invitation works once"})  # type: ignore[arg-type]

    def too_late(*_target: object, **_how: object) -> None:
        raise NoDaysLeft("the portal's clock refuses every time")

    monkeypatch.setattr("simulator.accept.run.run_features", first_alone)
    monkeypatch.setattr("simulator.accept.run.twins", lambda *_path, **_how: ([], None))
    monkeypatch.setattr("simulator.accept.run.explored", too_late)

    result = accept(TARGET, phase=1, out=tmp_path, minutes=0.01)

    assert [scenario.verdict for scenario in result.scenarios] == ["PASS"]
    assert result.edges is None
    assert "beyond the last bank holidays" in result.edges_not_tried
