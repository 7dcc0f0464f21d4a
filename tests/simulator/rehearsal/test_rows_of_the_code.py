"""The rows of the Victims' Code as data: whole, and each mistake is one sentence."""

from pathlib import Path

import pytest

from reference.contract.outcomes import CHARGED, OUTCOMES
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.inputs.order import RIGHT_6
from simulator.rehearsal.rows_of_the_code import read_rows_of_the_code

FILE = ROOT / "scenarios" / "victims-code.toml"


def test_all_that_the_order_has_told_has_a_row_with_its_days() -> None:
    """Every event and milestone of Right 6 is in a row whose time is the order's, and no other."""
    rows = read_rows_of_the_code(FILE)
    clocked = {name for each in rows.measured if each.time == "order" for name in each.events}

    assert clocked == set(RIGHT_6)
    for outcome in OUTCOMES.keys() - {CHARGED}:
        row = rows.row_of("CrimeClosed", outcome)
        assert row is not None
        assert not row.outcomes or outcome in row.outcomes


def test_every_right_is_measured_or_says_why_not() -> None:
    """All twelve Rights of the Code are in the file."""
    rows = read_rows_of_the_code(FILE)

    measured = {each.right for each in rows.measured}
    assert measured | {each.right for each in rows.not_measured} == set(range(1, 13))


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ('"suspect_arrested"', '"suspect_sighted"', "events has 'suspect_sighted'"),
        ('time = "others"', 'time = "none"', "give others_time where time is 'others'"),
        ("right = 2\n", "right = 13\n", "right"),
    ],
)
def test_a_mistake_names_the_field(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    """An event that does not exist, a clock that contradicts itself, a Right that there is not."""
    path = tmp_path / "rows.toml"
    path.write_text(FILE.read_text().replace(was, becomes, 1))

    with pytest.raises(BadInput, match=says) as error:
        read_rows_of_the_code(path)
    assert "measured[" in str(error.value)
