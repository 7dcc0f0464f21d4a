"""Phase 3: an officer's reply with what may be another person's data waits until it is checked."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class UncheckedReplies(Rule):
    """Judges each conversation as it is shown; another rule asks for the task."""

    requirements = frozenset({"TWO-17"})
    hears = (Seen,)

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Find a reply that nobody checked in the conversation."""
        if record.where != "conversation":
            return []
        readers = book.register.records_of(record.person_id)
        shown = {*record.texts, *(each.text for each in record.posts)}
        if not any(book.held_replies.must_not_see(each, readers) for each in shown):
            return []
        return [
            failure(
                "disclosed",
                "TWO-17",
                record,
                "a reply that may hold another person's data waits until it is checked",
                "it was shown",
                rests_on="contract: OfficerReplied.checked",
            )
        ]
