"""A victim may be locked out by wrong proofs that somebody gave: the force is told of it by a task.

Each first lock-out of a day is judged, at what is certainly the victim's address or link. One task
a day is enough.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.evidence.records import SignInTried, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_DAY = timedelta(days=1)


@dataclass
class LockedOut(Rule):
    """Notes each lock-out and each task, and judges them at the end."""

    requirements = frozenset({"COERCE-02"})
    hears = (SignInTried, TaskRaised)

    _locked: list[SignInTried] = field(default_factory=list)
    _told: list[TaskRaised] = field(default_factory=list)

    def hear(self, record: SignInTried | TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Note what happened."""
        if isinstance(record, SignInTried):
            if self._is_locked(record, book) and _is_certainly_theirs(record, book):
                self._locked.append(record)
        elif record.task_kind == "identity_not_proved":
            self._told.append(record)
        return ()

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find a victim who was locked out, and nobody at the force was told."""
        for record in self._locked:
            due_at = book.crime_system_outages.due_at(record.at)
            if due_at is None or due_at > end:
                continue
            whose = [each.at for each in self._told if each.person_id == record.person_id]
            if any(record.begun_at - _DAY <= at <= due_at for at in whose):
                continue
            expected = "the force is told that wrong answers used up a victim's attempts"
            observed = "no such task was raised"
            yield failure("lost", "COERCE-02", record, expected, observed, at=due_at)

    def _is_locked(self, record: SignInTried, book: CaseBook) -> bool:
        """Say whether this sign-in used up the attempts, and none took any that day."""
        attempt = book.attempts.latest
        names = {record.person_id, record.address.lower()} - {""}
        is_first = not any(attempt.lately.get(each) for each in names)
        is_used_up = self.order.sign_in.are_used_up(attempt.wrong("proof"))
        return is_first and not record.let_in and is_used_up


def _is_certainly_theirs(record: SignInTried, book: CaseBook) -> bool:
    register, reachability = book.register, book.reachability
    if record.person_id not in register.registered:
        return False
    theirs = register.crimes_with(record.person_id)
    told_of = [victim for crime, victim in theirs if not crime.gone]
    if not told_of or any(each.exclusion for each in told_of):
        return False
    usable = {reading.address for each in told_of for reading in reachability.usable(each)}
    address = record.address
    written_for = set(reachability.address_book.written_for(address))
    return address in usable and written_for == {record.person_id}
