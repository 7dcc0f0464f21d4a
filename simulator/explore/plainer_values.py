"""The plainer values that a failing story is tried with: of its people, its steps and its days.

Each form differs from the one before it in one thing. That a form is lawful and still fails is for
simulator/explore/shrinking.py to find out.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import structs

from reference.contract.events import Officer, VictimRecord
from simulator.clock import LONDON
from simulator.explore.steps import (
    Allocate,
    Ask,
    ChangeAppointment,
    ChangeDetails,
    Close,
    DeliverTogether,
    Forge,
    MakeAppointment,
    MergePersons,
    Reply,
    Step,
    Transfer,
    Wait,
    WriteNote,
)
from simulator.explore.story import Person, Story

#: Gives a story with one thing of one person plainer: that person by their place.
PlainerPerson = Callable[[Story, int], Story]
#: Gives a step with one of its values plainer, in several ways.
PlainerStep = Callable[[Any], Iterator[Step]]
_DAY = 86_400
_EVENTS_TRIED_MAX = 8
#: An adult, on the day that people of stories have who were given none.
_BORN = date(1980, 2, 29)
#: For people whose own names are particular, by their place in the story.
_GIVEN_NAMES = ("Alex", "Robin", "Charlie", "Jamie", "Leslie")
_FAMILY_NAMES = ("Hart", "Ford", "Lane", "Marsh", "Field")
_NAME_CHARACTERS_MAX = 15
#: Investigation complete, no suspect identified: no person and no other body decided it.
_PLAIN_OUTCOME = 18
#: For officers and teams with long or particular names, and for what people write.
_PLAIN_OFFICERS = (
    Officer("PC Jo Bridge", "4271"),
    Officer("DC Pat Stone", "4272"),
    Officer("PC Lee Brook", "4273"),
)
_PLAIN_TEAM, _PLAIN_FORCE = "Local Crime Team", "Sussex Police"
_PLAIN_TEXTS: Mapping[type, str] = {
    Ask: "Is there any news?",
    Reply: "Thank you. We are looking into it.",
    WriteNote: "The camera at the shop was checked.",
}
_FILLING = "This is one more plain sentence. "
_WORDS_MAX = 30
#: Longer than one text, and than many a field of a database.
_LENGTHS = (161, 256, 1_001)
#: What an ordinary record of a victim says.
_PLAIN_RECORD: dict[str, Any] = {
    "has_died": False,
    "safe_to_contact": True,
    "safe_channel": None,
    "safe_until": None,
    "other_phone": "",
    "enhanced_rights": False,
    "update_frequency_days": None,
    "preferred_channels": ("text", "email"),
    "is_suspect_in_linked_crime": False,
    "is_police_employee": False,
    "is_restricted": None,
}
#: Fields that have a default in every step that has them.
_OPTIONAL = frozenset(
    {"happened_seconds_ago", "carriage", "area", "grade", "safeguarding", "place", "written"}
    | {"decided_by", "interviewed", "for_seconds", "answers", "copies_before", "along", "as_event"}
    | {"typed", "miss", "sign_ins", "then_right", "another_code", "after_seconds", "again"}
    | {"crossed", "back", "by_link", "confirmed"}
)


def plainer_steps(step: Step) -> Iterator[PlainerStep]:
    """Give for each value of a step that may be plainer what makes it so, the plainest first.

    What it gives is asked of the step as it then is: one value after another becomes plain.
    """
    if isinstance(step, Wait):
        yield _shorter
        return
    for field in structs.fields(step):
        if field.name in _OPTIONAL:
            yield partial(_without, name=field.name, plain=field.default)
    yield from _OF_KIND.get(type(step), ())


def _shorter(step: Wait) -> Iterator[Step]:
    return (Wait(seconds=each) for each in (60, 3_600, _DAY) if each < step.seconds)


def _without(step: Step, *, name: str, plain: Any) -> Iterator[Step]:
    if getattr(step, name) != plain:
        yield structs.replace(step, **{name: plain})


def _fewer_events(step: DeliverTogether) -> Iterator[Step]:
    for at in range(min(len(step.events), _EVENTS_TRIED_MAX)):
        yield structs.replace(step, events=step.events[:at] + step.events[at + 1 :])


def _plainer_details(step: ChangeDetails) -> Iterator[Step]:
    return (structs.replace(step, record=each) for each in _plainer_records(step.record))


def _plain_outcome(step: Close) -> Iterator[Step]:
    if step.outcome != _PLAIN_OUTCOME:
        none = {"to_body": "", "to_body_contact": ""}
        yield structs.replace(step, outcome=_PLAIN_OUTCOME, confirmed=True, **none)


def _whole_days(step: MakeAppointment | ChangeAppointment) -> Iterator[Step]:
    if step.starts_in_seconds % _DAY:
        days = max(1, round(step.starts_in_seconds / _DAY))
        yield structs.replace(step, starts_in_seconds=days * _DAY)


def _plain_team(step: Allocate) -> Iterator[Step]:
    """Name no team where there is an officer, else an ordinary one."""
    if step.team and step.officer is not None:
        yield structs.replace(step, team="")
    if not _is_short(step.team):
        yield structs.replace(step, team=_PLAIN_TEAM)


def _plain_force(step: Transfer) -> Iterator[Step]:
    if not _is_short(step.to_force):
        yield structs.replace(step, to_force=_PLAIN_FORCE)


def _plain_text(step: Ask | Reply | WriteNote) -> Iterator[Step]:
    """Write an ordinary sentence; else plain words of some length, that of the text the last."""
    plain = _PLAIN_TEXTS[type(step)]
    if step.text == plain:
        return
    yield structs.replace(step, text=plain)
    for count in (*(each for each in _LENGTHS if each < len(step.text)), len(step.text)):
        words = plain_words(count)
        if words == step.text:
            return
        yield structs.replace(step, text=words)


def plain_words(count: int) -> str:
    """Write so many characters of plain English."""
    return (_FILLING * (count // len(_FILLING) + 1))[:count].rstrip().ljust(count, ".")


def _is_short(words: str) -> bool:
    return words.isascii() and len(words) <= _WORDS_MAX


def officers_of(story: Story) -> tuple[Officer, ...]:
    """List the officers of a story, in the order in which they come."""
    named = (getattr(_claimed(each), "officer", None) for each in story.steps)
    return tuple(dict.fromkeys(each for each in named if each is not None))


def with_plain_officer(story: Story, at: int) -> Story:
    """Give a story in which one of its officers has a plain name and number, in every step."""
    officers = officers_of(story)
    officer = officers[at]
    plain = _PLAIN_OFFICERS[at % len(_PLAIN_OFFICERS)]
    is_plain = _is_short(officer.name) and _is_short(officer.collar_number)
    if is_plain or any(each.collar_number == plain.collar_number for each in officers):
        return story
    steps = (_with_officer(each, officer, plain) for each in story.steps)
    return structs.replace(story, steps=tuple(steps))


def _claimed(step: Step) -> Step:
    return step.claim if isinstance(step, Forge) else step


def _with_officer(step: Any, was: Officer, plain: Officer) -> Any:
    if isinstance(step, Forge):
        return structs.replace(step, claim=_with_officer(step.claim, was, plain))
    return structs.replace(step, officer=plain) if getattr(step, "officer", None) == was else step


#: What is tried of each kind of step, beside its fields that have a default.
_OF_KIND: Mapping[type, tuple[PlainerStep, ...]] = {
    DeliverTogether: (_fewer_events,),
    ChangeDetails: (_plainer_details,),
    Close: (_plain_outcome,),
    MakeAppointment: (_whole_days,),
    ChangeAppointment: (_whole_days,),
    Allocate: (_plain_team,),
    Transfer: (_plain_force,),
    Ask: (_plain_text,),
    Reply: (_plain_text,),
    WriteNote: (_plain_text,),
}


def plainest_person(story: Story, at: int) -> Story:
    """Give a story with everything of one person plain."""
    for change in PLAINER_PEOPLE:
        story = change(story, at)
    return story


def plainer_begins(story: Story) -> Iterator[datetime]:
    """Give plainer times at which a story may begin: a morning, and that of a Monday."""
    begins = story.begins_at.astimezone(LONDON)
    morning = begins.replace(hour=10, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=-morning.weekday() % 7)
    for each in (monday, morning):
        if each != begins:
            yield each.astimezone(story.begins_at.tzinfo)


def _plainer_records(record: VictimRecord) -> Iterator[VictimRecord]:
    for name, plain in _PLAIN_RECORD.items():
        if getattr(record, name) != plain:
            yield structs.replace(record, **{name: plain})
    if record.kind != "person" or record.who_is_told == "nobody":
        yield _ordinary(record)


def _ordinary(record: VictimRecord) -> VictimRecord:
    """Write down a person, of whom nobody decided who is told."""
    told = None if record.who_is_told == "nobody" else record.who_is_told
    return structs.replace(record, kind="person", organisation_name="", who_is_told=told)


def _is_told_themselves(story: Story, at: int) -> Story:
    """Have the person who is told be the victim, in every record of theirs."""
    person = story.people[at]
    if person.record.told_instead is None or _has_two_records(story, at):
        return story
    steps = tuple(
        structs.replace(step, record=_of_who_is_told(step.record, person.born))
        if isinstance(step, ChangeDetails) and step.person == person.label
        else step
        for step in story.steps
    )
    record = _of_who_is_told(person.record, person.born)
    themselves = structs.replace(person, record=record, own_phone="", own_mailbox="")
    return structs.replace(_with(story, at, themselves), steps=steps)


def _of_who_is_told(record: VictimRecord, born: date) -> VictimRecord:
    instead = record.told_instead
    if instead is None:
        return record
    return structs.replace(
        record,
        given_name=instead.given_name,
        family_name=instead.family_name,
        born=born,
        mobile_phone=instead.mobile_phone,
        other_phone=instead.other_phone,
        email=instead.email,
        preferred_channels=instead.preferred_channels,
        safe_to_contact=instead.safe_to_contact,
        kind="person",
        organisation_name="",
        who_is_told=None,
        told_instead=None,
    )


def _with(story: Story, at: int, person: Person) -> Story:
    return structs.replace(story, people=(*story.people[:at], person, *story.people[at + 1 :]))


def _with_record(story: Story, at: int, **values: Any) -> Story:
    """Change fields of one person's record; where another is told, those of who is told too."""
    person = story.people[at]
    return _with(
        story, at, structs.replace(person, record=structs.replace(person.record, **values))
    )


