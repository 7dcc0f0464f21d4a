"""Messages that are sent at once, outside the outbox: one-time codes, and replies to texts."""

from dataclasses import dataclass
from typing import Any

from reference.contract.events import Channel
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.messages.gateway import Gateway, Outgoing
from reference.portal.settings import Force, Settings
from reference.portal.storage.crimes import Crimes
from reference.portal.words.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ImmediateMessages:
    """Sends one message in the name of the force that has the person's newest crime."""

    crimes: Crimes
    gateway: Gateway
    catalogue: Catalogue
    settings: Settings

    async def force_of(self, person_id: str) -> Force | None:
        """Find the force that has the newest crime a person may be told about."""
        crime = await self.crimes.newest_crime_of(person_id)
        return None if crime is None else self.settings.forces[crime.force]

    async def send(
        self, notice: str, force: Force, channel: Channel, to: str, **values: Any
    ) -> str | Problem | NeighbourDown:
        """Send a notice to an address; return the gateway's id, or what went wrong."""
        rendered = self.catalogue.notice(notice).render(
            channel,
            force=force.name,
            non_emergency=force.non_emergency,
            portal=self.settings.public_url,
            **values,
        )
        [result] = await self.gateway.send_all(
            [
                Outgoing(
                    channel=channel,
                    to=to,
                    subject=rendered.subject,
                    body=rendered.body,
                    reference="",
                )
            ]
        )
        return result
