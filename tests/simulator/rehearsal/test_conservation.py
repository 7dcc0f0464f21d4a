"""A rehearsal counts what it must not lose, and has no result if something was lost."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from msgspec import structs

from simulator.errors import NotConserved
from simulator.evidence.records import (
    MessageAccepted,
    MessageReached,
    PersonKnown,
    Record,
    TaskRaised,
)
from simulator.rehearsal.conservation import conserved_in_rehearsal
from simulator.rehearsal.run import CompletedRehearsal


def test_a_rehearsal_says_how_everything_ended(ordinary: CompletedRehearsal) -> None:
    """Callers, messages, tasks and records of all portals are counted, and each ended."""
    found = {each.things.split(",")[0]: each for each in ordinary.result.conserved}
    accepted = [
        each
        for records in ordinary.evidence.values()
        for each in records
        if isinstance(each, MessageAccepted)
    ]

    assert list(found) == ["callers", "messages", "tasks", "records"]
    assert found["messages"].total == len(accepted) > 100
    assert found["callers"].ends["answered"] > found["callers"].ends["hung up"] > 0
    assert found["tasks"].ends["questions answered"] > 0
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


def _lose(records: list[Record]) -> None:
    del records[_first(records, MessageAccepted)]


def _go_back(records: list[Record]) -> None:
    place = next(n for n, each in enumerate(records) if not isinstance(each, PersonKnown))
    records.insert(place, _later(records[place]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_again(MessageAccepted), "messages accepted: 1 twice"),
        (_again(MessageReached), "messages: reached: 1 twice"),
        (_again(TaskRaised), "1 twice"),
        (_lose, "messages: reached: 1 that there never was"),
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
        conserved_in_rehearsal({"live": (records, ordinary.judgements["live"])}, {})


def test_a_message_that_the_judge_did_not_judge_is_an_error(ordinary: CompletedRehearsal) -> None:
    """The fates add up to the messages that the gateway took."""
    judgement = ordinary.judgements["live"]
    fewer = structs.replace(judgement, messages=judgement.messages[1:])

    with pytest.raises(NotConserved, match="messages: there were "):
        conserved_in_rehearsal({"live": (ordinary.evidence["live"], fewer)}, {})
