"""Sign-ins under way: one code answers each of them, soon. No other message is a code.

Six digits alone make no code: an officer's extension or a charity's number has as many.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.evidence.records import MessageAccepted, SignedIn, SigningIn, VictimRefused
from simulator.inputs.order import Order


@dataclass
class SignIns:
    """Knows who waits for a code; `whose` says for whom an address was written down."""

    order: Order
    whose: Callable[[str], Set[str]]
    _waiting: dict[str, datetime] = field(default_factory=dict)

    def begun(self, record: SigningIn) -> None:
        """Take that somebody proves who they are: one code may come to them."""
        self._waiting[record.person_id] = record.at

    def ended(self, record: SignedIn | VictimRefused) -> None:
        """Take that somebody is in, or was refused: no code is waited for any more."""
        self._waiting.pop(record.person_id, None)

    def answered_by(self, message: MessageAccepted) -> str:
        """Say whose sign-in a message is the code for ("" for nobody's), and take it as that.

        It goes to one address of theirs: "the phone number, or else the email address" (contract).
        """
        if message.carries != "one_time_code":
            return ""
        soon = timedelta(minutes=self.order.sign_in.code_minutes)
        for person_id in sorted(self.whose(message.to) & self._waiting.keys()):
            if message.at <= self._waiting[person_id] + soon:
                del self._waiting[person_id]
                return person_id
        return ""
