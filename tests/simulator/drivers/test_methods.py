"""Rules of what is asked of a driver: it is read off the protocol, and nothing can disagree."""

import inspect

import msgspec
import pytest

from simulator.drivers.base import Delivery, Driver
from simulator.drivers.methods import HELLO, METHODS, OPTIONAL, Method, in_json
from simulator.drivers.own_record import KeepsOwnRecord
from simulator.drivers.surroundings import Surroundings

EVENT = b'{"specversion":"1.0","id":"e-1","data":{"not_in_the_contract":1.50}}'


def public(protocol: type) -> set[str]:
    """List what a protocol has."""
    return {name for name in vars(protocol) if not name.startswith("_")}


def test_every_method_of_the_protocol_is_asked() -> None:
    """The end is no request: a program sees it by its input, and a class is closed."""
    assert set(METHODS) == (public(Driver) | public(KeepsOwnRecord)) - {"close"}
    assert set(OPTIONAL) == {
        "ask_officer_about",
        "deliver_signed_by",
        "not_for_me",
        "withdraw_support",
        *public(KeepsOwnRecord),
    }


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_request_has_the_protocols_own_words(method: Method) -> None:
    """What stands in `with` is called as the method's own arguments are."""
    protocol = KeepsOwnRecord if method.name in public(KeepsOwnRecord) else Driver
    _itself, *names = inspect.signature(getattr(protocol, method.name)).parameters

    assert list(method.takes.__struct_fields__) == names
    assert method.says


def test_hello_tells_all_the_surroundings() -> None:
    """A program gets what a class gets, with the order by its path."""
    told = set(HELLO.takes.__struct_fields__) - {"protocol", "order_path", "go_live"}

    assert told == set(Surroundings.__struct_fields__) - {"order"}


def test_events_are_json_within_json() -> None:
    """A program gets each event as the crime system wrote it, and not as text in text."""
    written = msgspec.json.encode(in_json(Delivery("d-1", [EVENT, EVENT], "followed-1")))
    events = EVENT + b"," + EVENT

    assert written == b'{"id":"d-1","events":[' + events + b'],"correlation_id":"followed-1"}'
