"""Hands a portal deliveries that the force did not sign, or signed long ago.

They go past integration. Where a vendor's own driver hands them over, what the force signed just
now goes the same way first: an interface that refuses that too proves nothing by refusing the rest.
"""

from simulator.drivers.base import Delivery, SignedBy
from simulator.drivers.http import by_http
from simulator.errors import CannotVerify
from simulator.world.world import World


def deliver_signed_by(world: World, delivery: Delivery, signed_by: SignedBy, known: str) -> int:
    """Hand over a delivery as another sender would; return the portal's status.

    `known` is the id of an event that the portal has ("" for none). Raises CannotVerify if the
    driver does not use the interface of `deliver` for it.
    """
    portal = world.portal
    # Our own driver has one way for all; nobody can hand anything to a portal that fetches.
    if known and by_http(portal) is None and not world.integration.is_read_later:
        again = Delivery(f"{known}-once-more", [world.integration.body_of(known)])
        status = portal.deliver_signed_by(again, "the force")
        if not 200 <= status < 300:
            raise CannotVerify(
                f"deliver_signed_by was answered {status} for an event that the force signed just "
                "now and the portal has: it does not use the interface of deliver: not verified"
            )
    return portal.deliver_signed_by(delivery, signed_by)
