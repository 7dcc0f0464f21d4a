"""What people send to a portal unasked: a text, or word that a message is not for them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.messages import ReceivedText
from simulator.errors import CannotVerify
from simulator.evidence.records import NotForMeSaid, TextReceived
from simulator.inputs.capabilities import Capability
from simulator.world.arrived_messages import ArrivedMessages

_HOUR = timedelta(hours=1)


@dataclass
class InboundMessages:
    """Hands a portal what people send to it, and writes it down.

    The order lets "not for me" stop `stopped_an_hour_max` addresses an hour for one client, which
    we are.
    """

    messages: ArrivedMessages
    stopped_an_hour_max: int
    _said_at: list[datetime] = field(init=False, default_factory=list)

    def by_text(self, number: str, words: str) -> ReceivedText:
        """Have whoever holds a phone answer the force's text; `number` is national (07…).

        Raises CannotVerify where the portal does not claim to take such texts.
        """
        self._refuse_unless_claimed("received_texts")
        self._take_in_what_came_before()
        text = self.messages.inbox.received.take(number, words)
        self.messages.evidence.append(
            TextReceived(at=self._now, message_id=text.id, number=number, words=words)
        )
        self.messages.portal.now().receive_text(text)
        return text

    def not_for_me(self, address: str, *, written: str = "") -> str:
        """Have whoever holds a phone or a mailbox say that its messages are not for them.

        Gives what the portal says to it. They may have it `written` otherwise than we do.
        Raises CannotVerify where the portal does not claim to take it, or where more was said in
        the last hour than the order lets stop anything; and Refused.
        """
        self._refuse_unless_claimed("not_for_me")
        since = self._now - _HOUR
        self._said_at = [at for at in self._said_at if at > since]
        if len(self._said_at) >= self.stopped_an_hour_max:
            raise CannotVerify(
                f'"this is not for me" was said {len(self._said_at)} times within the hour, and '
                "the order lets no more stop anything: not verified"
            )
        self._take_in_what_came_before()
        self._said_at.append(self._now)
        self.messages.evidence.append(NotForMeSaid(at=self._now, address=address))
        return self.messages.portal.now().not_for_me(written or address)

    def _refuse_unless_claimed(self, capability: Capability) -> None:
        if capability not in self.messages.portal.driver.capabilities:
            raise CannotVerify(f"the portal does not claim {capability}: not verified")

    def _take_in_what_came_before(self) -> None:
        """Take in all that the portal sent by now, so that it stands before what it is told."""
        self.messages.catch_up()
        self.messages.collect()

    @property
    def _now(self) -> datetime:
        return self.messages.clock.now
