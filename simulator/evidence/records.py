"""The one log behind every verdict and report: what was true, and what happened.

The world and its neighbours write it; the judge only reads it.
"""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
from msgspec import UNSET, Struct, UnsetType

from reference.contract.events import Channel, Moment
from reference.contract.messages import (
    ConversationPost,
    CrimeSummary,
    DeliveryStatus,
    Subject,
    TaskKind,
)
from simulator.evidence.scenario_mark import ScenarioJudged

How: TypeAlias = Literal["intercepted", "test handset", "by the tester", "vendor's own record"]
Where: TypeAlias = Literal["crimes", "timeline", "conversation", "advice", "contact"]


class Recorded(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every record has: its world time."""

    at: Moment


class PersonKnown(Recorded, frozen=True, kw_only=True, tag=True):
    """Truth: a person, and how they can really be reached.

    `same_as` is an earlier record of the same person, "" if there is none.
    """

    person_id: str
    role: Literal["victim", "stranger"]
    given_name: str
    family_name: str
    mobile_phone: str = ""
    email: str = ""
    faults: tuple[str, ...] = ()
    same_as: str = ""


class PhaseEntered(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal was put into a phase."""

    phase: int


class EventRecorded(Recorded, frozen=True, kw_only=True, tag=True):
    """The crime system recorded something; `happened_at` is when it really happened."""

    event_id: str
    event_type: str
    crime_reference: str
    happened_at: datetime
    data: msgspec.Raw


class RecordIncomplete(Recorded, frozen=True, kw_only=True, tag=True):
    """A record of the force says what no event can tell, for want of what `needs` names.

    Those are columns that are empty, or hold what the contract does not take. Without `needs` it is
    complete by now, says it no longer, or is gone. No value of a record is kept.
    """

    table: str
    record_id: str
    event_type: str
    crime_reference: str
    needs: tuple[str, ...]


class DeliveredOtherwise(Struct, frozen=True, kw_only=True):
    """What a delivery said where it was not, in every field, what the force recorded.

    `altered` names the fields that an integration altered; without any, it said what the records
    held by then, or left blank what it could not know. Of an event that nobody recorded only its
    kind and its crime are kept; `again_of` is the event that it tells again by another id.
    """

    event_type: str
    crime_reference: str
    altered: tuple[str, ...] = ()
    data: msgspec.Raw = msgspec.Raw(b"null")
    again_of: str = ""


class EventDelivered(Recorded, frozen=True, kw_only=True, tag=True):
    """Integration handed an event to the portal; `status` 202 means the portal has it.

    The delivery's `correlation_id` lets a force follow its effects through every log.
    `otherwise` has what it said, where that is not what was recorded. An integration that is on
    trial has ids of its own: `delivered_id`. `arrived` counts the events that it brought, from 1.
    """

    event_id: str
    status: int
    correlation_id: str = ""
    otherwise: DeliveredOtherwise | UnsetType = UNSET
    delivered_id: str = ""
    arrived: int = 0


class ForgedDelivery(Recorded, frozen=True, kw_only=True, tag=True):
    """Somebody who is not the force sent the portal an event; `status` is what it answered."""

    event_id: str
    event_type: str
    crime_reference: str
    signed_by: Literal["nobody", "another key", "the force an hour ago"]
    status: int


class InvalidDelivery(Recorded, frozen=True, kw_only=True, tag=True):
    """The force sent an event that the contract does not allow; `status` is the answer."""

    event_id: str
    defect: str
    status: int


class ChangesSeenAsOne(Recorded, frozen=True, kw_only=True, tag=True):
    """A portal will see only the later of two changes that it had not read yet: `seen_as`."""

    event_id: str
    seen_as: str


class MessageAccepted(Recorded, frozen=True, kw_only=True, tag=True):
    """The gateway took a notification; its links and codes are not kept."""

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
    """From here on we see this portal's messages this way too, not only at our gateway."""

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
    """A message arrived at an address; `holders` counts the people who really hold it."""

    message_id: str
    holders: int


class SigningIn(Recorded, frozen=True, kw_only=True, tag=True):
    """A person is about to prove who they are; one code may be sent to them for it."""

    person_id: str


class SignedIn(Recorded, frozen=True, kw_only=True, tag=True):
    """A person signed in; the first time is their registration."""

    person_id: str


class VictimRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal said no to a person; `step` is what they wanted to do.

    For a sign-in with their own proof and the code that they were sent, `invitation_id` is the
    message whose link they followed, or `address` is where they began.
    """

    person_id: str
    step: str
    invitation_id: str = ""
    address: str = ""


class SignInAnswer(Struct, frozen=True, kw_only=True):
    """One answer in a sign-in: what was asked for, how the answer was wrong, and if it was taken.

    `wrong` is "" for the right answer. What was given is not kept.
    """

    to: Literal["link", "address", "proof", "code"]
    wrong: str = ""
    taken: bool


class SignInTried(Recorded, frozen=True, kw_only=True, tag=True):
    """A person or a stranger tried to sign in as a person, with their proof and codes or without.

    It began at `begun_at`, by the link of the message `invitation_id` ("" for a changed link) or at
    `address`. The portal first asked for `asked` ("" if it refused before). `code_sent_at` is when
    the code that was entered last was sent.
    """

    begun_at: Moment
    person_id: str
    answers: tuple[SignInAnswer, ...]
    let_in: bool
    invitation_id: str = ""
    address: str = ""
    asked: str = ""
    code_sent_at: Moment | None = None


class LinkVisited(Recorded, frozen=True, kw_only=True, tag=True):
    """A mail scanner fetched the link in an invitation to a person."""

    person_id: str
    invitation_id: str


class SessionUsed(Recorded, frozen=True, kw_only=True, tag=True):
    """A session asked for the person's crimes; it was last used at `used_at`.

    `answer` is "nothing" if the portal did not refuse, and showed no crime. They may have
    `signed_in_since` it last answered: whether that ends a session nobody says.
    """

    person_id: str
    signed_in_at: Moment
    used_at: Moment
    signed_out: bool
    answer: Literal["shown", "nothing", "refused"]
    signed_in_since: bool = False


class AnswersCompared(Recorded, frozen=True, kw_only=True, tag=True):
    """Sign-in with wrong proofs was tried at a person's `address` and at one that nobody has.

    `known` and `unknown` are what the portal said to each, without addresses and digits.
    """

    person_id: str
    address: str
    channel: Channel
    known: tuple[str, ...]
    unknown: tuple[str, ...]


class Seen(Recorded, frozen=True, kw_only=True, tag=True):
    """A signed-in person was shown something; `texts` is all of it, word for word.

    For a timeline, `kinds` are its entries' event types and `dated` their times; for a list of
    crimes, `statuses` are each reference and its status, and `crimes` the whole rows; for a
    conversation, `posts` are the whole posts; for advice, `slugs` are its pages in their order, and
    `pages` the whole pages of a portal that claims to give them; for the choice of channels,
    `channels` are those in use, and `addresses` each channel and its masked address.
    What is left empty proves nothing. `how` is "by the tester" if only a tester saw it, and "on
    pages" if a browser did: a row then has neither force nor team.
    """

    person_id: str
    where: Where
    crime_reference: str
    texts: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    dated: tuple[Moment, ...] = ()
    statuses: tuple[tuple[str, str], ...] = ()
    crimes: tuple[CrimeSummary, ...] = ()
    posts: tuple[ConversationPost, ...] = ()
    slugs: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    addresses: tuple[tuple[Channel, str], ...] = ()
    how: Literal["", "by the tester", "on pages"] = ""


class TextReceived(Recorded, frozen=True, kw_only=True, tag=True):
    """A person texted back to the force, and the portal was told; `number` is national."""

    message_id: str
    number: str
    words: str


class NotForMeSaid(Recorded, frozen=True, kw_only=True, tag=True):
    """A person told the portal that messages to a phone or mailbox are not for its holder.

    They used the link of a message that arrived there, or gave only the "address", as anybody can.
    """

    address: str
    by: Literal["message", "address"] = "message"


class NotForMeRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal did not take that its messages are not for a person.

    `written` is the address as they spelt it; `status` is 0 where a driver cannot tell.
    """

    address: str
    written: str
    status: int


class AddressGivenUp(Recorded, frozen=True, kw_only=True, tag=True):
    """A person no longer has this phone or mailbox; what is sent there does not reach them."""

    person_id: str
    address: str


class ContactChosen(Recorded, frozen=True, kw_only=True, tag=True):
    """A victim chose their channels on the portal; no channels means no more messages."""

    person_id: str
    channels: tuple[Channel, ...]


class WithdrawalAsked(Recorded, frozen=True, kw_only=True, tag=True):
    """A person asked to talk about no longer supporting the investigation, and the portal let them.

    `confirmed` says that they went to the end, and not only to the page that asks again; `said` is
    what the portal showed then ("" where a driver cannot tell).
    """

    person_id: str
    crime_reference: str
    confirmed: bool
    said: str = ""


class WithdrawalRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal did not let a person ask to talk about no longer supporting the investigation.

    `status` is 0 where a driver cannot tell.
    """

    person_id: str
    crime_reference: str
    status: int


class QuestionRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal did not take what a victim wrote; `said` is all that it told them.

    `status` is 0 where a driver cannot tell.
    """

    person_id: str
    crime_reference: str
    text: str
    status: int
    said: str


class PageRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal did not show a person who had signed in a page that they asked for.

    `listed` are the crimes that it listed for them in the same session just before and just after;
    None if it lists none any more, so that the session may have ended. `status` is 0 where a driver
    cannot tell.
    """

    person_id: str
    where: Where
    crime_reference: str
    status: int
    listed: tuple[str, ...] | None


class ChoiceRefused(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal did not take by which channels a person wants to hear; none stops all messages.

    `status` and `listed` are those of `PageRefused`, the list as it was just after.
    """

    person_id: str
    channels: tuple[Channel, ...]
    status: int
    listed: tuple[str, ...] | None


class QuestionAsked(Recorded, frozen=True, kw_only=True, tag=True):
    """A victim wrote to the officer, and the portal took it; `about` is "" if they did not say."""

    person_id: str
    crime_reference: str
    text: str
    about: Subject | Literal[""] = ""


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
    """A page in a browser was checked by a machine; `path` has no reference and no token.

    `violations` counts elements by the axe-core rule (WCAG 2.2 A and AA) that they break;
    `wider_than_320_pixels_by` is how far a screen that narrow must be scrolled sideways. `title` is
    what a browser keeps in its history, and `exits` are the words of links and buttons to leave the
    site at once; None where nobody looked.
    `beside_writing` is what a page says on which a victim can write a message ("" for any other).
    """

    path: str
    language: str
    violations: dict[str, int]
    wider_than_320_pixels_by: int
    title: str | None = None
    exits: tuple[str, ...] | None = None
    beside_writing: str = ""


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


class PageSampled(Recorded, frozen=True, kw_only=True, tag=True):
    """The suite opened the link of an invitation in a browser, without the portal's driver.

    `status` is 0 where nothing answered. `said` is why the victim could not sign in there. Of what
    the driver said to them at the same time `agreed` counts what stood on the pages, and `differs`
    lists what did not. Words that they wrote on a page were `stamped` in the crime system or not;
    None: no page had a form to write by. `fetched` says that the portal fetches events by itself.
    """

    status: int
    is_page: bool
    said: str = ""
    agreed: int = 0
    differs: tuple[str, ...] = ()
    stamped: bool | None = None
    fetched: bool = False


class PortalRestarted(Recorded, frozen=True, kw_only=True, tag=True):
    """The portal was killed and restarted; it still owes everything that it owed before."""


class SecondWorkerStarted(Recorded, frozen=True, kw_only=True, tag=True):
    """A second process of the portal serves the same database; requests go to each in turn."""


class RequestAnswered(Recorded, frozen=True, kw_only=True, tag=True):
    """A double answered a request; headers and bodies, which hold secrets, are not kept."""

    double: str
    method: str
    path: str
    status: int
    took_ms: float
    correlation_id: str = ""


Record: TypeAlias = (
    PersonKnown
    | PhaseEntered
    | EventRecorded
    | RecordIncomplete
    | EventDelivered
    | ForgedDelivery
    | InvalidDelivery
    | ChangesSeenAsOne
    | MessageAccepted
    | MessagesSeen
    | MessageRefused
    | ReceiptSent
    | MessageReached
    | SigningIn
    | SignedIn
    | VictimRefused
    | SignInTried
    | LinkVisited
    | SessionUsed
    | AnswersCompared
    | Seen
    | PageRefused
    | TextReceived
    | NotForMeSaid
    | NotForMeRefused
    | AddressGivenUp
    | ContactChosen
    | ChoiceRefused
    | WithdrawalAsked
    | WithdrawalRefused
    | QuestionAsked
    | QuestionRefused
    | Stamped
    | TaskRaised
    | PageChecked
    | InternalNoteWritten
    | CrimeSystemWentDown
    | CrimeSystemCameBack
    | GatewayWentDown
    | GatewayCameBack
    | PageSampled
    | PortalRestarted
    | SecondWorkerStarted
    | RequestAnswered
    | ScenarioJudged
)


class EvidenceLog:
    """Collects what happened, in order; only the world appends."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def append(self, record: Record) -> None:
        """Keep one record."""
        self.records.append(record)
