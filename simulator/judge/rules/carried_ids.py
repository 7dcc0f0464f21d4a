"""What a delivery sets off carries the delivery's correlation id, whole and however late.

A message that tells of several events may carry the id of the delivery of any of them. Of several
messages that name one event, one carries it: the others may be what time set off. A victim's
words and the task for them carry one id, which is no delivery's. What time sets off, or what a
person says otherwise, may carry any id; so may what comes after the portal gave a message up, or
goes to an address that several people have. Only a portal that claims to carry ids is judged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulator.evidence.records import MessageAccepted, TaskRaised
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.questions import Question
from simulator.judge.facts.sent_message import Meant, SentMessage
from simulator.judge.facts.weekly_limit import CHANNELS
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_SET_OFF = frozenset({"invitation", "update", "reply"})
_CITED = "requirement: INT-09"
_News = tuple[str, str, str]
_EXPECTED = "what a delivery causes carries its correlation id"


@dataclass
class CarriedIds(Rule):
    """Judges the id of each message and task as it comes, and those of questions at the end."""

    requirements = frozenset({"INT-09"})
    hears = (MessageAccepted, TaskRaised)

    _gave_up: set[str] = field(default_factory=set)
    _untraced: dict[_News, Finding] = field(default_factory=dict)
    _traced: set[_News] = field(default_factory=set)

    def hear(self, record: MessageAccepted | TaskRaised, book: CaseBook) -> Iterable[Finding]:
        """Judge one message or task that came by the suite's own neighbours."""
        if not book.carries_ids or record.how != "intercepted":
            return []
        if isinstance(record, TaskRaised):
            if record.task_kind == "not_sent":
                self._gave_up.add(record.person_id)
            self._task(record, book)
        else:
            self._message(record, book)
        return []

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:  # noqa: ARG002
        """Judge the ids of news, and of questions whose words and tasks all came."""
        yield from (each for news, each in self._untraced.items() if news not in self._traced)
        conversations: dict[tuple[str, str], list[Question]] = defaultdict(list)
        for each in book.questions.asked_all if book.carries_ids else ():
            crime = book.register.current(each.asked.crime_reference)
            conversations[each.asked.person_id, crime].append(each)
        for (person_id, crime), questions in conversations.items():
            observed = _why_not_one(questions, book)
            if observed:
                yield failure(
                    "lost",
                    "INT-09",
                    questions[-1].asked,
                    "a victim's words and the task for them carry one id of their own",
                    observed,
                    person_id=person_id,
                    crime_reference=crime,
                    rests_on=_CITED,
                )

    def _message(self, record: MessageAccepted, book: CaseBook) -> None:
        sent = book.messages.of(record)
        if sent.silence is not None or sent.person_id in self._gave_up:
            return
        if len(book.reachability.address_book.written_for(record.to)) > 1:
            # Whose message it is cannot be told for certain.
            return
        if _may_fall_back(sent.person_id, book):
            # A receipt may have set it off, and has an id of its own.
            return
        news = book.ledger.news_of(record.reference)
        events = {each.event_id for each in sent.told} | {news, record.reference}
        allowed = {one for each in events for one in book.deliveries.ids_behind(each)}
        meant = Meant(
            person_id=sent.person_id,
            crime_reference=sent.crime_reference,
            event_id=record.reference,
        )
        told = (book.ledger.told_at(sent.person_id, each, news) for each in CHANNELS)
        # What was told before by another channel is not told by this: it is named as the last.
        was_told = not sent.told and any(at is not None and at < record.at for at in told)
        # A gateway's client may take no header: the reference may then hold the id.
        about = (sent.person_id, record.channel, news or record.message_id)
        is_set_off = allowed and sent.kind in _SET_OFF and _is_due(sent) and not was_told
        if not allowed.isdisjoint({record.correlation_id, record.reference}):
            self._traced.add(about)
        elif is_set_off and not book.automatic.is_due(meant, record):
            observed = f"{_what(sent.kind)} carries {_which(record.correlation_id, book)}"
            self._untraced[about] = failure(
                "lost", "INT-09", sent, _EXPECTED, observed, at=record.at, rests_on=_CITED
            )

    def _task(self, record: TaskRaised, book: CaseBook) -> None:
        owed = [
            each
            for each in book.tasks.owed
            if each.event_id
            and each.crime_reference in ("", record.crime_reference)
            and (each.kind, each.person_id) == (record.task_kind, record.person_id)
        ]
        # Time may set off another task of the kind, before or after it.
        self._traced |= {
            (record.person_id, record.task_kind, each.event_id)
            for each in owed
            if record.correlation_id in book.deliveries.ids_behind(each.event_id)
        }
        met = [each for each in owed if each.raised_at == record.at]
        allowed = {one for each in met for one in book.deliveries.ids_behind(each.event_id)}
        if not allowed or record.correlation_id in allowed | self._together(record, met, book):
            return
        observed = f"a {record.task_kind} carries {_which(record.correlation_id, book)}"
        wrong = failure("lost", "INT-09", record, _EXPECTED, observed, rests_on=_CITED)
        self._untraced[record.person_id, record.task_kind, met[0].event_id] = wrong

    def _together(self, record: TaskRaised, met: Iterable[OwedTask], book: CaseBook) -> set[str]:
        """List the ids of what came as a task was raised or owed, about any crime of its person.

        A flag on one crime or report is about the others too, and of two tasks of one kind that
        wait at once it cannot be told which event set off which.
        """
        records = book.register.records_of(record.person_id)
        of_theirs = (one for each in records for one in book.register.crimes_of(each))
        crimes = {record.crime_reference, *of_theirs}
        crimes.update(book.incidents.of(record.person_id))
        outages, deliveries = book.crime_system_outages, book.deliveries
        since = outages.since(record.at)
        spans = {(at, at) for at in (record.at, *(each.begun_at for each in met))}
        if outages.had_waiting(record.at):
            # What waited for the crime system is raised in any order.
            spans = {(since, record.at)}
        came = (deliveries.ids_between(crime, *span) for crime in crimes for span in spans)
        return {one for ids in came for one in ids}


