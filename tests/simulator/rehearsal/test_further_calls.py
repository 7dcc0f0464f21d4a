"""A rehearsal whose contact centre rings back and passes on says so, by force, with and without."""

from pathlib import Path
from typing import Any

import pytest

from simulator.rehearsal.run import rehearse
from simulator.report.call_tables import call_tables
from tests.simulator.rehearsal.small import write_small


def switch_on(raw: dict[str, Any]) -> None:
    """Ring back who has waited half a minute, and have a second desk."""
    raw["call_backs"]["in_use"] = raw["second_desk"]["in_use"] = True
    raw["call_backs"]["offered_after_minutes"]["value"] = 0.5


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_call_backs_and_the_second_desk_are_in_the_result(tmp_path: Path) -> None:
    """Both lines and the second desk of both forces stand in the report, and who was rung back."""
    path = write_small(tmp_path, centre=switch_on)

    result = rehearse(path, seed=1, fraction=0.001).result

    routine = [each for each in result.lines if each.line == "101"]
    assert len(routine) == len(result.second_desk) > 0
    for line in routine:
        assert line.left_for_call_back_without >= line.called_back_without > 100
        assert line.called_back_with > 100
        assert line.call_back_seconds_with is not None
    for desk in result.second_desk:
        assert desk.line == "second desk"
        assert desk.offered_without > desk.offered_with * 0.9 > 1000
    table = next(each for each in call_tables(result) if "by force and line" in each.caption)
    assert "Hampshire second desk" in table.columns
    rows = {row.label: row.cells for row in table.rows}
    assert len(rows["Called back with"]) == len(table.columns) == 6
    assert rows["Called back with"][-1] == "0"
