"""The victim's side by hand: the tester opens the pages as a victim does, and says what they show.

This is only for a portal without a driver for its API or pages.
"""

from collections.abc import Callable, Sequence

from reference.contract.events import EVENT_TYPES, Channel
from reference.contract.messages import (
    AdvicePage,
    ConversationPost,
    CrimeSummary,
    Subject,
    TimelineEntry,
)
from simulator.by_hand.console import Tester
from simulator.by_hand.tester_observations import ObservedByTester
from simulator.clock import Now
from simulator.drivers.base import ContactChoice, Refused, Session, Step, WithdrawalStep
from simulator.errors import CannotVerify

_ASKS = ("agreed_word", "date_of_birth", "one_time_code")
_STATUSES = ("open", "charged", "closed", "transferred")
_AUTHORS = ("victim", "officer", "waiting")
_CHANNELS: dict[str, Channel] = {"text": "text", "email": "email"}
_CHOICES: dict[str, tuple[Channel, ...]] = {
    "text": ("text",),
    "email": ("email",),
    "both": ("text", "email"),
    "neither": (),
}
_REFUSED = 403


class VictimByHand:
    """What a victim does, one instruction each. If the portal refuses, `Refused` is raised."""

    def __init__(
        self,
        tester: Tester,
        *,
        observed: ObservedByTester,
        reads_handsets: bool,
        now: Now,
    ) -> None:
        self._tester = tester
        self._observed = observed
        self._reads_handsets = reads_handsets
        self._now = now

    def open_invitation(self, link: str) -> Step:
        """Ask the tester to follow the link of an invitation."""
        where = "the link in the newest invitation" if self._reads_handsets else link
        return self._step(f"Open {where}.", who="the victim invited")

    def begin_sign_in(self, address: str) -> Step:
        """Ask the tester to begin to sign in with an address."""
        return self._step(f"On the sign-in page enter {address}.", who=f"the holder of {address}")

    def prove(self, step: Step, proof: str) -> Step:
        """Ask for the proof; with handsets the tester then reads the message with the code."""
        found = self._step(f"Enter {proof!r}.", who=step.id)
        if found.asks == "one_time_code" and self._reads_handsets:
            self._tester.tell("The message with the code:")
            by = self._tester.ask_which("Was it a text or an email?", _CHANNELS, default="text")
            self._observed.message(_CHANNELS[by])
        return found

    def enter_code(self, step: Step, code: str) -> Session:
        """Ask the tester to enter the code."""
        given = "the code from that message" if self._reads_handsets else code
        self._allowed(f"Enter {given}. Does it let you in?")
        return Session(step.id)

    def sign_out(self, session: Session) -> None:
        """Ask the tester to sign out."""
        self._allowed(f"As {session.token}, sign out. Are you signed out?")

    def crimes(self, session: Session) -> list[CrimeSummary]:
        """Ask the tester to read the list of crimes."""
        self._allowed(f"As {session.token}, open the list of crimes. Is it shown?")
        lines = self._tester.ask_lines(
            f"Each crime as: reference | offence | {' or '.join(_STATUSES)} | officer | team.",
            mistake_in=_one_of(_STATUSES, cell=2, cells=3),
        )
        return [self._summary(line) for line in lines]

    def timeline(self, session: Session, crime_reference: str) -> list[TimelineEntry]:
        """Ask the tester to read a crime's page, oldest entry first."""
        self._allowed(f"As {session.token}, open the page of crime {crime_reference}. Is it shown?")
        self._tester.tell("Kinds: " + ", ".join(EVENT_TYPES))
        lines = self._tester.ask_lines(
            "Each entry, oldest first, as: kind | title | text (a kind from the list, or -).",
            mistake_in=_one_of((*EVENT_TYPES, "-"), cell=0, cells=2),
        )
        return [self._entry(line) for line in lines]

    def advice(self, session: Session) -> list[AdvicePage]:
        """Ask the tester to read the list of advice."""
        self._allowed(f"As {session.token}, open the advice. Is it shown?")
        lines = self._tester.ask_lines("The title of each page, in order.")
        return [AdvicePage(slug=f"page {n}", title=each) for n, each in enumerate(lines, start=1)]

    def ask_officer(self, session: Session, crime_reference: str, text: str) -> None:
        """Ask the tester to write to the officer, word for word."""
        where = f"As {session.token}, on crime {crime_reference}"
        self._tester.tell(f"{where}, write to the officer:\n{text}")
        self._allowed("Did the portal accept it?")

    def ask_officer_about(
        self, session: Session, crime_reference: str, text: str, about: Subject
    ) -> None:
        """Ask the tester to write to the officer about something, word for word."""
        where = f"As {session.token}, on crime {crime_reference}"
        self._tester.tell(f"{where}, write to the officer about {about}:\n{text}")
        self._allowed("Did the portal accept it?")

    def conversation(self, session: Session, crime_reference: str) -> list[ConversationPost]:
        """Ask the tester to read the conversation."""
        where = f"As {session.token}, open the messages of crime {crime_reference}"
        self._allowed(f"{where}. Are they shown?")
        lines = self._tester.ask_lines(
            "Each message, oldest first, as: victim | words, officer | words, or waiting | words "
            "(from the victim, and not with the force yet).",
            mistake_in=_one_of(_AUTHORS, cell=0, cells=2),
        )
        return [self._post(number, line) for number, line in enumerate(lines, start=1)]

    def contact(self, session: Session) -> ContactChoice:
        """Ask the tester to read the choice of channels."""
        given = self._tester.ask_which(
            f"As {session.token}, open the contact choices. What is chosen?", _CHOICES
        )
        return ContactChoice(_CHOICES[given])

    def choose_contact(self, session: Session, channels: Sequence[Channel]) -> None:
        """Ask the tester to choose channels."""
        wanted = " and ".join(channels)
        self._allowed(f"As {session.token}, choose updates by {wanted}. Did the portal accept it?")

    def stop_messages(self, session: Session) -> None:
        """Ask the tester to stop all messages."""
        self._allowed(f"As {session.token}, stop all messages. Did the portal accept it?")

    def withdraw_support(
        self, session: Session, crime_reference: str, until: WithdrawalStep
    ) -> str:
        """Ask the tester to ask to talk about no longer supporting the investigation."""
        end = "and confirm it" if until == "confirmed" else "and stop before you confirm it"
        self._allowed(
            f"As {session.token}, on crime {crime_reference}, ask to talk to an officer about no "
            f"longer supporting the investigation, {end}. Did the portal let you?"
        )
        return self._tester.ask("What does it say then, word for word?")

    def not_for_me(self, address: str, link: str) -> str:
        """Ask the tester to say, signed out, that messages to an address are not for them."""
        self._allowed(
            f"Signed out, follow {link} and confirm. Did the portal accept it?"
            if link
            else "Signed out, open the page for people who get messages that are not for them, "
            f"and enter {address}. Did the portal accept it?"
        )
        return self._tester.ask("What does it say then, word for word?")

    def visit(self, link: str) -> None:
        """Refuse: nobody can fetch a link by hand as a mail scanner does."""
        del link
        raise CannotVerify("what a mail scanner sends cannot be sent by hand")

    def _step(self, words: str, *, who: str) -> Step:
        """Ask for a step of the sign-in; the page then asks for the next."""
        asks = self._answer(f"{words} What does the page ask for then?", _ASKS)
        return Step(who, asks)  # type: ignore[arg-type]

    def _allowed(self, question: str) -> None:
        self._answer(question, ("yes",))

    def _answer(self, question: str, answers: Sequence[str]) -> str:
        """Ask what the page does; raises Refused with its words if it refuses."""
        words = {each.replace("_", " "): each for each in answers}
        given = self._tester.ask_which(f"\nDO: {question}", [*words, "refused"])
        if given == "refused":
            raise Refused(_REFUSED, self._tester.ask("What does it say?") or "refused")
        return words[given]

    def _summary(self, line: str) -> CrimeSummary:
        reference, offence, status, officer, team = _cells(line, 5)
        return CrimeSummary(
            crime_reference=reference or "-",
            offence=offence,
            status=status,  # type: ignore[arg-type]
            force="",
            officer_in_charge=officer,
            team=team,
            updated_at=self._now(),
        )

    def _entry(self, line: str) -> TimelineEntry:
        kind, title, text = _cells(line, 3)
        known = "" if kind == "-" else kind
        return TimelineEntry(at=self._now(), kind=known, title=title, text=text)

    def _post(self, number: int, line: str) -> ConversationPost:
        author, words = _cells(line, 2)
        return ConversationPost(
            at=self._now(),
            author="officer" if author == "officer" else "victim",
            text=words,
            key=f"post {number}",
            is_with_force=author != "waiting",
        )


def _cells(line: str, count: int) -> list[str]:
    """Split a line at its bars into `count` cells; the last may contain bars."""
    found = [each.strip() for each in line.split("|", count - 1)]
    return found + [""] * (count - len(found))


def _one_of(words: Sequence[str], *, cell: int, cells: int) -> Callable[[str], str]:
    """Return a check that a line has enough cells, and one of these words in one of them."""

    def mistake_in(line: str) -> str:
        found = [each.strip() for each in line.split("|")]
        if len(found) < cells or found[cell] not in words:
            return f"Give at least {cells} cells separated by |; number {cell + 1} is one of " + (
                ", ".join(words)
            )
        return ""

    return mistake_in
