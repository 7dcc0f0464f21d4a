"""What people say back to a portal unasked: by a text, or that a message is not for them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from reference.contract.messages import ReceivedText
from simulator.drivers.base import Driver
from simulator.errors import CannotVerify
from simulator.evidence.records import EvidenceLog, NotForMeSaid, TextReceived
from simulator.inputs.capabilities import Capability
from simulator.neighbours.gateway.inbox import Inbox

_HOUR = timedelta(hours=1)


class SaidBack:
    """Hands it to the portal, and has it written down.

    `catch_up` has what the portal sent before it heard be written down before it. The order lets
    "not for me" stop `stopped_an_hour_max` addresses an hour for one client, which we are.
    """

    def __init__(
        self,
        *,
        portal: Callable[[], Driver],
        inbox: Inbox,
        evidence: EvidenceLog,
        catch_up: Callable[[], None],
        stopped_an_hour_max: int,
        now: Callable[[], datetime],
    ) -> None:
        self._portal = portal
        self._inbox = inbox
        self._evidence = evidence
        self._catch_up = catch_up
        self._stopped_an_hour_max = stopped_an_hour_max
        self._now = now
        self._said_at: list[datetime] = []

    def by_text(self, number: str, words: str) -> ReceivedText:
        """Have whoever holds a phone answer the force's text; `number` is national (07…).

        Raises CannotVerify where the portal does not claim to take such texts.
        """
        self._refuse_unless_claimed("received_texts")
        self._catch_up()
        text = self._inbox.received.take(number, words)
        self._evidence.append(
            TextReceived(at=self._now(), message_id=text.id, number=number, words=words)
        )
        self._portal().receive_text(text)
        return text

    def not_for_me(self, address: str, *, written: str = "") -> str:
        """Have whoever holds a phone or a mailbox say that its messages are not for them.

        Gives what the portal says to it. They may have it `written` otherwise than we do.
        Raises CannotVerify where the portal does not claim to take it, or where more was said in
        the last hour than the order lets stop anything; and Refused.
        """
        self._refuse_unless_claimed("not_for_me")
        since = self._now() - _HOUR
        self._said_at = [at for at in self._said_at if at > since]
        if len(self._said_at) >= self._stopped_an_hour_max:
            raise CannotVerify(
                f'"this is not for me" was said {len(self._said_at)} times within the hour, and '
                "the order lets no more stop anything: not verified"
            )
        self._catch_up()
        self._said_at.append(self._now())
        self._evidence.append(NotForMeSaid(at=self._now(), address=address))
        return self._portal().not_for_me(written or address)

    def _refuse_unless_claimed(self, capability: Capability) -> None:
        if capability not in self._portal().capabilities:
            raise CannotVerify(f"the portal does not claim {capability}: not verified")
