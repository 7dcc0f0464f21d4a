"""What each method of a driver takes and gives, read from the protocol itself.

So a Python class and a program that speaks JSON lines follow the same rules, and docs/drivers.md
always says the same.
"""

import inspect
import re
from typing import Any, get_args, get_type_hints

from msgspec import Raw, Struct, defstruct

from reference.contract.events import CloudEvent
from simulator.drivers.base import Delivery, Driver
from simulator.drivers.own_record import KeepsOwnRecord
from simulator.drivers.surroundings import Surroundings
from simulator.inputs.capabilities import Capability

PROTOCOL_VERSION = 1


class DeliveryInJson(Struct, frozen=True):
    """A delivery as a program gets it: its events are JSON objects, not JSON in strings."""

    id: str
    events: list[CloudEvent]
    correlation_id: str = ""


class Method(Struct, frozen=True):
    """One method: the struct of its `with`, and the type of its `gives`.

    `gives_words` is that type as a person would write it.
    """

    name: str
    takes: type[Struct]
    gives: Any
    gives_words: str
    says: str


class Greeting(Struct, frozen=True):
    """A program's answer to `hello`: its protocol version, and what its portal can do."""

    protocol: int
    capabilities: frozenset[Capability]


def _hello() -> Method:
    """Derive the first message from the surroundings; it gives the order's path."""
    hints = get_type_hints(Surroundings, include_extras=True)
    fields = [(name, kind) for name, kind in hints.items() if name != "order"]
    takes = defstruct("hello", [("protocol", int), *fields, ("order_path", str)], frozen=True)
    says = "Begin: where everything is. The program answers what its portal can do."
    return Method("hello", takes, Greeting, "Greeting", says)


def _methods(protocol: type) -> dict[str, Method]:
    asked = [name for name in vars(protocol) if not name.startswith("_") and name != "close"]
    return {name: _method(name, getattr(protocol, name)) for name in asked}


def _method(name: str, function: Any) -> Method:
    hints = get_type_hints(function, include_extras=True)
    gives = hints.pop("return")
    takes = [(each, DeliveryInJson if kind is Delivery else kind) for each, kind in hints.items()]
    words = inspect.formatannotation(gives) if gives is not type(None) else "nothing"
    return Method(
        name=name,
        takes=defstruct(name, takes, frozen=True),
        gives=gives,
        gives_words=re.sub(r"\b(?:\w+\.)+(?=\w)", "", words),
        says=" ".join((inspect.getdoc(function) or "").split()),
    )


def in_json(value: object) -> object:
    """Return an argument as a program gets it."""
    if isinstance(value, Delivery):
        return {
            "id": value.id,
            "events": [Raw(each) for each in value.events],
            "correlation_id": value.correlation_id,
        }
    return value


HELLO = _hello()
METHODS = _methods(Driver) | _methods(KeepsOwnRecord)
#: Methods that a driver has only if it claims the capability of that name.
OPTIONAL = {name: each for name, each in METHODS.items() if name in get_args(Capability)}
