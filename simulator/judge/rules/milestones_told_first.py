"""No page shows a milestone that an officer tells the victim first, before they have spoken."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.contract.events import MilestoneReached
from simulator.evidence.records import Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class MilestonesToldFirst(Rule):
    """Judges timelines: they have no more milestones than this victim may read of.

    Messages are judged with all others that should not have been sent, and tasks with all tasks.
    """

    requirements = frozenset({"SENS-06"})
    hears = (Seen,)

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        view = book.page_views.latest
        if record.where != "timeline" or view.access != "own":
            return ()
        seen = view.seen
        withheld = book.milestones.of(seen.person_id, seen.crime_reference)
        heard = [
            each
            for each in book.events.of_all_parts(seen.crime_reference)
            if isinstance(each.event, MilestoneReached)
            and each.event.person_id in {None, seen.person_id, record.person_id}
            and not self.order.is_switched_off(each.event)
        ]
        shown = seen.kinds.count(MilestoneReached.__name__)
        if not withheld or not len(heard) - len(withheld) < shown <= len(heard):
            return ()
        return [
            failure(
                "disclosed",
                "SENS-06",
                seen,
                "an officer tells the victim first that a suspect was released or bailed",
                "the page showed it before anybody had spoken to them",
                rests_on="order: sensitive_milestones",
            )
        ]
