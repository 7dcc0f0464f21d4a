"""Counting: everything counts once, in the period in which it happened."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from reference.contract.events import OfficerReplied
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, SignedIn
from simulator.judge.facts.detail_flags import Flag
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.fold import Judgement
from simulator.rehearsal.rollout import Span
from simulator.rehearsal.tally import Tally, first_failures, harm_counts, tallies
from simulator.verdicts import Finding

SPANS = [
    Span(name="Phase 1 live", starts=date(2026, 6, 1), ends=date(2026, 6, 8), phase=1),
    Span(name="Phase 2 live", starts=date(2026, 6, 8), ends=date(2026, 6, 15), phase=2),
]
# 00:15 in London on the first day of phase 2, which is still the day before in UTC.
PHASE_2 = datetime(2026, 6, 7, 23, 15, tzinfo=UTC)
PHASE_1 = PHASE_2 - timedelta(minutes=30)
REFERENCE = "43260000001"


def judged(**parts: Any) -> Judgement:
    """Make a judgement that is otherwise empty."""
    return Judgement(**{"findings": [], "obligations": [], "flags": [], "messages": [], **parts})


def message(kind: str = "update", *, at: datetime = PHASE_1, **more: Any) -> SentMessage:
    """Make a message that reached a victim."""
    values: dict[str, Any] = {"person_id": "p", "fate": "reached", **more}
    return SentMessage(
        at=at,
        kind=kind,  # type: ignore[arg-type]
        channel="text",
        crime_reference=REFERENCE,
        **values,
    )


def asked(at: datetime, *, person_id: str = "p") -> QuestionAsked:
    """Make the record of a question."""
    return QuestionAsked(at=at, person_id=person_id, crime_reference=REFERENCE, text="When?")


def replied(at: datetime, *, person_id: str = "p", crime_reference: str = REFERENCE) -> Record:
    """Make the event of a reply."""
    reply = OfficerReplied(
        crime_reference=crime_reference,
        person_id=person_id,
        reply_id="r",
        text="Soon.",
        replied_at=at,
    )
    return EventRecorded(
        at=at,
        event_id="e",
        event_type="OfficerReplied",
        crime_reference=crime_reference,
        happened_at=at,
        data=msgspec.Raw(msgspec.json.encode(reply)),
    )


def counted(*records: Record, judgement: Judgement | None = None) -> list[Tally]:
    """Count some evidence."""
    return tallies(SPANS, records, judgement or judged())


def test_the_day_is_london_s() -> None:
    """A period begins at London's midnight."""
    first, second = counted(
        SignedIn(at=PHASE_1, person_id="a"), SignedIn(at=PHASE_2, person_id="b")
    )

    assert (first.registered, second.registered) == ({"a"}, {"b"})


def test_a_person_registers_once() -> None:
    """Later sign-ins are visits, not registrations."""
    first, second = counted(*[SignedIn(at=at, person_id="a") for at in (PHASE_1, PHASE_1, PHASE_2)])

    assert first.registered == {"a"}
    assert second.registered == set()


def test_messages_count_by_kind_and_fate() -> None:
    """Each message counts by its kind and by its outcome."""
    messages = [
        message("invitation"),
        message("invitation", person_id="q", fate="undeliverable"),
        message("update", at=PHASE_2),
        message("update", at=PHASE_2, fate="misdirected", is_avoidable=True),
        message("update", at=PHASE_2, fate="misdirected"),
        message("update", at=PHASE_2, fate="misdirected"),
    ]

    first, second = counted(judgement=judged(messages=messages))

    assert first.messages == {"invitation": 2}
    assert first.invited == {"p", "q"}
    assert first.delivered == 1
    assert first.undeliverable == 1
    assert second.messages == {"update": 4}
    assert second.delivered == 1
    assert (second.misdirected_avoidable, second.misdirected_unavoidable) == (1, 2)


def test_every_message_has_one_fate() -> None:
    """Delivered, undeliverable and misdirected are all messages together."""
    fates = ["reached", "undeliverable", "misdirected", "misdirected", "reached"]
    [tally, _other] = counted(judgement=judged(messages=[message(fate=fate) for fate in fates]))

    found = tally.delivered + tally.undeliverable
    found += tally.misdirected_avoidable + tally.misdirected_unavoidable
    assert found == sum(tally.messages.values()) == len(fates)


def flag(reason: str = "no address", *, person_id: str = "p", at: datetime = PHASE_2) -> Flag:
    """Owe a look at a person's details."""
    return Flag(person_id=person_id, crime_reference=REFERENCE, reason=reason, due_at=at)


def test_a_person_who_was_not_reached_counts_by_why() -> None:
    """In the period in which the force was to be asked, once, by the first reason of several."""
    flags = [flag(at=PHASE_2 + timedelta(hours=1)), flag("no number"), flag(person_id="q")]

    first, second = counted(judgement=judged(flags=flags))

    assert not first.not_reached
    assert second.not_reached == {"p": "no number", "q": "no address"}
    assert second.undeliverable == 0


def test_a_message_that_does_not_arrive_is_no_person() -> None:
    """A bounce is a message nobody received, and a person not reached: one of each, never two."""
    bounced = message(fate="undeliverable")

    [tally, _other] = counted(
        judgement=judged(messages=[bounced], flags=[flag("a message did not arrive", at=PHASE_1)])
    )

    assert tally.undeliverable == 1
    assert tally.not_reached == {"p": "a message did not arrive"}


