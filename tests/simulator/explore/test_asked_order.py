"""By an order that answers alike the judge says the same, so it need not be asked again."""

from random import Random

import pytest
from msgspec import structs

from simulator.explore.asked_order import Questions
from simulator.explore.order_changes import changed, draw_changes
from simulator.explore.story import Story
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from tests.simulator.explore.stories import PLAIN, drawn, reference, story

ORDERS = 60


class Asked:
    """A story that was played and judged by an order that remembers what it was asked."""

    def __init__(self, told: Story) -> None:
        played = reference().judged(told)
        assert played.order is not None
        assert played.judged_by is not None
        self.order, self.judged_by = played.order, played.judged_by
        self.questions = Questions(self.order)
        self.judgement: Judgement = self.judged_by(self.questions.order)

    def is_alike(self, table: str, **values: object) -> bool:
        """Say whether the order would have answered alike with other values in one table."""
        other = structs.replace(getattr(self.order, table), **values)
        return self.questions.are_answered_alike(structs.replace(self.order, **{table: other}))


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_orders_that_answer_alike_are_judged_alike(phase: int) -> None:
    """Of many others some answer alike: by each the whole judgement is that of the story's own."""
    asked, draw = Asked(drawn(phase, phase)), Random(phase)  # noqa: S311  it is no secret
    drawn_changes = (draw_changes(draw, asked.order) for _ in range(ORDERS))
    others: list[Order] = [changed(asked.order, each) for each in drawn_changes if each]
    alike = [each for each in others if asked.questions.are_answered_alike(each)]
    assert 0 < len(alike) < len(others)
    for each in (asked.order, *alike):
        assert asked.judged_by(each) == asked.judgement


def test_what_would_be_answered_otherwise_is_seen() -> None:
    """In a value that was read, in what a method answered, and in nothing that was not asked."""
    asked = Asked(story(*PLAIN))
    assert not asked.is_alike("messages", minutes_max=1)
    assert not asked.is_alike("eligibility", offence_subgroups=())
    assert asked.is_alike("messages", per_week_max=1000)
    assert asked.is_alike("two_way", danger_minutes=1)
