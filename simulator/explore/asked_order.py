"""An order that remembers what the judge asked it: by another that answers alike, all is the same.

The judge is a pure function of evidence and order, so only what an order answers can matter.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, cast

from msgspec import Struct

from simulator.inputs.order import Order
from simulator.inputs.working_days import WorkingDays

#: The path of a value or of a method of the order, and what it was called with: None for a value.
_Question = tuple[str, tuple[Any, ...] | None]


class Questions:
    """What was asked of an order, each question once, with its answer."""

    def __init__(self, order: Order) -> None:
        self._answers: dict[_Question, Any] = {}
        #: To be given to the judge in place of the order.
        self.order = cast("Order", _Asked(order, "", self._answers))

    def are_answered_alike(self, other: Order) -> bool:
        """Say whether another order gives the same answer to every question."""
        return all(_answer(other, question) == answer for question, answer in self._answers.items())


class _Asked:
    """A table of the order, or all of it, whose values and methods are noted when they are used."""

    def __init__(self, table: Any, path: str, answers: dict[_Question, Any]) -> None:
        self._table, self._path, self._answers = table, path, answers

    def __getattr__(self, name: str) -> Any:
        path, found = f"{self._path}{name}", getattr(self._table, name)
        if isinstance(found, Struct | WorkingDays):
            used: Any = _Asked(found, f"{path}.", self._answers)
        elif callable(found):
            used = self._noted(path, found)
        else:
            used = self._answers[path, None] = found
            return used
        # It is the same whenever it is used.
        self.__dict__[name] = used
        return used

    def _noted(self, path: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*arguments: Any, **named: Any) -> Any:
            question = path, (arguments, tuple(named.items()))
            if question not in self._answers:
                self._answers[question] = method(*arguments, **named)
            return self._answers[question]

        return ask


def _answer(order: Order, question: _Question) -> Any:
    path, asked = question
    found = attrgetter(path)(order)
    return found if asked is None else found(*asked[0], **dict(asked[1]))
