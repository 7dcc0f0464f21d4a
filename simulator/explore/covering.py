"""Chooses few stories that meet as many edges as can be met, without playing any.

Drawing a story takes a fiftieth of the time of playing it.
"""

from msgspec import structs

from simulator.explore.edges import Edge, all_edges, met_by
from simulator.explore.likely import likely_steps
from simulator.explore.story_drawing import draw_story
from simulator.inputs.order import Order

#: Stories drawn to choose from: among so many every edge occurs but those of the rarest values.
DRAWS = 800


def covering_numbers(
    order: Order, *, phase: int, seed: int, draws: int = DRAWS, order_is_fixed: bool = False
) -> tuple[int, ...]:
    """Return the numbers of the chosen stories, those with the most new edges first.

    Each chosen story meets an edge that no other chosen one meets, with steps that are likely
    done; where no step that meets an edge is likely, any of them will do.
    """
    wanted = frozenset(all_edges(order, phase))
    edges: dict[int, frozenset[Edge]] = {}
    others: dict[int, frozenset[Edge]] = {}
    for number in range(draws):
        story = draw_story(
            order, phase=phase, seed=seed, number=number, order_is_fixed=order_is_fixed
        )
        likely = structs.replace(story, steps=likely_steps(story, order))
        # A step that takes time, and may not be done, moves those after it.
        met_if_done = wanted & met_by(story, order)
        edges[number] = met_if_done & met_by(likely, order)
        others[number] = met_if_done - edges[number]
    unlikely = wanted.difference(*edges.values())
    edges = {number: each | (others[number] & unlikely) for number, each in edges.items()}
    met: set[Edge] = set()
    chosen: list[int] = []
    # The richest first; of two alike, the one drawn first.
    for number in sorted(edges, key=lambda each: (-len(edges[each]), each)):
        if not edges[number] <= met:
            met |= edges[number]
            chosen.append(number)
    return tuple(_needed(chosen, edges))


def _needed(chosen: list[int], edges: dict[int, frozenset[Edge]]) -> list[int]:
    times: dict[Edge, int] = {}
    for number in chosen:
        for edge in edges[number]:
            times[edge] = times.get(edge, 0) + 1
    kept = list(chosen)
    for number in reversed(chosen):
        if all(times[edge] > 1 for edge in edges[number]):
            kept.remove(number)
            for edge in edges[number]:
                times[edge] -= 1
    return kept
