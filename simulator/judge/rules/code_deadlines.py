"""News that came later than the Victims' Code allows though the portal told it when it could.

Its lateness is not the portal's: a WARNING names who held it up. What the portal held up is judged
with all promised news. What waited for the force to mend contact details is not warned of here: the
people whom nothing reached are counted, and the task that asks for the details is judged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.clock import in_london
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.code_news import code_news
from simulator.judge.findings import warning
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class CodeDeadlines(Rule):
    """Judges at the end what the Code names and the force, integration or gateway held up."""

    requirements = frozenset({"CODE-01"})

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find late news, and who held it up."""
        for each in code_news(book.ledger, end):
            if each.held_up_by in (None, "portal", "contact data") or each.told_at is None:
                continue
            yield warning(
                "late",
                "CODE-01",
                each.held_up_by,
                each,
                f"the victim is told of {each.event_id} by {in_london(each.told_by)}",
                f"it was recorded at {in_london(each.recorded_at)}, "
                f"and told at {in_london(each.told_at)}",
                at=each.told_at,
                rests_on="order: deadlines",
                avoidable=True,
            )
