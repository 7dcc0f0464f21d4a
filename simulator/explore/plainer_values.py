"""The plainer values that a failing story is tried with: of its people, its steps and its days.

What is plain is mostly the default of a field in the contract or in the steps. That an edit is
lawful, and that the story still fails, is for simulator/explore/shrinking.py to find out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, structs

from reference.contract.events import Officer, VictimRecord
from simulator.clock import LONDON
from simulator.explore.steps import ChangeDetails, Forge, MergePersons
from simulator.explore.story import Person, Story

#: Gives a story with one thing otherwise; steps keep their places, people their labels.
Edit: TypeAlias = Callable[[Story], Story]
#: What may be otherwise in one place, the plainest first.
Place: TypeAlias = Sequence[Edit]
_HOUR, _DAY = 3_600, 86_400
#: An adult, on the day that people of stories have who were given none.
_BORN = date(1980, 2, 29)
#: For people whose own names are particular, by their place in the story.
_GIVEN_NAMES = ("Alex", "Robin", "Charlie", "Jamie", "Leslie")
_FAMILY_NAMES = ("Hart", "Ford", "Lane", "Marsh", "Field")
_NAME_CHARACTERS_MAX = 15
#: For officers with long or particular names.
_PLAIN_OFFICERS = (
    Officer("PC Jo Bridge", "4271"),
    Officer("DC Pat Stone", "4272"),
    Officer("PC Lee Brook", "4273"),
)
#: What is plain where the contract or the steps have no default, or one that is not ordinary.
_PLAIN: Mapping[tuple[str, str], Any] = {
    ("Ask", "text"): "Is there any news?",
    ("Reply", "text"): "Thank you. We are looking into it.",
    ("WriteNote", "text"): "The camera at the shop was checked.",
    ("Transfer", "to_force"): "Sussex Police",
    ("Allocate", "team"): "Local Crime Team",
    # Investigation complete, no suspect identified: no person and no other body decided it.
    ("Close", "outcome"): 18,
    ("VictimRecord", "safe_to_contact"): True,
}
#: Who people are, and what they hold: that is edited as a whole, or never.
_NEVER = frozenset(
    {"label", "same_as", "phone", "mailbox", "own_phone", "own_mailbox", "word", "born", "kind"}
    | {"given_name", "family_name", "mobile_phone", "email", "organisation_name", "who_is_told"}
    | {"told_instead", "strangers", "order", "officer"}
)
#: Of these a length may be what the failure needs.
_TEXTS = frozenset({"text", "place", "area", "team", "to_force"})
_FILLING = "This is one more plain sentence. "
_WORDS_MAX = 30
#: Longer than one text, and than many a field of a database.
_LENGTHS = (161, 256, 1_001)


def plainer_places(story: Story) -> Iterator[Place]:
    """Give for each value of a story that may be plainer the edits that make it so."""
    yield from _order_places(story)
    yield from _places_in(story, ())
    for officer in _officers_of(story):
        yield (partial(_with_plain_officer, officer=officer),)
    for person in story.people:
        for change in _OF_PEOPLE:
            yield (partial(change, label=person.label),)


def _order_places(story: Story) -> Iterator[Place]:
    for change in story.order:
        yield (partial(_without_one, name="order", value=change),)


def _without_one(story: Story, *, name: str, value: Any) -> Story:
    kept = tuple(each for each in getattr(story, name) if each != value)
    return structs.replace(story, **{name: kept})


def _places_in(value: Struct, path: tuple[str | int, ...]) -> Iterator[Place]:
    for field in structs.fields(value):
        if field.name in _NEVER:
            continue
        held, here = getattr(value, field.name), (*path, field.name)
        inner = [(here, held)]
        if isinstance(held, tuple):
            inner = [((*here, place), each) for place, each in enumerate(held)]
        for where, each in inner:
            if isinstance(each, Struct) and not isinstance(each, Officer):
                yield from _places_in(each, where)
        plainer = [each for each in _plainer(value, field, held) if each != held]
        if plainer:
            yield tuple(partial(_with_value, path=here, value=each) for each in plainer)


def _plainer(owner: Struct, field: structs.FieldInfo, held: Any) -> Iterator[Any]:
    """Give plainer values for a field, the plainest first: its default, or what stands for one."""
    plain = _PLAIN.get((type(owner).__name__, field.name), field.default)
    if field.name == "team" and getattr(owner, "officer", None):
        plain = ""
    if plain is not msgspec.NODEFAULT:
        yield plain
    if isinstance(held, datetime):
        yield from _plainer_begins(held)
    elif field.name == "starts_in_seconds":
        yield max(1, round(held / _DAY)) * _DAY
    elif isinstance(held, int) and field.name.endswith("seconds"):
        rounds = (0, 60, _HOUR, _DAY, held // _DAY * _DAY, held // _HOUR * _HOUR)
        yield from (each for each in rounds if each < held)
    elif field.name in _TEXTS:
        yield from map(plain_words, (each for each in _LENGTHS if each < len(held)))
        yield plain_words(len(held))
    elif field.name == "events":
        yield from (held[:place] + held[place + 1 :] for place in range(len(held)))


def _with_value(held: Any, *, path: Sequence[str | int], value: Any) -> Any:
    if not path:
        return value
    first, *rest = path
    if isinstance(first, str):
        inner = _with_value(getattr(held, first), path=rest, value=value)
        return structs.replace(held, **{first: inner})
    return (*held[:first], _with_value(held[first], path=rest, value=value), *held[first + 1 :])


def plain_words(count: int) -> str:
    """Write so many characters of plain English."""
    return (_FILLING * (count // len(_FILLING) + 1))[:count].rstrip().ljust(count, ".")


def _plainer_begins(at: datetime) -> Iterator[datetime]:
    begins = at.astimezone(LONDON)
    morning = begins.replace(hour=10, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=-morning.weekday() % 7)
    yield from (each.astimezone(at.tzinfo) for each in (monday, morning))


def _officers_of(story: Story) -> tuple[Officer, ...]:
    named = (getattr(getattr(each, "claim", each), "officer", None) for each in story.steps)
    return tuple(dict.fromkeys(each for each in named if each is not None))


def _with_plain_officer(story: Story, *, officer: Officer) -> Story:
    officers = _officers_of(story)
    is_plain = _is_short(officer.name) and _is_short(officer.collar_number)
    if is_plain or officer not in officers:
        return story
    taken = {each.collar_number for each in officers}
    free = (each for each in _PLAIN_OFFICERS if each.collar_number not in taken)
    plain = next(free, officer)
    steps = (_with_officer(each, officer, plain) for each in story.steps)
    return structs.replace(story, steps=tuple(steps))


def _with_officer(step: Any, was: Officer, plain: Officer) -> Any:
    if isinstance(step, Forge):
        return structs.replace(step, claim=_with_officer(step.claim, was, plain))
    return structs.replace(step, officer=plain) if getattr(step, "officer", None) == was else step


def _is_short(words: str) -> bool:
    return words.isascii() and len(words) <= _WORDS_MAX


def _is_told_themselves(story: Story, *, label: str) -> Story:
    person = _person(story, label)
    if person.record.told_instead is None or _has_two_records(story, person):
        return story
    story = _with_person(story, structs.replace(person, own_phone="", own_mailbox=""))
    return _with_records(story, label, partial(_of_who_is_told, born=person.born))


def _of_who_is_told(record: VictimRecord, born: date) -> VictimRecord:
    instead = record.told_instead
    if instead is None:
        return record
    of_told: dict[str, Any] = structs.asdict(instead)
    plain = {"born": born, "who_is_told": None, "told_instead": None}
    return structs.replace(_is_person(record), **of_told, **plain)


def _is_ordinary(story: Story, *, label: str) -> Story:
    return _with_records(story, label, _is_person)


def _is_person(record: VictimRecord) -> VictimRecord:
    told = None if record.who_is_told == "nobody" else record.who_is_told
    return structs.replace(record, kind="person", organisation_name="", who_is_told=told)


def _with_records(
    story: Story, label: str, change: Callable[[VictimRecord], VictimRecord]
) -> Story:
    person = _person(story, label)
    steps = tuple(
        structs.replace(step, record=change(step.record))
        if isinstance(step, ChangeDetails) and step.person == label
        else step
        for step in story.steps
    )
    changed = structs.replace(person, record=change(person.record))
    return structs.replace(_with_person(story, changed), steps=steps)


def _has_plain_number(story: Story, *, label: str) -> Story:
    return _as_told(story, label, mobile_phone=_person(story, label).phone)


def _has_plain_mailbox(story: Story, *, label: str) -> Story:
    return _as_told(story, label, email=_person(story, label).mailbox)


def _has_plain_name(story: Story, *, label: str) -> Story:
    """Give a person whose name is particular a plain one: their label where that is plain."""
    person = _person(story, label)
    if _has_two_records(story, person):
        return story
    named = person.record.told_instead or person.record
    place = story.people.index(person) % len(_GIVEN_NAMES)
    values = {}
    if not _is_plain(named.given_name):
        values["given_name"] = label if _is_plain(label) else _GIVEN_NAMES[place]
    if not _is_plain(named.family_name):
        values["family_name"] = _FAMILY_NAMES[place]
    return _as_told(story, label, **values)


def _is_plain(name: str) -> bool:
    is_word = name.isascii() and name.isalpha() and name == name.capitalize()
    return is_word and 1 < len(name) <= _NAME_CHARACTERS_MAX


def _has_plain_age(story: Story, *, label: str) -> Story:
    """Give an adult's day of birth, in the record and as the proof.

    It is nobody else's: two who share a phone and prove who they are by one day are taken for one.
    """
    person = _person(story, label)
    born = _BORN.replace(year=_BORN.year + 4 * story.people.index(person))
    record = structs.replace(person.record, born=born)
    if person.record.told_instead is not None:
        return _with_person(story, structs.replace(person, record=record))
    days = [each.born for each in story.people]
    is_known = person.record.born is not None and days.count(person.born) == 1
    if _has_two_records(story, person) or not is_known or born in days:
        return story
    return _with_person(story, structs.replace(person, record=record, born=born))


def _person(story: Story, label: str) -> Person:
    return next(each for each in story.people if each.label == label)


def _with_person(story: Story, person: Person) -> Story:
    people = (person if each.label == person.label else each for each in story.people)
    return structs.replace(story, people=tuple(people))


def _as_told(story: Story, label: str, **values: Any) -> Story:
    person = _person(story, label)
    record, instead = person.record, person.record.told_instead
    if instead is not None:
        values = {"told_instead": structs.replace(instead, **values)}
    changed = structs.replace(person, record=structs.replace(record, **values))
    return _with_person(story, changed)


def _has_two_records(story: Story, person: Person) -> bool:
    """Say whether a person is, or is taken for, another of the story.

    Those are one by their names and days of birth: to change these would change who they are.
    """
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
_OF_PEOPLE = (
    *(_is_told_themselves, _is_ordinary, _has_plain_number, _has_plain_mailbox),
    *(_has_plain_name, _has_plain_age),
)
