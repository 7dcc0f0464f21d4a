"""A rehearsal is judged by parts, and nothing differs from one case book for all of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from msgspec import structs

from simulator.clock import LONDON
from simulator.evidence.records import (
    MessageAccepted,
    QuestionAsked,
    Record,
    Seen,
    Stamped,
    TaskRaised,
)
from simulator.inputs.order import Order, read_order
from simulator.judge.by_parts import judge_by_parts
from simulator.judge.fold import Judgement, judge
from simulator.rehearsal.run import CompletedRehearsal
from tests.simulator.judge.story import assert_same_by_parts
from tests.simulator.rehearsal.small import rehearse_small, write_small


def order_of(folder: Path) -> Order:
    """Read the order of a small rehearsal."""
    write_small(folder)
    return read_order(folder / "order.toml")


def damaged(records: Sequence[Record]) -> Iterator[Record]:
    """Make the portal forget, repeat, misdirect, and show people what is others'."""
    address = person_id = ""
    for place, record in enumerate(records):
        if isinstance(record, MessageAccepted):
            if place % 7 == 0:
                continue
            if place % 11 == 0:
                yield structs.replace(record, message_id=f"{record.message_id}-again")
            if place % 13 == 0 and address:
                yield structs.replace(record, to=address, body=f"{record.body} A robbery.")
                continue
            address = record.to
        elif isinstance(record, Seen | QuestionAsked):
            if place % 17 == 0 and person_id:
                yield structs.replace(record, person_id=person_id)
                continue
            person_id = record.person_id
        elif isinstance(record, Stamped | TaskRaised) and place % 5 == 0:
            continue
        yield record


def judged(order: Order, records: Sequence[Record]) -> Judgement:
    """Judge with one case book."""
    return judge(order, records, correlates=True, end=records[-1].at)


@pytest.mark.proof
@pytest.mark.slow(seconds=6)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_reference_has_the_same_verdict(
    seed: int, ordinary: CompletedRehearsal, tmp_path: Path
) -> None:
    """Findings, obligations, messages and news of the Code, for two seeds."""
    order = order_of(tmp_path)
    rehearsed = ordinary if seed == 1 else rehearse_small(tmp_path, seed=seed)
    records = list(rehearsed.evidence["live"])
    whole = judged(order, records)

    assert len(whole.messages) > 300
    assert_same_by_parts(order, records, whole, records[-1].at, records_max=400)


@pytest.mark.slow(seconds=6)
def test_a_portal_that_does_much_wrong_has_the_same_verdict(
    ordinary: CompletedRehearsal, tmp_path: Path
) -> None:
    """Every harm is found as often, with parts as small as they can be and with larger ones."""
    order = order_of(tmp_path)
    records = list(damaged(ordinary.evidence["live"]))
    whole = judged(order, records)

    harms = {each.harm for each in whole.findings if each.kind == "FAIL"}
    assert {"lost", "duplicated", "misdirected", "disclosed", "noise"} <= harms
    for records_max in (1, 1_000):
        assert_same_by_parts(order, records, whole, records[-1].at, records_max=records_max)


def test_what_a_case_book_held_is_let_go(ordinary: CompletedRehearsal, tmp_path: Path) -> None:
    """No message keeps its reader's record: a year of them would not fit in memory."""
    records = ordinary.evidence["Phase 1 test"]
    found = judge_by_parts(
        order_of(tmp_path), records, correlates=True, end=records[-1].at.astimezone(LONDON)
    )

    assert found.messages
    assert not any(each.readers or each.told for each in found.messages)
