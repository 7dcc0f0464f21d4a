"""Rules of the retelling: every line is in the evidence, in order, and none is too long to read."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    PersonKnown,
    Record,
    Seen,
    TaskRaised,
)
from simulator.evidence.retelling import LINES_MAX, lines_of, retold

AT = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ALEX = PersonKnown(
    at=AT,
    person_id="person-1",
    role="victim",
    given_name="Alex",
    family_name="Blythe",
    mobile_phone="07700900004",
)


def message(body: str, *, at: datetime = AT) -> MessageAccepted:
    """Make a text to Alex."""
    return MessageAccepted(
        at=at,
        message_id="m",
        channel="text",
        to="07700900004",
        subject="",
        body=body,
        sender="police",
        reference="",
    )


def test_it_tells_events_messages_sights_and_tasks_in_force_language() -> None:
    """A tester reads who was told what, when in London, and what the portal had been given."""
    records: list[Record] = [
        ALEX,
        EventRecorded(
            at=AT,
            event_id="e-1",
            event_type="CrimeClosed",
            crime_reference="TVP1",
            happened_at=AT,
            data=msgspec.Raw(b"{}"),
        ),
        EventDelivered(at=AT, event_id="e-1", status=202),
        message("you have an update", at=AT + timedelta(minutes=1)),
        Seen(
            at=AT, person_id="person-1", where="timeline", crime_reference="TVP1", texts=("Closed",)
        ),
        TaskRaised(
            at=AT,
            key="k",
            crime_reference="TVP1",
            task_kind="victim_question",
            person_id="person-1",
            reason="asked",
            assignee="4271",
        ),
    ]

    assert retold(records) == (
        "Mon 01 Jun 13:00:00  Alex Blythe, victim, holds 07700900004",
        "Mon 01 Jun 13:00:00  recorded: CrimeClosed e-1 of crime TVP1",
        "Mon 01 Jun 13:00:00  delivered: CrimeClosed e-1, taken by the portal",
        "Mon 01 Jun 13:01:00  text to 07700900004: 'you have an update' [intercepted]",
        "Mon 01 Jun 13:00:00  Alex was shown (timeline): Closed",
        "Mon 01 Jun 13:00:00  task victim_question about Alex for 4271: asked",
    )


def test_of_a_long_tale_the_end_is_told() -> None:
    """The last lines are nearest to the failure; the first line says how many are left out."""
    told = retold(message(str(each)) for each in range(LINES_MAX + 5))

    assert len(told) == LINES_MAX + 1
    assert told[0] == "(5 lines before are in evidence.ndjson)"
    assert f"'{LINES_MAX + 4}'" in told[-1]


@given(st.text())
def test_a_line_is_a_line(body: str) -> None:
    """Whatever a portal sends stands on one line of bounded length."""
    [line] = retold([message(body)])

    assert len(line.splitlines()) <= 1
    assert len(line) <= 200


def test_single_records_are_told_in_whole() -> None:
    """A finding shows its message word for word, and who is who comes from the other records."""
    long = "an update " * 40
    wanted = message(long.strip())
    seen = Seen(at=AT, person_id="person-1", where="crimes", crime_reference="", texts=("Theft",))

    told = lines_of([wanted, seen], [ALEX, message("another"), wanted, seen])

    assert told == (
        f"Mon 01 Jun 13:00:00  text to 07700900004: {long.strip()!r} [intercepted]",
        "Mon 01 Jun 13:00:00  Alex was shown (crimes): Theft",
    )


def test_the_file_with_all_lines_is_named() -> None:
    """A story has its own."""
    told = retold((message(str(each)) for each in range(LINES_MAX + 1)), file="01.evidence.ndjson")

    assert told[0] == "(1 lines before are in 01.evidence.ndjson)"
