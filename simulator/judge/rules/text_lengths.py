"""Texts longer than two joined texts: a phone joins two unseen, and the force pays for each."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: GOV.UK Notify sends a text of so many characters as two joined texts.
CHARACTERS_MAX = 306


@dataclass
class TextLengths(Rule):
    """Judges how long every text is."""

    requirements = frozenset({"MSG-07"})
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message: the link and the code in it are not counted."""
        if record.channel != "text" or len(record.body) <= CHARACTERS_MAX:
            return ()
        meant = book.messages.of(record)
        expected = f"a text has {CHARACTERS_MAX} characters at most"
        observed = f"it has {len(record.body)}"
        return [failure("noise", "MSG-07", meant, expected, observed, at=record.at)]
