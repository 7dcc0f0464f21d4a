"""What a portal refuses a person who is signed in is in the evidence, and the judge finds it."""

from collections.abc import Sequence
from unittest.mock import patch

import pytest
from msgspec import structs

from simulator.evidence.records import ChoiceRefused, PageRefused, Record
from simulator.explore.steps import (
    Ask,
    ChooseChannels,
    Close,
    Merge,
    Read,
    SignIn,
    Step,
    Wait,
)
from simulator.explore.tried import tried_of
from simulator.prove.run import read_broken_portals
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, reference, story
from tests.simulator.real_files import TARGET

HOUR = Wait(seconds=3_600)
COMES_AGAIN: tuple[Step, ...] = (SignIn(person="Sam", by="text"), Read(person="Sam"))
SECOND = structs.replace(RECORDED, crime="0004712", event="e3")
THIRD = structs.replace(RECORDED, crime="0004713", event="e4")
MERGED: tuple[Step, ...] = (
    *(SECOND, HOUR, Merge(crime=CRIME, event="e5", into="0004712"), HOUR, *COMES_AGAIN),
)
MERGED_TWICE: tuple[Step, ...] = (
    *(*MERGED, THIRD, HOUR, Merge(crime="0004712", event="e6", into="0004713"), HOUR),
    *COMES_AGAIN,
)
ASKED_AND_CLOSED: tuple[Step, ...] = (
    *COMES_AGAIN,
    Ask(person="Sam", crime=CRIME, text="Is there any news?"),
    *(HOUR, Close(crime=CRIME, event="e7", outcome=18), HOUR, *COMES_AGAIN),
)
STOPS: tuple[Step, ...] = (*COMES_AGAIN, ChooseChannels(person="Sam", channels=()))
CHOOSES: tuple[Step, ...] = (*COMES_AGAIN, ChooseChannels(person="Sam", channels=("email",)))


def refusals(records: Sequence[Record]) -> list[Record]:
    """Pick what was refused to somebody who was signed in."""
    return [each for each in records if isinstance(each, PageRefused | ChoiceRefused)]


@pytest.mark.parametrize(
    ("name", "steps", "phase", "requirement"),
    [
        ("has_no_page_on_contact", (), 1, "CONT-07"),
        ("has_no_advice", (), 1, "CASE-16"),
        ("takes_no_choice_of_channels", CHOOSES, 1, "CONT-07"),
        ("lets_nobody_stop_all_messages", STOPS, 1, "CONT-07"),
        ("shuts_the_conversation_with_the_case", ASKED_AND_CLOSED, 3, "TWO-04"),
        ("forgets_the_reference_of_a_merged_crime", MERGED, 1, "CASE-07"),
        ("follows_one_merger_only", MERGED_TWICE, 1, "CASE-07"),
    ],
)
def test_a_refusal_is_found(
    name: str, steps: tuple[Step, ...], phase: int, requirement: str
) -> None:
    """A portal that refuses this alone fails the story; the reference refuses nothing in it."""
    played = story(*PLAIN, *steps, phase=phase)
    right = reference().judged(played)
    [row] = read_broken_portals(only=name)
    tried = tried_of(TARGET, row.application)
    try:
        judged = tried.judged(played)
    finally:
        patch.stopall()

    assert right.failures == ()
    assert refusals(right.records) == []
    assert requirement in {each.requirement for each in judged.failures}
    assert refusals(judged.records) != []
