"""The sign-ins that wait for a code: one message answers each of them, soon. No other is a code.

Six digits alone make no code: an officer's extension or a charity's number has as many. A stranger
who signs in by an address that was recorded for a victim is sent the victim's code: whether they
come in is judged, and the code is not news.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.evidence.records import (
    MessageAccepted,
    MessageReached,
    SignedIn,
    SigningIn,
    SignInTried,
    VictimRefused,
)
from simulator.inputs.order import Order


@dataclass
class AwaitedCodes:
    """Who waits for a code; `whose` gives the people for whom an address was written down.

    `holders` gives those who truly read what is sent there, `records_of` a person's own records: a
    sign-in by the invitation of one of them sends its code to the address in that one.
    """

    order: Order
    whose: Callable[[str], Set[str]]
    holders: Callable[[str], Set[str]]
    records_of: Callable[[str], Set[str]]
    _waiting: dict[str, datetime] = field(default_factory=dict)
    _sent: dict[str, str] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)

    def begun(self, record: SigningIn) -> None:
        """Write down that a person proves who they are: one code may come to them."""
        self._waiting[record.person_id] = record.at

    def ended(self, record: SignedIn | VictimRefused | SignInTried) -> None:
        """Write down that a person is in, or was refused: they wait for no code any more."""
        self._waiting.pop(record.person_id, None)

    def reached(self, record: MessageReached) -> None:
        """Write down a message that reached nobody: a code in it was never read."""
        if not record.holders:
            self._lost.add(record.message_id)

    def lost_for(self, person_id: str) -> str:
        """Give the message with a person's last code, if that never arrived ("" if it did)."""
        message_id = self._sent.get(person_id, "")
        return message_id if message_id in self._lost else ""

    def answered_by(self, message: MessageAccepted) -> str:
        """Give the person whose code a message is ("" for nobody's); its sign-in waits no more.

        It goes to one address of theirs: "the phone number, or else the email address" (contract).
        """
        if message.carries != "one_time_code":
            return ""
        soon = timedelta(minutes=self.order.sign_in.code_minutes)
        recorded, others = self.whose(message.to), self.holders(message.to)
        theirs = {each for each in self._waiting if self.records_of(each) & recorded}
        for person_id in (*sorted(recorded), *sorted((others | theirs) - recorded)):
            begun_at = self._waiting.get(person_id)
            if recorded and begun_at is not None and message.at <= begun_at + soon:
                del self._waiting[person_id]
                self._sent[person_id] = message.message_id
                return person_id if person_id in recorded else min(recorded)
        return ""
