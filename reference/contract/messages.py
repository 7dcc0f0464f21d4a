"""What a portal says and hears: notifications, receipts, timeline entries, posts, stamps, tasks.

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
    """One line in a victim's list of crimes; `status` is open, charged or closed."""

    crime_reference: Reference
    offence: Short
    status: Literal["open", "charged", "closed"]
    force: Short
    officer_in_charge: str = ""
    updated_at: Moment


class ConversationPost(Struct, frozen=True, kw_only=True):
    """One thing said between the victim and the officer in charge."""

    at: Moment
    author: Literal["victim", "officer"]
    name: str = ""
    text: str
    key: Reference


class AdvicePage(Struct, frozen=True, kw_only=True):
    """One page of general advice."""

    slug: Reference
    title: str
    summary: str = ""


class Stamp(Struct, frozen=True, kw_only=True):
    """The victim's words on their way into the occurrence's enquiry log, once per `key`."""

    key: Reference
    person_id: Reference
    text: Annotated[str, Meta(max_length=QUESTION_CHARACTERS_MAX)]
    written_at: Moment


TaskKind: TypeAlias = Literal["victim_question", "contact_details", "breach", "sensitive_contact"]


class Task(Struct, frozen=True, kw_only=True):
    """Something for the officer in charge or the team to do, raised once per `key`."""

    key: Reference
    crime_reference: Reference
    kind: TaskKind
    person_id: Reference
    reason: str
