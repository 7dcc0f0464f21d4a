"""A rehearsal counts what it must not lose, and has no result if something was lost."""

from collections import Counter
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from simulator.contact_centre.ended_calls import EndedCalls
from simulator.errors import NotConserved
from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    MessageReached,
    PersonKnown,
    Record,
    TaskRaised,
)
from simulator.rehearsal.call_comparison import ForceCalls
from simulator.rehearsal.conservation import conserved_callers, conserved_in_rehearsal
from simulator.rehearsal.run import CompletedRehearsal
from simulator.rehearsal.task_ledger import NAMES, OTHER_TASKS, name_of


def test_a_rehearsal_says_how_everything_ended(ordinary: CompletedRehearsal) -> None:
    """Callers, messages, tasks and records of all portals are counted, and each ended."""
    found = {each.things.split(",")[0]: each for each in ordinary.result.conserved}
    accepted = [
        each
        for records in ordinary.evidence.values()
        for each in records
        if isinstance(each, MessageAccepted)
    ]

    assert set(found) == {"callers", "messages", *NAMES.values(), OTHER_TASKS, "records"}
    assert found["messages"].total == len(accepted) > 100
    assert found["callers"].ends["answered"] > found["callers"].ends["abandoned"] > 0
    assert found["questions"].ends["answered"] > 0
    raised = Counter(
        name_of(each.task_kind)
        for records in ordinary.evidence.values()
        for each in records
        if isinstance(each, TaskRaised)
    )
    assert {name: found[name].total for name in raised} == raised
    assert found["call-backs"].total > 0
    assert all(sum(each.ends.values()) == each.total for each in found.values())


def _later(record: Record) -> Record:
    return structs.replace(record, at=record.at + timedelta(days=1))


def _first(records: Sequence[Record], kind: type[Record]) -> int:
    return next(place for place, each in enumerate(records) if isinstance(each, kind))


def _again(kind: type[Record]) -> Callable[[list[Record]], None]:
    def change(records: list[Record]) -> None:
        place = _first(records, kind)
        records.insert(place, records[place])

    return change


def _lose(kind: type[Record]) -> Callable[[list[Record]], None]:
    def change(records: list[Record]) -> None:
        del records[_first(records, kind)]

    return change


def _lose_a_reply(records: list[Record]) -> None:
    del records[
        next(
            place
            for place, each in enumerate(records)
            if isinstance(each, EventRecorded) and each.event_type == "OfficerReplied"
        )
    ]


def _go_back(records: list[Record]) -> None:
    place = next(n for n, each in enumerate(records) if not isinstance(each, PersonKnown))
    records.insert(place, _later(records[place]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_again(MessageAccepted), "messages accepted: 1 twice"),
        (_again(MessageReached), "messages: reached: 1 twice"),
        (_again(TaskRaised), "1 twice"),
        (_lose(MessageAccepted), "messages: reached: 1 that there never was"),
        (_lose(TaskRaised), r"there were [\d,]+, and [\d,]+ ended|that there never was"),
        (_lose_a_reply, r"questions: officers answered \d+, and \d+ replies were recorded"),
        (_go_back, "time went back in live"),
    ],
)
def test_what_is_lost_doubled_or_out_of_order_is_an_error(
    ordinary: CompletedRehearsal, change: Callable[[list[Record]], None], said: str
) -> None:
    """Evidence that is damaged in one place is refused, and the sentence names what is wrong."""
    records = list(ordinary.evidence["live"])
    change(records)

    with pytest.raises(NotConserved, match=said):
        conserved_in_rehearsal(
            {"live": (records, ordinary.judgements["live"])}, {}, ordinary.ledgers
        )


@pytest.mark.parametrize("name", [*NAMES.values(), OTHER_TASKS])
@pytest.mark.parametrize("more", [-1, 1])
def test_a_task_of_any_kind_that_is_lost_or_doubled_is_an_error(
    ordinary: CompletedRehearsal, name: str, more: int
) -> None:
    """What officers ended is theirs alone: one end fewer or more is not what was raised."""
    ledger = deepcopy(ordinary.ledgers["live"])
    key = next(each for each, number in ledger._ends.items() if each[0] == name and number)
    ledger._ends[key] += more
    records, judgement = ordinary.evidence["live"], ordinary.judgements["live"]

    conserved_in_rehearsal({"live": (records, judgement)}, {}, ordinary.ledgers)
    with pytest.raises(NotConserved, match=f"{name}: (there were|officers answered)"):
        conserved_in_rehearsal({"live": (records, judgement)}, {}, {"live": ledger})


def test_a_message_that_the_judge_did_not_judge_is_an_error(ordinary: CompletedRehearsal) -> None:
    """The fates add up to the messages that the gateway took."""
    judgement = ordinary.judgements["live"]
    fewer = structs.replace(judgement, messages=judgement.messages[1:])

    with pytest.raises(NotConserved, match="messages: there were "):
        conserved_in_rehearsal({"live": (ordinary.evidence["live"], fewer)}, {}, ordinary.ledgers)


@pytest.mark.parametrize("callers", [9, 11])
def test_a_caller_who_is_lost_or_counted_twice_is_an_error(callers: int) -> None:
    """Who came to a desk is counted apart from how they ended there, also at the second one."""
    ended = EndedCalls(answered=6, abandoned=2, called_back=1, given_up=1)
    whole = ForceCalls(levels=[], update_calls=[], callers=[10], ended=[ended])
    second = replace(whole, callers=[10, callers], ended=[ended, ended])

    assert [each.total for each in conserved_callers([whole])] == [10]
    for damaged in (replace(whole, callers=[callers]), second):
        with pytest.raises(NotConserved, match=f"callers: there were {callers}, and 10 ended"):
            conserved_callers([damaged])
