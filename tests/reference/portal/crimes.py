"""Alex, a bicycle theft, and what a crime system says of them: made only for tests."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import msgspec

from reference.contract.events import (
    AnyEvent,
    AppointmentMade,
    CloudEvent,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    Officer,
    OfficerDeployed,
    OfficerReplied,
    OutcomeRecorded,
    VictimDetailsChanged,
    VictimRecord,
)
from reference.contract.identity import agreed_word_digest

NOON = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)  # noon on a Wednesday in London, phase 1 live
PHASE_2 = datetime(2026, 8, 5, 11, 0, tzinfo=UTC)
PHASE_3 = datetime(2026, 10, 14, 11, 0, tzinfo=UTC)

IDENTITY_KEY = "identity-key-for-tests"
WORD = "kingfisher"
CRIME = "43260000001"
MOBILE, EMAIL = "07700900123", "alex@mail.example"
OFFICER = Officer("PC Okafor", "4271")

_numbers = count(1)


def alex(person_id: str = "alex", *, word: str = WORD, **changes: Any) -> VictimRecord:
    """Someone to be reached by text, unless changes say otherwise."""
    usual: dict[str, Any] = {
        "person_id": person_id,
        "given_name": "Alex",
        "family_name": "Marsh",
        "born": date(1980, 2, 29),
        "mobile_phone": MOBILE,
        "safe_to_contact": True,
        "agreed_word_digest": agreed_word_digest(IDENTITY_KEY, person_id, word),
    }
    return VictimRecord(**{**usual, **changes})


def recorded(*victims: VictimRecord, crime: str = CRIME, **changes: Any) -> CrimeRecorded:
    """A bicycle theft, of Alex unless others are named."""
    usual: dict[str, Any] = {
        "force": "thames_valley",
        "offence_code": "44",
        "offence_subgroup": "Bicycle theft",
        "offence": "Theft of a pedal cycle",
        "recorded_at": NOON,
        "victims": victims or (alex(),),
    }
    return CrimeRecorded(crime_reference=crime, **{**usual, **changes})


def deployed(crime: str = CRIME, at: datetime = NOON) -> OfficerDeployed:
    """An officer was sent."""
    return OfficerDeployed(crime_reference=crime, deployed_at=at)


def allocated(
    crime: str = CRIME, *, officer: Officer | None = OFFICER, team: str = "", at: datetime = NOON
) -> CrimeAllocated:
    """The crime has an officer in charge."""
    return CrimeAllocated(
        crime_reference=crime, allocated_at=at, officer_in_charge=officer, team=team
    )


def charged(crime: str = CRIME, at: datetime = NOON) -> OutcomeRecorded:
    """Somebody was charged."""
    return OutcomeRecorded(crime_reference=crime, outcome=1, decided_at=at)


def closed(crime: str = CRIME, outcome: Any = 18, at: datetime = NOON, **more: Any) -> CrimeClosed:
    """The force has finished."""
    return CrimeClosed(crime_reference=crime, outcome=outcome, closed_at=at, **more)


def appointment(crime: str = CRIME, person_id: str = "alex", **changes: Any) -> AppointmentMade:
    """An officer will see a victim, in two days."""
    usual: dict[str, Any] = {
        "appointment_id": "appointment-1",
        "starts_at": NOON + timedelta(days=2),
        "place": "Oxford police station",
    }
    return AppointmentMade(crime_reference=crime, person_id=person_id, **{**usual, **changes})


def details(victim: VictimRecord, crime: str = CRIME) -> VictimDetailsChanged:
    """The force wrote something else down."""
    return VictimDetailsChanged(crime_reference=crime, victim=victim)


def replied(crime: str = CRIME, person_id: str = "alex", **changes: Any) -> OfficerReplied:
    """An officer's words for a victim."""
    usual: dict[str, Any] = {
        "reply_id": "reply-1",
        "text": "We are looking at the cameras.",
        "officer": OFFICER,
        "replied_at": PHASE_3,
    }
    return OfficerReplied(crime_reference=crime, person_id=person_id, **{**usual, **changes})


def enveloped(event: AnyEvent, **changes: Any) -> dict[str, Any]:
    """One event as a CloudEvent in plain values, with an id of its own; changes may be wrong."""
    usual = {
        "specversion": "1.0",
        "id": f"event-{next(_numbers)}",
        "source": "crime-system",
        "type": type(event).__name__,
        "time": NOON,
        "data": event,
    }
    values: dict[str, Any] = msgspec.to_builtins({**usual, **changes})
    assert set(values) - set(changes) <= set(CloudEvent.__struct_fields__)
    return values
