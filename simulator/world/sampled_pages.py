"""Fetches a few of the portal's pages without its driver, by the links in its messages.

A driver may be all that there is of a portal. What victims get are links: the suite follows some of
them itself, as a mail scanner does, at the address that the target gives. It never follows a link
to another host.
"""

from urllib.parse import urlsplit

from simulator.drivers.exchange import Exchange, Reply
from simulator.errors import SuiteError
from simulator.evidence.records import MessageAccepted, PageSampled
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.world import World

#: Which invitations of a run are followed: its first ones, and some much later.
SAMPLED = frozenset({1, 2, 4, 16, 64})
_BEGINNING_BYTES = 4_000


class PageSamples:
    """Follows the links of some invitations as they arrive, and writes down what was there."""

    def __init__(self, world: World, exchange: Exchange) -> None:
        self._world = world
        self._exchange = exchange
        self._invitations = 0
        world.on_message(self._arrived)

    def _arrived(self, record: MessageAccepted, message: Accepted) -> None:
        if record.carries != "invitation":
            return
        self._invitations += 1
        if self._invitations in SAMPLED:
            self._follow(self._world.link_in(message))

    def _follow(self, link: str) -> None:
        """Get the page at the path of a link; an error is written down, and harms nothing."""
        status, is_page, said = 0, False, ""
        try:
            path = urlsplit(link).path
            reply = self._exchange.send("GET", path, {"accept": "text/html"})
            status, is_page = reply.status, _is_page(reply)
        except (SuiteError, ValueError) as error:
            said = str(error)
        self._world.evidence.append(
            PageSampled(at=self._world.now, status=status, is_page=is_page, said=said)
        )


def _is_page(reply: Reply) -> bool:
    """Say whether an answer is a page, or leads on to one."""
    if 300 <= reply.status < 400:
        return True
    return 200 <= reply.status < 300 and b"<html" in reply.body[:_BEGINNING_BYTES].lower()
