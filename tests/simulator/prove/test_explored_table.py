"""How soon exploring finds each broken portal is kept, and said beside the kill matrix."""

from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.prove.explored_table import KEPT, explored_csv, read_explored, said_of
from simulator.prove.run import read_broken_portals
from tests.simulator.prove.explored import CAUGHT, UNREACHED


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    """So that a run that was stopped goes on where it was."""
    path = tmp_path / "explored.csv"
    path.write_text(explored_csv([CAUGHT, UNREACHED]))
    read = read_explored(path)
    assert explored_csv(read) == explored_csv([CAUGHT, UNREACHED])
    assert [each.why_not for each in read] == ["", "needs a step"]
    assert read_explored(tmp_path / "none.csv") == []


def test_another_table_is_one_sentence(tmp_path: Path) -> None:
    """It names the file."""
    path = tmp_path / "explored.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(
        BadInput, match=r"explored\.csv: .*not a table that prove --exploring wrote"
    ):
        read_explored(path)


def test_it_is_said_of_each_in_a_few_words(tmp_path: Path) -> None:
    """By its id; of one that was not found it says why."""
    path = tmp_path / "explored.csv"
    path.write_text(explored_csv([CAUGHT, UNREACHED]))

    assert said_of(path) == {"B-219": "3 stories, 0.5 s", "B-024": "no: needs a step"}


def test_what_is_kept_is_of_every_broken_portal() -> None:
    """A new one is explored before it is kept: `make explored`."""
    assert set(said_of(KEPT)) == {each.id for each in read_broken_portals()}
