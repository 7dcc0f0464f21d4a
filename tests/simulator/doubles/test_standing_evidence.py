"""What happens at the doubles is evidence: the judge reads it as that of any run."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from reference.contract.events import CrimeRecorded, VictimRecord
from simulator.doubles.front import Fault, Request
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import (
    MessageAccepted,
    MessageReached,
    PersonKnown,
    PhaseEntered,
    Record,
    RequestAnswered,
    Stamped,
    TaskRaised,
)
from simulator.inputs.order import read_order
from simulator.inputs.target import Patterns
from simulator.judge.fold import judge
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.gateway.smtp import take_mail
from tests.simulator.doubles.crimes import NOW, REFERENCE, allocated, stamp

ORDER = Path("scenarios/orders/burst.toml")
ALEX = PersonKnown(
    at=NOW,
    person_id="alex",
    role="victim",
    given_name="Alex",
    family_name="Marsh",
    mobile_phone="07700900123",
)


class _Watched:
    """Doubles whose evidence goes into a file."""

    def __init__(self, path: Path, patterns: Patterns | None = None) -> None:
        self._path = path
        self.evidence = StandingEvidence(path, lambda: NOW, patterns)
        self.inbox = KeptInbox(lambda: NOW, Journal())
        self.rows = Rows(lambda: NOW)
        self.crime_system = KeptCrimeSystem(lambda: NOW, Journal(), self.rows)
        self.inbox.evidence = self.evidence
        self.crime_system.evidence.hear = self.evidence.note

    def text(self, body: str, *, to: str = "07700900123") -> None:
        """Send a text."""
        self.inbox.accept(
            channel="text",
            to=to,
            to_given=to,
            subject="",
            body=body,
            sender="force",
            reference="r-1",
            template_id="",
        )

    def records(self) -> list[Record]:
        """Close the file and read it."""
        self.evidence.close()
        return read_evidence([self._path])


def test_a_link_and_a_code_are_not_in_the_evidence(tmp_path: Path) -> None:
    """Nobody can sign in with what the log holds; it says which the message carried."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    watched.text("Your link is https://portal.example/invitation/abcdefgh")
    watched.text("Your code is 123456")
    accepted = [each for each in watched.records() if isinstance(each, MessageAccepted)]
    written = (tmp_path / "evidence.ndjson").read_text(encoding="utf-8")

    assert [each.carries for each in accepted] == ["invitation", "one_time_code"]
    assert "abcdefgh" not in written
    assert "123456" not in written
    assert (tmp_path / "evidence.ndjson").stat().st_mode & 0o777 == 0o600


def test_a_link_that_only_the_target_knows_is_an_invitation(tmp_path: Path) -> None:
    """The patterns of a target file say what a message carries."""
    patterns = Patterns(invitation_link=r"(https?://\S+/join\S+)")
    watched = _Watched(tmp_path / "evidence.ndjson", patterns)
    watched.text("Your link is https://portal.example/join?t=abcdefgh")
    accepted = [each for each in watched.records() if isinstance(each, MessageAccepted)]

    assert [(each.carries, each.body) for each in accepted] == [
        ("invitation", "Your link is https://portal.example/…")
    ]


def test_a_message_reaches_those_who_truly_hold_the_address(tmp_path: Path) -> None:
    """People who were named count; a number that nobody holds reaches nobody."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    watched.evidence.meet(ALEX)
    watched.text("You have an update")
    watched.text("You have an update", to="07700900456")
    reached = [each for each in watched.records() if isinstance(each, MessageReached)]

    assert [each.holders for each in reached] == [1, 0]


def _record_alexs_crime(watched: _Watched) -> None:
    """Record a crime whose victim is Alex, and hand it to the portal."""
    watched.evidence.meet(ALEX)
    watched.evidence.note(PhaseEntered(at=NOW, phase=1))
    victim = VictimRecord(
        person_id="alex",
        given_name="Alex",
        family_name="Marsh",
        mobile_phone="07700900123",
        email="alex@example.com",
        safe_to_contact=True,
    )
    event_id = watched.crime_system.record(
        CrimeRecorded(
            crime_reference=REFERENCE,
            force="thames_valley",
            offence_code="44",
            offence_subgroup="Bicycle theft",
            offence="Theft of a pedal cycle",
            recorded_at=NOW,
            victims=(victim,),
        )
    )
    watched.evidence.delivered(event_id, 202, "", NOW)


def test_the_judge_finds_harm_in_it(tmp_path: Path) -> None:
    """A text that says what the crime is discloses it: a finding, as in any other run."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    _record_alexs_crime(watched)
    watched.text("The police have arrested a suspect for the rape you reported")
    records = watched.records()
    found = judge(read_order(ORDER), records, correlates=False, end=NOW + timedelta(days=1))

    assert "disclosed" in {each.harm for each in found.findings}


