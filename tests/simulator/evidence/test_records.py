"""Rules of the evidence: what is written is what is read, and files merge by time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.contract.events import VictimRecord
from simulator.errors import BadInput
from simulator.evidence.files import read_evidence, write_evidence
from simulator.evidence.records import (
    AddressGivenUp,
    AnswersCompared,
    ChangesSeenAsOne,
    ChoiceRefused,
    ContactChosen,
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    EvidenceLog,
    ForgedDelivery,
    GatewayCameBack,
    GatewayWentDown,
    InternalNoteWritten,
    InvalidDelivery,
    LinkVisited,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    MessagesSeen,
    NotForMeRefused,
    NotForMeSaid,
    PageChecked,
    PageRefused,
    PageSampled,
    PersonKnown,
    PhaseEntered,
    PortalRestarted,
    QuestionAsked,
    QuestionRefused,
    ReceiptSent,
    Record,
    Recorded,
    RecordIncomplete,
    RequestAnswered,
    SecondWorkerStarted,
    Seen,
    SessionUsed,
    SignedIn,
    SignInAnswer,
    SigningIn,
    SignInTried,
    Stamped,
    TaskRaised,
    TextReceived,
    VictimRefused,
    WithdrawalAsked,
    WithdrawalRefused,
)

AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
WALL = datetime(2026, 5, 1, tzinfo=UTC)
REFERENCE = "43260000001"
VICTIM = VictimRecord(person_id="person-1", given_name="Zoë", mobile_phone="07700900123")
ONE_OF_EACH: list[Record] = [
    PersonKnown(at=AT, person_id="p", role="victim", given_name="Zoë", family_name="O'Neill"),
    PhaseEntered(at=AT, phase=2),
    EventRecorded(
        at=AT,
        event_id="e-1",
        event_type="CrimeRecorded",
        crime_reference=REFERENCE,
        happened_at=AT - timedelta(hours=1),
        data=msgspec.Raw(msgspec.json.encode({"victims": [VICTIM], "more": None})),
    ),
    EventDelivered(at=AT, event_id="e-1", status=202),
    RecordIncomplete(
        at=AT,
        table="incident",
        record_id="0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01",
        event_type="CrimeRecorded",
        crime_reference=REFERENCE,
        needs=("csp_offencegroup",),
    ),
    ForgedDelivery(
        at=AT,
        event_id="e-1",
        event_type="CrimeClosed",
        crime_reference=REFERENCE,
        signed_by="nobody",
        status=401,
    ),
    InvalidDelivery(at=AT, event_id="e-1", defect="no time", status=400),
    WithdrawalAsked(at=AT, person_id="p", crime_reference=REFERENCE, confirmed=True, said="Soon."),
    WithdrawalRefused(at=AT, person_id="p", crime_reference=REFERENCE, status=404),
    ChangesSeenAsOne(at=AT, event_id="e1", seen_as="e2"),
    MessageAccepted(
        at=AT,
        message_id="m-1",
        channel="email",
        to="zoe@example.com",
        subject="News",
        body="Line one\nLine two\r\n\u2028 \x00 £",
        sender="force",
        reference="e-1",
        carries="invitation",
        how="test handset",
    ),
    MessagesSeen(at=AT, how="vendor's own record"),
    MessageRefused(at=AT, to="07700 900", channel="text", status=400, reason="Not enough digits"),
    ReceiptSent(at=AT, message_id="m-1", status="permanent-failure"),
    MessageReached(at=AT, message_id="m-1", holders=0),
    SigningIn(at=AT, person_id="p"),
    SignedIn(at=AT, person_id="p"),
    VictimRefused(at=AT, person_id="p", step="one_time_code"),
    SignInTried(
        at=AT,
        begun_at=AT,
        person_id="p",
        answers=(SignInAnswer(to="proof", wrong="another one", taken=False),),
        let_in=False,
        address="07700900123",
        code_sent_at=AT,
    ),
    LinkVisited(at=AT, person_id="p", invitation_id="m"),
    SessionUsed(
        at=AT, person_id="p", signed_in_at=AT, used_at=AT, signed_out=True, answer="refused"
    ),
    AnswersCompared(
        at=AT,
        person_id="p",
        address="07700900123",
        channel="text",
        known=("asks for agreed_word",),
        unknown=("404 Nobody",),
    ),
    Seen(at=AT, person_id="p", where="timeline", crime_reference=REFERENCE, texts=("a\nb", "")),
    PageRefused(
        at=AT,
        person_id="p",
        where="timeline",
        crime_reference=REFERENCE,
        status=404,
        listed=(REFERENCE,),
    ),
    ChoiceRefused(at=AT, person_id="p", channels=("text",), status=409, listed=None),
    Seen(
        at=AT,
        person_id="p",
        where="crimes",
        crime_reference="",
        texts=(),
        kinds=("CrimeRecorded",),
        statuses=((REFERENCE, "open"),),
    ),
    Seen(
        at=AT,
        person_id="p",
        where="contact",
        crime_reference="",
        texts=("…123",),
        channels=("text",),
        addresses=(("text", "…123"),),
    ),
    QuestionAsked(at=AT, person_id="p", crime_reference=REFERENCE, text="When?"),
    QuestionRefused(
        at=AT, person_id="p", crime_reference=REFERENCE, text="When?", status=409, said="Too late."
    ),
    NotForMeSaid(at=AT, address="07700900123"),
    NotForMeRefused(at=AT, address="07700900123", written="07700 900123", status=404),
    TextReceived(at=AT, message_id="t-1", number="07700900123", words="STOP"),
    ContactChosen(at=AT, person_id="p", channels=("email",)),
    Stamped(at=AT, key="k", crime_reference=REFERENCE, person_id="p", text="When?"),
    TaskRaised(
        at=AT,
        key="k",
        crime_reference=REFERENCE,
        task_kind="victim_question",
        person_id="p",
        reason="asked",
        assignee="1001",
        due_at=AT,
    ),
    InternalNoteWritten(at=AT, crime_reference=REFERENCE, text="not for the victim"),
    PageChecked(
        at=AT,
        path="/crimes/…",
        language="en-GB",
        violations={"label": 2},
        wider_than_320_pixels_by=0,
    ),
    CrimeSystemWentDown(at=AT),
    CrimeSystemCameBack(at=AT),
    GatewayWentDown(at=AT),
    GatewayCameBack(at=AT),
    PageSampled(at=AT, status=200, is_page=True),
    PortalRestarted(at=AT),
    SecondWorkerStarted(at=AT),
    RequestAnswered(at=AT, double="gateway", method="GET", path="/x", status=200, took_ms=1.0),
    AddressGivenUp(at=AT, person_id="p", address="07700900123"),
]


def written(folder: Path, records: Sequence[Record], *, process: str = "world") -> Path:
    """Write a process's evidence to a file of its own."""
    path = folder / f"{process}.ndjson"
    with path.open("wb") as file:
        write_evidence(file, records, process=process, wall=WALL)
    return path


