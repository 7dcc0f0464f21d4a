"""How the live portal keeps the Victims' Code, by row of it.

How long from when it happened to when it was recorded, received and told, and who held up what came
late. Only where the order has the Code's working days is anything in time or late.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

import msgspec

from simulator.evidence.records import EventDelivered, EventRecorded, Record
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from simulator.rehearsal.rows_of_the_code import MeasuredRow, RowsOfTheCode
from simulator.results.values import CodeRow, CodeRowNotMeasured
from simulator.verdicts import Owner

_ACCEPTED = 202


class _Details(msgspec.Struct):
    milestone: str = ""
    outcome: int | None = None


class _Event(NamedTuple):
    """An event that a row of the Code is about; `received_at` is None if no portal took it."""

    row: MeasuredRow
    happened_at: datetime
    recorded_at: datetime
    received_at: datetime | None


class _News(NamedTuple):
    """One thing that one victim was told, or that was done; `held_up_by` whom, if it came late."""

    happened_at: datetime
    recorded_at: datetime
    received_at: datetime
    told_at: datetime | None
    held_up_by: Owner | None = None


def code_rows(
    rows: RowsOfTheCode, order: Order, records: Sequence[Record], judgement: Judgement
) -> list[CodeRow]:
    """Sum up the news of each row of the Code that there was, in the order of the rows."""
    events = _events(rows, records)
    found: dict[MeasuredRow, list[_News]] = {each: [] for each in rows.measured}
    for row, news in (
        *_clocked(rows, events, judgement),
        *_told_without_a_limit(events, judgement),
        *_done(rows, events, records),
    ):
        found[row].append(news)
    return [_code_row(row, news, order) for row, news in found.items() if news]


def not_measured(rows: RowsOfTheCode) -> list[CodeRowNotMeasured]:
    """List the rows of the Code that no event of a rehearsal carries."""
    return [
        CodeRowNotMeasured(
            right=_right(each.right),
            what=each.what,
            told_by=each.told_by,
            reason=each.reason,
            time=each.others_time,
        )
        for each in rows.not_measured
    ]


def _events(rows: RowsOfTheCode, records: Sequence[Record]) -> dict[str, _Event]:
    """Find the events that rows are about, by id."""
    found: dict[str, _Event] = {}
    for each in records:
        if isinstance(each, EventRecorded):
            row = _row_of(rows, each)
            if row is not None:
                found[each.event_id] = _Event(row, each.happened_at, each.at, None)
        elif isinstance(each, EventDelivered) and each.status == _ACCEPTED:
            event = found.get(each.event_id)
            if event is not None and event.received_at is None:
                found[each.event_id] = event._replace(received_at=each.at)
    return found


def _row_of(rows: RowsOfTheCode, event: EventRecorded) -> MeasuredRow | None:
    if event.event_type not in ("MilestoneReached", "CrimeClosed"):
        return rows.row_of(event.event_type)
    details = msgspec.json.decode(event.data, type=_Details)
    return rows.row_of(details.milestone or event.event_type, details.outcome)


def _clocked(
    rows: RowsOfTheCode, events: Mapping[str, _Event], judgement: Judgement
) -> Iterator[tuple[MeasuredRow, _News]]:
    """Give the news for which working days run, as the judge has it."""
    for each in judgement.code_news:
        event = events.get(each.event_id)
        # An officer who tells a closure first is how the closure is told.
        row = event.row if event is not None else rows.row_of("CrimeClosed")
        if row is not None:
            times = (each.happened_at, each.recorded_at, each.received_at, each.told_at)
            yield row, _News(*times, each.held_up_by)


def _told_without_a_limit(
    events: Mapping[str, _Event], judgement: Judgement
) -> Iterator[tuple[MeasuredRow, _News]]:
    """Give the news of rows for which no working days run, once for each victim who was told."""
    told: dict[tuple[str, str], datetime] = {}
    for each in judgement.obligations:
        event = events.get(each.event_id)
        if event is None or event.row.time == "order" or each.told_at is None:
            continue
        if each.is_first_word == event.row.is_told_by_invitation:
            key = (each.person_id, each.event_id)
            told[key] = min(told.get(key, each.told_at), each.told_at)
    for (_person_id, event_id), told_at in told.items():
        event = events[event_id]
        if event.row.told_by:
            received_at = event.received_at or event.recorded_at
            yield event.row, _News(event.happened_at, event.recorded_at, received_at, told_at)


def _done(
    rows: RowsOfTheCode, events: Mapping[str, _Event], records: Sequence[Record]
) -> Iterator[tuple[MeasuredRow, _News]]:
    """Give what is done and not told, once for each crime: from its event, or one before it."""
    for event in events.values():
        if not event.row.told_by and event.received_at is not None:
            yield event.row, _News(event.happened_at, event.recorded_at, event.received_at, None)
    for row in (each for each in rows.measured if each.from_event):
        began: dict[str, datetime] = {}
        for each in records:
            if not isinstance(each, EventRecorded):
                continue
            if each.event_type == row.from_event:
                began.setdefault(each.crime_reference, each.happened_at)
            elif each.event_type in row.events and each.crime_reference in began:
                recorded = events.get(each.event_id)
                received_at = (recorded.received_at if recorded else None) or each.at
                begins = began.pop(each.crime_reference)
                yield row, _News(begins, each.at, received_at, None)


def _code_row(row: MeasuredRow, news: Sequence[_News], order: Order) -> CodeRow:
    late = Counter(str(each.held_up_by) for each in news if each.held_up_by is not None)
    told = [(each, each.told_at) for each in news if each.told_at is not None]
    is_ours = row.time == "order"
    days = order.deadlines.periods_of(order.deadlines.in_force_at(news[-1].happened_at))
    return CodeRow(
        right=_right(row.right),
        what=row.what,
        told_by=row.told_by,
        time="{} working days, {} with enhanced rights".format(*days)
        if is_ours
        else row.others_time,
        source=row.source,
        news=len(news),
        told_in_time=len(news) - late.total() if is_ours else None,
        late_by=dict(sorted(late.items())),
        hours_to_record=_middle([each.recorded_at - each.happened_at for each in news]),
        hours_to_receive=_middle([each.received_at - each.recorded_at for each in news]),
        hours_to_tell=_middle([told_at - each.received_at for each, told_at in told]),
        hours_to_tell_most=_most([told_at - each.happened_at for each, told_at in told]),
    )


def _right(number: int) -> str:
    return f"Right {number}"


def _middle(spans: Sequence[timedelta]) -> float | None:
    return round(median(map(_hours, spans)), 2) if spans else None


def _most(spans: Sequence[timedelta]) -> float | None:
    """Give the time within which 9 in 10 were."""
    return round(_hours(sorted(spans)[ceil(0.9 * len(spans)) - 1]), 2) if spans else None


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
