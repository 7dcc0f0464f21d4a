"""Tells which messages are one-time codes: those that answer a sign-in, by the judge's own rule.

An update with six digits in it is not a code: it still tells the victim.
"""

from collections.abc import Callable, Set
from itertools import islice

from simulator.evidence.records import MessageAccepted, Record, SignedIn, SigningIn, VictimRefused
from simulator.inputs.order import Order
from simulator.judge.facts.awaited_codes import AwaitedCodes


class Codes:
    """The codes among the messages of a growing log, from `begun` on."""

    def __init__(
        self, order: Order, records: list[Record], begun: int, whose: Callable[[str], Set[str]]
    ) -> None:
        self._sign_ins = AwaitedCodes(order, whose, whose, lambda person_id: {person_id})
        self._records = records
        self._read = begun
        self._ids: set[str] = set()

    def have(self, message_id: str) -> bool:
        """Say whether a message is one."""
        for record in islice(self._records, self._read, None):
            match record:
                case SigningIn():
                    self._sign_ins.begun(record)
                case SignedIn() | VictimRefused():
                    self._sign_ins.ended(record)
                case MessageAccepted() if self._sign_ins.answered_by(record):
                    self._ids.add(record.message_id)
        self._read = len(self._records)
        return message_id in self._ids
