"""The table of readings: each can be looked up, and no decision is left out of it."""

import re
import tomllib
from itertools import groupby
from pathlib import Path
from typing import get_args

import pytest

from reference.contract import readings as table
from reference.contract.events import AnyEvent
from reference.contract.readings import FILE, SITUATIONS, Reading, readings
from simulator.evidence.records import Record

ROOT = Path(__file__).parents[3]
READINGS = readings()
BY_ID = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.id)
#: The decisions on which verdicts rest, and what in them is about the suite alone.
FIRST, LAST = 18, 64
OF_THE_SUITE = {
    "33.13",
    "57.3",
    "57.9",
    "58.7",
    "58.8",
    "58.9",
    "59.2",
    "60.5",
    "60.6",
    "62.6",
    "62.7",
    "64.4",
    "64.10",
    *(f"{d}.{point}" for d in (44, 45, 46) for point in range(1, 5)),
}


def points_of(decision: Path) -> set[str]:
    """Name the points of a decision, as `38.4`; one without numbers is `19`."""
    number = int(decision.name[:4])
    decided = decision.read_text("utf-8").partition("## Decision")[2].partition("## Cons")[0]
    points = re.findall(r"^(?:### )?(\d+)\. ", decided, re.MULTILINE)
    return {f"{number}.{point}" for point in points} or {str(number)}


POINTS = {
    int(page.name[:4]): points_of(page)
    for page in (ROOT / "docs" / "decisions").glob("[0-9]*.md")
    if FIRST <= int(page.name[:4]) <= LAST
}
REQUIREMENTS = {
    each["id"]
    for each in tomllib.loads((ROOT / "features/requirements.toml").read_text("utf-8"))[
        "requirement"
    ]
}
KINDS = {each.__name__ for kind in (AnyEvent, Record) for each in get_args(kind)}


@BY_ID
def test_what_a_reading_names_can_be_looked_up(reading: Reading) -> None:
    """Its requirements, the points of its decisions, and what it comes up with."""
    assert set(reading.requirements) <= REQUIREMENTS
    every_point = {point for points in POINTS.values() for point in points}
    assert set(reading.decisions) <= every_point | {str(each) for each in POINTS}
    assert {each for touch in reading.touches for each in touch.split(" or ")} <= KINDS | set(
        SITUATIONS
    )


@BY_ID
def test_a_reading_is_a_question_with_its_answers(reading: Reading) -> None:
    """One sentence each, and no answer that may be and must not be."""
    assert reading.question.index("?") == len(reading.question) - 1
    assert reading.why.endswith(".")
    assert not set(reading.may_be) & set(reading.must_not_be)


@pytest.mark.parametrize("decision", sorted(POINTS))
def test_no_point_of_a_decision_is_left_out(decision: int) -> None:
    """What a decision leaves to a portal stands in the table."""
    named = {each for reading in READINGS for each in reading.decisions}

    assert POINTS[decision] <= named | OF_THE_SUITE


def test_no_question_is_asked_twice() -> None:
    """One question has one id, and the questions of one kind stand together."""
    about = [reading.about for reading in READINGS]

    assert len({reading.question for reading in READINGS}) == len(READINGS)
    assert [heading for heading, _rows in groupby(about)] == list(dict.fromkeys(about))


def test_every_situation_is_used() -> None:
    """What no reading comes up with is not worked out."""
    touched = {
        each for reading in READINGS for touch in reading.touches for each in touch.split(" or ")
    }

    assert set(SITUATIONS) <= touched


@pytest.mark.parametrize(
    ("found", "put", "says"),
    [
        ('id = "READ-002"', 'id = "READ-003"', "READ-003 stands where READ-002 should"),
        ('id = "READ-002"', 'id = "2"', "matching regex"),
        ("question = ", "asks = ", "unknown field `asks`"),
    ],
)
def test_a_table_that_is_wrong_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: str, put: str, says: str
) -> None:
    """An id is permanent and has its place, and a field that nobody knows is a slip."""
    spoilt = tmp_path / "readings.toml"
    spoilt.write_text(FILE.read_text("utf-8").replace(found, put, 1), encoding="utf-8")
    monkeypatch.setattr(table, "FILE", spoilt)

    with pytest.raises(ValueError, match=says):
        readings.__wrapped__()
