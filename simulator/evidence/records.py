"""The one log from which every verdict and report derives: what was true, and what happened.

Whoever watches an arrow writes here; the judge only reads.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.events import Channel, Moment
from reference.contract.messages import DeliveryStatus, TaskKind
from simulator.evidence.scenario_mark import ScenarioJudged

How: TypeAlias = Literal["intercepted", "test handset", "by the tester", "vendor's own record"]


class Recorded(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every record has: when, in the world's time."""

    at: Moment


class PersonKnown(Recorded, frozen=True, kw_only=True, tag=True):
    """Truth: a person, and how they can really be reached."""

    person_id: str
    role: Literal["victim", "stranger"]
    given_name: str
    family_name: str
    mobile_phone: str = ""
    email: str = ""
    faults: tuple[str, ...] = ()


class PhaseEntered(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal was put into a phase."""

    phase: int


class EventRecorded(Recorded, frozen=True, kw_only=True, tag=True):
    """The crime system recorded something; `happened_at` is when it was so in the world."""

    event_id: str
    event_type: str
    crime_reference: str
    happened_at: datetime
    data: msgspec.Raw


class EventDelivered(Recorded, frozen=True, kw_only=True, tag=True):
    """Integration handed an event to the portal; `status` 202 means the portal has it.

    By the `correlation_id` of the delivery what it sets off can be followed through every log.
    """

    event_id: str
    status: int
    correlation_id: str = ""


class ChangesSeenAsOne(Recorded, frozen=True, kw_only=True, tag=True):
    """Of two changes that a portal had not read yet it will see only the later, `seen_as`."""

    event_id: str
    seen_as: str


class MessageAccepted(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway took a notification; links and codes are struck out of what is kept."""

    message_id: str
    channel: Channel
    to: str
    subject: str
    body: str
    sender: str
    reference: str
    carries: Literal["", "invitation", "one_time_code"] = ""
    how: How = "intercepted"
    correlation_id: str = ""


class MessagesSeen(Recorded, frozen=True, kw_only=True, tag=True):
    """From here on messages of this portal are seen this way, beside what the gateway takes."""

    how: How


class MessageRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway refused a notification; `to` is as the portal gave it."""

    to: str
    channel: Channel
    status: int
    reason: str


class ReceiptSent(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway told the portal what became of a message."""

    message_id: str
    status: DeliveryStatus


class MessageReached(Recorded, frozen=True, kw_only=True, tag=True):
    """A message arrived at an address that so many people truly hold: 0 for nobody's."""

    message_id: str
    holders: int


class SigningIn(Recorded, frozen=True, kw_only=True, tag=True):
    """A person is about to give what proves who they are, for which one code may come to them."""

    person_id: str


class SignedIn(Recorded, frozen=True, kw_only=True, tag=True):
    """A person came through the whole sign-in; the first time is their registration."""

    person_id: str


class VictimRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal said no to a person; `step` is what they wanted to do.

    Of a sign-in, in which they gave their own proof and the code they were sent: `invitation_id` is
    the message whose link they followed, or `address` what they began from.
    """

    person_id: str
    step: str
    invitation_id: str = ""
    address: str = ""


class Seen(Recorded, frozen=True, kw_only=True, tag=True):
    """A signed-in person was shown something; `texts` is all of it, word for word.

    Of a timeline `kinds` are its entries' types of event and `dated` their times; of a list of
    crimes `statuses` are each reference and its status. `how` is "by the tester" where nobody but a
    tester saw it.
    """

    person_id: str
    where: Literal["crimes", "timeline", "conversation", "advice"]
    crime_reference: str
    texts: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    dated: tuple[Moment, ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()
    how: Literal["", "by the tester"] = ""


class TextReceived(Recorded, frozen=True, kw_only=True, tag=True):
    """Somebody texted back to the force's number, and the portal was told; `number` is national."""

    message_id: str
    number: str
    words: str


class NotForMeSaid(Recorded, frozen=True, kw_only=True, tag=True):
    """Whoever holds a phone or a mailbox told the portal that what comes there is not for them."""

    address: str


class ContactChosen(Recorded, frozen=True, kw_only=True, tag=True):
    """A victim chose on the portal by which channels to hear: none of them where they withdrew."""

    person_id: str
    channels: tuple[Channel, ...]


class QuestionAsked(Recorded, frozen=True, kw_only=True, tag=True):
    """A victim wrote to the officer, and the portal took it."""

    person_id: str
    crime_reference: str
    text: str


class Stamped(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal stamped a victim's words into the crime system."""

    key: str
    crime_reference: str
    person_id: str
    text: str
    written_at: datetime | None = None
    how: How = "intercepted"
    correlation_id: str = ""


class TaskRaised(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal raised a task; `assignee` is the officer's collar number, or the team."""

    key: str
    crime_reference: str
    task_kind: TaskKind
    person_id: str
    reason: str
    assignee: str
    due_at: datetime | None = None
    how: How = "intercepted"
    correlation_id: str = ""


class PageChecked(Recorded, frozen=True, kw_only=True, tag=True):
    """A page that somebody met in a browser was looked at; `path` has no reference and no token.

    `violations` counts elements by the rule of axe-core they break, of WCAG 2.2 A and AA;
    `wider_than_320_pixels_by` is how far it must be scrolled sideways on a screen so narrow.
    """

    path: str
    language: str
    violations: dict[str, int]
    wider_than_320_pixels_by: int


class InternalNoteWritten(Recorded, frozen=True, kw_only=True, tag=True):
    """The force wrote something that must never leave the crime system."""

    crime_reference: str
    text: str


class CrimeSystemWentDown(Recorded, frozen=True, kw_only=True, tag=True):
    """The crime system stopped answering the portal."""


class CrimeSystemCameBack(Recorded, frozen=True, kw_only=True, tag=True):
    """The crime system answers again."""


class GatewayWentDown(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway stopped taking messages."""


class GatewayCameBack(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway takes messages again."""


class PortalRestarted(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal was killed and started again: all that was owed before is owed still."""


Record: TypeAlias = (
    PersonKnown
    | PhaseEntered
    | EventRecorded
    | EventDelivered
    | ChangesSeenAsOne
    | MessageAccepted
    | MessagesSeen
    | MessageRefused
    | ReceiptSent
    | MessageReached
    | SigningIn
    | SignedIn
    | VictimRefused
    | Seen
    | TextReceived
    | NotForMeSaid
    | ContactChosen
    | QuestionAsked
    | Stamped
    | TaskRaised
    | PageChecked
    | InternalNoteWritten
    | CrimeSystemWentDown
    | CrimeSystemCameBack
    | GatewayWentDown
    | GatewayCameBack
    | PortalRestarted
    | ScenarioJudged
)


class EvidenceLog:
    """Collects what happened, in order; the world, and nobody else, appends."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def append(self, record: Record) -> None:
        """Keep one record."""
        self.records.append(record)
