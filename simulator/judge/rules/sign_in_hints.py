"""What sign-in says to an address that the force knows and to one that nobody has: the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import AnswersCompared
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class SignInHints(Rule):
    """Judges two sign-ins with wrong proofs, unless wrong answers had been given before.

    After those the portal may refuse for a while: that tells only that somebody tried.
    """

    requirements = frozenset({"AUTH-12"})
    hears = (AnswersCompared,)

    def hear(self, record: AnswersCompared, book: CaseBook) -> Iterable[Finding]:
        """Judge one comparison."""
        before = book.attempts.counts()
        # Also by a link that came there: it counts for whoever is reached at the address.
        addresses = book.reachability.address_book
        there = addresses.written_for(record.address) | addresses.holders(record.address)
        if record.known == record.unknown or before.keys() & {*there, record.address}:
            return
        what = "number" if record.channel == "text" else "mailbox"
        expected = f"sign-in answers alike whether or not the force knows the {what}"
        observed = "it answered a known one and an unknown one differently"
        yield failure("disclosed", "AUTH-12", record, expected, observed)
