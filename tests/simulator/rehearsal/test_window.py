"""Rules of the test weeks: every day is counted, what goes wrong fails, silence is no pass."""

from collections import Counter
from pathlib import Path
from unittest.mock import patch

import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.evidence.records import MessageAccepted, Record
from simulator.files.paths import ROOT
from simulator.rehearsal.window import rehearse_window
from simulator.report.window import criteria, window_csv, window_decision, window_html
from simulator.results.window import WindowResult

ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"
REFERENCE = ROOT / "scenarios" / "targets" / "reference.toml"
FRACTION = 0.0001


@pytest.fixture(scope="module")
def weeks() -> tuple[WindowResult, list[Record]]:
    """The weeks in which phase 1 is tested, with the crimes testers put in."""
    return rehearse_window(ROLLOUT, target=REFERENCE, phase=1, seed=3, fraction=FRACTION)


def broken(folder: Path, name: str) -> Path:
    """Write the target file of a broken portal."""
    text = REFERENCE.read_text(encoding="utf-8")
    path = folder / "broken.toml"
    application = "reference.portal.app:create_app"
    assert application in text
    path.write_text(text.replace(application, f"fixtures.broken_portals.{name}:create_app"))
    return path


def test_the_weeks_are_those_of_the_rollout(weeks: tuple[WindowResult, list[Record]]) -> None:
    """Four weeks before phase 1 goes live, every day of them, weekends too."""
    result, _records = weeks

    assert (result.ends - result.starts).days == len(result.days) == 28
    assert result.days[0].day == result.starts
    assert result.verdict in ("PASS", "WARNING")
    assert result.crimes > 50


def test_every_message_is_counted_on_its_day(weeks: tuple[WindowResult, list[Record]]) -> None:
    """What the days add up to is what the gateway took, each on the London day it took it."""
    result, records = weeks
    taken = Counter(
        each.at.astimezone(LONDON).date() for each in records if isinstance(each, MessageAccepted)
    )

    assert sum(taken.values()) > 50
    assert {each.day: each.messages for each in result.days if each.messages} == {
        day: count for day, count in taken.items() if day < result.ends
    }


def test_one_seed_gives_one_result(weeks: tuple[WindowResult, list[Record]]) -> None:
    """The same weeks with the same seed come to the same in every figure."""
    again, _records = rehearse_window(ROLLOUT, target=REFERENCE, phase=1, seed=3, fraction=FRACTION)

    assert again == weeks[0]


def test_a_portal_that_does_harm_does_not_leave_the_test(tmp_path: Path) -> None:
    """What the judge finds in the weeks fails them, and stands in criteria, page and table."""
    target = broken(tmp_path, "sends_twice")

    try:
        result, _records = rehearse_window(
            ROLLOUT, target=target, phase=1, seed=3, fraction=FRACTION
        )
    finally:
        # It lives in this process: what it replaced must not meet the tests that follow.
        patch.stopall()

    assert result.verdict == "FAIL"
    assert any(each.harm == "duplicated" and each.kind == "FAIL" for each in result.harms)
    assert sum(each.failures for each in result.days) > 0
    assert "FAIL" in [verdict for _words, _seen, verdict in criteria(result)]
    assert window_decision(result).startswith("FAIL: in 4 weeks")
    assert "FAIL: in 4 weeks" in window_html(result)


def test_weeks_in_which_nothing_happened_are_no_pass(
    weeks: tuple[WindowResult, list[Record]],
) -> None:
    """A day with updates and no message is for a person; what was not tried is not passed."""
    result = structs.replace(
        weeks[0],
        days=[structs.replace(each, messages=0) for each in weeks[0].days],
        untried=["no invitation reached anybody"],
    )
    verdicts = [verdict for _words, _seen, verdict in criteria(result)]

    assert "INCONCLUSIVE" in verdicts
    assert "REVIEW" in verdicts


def test_the_days_can_be_taken_into_a_sheet(weeks: tuple[WindowResult, list[Record]]) -> None:
    """A line a day, under its heading."""
    lines = window_csv(weeks[0]).splitlines()

    assert lines[0].startswith("day,updates,messages,")
    assert len(lines) == 29
