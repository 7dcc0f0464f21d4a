"""A victim asks to talk about no longer supporting the investigation; another only stops messages.

A request becomes one task, in time, and nothing else; stopping messages never becomes such a task.
A second request within a day may be answered by the first one's task: no portal knows whether the
officer has spoken to the victim. A closed case may be talked about, or not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from simulator.evidence.records import (
    MessageAccepted,
    TaskRaised,
    WithdrawalAsked,
    WithdrawalRefused,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_DAY = timedelta(days=1)
_KIND = "withdrawal_discussion"
#: The portal wants the person to sign in again, or to wait; or the driver cannot tell.
_NOT_ABOUT_THE_CASE = frozenset({0, 401, 403, 429})
_WITHDRAWS = re.compile(
    r"no longer (?:wants? to |wish(?:es)? to )?support|(?:not|n.t) (?:want to )?support"
    r"|withdr[ae]w\w*|retract\w*|outcome 1[46]\b",
    re.IGNORECASE,
)
#: Words by which a sentence about withdrawing says that it is none, or not certain.
_IS_OPEN = re.compile(
    r"\b(?:nothing|never|whether|still|is not|asked|asks|talk|may|might|want|wants|confirm)\b",
    re.IGNORECASE,
)
_SAYS_IT_ENDED = re.compile(
    r"(?:investigation|case) (?:has |is |was )?(?:now )?(?:been )?(?:ended|closed|stopped|dropped)"
    r"|you have withdrawn|we have (?:closed|stopped|dropped|ended)",
    re.IGNORECASE,
)


@dataclass
class SupportWithdrawals(Rule):
    """Judges requests, refusals, messages and tasks; most of it at the end of the run."""

    requirements = frozenset({"CONT-06", "WITHDRAW-01", "WITHDRAW-02", "WITHDRAW-03"}) | {
        "WITHDRAW-04",
        "WITHDRAW-05",
    }
    hears = (WithdrawalAsked, WithdrawalRefused, TaskRaised, MessageAccepted)

    _owed: list[WithdrawalAsked] = field(default_factory=list)

    def hear(
        self,
        record: WithdrawalAsked | WithdrawalRefused | TaskRaised | MessageAccepted,
        book: CaseBook,
    ) -> Iterable[Finding]:
        """Judge what is wrong at once, whatever comes later."""
        match record:
            case WithdrawalAsked() | WithdrawalRefused():
                # The crime may be of another record of theirs, which was merged into it.
                whose = book.register.as_theirs(record.person_id, record.crime_reference)
                theirs = structs.replace(record, person_id=whose)
                if isinstance(theirs, WithdrawalAsked):
                    return self._asked(theirs, book)
                return self._refused(theirs, book)
            case TaskRaised():
                return self._reason(record)
        return self._message(record, book)

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find requests that were lost or late, and tasks that no request is behind."""
        by_crime = book.withdrawals.tasks_by_crime()
        for asked in self._owed:
            raised = [task.at for task in book.withdrawals.about(asked, by_crime)]
            yield from self._lost_or_late(asked, raised, book, end)
        for task in book.withdrawals.tasks:
            yield from _unasked(task, book)
        yield from self._repeated(book, by_crime)

    def _asked(self, record: WithdrawalAsked, book: CaseBook) -> Iterator[Finding]:
        """A person may ask about their own crime only, and is told that nothing has changed."""
        if not _is_theirs(record, book):
            expected = "nobody asks to talk about another person's crime: it is 404"
            yield failure("disclosed", "WITHDRAW-04", record, expected, "the portal took it")
            return
        crime, is_certain = _live(record, book)
        if record.confirmed and crime is not None and is_certain:
            self._owed.append(record)
        # The page of a closed case may well say that it is closed.
        reference = record.crime_reference
        standings = book.officers.between(reference, record.at, record.at).standings
        if standings == {"open"} and record.confirmed and _SAYS_IT_ENDED.search(record.said):
            expected = (
                "the victim reads that an officer speaks to them first, and nothing has changed"
            )
            observed = "the portal said that it has ended"
            yield failure("disclosed", "WITHDRAW-05", record, expected, observed)

    def _refused(self, record: WithdrawalRefused, book: CaseBook) -> Iterator[Finding]:
        """The victim of a live case may ask; of a closed one the portal may refuse."""
        crime, is_certain = _live(record, book)
        if crime is None or not is_certain or record.status in _NOT_ABOUT_THE_CASE:
            return
        reference = record.crime_reference
        own = book.register.crimes.get(reference)
        victim = own.victims.get(record.person_id) if own is not None else None
        if own is not None and (victim is None or victim.own.role != "victim"):
            # They were a victim only of the crime that this one goes on as.
            return
        if own is not None and own.gone == "merged" and victim is not None and victim.exclusion:
            # By the reference of one of which they may not be told they may find nothing.
            return
        if len(book.register.signed_in_with(record.person_id)) > 1:
            # They may have come in as another record of theirs, at an address of both.
            return
        standings = book.officers.between(reference, record.at, record.at).standings
        if "closed" not in standings:
            expected = "the victim of a live case may ask to talk about no longer supporting it"
            yield failure("lost", "WITHDRAW-01", record, expected, "the portal refused")

    def _reason(self, task: TaskRaised) -> Iterator[Finding]:
        """No task says that a victim has withdrawn: at most, that they asked to talk about it."""
        if task.task_kind not in ("contact_ended", _KIND):
            return
        if _WITHDRAWS.search(task.reason) and not _IS_OPEN.search(task.reason):
            requirement = "WITHDRAW-01" if task.task_kind == _KIND else "CONT-06"
            expected = "no task says that the victim no longer supports the investigation"
            yield failure("lost", requirement, task, expected, "its reason says so")

    def _message(self, message: MessageAccepted, book: CaseBook) -> Iterator[Finding]:
        """Nothing is sent that tells a person who holds the phone what the victim asked."""
        people = set(book.reachability.people_at(message.to))
        asked = [each for each in book.withdrawals.asked_all if each.person_id in people]
        if asked and _WITHDRAWS.search(f"{message.subject}\n{message.body}"):
            expected = "no message says that the victim asked to talk about withdrawing"
            observed = f"a message by {message.channel} says so"
            yield failure("disclosed", "WITHDRAW-05", asked[-1], expected, observed, at=message.at)

    def _lost_or_late(
        self, asked: WithdrawalAsked, raised: Sequence[datetime], book: CaseBook, end: datetime
    ) -> Iterator[Finding]:
        due_at = book.crime_system_outages.due_at(asked.at)
        if due_at is None or due_at > end:
            return
        if any(asked.at - _DAY <= at <= due_at for at in raised):
            return
        late = [at for at in raised if at > due_at]
        is_merged = book.register.current(asked.crime_reference) != asked.crime_reference
        requirement = "WITHDRAW-03" if is_merged else "WITHDRAW-01"
        yield failure(
            "late" if late else "lost",
            requirement,
            asked,
            "a task asks the officer in charge to speak to the victim about withdrawing",
            f"it was raised {min(late) - asked.at} later" if late else "no such task was raised",
            rests_on="order: messages.minutes_max" if late else "",
        )

    def _repeated(self, book: CaseBook, by_crime: Mapping[str, list[int]]) -> Iterator[Finding]:
        """Find more tasks than requests: each may have one, and one more for witness care."""
        units = {each.witness_care for each in self.order.forces.values()}
        seen: set[tuple[str, str, bool]] = set()
        #: By task, the requests that it may answer, each with all tasks about it.
        answered: dict[int, list[list[TaskRaised]]] = {}
        for asked in book.withdrawals.asked_all:
            tasks = book.withdrawals.about(asked, by_crime) if asked.confirmed else []
            for task in tasks:
                answered.setdefault(id(task), []).append(tasks)
        for task in book.withdrawals.tasks:
            is_unit = task.assignee in units
            about = (task.person_id, book.register.current(task.crime_reference), is_unit)
            requests = answered.get(id(task), [])
            of_first = requests[0] if requests else []
            raised = [each for each in of_first if (each.assignee in units) is is_unit]
            if about in seen or len(raised) <= len(requests):
                continue
            seen.add(about)
            expected = "each request becomes one task"
            observed = f"{len(raised)} tasks for {len(requests)} requests"
            yield failure(
                "duplicated", "WITHDRAW-01", task, expected, observed, rests_on="contract: Task.key"
            )


