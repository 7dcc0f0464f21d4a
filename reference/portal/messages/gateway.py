"""The client of the message gateway: GOV.UK Notify v2.

The words are ours: the gateway holds one template a channel, whose content is ((body)).
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import jwt
import msgspec
from msgspec import Struct

from reference.contract.events import Channel
from reference.portal.clock import Clock
from reference.portal.correlation import as_set_off_by
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.outbound import Outbound
from reference.portal.observer import Observer
from reference.portal.rules import contact_details
from reference.portal.settings import Settings

T = TypeVar("T")
R = TypeVar("R")
_TOKEN_SECONDS = 10
_TOO_MANY = 429
_RATE_LIMIT = "RateLimitError"  # by the minute; the limit of a day has another name
_LIMIT_OF = timedelta(minutes=1)
LIMITED_SECONDS = 1.0  # a second's worth has come free by then
_NOT_AN_ADDRESS = ("InvalidPhoneError", "InvalidEmailError")


class SenderRefused(NeighbourDown):
    """The gateway refused the portal: a key, a template, a limit, and not an address."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(f"the gateway answered {status}")
        self.status = status
        self.error = error


class RateLimited(NeighbourDown):
    """The gateway takes no more for a moment: the message was not sent, and nothing is wrong."""


class Outgoing(Struct, frozen=True, kw_only=True):
    """One notification with its words; `reference` is the event that caused it.

    It is sent under the `correlation_id` of its cause ("" for what is being done now).
    """

    channel: Channel
    to: str
    subject: str
    body: str
    reference: str
    correlation_id: str = ""


class Sought(NamedTuple):
    """A notification to ask about: the event that caused it, and where it went."""

    reference: str
    channel: Channel
    to: str


class _Sent(Struct, frozen=True):
    id: str


class _Listed(Struct, frozen=True, kw_only=True):
    id: str
    phone_number: str | None = None
    email_address: str | None = None

    @property
    def given(self) -> str:
        return self.phone_number or self.email_address or ""


class _Listing(Struct, frozen=True):
    notifications: list[_Listed]


class _Fault(Struct, frozen=True):
    error: str
    message: str = ""

    @property
    def is_of_the_address(self) -> bool:
        """Tell whether the recipient is wrong, and not the sender."""
        of_the_schema = self.error == "ValidationError"
        names_it = self.message.startswith(("phone_number ", "email_address "))
        return self.error in _NOT_AN_ADDRESS or (of_the_schema and names_it)


class _Refusal(Struct, frozen=True):
    errors: list[_Fault]


_SENT = msgspec.json.Decoder(_Sent)
_LISTING = msgspec.json.Decoder(_Listing)
_REFUSAL = msgspec.json.Decoder(_Refusal)


