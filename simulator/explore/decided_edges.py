"""Says at which of a story's edges the judge decided something.

About a field of the order it did if, by another value, it would find other harm or expect something
else of the portal. An edge of the contract is judged if the portal sent a message or showed a page.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import structs

from simulator.evidence.records import MessageAccepted, Seen
from simulator.explore.asked_order import Questions
from simulator.explore.edges import Edge, beside
from simulator.explore.judged_story import Judged
from simulator.explore.order_changes import changed
from simulator.explore.other_orders import Changes
from simulator.explore.story import Story
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement


def decided_edges(
    edges: Iterable[Edge], story: Story, judged: Judged, own: Order
) -> frozenset[Edge]:
    """Return those of a story's edges about which the judge decided; `own` is the force's order."""
    if not any(isinstance(each, MessageAccepted | Seen) for each in judged.records):
        return frozenset()
    deciding = _Deciding(judged)
    decided = set()
    for edge in edges:
        changes = beside(edge, story, own)
        if changes is None or any(map(deciding.expects_else, changes)):
            decided.add(edge)
    return frozenset(decided)


class _Deciding:
    """What the judge expects of a story, by its own order and by others; each is asked once."""

    def __init__(self, judged: Judged) -> None:
        self._judged = judged
        self._questions: Questions | None = None
        self._expected: Any = None
        self._known: dict[str, bool] = {}

    def expects_else(self, changes: Changes) -> bool:
        """Say whether by another order the judge finds or expects something else.

        It does not by an order that is impossible.
        """
        named = repr(changes)
        if named not in self._known:
            self._known[named] = self._asks(changes)
        return self._known[named]

    def _asks(self, changes: Changes) -> bool:
        order, judged_by = self._judged.order, self._judged.judged_by
        if order is None or judged_by is None:
            return False
        try:
            other = changed(order, changes)
        except msgspec.ValidationError:
            return False
        if self._questions is None:
            self._questions = Questions(order)
            self._expected = _expectations(judged_by(self._questions.order))
        return not self._questions.are_answered_alike(other) and bool(
            _expectations(judged_by(other)) != self._expected
        )


def _expectations(judgement: Judgement) -> tuple[Any, ...]:
    """Give what the judge found, and what it expected of the portal, met or not."""
    return (
        # Which readings may play a part decides nothing.
        [structs.replace(finding, readings=()) for finding in judgement.findings],
        judgement.obligations,
        judgement.tasks,
        judgement.flags,
        judgement.code_news,
    )