def spoilt(folder: Path, old: bytes, new: bytes) -> Path:
    """Write three lines of evidence, the second with some bytes changed."""
    path = written(folder, [SignedIn(at=AT, person_id=name) for name in ("one", "two", "three")])
    lines = path.read_bytes().splitlines(keepends=True)
    assert old in lines[1]
    lines[1] = lines[1].replace(old, new, 1)
    path.write_bytes(b"".join(lines))
    return path


def test_every_kind_of_record_is_tried_here() -> None:
    """A new kind of record belongs into the list above."""
    assert {type(each) for each in ONE_OF_EACH} == set(Recorded.__subclasses__())


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    """Every kind of record comes back as it was, in the order in which it was written."""
    assert read_evidence([written(tmp_path, ONE_OF_EACH)]) == ONE_OF_EACH


def test_a_record_is_a_line() -> None:
    """However many lines a text has, its record has one; who wrote it and when is beside it."""
    file = BytesIO()

    write_evidence(file, ONE_OF_EACH, process="live", wall=WALL)

    lines = file.getvalue().split(b"\n")
    assert len(lines) == len(ONE_OF_EACH) + 1
    assert lines[-1] == b""
    first = msgspec.json.decode(lines[0])
    assert first["process"] == "live"
    assert first["wall"] == "2026-05-01T00:00:00Z"
    assert [msgspec.json.decode(line)["sequence"] for line in lines[:-1]] == list(
        range(len(ONE_OF_EACH))
    )


