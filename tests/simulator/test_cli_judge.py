"""`judge` reads what `neighbours` wrote: its exit code says what it could see, and what not."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from reference.contract.events import CrimeRecorded, MilestoneReached, VictimRecord
from simulator.evidence.files import write_evidence
from simulator.evidence.records import (
    ChangesSeenAsOne,
    DeliveredOtherwise,
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    QuestionAsked,
    Record,
    RecordIncomplete,
    RequestAnswered,
    SignedIn,
    Stamped,
    TaskRaised,
)
from tests.simulator.command_line import Said, portal_suite
from tests.simulator.doubles.crimes import NOW, REFERENCE

TARGET = "scenarios/targets/reference-for-load.toml"
LATER = (NOW + timedelta(days=2)).isoformat()
CRIME = CrimeRecorded(
    crime_reference=REFERENCE,
    force="thames_valley",
    offence_code="28A",
    offence_subgroup="Residential burglary",
    offence="Burglary in a dwelling",
    recorded_at=NOW,
    victims=(VictimRecord(person_id="p-1", mobile_phone="07700 900123", safe_to_contact=True),),
)
RECORDED = EventRecorded(
    at=NOW,
    event_id="e-1",
    event_type="CrimeRecorded",
    crime_reference=REFERENCE,
    happened_at=NOW,
    data=msgspec.Raw(msgspec.json.encode(CRIME)),
)
NOBODYS = structs.replace(
    RECORDED, data=msgspec.Raw(msgspec.json.encode(structs.replace(CRIME, victims=())))
)
DELIVERED = EventDelivered(at=NOW + timedelta(seconds=1), event_id="e-1", status=202)
BY_DOOR = RequestAnswered(
    at=NOW, double="portal door", method="POST", path="/crime-events", status=202, took_ms=1
)


INCOMPLETE = RecordIncomplete(
    at=NOW,
    table="incident",
    record_id="0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01",
    event_type="MilestoneReached",
    crime_reference=REFERENCE,
    needs=("csp_milestone",),
)


def _text(seconds: int, **values: Any) -> MessageAccepted:
    words = {
        "message_id": f"m-{seconds}",
        "channel": "text",
        "to": "07700900123",
        "subject": "",
        "body": "Thames Valley Police: you are invited to see updates from us online. Your own "
        "link is https://portal.example/…\nNot for you? Text NOT ME or call 101",
        "sender": "GOVUK",
        "reference": "e-1",
        "carries": "invitation",
        **values,
    }
    return MessageAccepted(at=NOW + timedelta(seconds=seconds), **words)


def _judged(
    capsys: pytest.CaptureFixture[str], folder: Path, *records: Record, until: str = LATER
) -> Said:
    path = folder / "evidence.ndjson"
    with path.open("wb") as file:
        write_evidence(file, records, process="neighbours", wall=NOW)
    options = ["--until", until] if until else []
    out = folder / "judged"
    return portal_suite(capsys, "judge", path, "--target", TARGET, *options, "--out", out)


def test_evidence_that_is_not_there_is_a_mistake(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A wrong path is the tester's to mend: nothing is judged, and no folder is left behind."""
    path, out = tmp_path / "evidence.ndjson", tmp_path / "judged"
    said = portal_suite(capsys, "judge", path, "--target", TARGET, "--out", out)

    assert said.misuse == f"{path}: there is no such file; give the file of neighbours --evidence"
    assert not out.exists()


def test_a_victim_who_was_told_passes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The crime was delivered, and the invitation came."""
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5))

    assert said.code == 0, said.words
    assert "PASS: Portal. 1 events recorded, 1 delivered, 1 messages." in said.out
    assert (tmp_path / "judged" / "judgement.json").is_file()


def test_a_victim_whom_nobody_told_is_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The portal had the crime, and sent nothing."""
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED)

    assert said.code == 1
    assert f"FAIL lost, by the portal (INV-01) {REFERENCE} p-1" in said.out


