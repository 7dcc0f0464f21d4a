"""Plays twins: the people of a scenario go through it once more, and then with another crime.

The judge decides alone: what a scenario's own steps say need not hold the second time.
"""

from collections.abc import Collection
from pathlib import Path

from msgspec import structs

from simulator.accept.features_run import run_features
from simulator.inputs.target import Target
from simulator.results.values import ScenarioResult, TwinsPlayed

#: In the results folder: what was recorded of each twin that failed.
TWINS_FOLDER = "twins"
#: Of the minutes that are given; the rest is for made-up stories.
TWINS_SHARE = 1 / 3
#: The reason of a twin that was not begun.
NOT_REACHED = "the time for twins was up"
_ANSWER = "an answer that the contract allows"


def why_no_twins(target: Target) -> str:
    """Say why nobody can go through anything again on this portal; "" if they can."""
    if target.access.by_hand:
        return "a tester keys in each scenario once"
    if "test_clock" not in target.claims.capabilities:
        return "they take days, and the portal claims no test_clock"
    if not target.access.lives_with_the_run:
        return "the portal runs already, and its clock is past the days on which they begin"
    return ""


def twins(
    target_path: Path,
    *,
    phase: int,
    out: Path,
    seed: int,
    seconds: float,
    of: Collection[str] = (),
    application: str = "",
) -> tuple[list[ScenarioResult], TwinsPlayed]:
    """Play the twins of scenarios (by id; all without any), and begin none after some seconds.

    Return those that failed, and how many were played. Of a scenario that failed itself a twin
    says nothing new.
    """
    folder = out / TWINS_FOLDER
    for earlier in folder.glob("*.evidence.ndjson"):
        earlier.unlink()
    results = run_features(
        target_path, phase=phase, out=folder, among=of, seed=seed, application=application,
        twins_seconds=seconds,
    )  # fmt: skip
    without = [each for each in results if each.verdict == "SKIP"]
    played = [each for each in results if each.verdict not in ("SKIP", "INCONCLUSIVE")]
    have_none = {each.id: each.reason for each in without if each.reason != NOT_REACHED}
    failed = [each for each in played if each.verdict in ("FAIL", "ERROR")]
    count = TwinsPlayed(
        played=len(played),
        every=len(results) - len(have_none),
        without=have_none,
        passed=tuple(_name(each) for each in played if each not in failed),
        not_reached=tuple(each.id for each in without if each.reason == NOT_REACHED),
    )
    return [_failed(each) for each in failed], count


def _name(twin: ScenarioResult) -> str:
    return f"{twin.id}, a second time: {twin.name}"


def _failed(twin: ScenarioResult) -> ScenarioResult:
    broken = {each.requirement for each in twin.findings if each.kind == "FAIL"}
    return structs.replace(
        twin,
        id="",
        name=_name(twin),
        requirements=tuple(sorted(broken)),
        expected=twin.expected or _ANSWER,
        observed=twin.observed or twin.reason,
    )
