"""The driver of a run by hand: events are keyed in; a tester or another driver is the victim.

What the portal shows is reported with our references, although the portal has those of the test
crime system.
"""

from datetime import datetime

import msgspec
from msgspec import Struct, structs

from reference.contract.messages import (
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    Subject,
    TimelineEntry,
)
from simulator.by_hand.console import Tester
from simulator.by_hand.references import References
from simulator.by_hand.victim import VictimByHand
from simulator.drivers.base import Delivery, Driver, Session, SignedBy, WithdrawalStep
from simulator.errors import CannotVerify
from simulator.inputs.capabilities import Capability

_TAKEN = 202


class _Envelope(Struct, frozen=True):
    id: str


class ByHandDriver:
    """`portal_driver` uses the portal's API or pages; without one, the tester uses the pages."""

    def __init__(
        self,
        tester: Tester,
        references: References,
        *,
        by_tester: VictimByHand,
        portal_driver: Driver | None,
        capabilities: frozenset[Capability],
    ) -> None:
        self.capabilities = capabilities
        self._tester = tester
        self._references = references
        self._portal_driver = portal_driver
        self._keyed_in: set[str] = set()
        side: Driver | VictimByHand = portal_driver or by_tester
        self.open_invitation = side.open_invitation
        self.visit = side.visit
        self.begin_sign_in = side.begin_sign_in
        self.prove = side.prove
        self.enter_code = side.enter_code
        self.sign_out = side.sign_out
        self.advice = side.advice
        self.contact = side.contact
        self.choose_contact = side.choose_contact
        self.stop_messages = side.stop_messages
        self.not_for_me = side.not_for_me
        self._side = side
        #: How the evidence says that a page was seen.
        self.pages_seen = "" if portal_driver is not None else "by the tester"

    def deliver(self, delivery: Delivery) -> int:
        """Note that what was keyed in is on its way; the test crime system sends it once."""
        ids = {msgspec.json.decode(each, type=_Envelope).id for each in delivery.events}
        if ids & self._keyed_in:
            raise CannotVerify("an event cannot be sent twice by hand")
        self._keyed_in |= ids
        return _TAKEN

    def deliver_signed_by(self, delivery: Delivery, signed_by: SignedBy) -> int:  # noqa: ARG002
        """Raise CannotVerify: nobody but the tester can key in."""
        raise CannotVerify("what happens is keyed in by the tester, and not signed: not verified")

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Send the portal the receipt of a message that came to our gateway."""
        if self._portal_driver is not None:
            self._portal_driver.deliver_receipt(receipt)

    def receive_text(self, text: ReceivedText) -> None:
        """Text the force's number back: through our gateway, or from the handset."""
        if self._portal_driver is not None:
            self._portal_driver.receive_text(text)
            return
        number = f"0{text.source_number.removeprefix('44')}"
        self._tester.tell(f"\nDO: from the handset {number}, text back: {text.message}")
        self._tester.ask_time("Sent at?")

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """List the victim's crimes, with our references."""
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

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Write to the officer in charge, and say what it is about."""
        theirs = self._references.theirs(crime_reference)
        self._side.ask_officer_about(session, theirs, text, about)

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Ask to talk about no longer supporting the investigation; return what is shown."""
        theirs = self._references.theirs(crime_reference)
        return self._references.in_ours(self._side.withdraw_support(session, theirs, until))

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read the messages of victim and officer."""
        return [
            structs.replace(each, text=self._references.in_ours(each.text))
            for each in self._side.conversation(session, self._references.theirs(crime_reference))
        ]

    def advance_to(self, now: datetime) -> datetime | None:
        """Nothing to do: time is real."""
        del now
        return None

    def enter_phase(self, phase: int) -> None:
        """Ask the tester to confirm the portal's phase before anything is keyed in."""
        self._tester.ask_which(
            f"\nIs phase {phase} live on the portal, and no later one?", ("yes",), default="yes"
        )

    def close(self) -> None:
        """Release what the portal driver holds."""
        if self._portal_driver is not None:
            self._portal_driver.close()
