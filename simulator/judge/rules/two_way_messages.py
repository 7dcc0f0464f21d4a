"""Phase 3: each question reaches the crime system once, word for word, with a task.

Each reply reaches the victim it was for, and nobody else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulator.clock import in_london
from simulator.evidence.records import Seen, Stamped
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.page_views import PageView
from simulator.judge.facts.questions import Question, Reply
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm

#: What harm was done to a question, which requirement it breaks, what was observed, and by which
#: sentence it is one.
_Harmed = tuple[Harm, str, str, str]


@dataclass
class TwoWayMessages(Rule):
    """Judges conversations as they are read, and at the end what became of each question."""

    requirements = frozenset(
        {"TWO-01", "TWO-02", "TWO-03", "TWO-04", "TWO-13", "CASE-22", "PRIV-03"}
    )
    hears = (Seen,)

    _missed: set[Reply] = field(default_factory=set)

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one conversation: every reply is there, and no words between other people."""
        if record.where != "conversation":
            return ()
        return self._conversation(book.page_views.latest, book)

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find questions that were lost, changed or filed twice, and words nobody wrote."""
        for each in book.questions.asked_all:
            asked = each.asked
            what = _lost_or_late(each, book, end) or _dated_wrongly(each, book)
            if what is not None:
                expected = "the victim's words stamped once as they are, and a task raised"
                yield failure(what[0], what[1], asked, expected, what[2], rests_on=what[3])
            if _is_lost_by_parting(each, book, end):
                expected = "a task for the officer of the crime that is its writer's again"
                observed = "none was raised after the merger was taken back"
                yield failure(
                    "lost", "CASE-22", asked, expected, observed, rests_on="contract: CrimeUnmerged"
                )
        for stray in _unexplained(book):
            expected = "only what a victim wrote is stamped as theirs"
            observed = "words were stamped that they never wrote"
            yield failure(
                "noise", "TWO-01", stray, expected, observed, rests_on="contract: Stamp.person_id"
            )
        for task in book.questions.surplus_tasks():
            expected = "one task for each question"
            observed = "a task was raised that no question is behind"
            yield failure(
                "duplicated", "TWO-03", task, expected, observed, rests_on="contract: Task.key"
            )

    def _conversation(self, view: PageView, book: CaseBook) -> Iterator[Finding]:
        seen = view.seen
        if view.access == "own":
            yield from self._missing_replies(seen, book)
        for text in seen.texts:
            if book.questions.is_between_others(text, seen.person_id):
                expected = "a victim sees only their own conversation"
                observed = "they were shown words written by or to somebody else"
                yield failure("disclosed", "PRIV-03", seen, expected, observed)

    def _missing_replies(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        shown = {_squeezed(each) for each in seen.texts}
        crime = book.register.current(seen.crime_reference)
        for reply in book.questions.replies_to(seen.person_id):
            if (
                reply in self._missed
                or reply.shown_by > seen.at
                or crime != seen.crime_reference
                or book.register.current(reply.crime_reference) != crime
                or _squeezed(reply.text) in shown
                or self._was_kept_back(reply, seen, book)
            ):
                continue
            self._missed.add(reply)
            yield failure(
                "lost",
                "TWO-04",
                seen,
                "the officer's reply stands in the conversation, word for word",
                "the victim read it, and the reply was not there"
                + sentences.beside_its_look(reply.text, seen.texts),
                rests_on="contract: ConversationPost.text",
            )

    def _was_kept_back(self, reply: Reply, seen: Seen, book: CaseBook) -> bool:
        """Say whether a reply was about a crime of which the victim is not told, or was not then.

        What they could not read when it was merged need not come with it.
        """
        merged = book.register.crimes.get(reply.crime_reference)
        if merged is None or reply.crime_reference == seen.crime_reference:
            return False
        victim = merged.victims.get(seen.person_id)
        was_out = seen.person_id in merged.out_when_merged
        return was_out or (victim is not None and bool(victim.exclusion))


def _lost_or_late(question: Question, book: CaseBook, end: datetime) -> _Harmed | None:
    """Say what was wrong with a question by the time it was due; None for nothing."""
    asked, stamps = question.asked, question.stamps
    due_at = book.crime_system_outages.due_at(asked.at)
    if due_at is None or due_at > end:
        return None
    if not stamps:
        changed = [s for s in book.questions.strays if s.crime_reference == asked.crime_reference]
        look = sentences.beside_its_look(asked.text, [stamp.text for stamp in changed])
        observed = f"other words were stamped{look}" if changed else "nothing was stamped"
        return "lost", "TWO-01", observed, "contract: Stamp.text"
    if len(stamps) > 1:
        observed = f"stamped {len(stamps)} times"
        return "duplicated", "TWO-02", observed, "contract: Stamp.key"
    if question.task is None:
        observed = "no task was raised for the officer"
        return "lost", "TWO-03", observed, "contract: Task"
    if stamps[0].at > due_at:
        observed = f"stamped after {stamps[0].at - asked.at}"
        return "late", "TWO-01", observed, "order: messages.minutes_max"
    return None


def _is_lost_by_parting(question: Question, book: CaseBook, end: datetime) -> bool:
    """Say whether a question was left with the officer of another's crime.

    A portal that has not answered it by the time its task is due owes one to the right officer.
    """
    if question.moved_at is None or question.moved_task is not None or question.may_stay:
        return False
    crime = book.register.crimes.get(question.asked.crime_reference)
    victim = crime.victims.get(question.asked.person_id) if crime is not None else None
    if crime is None or crime.gone or victim is None or victim.exclusion:
        return False
    due_at = book.crime_system_outages.due_at(question.moved_at)
    answered_at = question.answered_at
    return due_at is not None and due_at <= end and (answered_at is None or answered_at > due_at)


def _dated_wrongly(question: Question, book: CaseBook) -> _Harmed | None:
    """Find a stamp that gives another time than that of writing, by any fair clock.

    When the same words were asked twice, either may have been stamped first.
    """
    for stamp in (*question.stamps, *question.asked_again):
        same = (question, *book.questions.on(stamp))
        asked = [each.asked.at for each in same if each.asked.text == stamp.text]
        written_at, allowance = stamp.written_at, book.crime_system_outages.allowance
        if written_at and not any(abs(at - written_at) <= allowance for at in asked):
            observed = f"the stamp says written at {in_london(written_at)}"
            return "out of order", "TWO-13", observed, "contract: Stamp.written_at"
    return None


def _unexplained(book: CaseBook) -> list[Stamped]:
    """List stamps of words that nobody asked, and that no other finding tells of.

    The finding about a lost question tells of changed words; another tells of words that were
    filed under another person's crime.
    """
    questions = book.questions
    lost = [each for each in questions.asked_all if not each.stamps]
    found = []
    for stray in questions.strays:
        changed = next((each for each in questions.on(stray) if each in lost), None)
        if changed is not None:
            lost.remove(changed)
        elif stray.text not in {e.asked.text for e in questions.asked_by(stray.person_id)}:
            found.append(stray)
    return found


def _squeezed(text: str) -> str:
    return " ".join(text.split())
