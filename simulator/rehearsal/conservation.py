"""What a rehearsal must not lose or count twice: callers, messages, tasks, and the order of time.

Counted at the end of every rehearsal. A run that lost something has no result: NotConserved.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from reference.contract.events import OfficerReplied
from simulator.errors import NotConserved
from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    MessageReached,
    PersonKnown,
    ReceiptSent,
    Record,
    TaskRaised,
)
from simulator.judge.facts.sent_message import Fate
from simulator.judge.fold import Judgement
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.officer_behaviour import CALL_BACK
from simulator.rehearsal.task_ledger import NAMES, OTHER_TASKS, TaskLedger, name_of
from simulator.results.conservation import Conserved, add_conserved, conserved

#: What must come once: what the gateway did with messages, and what officers did with tasks.
_SORTS = ("accepted", "reached", "receipt", "question", "other task", "reply")
_FATES: dict[Fate, str] = {
    "reached": "reached the victim",
    "misdirected": "reached another person",
    "undeliverable": "came back",
}


def conserved_in_rehearsal(
    judged: Mapping[str, tuple[Iterable[Record], Judgement]],
    calls: Mapping[str, tuple[ForceCalls, ForceCalls]],
    ledgers: Mapping[str, TaskLedger],
) -> list[Conserved]:
    """Count the ends of what each portal and each force's desk had; raises NotConserved.

    `ledgers` are those of each portal's officers.
    """
    return add_conserved(
        [
            *conserved_callers(
                (each for pair in calls.values() for each in pair),
                things="callers, without a portal and with it",
            ),
            *(
                each
                for name, (records, judgement) in judged.items()
                for each in _conserved_by_portal(name, records, judgement, ledgers[name])
            ),
        ]
    )


def conserved_tasks(
    begun: Mapping[str, int], ended: Mapping[str, Mapping[str, int]]
) -> list[Conserved]:
    """Count how the tasks ended that began, by kind, each kind by itself; raises NotConserved."""
    total = Counter[str]()
    for kind, number in begun.items():
        total[name_of(kind)] += number
    return [
        conserved(name, total[name], ended.get(name, {}))
        for name in (*NAMES.values(), OTHER_TASKS)
        if total[name] or name in ended
    ]


def conserved_callers(calls: Iterable[ForceCalls], *, things: str = "callers") -> list[Conserved]:
    """Count how the callers of desks ended, those passed on to a second desk once more there."""
    return [
        conserved(things, number, {end.replace("_", " "): n for end, n in ended._asdict().items()})
        for each in calls
        for number, ended in zip(each.callers, each.ended, strict=True)
    ]


class _Keys:
    """The keys of one sort of record: a number of 64 bits for each, as a year has millions."""

    def __init__(self) -> None:
        self._numbers = array("q")

    def add(self, key: str) -> None:
        self._numbers.append(hash(key))

    def once_each(self, what: str) -> NDArray[np.int64]:
        """Give them in order; raises NotConserved if one is there twice."""
        found = np.unique(np.array(self._numbers, dtype=np.int64))
        if len(found) != len(self._numbers):
            raise NotConserved(f"{what}: {len(self._numbers) - len(found):,} twice")
        return found


def _conserved_by_portal(
    name: str, records: Iterable[Record], judgement: Judgement, ledger: TaskLedger
) -> list[Conserved]:
    raised = Counter[str]()
    keys = {kind: _Keys() for kind in _SORTS}
    last, count = datetime.min.replace(tzinfo=UTC), 0
    for record in records:
        if isinstance(record, PersonKnown):
            continue  # a truth, of the day on which the population was made
        if record.at < last:
            raise NotConserved(f"time went back in {name}: from {last} to {record.at}")
        last, count = record.at, count + 1
        if found := _key(record):
            keys[found[0]].add(found[1])
        if isinstance(record, TaskRaised):
            raised[record.task_kind] += 1
    accepted = keys["accepted"].once_each("messages accepted")
    for kind in ("reached", "receipt"):
        _refuse_unknown(keys[kind].once_each(f"messages: {kind}"), accepted, f"messages: {kind}")
    questions = keys["question"].once_each("tasks for questions")
    keys["other task"].once_each("other tasks")
    replies = keys["reply"].once_each("replies to questions")
    _refuse_unknown(replies, questions, "replies to questions")
    fates = Counter(each.fate for each in judgement.messages)
    raised[CALL_BACK] += ledger.left_by_calls
    ended = ledger.close(last.timestamp()) if count else {}
    answered = ended.get("questions", Counter())["answered"]
    if len(replies) != answered:
        raise NotConserved(
            f"questions: officers answered {answered:,}, and {len(replies):,} replies were recorded"
        )
    return [
        conserved("messages", len(accepted), {word: fates[fate] for fate, word in _FATES.items()}),
        *conserved_tasks(raised, ended),
        conserved("records", count, {"in order of time": count}),
    ]


def _key(record: Record) -> tuple[str, str] | None:
    """Give what must come once of a record, and its sort."""
    if isinstance(record, MessageAccepted):
        return "accepted", record.message_id
    if isinstance(record, MessageReached):
        return "reached", record.message_id
    if isinstance(record, ReceiptSent):
        return "receipt", record.message_id
    if isinstance(record, TaskRaised):
        is_question = record.task_kind == "victim_question"
        return "question" if is_question else "other task", record.key
    if isinstance(record, EventRecorded) and record.event_type == "OfficerReplied":
        reply = msgspec.json.decode(record.data, type=OfficerReplied)
        return ("reply", reply.in_reply_to) if reply.in_reply_to else None
    return None


def _refuse_unknown(found: NDArray[np.int64], known: NDArray[np.int64], what: str) -> None:
    unknown = len(np.setdiff1d(found, known, assume_unique=True))
    if unknown:
        raise NotConserved(f"{what}: {unknown:,} that there never was")
