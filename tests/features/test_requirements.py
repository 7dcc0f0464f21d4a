"""Rules of `requirements.toml` and the tags of the features: they cover each other both ways."""

from collections import Counter
from typing import get_args

from simulator.inputs.capabilities import Capability
from simulator.inputs.permanent_ids import is_scenario_id
from simulator.inputs.requirements import coverage_gaps, read_requirements
from simulator.inputs.written_scenarios import EARLY, FEATURES, QUICK, phase_of, pickles_of
from tests.each_of import each_of

REQUIREMENTS = {each.id: each for each in read_requirements()}
GATE = "before_phase_"
NEEDS = "needs_"
#: Every scenario: where it stands, its tags, and the phase it is about.
TAGGED = [
    (f"{path.stem}: {pickle['name']}", {tag["name"][1:] for tag in pickle["tags"]}, phase_of(path))
    for path in sorted(FEATURES.rglob("*.feature"))
    for pickle in pickles_of(path)
]
EVERY_SCENARIO = each_of(TAGGED)


def named_in(tags: set[str]) -> set[str]:
    """Leave out of a scenario's tags what says when and for whom it is run."""
    return {
        tag
        for tag in tags
        if not tag.startswith((GATE, NEEDS, QUICK, EARLY)) and not is_scenario_id(tag)
    }


def test_every_requirement_is_covered_both_ways() -> None:
    """A requirement has scenarios or a reason why not; a scenario names requirements that exist."""
    named = {tag for _, tags, _ in TAGGED for tag in named_in(tags)}

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
    proved = [REQUIREMENTS[tag] for tag in named_in(tags)]

    assert proved, scenario
    assert all(each.phase <= phase for each in proved), scenario


@EVERY_SCENARIO
def test_gates_are_gates_of_what_they_prove(scenario: str, tags: set[str], phase: int) -> None:
    """A scenario that is only for the time before a phase proves what is only for that time."""
    gates = {int(tag.removeprefix(GATE)) for tag in tags if tag.startswith(GATE)}
    wanted = {REQUIREMENTS[tag].before_phase for tag in named_in(tags)}

    assert gates == wanted - {None}, scenario


@EVERY_SCENARIO
def test_what_a_scenario_needs_can_be_claimed(scenario: str, tags: set[str], phase: int) -> None:
    """A scenario that needs what no target file can claim would never be run."""
    needed = {tag.removeprefix(NEEDS) for tag in tags if tag.startswith(NEEDS)}

    assert needed <= set(get_args(Capability)), (scenario, phase)


def test_what_needs_a_capability_is_also_proved_without() -> None:
    """A requirement is judged of every portal, whatever it claims besides.

    But for what can be tried only where we sign what happens, start the portal, see what a message
    carries beside its words, may say that it is not for us or that we may not go on, reads whole
    pages, or takes the newer events of the contract: reports say so.
    """
    of_all = {
        tag
        for _, tags, _ in TAGGED
        for tag in named_in(tags)
        if not any(each.startswith(NEEDS) for each in tags)
    }
    named = {tag for _, tags, _ in TAGGED for tag in named_in(tags)}

    claimed = {each for each in REQUIREMENTS if each.startswith(("NOTME-", "WITHDRAW-"))}
    newer_events = {"CASE-21", "CASE-22", "INC-01", "INC-02"}
    newer_events |= {f"PERS-{number:02}" for number in range(1, 8)}
    whole_pages = {"ACC-01", "CMP-01", "CODE-02", "SUPP-01"}
    assert named - of_all == {"INT-08", "INT-09", "REL-02", *claimed, *whole_pages} | newer_events
