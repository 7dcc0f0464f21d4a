"""The rota: the people of each shift and day are those whom the desk is rostered and paid for."""

from pathlib import Path

import pytest

from simulator.contact_centre.rosters import week_over_the_year
from simulator.planning.rota import rota
from simulator.report.plan_rota import rota_csv, rota_tables
from tests.simulator.planning.small_plans import PLANS, small_plan
from tests.simulator.real_files import parsed

_SUMMER = 92 / 365.25


def test_the_rota_has_every_hour_that_is_paid(tmp_path: Path) -> None:
    """Its hours over the year, summer's own among them, are the hours rostered of each force."""
    changes = parsed(PLANS / "shifts-with-breaks.toml")["changes"]
    centres = small_plan(tmp_path, {"changes": changes}).planned.centres
    found = rota(centres)

    for force in centres.forces:
        hours = {
            season: sum(e.hours * sum(e.people) for e in found if (e.force, e.season) == season)
            for season in ((force, "September to May"), (force, "June to August"))
        }
        usual, summer = hours.values()
        _at_work, rostered = week_over_the_year(centres, force)
        assert usual * (1 - _SUMMER) + summer * _SUMMER == pytest.approx(rostered)
    # Nobody is needed at noon, when the morning's shifts overlap.
    assert {each.begins for each in found} == {"07:00", "09:00", "15:00", "17:00", "22:00"}
    assert {(each.begins, each.ends) for each in found} >= {("22:00", "07:00"), ("07:00", "16:00")}
    assert all(len(each.people) == 7 for each in found)


def test_without_shifts_there_is_no_rota(tmp_path: Path) -> None:
    """Handlers by the hour begin no shift."""
    assert rota(small_plan(tmp_path).planned.centres) == []


def test_the_table_and_the_file_have_the_same_people(tmp_path: Path) -> None:
    """A table for each force and season with a column a day; the file has a row for each cell."""
    changes = parsed(PLANS / "shifts-with-breaks.toml")["changes"]
    found = rota(small_plan(tmp_path, {"changes": changes}).planned.centres)
    tables, lines = rota_tables(found), rota_csv(found).splitlines()

    assert [each.caption for each in tables][:2] == [
        f"Rota of Thames Valley, 999 and 101, {season}: people on each shift"
        for season in ("September to May", "June to August")
    ]
    assert len(tables) == 4
    assert lines[0] == "force,desk,season,day,begins,ends,hours,people"
    assert len(lines) == 1 + 7 * len(found)
    cells = [int(cell) for table in tables for row in table.rows for cell in row.cells]
    assert cells == [int(each.rpartition(",")[2]) for each in lines[1:]]
    assert sum(cells) > 500
