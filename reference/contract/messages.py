"""What a portal sends and gets: notifications, receipts, timeline entries, posts, stamps, tasks.

Notifications are GOV.UK Notify v2 requests; receipts are Notify's callbacks.
"""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from reference.contract.events import Moment, Reference, Short

QUESTION_CHARACTERS_MAX = 2000

DeliveryStatus: TypeAlias = Literal[
    "delivered", "permanent-failure", "temporary-failure", "technical-failure"
]


class DeliveryReceipt(Struct, frozen=True, kw_only=True):
    """Notify's callback: what became of one notification."""

    id: Reference
    reference: str | None = None
    to: Annotated[str, Meta(max_length=320)]
    status: DeliveryStatus
    created_at: Short = ""
    completed_at: Short | None = None
    sent_at: Short | None = None
    notification_type: Literal["sms", "email"]
    template_id: Short = ""
    template_version: int = 1


class TimelineEntry(Struct, frozen=True, kw_only=True):
    """One thing the victim can see on their crime's page."""

    at: Moment
    kind: Short
    title: str
    text: str = ""


class CrimeSummary(Struct, frozen=True, kw_only=True):
    """One line in a victim's list of crimes; another force looks into what is transferred.

    `how_to_reach` is what the crime's page says about reaching the officer in charge or the team,
    with their name and collar number, the force's number and its website. `updated_at` is not after
    now; what counts as an update is the portal's own.
    """

    crime_reference: Reference
    offence: Short
    status: Literal["open", "charged", "closed", "transferred"]
    force: Short
    officer_in_charge: str = ""
    team: str = ""
    how_to_reach: str = ""
    updated_at: Moment


class ConversationPost(Struct, frozen=True, kw_only=True):
    """One thing said between the victim and the officer in charge.

    `is_with_force` is false until the crime system has the words, down or not.
    """

    at: Moment
    author: Literal["victim", "officer"]
    name: str = ""
    text: str
    key: Reference
    is_with_force: bool = True


class AdvicePage(Struct, frozen=True, kw_only=True):
    """One page of general advice; `text` is the whole page in plain words or Markdown."""

    slug: Reference
    title: str
    summary: str = ""
    text: str = ""


#: What a victim may say that a question is about: the first three are for the officer in charge,
#: also after a charge.
Subject: TypeAlias = Literal["threats", "property", "bail", "other"]


class Stamp(Struct, frozen=True, kw_only=True):
    """The victim's words on their way into the occurrence's enquiry log, once per `key`."""

    key: Reference
    person_id: Reference
    text: Annotated[str, Meta(max_length=QUESTION_CHARACTERS_MAX)]
    written_at: Moment


TaskKind: TypeAlias = Literal[
    "victim_question",
    "late_answer",
    "contact_details",
    "not_sent",
    "breach",
    "sensitive_contact",
    "who_is_told",
    "contact_ended",
    "withdrawal_discussion",
    "identity_not_proved",
    "safety_concern",
    "reply_check",
    "bail_views",
    "rights_check",
    "safe_contact_review",
    "same_person_check",
]


class Task(Struct, frozen=True, kw_only=True):
    """Something for the force to do, raised once per `key`.

    It is for the officer with that collar number or, without one, for the queue of that team; with
    neither the crime system knows whose the occurrence is. A `late_answer` is for the queue of the
    supervisors, as the force ordered it for that team or for the whole force: never for the officer
    or the team who had the question.

    `contact_ended` says that the victim gets no more messages on a channel, and nothing about the
    investigation. A `withdrawal_discussion` says that somebody who signed in as the victim asked to
    talk about no longer supporting the investigation: an officer first confirms it by speaking to
    the victim, safely, since another person may hold the phone. It records no outcome. After a
    charge the witness care unit may get one of its own.

    A `safety_concern` says that a victim's words speak of danger, self-harm or intimidation. It is
    raised at once beside the task for the question, and due within the minutes that the force
    ordered. It is for the officer in charge or, if none is at work, for the queue of the force's
    control room (the supervisors where the force named none).

    A `reply_check` asks the officer to look again at a reply that may hold another person's data:
    it is not shown until they send it again, with `checked`. A `bail_views` asks the officer for
    the victim's views on conditions of bail, and to tell them of any change: after
    `suspect_on_bail` and `bail_changed`, due within the hours that the force ordered. A
    `rights_check` asks whether a victim has enhanced rights that their record lacks, as a victim of
    hate crime, under 18 or bereaved has: once, until something else is recorded. A
    `safe_contact_review` asks an officer to look again whether contact is safe, and by which
    channel: what was approved has run out. A `same_person_check` asks whether two records that were
    merged are one person's, as their names or dates of birth differ: it is about the merged record.
    """

    key: Reference
    crime_reference: Reference
    kind: TaskKind
    person_id: Reference
    reason: str
    for_officer: Short = ""
    for_team: Short = ""
    due_at: Moment | None = None


class ReceivedText(Struct, frozen=True, kw_only=True):
    """Notify's callback: a text that a person sent back to the force's number.

    It says STOP where that is its first word, in any case or width ("Stop texting me"), or where
    STOPALL, UNSUBSCRIBE or OPT OUT is all that it says. END, QUIT and CANCEL alone may be taken so.
    NOT ME, NOT FOR ME, WRONG NUMBER or WRONG PERSON alone says that the texts are not for the
    person who has the phone. Its sender can be forged: it shuts nobody out at sign-in.
    """

    id: Reference
    source_number: Annotated[str, Meta(max_length=64)]
    destination_number: Short = ""
    message: Annotated[str, Meta(max_length=4000)]
    date_received: Short = ""
