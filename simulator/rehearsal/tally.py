"""Count a rehearsal by period: messages, what went wrong, questions and answers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby, islice
from statistics import median, quantiles

from simulator.clock import LONDON
from simulator.evidence.records import Record, SignedIn
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.fold import Judgement
from simulator.rehearsal.question_replies import question_replies
from simulator.rehearsal.rollout import Span
from simulator.results.values import CodeCount, HarmCount
from simulator.verdicts import HARMS, KINDS, Finding

FAILURES_KEPT_MAX = 20


@dataclass
class Tally:
    """Counts of one portal in one period. `not_reached` has a reason for each person."""

    invited: set[str] = field(default_factory=set)
    registered: set[str] = field(default_factory=set)
    messages: Counter[str] = field(default_factory=Counter)
    delivered: int = 0
    undeliverable: int = 0
    not_reached: dict[str, str] = field(default_factory=dict)
    misdirected_avoidable: int = 0
    misdirected_unavoidable: int = 0
    misdirected: set[str] = field(default_factory=set)
    questions_asked: int = 0
    answer_hours: list[float] = field(default_factory=list)

    @property
    def answer_hours_median(self) -> float | None:
        """The median time from question to answer, in hours."""
        return round(median(self.answer_hours), 1) if self.answer_hours else None

    @property
    def answer_hours_p90(self) -> float | None:
        """The time within which 9 in 10 answers came, in hours."""
        if len(self.answer_hours) < 2:
            return self.answer_hours_median
        return round(quantiles(self.answer_hours, n=10, method="inclusive")[-1], 1)


def tallies(spans: Sequence[Span], records: Sequence[Record], judgement: Judgement) -> list[Tally]:
    """Count one portal's evidence by period."""
    found = [Tally() for _span in spans]
    _count_registrations(spans, found, records)
    _count_answers(spans, found, records, judgement)
    for message in judgement.messages:
        _count_message(found[_place(spans, message.at)], message)
    _count_people(spans, found, judgement)
    return found


def _count_registrations(
    spans: Sequence[Span], found: list[Tally], records: Sequence[Record]
) -> None:
    registered: set[str] = set()
    for record in records:
        if isinstance(record, SignedIn) and record.person_id not in registered:
            registered.add(record.person_id)
            found[_place(spans, record.at)].registered.add(record.person_id)


def _count_answers(
    spans: Sequence[Span], found: list[Tally], records: Sequence[Record], judgement: Judgement
) -> None:
    """Count questions in the period they were asked, and the hours until the victim had a reply."""
    for answer in question_replies(records, judgement):
        tally = found[_place(spans, answer.asked_at)]
        tally.questions_asked += 1
        if answer.answered_at is not None:
            hours = (answer.answered_at - answer.asked_at).total_seconds() / 3600
            tally.answer_hours.append(hours)


def _count_people(spans: Sequence[Span], found: list[Tally], judgement: Judgement) -> None:
    """Count the people whom nothing had reached by the end of the period in which it was due.

    A person counts once a period, however many reasons there are. One message reached is enough.
    """
    reached: dict[str, int] = {}
    for message in judgement.messages:
        if message.fate == "reached":
            place = _place(spans, message.at)
            reached[message.person_id] = min(place, reached.get(message.person_id, place))
    for flag in sorted(judgement.flags, key=lambda each: each.due_at):
        place = _place(spans, flag.due_at)
        if reached.get(flag.person_id, place + 1) > place:
            found[place].not_reached.setdefault(flag.person_id, flag.reason)


def _count_message(tally: Tally, message: SentMessage) -> None:
    tally.messages[message.kind] += 1
    if message.kind == "invitation":
        tally.invited.add(message.person_id)
    if message.fate == "reached":
        tally.delivered += 1
    elif message.fate == "undeliverable":
        tally.undeliverable += 1
    else:
        tally.misdirected.add(message.person_id)
        tally.misdirected_avoidable += message.is_avoidable
        tally.misdirected_unavoidable += not message.is_avoidable


def harm_counts(judgements: Iterable[Judgement]) -> list[HarmCount]:
    """Count every harm of several portals, worst verdict first, then in the order of harm."""
    counts: Counter[tuple[str, str, str, bool]] = Counter()
    for judgement in judgements:
        counts += judgement.count()
    rows = [
        HarmCount(kind=kind, harm=harm, owner=owner, avoidable=avoidable, count=count)  # type: ignore[arg-type]
        for (kind, harm, owner, avoidable), count in counts.items()
    ]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), _HARM_ORDER[row.harm], row.owner))


def code_count(judgements: Iterable[Judgement]) -> CodeCount:
    """Count what the Victims' Code has victims told, and who held up what came late."""
    held_up = Counter(each.held_up_by for one in judgements for each in one.code_news)
    return CodeCount(
        news=held_up.total(),
        late_by_force=held_up["force"],
        late_by_integration=held_up["integration"],
        late_by_gateway=held_up["gateway"],
        late_by_portal=held_up["portal"],
        late_by_contact_data=held_up["contact data"],
    )


def first_failures(judgements: Iterable[Judgement]) -> list[Finding]:
    """Keep the first failures of each kind, the worst kind first; `harm_counts` counts them all.

    So a frequent or earlier harm does not hide another.
    """
    failed = [each for judgement in judgements for each in judgement.findings]
    failed = [each for each in failed if each.kind == "FAIL"]
    failed.sort(key=lambda each: (_HARM_ORDER[each.harm], each.owner, each.requirement, each.at))
    sorts = groupby(failed, key=lambda each: (each.harm, each.owner, each.requirement))
    return [each for _sort, alike in sorts for each in islice(alike, FAILURES_KEPT_MAX)]


def _place(spans: Sequence[Span], moment: datetime) -> int:
    day: date = moment.astimezone(LONDON).date()
    for number, span in enumerate(spans):
        if day < span.ends:
            return number
    return len(spans) - 1


_HARM_ORDER = {harm: number for number, harm in enumerate(HARMS)}
