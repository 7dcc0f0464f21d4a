"""The journal: no finished scenario is lost, and nobody is used twice."""

from pathlib import Path

import pytest

from simulator.by_hand.journal import (
    Answered,
    Begun,
    Finished,
    Journal,
    finished_scenarios,
    used_people_and_crimes,
)
from simulator.errors import BadInput
from simulator.results.values import ScenarioResult
from tests.simulator.worlds import START, person

RESULT = ScenarioResult(name="One", feature="A", phase=1, requirements=("MSG-01",), verdict="PASS")
ANSWERED = Answered(at=START, by="DT", asked="What?", answer="That")
BEGUN = Begun(at=START, scenario="One", people=3, crimes=2)
FINISHED = Finished(at=START, result=RESULT, evidence=[person()], people=5, crimes=3)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Answers, beginnings and ends are read back with their evidence."""
    journal = Journal(tmp_path / "journal.ndjson")
    for each in (ANSWERED, BEGUN, FINISHED):
        journal.write(each)

    assert journal.read() == [ANSWERED, BEGUN, FINISHED]
    assert finished_scenarios(journal.read()) == [FINISHED]


def test_a_line_broken_off_at_the_end_is_left_out(tmp_path: Path) -> None:
    """If the machine stopped in the middle of a line, the next follows the last whole one."""
    path = tmp_path / "journal.ndjson"
    journal = Journal(path)
    journal.write(FINISHED)
    with path.open("ab") as file:
        file.write(b'{"type":"Ans')

    assert journal.read() == [FINISHED]
    journal.write(ANSWERED)
    assert journal.read() == [FINISHED, ANSWERED]


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    """Anything else in the file is an error with its line number."""
    path = tmp_path / "journal.ndjson"
    Journal(path).write(FINISHED)
    with path.open("ab") as file:
        file.write(b"{}\n")

    with pytest.raises(BadInput, match=r"journal\.ndjson:2: not a line of a journal"):
        Journal(path).read()


def test_nobody_is_used_again() -> None:
    """Numbers continue after the last scenario, and after all an unfinished one may have used."""
    assert used_people_and_crimes([]) == (0, 0)
    assert used_people_and_crimes([BEGUN, FINISHED]) == (5, 3)
    later = Begun(at=START, scenario="Two", people=5, crimes=3)
    assert used_people_and_crimes([BEGUN, FINISHED, later]) == (15, 13)