@dataclass
class Gateway:
    """Sends notifications; `security_clock` keeps the time of day that tokens are stamped with.

    `key` is Notify's: a name, the id of the service and the secret, joined by hyphens.
    """

    outbound: Outbound
    key: str
    security_clock: Clock
    observer: Observer
    settings: Settings
    _headers: dict[str, str] = field(default_factory=dict, init=False)
    _headers_at: int = field(default=0, init=False)
    _is_limited: bool = field(default=False, init=False)
    _let_through_at: datetime | None = field(default=None, init=False)

    @property
    def flows(self) -> bool:
        """Whether it took something just now: a limit that it meets then passes by itself."""
        at = self._let_through_at
        return at is not None and self.security_clock.now() - at < _LIMIT_OF

    async def send_all(self, outgoing: Sequence[Outgoing]) -> list[str | Problem | NeighbourDown]:
        """Send them; return for each the gateway's id, a final refusal, or a failure.

        After the gateway's limit was met, it first waits until a second's worth is free again.
        """
        if self._is_limited and self.outbound.connections > 1:
            await asyncio.sleep(LIMITED_SECONDS)
        results = await self._each(self._send, outgoing)
        if any(isinstance(each, str) for each in results):
            self._let_through_at = self.security_clock.now()
        self._is_limited = self.flows and any(isinstance(each, RateLimited) for each in results)
        ours = [each for each in results if isinstance(each, SenderRefused)]
        if ours:
            first = ours[0]
            self.observer.sender_refused(len(ours), first.status, first.error)
        return results

    async def find_all(self, sought: Sequence[Sought]) -> list[list[str] | NeighbourDown]:
        """Ask what was sent by a reference to an address; return for each the gateway's ids."""
        return await self._each(self._find, sought)

    async def _each(
        self, ask: Callable[[T], Coroutine[Any, Any, R]], those: Sequence[T]
    ) -> list[R]:
        size = self.outbound.connections
        if size == 1:
            return [await ask(each) for each in those]
        results: list[R] = []
        for start in range(0, len(those), size):
            results += await asyncio.gather(*(ask(each) for each in those[start : start + size]))
        return results

    async def _find(self, sought: Sought) -> list[str] | NeighbourDown:
        kind = "sms" if sought.channel == "text" else "email"
        query = urlencode({"reference": sought.reference, "template_type": kind})
        url = f"{self.settings.gateway_url}/v2/notifications?{query}"
        try:
            status, reply = await self.outbound.send("GET", url, self._signed(), b"")
            if status != 200:
                return _trouble(status)
            listed = _LISTING.decode(reply).notifications
        except NeighbourDown as down:
            return down
        except msgspec.DecodeError:
            return NeighbourDown("the gateway answered nonsense")
        read = partial(contact_details.address, crowd=self.settings.crowd_numbers)
        return [each.id for each in listed if sought.to == read(each.given)]

    async def _send(self, outgoing: Outgoing) -> str | Problem | NeighbourDown:
        if not outgoing.to:
            return Problem(422, "no address")
        path, body = self._request(outgoing)
        try:
            with as_set_off_by(outgoing.correlation_id):
                status, reply = await self.outbound.send(
                    "POST", self.settings.gateway_url + path, self._signed(), body
                )
        except NeighbourDown as down:
            return down
        if 400 <= status < 500 and status != _TOO_MANY:
            return self._refused(status, reply)
        try:
            if status == _TOO_MANY and _faults(reply)[:1] == [_RATE_LIMIT]:
                return RateLimited("the gateway's limit is met")
            return _SENT.decode(reply).id if status == 201 else _trouble(status)
        except msgspec.DecodeError:
            return NeighbourDown("the gateway answered nonsense")

    def _refused(self, status: int, reply: bytes) -> Problem | SenderRefused:
        """Tell an address that cannot be used from a portal that is not set up to send."""
        try:
            faults = _REFUSAL.decode(reply).errors
        except msgspec.DecodeError:
            faults = []
        if any(each.is_of_the_address for each in faults):
            self.observer.message_refused("address")
            return Problem(status, "refused by the gateway")
        self.observer.message_refused("sender")
        return SenderRefused(status, faults[0].error if faults else "")

    def _request(self, outgoing: Outgoing) -> tuple[str, bytes]:
        notification: dict[str, Any] = {
            "template_id": self.settings.text_template_id,
            "personalisation": {"body": outgoing.body},
            "reference": outgoing.reference,
        }
        if outgoing.channel == "text":
            notification["phone_number"] = outgoing.to
            return "/v2/notifications/sms", msgspec.json.encode(notification)
        notification["email_address"] = outgoing.to
        notification["template_id"] = self.settings.email_template_id
        notification["personalisation"] = {"body": outgoing.body, "subject": outgoing.subject}
        return "/v2/notifications/email", msgspec.json.encode(notification)

    def _signed(self) -> dict[str, str]:
        """Return headers with a token; the gateway allows 30 seconds, so one serves for ten."""
        now = int(self.security_clock.now().timestamp())
        if not 0 <= now - self._headers_at < _TOKEN_SECONDS:
            service, secret = self.key[-73:-37], self.key[-36:]
            token = jwt.encode({"iss": service, "iat": now}, secret, "HS256")
            self._headers = {
                "authorization": f"Bearer {token}",
                "content-type": "application/json",
            }
            self._headers_at = now
        return self._headers


def _faults(reply: bytes) -> list[str]:
    """Name what a refusal is for; nothing where it is not in the gateway's form."""
    try:
        return [each.error for each in _REFUSAL.decode(reply).errors]
    except msgspec.DecodeError:
        return []


def _trouble(status: int) -> NeighbourDown:
    """Return a failure that is not the message's fault: too many requests, or an error."""
    return NeighbourDown(f"the gateway answered {status}")
