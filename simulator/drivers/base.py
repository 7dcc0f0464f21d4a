"""What a driver does, in force language: all the suite ever asks of a portal.

A vendor whose portal differs writes one of these. It never takes links or codes from the portal:
those come from the phone or mailbox that the victim truly holds.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import Channel
from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    DeliveryReceipt,
    ReceivedText,
    TimelineEntry,
)
from simulator.inputs.capabilities import Capability


class Refused(Exception):
    """The portal said no, as it may: `status`, the problem's title, its detail ("" for none)."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail


class Step(Struct, frozen=True):
    """A sign-in under way; `asks` is what the portal wants next."""

    id: str
    asks: Literal["agreed_word", "date_of_birth", "one_time_code"]


class Session(Struct, frozen=True):
    """A signed-in victim."""

    token: str


class ContactChoice(Struct, frozen=True):
    """By which channels the victim hears; `addresses` are masked, by channel."""

    channels: tuple[Channel, ...]
    addresses: dict[Channel, str] = {}


class Delivery(Struct, frozen=True):
    """One signed delivery of a batch of crime events, as JSON CloudEvents.

    By its `correlation_id` a force follows through every log what it sets off ("" for none).
    """

    id: str
    events: Sequence[bytes]
    correlation_id: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What goes with it by HTTP beside its signature."""
        return {CORRELATION_ID: self.correlation_id} if self.correlation_id else {}


class Driver(Protocol):
    """The protocol. Every method may raise Refused, PortalUnreachable or PortalNonsense."""

    capabilities: frozenset[Capability]

    def deliver(self, delivery: Delivery) -> int:
        """Hand over events from the crime system; the status says whether the portal has them."""

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Tell the portal what became of a message."""

    def receive_text(self, text: ReceivedText) -> None:
        """Hand over a text that somebody sent back to the force's number."""

    def open_invitation(self, link: str) -> Step:
        """Follow the link in an invitation, as a person does: not as a mail scanner."""

    def visit(self, link: str) -> None:
        """Fetch a link as a mail scanner does: HEAD, then GET, and nothing else."""

    def begin_sign_in(self, address: str) -> Step:
        """Begin to sign in again, by the phone number or email address the force has."""

    def prove(self, step: Step, proof: str) -> Step:
        """Give what the order names: the word agreed with the officer, or a date as 1980-02-29."""

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

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Read what victim and officer wrote."""

    def contact(self, session: Session) -> ContactChoice:
        """Read by which channels the victim hears."""

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Choose by which channels to hear from now on."""

    def withdraw(self, session: Session) -> None:
        """Say "I no longer want to hear from you": an end to every channel."""

    def not_for_me(self, address: str) -> str:
        """Say, as whoever holds this phone number or mailbox, that its messages are not for them.

        No name, no sign-in. Give the words that are shown in answer ("" for none): they do not
        tell whether anybody is known there.
        """

    def advance_to(self, now: datetime) -> datetime | None:
        """Make it `now` in the portal and do all due work; answers when the next is due."""

    def enter_phase(self, phase: int) -> None:
        """Be in this phase, which the portal's dated configuration says has gone live."""

    def close(self) -> None:
        """Let go of what the driver holds."""