def test_an_event_that_never_came_fails_the_integration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Only where the integration is on trial: it delivers by the portal's door."""
    other = EventDelivered(at=NOW + timedelta(seconds=1), event_id="theirs", status=202)
    said = _judged(capsys, tmp_path, RECORDED, other, BY_DOOR)

    assert said.code == 1
    assert "FAIL lost, by the integration (INT-01)" in said.out
    assert "event theirs says something else" in said.out


def test_an_event_that_nobody_recorded_is_named_by_its_kind_and_crime(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A tester can find it."""
    said = DeliveredOtherwise(event_type="CrimeClosed", crime_reference=REFERENCE)
    theirs = structs.replace(DELIVERED, event_id="theirs", otherwise=said)
    found = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), theirs, BY_DOOR)

    assert "2 events came to the portal's door, again or made up too." in found.out
    assert f"FAIL noise, by the integration (INT-01) {REFERENCE}" in found.out
    assert "CrimeClosed theirs says something else" in found.out


def test_what_an_integration_made_up_is_not_the_portals_fault(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The portal answered an event that it was truly given: only the integration is named."""
    twice = EventDelivered(at=NOW + timedelta(seconds=30), event_id="theirs-2", status=202)
    answer = _text(40, reference="theirs-2", body="There is an update.", carries="")
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), twice, answer, BY_DOOR)

    assert said.code == 1
    assert "by the integration (INT-01)" in said.out
    assert "by the portal" not in said.out


def test_an_update_that_came_again_by_another_id_fails_the_integration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The victim is told twice, and no portal could know: it is not the portal's fault."""
    said = DeliveredOtherwise(event_type="CrimeRecorded", crime_reference=REFERENCE, again_of="e-1")
    again = structs.replace(DELIVERED, event_id="theirs-2", otherwise=said)
    found = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), again, BY_DOOR)

    assert found.code == 1
    assert f"FAIL duplicated, by the integration (INT-01) {REFERENCE}" in found.out
    assert "by the portal" not in found.out


def test_a_crime_that_came_again_by_another_id_fails_nobody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The contract lets it; the tester sees it all the same."""
    said = DeliveredOtherwise(event_type="CrimeRecorded", crime_reference=REFERENCE, again_of="e-1")
    again = structs.replace(DELIVERED, otherwise=said, delivered_id="theirs-2")
    found = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), again, BY_DOOR)

    assert found.code == 0, found.words
    assert "theirs-2; the contract allows it" in found.out


def _otherwise(crime: CrimeRecorded, *altered: str) -> DeliveredOtherwise:
    return DeliveredOtherwise(
        event_type="CrimeRecorded",
        crime_reference=REFERENCE,
        altered=altered,
        data=msgspec.Raw(msgspec.json.encode(crime)),
    )


def _recorded(crime: CrimeRecorded) -> EventRecorded:
    return structs.replace(RECORDED, data=msgspec.Raw(msgspec.json.encode(crime)))


UNSAFE = structs.replace(CRIME, safeguarding=("domestic_abuse",))


def test_a_portal_is_judged_by_what_an_integration_told_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A marker was lost on the way: the portal invites, and the integration alone is named."""
    dropped = structs.replace(DELIVERED, otherwise=_otherwise(CRIME, "safeguarding"))
    said = _judged(capsys, tmp_path, _recorded(UNSAFE), dropped, _text(5), BY_DOOR)

    assert said.code == 1
    assert f"FAIL lost, by the integration (INT-01) {REFERENCE}" in said.out
    assert "CrimeRecorded was delivered with another value in safeguarding" in said.out
    assert "by the portal" not in said.out
    assert "1 events recorded, 1 delivered" in said.out


