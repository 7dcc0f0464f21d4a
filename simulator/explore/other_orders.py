"""Names orders beside that of a story: of another value the judge would expect something else.

If it would not, it decided nothing about that field in that story.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import reduce
from operator import attrgetter, getitem
from typing import Any, TypeAlias

from msgspec import to_builtins

from simulator.clock import LONDON
from simulator.explore.order_fields import path_of
from simulator.explore.story import OrderChange, Story
from simulator.inputs.order import Order

#: What is otherwise in one order beside that of a story.
Changes: TypeAlias = tuple[OrderChange, ...]


def beside_a_number(
    order: Order, field: str, differences: Iterable[int] = (-1, 1)
) -> Iterator[Changes]:
    """Give a number of the order so much less or more; nothing for what is no number."""
    value: Any = attrgetter(field)(order)
    if isinstance(value, int) and not isinstance(value, bool):
        for other in (value + each for each in differences):
            if other >= 0:
                yield (OrderChange(field=field, value=other),)


def with_or_without(order: Order, field: str, value: str | date) -> Iterator[Changes]:
    """Give a list of the order without a value that it has, or with one that it lacks."""
    listed = attrgetter(field)(order)
    others = [each for each in listed if each != value]
    if len(others) == len(listed):
        others.append(value)
    yield (OrderChange(field=field, value=[to_builtins(each) for each in others]),)


def as_the_force_has_it(own: Order, story: Story, path: str) -> Iterator[Changes]:
    """Give what a story has otherwise at a path as the force has it: alone, and with its table."""
    plain = to_builtins(own)
    table = path.partition(".")[0]
    alone = [each for each in story.order if path_of(each.field) == path]
    together = [each for each in story.order if each.field.partition(".")[0] == table]
    for changes in (alone, together):
        yield tuple(
            OrderChange(field=each.field, value=reduce(getitem, each.field.split("."), plain))
            for each in changes
        )


def own_days(own: Order, phase: int) -> Changes:
    """Give the force's own go-live days, up to those of a phase."""
    days = ((f"go_live.phase_{each}", own.go_live_at(each)) for each in range(1, phase + 1))
    return tuple(
        OrderChange(field=field, value=at.astimezone(LONDON).date().isoformat())
        for field, at in days
    )
