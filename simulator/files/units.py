"""A number with its unit and source; where a field is named for seconds, so is its unit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from simulator.errors import BadInput

_TIMES = ("seconds", "minutes", "hours", "days", "weeks", "months", "years")
_PLAIN = (str, int, float, type(None))
_TIME = re.compile(rf"\b({'|'.join(_TIMES)})\b")


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number and where it comes from: its `source`, or why it is `assumed`."""

    value: float
    unit: str
    source: str = ""
    assumed: str = ""

    def __post_init__(self) -> None:
        if bool(self.source) == bool(self.assumed):
            raise ValueError("give either source or assumed, with a sentence")
        if not self.unit:
            raise ValueError("unit is empty; say what the number counts")


def check_units(value: Any, path: Path, field: str = "") -> None:
    """Refuse a number in minutes in a field that is named for seconds, and so on.

    Raises BadInput. A unit that names no time is left alone: it may be said in other words.
    """
    if isinstance(value, Rate):
        words = field.rpartition(".")[2].partition("[")[0].split("_")
        named = [each for each in words if each in _TIMES]
        said = _TIME.search(value.unit)
        if named and said and said[1] != named[0]:
            raise BadInput(
                f"{path}: {field}: unit is {value.unit!r:.80}, and the field is in {named[0]}; "
                f"give the value in {named[0]}"
            )
        return
    for name, each in _inside(value):
        # Most are plain: they are passed over before their name is made.
        if not isinstance(each, _PLAIN):
            check_units(each, path, f"{field}{name}".lstrip("."))


def _inside(value: Any) -> Iterator[tuple[str, Any]]:
    """Walk over what is in a table or a list, with its name there."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield f".{name}", getattr(value, name)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield f".{name}", each
    elif isinstance(value, tuple | list):
        for number, each in enumerate(value):
            yield f"[{number}]", each