def _is_due(sent: SentMessage) -> bool:
    """Say whether a message tells what is owed, or nothing that is known: it is not time's."""
    return not sent.told or any(each.is_owed and not each.is_void for each in sent.told)


def _may_fall_back(person_id: str, book: CaseBook) -> bool:
    """Say whether a message to a person failed, so that another channel may tell them instead."""
    bounced = book.reachability.bounced
    records = [each.record for each in book.register.victims_of(person_id)]
    return any(address in bounced for each in records for address in addresses_in(each))


def _why_not_one(questions: list[Question], book: CaseBook) -> str:
    """Say why the words and tasks of a conversation carry no ids of their own ("" if they do)."""
    if any(len(each.stamps) != 1 or each.task is None for each in questions):
        return ""
    if any(each.moved_at is not None for each in questions):
        # The merger that was taken back may be what set them off, where they went.
        return ""
    stamps = [each.stamps[0] for each in questions]
    tasks = [each.task for each in questions if each.task is not None]
    ways = [each.how for each in stamps] + [each.how for each in tasks]
    if any(each != "intercepted" for each in ways):
        return ""
    ids = Counter(each.correlation_id for each in stamps)
    if ids != Counter(each.correlation_id for each in tasks):
        return "the words carry another id than the task"
    return next((f"they carry {_which(each, book)}" for each in ids if _is_no_own(each, book)), "")


def _is_no_own(carried: str, book: CaseBook) -> bool:
    return not carried or carried in book.deliveries.ids


def _what(kind: str) -> str:
    return f"an {kind}" if kind[0] in "iu" else f"a {kind}"


def _which(carried: str, book: CaseBook) -> str:
    if not carried:
        return "no id at all"
    return "that of another delivery" if carried in book.deliveries.ids else "one of no delivery"