def _unasked(task: TaskRaised, book: CaseBook) -> Iterator[Finding]:
    """Find a task though nobody confirmed that they want to talk about withdrawing."""
    behind = book.withdrawals.behind(task)
    if any(each.confirmed for each in behind):
        return
    current = book.register.current
    crime = current(task.crime_reference)
    if not behind and any(current(e.crime_reference) == crime for e in book.withdrawals.asked_all):
        return  # Another person asked, which a finding of its own tells.
    requirement = "WITHDRAW-02" if behind else "CONT-06"
    expected = "a victim who did not confirm it is not said to want to talk about withdrawing"
    observed = "one press became such a task" if behind else "a task says that they do"
    yield failure("lost", requirement, task, expected, observed)


def _is_theirs(record: WithdrawalAsked, book: CaseBook) -> bool:
    """Say whether the person is in the crime, by any of their records and after any merger."""
    register = book.register
    references = {record.crime_reference, register.current(record.crime_reference)}
    records = register.records_of(record.person_id)
    return any(register.owns(each, reference) for each in records for reference in references)


def _live(
    record: WithdrawalAsked | WithdrawalRefused, book: CaseBook
) -> tuple[KnownCrime | None, bool]:
    """Find the crime as it goes on, and say whether its victim may certainly use the portal."""
    crime = book.register.crimes.get(book.register.current(record.crime_reference))
    if crime is None:
        return None, False
    victim = crime.victims.get(record.person_id)
    return crime, victim is not None and not victim.exclusion and not crime.gone
