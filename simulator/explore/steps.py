"""The steps of a story as data: what the force, people, strangers and neighbours may do in it.

Drawing makes them, playing carries them out, shortening drops them. Times are in seconds; people,
crimes and events are named by labels.
"""

from typing import Literal, TypeAlias, get_args

from reference.contract.events import (
    Channel,
    ClosingOutcome,
    Milestone,
    Officer,
    Role,
    VictimRecord,
)
from reference.contract.messages import Subject
from simulator.drivers.base import WithdrawalStep
from simulator.files.checked_toml import Strict

#: How integration delivers an event: at once, when a later step sends it, or at once and again.
Carriage: TypeAlias = Literal["at once", "held back", "twice"]
SignInBy: TypeAlias = Literal["link", "text", "email"]
#: Which question of the person a reply names as the one it answers ("" for none).
AnswerTo: TypeAlias = Literal["", "first question", "last question"]
Decider: TypeAlias = Literal["police", "CPS", "unknown"]
#: How a proof is wrong: near misses that a stranger may know or type.
Miss: TypeAlias = Literal[
    "another one", "cut short", "too long", "date of birth", "day and month swapped",
    "another year", "the old one",
]  # fmt: skip
#: How a person types their word; each is right.
Typed: TypeAlias = Literal["as agreed", "capital letters", "spaces around it"]
LinkChange: TypeAlias = Literal[
    "", "cut short", "too long", "another case", "one character", "end", "for saying not me"
]
BreaksDown: TypeAlias = Literal[
    "crime system down",
    "crime system back",
    "gateway down",
    "gateway back",
    "portal restarted",
]


#: How a delivery that the force did not sign now is signed.
SignedBy: TypeAlias = Literal["nobody", "another key", "the force an hour ago"]
#: What is not as the contract has it in an event that the force did sign.
Defect: TypeAlias = Literal[
    "unknown type", "no crime", "no time", "a day that is none", "cut short"
]
#: What the gateway tells the portal of the next message to somebody.
NextReceipt: TypeAlias = Literal[
    "permanent-failure", "temporary-failure", "technical-failure", "late", "twice", "never"
]


class StoryStep(Strict, frozen=True, kw_only=True, tag_field="step"):
    """One thing that happens."""


class Wait(StoryStep, frozen=True, kw_only=True, tag=True):
    """Time passes."""

    seconds: int


class ForceStep(StoryStep, frozen=True, kw_only=True):
    """The crime system records a fact about a crime; `event` names it for later steps.

    What is recorded `elsewhere` comes from another crime system, under the id of the next event.
    """

    crime: str
    event: str
    happened_seconds_ago: int = 0
    carriage: Carriage = "at once"
    elsewhere: bool = False


class RecordCrime(ForceStep, frozen=True, kw_only=True, tag=True):
    """A crime is recorded, with its people."""

    force: str
    people: tuple[str, ...]
    roles: tuple[Role, ...]
    offence_code: str
    offence_subgroup: str
    offence: str
    area: str = ""
    grade: int | None = None
    safeguarding: tuple[str, ...] = ()


class ReportIncident(ForceStep, frozen=True, kw_only=True, tag=True):
    """A person reports something, of which a crime may be recorded later by the same reference."""

    force: str
    person: str
    safeguarding: tuple[str, ...] = ()


class CloseIncident(ForceStep, frozen=True, kw_only=True, tag=True):
    """No crime is recorded of what was reported."""


class Deploy(ForceStep, frozen=True, kw_only=True, tag=True):
    """An officer is sent."""


class Allocate(ForceStep, frozen=True, kw_only=True, tag=True):
    """The crime gets an officer in charge, or a team."""

    officer: Officer | None = None
    team: str = ""


class MakeAppointment(ForceStep, frozen=True, kw_only=True, tag=True):
    """An officer will see a person."""

    appointment: str
    person: str
    starts_in_seconds: int
    place: str = ""


class ChangeAppointment(ForceStep, frozen=True, kw_only=True, tag=True):
    """An appointment has another time or place."""

    appointment: str
    person: str
    starts_in_seconds: int
    place: str = ""


class CancelAppointment(ForceStep, frozen=True, kw_only=True, tag=True):
    """An appointment will not take place."""

    appointment: str
    person: str


class ReachMilestone(ForceStep, frozen=True, kw_only=True, tag=True):
    """The investigation passes a milestone; of a statement, `giver` is who gave it."""

    milestone: Milestone
    giver: str = ""


class Charge(ForceStep, frozen=True, kw_only=True, tag=True):
    """A suspect is charged or summonsed."""

    decided_by: Decider = "unknown"
    interviewed: bool | None = None


class Close(ForceStep, frozen=True, kw_only=True, tag=True):
    """The force closes the crime with a Home Office outcome.

    `to_body` takes outcome 20 over, and `to_body_contact` says how to reach it; `confirmed` says
    whether a supervisor has confirmed it.
    """

    outcome: ClosingOutcome
    decided_by: Decider = "unknown"
    interviewed: bool | None = None
    to_body: str = ""
    to_body_contact: str = ""
    confirmed: bool = True


