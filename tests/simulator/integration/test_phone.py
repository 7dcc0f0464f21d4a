"""What an officer does in Dynamics makes the victim's phone ring, and the question comes back.

Dynamics, integration, the reference portal in a process of its own, and Notify: nothing is replaced
but the force and the phone. `python -m tests.clients` plays the same with Microsoft's own client.
The evidence of it is judged: an integration that drops one update is found.
"""

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.simulator.integration.officers_client import RecordedOfficer
from tests.simulator.integration.phone import (
    NAMED,
    QUESTION,
    REFERENCE,
    UPDATE,
    OfficerByHttp,
    Victim,
    joined,
    judged,
    until_delivered,
)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in NAMED.items():
        monkeypatch.setenv(name, value)


@pytest.mark.slow(seconds=8)
def test_a_case_in_dynamics_makes_the_victims_phone_ring_and_a_question_comes_back(
    tmp_path: Path,
) -> None:
    """The text says only that there is something to see; the words are a note and a task."""
    with (
        joined(tmp_path) as parts,
        closing(OfficerByHttp(parts.dynamics_url, parts.authority)) as officer,
        closing(Victim(parts)) as victim,
    ):
        officer.record()
        text = victim.text()
        victim.ask()
        notes, tasks = officer.asked()
        officer.close_case()
        update = victim.text(holding=UPDATE)
        until_delivered(tmp_path, "CrimeAllocated")
    found = judged(tmp_path)

    assert (found.verdict, found.findings, found.why_not) == ("PASS", [], [])
    assert (found.is_integration_judged, found.recorded, found.delivered) == (True, 3, 3)
    assert "urglary" not in text + update
    assert notes == [QUESTION]
    assert tasks == ["victim_question"]


@pytest.mark.slow(seconds=8)
def test_an_integration_that_drops_one_update_is_found(tmp_path: Path) -> None:
    """The victim was never told that the case is closed, and it was not the portal that lost it."""
    with (
        joined(tmp_path, without="CrimeClosed") as parts,
        closing(OfficerByHttp(parts.dynamics_url, parts.authority)) as officer,
        closing(Victim(parts)) as victim,
    ):
        officer.record()
        victim.ask()
        officer.close_case()
        until_delivered(tmp_path, "CrimeAllocated")
    found = judged(tmp_path)
    [lost] = found.findings

    assert (found.verdict, lost.owner, lost.harm) == ("FAIL", "integration", "lost")
    assert lost.crime_reference == REFERENCE
    assert lost.expected.startswith("CrimeClosed recorded at")


@pytest.mark.slow(seconds=8)
def test_what_microsofts_client_asked_reaches_the_victims_phone(tmp_path: Path) -> None:
    """An officer's update becomes a text; a question is a note and a task in the officer's client.

    The client itself asked all this on the day that the recording names; `make proof` runs it.
    """
    with (
        joined(tmp_path) as parts,
        closing(RecordedOfficer(parts)) as officer,
        closing(Victim(parts)) as victim,
        closing(OfficerByHttp(parts.dynamics_url, parts.authority)) as other,
    ):
        officer.play("record")
        victim.ask()
        officer.play("update")
        update = victim.text(holding=UPDATE)
        other.asked()
        until_delivered(tmp_path, "CrimeClosed")
        read = officer.play("read")
    found = judged(tmp_path)
    lists = [each["value"] for each in read if isinstance(each, dict) and each.get("value")]
    notes = [row["notetext"] for rows in lists for row in rows if "notetext" in row]
    tasks = [row["csp_kind"] for rows in lists for row in rows if "csp_kind" in row]

    assert "urglary" not in update
    assert (notes, tasks) == ([QUESTION], ["victim_question"])
    assert (found.verdict, found.findings, found.why_not) == ("PASS", [], [])
    assert date.fromisoformat(officer.recorded["recorded_on"]) >= date(2026, 11, 28)
