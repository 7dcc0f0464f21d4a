"""Events of one synthetic crime, for the tests of the doubles."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from reference.contract.events import CrimeAllocated, CrimeRecorded, Officer, VictimRecord
from reference.contract.messages import Stamp, Task

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
REFERENCE = "43260000001"


def recorded(reference: str = REFERENCE) -> CrimeRecorded:
    """A burglary is recorded, with one victim."""
    return CrimeRecorded(
        crime_reference=reference,
        force="thames_valley",
        offence_code="28A",
        offence_subgroup="Residential burglary",
        offence="Burglary",
        recorded_at=NOW,
        victims=(VictimRecord(person_id="p-1", mobile_phone="07700900123"),),
    )


def allocated(team: str = "Team A", reference: str = REFERENCE) -> CrimeAllocated:
    """A crime is allocated to an officer."""
    return CrimeAllocated(
        crime_reference=reference,
        officer_in_charge=Officer(collar_number="1234", name="PC Hill"),
        team=team,
        allocated_at=NOW,
    )


def as_posted(event: Any) -> dict[str, Any]:
    """An event as the control interface wants it."""
    return {"type": type(event).__name__, "data": msgspec.to_builtins(event)}


def stamp(key: str = "k-1", text: str = "Is there news?") -> Stamp:
    """A victim's words."""
    return Stamp(key=key, person_id="p-1", text=text, written_at=NOW)


def task(key: str = "t-1") -> Task:
    """A task for the officer in charge."""
    return Task(
        key=key,
        crime_reference=REFERENCE,
        kind="victim_question",
        person_id="p-1",
        reason="The victim asked a question",
        due_at=NOW,
    )
