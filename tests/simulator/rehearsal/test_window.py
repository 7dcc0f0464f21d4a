"""The test weeks: every day is counted, every failure fails them, and silence is no pass."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args
from unittest.mock import patch

import pytest
from msgspec import structs

from reference.contract.events import EVENT_TYPES, Milestone
from simulator.clock import LONDON
from simulator.evidence.records import EventRecorded, MessageAccepted, Record
from simulator.files.paths import ROOT
from simulator.prove.run import read_broken_portals
from simulator.rehearsal.window import rehearse_window
from simulator.report.window import (
    exit_criteria,
    tried_sentence,
    window_csv,
    window_decision,
    window_html,
)
from simulator.results.window import WindowResult

ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"
REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
FRACTION = 0.0001


@pytest.fixture(scope="module")
def weeks() -> tuple[WindowResult, Sequence[Record]]:
    """The weeks in which phase 1 is tested, with the crimes that testers put in."""
    return rehearse_window(ROLLOUT, target=REFERENCE, phase=1, seed=3, fraction=FRACTION)


def broken(folder: Path, name: str) -> Path:
    """Write the target file of a broken portal."""
    text = REFERENCE.read_text(encoding="utf-8")
    path = folder / "broken.toml"
    application = "reference.portal.app:create_app"
    assert application in text
    [row] = read_broken_portals(only=name)
    path.write_text(text.replace(application, row.application))
    return path


def test_the_weeks_are_those_of_the_rollout(weeks: tuple[WindowResult, Sequence[Record]]) -> None:
    """They are the four weeks before phase 1 goes live, with weekends."""
    result, _records = weeks

    assert (result.ends - result.starts).days == len(result.days) == 28
    assert result.days[0].day == result.starts
    assert result.verdict in ("PASS", "WARNING")
    assert result.crimes > 50


def test_every_message_is_counted_on_its_day(weeks: tuple[WindowResult, Sequence[Record]]) -> None:
    """The days add up to the gateway's messages, each on its London day."""
    result, records = weeks
    taken = Counter(
        each.at.astimezone(LONDON).date() for each in records if isinstance(each, MessageAccepted)
    )

    assert sum(taken.values()) > 50
    assert {each.day: each.messages for each in result.days if each.messages} == {
        day: count for day, count in taken.items() if day < result.ends
    }


@pytest.mark.proof
def test_one_seed_gives_one_result(weeks: tuple[WindowResult, Sequence[Record]]) -> None:
    """The same weeks with the same seed give the same figures."""
    again, _records = rehearse_window(ROLLOUT, target=REFERENCE, phase=1, seed=3, fraction=FRACTION)

    assert again == weeks[0]


@pytest.mark.proof
def test_a_harmful_portal_fails_the_test_weeks(tmp_path: Path) -> None:
    """The judge's findings fail the weeks, and appear in criteria, page and table."""
    target = broken(tmp_path, "sends_twice")

    try:
        result, _records = rehearse_window(
            ROLLOUT, target=target, phase=1, seed=3, fraction=FRACTION
        )
    finally:
        # It runs in this process, so its patches must be removed for the next tests.
        patch.stopall()

    assert result.verdict == "FAIL"
    assert any(each.harm == "duplicated" and each.kind == "FAIL" for each in result.harms)
    assert sum(each.failures for each in result.days) > 0
    assert "FAIL" in [verdict for _words, _seen, verdict in exit_criteria(result)]
    assert window_decision(result).startswith("FAIL: in 4 weeks")
    assert "FAIL: in 4 weeks" in window_html(result)


def test_weeks_without_activity_are_no_pass(
    weeks: tuple[WindowResult, Sequence[Record]],
) -> None:
    """A day with updates but no message is for REVIEW; a gap is INCONCLUSIVE."""
    result = structs.replace(
        weeks[0],
        days=[structs.replace(each, messages=0) for each in weeks[0].days],
        untried=["no invitation reached a victim"],
    )
    verdicts = [verdict for _words, _seen, verdict in exit_criteria(result)]

    assert "INCONCLUSIVE" in verdicts
    assert "REVIEW" in verdicts


def test_the_days_are_written_as_csv(weeks: tuple[WindowResult, Sequence[Record]]) -> None:
    """There is one line a day, under a heading."""
    lines = window_csv(weeks[0]).splitlines()

    assert lines[0].startswith("day,updates,messages,")
    assert len(lines) == 29


def test_the_weeks_say_only_what_was_tried(weeks: tuple[WindowResult, Sequence[Record]]) -> None:
    """Each kind of event is counted or named as not tried, and no criterion says "all of it"."""
    result, records = weeks
    recorded = [each for each in records if isinstance(each, EventRecorded)]

    assert sum(result.tried.values()) == len(recorded)
    assert not set(result.tried) & set(result.not_tried)
    every = len(EVENT_TYPES) - 1 + len(get_args(Milestone))
    assert len(result.tried) + len(result.not_tried) == every
    assert any(each.startswith("MilestoneReached: ") for each in result.tried)
    assert "CrimeMerged" in result.not_tried
    said = tried_sentence(result)
    assert said.startswith(f"{len(result.tried)} of {every} kinds of event; not ")
    assert "crime merged" in said
    assert ("What happened to the crimes was tried", said, "REVIEW") in exit_criteria(result)
