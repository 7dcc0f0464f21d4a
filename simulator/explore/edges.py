"""Edges at which portals go wrong, computed from the order and the contract, and which a story met.

An edge is one value of one kind: an offence, a form of a number, a duration one unit too long. The
table of a run says how many stories met each.
"""

from collections.abc import Set
from datetime import datetime
from typing import NamedTuple

from msgspec import structs

from simulator.explore.day_edges import DAY_EDGES
from simulator.explore.duration_edges import DURATION_EDGES
from simulator.explore.edge_kind import EdgeKind, StoryRead, Values, Window
from simulator.explore.event_edges import EVENT_EDGES
from simulator.explore.limit_edges import LIMIT_EDGES
from simulator.explore.moment_edges import MOMENT_EDGES
from simulator.explore.other_orders import Changes
from simulator.explore.record_edges import RECORD_EDGES
from simulator.explore.state_kept import all_state, state_asked_again
from simulator.explore.steps import Step
from simulator.explore.story import Story
from simulator.explore.story_drawing import order_of
from simulator.explore.writing_edges import WRITING_EDGES
from simulator.inputs.order import Order

#: The kinds of edge that need a restart, or a second worker.
AFTER_RESTART = "state asked for after a restart"
SECOND_WORKER = "state asked for with a second worker"


class Edge(NamedTuple):
    """One value of one kind."""

    kind: str
    value: str


def all_edges(order: Order, phase: int) -> tuple[Edge, ...]:
    """List every edge that stories of this phase can meet on a portal that claims everything."""
    return tuple(
        Edge(kind.name, value) for kind in _KINDS for value in dict.fromkeys(kind.all(order, phase))
    )


def met_by(story: Story, order: Order) -> frozenset[Edge]:
    """Find the edges that a story meets, and values beside them that are no edge of the order."""
    seen = _read(story, order)
    return frozenset(Edge(kind.name, value) for kind in _KINDS for value in kind.met(seen))


def beside(edge: Edge, story: Story, order: Order) -> tuple[Changes, ...] | None:
    """Give what is otherwise in orders beside that of a story, for an edge of one of its fields.

    None for an edge of the contract.
    """
    changes = _BY_NAME[edge.kind].beside(_read(story, order), edge.value)
    return None if changes is None else tuple(changes)


def windows(edge: Edge, story: Story, order: Order) -> tuple[Window, ...] | None:
    """Give the times at which a story meets an edge of time; None for any other edge."""
    when = _BY_NAME[edge.kind].when
    return None if when is None else tuple(when(_read(story, order), edge.value))


def steps_alone(
    kinds: Set[str], story: Story, order: Order
) -> dict[Edge, list[tuple[datetime, Step]]]:
    """List, by edge, the steps each of which meets it by itself, with their times."""
    found: dict[Edge, list[tuple[datetime, Step]]] = {}
    people = _read(structs.replace(story, steps=()), order)
    for at, step in zip(_read(story, order).moments, story.steps, strict=True):
        alone = _read(structs.replace(story, steps=(step,)), order)
        for kind in (_BY_NAME[each] for each in kinds):
            for value in {*kind.met(alone)} - {*kind.met(people)}:
                found.setdefault(Edge(kind.name, value), []).append((at, step))
    return found


def _read(story: Story, own: Order) -> StoryRead:
    return StoryRead(story, order_of(story, own) if story.order else own, own)


def _state(_order: Order, phase: int) -> Values:
    return all_state(phase)


_KINDS: tuple[EdgeKind, ...] = (
    *EVENT_EDGES,
    *RECORD_EDGES,
    *WRITING_EDGES,
    *DURATION_EDGES,
    *MOMENT_EDGES,
    *DAY_EDGES,
    *LIMIT_EDGES,
    EdgeKind(
        AFTER_RESTART,
        _state,
        lambda seen: state_asked_again(seen.steps, seen.order, "restart"),
    ),
    EdgeKind(
        SECOND_WORKER,
        _state,
        lambda seen: state_asked_again(seen.steps, seen.order, "second worker"),
    ),
)
_BY_NAME = {each.name: each for each in _KINDS}