@given(st.text(), st.text(), st.lists(st.text(), max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_come_back(tmp_path: Path, text: str, name: str, texts: list[str]) -> None:
    """What victims and officers write is kept letter for letter."""
    records: list[Record] = [
        QuestionAsked(at=AT, person_id=name, crime_reference=name, text=text),
        Seen(at=AT, person_id=name, where="crimes", crime_reference="", texts=tuple(texts)),
    ]

    assert read_evidence([written(tmp_path, records)]) == records


def test_files_merge_by_time_then_process_then_sequence(tmp_path: Path) -> None:
    """What happened first is read first; at one moment each process keeps its own order."""

    def seen(seconds: int, name: str) -> Record:
        return SignedIn(at=AT + timedelta(seconds=seconds), person_id=name)

    paths = [
        written(tmp_path, [seen(5, "b1"), seen(1, "b2"), seen(5, "b3")], process="b"),
        written(tmp_path, [seen(5, "a1"), seen(9, "a2"), seen(5, "a3")], process="a"),
    ]

    merged = read_evidence(paths)

    assert [each.person_id for each in merged if isinstance(each, SignedIn)] == [
        "b2",
        "a1",
        "a3",
        "b1",
        "b3",
        "a2",
    ]
    assert merged == read_evidence(reversed(paths))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"SignedIn"', b'"SignedOut"'),
        (b'"person_id":"two"', b'"person":"two"'),
        (b'"person_id":"two"', b'"person_id":2'),
        (b'"sequence":1', b'"sequence":"1"'),
        (b"2026-06-01T09", b"2026-06-31T09"),
        (b"}}", b"}"),
        (b"{", b""),
        (b'"two"', b'"tw\xff"'),
        (b'{"process"', b'<html>{"process"'),
        # A moment without an offset is no moment: it could not be put in order.
        (b"2026-06-01T09:00:00Z", b"2026-06-01T09:00:00"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, old: bytes, new: bytes) -> None:
    """The sentence names file and line, whatever is wrong with the line."""
    path = spoilt(tmp_path, old, new)

    with pytest.raises(BadInput) as caught:
        read_evidence([path])

    assert str(caught.value).startswith(f"{path}:2: not a line of evidence: ")


def test_a_line_cut_short_is_named(tmp_path: Path) -> None:
    """Where a process was killed in the middle of a line, the line is named."""
    path = written(tmp_path, ONE_OF_EACH)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(BadInput, match=rf":{len(ONE_OF_EACH)}: not a line of evidence"):
        read_evidence([path])


@given(st.binary(min_size=1, max_size=80))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    """Random bytes are no evidence, and no other error than the one that names the line."""
    path = tmp_path / "random.ndjson"
    path.write_bytes(content)

    with pytest.raises(BadInput, match=r":\d+: not a line of evidence"):
        read_evidence([path])


def test_no_evidence_is_none(tmp_path: Path) -> None:
    """An empty file, or no file at all, holds no records."""
    assert read_evidence([]) == []
    assert read_evidence([written(tmp_path, [])]) == []


def test_the_log_keeps_the_order() -> None:
    """Records stay in the order in which they were appended, whatever their time."""
    log = EvidenceLog()
    for each in reversed(ONE_OF_EACH):
        log.append(each)

    assert log.records == ONE_OF_EACH[::-1]
