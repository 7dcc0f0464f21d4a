"""The protocol of a driver, in force language: everything that the suite asks of a portal.

A vendor whose portal differs from the contract writes a driver. It never takes links or codes from
the portal: they come from the phone or mailbox that the victim really holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import Channel
from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    Subject,
    TimelineEntry,
)
from simulator.inputs.capabilities import Capability

#: How far a victim goes who asks to talk about withdrawing: a portal tells nobody before the last.
WithdrawalStep: TypeAlias = Literal["asked again", "confirmed"]
#: Who signed a delivery: only what "the force" signed just now may have an effect.
SignedBy: TypeAlias = Literal["the force", "the force an hour ago", "another key", "nobody"]


class Refused(Exception):
    """The portal refused: `status`, the problem's title, its detail ("" for none)."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail


class Step(Struct, frozen=True):
    """A sign-in under way; `asks` is what the portal asks for next."""

    id: str
    asks: Literal["agreed_word", "date_of_birth", "one_time_code"]


class Session(Struct, frozen=True):
    """A signed-in victim."""

    token: str


class ContactChoice(Struct, frozen=True):
    """The channels that a victim has chosen; `addresses` are masked, by channel."""

    channels: tuple[Channel, ...]
    addresses: dict[Channel, str] = {}


class Delivery(Struct, frozen=True):
    """One signed delivery of a batch of crime events, as JSON CloudEvents.

    Its `correlation_id` lets a force follow its effects through every log ("" for none).
    """

    id: str
    events: Sequence[bytes]
    correlation_id: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers of this delivery, apart from its signature."""
        return {CORRELATION_ID: self.correlation_id} if self.correlation_id else {}


class Driver(Protocol):
    """The protocol. Every method may raise Refused, PortalUnreachable or PortalNonsense."""

    capabilities: frozenset[Capability]

    def deliver(self, delivery: Delivery) -> int:
        """Hand over events from the crime system; the status says whether the portal has them."""

    def deliver_signed_by(self, delivery: Delivery, signed_by: SignedBy) -> int:
        """Hand over a delivery as another sender would; the status is the portal's own answer.

        Use the interface of `deliver`. Sign as `signed_by` says: with the agreed secret now ("the
        force") or an hour ago; with a secret of your own ("another key"); not at all ("nobody").
        Where the portal proves its sender otherwise, prove it so, wrongly. A portal that fetches
        what happens has no such interface: post the delivery to its address all the same, and give
        the answer. Asked only where the portal claims `signed_events`.
        """

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Tell the portal whether a message was delivered."""

    def receive_text(self, text: ReceivedText) -> None:
        """Hand over a text that a person sent back to the force's number."""

    def open_invitation(self, link: str) -> Step:
        """Follow the link in an invitation, as a person does, not as a mail scanner does."""

    def visit(self, link: str) -> None:
        """Fetch a link as a mail scanner does: HEAD, then GET, and nothing else."""

    def begin_sign_in(self, address: str) -> Step:
        """Begin to sign in again, by the phone number or email address the force has."""

    def prove(self, step: Step, proof: str) -> Step:
        """Give the proof that the order names: the agreed word, or a date such as 1980-02-29."""

    def enter_code(self, step: Step, code: str) -> Session:
        """Give the one-time code from the phone or mailbox."""

    def sign_out(self, session: Session) -> None:
        """End the session."""

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """List the victim's crimes."""

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Read one crime's page."""

    def advice(self, session: Session) -> list[AdvicePage]:
        """List general advice, most relevant first."""

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Write to the officer in charge."""

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Write to the officer in charge, and say what it is about.

        Asked only where the portal claims it; elsewhere `ask_officer` is asked.
        """

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read the messages of victim and officer."""

    def contact(self, session: Session) -> ContactChoice:
        """Read the channels that the victim has chosen."""

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Choose the channels to use from now on."""

    def stop_messages(self, session: Session) -> None:
        """Stop all messages: no channel is left. It says nothing about the investigation.

        A driver written earlier may call it `withdraw`.
        """

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Ask to talk to an officer about no longer supporting the investigation of one crime.

        Go only as far as `until` says: to the page that asks whether they are sure, or to the end.
        Return the words that the portal shows then.
        """

    def not_for_me(self, address: str, link: str) -> str:
        """Say that messages to this phone number or mailbox are not for the person there.

        It takes no name and no sign-in. With a link, which a message that arrived there had for
        this, follow it and confirm; nothing more goes there. Without one ("") give the address, as
        anybody can: only a task for the force may come of it. Return the words that the portal
        shows ("" for none): they must not tell whether it knows anyone there.
        """

    def advance_to(self, now: datetime) -> datetime | None:
        """Make it `now` in the portal and do all due work; return when the next is due."""

    def enter_phase(self, phase: int) -> None:
        """Be in this phase. Nothing to do where the portal has the phases' days from the order."""

    def close(self) -> None:
        """Close what the driver has open."""