class Reopen(ForceStep, frozen=True, kw_only=True, tag=True):
    """A crime that had ended is investigated again."""


class Reclassify(ForceStep, frozen=True, kw_only=True, tag=True):
    """The crime is recorded as another offence."""

    offence_code: str
    offence_subgroup: str
    offence: str
    safeguarding: tuple[str, ...] = ()


class Merge(ForceStep, frozen=True, kw_only=True, tag=True):
    """The crime becomes part of another."""

    into: str


class Unmerge(ForceStep, frozen=True, kw_only=True, tag=True):
    """The merger of the crime is taken back."""


class Transfer(ForceStep, frozen=True, kw_only=True, tag=True):
    """Another force investigates the crime."""

    to_force: str


class Cancel(ForceStep, frozen=True, kw_only=True, tag=True):
    """The record of the crime is cancelled."""


class NoteContact(ForceStep, frozen=True, kw_only=True, tag=True):
    """An officer records having spoken to a person."""

    person: str


class OfficerAway(ForceStep, frozen=True, kw_only=True, tag=True):
    """An officer is away for some seconds (None: nobody knows until when), or has left."""

    officer: Officer
    why: Literal["away", "left"] = "away"
    for_seconds: int | None = None


class ChangeDetails(ForceStep, frozen=True, kw_only=True, tag=True):
    """The force changes a person's record: the whole of it, as it now is."""

    person: str
    record: VictimRecord
    #: The word that they have agreed on now ("" for the one they had).
    word: str = ""


class MergePersons(ForceStep, frozen=True, kw_only=True, tag=True):
    """The record of a person is merged into another, which survives; the crime is of the first."""

    person: str
    survivor: str


class UnmergePersons(ForceStep, frozen=True, kw_only=True, tag=True):
    """The merger of a person's record is taken back."""

    person: str


class Reply(ForceStep, frozen=True, kw_only=True, tag=True):
    """An officer marks these words as a reply to a person, perhaps to a question of theirs."""

    person: str
    text: str
    officer: Officer | None = None
    answers: AnswerTo = ""
    checked: bool = False


class WriteNote(StoryStep, frozen=True, kw_only=True, tag=True):
    """The force writes an internal note, which never leaves the crime system."""

    crime: str
    text: str


class SendHeldBack(StoryStep, frozen=True, kw_only=True, tag=True):
    """Integration sends an event that it held back, or sends one again."""

    event: str


class DeliverTogether(StoryStep, frozen=True, kw_only=True, tag=True):
    """Integration sends events in one delivery, in this order; one may stand in it twice.

    Before them it puts the first of them so many times more as `copies_before` says.
    """

    events: tuple[str, ...]
    copies_before: int = 0


class SendInvalid(StoryStep, frozen=True, kw_only=True, tag=True):
    """The force signs a delivery with an event that the contract does not allow.

    `along` is an event that integration holds back, and that is in the same delivery ("" for none).
    """

    crime: str
    defect: Defect
    along: str = ""


class SendBeyond(StoryStep, frozen=True, kw_only=True, tag=True):
    """The force signs an event with more in a field than the contract allows, or a number off it.

    `field` is a name in simulator/explore/contract_limits.py; `value` is the number, or how many
    characters the text has.
    """

    crime: str
    field: str
    value: int


class PersonStep(StoryStep, frozen=True, kw_only=True):
    """A person or a stranger does something, or it is done to what is theirs."""

    person: str


class TellReceipt(PersonStep, frozen=True, kw_only=True, tag=True):
    """The gateway says this of the next message to a person; one that failed does not arrive.

    It is the next that brings no code, or the next code if that is asked for.
    """

    channel: Channel
    receipt: NextReceipt | Literal["fails late"]
    of_code: bool = False


class RefuseSend(PersonStep, frozen=True, kw_only=True, tag=True):
    """The gateway refuses the next message to a person that brings no code, and takes it later.

    With 504 it has taken it, though it does not say so, and lists it late.
    """

    channel: Channel
    status: Literal[429, 500, 503, 504]


