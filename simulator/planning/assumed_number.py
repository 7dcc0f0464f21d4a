"""An assumed number that a plan sets low and high: which it is, and how far it may be off."""

from typing import Literal, TypeVar

from msgspec import Struct, structs

from simulator.files.checked_toml import Strict

_Table = TypeVar("_Table", bound=Struct)


class Number(Strict, frozen=True, kw_only=True):
    """A number of the tornado: what it is called, where it is, and how far it may be off."""

    name: str
    file: Literal["rollout", "order", "contact_centre", "costs"]
    field: str
    low: float
    high: float
    why: str

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(f"{self.name}: low is not less than high; swap them")


def changed(table: _Table, field: str, value: float) -> _Table:
    """Give a table with another value in one of its numbers, such as `worry.news_calms`."""
    name, _dot, rest = field.partition(".")
    before = getattr(table, name)
    after = changed(before, rest, value) if rest else structs.replace(before, value=value)
    return structs.replace(table, **{name: after})
