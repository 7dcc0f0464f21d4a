"""The portal's neighbours as tests have them: they remember what they were sent, and may fail."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Struct

from reference.portal.errors import NeighbourDown

GATEWAY, CRIME_SYSTEM = "http://gateway.invalid", "http://crime-system.invalid"
DOWN = 0
LATE = -1  # takes what it is sent, and answers too late


class Crash(BaseException):
    """The portal was killed: nothing it does may catch this."""


class Sent(Struct, frozen=True):
    """One request that a neighbour took."""

    url: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def to(self) -> str:
        """The phone number or email address a message went to."""
        return str(self.body.get("phone_number") or self.body["email_address"])

    @property
    def words(self) -> str:
        """What a message says, its subject with it."""
        said = self.body["personalisation"]
        return f"{said.get('subject', '')}\n{said['body']}"

    @property
    def link(self) -> str:
        """The part of an invitation's link that is its token ("" where there is none)."""
        found = re.search(r"/invitation/(\S+)", self.words)
        return found[1] if found else ""


def _no_address(sent: Sent) -> bytes:
    """Give what GOV.UK Notify says of an address that it will not send to."""
    field = "phone_number" if "phone_number" in sent.body else "email_address"
    return notify_says("ValidationError", f"{field} Not enough digits")


def notify_says(error: str, message: str) -> bytes:
    """Give the body of a refusal as GOV.UK Notify has it."""
    errors = [{"error": error, "message": message}]
    return msgspec.json.encode({"status_code": 400, "errors": errors})


class Neighbours:
    """Gateway and crime system in one. What each answers may be changed; DOWN is no answer.

    With `crashes_after` the portal is killed once that many requests more were taken. With
    `pauses` others get their turn before an answer comes. Addresses that are `refused` are so for
    good. What happens `meanwhile` does so once before a message is taken, `afterwards` before that
    is answered, and `while_asked` before it is said what was taken.
    """

    connections = 1

    def __init__(self) -> None:
        self.answers = {GATEWAY: 201, CRIME_SYSTEM: 201}
        self.reply: bytes | None = None
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.afterwards: Callable[[], Awaitable[object]] | None = None
        self.while_asked: Callable[[], Awaitable[object]] | None = None
        self.crashes_after = 0
        self.pauses = False
        self.refused: set[str] = set()
        self.tried: list[Sent] = []
        self.taken: list[Sent] = []
        self.asked: list[str] = []

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Take one request, or fail as told."""
        if method == "GET":
            if self.while_asked is not None:
                happens, self.while_asked = self.while_asked, None
                await happens()
            return self._listed(url)
        sent = Sent(url, headers, msgspec.json.decode(body))
        self.tried.append(sent)
        if self.pauses:
            await asyncio.sleep(0)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        status = self.answers[GATEWAY if url.startswith(GATEWAY) else CRIME_SYSTEM]
        if self.refused and sent.url.startswith(GATEWAY) and sent.to in self.refused:
            return 400, _no_address(sent)
        if status == DOWN:
            raise NeighbourDown("nobody answers")
        if status in (200, 201, LATE):
            self.taken.append(sent)
            self._crash_if_told()
            if self.afterwards is not None:
                happens, self.afterwards = self.afterwards, None
                await happens()
        if status == LATE:
            raise NeighbourDown("the answer came too late")
        known = msgspec.json.encode({"id": f"message-{len(self.taken)}"})
        return status, known if self.reply is None else self.reply

    def _crash_if_told(self) -> None:
        if self.crashes_after:
            self.crashes_after -= 1
            if not self.crashes_after:
                raise Crash

    def _listed(self, url: str) -> tuple[int, bytes]:
        """Say what was taken by a reference, as the gateway does."""
        self.asked.append(url)
        if self.answers[GATEWAY] == DOWN:
            raise NeighbourDown("nobody answers")
        [reference] = parse_qs(urlsplit(url).query)["reference"]
        found = [
            {
                "id": f"message-{number}",
                "phone_number": each.body.get("phone_number"),
                "email_address": each.body.get("email_address"),
            }
            for number, each in enumerate(self.taken, start=1)
            if each.url.startswith(GATEWAY) and each.body.get("reference") == reference
        ]
        return 200, msgspec.json.encode({"notifications": found})

    @property
    def messages(self) -> list[Sent]:
        """Every text and email that the gateway took, oldest first."""
        return [each for each in self.taken if each.url.startswith(GATEWAY)]

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """Every task that the crime system took."""
        return [each.body for each in self.taken if each.url == f"{CRIME_SYSTEM}/tasks"]

    @property
    def stamps(self) -> list[Sent]:
        """Every stamp that the crime system took."""
        return [each for each in self.taken if each.url.endswith("/enquiry-log")]
