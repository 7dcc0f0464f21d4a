"""A scenario judged again gives the same result, from its own part of the evidence alone."""

from pathlib import Path

import msgspec
import pytest

from simulator.errors import BadInput
from simulator.evidence.files import write_evidence
from simulator.evidence.records import Record
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.judge.judged_again import judged_again, read_in_order
from simulator.verdicts import Finding
from tests.simulator.judge.force_story import ORDER, Person
from tests.simulator.judge.story import Story

SCENARIO = "No message is sent at night"


def texted_at_night() -> tuple[Story, Person]:
    """Tell of a victim who is texted at half past ten though nothing happened."""
    story = Story(phase=1)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.until(story.now.replace(hour=22, minute=30))
    story.message(alex, "text", story.deployed(crime))
    return story, alex


def ended(story: Story, *people: Person, name: str = SCENARIO, **changes: object) -> Record:
    """Make the mark at the end of a scenario of these people, from the story's beginning."""
    made = ScenarioJudged(
        at=story.now,
        scenario=name,
        starts=story.records[0].at,
        records=len(story.records),
        people=tuple(each.person_id for each in people),
        crimes=(),
        left_out=(),
        steps_held=True,
    )
    return msgspec.structs.replace(made, **changes)


def fails(records: list[Record], name: str = SCENARIO) -> list[Finding]:
    """List the failures that a scenario has when it is judged again."""
    again = judged_again(records, ORDER, correlates=True)
    return [each for each in again[name].findings if each.kind == "FAIL"]


def test_a_harm_is_found_again() -> None:
    """The text at night is in the evidence, whatever a result says."""
    story, alex = texted_at_night()

    assert "MSG-03" in {each.requirement for each in fails([*story.records, ended(story, alex)])}


def test_who_is_of_another_scenario_is_judged_there() -> None:
    """A portal goes on writing to the people of the scenarios before."""
    story, alex = texted_at_night()
    sam = story.person("Sam")

    assert fails([*story.records, ended(story, sam)]) == []
    assert fails([*story.records, ended(story, alex)])


def test_a_message_to_somebody_of_the_past_is_left_out() -> None:
    """As it was when the scenario was judged first."""
    story, alex = texted_at_night()
    note = ended(story, alex, left_out=("message-2",))

    assert "MSG-03" not in {each.requirement for each in fails([*story.records, note])}


def test_what_came_before_a_scenario_is_not_judged_in_it() -> None:
    """But the people stay known."""
    story, alex = texted_at_night()
    note = ended(story, alex, records=0, name="The next")

    assert fails([*story.records, ended(story, alex), note], "The next") == []


def test_evidence_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Missing and extra lines are noticed."""
    story, alex = texted_at_night()
    path = tmp_path / "evidence.ndjson"
    records = [*story.records, ended(story, alex)]
    with path.open("wb") as file:
        write_evidence(file, records, process="features", wall=story.now)

    assert read_in_order(path) == records

    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1] + lines[3:]))
    with pytest.raises(BadInput, match=r"evidence\.ndjson:2: this is record 3 and should be 1"):
        read_in_order(path)
    path.write_bytes(b"no evidence\n")
    with pytest.raises(BadInput, match=r"evidence\.ndjson:1: not a line of evidence"):
        read_in_order(path)
