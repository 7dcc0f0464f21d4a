"""What the crime system says happened: CloudEvents 1.0 in structured JSON, one or a batch.

Each event is a fact in the past tense. `time` is when it was recorded; the `…_at` fields say when
it happened, which is when the working days of the Victims' Code begin. Unknown fields are ignored,
so that a crime system may send more than is asked.
"""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias, get_args

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
Role: TypeAlias = Literal["victim", "reporter", "witness"]
Moment: TypeAlias = Annotated[datetime, Meta(tz=True)]
# What an investigation passes on its way. Those of a suspect are rows 4 to 10 of the deadlines of
# the Victims' Code, Right 6 (5 working days; 1 with enhanced rights).
Milestone: TypeAlias = Literal[
    "not_investigated",
    "scene_examined",
    "forensics_sent",
    "forensics_back",
    "footage_requested",
    "footage_viewed",
    "witness_spoken_to",
    "statement_taken",
    "house_to_house",
    "appeal_made",
    "property_found",
    "property_returned",
    "suspect_identified",
    "suspect_arrested",
    "suspect_interviewed",
    "suspect_released",
    "suspect_on_bail",
    "suspect_under_investigation",
    "bail_changed",
    "file_with_cps",
    "hearing_listed",
]


#: Milestones that the Victims' Code has told (Right 6): no order may switch these off.
MILESTONES_OF_THE_CODE: frozenset[Milestone] = frozenset(
    {
        "not_investigated",
        "suspect_arrested",
        "suspect_interviewed",
        "suspect_released",
        "suspect_on_bail",
        "suspect_under_investigation",
        "bail_changed",
    }
)


class Officer(Struct, frozen=True):
    """An officer as the victim may know them."""

    name: Short
    collar_number: Short


class ToldInstead(Struct, frozen=True, kw_only=True):
    """Who is told in a victim's place, as an officer decided and wrote down.

    An organisation's named contact, a child's parent or guardian, one of a bereaved family: with a
    name, a phone, a mailbox and a proof of their own. The digests are made with the victim's id.
    """

    given_name: Short = ""
    family_name: Short = ""
    mobile_phone: Short = ""
    other_phone: Short = ""
    email: Short = ""
    preferred_channels: tuple[Channel, ...] = ("text", "email")
    safe_to_contact: bool | None = None
    agreed_word_digest: Short = ""
    date_of_birth_digest: Short = ""


class VictimRecord(Struct, frozen=True, kw_only=True):
    """One person or organisation of a crime as the force wrote them down, right or wrong.

    `role` is theirs in this crime alone; everything else is of the person, in every crime. A
    victim is a victim also where they reported the crime or saw it.
    `who_is_told` is the decision an officer wrote down: None where there was none to take, as with
    most, or none was taken yet. With "another" it is `told_instead` who is told.

    `agreed_word_digest` and `date_of_birth_digest` are what `contract.identity` makes of a proof:
    the one that the force ordered is enough. The word is never sent, and `born` opens nothing.
    `safe_to_contact` blank (None): nobody recorded it. The order says what that means.
    `safe_channel` is the only channel by which an officer found it safe to contact the victim,
    whatever `safe_to_contact` and `preferred_channels` say, until `safe_until` (None: until it is
    changed). From then on nothing is sent, and an officer is asked to look again.
    `is_restricted` keeps any person's record from the portal. Blank (None), it is
    restricted only for a police employee, and only where the order says so.
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
    safe_channel: Channel | None = None
    safe_until: Moment | None = None
    enhanced_rights: bool = False
    agreed_word_digest: Short = ""
    date_of_birth_digest: Short = ""
    update_frequency_days: Annotated[int, Meta(ge=1, le=366)] | None = None
    role: Role = "victim"
    kind: Literal["person", "organisation"] = "person"
    organisation_name: Short = ""
    who_is_told: Literal["victim", "another", "nobody"] | None = None
    told_instead: ToldInstead | None = None
    has_died: bool = False
    is_suspect_in_linked_crime: bool = False
    is_police_employee: bool = False
    is_restricted: bool | None = None


class CrimeEvent(Struct, frozen=True, kw_only=True):
    """What every crime event has."""

    crime_reference: Reference


class IncidentReported(CrimeEvent, frozen=True, kw_only=True):
    """A person reported something, and no crime is recorded yet: nobody knows what it was.

    The portal says once that the police have the report. A crime that is recorded from it keeps its
    reference. A crime system sends it only to a portal that claims `incidents`.
    """

    force: Reference
    received_at: Moment
    safeguarding: tuple[Short, ...] = ()
    victim: VictimRecord


class IncidentClosed(CrimeEvent, frozen=True, kw_only=True):
    """No crime was recorded of what was reported: nothing is sent, and there is no page."""

    closed_at: Moment


class CrimeRecorded(CrimeEvent, frozen=True, kw_only=True):
    """A crime was recorded, with its victims.

    A person may stand among them twice, as its reporter and its victim: they are its victim.
    `safeguarding` has the crime system's markers, such as `domestic_abuse`, `honour_based_abuse`
    or `hate_crime`; the order says what each means.
    """

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
    """An outcome that leaves the case live: someone was charged or summonsed."""

    outcome: Literal[1]
    decided_at: Moment
    decided_by: Literal["police", "CPS", "unknown"] = "unknown"
    interviewed_under_caution: bool | None = None


class CrimeClosed(CrimeEvent, frozen=True, kw_only=True):
    """The force has finished, for a reason: a Home Office outcome other than a charge.

    With outcome 20, `to_body` is the name of the body that now deals with it, for a victim, and
    `to_body_contact` how to reach it; both are blank where the crime system does not say.

    Some outcomes a supervisor confirms, as the force ordered: until one comes with `confirmed_at`,
    in an event of its own, the case is not closed for the victim. A crime system that never says it
    belongs to a force that orders it for none.
    """

    outcome: ClosingOutcome
    closed_at: Moment
    confirmed_at: Moment | None = None
    decided_by: Literal["police", "CPS", "unknown"] = "unknown"
    interviewed_under_caution: bool | None = None
    to_body: Short = ""
    to_body_contact: Short = ""


class MilestoneReached(CrimeEvent, frozen=True, kw_only=True):
    """The investigation passed a milestone; what it found stays with the force.

    `person_id` is the only person it is about: of `statement_taken`, the person who gave the
    statement, who may be a witness. Nobody else is told. None: it is about the crime.
    """

    milestone: Milestone
    reached_at: Moment
    person_id: Reference | None = None


class CrimeReopened(CrimeEvent, frozen=True, kw_only=True):
    """A crime that had ended is investigated again."""

    reopened_at: Moment


class CrimeReclassified(CrimeEvent, frozen=True, kw_only=True):
    """The crime is recorded as another offence, which may be eligible for the portal or not."""

    offence_code: Short
    offence_subgroup: Short
    offence: Short
    safeguarding: tuple[Short, ...] = ()
    reclassified_at: Moment


class CrimeMerged(CrimeEvent, frozen=True, kw_only=True):
    """The occurrence is part of another, and goes on under that one's reference."""

    into: Reference
    merged_at: Moment


