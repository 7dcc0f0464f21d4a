"""What the crime system says happened: CloudEvents 1.0 in structured JSON, one or a batch.

Each event is a fact in the past tense. `time` is when it was recorded; the `…_at` fields say when
it happened. Unknown fields are ignored, so that a crime system may send more than is asked.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Raw, Struct

BATCH_EVENTS_MAX = 100
EVENT_BYTES_MAX = 64 * 1024

Channel: TypeAlias = Literal["text", "email"]
Short: TypeAlias = Annotated[str, Meta(max_length=200)]
Reference: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Long: TypeAlias = Annotated[str, Meta(max_length=4000)]
ClosingOutcome: TypeAlias = Literal[
    2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 22
]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]


class Officer(Struct, frozen=True):
    """An officer as the victim may know them."""

    name: Short
    collar_number: Short


class VictimRecord(Struct, frozen=True, kw_only=True):
    """One victim as the force wrote them down, right or wrong.

    `agreed_word_digest` is `contract.identity.agreed_word_digest`: the word itself is never sent.
    `safe_to_contact` blank (None) is not safe.
    """

    person_id: Reference
    given_name: Short = ""
    family_name: Short = ""
    born: date | None = None
    mobile_phone: Short = ""
    other_phone: Short = ""
    email: Short = ""
    preferred_channels: tuple[Channel, ...] = ("text", "email")
    safe_to_contact: bool | None = None
    enhanced_rights: bool = False
    agreed_word_digest: Short = ""
    update_frequency_days: Annotated[int, Meta(ge=1, le=366)] | None = None


class CrimeEvent(Struct, frozen=True, kw_only=True):
    """What every crime event has."""

    crime_reference: Reference


class CrimeRecorded(CrimeEvent, frozen=True, kw_only=True):
    """A crime was recorded, with its victims."""

    force: Reference
    offence_code: Short
    offence_subgroup: Short
    offence: Short
    area: Short = ""
    grade: Annotated[int, Meta(ge=1, le=4)] | None = None
    recorded_at: Moment
    safeguarding: tuple[Short, ...] = ()
    victims: tuple[VictimRecord, ...]


class OfficerDeployed(CrimeEvent, frozen=True, kw_only=True):
    """An officer was sent."""

    deployed_at: Moment


class CrimeAllocated(CrimeEvent, frozen=True, kw_only=True):
    """The crime has an officer in charge, or a team where none is named."""

    allocated_at: Moment
    officer_in_charge: Officer | None = None
    team: Short = ""


class AppointmentMade(CrimeEvent, frozen=True, kw_only=True):
    """An officer will see the victim."""

    appointment_id: Reference
    person_id: Reference
    starts_at: Moment
    place: Short = ""


class AppointmentChanged(CrimeEvent, frozen=True, kw_only=True):
    """An appointment has another time or place."""

    appointment_id: Reference
    person_id: Reference
    starts_at: Moment
    place: Short = ""


class AppointmentCancelled(CrimeEvent, frozen=True, kw_only=True):
    """An appointment will not take place."""

    appointment_id: Reference
    person_id: Reference


class OutcomeRecorded(CrimeEvent, frozen=True, kw_only=True):
    """An outcome that leaves the case live: somebody was charged or summonsed."""

    outcome: Literal[1]
    decided_at: Moment
    decided_by: Literal["police", "CPS", "unknown"] = "unknown"
    interviewed_under_caution: bool | None = None


class CrimeClosed(CrimeEvent, frozen=True, kw_only=True):
    """The force has finished, for a reason: a Home Office outcome other than a charge."""

    outcome: ClosingOutcome
    closed_at: Moment
    decided_by: Literal["police", "CPS", "unknown"] = "unknown"
    interviewed_under_caution: bool | None = None


class VictimDetailsChanged(CrimeEvent, frozen=True, kw_only=True):
    """The force wrote something else down about a victim: the whole record as it now is."""

    victim: VictimRecord


class OfficerReplied(CrimeEvent, frozen=True, kw_only=True):
    """An officer marked these words as a reply to the victim: the only words that leave."""

    person_id: Reference
    reply_id: Reference
    in_reply_to: Short = ""
    text: Long
    officer: Officer | None = None
    replied_at: Moment


AnyEvent: TypeAlias = (
    CrimeRecorded
    | OfficerDeployed
    | CrimeAllocated
    | AppointmentMade
    | AppointmentChanged
    | AppointmentCancelled
    | OutcomeRecorded
    | CrimeClosed
    | VictimDetailsChanged
    | OfficerReplied
)

EVENT_TYPES: dict[str, type[AnyEvent]] = {
    kind.__name__: kind
    for kind in (
        CrimeRecorded,
        OfficerDeployed,
        CrimeAllocated,
        AppointmentMade,
        AppointmentChanged,
        AppointmentCancelled,
        OutcomeRecorded,
        CrimeClosed,
        VictimDetailsChanged,
        OfficerReplied,
    )
}


class CloudEvent(Struct, frozen=True, kw_only=True):
    """The envelope. `source` and `id` together name the event; `sequence` orders one crime's."""

    specversion: Literal["1.0"]
    id: Reference
    source: Reference
    type: Short
    time: Moment
    subject: Short = ""
    datacontenttype: Short = "application/json"
    sequence: Short = ""
    data: Raw
