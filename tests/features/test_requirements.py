"""Rules of `requirements.toml` and the tags of the features: they cover each other both ways."""

from collections import Counter

import pytest

from features.guards import pickles_of
from features.plugin import phase_of
from simulator.acceptance import FEATURES
from simulator.requirements import coverage_gaps, read_requirements

REQUIREMENTS = {each.id: each for each in read_requirements()}
GATE = "before_phase_"
#: Every scenario: where it stands, its tags, and the phase it is about.
TAGGED = [
    (f"{path.stem}: {pickle['name']}", {tag["name"][1:] for tag in pickle["tags"]}, phase_of(path))
    for path in sorted(FEATURES.rglob("*.feature"))
    for pickle in pickles_of(path)
]
EVERY_SCENARIO = pytest.mark.parametrize(("scenario", "tags", "phase"), TAGGED)


def test_every_requirement_is_covered_both_ways() -> None:
    """A requirement has scenarios or a reason why not; a scenario names requirements that exist."""
    named = {tag for _, tags, _ in TAGGED for tag in tags if not tag.startswith(GATE)}

    assert coverage_gaps(REQUIREMENTS.values(), named) == []


def test_ids_are_unique() -> None:
    """An id is one sentence's."""
    counted = Counter(each.id for each in read_requirements())

    assert [each for each, count in counted.items() if count > 1] == []


def test_sentences_are_unique() -> None:
    """What is asked is asked once."""
    counted = Counter(each.sentence for each in read_requirements())

    assert [each for each, count in counted.items() if count > 1] == []


@EVERY_SCENARIO
def test_a_scenario_proves_something(scenario: str, tags: set[str], phase: int) -> None:
    """A scenario proves at least one requirement, none of a phase that comes after its own."""
    proved = [REQUIREMENTS[tag] for tag in tags if not tag.startswith(GATE)]

    assert proved, scenario
    assert all(each.phase <= phase for each in proved), scenario


@EVERY_SCENARIO
def test_gates_are_gates_of_what_they_prove(scenario: str, tags: set[str], phase: int) -> None:
    """A scenario that is only for the time before a phase proves what is only for that time."""
    gates = {int(tag.removeprefix(GATE)) for tag in tags if tag.startswith(GATE)}
    wanted = {REQUIREMENTS[tag].before_phase for tag in tags if not tag.startswith(GATE)}

    assert gates == wanted - {None}, scenario
