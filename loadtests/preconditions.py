"""Check, before a burst, that the portal may be loaded and that the burst can be judged.

A burst uses the time of day, distinguishes messages by the gateway reference only, and goes to this
machine, unless somebody says that the other one is theirs and how fast it may be asked.
"""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from loadtests.bursts import Burst
from simulator.errors import BadInput
from simulator.inputs.order import Order
from simulator.inputs.target import Target
from simulator.processes.loopback import is_loopback
from simulator.world.recipient_guard import check_recipients


def check_target(
    target: Target, path: Path, *, owns_target: bool = False, rate_max: float = 0.0
) -> None:
    """Refuse a portal that must not or cannot be loaded; raises BadInput naming the field."""
    access, capabilities = target.access, target.claims.capabilities
    check_recipients(target, path)
    if access.handsets is not None:
        raise BadInput(
            f"{path}: access.handsets: a burst is judged by what comes to our gateway, and goes to "
            "no telephone; point the portal at our gateway, and remove handsets"
        )
    if access.selectors or access.by_hand:
        named = "selectors" if access.selectors else "by_hand"
        raise BadInput(
            f"{path}: access.{named}: a burst has too many users for a browser or a person; give "
            "the portal's driver or program, or portal_url alone if it has the interfaces of the "
            "contract"
        )
    if not access.portal_url:
        raise BadInput(
            f"{path}: access.application: a burst goes to a portal at a URL; give portal_url, as "
            "scenarios/targets/reference-for-load.toml does"
        )
    _check_host(access.portal_url, path, owns_target=owns_target, rate_max=rate_max)
    if "test_clock" in capabilities:
        raise BadInput(
            f"{path}: claims.capabilities: test_clock: a burst needs a portal that uses the time "
            "of day; remove test_clock, and start the portal without one"
        )
    for needed, why in _NEEDED.items():
        if needed not in capabilities:
            raise BadInput(f"{path}: claims.capabilities: {needed} is missing: {why}")


def check_stops(burst: Burst, target: Target, path: Path) -> None:
    """Refuse texts that say STOP to a portal that takes none; raises BadInput."""
    if burst.stops_share and "received_texts" not in target.claims.capabilities:
        raise BadInput(
            f"{path}: stops_share: {target.claims.name} does not claim received_texts: it takes no "
            "text that a victim sends back; leave stops_share out, or another burst"
        )


def _check_host(url: str, path: Path, *, owns_target: bool, rate_max: float) -> None:
    """Refuse another machine, unless it is the tester's own; raises BadInput."""
    host = urlsplit(url.replace("{port}", "0")).hostname or ""
    if is_loopback(host):
        return
    if not owns_target:
        raise BadInput(
            f"{path}: access.portal_url: {host!r} is another machine, where a burst could harm "
            "others; run it beside the portal, on localhost (127.0.0.0/8 or ::1), or, if it is "
            "yours, give --i-own-this-target and --rate-max"
        )
    if not rate_max:
        raise BadInput(
            f"--i-own-this-target: say with --rate-max how many requests a second {host!r} may "
            "get at most"
        )


def check_order(order: Order, path: Path, now: datetime) -> None:
    """Refuse an order that lets a message wait; raises BadInput naming the field."""
    if order.messages.quiet_from is not None:
        raise BadInput(
            f"{path}: messages.quiet_from is {order.messages.quiet_from}: nothing would be sent at "
            "night, but a burst runs at any time; remove quiet_from and quiet_until"
        )
    if order.messages.bundle_minutes:
        raise BadInput(
            f"{path}: messages.bundle_minutes is {order.messages.bundle_minutes}: a burst cannot "
            "wait for that; make it 0"
        )
    if order.trigger_for("CrimeClosed", order.phase_at(now)) is None:
        raise BadInput(
            f"{path}: triggers: on {now:%d %B %Y}, in phase {order.phase_at(now)}, no trigger "
            "tells "
            "the victim that a crime is closed; add it, or set go_live in the past"
        )


_NEEDED = {
    "correlates": "only the gateway reference shows which update a message is about",
    "text": "the victims of a burst want texts",
}
