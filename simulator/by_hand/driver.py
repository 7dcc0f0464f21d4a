"""The driver of a run by hand: events are keyed in, and a tester or another driver is the victim.

What the portal shows is told by our references, though it knows those of the test crime system.
"""

from datetime import datetime

import msgspec
from msgspec import Struct, structs

from reference.contract.messages import (
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    TimelineEntry,
)
from simulator.by_hand.console import Tester
from simulator.by_hand.references import References
from simulator.by_hand.victim import VictimByHand
from simulator.drivers.base import Delivery, Driver, Session
from simulator.errors import CannotVerify
from simulator.inputs.capabilities import Capability

_TAKEN = 202


class _Envelope(Struct, frozen=True):
    id: str


class ByHandDriver:
    """`behind` is the driver that works the portal's API or pages; without it a tester does."""

    def __init__(
        self,
        tester: Tester,
        references: References,
        *,
        by_tester: VictimByHand,
        behind: Driver | None,
        capabilities: frozenset[Capability],
    ) -> None:
        self.capabilities = capabilities
        self._tester = tester
        self._references = references
        self._behind = behind
        self._keyed_in: set[str] = set()
        side: Driver | VictimByHand = behind or by_tester
        self.open_invitation = side.open_invitation
        self.visit = side.visit
        self.begin_sign_in = side.begin_sign_in
        self.prove = side.prove
        self.enter_code = side.enter_code
        self.sign_out = side.sign_out
        self.advice = side.advice
        self.contact = side.contact
        self.choose_contact = side.choose_contact
        self.withdraw = side.withdraw
        self.not_for_me = side.not_for_me
        self._side = side
        #: How evidence says that a page was seen.
        self.pages_seen = "" if behind is not None else "by the tester"

    def deliver(self, delivery: Delivery) -> int:
        """Say that what was keyed in is on its way: the test crime system sends it, once."""
        ids = {msgspec.json.decode(each, type=_Envelope).id for each in delivery.events}
        if ids & self._keyed_in:
            raise CannotVerify("an event cannot be sent twice by hand")
        self._keyed_in |= ids
        return _TAKEN

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Tell the portal what became of a message that came to our gateway."""
        if self._behind is not None:
            self._behind.deliver_receipt(receipt)

    def receive_text(self, text: ReceivedText) -> None:
        """Have a text sent back to the force's number: by our gateway, or from the handset."""
        if self._behind is not None:
            self._behind.receive_text(text)
            return
        number = f"0{text.source_number.removeprefix('44')}"
        self._tester.tell(f"\nDO: from the handset {number}, text back: {text.message}")
        self._tester.done_at("Sent at?")

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """List the victim's crimes, by our references."""
        return [
            structs.replace(each, crime_reference=self._references.ours(each.crime_reference))
            for each in self._side.crimes(session)
        ]

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Read one crime's page."""
        ours = self._references.in_ours
        return [
            structs.replace(each, title=ours(each.title), text=ours(each.text))
            for each in self._side.timeline(session, self._references.theirs(crime_reference))
        ]

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Write to the officer in charge."""
        self._side.ask_officer(session, self._references.theirs(crime_reference), text)

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read what victim and officer wrote."""
        return [
            structs.replace(each, text=self._references.in_ours(each.text))
            for each in self._side.conversation(session, self._references.theirs(crime_reference))
        ]

    def advance_to(self, now: datetime) -> datetime | None:
        """Nothing to do: time is real."""
        del now
        return None

    def enter_phase(self, phase: int) -> None:
        """See that the portal is in a phase before anything is keyed in."""
        self._tester.ask_which(
            f"\nIs phase {phase} live on the portal, and no later one?", ("yes",), default="yes"
        )

    def close(self) -> None:
        """Let go of what the driver behind holds."""
        if self._behind is not None:
            self._behind.close()
