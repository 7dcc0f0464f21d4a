"""Rules of the retelling: every line is in the evidence, in order, and none is too long to read."""

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from simulator.evidence.records import (
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    MessageReached,
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
        "Mon 01 Jun 13:01:00  text to 07700900004: “you have an update” [intercepted]",
        "Mon 01 Jun 13:00:00  Alex was shown (timeline): Closed",
        "Mon 01 Jun 13:00:00  task victim_question about Alex for 4271: asked",
    )


def test_of_a_long_tale_the_end_is_told() -> None:
    """The last lines are nearest to the failure; the first line says how many are left out."""
    told = retold(message(str(each)) for each in range(LINES_MAX + 5))

    assert len(told) == LINES_MAX + 1
    assert told[0] == "(5 lines before are in evidence.ndjson)"
    assert f"“{LINES_MAX + 4}”" in told[-1]


def test_what_comes_long_after_a_failure_is_left_out() -> None:
    """Two lines after it are told: the rest is in the file, and says nothing of the failure."""
    said = [message(str(each), at=AT + timedelta(minutes=each)) for each in range(9)]

    told = retold(said, until=AT + timedelta(minutes=4))

    assert len(told) == 8
    assert "“6”" in told[-2]
    assert told[-1] == "(2 lines after are in evidence.ndjson)"


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
        f"Mon 01 Jun 13:00:00  text to 07700900004: “{long.strip()}” [intercepted]",
        "Mon 01 Jun 13:00:00  Alex was shown (crimes): Theft",
    )


def test_the_file_with_all_lines_is_named() -> None:
    """A story has its own."""
    told = retold((message(str(each)) for each in range(LINES_MAX + 1)), file="01.evidence.ndjson")

    assert told[0] == "(1 lines before are in 01.evidence.ndjson)"


def test_a_very_long_name_hides_nothing() -> None:
    """What a person did is in the line, also where their name is as long as the contract allows."""
    long = "-".join(["Neil"] * 40)
    known = msgspec.structs.replace(ALEX, given_name=long, family_name=long)
    seen = Seen(at=AT, person_id="person-1", where="contact", crime_reference="", texts=("0···4",))

    person, sight = retold([known, seen])

    assert person.endswith("…, victim, holds 07700900004")
    assert sight.endswith("… was shown (contact): 0···4")


def test_a_person_is_called_what_the_caller_says() -> None:
    """The name on record stands beside it once; two people may have one name there."""
    another = msgspec.structs.replace(ALEX, person_id="person-2", mobile_phone="07700900005")
    known = [ALEX, another]
    seen = [
        Seen(at=AT, person_id=each.person_id, where="crimes", crime_reference="", texts=())
        for each in known
    ]

    told = retold([*known, *seen], names={"person-1": "Kim", "person-2": "Lee"})

    assert [each.partition("  ")[2] for each in told] == [
        "Kim (on record: Alex Blythe), victim, holds 07700900004",
        "Lee (on record: Alex Blythe), victim, holds 07700900005",
        "Kim was shown (crimes): nothing",
        "Lee was shown (crimes): nothing",
    ]


def test_a_person_without_a_name_has_one_in_every_line() -> None:
    """The id, where nothing was written down."""
    nameless = msgspec.structs.replace(ALEX, given_name="", family_name=" ")
    seen = Seen(at=AT, person_id="person-1", where="crimes", crime_reference="", texts=("Theft",))

    assert [each.partition("  ")[2] for each in retold([nameless, seen])] == [
        "person-1, victim, holds 07700900004",
        "person-1 was shown (crimes): Theft",
    ]


def test_each_entry_of_a_timeline_has_its_date_and_its_title() -> None:
    """In whole it has a line of its own: a wrong date can be seen."""
    seen = Seen(
        at=AT,
        person_id="person-1",
        where="timeline",
        crime_reference="TVP1",
        texts=("We have recorded it\nThank you for\ntelling us.", "An officer was sent.\nSoon."),
        dated=(AT - timedelta(days=31), AT),
    )

    [whole] = lines_of([seen], [ALEX, seen])
    assert whole.splitlines() == [
        "Mon 01 Jun 13:00:00  Alex was shown (timeline):",
        "- 1 May 2026 13:00: We have recorded it: Thank you for telling us.",
        "- 1 June 2026 13:00: An officer was sent. Soon.",
    ]
    [line] = retold([seen])
    assert "1 May 2026 13:00: We have recorded it: Thank you for telling us. | 1 June" in line


def test_it_says_whom_a_message_reached() -> None:
    """By name, or how many where the address is spelled in another way than on record."""
    reached = MessageReached(at=AT, message_id="m", holders=1)
    nobody = msgspec.structs.replace(reached, holders=0)
    spelled = msgspec.structs.replace(message("an update"), to="+44 7700 900004")

    assert retold([ALEX, message("an update"), reached])[-1].endswith(
        "  the text to 07700900004 reached Alex"
    )
    assert retold([ALEX, spelled, reached])[-1].endswith(
        "  the text to +44 7700 900004 reached 1 person"
    )
    assert retold([ALEX, message("an update"), nobody])[-1].endswith(
        "  the text to 07700900004 reached nobody: nobody holds that address"
    )
