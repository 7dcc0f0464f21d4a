"""The client of the force's crime system: files a victim's words and raises tasks."""

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.outbound import Outbound


@dataclass
class CrimeSystem:
    """Sends stamps and tasks; sending one twice with the same key does nothing more."""

    outbound: Outbound
    url: str
    token: str

    async def stamp(self, crime_reference: str, stamp: bytes) -> None:
        """File a contract Stamp in the occurrence's enquiry log."""
        # A reference of dots alone would lead out of the occurrences.
        named = quote(crime_reference, safe="").replace(".", "%2E")
        await self._post(f"/occurrences/{named}/enquiry-log", stamp)

    async def raise_task(self, task: bytes) -> None:
        """File a contract Task."""
        await self._post("/tasks", task)

    async def _post(self, path: str, body: bytes) -> None:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        status, reply = await self.outbound.send("POST", self.url + path, headers, body)
        if status in (200, 201):
            _check_filed(reply)
            return
        if status == 429 or status >= 500:
            raise NeighbourDown(f"the crime system answered {status}")
        raise Problem(status, "refused by the crime system")


def _check_filed(reply: bytes) -> None:
    """Raise NeighbourDown for a reply that is not the crime system's, such as a proxy's page."""
    try:
        msgspec.json.decode(reply, type=dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise NeighbourDown("the crime system answered nonsense") from None
