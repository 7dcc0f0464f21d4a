"""What lies at a limit is added to a story, which is otherwise as it was drawn, and lawful."""

from collections import Counter
from datetime import date
from functools import cache, partial
from itertools import islice

import pytest
from msgspec import structs

from simulator.explore.edge_kind import FIELD_LIMIT, LIMIT, RECEIPT
from simulator.explore.edges import Edge, all_edges, met_by
from simulator.explore.lawful import lawful_steps
from simulator.explore.limit_drawing import full_fields, with_limits
from simulator.explore.steps import DeliverTogether, Guess, SayNotForMe, SendBeyond
from simulator.explore.story import Story
from tests.simulator.explore.stories import CRIME, PLAIN, RECORDED, SAM, drawn_stories, order, story

stories = partial(drawn_stories, 500, phase=3, seed=6)


def test_the_same_story_has_the_same_limits() -> None:
    """They come from its seed alone."""
    for each in islice(stories(), 40):
        assert with_limits(each, order()) == with_limits(each, order())


def test_every_step_stays_lawful() -> None:
    """Nothing is about a crime or an event that is not there yet."""
    for each in stories():
        assert lawful_steps(each) == each.steps


@cache
def met() -> Counter[Edge]:
    """Count the edges that they meet, once for all kinds."""
    found: Counter[Edge] = Counter()
    for each in stories():
        found.update(met_by(each, order()))
    return found


@pytest.mark.parametrize("kind", [LIMIT, FIELD_LIMIT, RECEIPT, "order of events"])
def test_five_hundred_stories_meet_every_such_edge(kind: str) -> None:
    """Each occurs, but for a very few that the next five hundred have."""
    left = [each for each in all_edges(order(), 3) if each.kind == kind and not met()[each]]

    assert len(left) <= 2, left


def test_a_text_is_of_exactly_the_length() -> None:
    """At the limit or one less, the same in every step, and with no space at its end."""
    full = [words for each in stories() for _name, words in full_fields(each) if len(words) > 150]

    assert {len(each) for each in full} == {199, 200}
    assert not [each for each in full if each[-1] in " -."]


def _met(*steps: object) -> set[str]:
    told: Story = story(*steps)  # type: ignore[arg-type]
    return {each.value for each in met_by(told, order()) if each.kind in (LIMIT, FIELD_LIMIT)}


def test_counts_are_met_on_either_side() -> None:
    """The order allows five wrong answers in a sign-in, and a hundred in an hour open nothing."""
    guess = Guess(person="Sam", by="text", wrong="proof", times=5, sign_ins=19)
    last = Guess(person="Sam", by="text", wrong="proof", times=4, then_right=True)
    met = _met(RECORDED, guess, last)

    assert "wrong proofs in one sign-in: the limit" in met
    assert "wrong proofs in one sign-in: one less than the limit" in met
    assert "wrong answers in an hour: 99" in met
    assert "wrong answers in an hour: 100" not in met


def test_other_counts_are_met() -> None:
    """Of "not for me" in an hour, of events in a delivery, and beyond a limit of the contract."""
    said = [SayNotForMe(person="Sam", channel="text")] * 4
    met = _met(*PLAIN, *said)
    assert "not for me in an hour: one less than the limit" in met
    assert "not for me in an hour: the limit" not in met
    assert "events in a delivery: 100" in _met(
        RECORDED, DeliverTogether(events=("e1",), copies_before=99)
    )
    assert "grade of 5, to be refused" in _met(
        RECORDED, SendBeyond(crime=CRIME, field="grade", value=5)
    )


@pytest.mark.parametrize(
    ("born", "how"),
    [
        (date(2008, 6, 2), "a day too young"),
        (date(2008, 6, 1), "old enough today"),
        (date(2008, 5, 31), "old enough since yesterday"),
        (date(2008, 5, 30), None),
        (date(2007, 6, 1), None),
    ],
)
def test_an_age_is_met_on_the_day(born: date, how: str | None) -> None:
    """The crime is recorded on 1 June 2026, and the order asks for 18 years."""
    young = structs.replace(SAM, born=born, record=structs.replace(SAM.record, born=born))
    met = met_by(story(*PLAIN, people=(young,)), order())

    ages = {each.value for each in met if each.value.startswith("age when recorded")}
    assert ages == ({f"age when recorded: {how}"} if how else set())