def test_a_portal_answers_for_what_it_did_with_an_altered_event(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It was told of a marker, and invites all the same."""
    added = structs.replace(DELIVERED, otherwise=_otherwise(UNSAFE, "safeguarding"))
    said = _judged(capsys, tmp_path, RECORDED, added, _text(5), BY_DOOR)

    assert "FAIL disclosed, by the portal (INV-03)" in said.out


def test_an_event_that_was_put_right_is_known_from_then_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The portal was first told of no marker; when it had the crime as it is, it sends nothing."""
    dropped = structs.replace(DELIVERED, otherwise=_otherwise(CRIME, "safeguarding"))
    right = structs.replace(DELIVERED, at=NOW + timedelta(hours=1))
    later = _text(2 * 3600, carries="", body="There is an update.")
    before = (_recorded(UNSAFE), dropped, _text(5), right)
    still = _judged(capsys, tmp_path, *before, BY_DOOR)
    sends = _judged(capsys, tmp_path, *before, later, BY_DOOR)

    assert "by the portal" not in still.out
    assert "by the portal" in sends.out


def test_an_altered_event_that_a_portal_refused_is_the_integrations(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Only one that says what was recorded is refused by the portal."""
    nowhere = structs.replace(CRIME, force="nowhere")
    altered = structs.replace(DELIVERED, status=400, otherwise=_otherwise(nowhere, "force"))
    other = structs.replace(CRIME, crime_reference="43260000002", victims=())
    first = structs.replace(_recorded(other), event_id="e-0", crime_reference="43260000002")
    before = (first, structs.replace(DELIVERED, event_id="e-0"), RECORDED, BY_DOOR)
    of_integration = _judged(capsys, tmp_path, *before, altered)
    of_portal = _judged(capsys, tmp_path, *before, structs.replace(DELIVERED, status=400))

    assert of_integration.code == of_portal.code == 1
    assert "value in force; the portal did not take it" in of_integration.out
    assert "by the portal" not in of_integration.out
    assert "lost, by the portal (INT-01)" in of_portal.out


@pytest.mark.parametrize(("comes_right", "is_named"), [(False, True), (True, False)])
def test_what_does_not_fit_the_contract_is_the_integrations(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, *, comes_right: bool, is_named: bool
) -> None:
    """Unless it was put right: the portal was then told what was recorded."""
    said = DeliveredOtherwise(
        event_type="CrimeRecorded", crime_reference=REFERENCE, altered=("victims.role",)
    )
    unfit = structs.replace(DELIVERED, event_id="theirs", status=400, otherwise=said)
    right = (structs.replace(DELIVERED, at=NOW + timedelta(seconds=3)), _text(5))
    found = _judged(capsys, tmp_path, RECORDED, unfit, *(right if comes_right else ()), BY_DOOR)

    assert ("CrimeRecorded was delivered with another value in victims.role" in found.out) is (
        is_named
    )
    assert "by the portal" not in found.out


@pytest.mark.parametrize(
    ("later", "is_lost"), [(timedelta(minutes=4), False), (timedelta(hours=2), True)]
)
def test_a_change_is_seen_with_another_only_if_that_followed_in_time(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, later: timedelta, *, is_lost: bool
) -> None:
    """The times of recording say so, whatever else is in the evidence."""

    def milestone(event_id: str, name: Any, at: datetime) -> EventRecorded:
        said = MilestoneReached(crime_reference=REFERENCE, milestone=name, reached_at=at)
        return structs.replace(
            RECORDED,
            at=at,
            event_id=event_id,
            event_type="MilestoneReached",
            data=msgspec.Raw(msgspec.json.encode(said)),
        )

    first = NOW + timedelta(minutes=1)
    records = (
        RECORDED,
        DELIVERED,
        milestone("e-2", "forensics_sent", first),
        milestone("e-3", "forensics_back", first + later),
        ChangesSeenAsOne(at=first + later, event_id="e-2", seen_as="e-3"),
        structs.replace(DELIVERED, at=first + later, event_id="e-3"),
        BY_DOOR,
    )
    said = _judged(capsys, tmp_path, *records)

    assert ("MilestoneReached recorded at" in said.out) is is_lost


def test_a_record_that_was_completed_is_no_doubt(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Only the last that the evidence says of a record counts."""
    whole = structs.replace(INCOMPLETE, needs=())
    said = _judged(capsys, tmp_path, RECORDED, INCOMPLETE, DELIVERED, _text(5), whole)

    assert said.code == 0, said.words


@pytest.mark.parametrize(
    ("records", "until", "says"),
    [
        ((RECORDED,), LATER, "No delivery to the portal is in it"),
        ((NOBODYS, DELIVERED), LATER, "does each crime name its victims"),
        ((BY_DOOR,), LATER, "Nothing was recorded in the force's system."),
        (
            (RECORDED, DELIVERED, _text(5), structs.replace(RECORDED, event_id="e-2")),
            LATER,
            "The portal did not answer",
        ),
        ((RECORDED, DELIVERED), "", "1 promised things were not due by"),
        (
            (RECORDED, DELIVERED, _text(5), _text(60, reference="", carries="one_time_code")),
            LATER,
            "Did p-1 sign in",
        ),
        (
            (RECORDED, DELIVERED, _text(5), INCOMPLETE),
            LATER,
            f"of crime {REFERENCE} makes no MilestoneReached, it needs csp_milestone.",
        ),
    ],
)
def test_what_cannot_be_seen_is_not_passed(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    records: tuple[Record, ...],
    until: str,
    says: str,
) -> None:
    """The exit code is 3, and the sentence says what is missing."""
    said = _judged(capsys, tmp_path, *records, until=until)

    assert said.code == 3, said.words
    assert says in said.out


STAMP = Stamped(
    at=NOW + timedelta(seconds=90),
    key="k-1",
    crime_reference=REFERENCE,
    person_id="p-1",
    text="Is there news?",
)


TASK = TaskRaised(
    at=NOW + timedelta(seconds=91),
    key="t-1",
    crime_reference=REFERENCE,
    task_kind="victim_question",
    person_id="p-1",
    reason="The victim asked a question",
    assignee="",
)


@pytest.mark.parametrize("records", [(RECORDED, _text(5), STAMP, TASK), (_text(5), STAMP, TASK)])
def test_a_portal_that_nothing_was_delivered_to_is_not_accused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, records: tuple[Record, ...]
) -> None:
    """It knows the crime by a way that the evidence has not: nobody can say that it is wrong."""
    said = _judged(capsys, tmp_path, *records)

    assert said.code == 3, said.words
    assert "FAIL" not in said.out


@pytest.mark.parametrize(
    ("leak", "says"),
    [
        (_text(5, to="07700900999"), "FAIL misdirected, by the portal (SAFE-01)"),
        (structs.replace(STAMP, person_id="p-2"), "FAIL disclosed, by the portal (PRIV-03)"),
    ],
)
@pytest.mark.parametrize("deliveries", [(), (DELIVERED,)])
def test_a_leak_is_found_whatever_was_delivered(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    leak: Record,
    says: str,
    deliveries: tuple[Record, ...],
) -> None:
    """A stranger's phone, or another's crime, is wrong by whichever way the portal learnt of it."""
    said = _judged(capsys, tmp_path, RECORDED, *deliveries, leak)

    assert said.code == 1
    assert says in said.out


def test_words_that_a_portal_files_were_written_by_somebody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nobody watches the pages: a stamp shows that the victim signed in and wrote."""
    code = _text(60, reference="", carries="one_time_code", body="·· is your code")
    written = Stamped(
        at=NOW + timedelta(seconds=90),
        key="k-1",
        crime_reference=REFERENCE,
        person_id="p-1",
        text="Is there news?",
    )
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), code, written)

    assert "never wrote" not in said.out
    assert "Did p-1" not in said.out


def test_a_question_that_was_asked_and_never_arrived_is_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The tester said so; one that arrived is not asked twice for it."""
    asked = QuestionAsked(
        at=NOW + timedelta(seconds=80),
        person_id="p-1",
        crime_reference=REFERENCE,
        text="Is there news?",
    )
    signed_in = SignedIn(at=NOW + timedelta(seconds=70), person_id="p-1")
    arrived = Stamped(
        at=NOW + timedelta(seconds=90),
        key="k-1",
        crime_reference=REFERENCE,
        person_id="p-1",
        text="Is there news?",
    )
    before = (RECORDED, DELIVERED, _text(5), signed_in, asked)
    lost = _judged(capsys, tmp_path, *before)
    found = _judged(capsys, tmp_path, *before, arrived)

    assert lost.code == 1
    assert "(TWO-01)" in lost.out
    assert "(TWO-01)" not in found.out


@pytest.mark.parametrize(
    ("crime_reference", "person_id"), [(REFERENCE, "p-99"), ("43269999999", "p-1")]
)
def test_a_question_of_somebody_who_is_not_in_the_crime_is_not_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, crime_reference: str, person_id: str
) -> None:
    """A tester mistyped it: no portal lost it."""
    asked = QuestionAsked(
        at=NOW + timedelta(seconds=80),
        person_id=person_id,
        crime_reference=crime_reference,
        text="Is there news?",
    )
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), asked)

    assert said.code == 3, said.words
    assert f"that person in that crime: {person_id} in {crime_reference}." in said.out
    assert "FAIL" not in said.out


