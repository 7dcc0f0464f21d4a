"""What comes of it when a person says that the portal's messages are not for them.

The answer is the same whether or not the force knows the address: only what is no address is
refused. The force is asked once to look into a breach, and again if there were messages since, or
if what anybody could say is proved.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.evidence.records import (
    MessageAccepted,
    NotForMeRefused,
    NotForMeSaid,
    TaskRaised,
    TextReceived,
)
from simulator.judge import sentences
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

    def hear(
        self,
        record: MessageAccepted | NotForMeSaid | NotForMeRefused | TextReceived | TaskRaised,
        book: CaseBook,
    ) -> Iterable[Finding]:
        """Judge a refusal or a task, or note who was told and who said it."""
        match record:
            case MessageAccepted():
                self._told_since.add(record.to)
            case NotForMeSaid():
                address = as_mobile(record.address) or as_email(record.address)
                self._said(address, is_proved=record.by == "message")
            case TextReceived() if is_not_me(record.words):
                self._said(record.number, is_proved=True)
            case NotForMeRefused():
                return self._refused(record)
            case TaskRaised(task_kind="breach"):
                return self._task(record, book)
        return ()

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
        yield failure(
            "disclosed",
            "NOTME-04",
            at=record.at,
            person_id="",
            crime_reference="",
            expected="the answer to a person who says that messages are not for them is the same, "
            "whether or not the force knows their address",
            observed=f"it was refused ({record.status})",
            rests_on=sentences.requirement("NOTME-04"),
        )

    def _task(self, record: TaskRaised, book: CaseBook) -> Iterable[Finding]:
        # What was sent while two records were merged by mistake is a breach of its own.
        parted = book.register.persons.times_parted[record.person_id]
        key = (record.person_id, record.crime_reference)
        self._tasks[key] += 1
        if self._tasks[key] <= max(1, self._breaches) + parted:
            return
        yield failure(
            "noise",
            "NOTME-02",
            at=record.at,
            person_id=record.person_id,
            crime_reference=record.crime_reference,
            expected="the force is asked once to look into a breach, however often it is said",
            observed="it was asked again, and nobody was told meanwhile",
            rests_on=sentences.requirement("NOTME-02"),
        )
