"""A portal that does what a test tells it, behind the driver's protocol and without a contract."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

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
from simulator.drivers.base import (
    ContactChoice,
    Delivery,
    Refused,
    Session,
    SignedBy,
    Step,
    WithdrawalStep,
)
from simulator.inputs.capabilities import Capability


class ScriptedDriver:
    """Remembers what it is asked; `on_deliver` and `on_advance` say what it answers."""

    capabilities: frozenset[Capability] = frozenset(
        {"test_clock", "receipts", "received_texts", "text", "email"}
    )

    def __init__(
        self,
        *,
        on_deliver: Callable[[Delivery], int] = lambda _delivery: 202,
        on_advance: Callable[[datetime], datetime | None] = lambda _now: None,
    ) -> None:
        self.on_deliver = on_deliver
        self.on_advance = on_advance
        self.deliveries: list[Delivery] = []
        self.signers: list[SignedBy] = []
        self.taken: list[str] = []
        self.moved_to: list[datetime] = []
        self.receipts: list[DeliveryReceipt] = []
        self.texts: list[ReceivedText] = []
        self.chosen: tuple[Channel, ...] = ("text", "email")
        self.phases: list[int] = []
        self.refuses_at = ""
        self.words: list[str] = []
        self.not_for: list[str] = []
        self.questions: list[str] = []
        self.withdrawals: list[tuple[str, str]] = []

    def deliver(self, delivery: Delivery) -> int:
        """Take a delivery, or not, as the script says."""
        self.deliveries.append(delivery)
        status = self.on_deliver(delivery)
        if status == 202:
            self.taken.extend(ids_in(delivery))
        return status

    def deliver_signed_by(self, delivery: Delivery, signed_by: SignedBy) -> int:
        """Refuse what is not signed now by the force, as a portal should."""
        self.signers.append(signed_by)
        return self.deliver(delivery) if signed_by == "the force" else 401

    def deliver_receipt(self, receipt: DeliveryReceipt) -> None:
        """Take a receipt."""
        self.receipts.append(receipt)

    def receive_text(self, text: ReceivedText) -> None:
        """Take a text."""
        self.texts.append(text)

    def open_invitation(self, link: str) -> Step:
        """Ask for the agreed word."""
        return self._step("invitation", link, "agreed_word")

    def visit(self, link: str) -> None:
        """Take no notice of a mail scanner."""

    def begin_sign_in(self, address: str) -> Step:
        """Ask for the agreed word."""
        return self._step("address", address, "agreed_word")

    def prove(self, step: Step, proof: str) -> Step:
        """Ask for the code."""
        return self._step("agreed_word", proof, "one_time_code")

    def enter_code(self, step: Step, code: str) -> Session:
        """Let anybody who has any code in."""
        self._step("one_time_code", code, "one_time_code")
        return Session("a session")

    def sign_out(self, session: Session) -> None:
        """Let go."""

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """List one crime."""
        return [
            CrimeSummary(
                crime_reference="43260000001",
                offence="Theft of a pedal cycle",
                status="open",
                force="thames_valley",
                officer_in_charge="PC Elm",
                updated_at=self.moved_to[-1],
            )
        ]

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Show one entry."""
        at = self.moved_to[-1]
        return [TimelineEntry(at=at, kind="CrimeRecorded", title="Recorded", text="We have it.")]

    def advice(self, session: Session) -> list[AdvicePage]:
        """Show one page."""
        return [AdvicePage(slug="locks", title="Locks", summary="Which to buy.")]

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Take a question."""
        self._step("ask", text, "agreed_word")
        self.questions.append(text)

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Take a question about something."""
        self.ask_officer(session, crime_reference, f"{about}: {text}")

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Show the questions."""
        at = self.moved_to[-1]
        return [
            ConversationPost(at=at, author="victim", text=text, key=str(number))
            for number, text in enumerate(self.questions)
        ]

    def contact(self, session: Session) -> ContactChoice:
        """Show what was chosen."""
        return ContactChoice(self.chosen, {"text": "…123"})

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Remember a choice."""
        self._step("contact", " ".join(channels), "agreed_word")
        self.chosen = tuple(channels)

    def stop_messages(self, session: Session) -> None:
        """Remember that there are to be no more messages."""
        self.choose_contact(session, ())

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Remember how far a victim went, and say that nothing has changed."""
        self._step("withdrawal", until, "agreed_word")
        self.withdrawals.append((crime_reference, until))
        return "An officer will speak to you first"

    def not_for_me(self, address: str, link: str) -> str:
        """Remember where nothing is to go, and by which link; and thank them."""
        self._step("not for me", address, "agreed_word")
        self.not_for.append(link or address)
        return "Thank you"

    def advance_to(self, now: datetime) -> datetime | None:
        """Be at a moment, and say as the script does when more is due."""
        self.moved_to.append(now)
        return self.on_advance(now)

    def enter_phase(self, phase: int) -> None:
        """Remember the phase."""
        self.phases.append(phase)

    def close(self) -> None:
        """Nothing is held."""

    def _step(self, name: str, word: str, asks: Any) -> Step:
        self.words.append(word)
        if name == self.refuses_at:
            raise Refused(403, "No")
        return Step(name, asks)


def ids_in(delivery: Delivery) -> list[str]:
    """Name the events in a delivery, in order."""
    return [msgspec.json.decode(event)["id"] for event in delivery.events]
