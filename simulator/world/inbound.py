"""What people tell a portal unasked: by a text, or that its messages are not for them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from reference.contract.messages import ReceivedText
from simulator.drivers.base import Refused
from simulator.errors import CannotVerify
from simulator.evidence.records import NotForMeRefused, NotForMeSaid, TextReceived
from simulator.inputs.capabilities import Capability
from simulator.world.arrived_messages import ArrivedMessages

_HOUR = timedelta(hours=1)
#: What the contract has a stranger reply to a text.
NOT_ME = "NOT ME"


@dataclass
class InboundMessages:
    """Passes to the portal what people tell it, and records it.

    The order allows one client to say "not for me" of `said_an_hour_max` addresses an hour, with
    nothing to show for it. The suite is one client.
    """

    messages: ArrivedMessages
    said_an_hour_max: int
    _said_at: list[datetime] = field(init=False, default_factory=list)

    def by_text(self, number: str, words: str) -> ReceivedText:
        """Send a text from a phone back to the force; `number` is national (07…).

        Raises CannotVerify if the portal does not claim to take such texts.
        """
        self._refuse_unless_claimed("received_texts")
        self._take_in_what_came_before()
        text = self.messages.inbox.received.take(number, words)
        self.messages.evidence.append(
            TextReceived(at=self._now, message_id=text.id, number=number, words=words)
        )
        self.messages.portal.now().receive_text(text)
        return text

    def not_for_me(self, address: str, *, written: str = "", is_holder: bool = True) -> str:
        """Tell the portal that messages to this phone or mailbox are not for the person there.

        A holder uses the newest link that a message brought for this or, without one, replies from
        the phone. With neither, and where they type the address (`written` is how they spell it),
        and as one who is not its holder, they say no more than anybody could. Return what the
        portal answers. Raises Refused, and CannotVerify if the portal does not claim this, or if
        the order's limit for this hour is used up.
        """
        self._refuse_unless_claimed("not_for_me")
        self._take_in_what_came_before()
        link = self._link_to(address) if is_holder and not written else ""
        is_text = "@" not in address and self.messages.at(address) and not written
        if is_holder and is_text and not link:
            # They hold the phone, and can prove it by a reply alone.
            self.by_text(address, NOT_ME)
            return ""
        by: Literal["message", "address"] = "message" if link else "address"
        if by == "address":
            self._count()
        self.messages.evidence.append(NotForMeSaid(at=self._now, address=address, by=by))
        try:
            return self.messages.portal.now().not_for_me(written or address, link)
        except Refused as refused:
            self.messages.evidence.append(
                NotForMeRefused(
                    at=self._now,
                    address=address,
                    written=written or address,
                    status=refused.status,
                )
            )
            raise

    def _count(self) -> None:
        """Count what anybody could say; raises CannotVerify beyond the order's limit."""
        since = self._now - _HOUR
        self._said_at = [at for at in self._said_at if at > since]
        if len(self._said_at) >= self.said_an_hour_max:
            raise CannotVerify(
                f'"this is not for me" was used {len(self._said_at)} times this hour, which is the '
                "order's limit, contact.not_for_me_per_client_max: not verified"
            )
        self._said_at.append(self._now)

    def _link_to(self, address: str) -> str:
        """Find the newest link by which the holder of an address can say so ("" for none)."""
        find = self.messages.secrets.not_for_me_link_in
        links = (find(each) for each in reversed(self.messages.at(address)))
        return next(filter(None, links), "")

    def _refuse_unless_claimed(self, capability: Capability) -> None:
        if capability not in self.messages.portal.driver.capabilities:
            raise CannotVerify(f"the portal does not claim {capability}: not verified")

    def _take_in_what_came_before(self) -> None:
        """Take in all that the portal has sent, so that the evidence has it first."""
        self.messages.catch_up()
        self.messages.collect()

    @property
    def _now(self) -> datetime:
        return self.messages.clock.now
