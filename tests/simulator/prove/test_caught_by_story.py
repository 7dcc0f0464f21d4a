"""Rules of a kept story that must catch a broken portal: it stands in the place of a scenario."""

from pathlib import Path

import pytest

from simulator.prove.caught_by_story import phase_of, play_kept
from simulator.prove.run import REFERENCE

KEPT = "a-crime-that-a-team-has"
BROKEN = "fixtures.broken_portals.shown:leaves_the_team_off_the_list"


@pytest.mark.parametrize(
    ("application", "expected"),
    [(BROKEN, [("FAIL", ("CASE-10",), "'no team' is")]), ("", [("PASS", (), "")])],
    ids=["broken", "reference"],
)
def test_what_fails_in_the_story_is_a_scenario_that_failed(
    tmp_path: Path, application: str, expected: list[object]
) -> None:
    """It has the story's name as its id, and what was observed; a story that passes is one too."""
    found = play_kept(KEPT, REFERENCE, application=application, out=tmp_path)

    assert [(each.verdict, each.requirements, each.observed) for each in found] == expected
    assert {each.id for each in found} == {KEPT}


def test_a_scenario_is_not_taken_for_a_story() -> None:
    """Only what is kept has a phase here."""
    assert phase_of(KEPT) == 1
    assert phase_of("S-033") is None
