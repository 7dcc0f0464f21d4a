"""Rules of the requirements: a mistake in the file is named, and gaps in coverage are found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.errors import BadInput
from simulator.inputs.requirements import coverage_gaps, read_requirements
from tests.simulator.inputs.made_up import MUST, MUST_WRITTEN

_IDS = st.sets(st.from_regex("[A-Z]{2}-[0-9]{2}", fullmatch=True), max_size=6)


def test_a_file_is_read_in_its_order(tmp_path: Path) -> None:
    """The requirements come in the order of the file, each field as it was written."""
    path = tmp_path / "requirements.toml"
    path.write_text(MUST_WRITTEN + MUST_WRITTEN.replace("MSG-01", "AUTH-02"), encoding="utf-8")

    assert read_requirements(path) == [MUST, structs.replace(MUST, id="AUTH-02")]


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ('id = "MSG-01"', 'id = "msg 1"', "id"),
        ('level = "must"', 'level = "may"', "level"),
        ("phase = 1", "phase = 4", "phase"),
        ("phase = 1", "phase = 1\nbefore_phase = 1", "before_phase"),
        ('harm = "lost"', 'harm = "annoyed"', "harm"),
        ('basis = "practice note"', 'basis = "hearsay"', "basis"),
        ('source = "a test"', "", "source"),
        ("phase = 1", "phase = 1\nowner = 1", "owner"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, right: str, wrong: str, named: str) -> None:
    """A field that is missing, unknown or out of its range is named with its file."""
    path = tmp_path / "requirements.toml"
    path.write_text(MUST_WRITTEN.replace(right, wrong), encoding="utf-8")

    with pytest.raises(BadInput, match=named) as raised:
        read_requirements(path)
    assert str(path) in str(raised.value)


def test_a_requirement_without_scenarios_is_a_gap() -> None:
    """What is asked and neither proved nor excused is a gap."""
    assert coverage_gaps([MUST], []) == ["MSG-01 has no scenario and no reason why not"]


def test_a_tag_of_no_requirement_is_a_gap() -> None:
    """A scenario for an unknown requirement is a gap."""
    assert coverage_gaps([MUST], ["MSG-01", "MSG-09"]) == [
        "a scenario names MSG-09, which is no requirement"
    ]


def test_a_requirement_proved_and_excused_is_a_gap() -> None:
    """A reason why there is no scenario is wrong once there is one."""
    excused = structs.replace(MUST, not_tested="it is the force's")

    assert coverage_gaps([excused], []) == []
    assert len(coverage_gaps([excused], ["MSG-01"])) == 1


@given(asked=_IDS, excused=_IDS, named=_IDS)
def test_no_gaps_means_both_ways(asked: set[str], excused: set[str], named: set[str]) -> None:
    """There are no gaps exactly when the scenarios name all that is not excused, and no more."""
    requirements = [
        structs.replace(MUST, id=each, not_tested="why" if each in excused else "")
        for each in asked
    ]

    assert (not coverage_gaps(requirements, named)) == (named == asked - excused)
