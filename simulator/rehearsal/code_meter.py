"""How the live portal keeps the Victims' Code: by row of it, and by group of victims.

By row: how long from when it happened to when it was recorded, received and told, and who held up
what came late. By group: who is excluded, who is not reached, and who is told late.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median

import msgspec

from reference.contract.events import CrimeRecorded, VictimRecord
from simulator.clock import LONDON
from simulator.evidence.records import EventRecorded, Record
from simulator.inputs.order import RIGHT_6, Order
from simulator.judge.facts.code_news import CodeNews
from simulator.judge.fold import Judgement
from simulator.results.values import CodeRow, GroupReached

_RIGHT = "Right 6"
#: What each row of Right 6 is called.
_WHAT = {
    "not_investigated": "not to be investigated",
    "suspect_arrested": "a suspect arrested",
    "suspect_interviewed": "a suspect interviewed",
    "suspect_released": "a suspect released",
    "suspect_on_bail": "a suspect on bail",
    "suspect_under_investigation": "released under investigation",
    "bail_changed": "bail changed",
    "OutcomeRecorded": "a charge",
    "CrimeClosed": "the case closed",
    "CrimeReopened": "the case opened again",
}
_AGES = ((18, "under 18"), (25, "18 to 24"), (65, "25 to 64"), (200, "65 and over"))


class _Milestone(msgspec.Struct):
    milestone: str = ""


def code_rows(records: Sequence[Record], judgement: Judgement) -> list[CodeRow]:
    """Sum up the news of each row of the Code that there was, in the Code's order."""
    named = {each.event_id for each in judgement.code_news}
    names = {
        each.event_id: _row_of(each)
        for each in records
        if isinstance(each, EventRecorded) and each.event_id in named
    }
    by_row: dict[str, list[CodeNews]] = {}
    for each in judgement.code_news:
        by_row.setdefault(names.get(each.event_id, ""), []).append(each)
    return [_code_row(name, by_row[name]) for name in RIGHT_6 if name in by_row]


def _row_of(event: EventRecorded) -> str:
    if event.event_type == "MilestoneReached":
        return msgspec.json.decode(event.data, type=_Milestone).milestone
    # An officer who tells a closure first is how the closure is told.
    return "CrimeClosed" if event.event_type == "VictimContacted" else event.event_type


def _code_row(name: str, news: Sequence[CodeNews]) -> CodeRow:
    late = Counter(str(each.held_up_by) for each in news if each.held_up_by is not None)
    return CodeRow(
        right=_RIGHT,
        what=_WHAT[name],
        news=len(news),
        told_in_time=len(news) - late.total(),
        late_by=dict(sorted(late.items())),
        hours_to_record=_hours((e.happened_at, e.recorded_at) for e in news),
        hours_to_receive=_hours((e.recorded_at, e.received_at) for e in news),
        hours_to_tell=_hours(
            (each.received_at, each.told_at) for each in news if each.told_at is not None
        ),
    )


def _hours(spans: Iterable[tuple[datetime, datetime]]) -> float | None:
    found = [(end - begin).total_seconds() / 3600 for begin, end in spans]
    return round(median(found), 2) if found else None


def groups_reached(
    order: Order, records: Sequence[Record], judgement: Judgement
) -> list[GroupReached]:
    """Count by age, marker, rights and channel what became of the victims of new crimes."""
    reached = {each.person_id for each in judgement.messages if each.fate == "reached"}
    late = {each.person_id for each in judgement.code_news if each.held_up_by is not None}
    counts: dict[tuple[str, str], Counter[str]] = {}
    for crime, victim in _victims(order, records):
        is_excluded = bool(order.exclusion(crime, victim.person_id))
        for group in _groups(crime, victim):
            count = counts.setdefault(group, Counter())
            count["victims"] += 1
            count["excluded"] += is_excluded
            count["unreached"] += not is_excluded and victim.person_id not in reached
            count["told_late"] += not is_excluded and victim.person_id in late
    return [
        GroupReached(
            by=by,
            group=group,
            victims=count["victims"],
            excluded=count["excluded"],
            unreached=count["unreached"],
            told_late=count["told_late"],
        )
        for (by, group), count in sorted(counts.items())
    ]


def _victims(
    order: Order, records: Sequence[Record]
) -> Iterator[tuple[CrimeRecorded, VictimRecord]]:
    for each in records:
        if isinstance(each, EventRecorded) and each.event_type == "CrimeRecorded":
            crime = msgspec.json.decode(each.data, type=CrimeRecorded)
            if order.phase_at(crime.recorded_at):
                for victim in crime.victims:
                    yield crime, victim


def _groups(crime: CrimeRecorded, victim: VictimRecord) -> Iterator[tuple[str, str]]:
    yield "Age", _age(crime, victim)
    for marker in crime.safeguarding or ("none",):
        yield "Marker", marker.replace("_", " ")
    yield "Rights", "enhanced" if victim.enhanced_rights else "standard"
    yield "Channel", " and ".join(victim.preferred_channels)


def _age(crime: CrimeRecorded, victim: VictimRecord) -> str:
    if victim.born is None:
        return "not recorded"
    day = crime.recorded_at.astimezone(LONDON).date()
    born = victim.born
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return next((name for below, name in _AGES if years < below), "not recorded")
