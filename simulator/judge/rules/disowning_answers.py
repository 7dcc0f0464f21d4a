"""What comes of it when a person says that the portal's messages are not for them.

The answer is the same whether or not the force knows the address: only what is no address is
refused. The force is asked once to look into a breach, and again if there were messages since, or
if what anybody could say is proved.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulator.evidence.records import (
    MessageAccepted,
    NotForMeRefused,
    NotForMeSaid,
    TaskRaised,
    TextReceived,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.judge.facts.preferences import is_not_me
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

#: The portal takes no more from one client just now, or nothing at all; or the driver cannot tell.
_NOT_ABOUT_THE_ADDRESS = frozenset({0, 408, 429, 503})


@dataclass
class DisowningAnswers(Rule):
    """Judges refusals, and tasks to look into a breach.

    `_told_since` are addresses to which messages went since they were last disowned; `_breaches`
    counts how often somebody disowned an address for the first time, proved it after anybody's
    word, or disowned it after they were told again.
    """

    requirements = frozenset({"NOTME-02", "NOTME-04"})
    hears = (MessageAccepted, NotForMeSaid, NotForMeRefused, TextReceived, TaskRaised)

    _disowned: set[str] = field(default_factory=set)
    _proved: set[str] = field(default_factory=set)
    _told_since: set[str] = field(default_factory=set)
    _breaches: int = 0
    _tasks: Counter[tuple[str, str]] = field(default_factory=Counter)
    _asked_again: list[tuple[Finding, int]] = field(default_factory=list)

    def hear(
        self,
        record: MessageAccepted | NotForMeSaid | NotForMeRefused | TextReceived | TaskRaised,
        book: CaseBook,
    ) -> Iterator[Finding]:
        """Judge a refusal or a task, or note who was told and who said it."""
        yield from self._too_many(book, before=record.at)
        match record:
            case MessageAccepted():
                self._told_since.add(record.to)
            case NotForMeSaid():
                address = as_mobile(record.address) or as_email(record.address)
                self._said(address, is_proved=record.by == "message")
            case TextReceived() if is_not_me(record.words):
                self._said(record.number, is_proved=True)
            case NotForMeRefused():
                yield from self._refused(record)
            case TaskRaised(task_kind="breach"):
                self._task(record)

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:  # noqa: ARG002  any
        """Judge the last tasks."""
        return self._too_many(book)

    def _too_many(self, book: CaseBook, *, before: datetime | None = None) -> Iterator[Finding]:
        """Find the tasks that asked again, once the events of their moment have been read.

        A portal may ask about what was sent while two records were merged before it answers the
        delivery that parts them. That is a breach of its own.
        """
        ready = [each for each in self._asked_again if before is None or each[0].at < before]
        self._asked_again = [each for each in self._asked_again if each not in ready]
        for found, more in ready:
            parted = book.register.persons.parted_at.get(found.person_id, ())
            if more > sum(each <= found.at for each in parted):
                yield found

    def _said(self, address: str, *, is_proved: bool) -> None:
        known = self._proved if is_proved else self._disowned
        self._breaches += address not in known or address in self._told_since
        self._disowned.add(address)
        if is_proved:
            self._proved.add(address)
        self._told_since.discard(address)

    def _refused(self, record: NotForMeRefused) -> Iterable[Finding]:
        is_an_address = as_mobile(record.written) or as_email(record.written)
        if record.status in _NOT_ABOUT_THE_ADDRESS or not is_an_address:
            return
        expected = (
            "the answer to a person who says that messages are not for them is the same, "
            "whether or not the force knows their address"
        )
        observed = f"it was refused ({record.status})"
        yield failure("disclosed", "NOTME-04", record, expected, observed)

    def _task(self, record: TaskRaised) -> None:
        key = (record.person_id, record.crime_reference)
        self._tasks[key] += 1
        more = self._tasks[key] - max(1, self._breaches)
        if more <= 0:
            return
        expected = "the force is asked once to look into a breach, however often it is said"
        observed = "it was asked again, and nobody was told meanwhile"
        found = failure("noise", "NOTME-02", record, expected, observed)
        self._asked_again.append((found, more))
