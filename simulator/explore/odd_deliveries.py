"""Deliveries that integration does not make by itself: forged, invalid, or put together anew.

A forged or invalid delivery goes past integration, straight to a portal that speaks the contract.
What the portal answered goes into the evidence.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from msgspec import structs

from reference.contract.events import AnyEvent, CloudEvent
from simulator.drivers.base import Delivery
from simulator.drivers.http import ANOTHER_SECRET, HttpDriver, by_http
from simulator.errors import CannotVerify
from simulator.evidence.records import EventDelivered, ForgedDelivery, InvalidDelivery
from simulator.explore.steps import Defect, SignedBy
from simulator.world.world import World

_TAKEN = 202
#: The secret that a delivery is signed with ("" for the force's own), and how long ago.
_SIGNED: dict[SignedBy, tuple[str | None, timedelta]] = {
    "nobody": (None, timedelta(0)),
    "another key": (ANOTHER_SECRET, timedelta(0)),
    "the force an hour ago": ("", timedelta(hours=1)),
}


@dataclass
class OddDeliveries:
    """Sends such deliveries in a world; raises CannotVerify for a portal without the interface."""

    world: World

    def forge(self, event: AnyEvent, signed_by: SignedBy, *, as_event_id: str = "") -> None:
        """Send what the force did not say, perhaps under the id of an event that it will send."""
        driver = self._driver()
        said = self.world.crime_system.say_as_another(event)
        body = said.body
        if as_event_id:
            envelope = msgspec.json.decode(body, type=CloudEvent)
            body = msgspec.json.encode(structs.replace(envelope, id=as_event_id))
        secret, age = _SIGNED[signed_by]
        status = driver.deliver_signed(
            self._delivery([body], said.event_id), secret=secret, age=age
        )
        self.world.evidence.append(
            ForgedDelivery(
                at=self.world.now,
                event_id=as_event_id or said.event_id,
                event_type=type(event).__name__,
                crime_reference=event.crime_reference,
                signed_by=signed_by,
                status=status,
            )
        )

    def send_invalid(self, event: AnyEvent, defect: Defect, *, along: str = "") -> None:
        """Send an event with a defect, perhaps after one that is held back and has none."""
        driver = self._driver()
        said = self.world.crime_system.say_as_another(event)
        bodies = [self.world.integration.body_of(along)] if along else []
        delivery = self._delivery([*bodies, _with(defect, said.body)], said.event_id)
        status = driver.deliver_signed(delivery)
        self.world.evidence.append(
            InvalidDelivery(at=self.world.now, event_id=said.event_id, defect=defect, status=status)
        )
        if along and status == _TAKEN:
            # The portal says that it has the whole of it.
            self.world.evidence.append(
                EventDelivered(
                    at=self.world.now,
                    event_id=along,
                    status=status,
                    correlation_id=delivery.correlation_id,
                )
            )

    def _delivery(self, bodies: list[bytes], event_id: str) -> Delivery:
        name = f"odd-delivery-of-{event_id}"
        return Delivery(name, bodies, f"Somebody.{name}")

    def _driver(self) -> HttpDriver:
        driver = by_http(self.world.portal)
        if driver is None or "signed_events" not in driver.capabilities:
            raise CannotVerify("what happens goes to this portal by a driver of its own")
        return driver


def _with(defect: Defect, body: bytes) -> bytes:
    """Give an event with something in it that the contract does not allow."""
    envelope = json.loads(body)
    match defect:
        case "unknown type":
            envelope["type"] = "SuspectProfiled"
        case "no crime":
            del envelope["data"]["crime_reference"]
        case "no time":
            del envelope["time"]
        case "a day that is none":
            envelope["data"]["deployed_at"] = "2026-02-30T10:00:00Z"
        case "cut short":
            return body[:-20]
    return json.dumps(envelope).encode()
