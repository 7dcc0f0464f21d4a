"""A vendor's own record of its messages never proves that nobody else was told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.evidence.records import MessagesSeen
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import review
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class VendorsRecord(Rule):
    """Leaves to a person what a run shows by the vendor's own record alone."""

    requirements = frozenset({"SAFE-01"})
    hears = (MessagesSeen,)
    compares_people = True

    _is_vendors_word: bool = False
    _is_said: bool = False

    def hear(self, record: MessagesSeen, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002
        """Note how messages are seen."""
        if record.how == "vendor's own record":
            self._is_vendors_word = True
        return ()

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:  # noqa: ARG002
        """Ask for a person to look, when messages were seen by the vendor's own record."""
        if self._is_vendors_word and not self._is_said:
            self._is_said = True
            observed = (
                "nobody else is told by the vendor's own record, which alone proves none "
                "of it; have a person look where else messages went"
            )
            yield review("misdirected", "SAFE-01", None, "nobody else is told", observed, at=end)
