"""A burst is refused if the portal must not be loaded, or if it could not be judged."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from loadtests.preconditions import check_order, check_stops, check_target
from simulator.errors import BadInput
from simulator.inputs.handsets import Handsets
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import Target, read_target
from tests.loadtests.bursts_for_tests import burst
from tests.simulator.real_files import ROOT

PATH = Path("target.toml")
NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)


def target(name: str = "reference-for-load") -> Target:
    """Read a target that we ship."""
    return read_target(ROOT / "scenarios" / "targets" / f"{name}.toml")


def order(**messages: Any) -> Order:
    """Read the order for bursts, with other rules for messages."""
    read = read_order(ROOT / "scenarios" / "orders" / "burst.toml")
    return structs.replace(read, messages=structs.replace(read.messages, **messages))


def without(capability: str) -> Target:
    """Give the target without a claim."""
    claims = target().claims
    left = tuple(each for each in claims.capabilities if each != capability)
    return structs.replace(target(), claims=structs.replace(claims, capabilities=left))


def test_the_reference_may_be_loaded_by_its_order() -> None:
    """The shipped target and order for bursts are accepted, also at night: other orders are not."""
    refused = []
    for name in ("burst", "two-forces"):
        try:
            check_target(target(), PATH)
            check_order(read_order(ROOT / "scenarios" / "orders" / f"{name}.toml"), PATH, NOW)
        except BadInput:
            refused.append(name)

    assert refused == ["two-forces"]


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example",
        "https://192.0.2.7:8443",
        "http://127.0.0.1.example:80",
        "http://128.0.0.1:8080",
        "http://0.0.0.0:8080",
        "http://[::2]:8080",
        "http://[2001:db8::1]:8080",
    ],
)
def test_traffic_goes_to_this_machine_alone(url: str) -> None:
    """A portal on any other host is refused by name."""
    elsewhere = structs.replace(
        target(), access=structs.replace(target().access, portal_url=url, command=())
    )

    with pytest.raises(BadInput, match=r"access\.portal_url: .* is another machine"):
        check_target(elsewhere, PATH)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080",
        "http://127.0.0.2:8080",
        "http://127.255.255.254:8080",
        "http://localhost:8080",
        "http://LOCALHOST:8080",
        "http://[::1]:8080",
    ],
)
def test_every_loopback_address_is_this_machine(url: str) -> None:
    """127.0.0.0/8, ::1 and localhost need no word and no cap."""
    access = structs.replace(target().access, portal_url=url, command=(), neighbours_port=8470)

    check_target(structs.replace(target(), access=access), PATH)


def test_ones_own_machine_is_loaded_with_a_cap() -> None:
    """A planner who says that the target is theirs also says how fast it may be asked."""
    access = structs.replace(
        target().access, portal_url="https://portal.example", command=(), neighbours_port=8470
    )
    elsewhere = structs.replace(target(), access=access)
    check_target(elsewhere, PATH, owns_target=True, rate_max=20.0)

    with pytest.raises(BadInput, match="say with --rate-max how many requests a second"):
        check_target(elsewhere, PATH, owns_target=True)
    with pytest.raises(BadInput, match="--i-own-this-target and --rate-max"):
        check_target(elsewhere, PATH, rate_max=20.0)


def test_a_portal_in_process_is_refused() -> None:
    """Load in process would measure the suite."""
    with pytest.raises(BadInput, match=r"access\.application: .* portal at a URL"):
        check_target(target("reference"), PATH)


def test_a_portal_with_a_test_clock_is_refused() -> None:
    """A portal whose clock stands still cannot be timed."""
    with pytest.raises(BadInput, match=r"claims\.capabilities: test_clock"):
        check_target(target("reference-by-url"), PATH)


@pytest.mark.parametrize("capability", ["correlates", "text"])
def test_what_a_burst_needs_must_be_claimed(capability: str) -> None:
    """If many victims share telephones, a message without an event proves nothing."""
    with pytest.raises(BadInput, match=rf"claims\.capabilities: {capability} is missing"):
        check_target(without(capability), PATH)


@pytest.mark.parametrize(
    ("messages", "named"),
    [
        ({"quiet_from": time(21), "quiet_until": time(8)}, r"messages\.quiet_from"),
        ({"bundle_minutes": 60}, r"messages\.bundle_minutes is 60"),
    ],
)
def test_an_order_that_holds_messages_back_is_refused(messages: dict[str, Any], named: str) -> None:
    """The portal would be blamed for a wait that the order asks for."""
    with pytest.raises(BadInput, match=named):
        check_order(order(**messages), PATH, NOW)


def test_an_order_that_is_not_live_is_refused() -> None:
    """Before the first phase nobody is told of anything."""
    with pytest.raises(BadInput, match="in phase 0, no trigger tells"):
        check_order(order(), PATH, datetime(2020, 1, 1, tzinfo=UTC))


def test_the_order_for_bursts_otherwise_equals_the_two_forces_order() -> None:
    """Only the rules that make a message wait, or limit people per number, differ."""
    usual = read_order(ROOT / "scenarios" / "orders" / "two-forces.toml")
    ours = order(
        quiet_from=usual.messages.quiet_from,
        quiet_until=usual.messages.quiet_until,
        bundle_minutes=usual.messages.bundle_minutes,
    )

    usually = structs.replace(ours, name=usual.name, go_live=usual.go_live, contact=usual.contact)
    assert usually == usual


def test_a_burst_goes_to_no_handset() -> None:
    """The messages of a burst come to our gateway and are judged there."""
    handsets = Handsets(vouched_by="Dana Okafor", mobiles=("07700 900100",))
    beside = structs.replace(
        target().access, command=(), portal_url="http://127.0.0.1:8080", handsets=handsets
    )

    with pytest.raises(BadInput, match=r"target\.toml: access\.handsets: a burst"):
        check_target(structs.replace(target(), access=beside), PATH)


def test_stop_goes_to_a_portal_that_takes_texts(tmp_path: Path) -> None:
    """Without that claim nobody says what became of a text; other bursts need none."""
    storm = burst(tmp_path, stops_share=0.5)

    check_stops(storm, target(), PATH)
    check_stops(burst(tmp_path), without("received_texts"), PATH)
    with pytest.raises(BadInput, match="does not claim received_texts"):
        check_stops(storm, without("received_texts"), PATH)
