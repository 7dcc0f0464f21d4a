"""The Victims' Code by row: what has a time and what has none, and how long each took."""

from datetime import timedelta
from typing import Any

import msgspec

from simulator.evidence.records import EventDelivered, EventRecorded, Record
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.judge.facts.code_news import CodeNews
from simulator.judge.facts.obligations import Obligation
from simulator.judge.fold import Judgement
from simulator.rehearsal.code_meter import code_rows, not_measured
from simulator.rehearsal.rows_of_the_code import read_rows_of_the_code
from simulator.rehearsal.run import CompletedRehearsal
from simulator.results.values import CodeRow
from simulator.verdicts import Owner
from tests.simulator.real_files import ORDER
from tests.simulator.rehearsal.test_tally import PHASE_2, REFERENCE, judged

HOUR = timedelta(hours=1)
ROWS = read_rows_of_the_code(ROOT / "scenarios" / "victims-code.toml")


def event(event_type: str, event_id: str = "e", *, took: int = 1, **data: Any) -> list[Record]:
    """Make an event that happened some hours before it was recorded, and came an hour later."""
    recorded = EventRecorded(
        at=PHASE_2,
        event_id=event_id,
        event_type=event_type,
        crime_reference=REFERENCE,
        happened_at=PHASE_2 - took * HOUR,
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
    return [recorded, EventDelivered(at=PHASE_2 + HOUR, event_id=event_id, status=202)]


def news(event_id: str = "e", *, late: Owner | None = None, told: int = 3) -> CodeNews:
    """Make one thing that the Code has a victim told, some hours after it was recorded."""
    return CodeNews(
        person_id="p",
        crime_reference=REFERENCE,
        event_id=event_id,
        recorded_at=PHASE_2,
        told_by=PHASE_2 + 9 * HOUR,
        told_at=PHASE_2 + told * HOUR,
        held_up_by=late,
        happened_at=PHASE_2 - HOUR,
        received_at=PHASE_2 + HOUR,
    )


def told(event_id: str = "e", *, after: int | None = 5, invites: bool = False) -> Obligation:
    """Make something that a victim is told of on one channel."""
    return Obligation(
        "p",
        REFERENCE,
        "text",
        "invitation" if invites else "update",
        event_id,
        PHASE_2 + HOUR,
        PHASE_2 + 2 * HOUR,
        None if after is None else PHASE_2 + after * HOUR,
        is_first_word=invites,
    )


def rows(records: list[Record], judgement: Judgement) -> dict[str, CodeRow]:
    """Give the rows of some evidence by what they are called."""
    found = code_rows(ROWS, read_order(ORDER), records, judgement)
    return {each.what: each for each in found}


def test_what_has_the_orders_days_is_in_time_or_late_by_somebody() -> None:
    """Who held it up is counted; the time is said in words, and so is who tells it."""
    of_arrest = [news(), news(late="integration")]
    row = rows(event("MilestoneReached", milestone="suspect_arrested"), judged(code_news=of_arrest))

    assert row.keys() == {"a suspect arrested"}
    arrest = row["a suspect arrested"]
    assert (arrest.right, arrest.news, arrest.told_in_time) == ("Right 6", 2, 1)
    assert arrest.late_by == {"integration": 1}
    assert arrest.time == "5 working days, 1 with enhanced rights"
    assert arrest.told_by == "the police"


def test_a_closure_is_in_the_row_of_its_outcome() -> None:
    """Not charged, dealt with out of court, or closed: three rows, and each closure in one."""
    records = [
        *event("CrimeClosed", "no charge", outcome=15),
        *event("CrimeClosed", "caution", outcome=3),
        *event("CrimeClosed", "nobody", outcome=18),
    ]
    found = rows(records, judged(code_news=[news(each.event_id) for each in records[::2]]))  # type: ignore[union-attr]

    assert {name: row.news for name, row in found.items()} == {
        "no charge": 1,
        "dealt with out of court": 1,
        "the case closed": 1,
    }


def test_what_an_officer_told_first_is_a_closure() -> None:
    """The news is released by the officer's event, which no row is about."""
    found = rows(event("VictimContacted"), judged(code_news=[news()]))

    assert found["the case closed"].news == 1


def test_where_the_code_gives_no_time_nothing_is_in_time() -> None:
    """A first word confirms a report in writing; the first of two messages is when it was told."""
    by_two = [told(invites=True, after=5), told(invites=True, after=3), told(after=2)]
    row = rows(event("CrimeRecorded", took=2), judged(obligations=by_two))["confirmed in writing"]

    assert (row.right, row.news, row.told_in_time, row.late_by) == ("Right 3", 1, None, {})
    assert row.time == ""
    assert (row.hours_to_record, row.hours_to_receive, row.hours_to_tell) == (2, 1, 2)
    assert row.hours_to_tell_most == 5


def test_what_witness_care_tells_has_a_clock_that_is_not_ours() -> None:
    """The portal says only that there is a hearing: no claim of being in time."""
    records = event("MilestoneReached", milestone="hearing_listed")
    row = rows(records, judged(obligations=[told()]))["a hearing listed"]

    assert (row.right, row.told_by, row.told_in_time) == ("Right 8", "Witness Care", None)
    assert row.time == "1 working day from when Witness Care has it"
    assert rows(records, judged(obligations=[told(after=None)])) == {}


def test_what_is_done_is_counted_by_crime_and_told_to_nobody() -> None:
    """Property returned is of its own event; a crime recorded runs from the report before it."""
    returned = event("MilestoneReached", milestone="property_returned")
    recorded = event("CrimeRecorded", "r")
    reported = event("IncidentReported", "i", took=30)

    row = rows(returned, judged())["property returned"]
    assert (row.news, row.hours_to_tell, row.told_in_time) == (1, None, None)
    assert rows([*reported, *recorded], judged())["the crime recorded"].hours_to_record == 30
    assert "the crime recorded" not in rows(recorded, judged())


def test_rows_that_cannot_be_measured_say_why() -> None:
    """Each has its reason, and none is among the rows that are measured."""
    found = not_measured(ROWS)

    assert {"referred to support", "verdict, sentence and appeal"} <= {e.what for e in found}
    assert all(each.reason and each.told_by for each in found)
    assert not {each.what for each in found} & {each.what for each in ROWS.measured}


def test_rows_add_up_to_what_the_judge_counted(ordinary: CompletedRehearsal) -> None:
    """Every piece of news is in one row; nothing is told before it happened."""
    found = ordinary.result.code_rows
    clocked = [each for each in found if each.told_in_time is not None]
    named = ordinary.judgements["live"].code_news

    assert sum(each.news for each in clocked) == len(named) > 20
    assert {"the case closed", "a charge", "confirmed in writing"} <= {e.what for e in found}
    for each in found:
        assert each.hours_to_record is not None
        assert each.hours_to_record >= 0
    for each in clocked:
        assert each.told_in_time is not None
        assert each.told_in_time + sum(each.late_by.values()) == each.news


def test_news_happens_before_it_is_recorded_received_and_told(
    ordinary: CompletedRehearsal,
) -> None:
    """The times of each piece of news are in that order."""
    for each in ordinary.judgements["live"].code_news:
        assert each.happened_at <= each.recorded_at <= each.received_at
        assert each.told_at is None or each.received_at <= each.told_at
