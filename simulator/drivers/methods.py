"""What each method of a driver takes and gives, read from the protocol itself.

So a Python class and a program that speaks JSON lines follow the same rules, and docs/drivers.md
always says the same.
"""

import inspect
import re
from collections.abc import Mapping
from typing import Any, TypeGuard, get_args, get_type_hints

from msgspec import Raw, Struct, defstruct

from reference.contract.events import CloudEvent
from simulator.drivers.base import Delivery, Driver
from simulator.drivers.own_record import KeepsOwnRecord
from simulator.drivers.surroundings import Surroundings
from simulator.inputs.capabilities import Capability
from simulator.inputs.order import GoLive

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
    """Derive the first message from the surroundings.

    Of the order it gives the path, and the days on which the phases go live.
    """
    hints = get_type_hints(Surroundings, include_extras=True)
    fields = [(name, kind) for name, kind in hints.items() if name != "order"]
    of_order = [("go_live", GoLive), ("order_path", str)]
    takes = defstruct("hello", [("protocol", int), *fields, *of_order], frozen=True)
    says = (
        "Begin: where everything is, the phase that the run is in (null where it goes by the days "
        "alone), and the days on which the phases go live in it. The program answers what its "
        "portal can do."
    )
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


def _is_capability(name: str) -> TypeGuard[Capability]:
    return name in get_args(Capability)


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
#: Methods that are asked only where this is claimed: most have the name of the claim.
CLAIMED_BY: Mapping[str, Capability] = {
    **{name: name for name in METHODS if _is_capability(name)},
    "deliver_signed_by": "signed_events",
}
#: What the first verdict needs: with these, who is invited and told, by which channel, is judged.
FIRST_VERDICT = ("deliver", "advance_to", "enter_phase")
OPTIONAL = {name: METHODS[name] for name in CLAIMED_BY}
#: Optional methods that a driver of before may lack, whatever it claims: they are not written yet.
NEWER = frozenset({"deliver_signed_by"})
