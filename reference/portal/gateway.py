"""The client of the message gateway: GOV.UK Notify v2.

The words are ours: the gateway holds one template a channel, whose content is ((body)).
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import jwt
import msgspec
from msgspec import Struct

from reference.contract.events import Channel
from reference.portal import contact
from reference.portal.clock import Clock
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.outbound import Outbound
from reference.portal.settings import Settings

T = TypeVar("T")
R = TypeVar("R")
_TOKEN_SECONDS = 10


class Outgoing(Struct, frozen=True, kw_only=True):
    """One notification, worded; `reference` is the event it answers."""

    channel: Channel
    to: str
    subject: str
    body: str
    reference: str


class Sought(NamedTuple):
    """A notification to ask after: which event it answers, and where it went."""

    reference: str
    channel: Channel
    to: str


class _Personalisation(Struct, frozen=True, omit_defaults=True):
    body: str
    subject: str = ""


class _Text(Struct, frozen=True, kw_only=True):
    phone_number: str
    template_id: str
    personalisation: _Personalisation
    reference: str


class _Email(Struct, frozen=True, kw_only=True):
    email_address: str
    template_id: str
    personalisation: _Personalisation
    reference: str


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


class Gateway:
    """Sends notifications; `security_clock` is the time of day that tokens are stamped with."""

    def __init__(
        self, *, outbound: Outbound, key: str, security_clock: Clock, settings: Settings
    ) -> None:
        self._outbound = outbound
        self._service, self._secret = key[-73:-37], key[-36:]
        self._clock = security_clock
        self._settings = settings
        self._headers: dict[str, str] = {}
        self._headers_at = 0
        self._encoder = msgspec.json.Encoder()
        self._decoder = msgspec.json.Decoder(_Sent)
        self._listing = msgspec.json.Decoder(_Listing)

    async def send_all(self, outgoing: Sequence[Outgoing]) -> list[str | Problem | NeighbourDown]:
        """Send some; answers for each the gateway's id, a refusal for good, or a failure."""
        return await self._each(self._send, outgoing)

    async def find_all(self, sought: Sequence[Sought]) -> list[list[str] | NeighbourDown]:
        """Ask what was sent by a reference to an address; answers for each the gateway's ids."""
        return await self._each(self._find, sought)

    async def _each(
        self, ask: Callable[[T], Coroutine[Any, Any, R]], those: Sequence[T]
    ) -> list[R]:
        """Ask for each, as many at once as there are connections."""
        size = self._outbound.connections
        if size == 1:
            return [await ask(each) for each in those]
        results: list[R] = []
        for start in range(0, len(those), size):
            results += await asyncio.gather(*(ask(each) for each in those[start : start + size]))
        return results

    async def _find(self, sought: Sought) -> list[str] | NeighbourDown:
        kind = "sms" if sought.channel == "text" else "email"
        query = urlencode({"reference": sought.reference, "template_type": kind})
        url = f"{self._settings.gateway_url}/v2/notifications?{query}"
        try:
            status, reply = await self._outbound.send("GET", url, self._signed(), b"")
            if status != 200:
                return _trouble(status)
            listed = self._listing.decode(reply).notifications
        except NeighbourDown as down:
            return down
        except msgspec.DecodeError:
            return NeighbourDown("the gateway answered nonsense")
        return [each.id for each in listed if sought.to == contact.address(each.given)]

    async def _send(self, outgoing: Outgoing) -> str | Problem | NeighbourDown:
        if not outgoing.to:
            return Problem(422, "no address")
        path, body = self._request(outgoing)
        try:
            status, reply = await self._outbound.send(
                "POST", self._settings.gateway_url + path, self._signed(), body
            )
        except NeighbourDown as down:
            return down
        if status == 400:
            return Problem(status, "refused by the gateway")
        try:
            return self._decoder.decode(reply).id if status == 201 else _trouble(status)
        except msgspec.DecodeError:
            return NeighbourDown("the gateway answered nonsense")

    def _request(self, outgoing: Outgoing) -> tuple[str, bytes]:
        if outgoing.channel == "text":
            text = _Text(
                phone_number=outgoing.to,
                template_id=self._settings.text_template_id,
                personalisation=_Personalisation(outgoing.body),
                reference=outgoing.reference,
            )
            return "/v2/notifications/sms", self._encoder.encode(text)
        email = _Email(
            email_address=outgoing.to,
            template_id=self._settings.email_template_id,
            personalisation=_Personalisation(outgoing.body, outgoing.subject),
            reference=outgoing.reference,
        )
        return "/v2/notifications/email", self._encoder.encode(email)

    def _signed(self) -> dict[str, str]:
        """Headers with a token; the gateway allows 30 seconds, so one serves for ten."""
        now = int(self._clock.now().timestamp())
        if not 0 <= now - self._headers_at < _TOKEN_SECONDS:
            token = jwt.encode({"iss": self._service, "iat": now}, self._secret, "HS256")
            self._headers = {
                "authorization": f"Bearer {token}",
                "content-type": "application/json",
            }
            self._headers_at = now
        return self._headers


def _trouble(status: int) -> NeighbourDown:
    """Too many, a failure, or a key that is being changed: none of it is the message's fault."""
    return NeighbourDown(f"the gateway answered {status}")