def _field_plain(name: str, plain: Any) -> PlainerPerson:
    return lambda story, at: _with_record(story, at, **{name: plain})


def _person_plain(story: Story, at: int) -> Story:
    person = story.people[at]
    return _with(story, at, structs.replace(person, record=_ordinary(person.record)))


def _number_plain(story: Story, at: int) -> Story:
    return _as_told(story, at, mobile_phone=story.people[at].phone)


def _mailbox_plain(story: Story, at: int) -> Story:
    return _as_told(story, at, email=story.people[at].mailbox)


def _name_plain(story: Story, at: int) -> Story:
    """Give a person whose name is particular a plain one: their label where that is plain."""
    if _has_two_records(story, at):
        return story
    person = story.people[at]
    named = person.record.told_instead or person.record
    place = at % len(_GIVEN_NAMES)
    values = {}
    if not _is_plain(named.given_name):
        is_plain = _is_plain(person.label)
        values["given_name"] = person.label if is_plain else _GIVEN_NAMES[place]
    if not _is_plain(named.family_name):
        values["family_name"] = _FAMILY_NAMES[place]
    return _as_told(story, at, **values)


def _is_plain(name: str) -> bool:
    """Say whether a name is one word, as most people write theirs."""
    is_word = name.isascii() and name.isalpha() and name == name.capitalize()
    return is_word and 1 < len(name) <= _NAME_CHARACTERS_MAX