def test_the_judge_finds_harm_in_the_html_of_a_mail(tmp_path: Path) -> None:
    """What its plain text does not say, and a link that leads to a stranger's site."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    _record_alexs_crime(watched)
    watched.text("Your own link is https://portal.example/invitation/abcdefgh")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "portal@force.example", "You have an update"
    mail.set_content("You have an update.")
    html = '<p>About your rape: <a href="https://evil.example/login">sign in</a></p>'
    mail.add_alternative(html, subtype="html")
    take_mail(watched.inbox, mail.as_bytes(), ["alex@example.com"], sender="portal@force.example")
    records = watched.records()
    found = judge(read_order(ORDER), records, correlates=False, end=NOW + timedelta(days=1))
    observed = " ".join(each.observed for each in found.findings if each.harm == "disclosed")

    assert "the word 'rape'" in observed
    assert "leads to 'evil.example'" in observed


def test_what_a_portal_files_is_evidence_by_either_face(tmp_path: Path) -> None:
    """In the crime system of the contract, and in the force's records by an integration."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    rows = watched.rows
    watched.crime_system.record(allocated())
    watched.crime_system.stamp(REFERENCE, stamp("k-1"))
    crime = rows.id_by_key(TABLES["incident"], {"ticketnumber": REFERENCE})
    note = {"objectid_incident@odata.bind": f"/incidents({crime})", "notetext": "Is there news?"}
    rows.create(TABLES["annotation"], {**note, "subject": "p-1", "csp_key": "k-2"})
    rows.create(TABLES["annotation"], {**note, "subject": "the force's own"})
    about = {"regardingobjectid_incident@odata.bind": f"/incidents({crime})"}
    for key, kind in (("t-1", "victim_question"), ("t-2", "weather")):
        rows.create(TABLES["task"], {**about, "csp_key": key, "csp_kind": kind})
    records = watched.records()
    stamped = [each for each in records if isinstance(each, Stamped)]
    [task] = [each for each in records if isinstance(each, TaskRaised)]

    assert [(each.key, each.crime_reference) for each in stamped] == [
        ("k-1", REFERENCE),
        ("k-2", REFERENCE),
    ]
    assert (task.key, task.task_kind, task.assignee) == ("t-1", "victim_question", "1234")


def test_requests_and_outages_are_evidence(tmp_path: Path) -> None:
    """The log of requests is in it; of two that are down, the last to come back ends the outage."""
    watched = _Watched(tmp_path / "evidence.ndjson")
    asked = Request(at=NOW, double="gateway", method="POST", path="/v2/x", status=201, took_ms=1.5)
    watched.evidence.answered(asked)
    down, up = Fault(is_down=True), Fault()
    for name, before, after in (
        ("gateway", up, down),
        ("gateway", down, down),
        ("gateway", down, up),
        ("dynamics", up, down),
        ("force_api", up, down),
        ("dynamics", down, up),
        ("force_api", down, up),
        ("portal_door", up, down),
    ):
        watched.evidence.faults_set(name, before, after)
    watched.evidence.refused(
        watched.inbox.refuse(channel="text", to="07700900123", status=400, reason="no")
    )
    watched.inbox.take_text("07700900123", "STOP")
    watched.evidence.delivered("e-1", 202, "c-1", NOW)
    kinds = [type(each).__name__ for each in watched.records()]

    assert kinds == [
        "RequestAnswered",
        "GatewayWentDown",
        "GatewayCameBack",
        "CrimeSystemWentDown",
        "CrimeSystemCameBack",
        "MessageRefused",
        "MessageRefused",
        "TextReceived",
        "EventDelivered",
    ]
    assert RequestAnswered.__struct_fields__[0] == "at"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The sentence says what to do."""
    with pytest.raises(BadInput, match=r"cannot be opened: .*; give another file"):
        StandingEvidence(tmp_path, lambda: NOW)
