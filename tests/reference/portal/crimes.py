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
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    IncidentReported,
    MilestoneReached,
    Officer,
    OfficerDeployed,
    OfficerReplied,
    OfficerUnavailable,
    OutcomeRecorded,
    PersonsMerged,
    PersonsUnmerged,
    VictimContacted,
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
SAMS_MOBILE, SAMS_WORD = "07700900456", "heron"
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


def sam(person_id: str = "sam", **changes: Any) -> VictimRecord:
    """Another victim, with a word and a number of their own."""
    usual = {"word": SAMS_WORD, "mobile_phone": SAMS_MOBILE, "family_name": "Reed"}
    return alex(person_id, **{**usual, **changes})


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


def reopened(crime: str = CRIME, at: datetime = NOON) -> CrimeReopened:
    """It is looked into again."""
    return CrimeReopened(crime_reference=crime, reopened_at=at)


def reclassified(
    crime: str = CRIME, subgroup: str = "Residential burglary", at: datetime = NOON, **more: Any
) -> CrimeReclassified:
    """It is another offence: one that is not in the portal, unless another is named."""
    usual: dict[str, Any] = {"offence_code": "28", "offence": f"{subgroup}, reclassified"}
    return CrimeReclassified(
        crime_reference=crime,
        offence_subgroup=subgroup,
        reclassified_at=at,
        **{**usual, **more},
    )


def merged(crime: str = CRIME, into: str = "43260000002", at: datetime = NOON) -> CrimeMerged:
    """It is part of another."""
    return CrimeMerged(crime_reference=crime, into=into, merged_at=at)


def incident(person: VictimRecord, crime: str = CRIME, **more: Any) -> IncidentReported:
    """Somebody reported something, and nobody knows yet what it was."""
    usual: dict[str, Any] = {"force": "thames_valley", "received_at": NOON}
    return IncidentReported(crime_reference=crime, victim=person, **{**usual, **more})


def unmerged(crime: str = CRIME, at: datetime = NOON) -> CrimeUnmerged:
    """The merger was a mistake."""
    return CrimeUnmerged(crime_reference=crime, unmerged_at=at)


def persons_merged(
    person_id: str = "sam", into: str = "alex", crime: str = "43260000002", at: datetime = NOON
) -> PersonsMerged:
    """Two records are of one person."""
    return PersonsMerged(crime_reference=crime, person_id=person_id, into=into, merged_at=at)


def persons_unmerged(
    person_id: str = "sam", crime: str = "43260000002", at: datetime = NOON
) -> PersonsUnmerged:
    """They are of two."""
    return PersonsUnmerged(crime_reference=crime, person_id=person_id, unmerged_at=at)


def transferred(crime: str = CRIME, at: datetime = NOON) -> CrimeTransferred:
    """Another force has it."""
    return CrimeTransferred(
        crime_reference=crime, to_force="Wessex Constabulary", transferred_at=at
    )


def cancelled(crime: str = CRIME, at: datetime = NOON) -> CrimeCancelled:
    """There was no crime."""
    return CrimeCancelled(crime_reference=crime, cancelled_at=at)


def contacted(crime: str = CRIME, person_id: str = "alex", at: datetime = NOON) -> VictimContacted:
    """An officer spoke to a victim."""
    return VictimContacted(crime_reference=crime, person_id=person_id, contacted_at=at)


def unavailable(
    why: Any = "away", crime: str = CRIME, at: datetime = NOON, until: datetime | None = None
) -> OfficerUnavailable:
    """The officer in charge is not there."""
    return OfficerUnavailable(
        crime_reference=crime, officer=OFFICER, why=why, unavailable_at=at, until=until
    )


def milestone(
    reached: Any = "witness_spoken_to", crime: str = CRIME, at: datetime = NOON
) -> MilestoneReached:
    """The investigation got on."""
    return MilestoneReached(crime_reference=crime, milestone=reached, reached_at=at)


def statement(person_id: str, crime: str = CRIME, at: datetime = NOON) -> MilestoneReached:
    """Somebody gave a statement."""
    return MilestoneReached(
        crime_reference=crime, milestone="statement_taken", reached_at=at, person_id=person_id
    )


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
