"""What is on a page and should not be: steps nobody took, another crime's, a later phase's.

A page may have as many entries of a kind as there are events of that kind about the reader, in the
crime and in those that are one with it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from reference.contract.events import EVENT_TYPES, MilestoneReached, OfficerReplied
from simulator.evidence.records import QuestionAsked, Seen
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import squeezed
from simulator.verdicts import Finding

_REPLY_CHARACTERS_MIN = 12


@dataclass
class UnfoundedSteps(PageRule):
    """Judges the victim's own pages, and conversations before they go live."""

    requirements = frozenset({"CASE-01", "CASE-10", "GATE-03", "JOUR-31", "JOUR-32", "PRIV-03"})
    hears = (Seen, QuestionAsked)

    def hear(self, record: Seen | QuestionAsked, book: CaseBook) -> Iterable[Finding]:
        """Judge one page, or a question that the portal took."""
        if isinstance(record, QuestionAsked):
            return self._asked(record, book)
        seen = book.page_views.latest.seen
        if record.where == "conversation":
            return self._conversation(seen)
        if record.where != "timeline" or book.page_views.latest.access != "own":
            return ()
        # Which of two records of theirs in one crime a person reads only the portal knows.
        register, readers = book.register, {record.person_id, seen.person_id}
        own = register.signed_in_with(record.person_id)
        readers |= {each for each in own if register.owns(each, seen.crime_reference)}
        return (*self._more_than_happened(seen, readers, book), *self._too_early(seen, book))

    def _asked(self, record: QuestionAsked, book: CaseBook) -> Iterator[Finding]:
        if self.order.phase_at(record.at) < 3:
            goes_on_as = book.register.current(record.crime_reference)
            yield from self._early(record, "the portal took a question", goes_on_as)

    def _conversation(self, seen: Seen) -> Iterator[Finding]:
        if seen.texts and self.order.phase_at(seen.at) < 3:
            yield from self._early(seen, "the victim was shown a conversation")

    def _too_early(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        """Find a reply that stands on the page before phase 3; a milestone may: it is a step."""
        if self.order.phase_at(seen.at) >= 3:
            return
        page = squeezed("\n".join(seen.texts))
        for each in book.events.of_all_parts(seen.crime_reference):
            words = squeezed(each.event.text) if isinstance(each.event, OfficerReplied) else ""
            if len(words) >= _REPLY_CHARACTERS_MIN and words in page:
                yield from self._early(seen, "the page shows a reply")

    def _early(
        self, about: Seen | QuestionAsked, observed: str, reference: str = ""
    ) -> Iterator[Finding]:
        go_live = self.order.go_live_at(3)
        expected = f"nothing of phase 3 is there before {go_live:%d %B %Y}"
        found = partial(self.fail, harm="noise", rests_on="order: go_live")
        yield from found(about, "GATE-03", expected, observed, reference=reference)

    def _more_than_happened(
        self, seen: Seen, readers: set[str], book: CaseBook
    ) -> Iterator[Finding]:
        heard = book.events.of_all_parts(seen.crime_reference)
        known = [each for each in heard if not self.order.is_switched_off(each.event)]
        mine = _counted(known, readers)
        everyones = Counter(type(each.event).__name__ for each in known)
        for kind, shown in Counter(seen.kinds).items():
            if kind not in EVENT_TYPES or shown <= mine[kind]:
                continue
            if shown <= everyones[kind]:
                expected = f"a victim sees only what is theirs of {kind}"
                observed = "the page shows another victim's"
                broken = "JOUR-32" if kind == MilestoneReached.__name__ else "PRIV-03"
                yield from self.fail(seen, broken, expected, observed, kind, harm="disclosed")
            elif len(known) < len(heard) and kind == MilestoneReached.__name__:
                yield from self._switched_off(seen)
            elif self._is_of_another_crime(seen, kind, readers, book):
                expected = f"{kind} is on no other page than that of its crime"
                observed = "it is on the page of another crime of theirs"
                yield from self.fail(seen, "CASE-10", expected, observed, kind)
            else:
                expected = f"no step is shown that has not been taken: {kind} {mine[kind]} times"
                observed = f"it is shown {shown} times"
                yield from self.fail(seen, "CASE-01", expected, observed, kind, harm="duplicated")

    def _switched_off(self, seen: Seen) -> Iterator[Finding]:
        yield from self.fail(
            seen,
            "JOUR-31",
            "a milestone that the force switched off is not shown",
            "the page shows it",
            harm="noise",
            rests_on="order: catalogue.switched_off",
        )

    def _is_of_another_crime(
        self, seen: Seen, kind: str, readers: set[str], book: CaseBook
    ) -> bool:
        one = book.events.parts(seen.crime_reference)
        others = [
            each for who in readers for each in book.register.crimes_of(who) if each not in one
        ]
        return any(_counted(book.events.of(each), readers)[kind] for each in others)


def _counted(known: Iterable[Received], readers: set[str]) -> Counter[str]:
    return Counter(
        type(each.event).__name__
        for each in known
        if getattr(each.event, "person_id", None) in {None, *readers}
    )
