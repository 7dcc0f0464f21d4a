"""Deliveries that integration does not make by itself: forged, invalid, or put together anew.

It goes past integration, and an invalid one straight to a portal that speaks the contract.
What the portal answered goes into the evidence.
"""

import json
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import structs

from reference.contract.events import AnyEvent, CloudEvent
from simulator.drivers.base import Delivery
from simulator.drivers.http import HttpDriver, by_http
from simulator.drivers.http_answers import problem_in
from simulator.errors import NOT_AVAILABLE, CannotVerify, PortalNonsense
from simulator.evidence.records import EventDelivered, ForgedDelivery, InvalidDelivery, Record
from simulator.explore.contract_limits import LIMITS, Limit
from simulator.explore.steps import Defect, SignedBy
from simulator.world.world import World

_TAKEN = 202


@dataclass
class OddDeliveries:
    """Sends such deliveries in a world; raises CannotVerify for a portal without the interface."""

    world: World

    def forge(self, event: AnyEvent, signed_by: SignedBy, *, as_event_id: str = "") -> None:
        """Send what the force did not say, perhaps under the id of an event that it will send."""
        if "signed_events" not in self.world.portal.capabilities:
            raise CannotVerify("this portal does not claim that what happens is signed")
        said = self.world.crime_system.say_as_another(event)
        body = said.body
        if as_event_id:
            envelope = msgspec.json.decode(body, type=CloudEvent)
            held = msgspec.json.decode(self.world.integration.body_of(as_event_id), type=CloudEvent)
            known = structs.replace(envelope, id=held.id, source=held.source)
            body = msgspec.json.encode(known)
        delivery = self._delivery([body], said.event_id)
        status = self.world.portal.deliver_signed_by(delivery, signed_by)
        self._note(
            ForgedDelivery,
            as_event_id or said.event_id,
            status,
            event_type=type(event).__name__,
            crime_reference=event.crime_reference,
            signed_by=signed_by,
        )

    def send_invalid(self, event: AnyEvent, defect: Defect, *, along: str = "") -> None:
        """Send an event with a defect, perhaps after one that is held back and has none."""
        driver = self._driver()
        said = self.world.crime_system.say_as_another(event)
        bodies = [self.world.integration.body_of(along)] if along else []
        delivery = self._delivery([*bodies, _with(defect, said.body)], said.event_id)
        status = driver.deliver_signed(delivery)
        self._note(InvalidDelivery, said.event_id, status, defect=defect)
        if along and status == _TAKEN:
            # The portal says that it has the whole of it.
            self._note(EventDelivered, along, status, correlation_id=delivery.correlation_id)

    def send_beyond(self, event: AnyEvent, field: str, value: int) -> None:
        """Send an event with this value in a field, which is just beyond the contract's limit.

        Raises PortalNonsense if the portal takes it, or does not say which field is wrong.
        """
        driver, limit = self._driver(), LIMITS.get(field)
        said = self.world.crime_system.say_as_another(event)
        bodies = [said.body] * value if limit is None else [_beyond(limit, value, said.body)]
        reply = driver.answer_to(self._delivery(bodies, said.event_id))
        self._note(InvalidDelivery, said.event_id, reply.status, defect=f"{field} of {value}")
        if reply.status == NOT_AVAILABLE:
            return
        problem = problem_in(reply)
        sent = f"POST /crime-events answered {reply.status} to {field} of {value}"
        if problem is None or not 400 <= reply.status < 500:
            raise PortalNonsense(
                f"{sent}, beyond the limit of the contract: it asks for a refusal from 400 to 499, "
                "with a problem document"
            )
        if limit is not None and limit.path[-1] not in str(problem.field):
            raise PortalNonsense(
                f"{sent}: the problem document's field is {problem.field!r:.60}, and not what is "
                f"wrong, {'.'.join(limit.path)}"
            )

    def _note(self, kind: type[Record], event_id: str, status: int, **what: Any) -> None:
        own: dict[str, Any] = {"at": self.world.now, "event_id": event_id, "status": status}
        self.world.evidence.append(kind(**own, **what))

    def _delivery(self, bodies: list[bytes], event_id: str) -> Delivery:
        name = f"odd-delivery-of-{event_id}"
        return Delivery(name, bodies, f"Somebody.{name}")

    def _driver(self) -> HttpDriver:
        driver = by_http(self.world.portal)
        if driver is None or "signed_events" not in driver.capabilities:
            raise CannotVerify("what happens goes to this portal by a driver of its own")
        return driver


def _beyond(limit: Limit, value: int, body: bytes) -> bytes:
    envelope = json.loads(body)
    *tables, name = limit.path
    table = envelope["data"]
    for each in tables:
        table = table[each]
    table[name] = "e" * value if limit.is_text else value
    return json.dumps(envelope).encode()


def _with(defect: Defect, body: bytes) -> bytes:
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
