"""Who goes through a scenario a second time finds what nobody finds who goes through it once."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from simulator.accept import twins as of_accept
from simulator.accept.features_run import run_features
from simulator.accept.twins import NOT_REACHED, twins, why_no_twins
from simulator.inputs.target import read_target
from simulator.report.acceptance_basis import twins_words
from simulator.results.values import ScenarioResult, TwinsPlayed
from simulator.verdicts import Kind
from tests.simulator.real_files import BY_URL, TARGET
from tests.simulator.report.samples import finding

#: Defects of `fixtures/second_time.py`, each with scenarios whose twin finds it.
FOUND_BY = {
    "only_one_reopening": "S-046",
    "only_one_appointment": "S-056.4",
    "only_one_deployment": "S-056.1",
    "each_milestone_once": "S-196.1",
    "asks_about_danger_in_one_crime": "S-320.1",
    "asks_to_speak_about_one_crime": "S-149",
    "asks_to_check_replies_of_one_crime": "S-327.1",
    "asks_about_bail_in_one_crime": "S-332.1",
    "asks_about_withdrawal_from_one_crime": "S-262",
    "shows_replies_under_the_first_crime": "S-212",
    "only_one_stop": "S-001",
    "only_one_bounce": "S-022.1",
}


def played(id: str, verdict: Kind, **more: Any) -> ScenarioResult:
    """Give the result of one twin."""
    return ScenarioResult(
        id=id, name="A", feature="F", phase=1, requirements=("MSG-01",), verdict=verdict, **more
    )


def test_what_was_not_reached_is_counted_and_what_failed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A twin that was not played is no pass, and its scenario's own requirement is not broken."""
    results = [
        played("S-001", "PASS"),
        played("S-002", "FAIL", findings=(finding(requirement="TWO-03"),)),
        played("S-003", "FAIL", reason="an answer without a title"),
        played("S-004", "SKIP", reason=NOT_REACHED),
        played("S-005", "SKIP", reason="it comes once"),
        played("S-006", "INCONCLUSIVE", reason="no answer"),
    ]
    monkeypatch.setattr(of_accept, "run_features", lambda *_given, **_how: results)
    failed, count = twins(TARGET, phase=1, out=tmp_path, seed=0, seconds=9)

    assert [each.name[:5] for each in failed] == ["S-002", "S-003"]
    assert [each.requirements for each in failed] == [("TWO-03",), ()]
    assert failed[1].observed == "an answer without a title"
    assert (count.played, count.every) == (3, 5)
    assert count.not_reached == ("S-004",)
    assert twins_words(count) == ("3 of 5; there is no second time of S-005 (it comes once)")


def test_nobody_goes_through_anything_twice_by_hand_or_in_real_time() -> None:
    """A tester keys in each scenario once, and days do not pass by the wall's clock."""
    target = read_target(TARGET)
    by_hand = read_target(TARGET.with_name("by-hand.toml"))
    slow = structs.replace(target, claims=structs.replace(target.claims, capabilities=frozenset()))
    assert not why_no_twins(target)
    assert "tester" in why_no_twins(by_hand)
    assert "test_clock" in why_no_twins(slow)


def test_a_decision_says_why_nobody_goes_through_anything_twice() -> None:
    """By URL the clock is past the days of the scenarios: silence would read like a pass."""
    target = read_target(BY_URL)
    access = structs.replace(target.access, command=(), portal_url="http://127.0.0.1:8000")
    why = why_no_twins(structs.replace(target, access=access))

    words = twins_words(TwinsPlayed(played=0, every=9, not_tried=why))

    assert words == f"none: {why}"
    assert "clock is past the days" in words


@pytest.mark.proof
@pytest.mark.slow(seconds=20)
def test_the_reference_does_everything_a_second_time(tmp_path: Path) -> None:
    """None of the twins that find a defect fails the portal without it."""
    failed, count = twins(
        TARGET, phase=3, out=tmp_path, seed=0, seconds=300, of={*FOUND_BY.values()}
    )
    assert failed == []
    assert count.played == count.every == len({*FOUND_BY.values()})


@pytest.mark.proof
@pytest.mark.slow(seconds=5)
@pytest.mark.parametrize("defect", FOUND_BY)
def test_twins_find_what_is_right_the_first_time_only(defect: str, tmp_path: Path) -> None:
    """The same scenario alone passes; its twin fails in company, and says what broke."""
    application, of = f"fixtures.second_time:{defect}", {*FOUND_BY.values()}
    among = {FOUND_BY[defect]}
    [once] = run_features(TARGET, phase=3, out=tmp_path, among=among, application=application)
    failed, _count = twins(
        TARGET, phase=3, out=tmp_path, seed=0, seconds=300, of=of, application=application
    )
    assert once.verdict == "PASS"
    assert once.id in {each.name.partition(",")[0] for each in failed}
    assert all(each.findings for each in failed)
    assert (tmp_path / "twins" / f"{once.id}.evidence.ndjson").exists()
