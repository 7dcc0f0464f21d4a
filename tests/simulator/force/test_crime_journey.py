"""A journey's file: complete, in order, with clear errors."""

from pathlib import Path

import pytest

from reference.contract.events import EVENT_TYPES
from reference.contract.outcomes import CHARGED, OUTCOMES
from simulator.errors import BadInput
from simulator.force.crime_journey import EVENT_KINDS, JOURNEY, State, read_journey
from simulator.force.figures import load_figures


def state(event: str) -> State:
    """Return a state of the real journey."""
    return next(each for each in read_journey().states if each.event == event)


def test_kinds_are_events_of_the_contract() -> None:
    """Every kind of event of a journey is one that a crime system sends."""
    assert set(EVENT_KINDS) <= set(EVENT_TYPES)


def test_every_outcome_comes_to_its_end() -> None:
    """A charge is an outcome recorded; every other outcome closes the crime."""
    charged = {code for delay in state("OutcomeRecorded").delays for code in delay.outcomes}
    closed = {code for delay in state("CrimeClosed").delays for code in delay.outcomes}

    assert charged == {CHARGED}
    assert closed == set(OUTCOMES) - {CHARGED}


def test_every_outcome_says_whether_there_was_an_interview() -> None:
    """Each outcome is in exactly one list of shares interviewed under caution."""
    listed = [code for each in read_journey().interviewed_under_caution for code in each.outcomes]

    assert sorted(listed) == sorted(OUTCOMES)


def test_subgroups_are_the_home_offices() -> None:
    """Every offence subgroup that the journey names is in the figures."""
    assert read_journey().subgroups_named <= set(load_figures().subgroups)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "minutes"', 'unit = "fortnights"', "median.unit is 'fortnights'"),
        (
            "median = { value = 4,",
            "median = { value = 0,",
            "median: value is 0; give a number above 0",
        ),
        ("spread = { value = 0.7,", "spread = { value = 70,", "spread.value is 70"),
        ("grades = [1]", "grades = [5]", "states[1].delays[0].grades[0]"),
        ('after = "CrimeAllocated"', 'after = "CrimeClosed"', "which must come before it"),
        ('event = "OfficerDeployed"', 'event = "CrimeAllocated"', "give each once"),
        ('event = "OfficerDeployed"', 'event = "OfficerSent"', "states[1].event"),
        ("ends = true", "ends = false", "no state ends the journey"),
        ("desk_hours = true", "desk_ours = true", "did you mean 'desk_hours'?"),
        ("value = 0.40", "value = 0.50", "grades do not add up to 1"),
        ("shares = [0.26, ", "shares = [0.36, ", "'violence with injury and arson' add up to 1.1"),
        ("shares = [0.26, 0.39, ", "shares = [0.65, ", "grades_by_offence[1].shares"),
        ('["Residential burglary"]\nshares', '["Arson"]\nshares', "'Arson' is there twice"),
        ("weights = [1.10, ", "weights = [", "recorded_by_weekday.weights has 6"),
        ("weights = [1.10, 1.04, 1.02, 1.00, 1.00, 0.94, 0.90]", "weights = [0]", "every weight"),
        ('unit = "crimes beside another hour"\nassumed', 'unit = "hour"\n#', "source or assumed"),
        ("ends = true", "ends = true\nfrom_report_grades = [1]", "from_report_grades is given to"),
        ('name = "another report"', 'name = "another report"\nbefore = true', "two entries come"),
        ("value = 0.75", "value = 75", "a share is between 0 and 1"),
        ('event = "CrimeRecorded"', 'event = "CrimeClosed"', "begin states with CrimeRecorded"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A mistake in a journey is one sentence that names the field or the event."""
    text = JOURNEY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "journey.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(BadInput) as error:
        read_journey(path=path)

    assert said in str(error.value)
