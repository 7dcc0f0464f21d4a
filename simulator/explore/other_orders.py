"""Names orders beside that of a story: of another value the judge would expect something else.

If it would not, it decided nothing about that field in that story.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from operator import attrgetter
from typing import Any, TypeAlias

from msgspec import to_builtins

from simulator.explore.story import OrderChange
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


def as_the_force_has_it(own: Order, order: Order, field: str) -> Iterator[Changes]:
    """Give a changed field as the force's own order has it: alone, and with all of its table."""
    table, _, name = field.rpartition(".")
    if attrgetter(field)(own) == attrgetter(field)(order):
        return
    of_own, of_story = attrgetter(table)(own), attrgetter(table)(order)
    yield (OrderChange(field=field, value=to_builtins(getattr(of_own, name))),)
    yield tuple(
        OrderChange(field=f"{table}.{each}", value=to_builtins(getattr(of_own, each)))
        for each in of_own.__struct_fields__
        if getattr(of_own, each) != getattr(of_story, each)
    )