class SignIn(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person signs in from the newest invitation, or by the phone or mailbox on record.

    `written` is the address as they spell it ("" for the usual form).
    """

    by: SignInBy
    written: str = ""
    typed: Typed = "as agreed"


class SignOut(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person signs out, perhaps of the `older` of two sessions: that in another browser."""

    older: bool = False


class Read(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person who is signed in reads everything that the portal shows them."""

    older: bool = False


class Ask(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person who is signed in writes to the officer in charge; `about` is "" if nobody asks."""

    crime: str
    text: str
    about: Subject | Literal[""] = ""


class ChooseChannels(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person who is signed in chooses channels; none means no more messages."""

    channels: tuple[Channel, ...]


class WithdrawSupport(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person who is signed in asks to talk about no longer supporting a case, or nearly."""

    crime: str
    until: WithdrawalStep = "confirmed"


class TextBack(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person or a stranger texts the force's number from their phone."""

    words: str


class SayNotForMe(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person or a stranger says that messages to this phone or mailbox are not for them.

    `written` is the address as they spell it ("" for the usual form). Where it is not `as_holder`,
    anybody types the address of this person, and proves nothing.
    """

    channel: Channel
    written: str = ""
    as_holder: bool = True


class Move(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person gives up their phone or mailbox for another one ("" for the one they have).

    The force does not know until their details are changed. `other`, a stranger, has from now on
    what they gave up ("" for nobody).
    """

    phone: str = ""
    mailbox: str = ""
    other: str = ""


class Pry(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person who is signed in asks for the crimes of others, and writes about them."""


class Guess(PersonStep, frozen=True, kw_only=True, tag=True):
    """A stranger with a person's link or address gives wrong proofs, or wrong codes for the proof.

    They begin `sign_ins` times and give `times` wrong answers in each. In the last they then give
    the right answer if `then_right`, as the person might. Half way through wrong codes they ask for
    `another_code`.
    """

    by: SignInBy
    wrong: Literal["proof", "code"]
    times: int
    miss: Miss = "another one"
    sign_ins: int = 1
    then_right: bool = False
    another_code: bool = False


class EnterCode(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person signs in and enters the code after some seconds, and once more if `again`."""

    by: SignInBy
    after_seconds: int = 0
    again: bool = False


class SignInTogether(PersonStep, frozen=True, kw_only=True, tag=True):
    """Two people sign in at once; if `crossed` each tries the other's code before their own."""

    by: SignInBy
    other: str
    other_by: SignInBy
    crossed: bool = False


class FollowLink(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person signs in by a link again, by an older one, or by one that was changed.

    `back` counts invitations back from the newest.
    """

    back: int = 0
    change: LinkChange = ""


class VisitLinks(PersonStep, frozen=True, kw_only=True, tag=True):
    """A mail scanner follows every link that a person was sent."""


class SignInFrom(PersonStep, frozen=True, kw_only=True, tag=True):
    """Another person or a stranger tries a person's proof from their own phone or mailbox.

    They begin at its address, or `by_link` that was sent there.
    """

    other: str
    channel: Channel
    by_link: bool = False


class CompareAnswers(PersonStep, frozen=True, kw_only=True, tag=True):
    """A stranger gives wrong proofs at a person's address, and as many at one nobody has."""

    channel: Channel
    times: int = 1


class UseSession(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person's last session, or the one before, asks for their crimes; it may be over."""

    older: bool = False


class KeepReading(PersonStep, frozen=True, kw_only=True, tag=True):
    """A person reads on for so long, before their session has been idle for too long."""

    seconds: int


class Breakdown(StoryStep, frozen=True, kw_only=True, tag=True):
    """A neighbour of the portal goes down or comes back, or the portal is killed and restarted."""

    what: BreaksDown


class StartSecondWorker(StoryStep, frozen=True, kw_only=True, tag=True):
    """A second process of the portal serves its database; requests go to each in turn."""


#: What a person who is not the force claims.
Claim: TypeAlias = (
    RecordCrime
    | Deploy
    | Allocate
    | MakeAppointment
    | Charge
    | Close
    | Reopen
    | Cancel
    | ChangeDetails
    | NoteContact
    | Reply
)


class Forge(StoryStep, frozen=True, kw_only=True, tag=True):
    """Somebody who is not the force says that something happened.

    `as_event` is an event that integration holds back, whose id they know ("" for an id of theirs).
    """

    claim: Claim
    signed_by: SignedBy
    as_event: str = ""


Step: TypeAlias = (
    Wait
    | ReportIncident
    | CloseIncident
    | RecordCrime
    | Deploy
    | Allocate
    | MakeAppointment
    | ChangeAppointment
    | CancelAppointment
    | ReachMilestone
    | Charge
    | Close
    | Reopen
    | Reclassify
    | Merge
    | Unmerge
    | Transfer
    | Cancel
    | NoteContact
    | OfficerAway
    | ChangeDetails
    | MergePersons
    | UnmergePersons
    | Reply
    | WriteNote
    | SendHeldBack
    | DeliverTogether
    | SendInvalid
    | SendBeyond
    | Forge
    | TellReceipt
    | RefuseSend
    | SignIn
    | SignOut
    | Read
    | Ask
    | ChooseChannels
    | WithdrawSupport
    | TextBack
    | SayNotForMe
    | Move
    | Pry
    | Guess
    | EnterCode
    | SignInTogether
    | FollowLink
    | VisitLinks
    | SignInFrom
    | CompareAnswers
    | UseSession
    | KeepReading
    | Breakdown
    | StartSecondWorker
)
STEP_KINDS: tuple[type[StoryStep], ...] = get_args(Step)


def lasts_seconds(step: Step) -> int:
    """Say how long a step takes by itself."""
    if isinstance(step, Wait | KeepReading):
        return step.seconds
    return step.after_seconds if isinstance(step, EnterCode) else 0


def is_of_the_process(step: Step) -> bool:
    """Say whether a step restarts the portal's process, or starts a second one."""
    is_restart = isinstance(step, Breakdown) and step.what == "portal restarted"
    return is_restart or isinstance(step, StartSecondWorker)