@pytest.mark.parametrize("until", ["tomorrow", "2026-12-01T12:00"])
def test_a_time_without_a_zone_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, until: str
) -> None:
    """The sentence says how to write it."""
    said = _judged(capsys, tmp_path, RECORDED, until=until)

    assert "give a time with its zone" in said.misuse


def test_a_file_with_nothing_in_it_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """There is nothing to judge."""
    said = _judged(capsys, tmp_path)

    assert "nothing is in it; give the file of neighbours --evidence" in said.misuse


def test_an_invitation_by_a_link_that_no_pattern_knows_is_not_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It is neither missing nor one too many: the judge cannot tell, and says what to give."""
    link = "Your own link is https://portal.example/…/abcd/n12345"
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5, body=link, carries=""))

    assert said.code == 3, said.words
    assert "FAIL" not in said.out
    assert "no message has a link that the patterns know" in said.out
    assert "`neighbours --target FILE`" in said.out


def test_a_message_without_a_link_of_ones_own_is_no_invitation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A link that has nothing of one person's own lets nobody in: the invitation is missing."""
    link = "You have an update: https://portal.example/…/abcd"
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5, body=link, carries=""))

    assert said.code == 1
    assert f"FAIL lost, by the portal (INV-01) {REFERENCE} p-1" in said.out


def test_a_code_that_no_pattern_knows_is_not_judged(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """It is no message without news: whether it was asked for the evidence does not show."""
    code = _text(600, body="Your code is \u00b7\u00b7\u00b7\u00b7\u00b7", reference="", carries="")
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), code)

    assert said.code == 3, said.words
    assert "FAIL" not in said.out
    assert "Messages have a code, and none that the patterns know" in said.out


def test_digits_that_no_message_calls_a_code_are_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A second text without news is found, though something in it was struck out."""
    again = _text(600, body="PC \u00b7\u00b7\u00b7\u00b7 is there", reference="", carries="")
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5), again)

    assert said.code == 1
    assert "ONCE-01" in said.out


def test_what_is_wrong_whatever_the_link_is_stays_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A text that says what happened discloses it, invitation or not."""
    link = "About your burglary: https://portal.example/…/abcd/n12345"
    said = _judged(capsys, tmp_path, RECORDED, DELIVERED, _text(5, body=link, carries=""))

    assert said.code == 1
    assert "FAIL disclosed" in said.out
    assert "ONCE-01" not in said.out
    assert "INV-01" not in said.out
