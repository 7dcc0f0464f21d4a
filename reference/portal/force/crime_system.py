"""The client of the force's crime system: stamps a victim's words, raises tasks, once by key."""

from urllib.parse import quote

import msgspec

from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.outbound import Outbound
from reference.portal.settings import Settings


class CrimeSystem:
    """Sends stamps and tasks; doing so twice with one key does nothing more."""

    def __init__(self, *, outbound: Outbound, token: str, settings: Settings) -> None:
        self._outbound = outbound
        self._headers = {
            "authorization": f"Bearer {token}",
            "content-type": "application/json",
        }
        self._url = settings.crime_system_url

    async def stamp(self, crime_reference: str, stamp: bytes) -> None:
        """File a contract Stamp in the occurrence's enquiry log."""
        # A reference of dots alone would lead out of the occurrences.
        named = quote(crime_reference, safe="").replace(".", "%2E")
        await self._post(f"/occurrences/{named}/enquiry-log", stamp)

    async def raise_task(self, task: bytes) -> None:
        """File a contract Task."""
        await self._post("/tasks", task)

    async def _post(self, path: str, body: bytes) -> None:
        status, reply = await self._outbound.send("POST", self._url + path, self._headers, body)
        if status in (200, 201):
            _check_filed(reply)
            return
        if status == 429 or status >= 500:
            raise NeighbourDown(f"the crime system answered {status}")
        raise Problem(status, "refused by the crime system")


def _check_filed(reply: bytes) -> None:
    """Tell the crime system's answer from a page that something in front of it sent."""
    try:
        msgspec.json.decode(reply, type=dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NeighbourDown("the crime system answered nonsense") from None