def test_a_person_who_was_reached_is_left_out() -> None:
    """On another channel, or in the wrong field: who was told by the end of the period was told."""
    flags = [flag("text: in the wrong field", at=PHASE_1), flag("text: did not arrive", at=PHASE_2)]

    reached = [message(at=PHASE_1 - timedelta(days=1)), message(person_id="q")]
    first, second = counted(judgement=judged(flags=flags, messages=reached))
    assert not first.not_reached
    assert not second.not_reached

    first, second = counted(judgement=judged(flags=flags, messages=[message(at=PHASE_2)]))
    assert first.not_reached == {"p": "text: in the wrong field"}
    assert not second.not_reached


@pytest.mark.parametrize("fate", ["undeliverable", "misdirected"])
def test_only_what_reached_the_victim_reaches(fate: str) -> None:
    """What bounced, or went to somebody else, has told the victim nothing."""
    messages = [message(fate=fate)]

    [tally, _other] = counted(judgement=judged(flags=[flag(at=PHASE_1)], messages=messages))

    assert tally.not_reached == {"p": "no address"}


def test_an_answer_belongs_to_its_question() -> None:
    """It counts where it was asked, with the hours it took, and only if it is the asker's."""
    first, second = counted(
        asked(PHASE_1),
        replied(PHASE_2, person_id="somebody else"),
        replied(PHASE_2, crime_reference="another crime"),
        replied(PHASE_1 + timedelta(hours=5)),
        asked(PHASE_2),
        judgement=judged(messages=[message("reply", at=PHASE_1 + timedelta(hours=5))]),
    )

    assert (first.questions_asked, second.questions_asked) == (1, 1)
    assert (first.answer_hours, second.answer_hours) == ([5], [])


def test_questions_are_answered_in_turn() -> None:
    """The first answer is to the first question; one more than there are questions is none."""
    at = [PHASE_1 + timedelta(hours=hours) for hours in (1, 2, 3)]
    [tally, _other] = counted(
        asked(PHASE_1),
        asked(PHASE_1 + timedelta(minutes=10)),
        *[replied(each) for each in at],
        judgement=judged(messages=[message("reply", at=each) for each in at]),
    )

    assert tally.answer_hours == [1, pytest.approx(2 - 1 / 6)]


@pytest.mark.parametrize(
    ("hours", "middle"), [([], None), ([3.0], 3.0), ([1, 2], 1.5), ([9, 1, 2], 2)]
)
def test_the_median_of_answers(hours: list[float], middle: float | None) -> None:
    """Half of the answers came within it; without answers there is none."""
    assert Tally(answer_hours=hours).answer_hours_median == middle


def test_nine_in_ten_of_many_answers() -> None:
    """Of a hundred answers ninety came within the time."""
    tally = Tally(answer_hours=[float(each) for each in range(1, 101)])

    assert tally.answer_hours_p90 == pytest.approx(90, abs=1)
    assert Tally().answer_hours_p90 is None
    assert Tally(answer_hours=[5.0]).answer_hours_p90 == 5


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=30))
def test_no_answer_is_later_than_the_latest(hours: list[float]) -> None:
    """The time within which nine in ten came is no longer than the longest of all."""
    tally = Tally(answer_hours=hours)
    assert tally.answer_hours_median is not None
    assert tally.answer_hours_p90 is not None

    assert tally.answer_hours_median <= tally.answer_hours_p90 <= round(max(hours), 1)


def finding(kind: str, harm: str, owner: str = "portal") -> Finding:
    """Give one harm."""
    return Finding(
        kind=kind,  # type: ignore[arg-type]
        harm=harm,  # type: ignore[arg-type]
        owner=owner,  # type: ignore[arg-type]
        requirement="X-01",
        at=PHASE_1,
        person_id="p",
        crime_reference=REFERENCE,
        expected="",
        observed="",
    )


def test_harms_are_counted_over_all_portals_the_worst_first() -> None:
    """FAIL before WARNING; within them by the order of harm; equal ones are one row."""
    portals = [
        [finding("WARNING", "misdirected", "contact data"), finding("FAIL", "late")],
        [finding("FAIL", "late"), finding("FAIL", "disclosed")],
    ]

    rows = harm_counts(judged(findings=findings) for findings in portals)

    assert [(row.kind, row.harm, row.owner, row.count) for row in rows] == [
        ("FAIL", "disclosed", "portal", 1),
        ("FAIL", "late", "portal", 2),
        ("WARNING", "misdirected", "contact data", 1),
    ]


def test_the_worst_harm_is_told_though_another_came_first_and_more_often() -> None:
    """Some of each sort are kept, in the order of harm: no sort is hidden by another."""
    noise = [finding("FAIL", "noise")] * 301
    disclosed = [finding("FAIL", "disclosed")] * 111
    other = structs.replace(disclosed[0], requirement="X-02")

    found = first_failures(
        [judged(findings=noise), judged(findings=[*disclosed, other, finding("WARNING", "late")])]
    )

    assert [each.harm for each in found] == ["disclosed"] * 21 + ["noise"] * 20
    assert found[20] is other


def test_the_first_of_each_sort_are_kept() -> None:
    """Of several portals the earliest are told, whichever portal is listed first."""
    later = structs.replace(finding("FAIL", "late"), at=PHASE_2)
    earlier = finding("FAIL", "late")

    assert first_failures([judged(findings=[later] * 30), judged(findings=[earlier])])[0] is earlier


def test_no_harm_is_no_row() -> None:
    """A portal without findings has nothing to show."""
    assert harm_counts([judged()]) == []