def _as_told(story: Story, at: int, **values: Any) -> Story:
    """Change what is written down of the person who is told."""
    instead = story.people[at].record.told_instead
    if instead is None:
        return _with_record(story, at, **values)
    return _with_record(story, at, told_instead=structs.replace(instead, **values))


def _age_plain(story: Story, at: int) -> Story:
    """Give an adult's day of birth, in the record and as the proof.

    It is nobody else's: two who share a phone and prove who they are by one day are taken for one.
    """
    person, born = story.people[at], _BORN.replace(year=_BORN.year + 4 * at)
    if person.record.told_instead is not None:
        return _with_record(story, at, born=born)
    days = [each.born for each in story.people]
    is_known = person.record.born is not None and days.count(person.born) == 1
    if _has_two_records(story, at) or not is_known or born in days:
        return story
    record = structs.replace(person.record, born=born)
    return _with(story, at, structs.replace(person, record=record, born=born))


def _has_two_records(story: Story, at: int) -> bool:
    """Say whether a person is, or is taken for, another of the story.

    Those are one by their names and days of birth: to change these would change who they are.
    """
    person = story.people[at]
    others = [each for each in story.people if each is not person]
    merged = {
        label
        for step in story.steps
        if isinstance(step, MergePersons)
        for label in (step.person, step.survivor)
    }
    return (
        bool(person.same_as)
        or person.label in merged
        or any(each.same_as == person.label for each in others)
        or any(_name_of(each) == _name_of(person) for each in others)
    )


def _name_of(person: Person) -> tuple[str, str]:
    named = person.record.told_instead or person.record
    return named.given_name.casefold(), named.family_name.casefold()


#: What is tried of every person, one after another.
PLAINER_PEOPLE: tuple[PlainerPerson, ...] = (
    _is_told_themselves,
    _person_plain,
    *(_field_plain(name, plain) for name, plain in _PLAIN_RECORD.items()),
    _number_plain,
    _mailbox_plain,
    _name_plain,
    _age_plain,
)
