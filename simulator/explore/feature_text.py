"""Writes a story as a scenario that people read, with the failure it ends in.

The labels of a story are names of people and numbers of crimes, so that its steps read as they are.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
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
_NOT_PLAYED = Labels()


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


class _Told:
    """What a sentence names of a step: a field of it, or one of the parts below."""

    def __init__(self, step: told.StoryStep) -> None:
        self._step = step

    def __getitem__(self, name: str) -> Any:
        part = _PARTS.get(name)
        return getattr(self._step, name) if part is None else part(self._step)


def _sentence(step: told.StoryStep) -> str:
    return _SENTENCES[type(step)].format_map(_Told(step))


def _quoted(words: str) -> str:
    if len(words) <= _PLAIN_WORDS_MAX:
        return repr(legible(words))
    begins, ends = words[: _PLAIN_WORDS_MAX - _END_CHARACTERS], words[-_END_CHARACTERS:]
    return f"{legible(begins)!r} … {legible(ends)!r} ({len(words):,} characters)"


def _long(seconds: int) -> str:
    parts = []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(parts) or "no time"


def _passes(seconds: int) -> str:
    long = _long(seconds)
    is_one = long in ("1 day", "1 hour", "1 minute", "1 second", "no time")
    return f"{long} {'passes' if is_one else 'pass'}"


def _decided(step: told.Charge | told.Close) -> str:
    by = {"police": " by the police", "CPS": " by the CPS", "unknown": ""}
    interviewed = {
        True: ", and a suspect was interviewed under caution",
        False: ", and no suspect was interviewed",
        None: "",
    }
    return by[step.decided_by] + interviewed[step.interviewed]


def _taken_over(step: told.Close) -> str:
    reached = f" ({step.to_body_contact})" if step.to_body_contact else ""
    return f", taken over by {step.to_body}{reached}" if step.to_body else ""


def _flagged(step: Any) -> str:
    markers = _value(step.safeguarding).replace("_", " ")
    return f" (flagged {markers})" if step.safeguarding else ""


def _gone(step: told.OfficerAway) -> str:
    if step.why == "left":
        return "has left"
    until = (
        " with no return date" if step.for_seconds is None else f" for {_long(step.for_seconds)}"
    )
    return f"is away{until}"


def _guessed(step: told.Guess) -> str:
    how = f" ({step.miss})" if step.wrong == "proof" else " after the right proof"
    given = f"{step.times} wrong {step.wrong}{'s' if step.times > 1 else ''}"
    return f"gives {given}{how}" if step.times else "begins"


def _beyond(step: told.SendBeyond) -> str:
    limit = LIMITS.get(step.field)
    if limit is None:
        return f"{step.value} {step.field}"
    is_text = limit.is_text
    return f"{step.value} characters in {step.field}" if is_text else f"{step.field} {step.value}"


#: What is said of each kind of step.
_SENTENCES: Mapping[type[told.StoryStep], str] = {
    told.Wait: "{passes}",
    told.ReportIncident: "{force} has report {crime} from {person}{flagged}, and no crime yet",
    told.CloseIncident: "{system} closes report {crime}, and records no crime",
    told.RecordCrime: "{force} records crime {crime}, {offence_subgroup}{flagged}, with {people}",
    told.Deploy: "{system} records that an officer is deployed to crime {crime}",
    told.Allocate: "{system} allocates crime {crime} to {allocated}",
    told.MakeAppointment: (
        "{system} makes an appointment with {person} about crime {crime} in {starts}{place}"
    ),
    told.ChangeAppointment: (
        "{system} moves the appointment with {person} about crime {crime} in {starts}{place}"
    ),
    told.CancelAppointment: "{system} cancels the appointment with {person} about crime {crime}",
    told.ReachMilestone: "{system} records the milestone {milestone!r} of crime {crime}{giver}",
    told.Charge: "{system} records that a suspect is charged with crime {crime}{decided}",
    told.Close: (
        "{system} closes crime {crime} with outcome {outcome} ({meaning}){decided}{taken_over}"
        "{confirmed}"
    ),
    told.Reopen: "{system} reopens crime {crime}",
    told.Reclassify: "{system} reclassifies crime {crime} as {offence_subgroup}{flagged}",
    told.Merge: "{system} merges crime {crime} into crime {into}",
    told.Unmerge: "{system} takes back the merger of crime {crime}",
    told.Transfer: "{system} transfers crime {crime} to {to_force}",
    told.Cancel: "{system} cancels crime {crime}",
    told.NoteContact: "{system} records that an officer spoke to {person} about crime {crime}",
    told.OfficerAway: "{system} records for crime {crime} that {officer.name} {gone}",
    told.ChangeDetails: "the force changes the record of {person} to {record}{word}",
    told.MergePersons: (
        "the force merges the record of {person} into the record of {survivor} (crime {crime})"
    ),
    told.UnmergePersons: (
        "the force takes back the merger of the record of {person} (crime {crime})"
    ),
    told.Reply: "{replies} to {person} about crime {crime}{answers}: {text}{checked}",
    told.WriteNote: "the force writes an internal note about crime {crime}: {text}",
    told.SendHeldBack: "integration sends {event} again",
    told.DeliverTogether: "integration sends in one delivery {copies}{events}",
    told.SendInvalid: "the force sends an event of crime {crime} with {defect}{along}",
    told.SendBeyond: "the force sends an event of crime {crime} with {beyond}",
    told.Forge: "a stranger sends, signed by {signed_by}{as_event}: {claim}",
    told.TellReceipt: "the receipt of the next {channel}{of_code} to {person} is: {receipt}",
    told.RefuseSend: "the gateway answers {status} to the next {channel} to {person}, once",
    told.SignIn: "{person} signs in by {by}{written}{typed}",
    told.SignOut: "{person} signs out{older}",
    told.Read: "{person} reads everything{older}",
    told.Ask: "{person} writes on crime {crime}{about}: {text}",
    told.ChooseChannels: "{person} {chooses}",
    told.WithdrawSupport: ("{person} asks to talk about no longer supporting crime {crime}{until}"),
    told.TextBack: "{person} texts back {words}",
    told.SayNotForMe: "{said_by} that messages {not_for_them} are not for them",
    told.Move: "{person} has {new} from now on{other_has}",
    told.Pry: "{person} asks for every crime by its reference, and writes about those of others",
    told.Guess: (
        "a stranger at {person}'s sign-in by {by} {guessed}{sign_ins}{another_code}{then_right}"
    ),
    told.EnterCode: "{person} signs in by {by} and enters the code after {after}{again}",
    told.SignInTogether: "{person} by {by} and {other} by {other_by} sign in at once{crossed}",
    told.FollowLink: "{person}'s sign-in is tried by {back}{change}",
    told.VisitLinks: "a mail scanner follows every link sent to {person}",
    told.SignInFrom: (
        "{other} begins by {by_link} with the proof of {person}, and reads the code there"
    ),
    told.CompareAnswers: (
        "a stranger gives {times} by {channel} for {person}, and for an address on no record"
    ),
    told.UseSession: "{person}'s {which} session asks for the crimes",
    told.KeepReading: "{person} keeps reading for {seconds}",
    told.Breakdown: "the {what}",
    told.StartSecondWorker: "a second worker of the portal starts, and requests go to each in turn",
}
#: What a field comes to in a sentence, where it does not stand as it is, and other parts of one.
_PARTS: Mapping[str, Callable[[Any], str]] = {
    "system": lambda _step: "the crime system",
    "passes": lambda step: _passes(step.seconds),
    "flagged": _flagged,
    "people": lambda step: " and ".join(
        f"{who} ({role})" for who, role in zip(step.people, step.roles, strict=True)
    ),
    "allocated": lambda step: (
        " of ".join(filter(None, (step.officer and step.officer.name, step.team))) or "nobody"
    ),
    "starts": lambda step: _long(step.starts_in_seconds),
    "place": lambda step: step.place and f", at {step.place}",
    "milestone": lambda step: step.milestone.replace("_", " ").replace("cps", "CPS"),
    "giver": lambda step: step.giver and f", by {step.giver}",
    "decided": _decided,
    "meaning": lambda step: OUTCOMES[step.outcome],
    "taken_over": _taken_over,
    "confirmed": lambda step: "" if step.confirmed else ", which no supervisor has confirmed",
    "gone": _gone,
    "record": lambda step: _record(step.record),
    "word": lambda step: ", with another agreed word" if step.word else "",
    "replies": lambda step: f"{step.officer.name if step.officer else 'an officer'} replies",
    "answers": lambda step: step.answers and f", to the {step.answers}",
    "text": lambda step: _quoted(step.text),
    "checked": lambda step: ", and has checked it" if step.checked else "",
    "copies": lambda step: (
        f"{step.copies_before} times {step.events[0]}, and " if step.copies_before else ""
    ),
    "events": lambda step: _value(step.events),
    "along": lambda step: step.along and f" together with {step.along}",
    "beyond": _beyond,
    "as_event": lambda step: step.as_event and f" under the id of {step.as_event}",
    "claim": lambda step: _sentence(step.claim),
    "of_code": lambda step: " with a code" if step.of_code else "",
    "written": lambda step: step.written and f" at {_quoted(step.written)}",
    "typed": lambda step: (
        "" if step.typed == "as agreed" else f", with {step.typed} in what they type"
    ),
    "older": lambda step: " in the older of their two sessions" if step.older else "",
    "about": lambda step: step.about and f", about {step.about}",
    "chooses": lambda step: (
        f"chooses to hear by {_value(step.channels)}"
        if step.channels
        else "asks the portal to stop all messages"
    ),
    "until": lambda step: "" if step.until == "confirmed" else ", and leaves when asked again",
    "words": lambda step: _quoted(step.words),
    "said_by": lambda step: f"{step.person} says" if step.as_holder else "anybody says",
    "not_for_them": lambda step: (
        f"by {step.channel}" if step.as_holder else f"to {step.person} by {step.channel}"
    ),
    "new": lambda step: " and ".join(filter(None, (step.phone, step.mailbox))),
    "other_has": lambda step: step.other and f", and {step.other} has the old one from now on",
    "guessed": _guessed,
    "sign_ins": lambda step: f", in each of {step.sign_ins} sign-ins" if step.sign_ins > 1 else "",
    "another_code": lambda step: ", asking for another code half way" if step.another_code else "",
    "then_right": lambda step: ", then the right one" if step.then_right else "",
    "after": lambda step: _long(step.after_seconds),
    "again": lambda step: ", and again" if step.again else "",
    "crossed": lambda step: (
        ", and each tries the other's code before their own" if step.crossed else ""
    ),
    "back": lambda step: (
        f"the link {step.back} before the newest" if step.back else "the newest link"
    ),
    "change": lambda step: step.change and f", changed ({step.change})",
    "by_link": lambda step: (
        f"{'the link sent to their' if step.by_link else 'their own'} {step.channel}"
    ),
    "times": lambda step: f"{step.times} wrong proof{'s' if step.times > 1 else ''}",
    "which": lambda step: "older" if step.older else "last",
    "seconds": lambda step: _long(step.seconds),
    "what": lambda step: step.what.replace(" down", " goes down").replace(" back", " comes back"),
}
