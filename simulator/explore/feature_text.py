"""Writes a story as a scenario that people read, with the failure it ends in.

The labels of a story are names of people and numbers of crimes, so that its steps read as they are.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import singledispatch
from typing import Any

from msgspec import structs

from reference.contract.events import VictimRecord
from reference.contract.outcomes import OUTCOMES
from simulator.clock import LONDON, written_day
from simulator.explore import steps as told
from simulator.explore.contract_limits import LIMITS
from simulator.explore.judged_story import Failure
from simulator.explore.labels import Labels
from simulator.explore.story import Story
from simulator.legible import legible

#: The end of a longer text is shown too: some portals lose that.
_PLAIN_WORDS_MAX, _END_CHARACTERS = 200, 40
_SYSTEM = "the crime system"
_NOT_PLAYED = Labels()
#: What is said of a step of which all can be said in one way.
_SENTENCES: Mapping[type[told.StoryStep], str] = {
    told.Deploy: "{system} records that an officer is deployed to crime {crime}",
    told.CancelAppointment: "{system} cancels the appointment with {person} about crime {crime}",
    told.Reopen: "{system} reopens crime {crime}",
    told.Merge: "{system} merges crime {crime} into crime {into}",
    told.Unmerge: "{system} takes back the merger of crime {crime}",
    told.UnmergePersons: (
        "the force takes back the merger of the record of {person} (crime {crime})"
    ),
    told.Transfer: "{system} transfers crime {crime} to {to_force}",
    told.Cancel: "{system} cancels crime {crime}",
    told.NoteContact: "{system} records that an officer spoke to {person} about crime {crime}",
    told.CloseIncident: "{system} closes report {crime}, and records no crime",
    told.VisitLinks: "a mail scanner follows every link sent to {person}",
    told.Pry: "{person} asks for every crime by its reference, and writes about those of others",
    told.SendHeldBack: "integration sends {event} again",
    told.RefuseSend: "the gateway answers {status} to the next {channel} to {person}, once",
    told.StartSecondWorker: "a second worker of the portal starts, and requests go to each in turn",
    told.MergePersons: (
        "the force merges the record of {person} into the record of {survivor} (crime {crime})"
    ),
}


def feature_text(
    story: Story, failure: Failure, *, replay: str = "", labels: Labels = _NOT_PLAYED
) -> str:
    """Write a story and its failure as a feature; `replay` is the command that plays it again.

    With the `labels` of a story that was played its steps name crimes and events as findings do.
    """
    story = labels.in_story(story)
    begins = story.begins_at.astimezone(LONDON)
    lines = [
        "Feature: Found by exploring",
        f"  # {_made(story)}, phase {story.phase}. London times.",
        *([f"  # {replay}"] if replay else []),
        "",
        f"  Scenario: {legible(failure.expected)}",
        *_sentences("Given", _given(story, begins)),
        *_sentences("When", (_said(each, labels) for each in story.steps)),
        f"    And {_passes(story.ends_after_seconds)}, and everyone who can signs in and reads",
        f"    Then it should be: {legible(failure.expected)}",
        f"    But it was: {legible(failure.observed)}",
    ]
    return "\n".join(lines) + "\n"


def _made(story: Story) -> str:
    """Say which story it is: of those that a seed makes, by its number."""
    seed, _slash, number = story.seed.rpartition("/")
    return f"Story {number} of seed {seed}" if seed else f"Seed {story.seed}"


def _sentences(word: str, said: Iterator[str]) -> list[str]:
    return [f"    {word if number == 0 else 'And'} {each}" for number, each in enumerate(said)]


def _given(story: Story, begins: datetime) -> Iterator[str]:
    yield f"it is {begins:%A} {written_day(begins)}, {begins:%H:%M:%S}"
    for number in range(1, story.phase + 1):
        day = getattr(story.go_live, f"phase_{number}")
        if abs(begins.date() - day) <= timedelta(days=60):
            yield f"phase {number} goes live on {written_day(day)}"
    for change in story.order:
        yield f"the order has {change.field} {_value(change.value)}"
    for person in story.people:
        holds = _holds(person.phone, person.mailbox)
        said, own_id = _record(person.record), person.record.person_id
        yield f"{person.label} {holds}, and is recorded as {own_id} with {said}"
        if person.same_as:
            yield f"{person.label} is truly {person.same_as}"
    for stranger in story.strangers:
        yield f"{stranger.label} {_holds(stranger.phone, stranger.mailbox)}"


def _holds(phone: str, mailbox: str) -> str:
    held = " and ".join(each for each in (phone, mailbox) if each)
    return f"holds {held}" if held else "holds no phone and no mailbox"


def _record(record: VictimRecord) -> str:
    """Say what of a record is not as in an empty one."""
    said = []
    for field in structs.fields(VictimRecord):
        value = getattr(record, field.name)
        if value != field.default and field.name != "person_id" and "digest" not in field.name:
            said.append(f"{field.name.replace('_', ' ')} {_value(value)}")
    return "; ".join(said) or "nothing"


def _value(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "blank" if value is None else ("yes" if value else "no")
    if isinstance(value, tuple | list):
        return " and ".join(map(str, value)) or "none"
    if hasattr(value, "__struct_fields__"):
        told_fields = ((f, getattr(value, f)) for f in value.__struct_fields__)
        return (
            "("
            + ", ".join(
                f"{f.replace('_', ' ')} {_value(v)}"
                for f, v in told_fields
                if v and "digest" not in f
            )
            + ")"
        )
    return repr(str(value))


def _said(step: told.Step, labels: Labels) -> str:
    if not isinstance(step, told.ForceStep):
        return _sentence(step)
    event = labels.id_of(step)
    return _sentence(step) + _carried(step) + (f" [event {event}]" if event else "")


def _carried(step: told.ForceStep) -> str:
    ago = f", which happened {_long(step.happened_seconds_ago)} ago"
    said = ago if step.happened_seconds_ago else ""
    said += ", elsewhere, under the id of the next event" if step.elsewhere else ""
    if step.carriage == "held back":
        return f"{said}; integration holds {step.event} back"
    return f"{said}; integration delivers it twice" if step.carriage == "twice" else said


@singledispatch
def _sentence(step: told.StoryStep) -> str:
    return _SENTENCES[type(step)].format(system=_SYSTEM, **structs.asdict(step))


@_sentence.register
def _(step: told.Wait) -> str:
    return _passes(step.seconds)


def _in(seconds: int, place: str) -> str:
    return f" in {_long(seconds)}" + (f", at {place}" if place else "")


def _flagged(markers: tuple[str, ...]) -> str:
    """Say how a crime is flagged, as the features do; nothing where it is not."""
    return f" (flagged {_value(markers).replace('_', ' ')})" if markers else ""


def _decided(step: told.Charge | told.Close) -> str:
    by = {"police": " by the police", "CPS": " by the CPS", "unknown": ""}
    interviewed = {
        True: ", and a suspect was interviewed under caution",
        False: ", and no suspect was interviewed",
        None: "",
    }
    return by[step.decided_by] + interviewed[step.interviewed]


@_sentence.register
def _(step: told.Allocate) -> str:
    officer = step.officer.name if step.officer else ""
    to = " of ".join(each for each in (officer, step.team) if each) or "nobody"
    return f"{_SYSTEM} allocates crime {step.crime} to {to}"


@_sentence.register
def _(step: told.MakeAppointment) -> str:
    return (
        f"{_SYSTEM} makes an appointment with {step.person} about crime {step.crime}"
        f"{_in(step.starts_in_seconds, step.place)}"
    )


@_sentence.register
def _(step: told.ChangeAppointment) -> str:
    return (
        f"{_SYSTEM} moves the appointment with {step.person} about crime {step.crime}"
        f"{_in(step.starts_in_seconds, step.place)}"
    )


@_sentence.register
def _(step: told.ReachMilestone) -> str:
    milestone = step.milestone.replace("_", " ").replace("cps", "CPS")
    by = f", by {step.giver}" if step.giver else ""
    return f"{_SYSTEM} records the milestone {milestone!r} of crime {step.crime}{by}"


@_sentence.register
def _(step: told.Charge) -> str:
    return f"{_SYSTEM} records that a suspect is charged with crime {step.crime}{_decided(step)}"


@_sentence.register
def _(step: told.Close) -> str:
    reached = f" ({step.to_body_contact})" if step.to_body_contact else ""
    to = f", taken over by {step.to_body}{reached}" if step.to_body else ""
    waits = "" if step.confirmed else ", which no supervisor has confirmed"
    how, meaning = f"{_decided(step)}{to}{waits}", OUTCOMES[step.outcome]
    return f"{_SYSTEM} closes crime {step.crime} with outcome {step.outcome} ({meaning}){how}"


@_sentence.register
def _(step: told.Reclassify) -> str:
    recorded_as = f"{step.offence_subgroup}{_flagged(step.safeguarding)}"
    return f"{_SYSTEM} reclassifies crime {step.crime} as {recorded_as}"


@_sentence.register
def _(step: told.OfficerAway) -> str:
    until = " with no return date"
    if step.for_seconds is not None:
        until = f" for {_long(step.for_seconds)}"
    gone = "has left" if step.why == "left" else f"is away{until}"
    return f"{_SYSTEM} records for crime {step.crime} that {step.officer.name} {gone}"


@_sentence.register
def _(step: told.WriteNote) -> str:
    return f"the force writes an internal note about crime {step.crime}: {_quoted(step.text)}"


@_sentence.register
def _(step: told.ReportIncident) -> str:
    flagged = _flagged(step.safeguarding)
    return f"{step.force} has report {step.crime} from {step.person}{flagged}, and no crime yet"


@_sentence.register
def _(step: told.RecordCrime) -> str:
    people = " and ".join(
        f"{who} ({role})" for who, role in zip(step.people, step.roles, strict=True)
    )
    recorded_as = f"{step.offence_subgroup}{_flagged(step.safeguarding)}"
    return f"{step.force} records crime {step.crime}, {recorded_as}, with {people}"


@_sentence.register
def _(step: told.ChangeDetails) -> str:
    word = ", with another agreed word" if step.word else ""
    return f"the force changes the record of {step.person} to {_record(step.record)}{word}"


@_sentence.register
def _(step: told.SignIn) -> str:
    at = f" at {_quoted(step.written)}" if step.written else ""
    typed = "" if step.typed == "as agreed" else f", with {step.typed} in what they type"
    return f"{step.person} signs in by {step.by}{at}{typed}"


@_sentence.register
def _(step: told.Guess) -> str:
    how = f" ({step.miss})" if step.wrong == "proof" else " after the right proof"
    given = f"{step.times} wrong {step.wrong}{'s' if step.times > 1 else ''}"
    wrong = f"gives {given}{how}" if step.times else "begins"
    anew = f", in each of {step.sign_ins} sign-ins" if step.sign_ins > 1 else ""
    right = ", asking for another code half way" if step.another_code else ""
    right += ", then the right one" if step.then_right else ""
    return f"a stranger at {step.person}'s sign-in by {step.by} {wrong}{anew}{right}"


@_sentence.register
def _(step: told.EnterCode) -> str:
    again = ", and again" if step.again else ""
    after = _long(step.after_seconds)
    return f"{step.person} signs in by {step.by} and enters the code after {after}{again}"


@_sentence.register
def _(step: told.SignInTogether) -> str:
    crossed = ", and each tries the other's code before their own" if step.crossed else ""
    return (
        f"{step.person} by {step.by} and {step.other} by {step.other_by} sign in at once{crossed}"
    )


@_sentence.register
def _(step: told.FollowLink) -> str:
    which = f"the link {step.back} before the newest" if step.back else "the newest link"
    changed = f", changed ({step.change})" if step.change else ""
    return f"{step.person}'s sign-in is tried by {which}{changed}"


@_sentence.register
def _(step: told.SignInFrom) -> str:
    by = f"the link sent to their {step.channel}" if step.by_link else f"their own {step.channel}"
    return f"{step.other} begins by {by} with the proof of {step.person}, and reads the code there"


@_sentence.register
def _(step: told.CompareAnswers) -> str:
    times = f"{step.times} wrong proof{'s' if step.times > 1 else ''}"
    known = f"for {step.person}, and for an address on no record"
    return f"a stranger gives {times} by {step.channel} {known}"


@_sentence.register
def _(step: told.UseSession) -> str:
    return f"{step.person}'s {'older' if step.older else 'last'} session asks for the crimes"


@_sentence.register
def _(step: told.KeepReading) -> str:
    return f"{step.person} keeps reading for {_long(step.seconds)}"


@_sentence.register
def _(step: told.SignOut) -> str:
    return f"{step.person} signs out{_of_older(step)}"


@_sentence.register
def _(step: told.Read) -> str:
    return f"{step.person} reads everything{_of_older(step)}"


@_sentence.register
def _(step: told.Ask) -> str:
    about = f", about {step.about}" if step.about else ""
    return f"{step.person} writes on crime {step.crime}{about}: {_quoted(step.text)}"


@_sentence.register
def _(step: told.Reply) -> str:
    by = f"{step.officer.name} replies" if step.officer else "an officer replies"
    to = f", to the {step.answers}" if step.answers else ""
    checked = ", and has checked it" if step.checked else ""
    said = _quoted(step.text)
    return f"{by} to {step.person} about crime {step.crime}{to}: {said}{checked}"


@_sentence.register
def _(step: told.ChooseChannels) -> str:
    return f"{step.person} " + (
        f"chooses to hear by {_value(step.channels)}"
        if step.channels
        else "asks the portal to stop all messages"
    )


@_sentence.register
def _(step: told.WithdrawSupport) -> str:
    end = "" if step.until == "confirmed" else ", and leaves when asked again"
    return f"{step.person} asks to talk about no longer supporting crime {step.crime}{end}"


@_sentence.register
def _(step: told.TextBack) -> str:
    return f"{step.person} texts back {_quoted(step.words)}"


@_sentence.register
def _(step: told.Move) -> str:
    new = " and ".join(each for each in (step.phone, step.mailbox) if each)
    to = f", and {step.other} has the old one from now on" if step.other else ""
    return f"{step.person} has {new} from now on{to}"


@_sentence.register
def _(step: told.SayNotForMe) -> str:
    if not step.as_holder:
        return f"anybody says that messages to {step.person} by {step.channel} are not for them"
    return f"{step.person} says that messages by {step.channel} are not for them"


@_sentence.register
def _(step: told.DeliverTogether) -> str:
    copies = f"{step.copies_before} times {step.events[0]}, and " if step.copies_before else ""
    return f"integration sends in one delivery {copies}{_value(step.events)}"


@_sentence.register
def _(step: told.SendInvalid) -> str:
    along = f" together with {step.along}" if step.along else ""
    return f"the force sends an event of crime {step.crime} with {step.defect}{along}"


@_sentence.register
def _(step: told.SendBeyond) -> str:
    limit = LIMITS.get(step.field)
    much = (
        f"{step.value} characters in {step.field}"
        if limit is not None and limit.is_text
        else (f"{step.value} {step.field}" if limit is None else f"{step.field} {step.value}")
    )
    return f"the force sends an event of crime {step.crime} with {much}"


@_sentence.register
def _(step: told.Forge) -> str:
    known = f" under the id of {step.as_event}" if step.as_event else ""
    return f"a stranger sends, signed by {step.signed_by}{known}: {_sentence(step.claim)}"


@_sentence.register
def _(step: told.TellReceipt) -> str:
    what = f"{step.channel} with a code" if step.of_code else step.channel
    return f"the receipt of the next {what} to {step.person} is: {step.receipt}"


@_sentence.register
def _(step: told.Breakdown) -> str:
    return f"the {step.what}".replace(" down", " goes down").replace(" back", " comes back")


def _quoted(words: str) -> str:
    if len(words) <= _PLAIN_WORDS_MAX:
        return repr(legible(words))
    begins, ends = words[: _PLAIN_WORDS_MAX - _END_CHARACTERS], words[-_END_CHARACTERS:]
    return f"{legible(begins)!r} … {legible(ends)!r} ({len(words):,} characters)"


def _passes(seconds: int) -> str:
    """Say that time passes: "1 day passes", "2 days pass"."""
    long = _long(seconds)
    is_one = long in ("1 day", "1 hour", "1 minute", "1 second", "no time")
    return f"{long} {'passes' if is_one else 'pass'}"


def _long(seconds: int) -> str:
    parts = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(parts) or "no time"


def _of_older(step: told.Read | told.SignOut) -> str:
    return " in the older of their two sessions" if step.older else ""