class CrimeUnmerged(CrimeEvent, frozen=True, kw_only=True):
    """A merger was a mistake and is taken back: the occurrence stands by itself again.

    Of several mergers the last is taken back first. A crime system sends it only to a portal that
    claims `crimes_unmerged`.
    """

    unmerged_at: Moment


class CrimeTransferred(CrimeEvent, frozen=True, kw_only=True):
    """Another force investigates the crime; `to_force` is that force's name for a victim."""

    to_force: Short
    transferred_at: Moment


class CrimeCancelled(CrimeEvent, frozen=True, kw_only=True):
    """The record was cancelled: no crime, or recorded twice. An officer tells the victim."""

    cancelled_at: Moment


class VictimContacted(CrimeEvent, frozen=True, kw_only=True):
    """An officer recorded having spoken to the victim: what waited for that may now be told."""

    person_id: Reference
    contacted_at: Moment


class OfficerUnavailable(CrimeEvent, frozen=True, kw_only=True):
    """The officer in charge is away, until a moment that may not be known, or has left."""

    officer: Officer
    why: Literal["away", "left"]
    unavailable_at: Moment
    until: Moment | None = None


class VictimDetailsChanged(CrimeEvent, frozen=True, kw_only=True):
    """The force changed what it holds about a victim: the whole record as it now is."""

    victim: VictimRecord


class PersonsMerged(CrimeEvent, frozen=True, kw_only=True):
    """Two records are of one person: `person_id` is merged into the record `into`, which survives.

    `crime_reference` is a crime of the merged record. Each crime keeps its reference, and later
    events about it go on naming the record that it was recorded with. The details are those of the
    surviving record; what is unsafe, stopped or disowned on either holds for both. Where names or
    dates of birth differ, nothing of one record goes by the details of the other until the force
    writes the surviving record down again: a `same_person_check` asks it to.

    Of several mergers the last is taken back first. A crime system sends it only to a portal that
    claims `persons_merged`, and of records that both are in crimes which the portal has.
    """

    person_id: Reference
    into: Reference
    merged_at: Moment


class PersonsUnmerged(CrimeEvent, frozen=True, kw_only=True):
    """A merger of persons was a mistake and is taken back: `person_id` is another person again.

    Each reads their own crimes alone, by their own details, and not what the other wrote in the
    time of the merger. Sessions, and links that were sent then, end. Where a message about a crime
    of `person_id` went to the details of the other record meanwhile, a `breach` asks the force to
    look into it. Nothing is told twice. A crime system sends it only to a portal that claims
    `persons_merged`.
    """

    person_id: Reference
    unmerged_at: Moment


class OfficerReplied(CrimeEvent, frozen=True, kw_only=True):
    """An officer marked these words as a reply to the victim: the only words that leave.

    Words with a phone number, a mailbox, a postcode, a registration mark or a date of birth may be
    about another person, and so are those with the name of another person in the crime: given and
    family name, or the family name after a title. Unless the officer `checked` them for that, the
    portal neither shows nor announces them, and asks for it by a `reply_check`. The victim's own
    number and mailbox may go.
    """

    person_id: Reference
    reply_id: Reference
    in_reply_to: Short = ""
    text: Long
    officer: Officer | None = None
    checked: bool = False
    replied_at: Moment


AnyEvent: TypeAlias = (
    IncidentReported
    | IncidentClosed
    | CrimeRecorded
    | OfficerDeployed
    | CrimeAllocated
    | AppointmentMade
    | AppointmentChanged
    | AppointmentCancelled
    | MilestoneReached
    | OutcomeRecorded
    | CrimeClosed
    | CrimeReopened
    | CrimeReclassified
    | CrimeMerged
    | CrimeUnmerged
    | CrimeTransferred
    | CrimeCancelled
    | VictimContacted
    | OfficerUnavailable
    | VictimDetailsChanged
    | PersonsMerged
    | PersonsUnmerged
    | OfficerReplied
)

EVENT_TYPES: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}


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
