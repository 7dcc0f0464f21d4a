"""The steps that a story's people cannot take are left out, when stories are chosen."""

from itertools import product

import pytest
from msgspec import structs

from simulator.explore.likely import likely_steps
from simulator.explore.steps import Ask, Breakdown, Read, SignIn, Step, UseSession, Wait
from simulator.explore.story import Person
from simulator.explore.story_drawing import draw_story
from tests.simulator.explore.stories import (
    CRIME,
    RECORDED,
    SAM,
    order,
    reference,
    story,
)

HOUR = Wait(seconds=3_600)
SOON = Wait(seconds=60)
BY_LINK, BY_TEXT = SignIn(person="Sam", by="link"), SignIn(person="Sam", by="text")
READ, ASK = Read(person="Sam"), Ask(person="Sam", crime=CRIME, text="?")


def likely(*steps: Step, sam: Person = SAM) -> tuple[Step, ...]:
    """Return the steps that are likely done."""
    return likely_steps(story(*steps, people=(sam,), phase=3), order())


def test_who_was_invited_signs_in_reads_and_asks() -> None:
    """An hour after the crime their link has come."""
    steps = (RECORDED, HOUR, BY_LINK, READ, SOON, ASK, BY_TEXT, UseSession(person="Sam"))
    assert likely(*steps) == steps


@pytest.mark.parametrize(
    ("steps", "done"),
    [
        ((RECORDED, BY_LINK, READ), (RECORDED,)),
        ((RECORDED, HOUR, BY_TEXT, ASK), (RECORDED, HOUR)),
        ((RECORDED, HOUR, ASK), (RECORDED, HOUR)),
        ((RECORDED, HOUR, BY_LINK, HOUR, HOUR, READ), (RECORDED, HOUR, BY_LINK, HOUR, HOUR)),
        (
            (RECORDED, HOUR, BY_LINK, Breakdown(what="portal restarted"), READ),
            (RECORDED, HOUR, BY_LINK, Breakdown(what="portal restarted")),
        ),
    ],
    ids=["no link yet", "never came in", "not signed in", "session over", "session lost"],
)
def test_who_cannot_does_not(steps: tuple[Step, ...], done: tuple[Step, ...]) -> None:
    """Without a link, a first sign-in or a session, nothing of it happens."""
    assert likely(*steps) == done


@pytest.mark.parametrize("changes", [{"safe_to_contact": None}, {"has_died": True}], ids=str)
def test_who_is_told_nothing_does_not_come_in(changes: dict[str, object]) -> None:
    """No invitation is sent to them."""
    sam = structs.replace(SAM, record=structs.replace(SAM.record, **changes))
    assert likely(RECORDED, HOUR, BY_LINK, READ, sam=sam) == (RECORDED, HOUR)


@pytest.mark.proof
@pytest.mark.slow(seconds=14)
def test_most_of_what_is_likely_is_done() -> None:
    """Of the questions in drawn stories, most that are thought likely are asked."""
    asked = thought = 0
    for seed, number in product((4, 5), range(150)):
        drawn = draw_story(order(), phase=3, seed=seed, number=number, focus="two-way")
        expected = {each for each in likely_steps(drawn, order()) if isinstance(each, Ask)}
        if not expected:
            continue
        thought += len(expected)
        asked += len(expected & set(reference().judged(drawn).done))
    assert thought > 10
    assert asked > 0.7 * thought
