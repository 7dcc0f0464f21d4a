"""Plays a story again with other people: the same story, other names, numbers, ids and mailboxes.

A portal that does right by one of the two alone knows people by what says nothing of their case,
as a portal does that was built to pass this suite. The judge's findings are compared, not words.
"""

import re
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from msgspec import structs

from reference.contract.events import Officer, VictimRecord
from simulator.explore.judged_story import FailingStory, Failure, Judged
from simulator.explore.spellings import PARTICULAR_NAMES
from simulator.explore.story import Person, Story
from simulator.explore.tried import Tried
from simulator.inputs.own_people import OwnPeople
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.population.people import (
    AGREED_WORDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    MAIL_DOMAINS,
)
from simulator.verdicts import Kind
from simulator.world.made_up_records import MadeUpRecords

#: One story in so many is played with other people too.
COMPARED_EVERY = 10
#: How the fingerprint of such a finding begins.
DIFFERENTLY = "these people are treated differently"
_EXPECTED = (
    "the same end for people who differ in nothing but names, numbers, ids and mailboxes: a portal "
    "that knows the people of this suite passes here, and fails real victims"
)
_LONG_NAME_CHARACTERS = 100
_PARTICULAR = frozenset(name for names in PARTICULAR_NAMES.values() for name in names)
#: The field that says what kind of step it is.
_TAG = "step"
#: The last three digits of a drama number, in any of the usual spellings.
_DRAMA = re.compile(r"7\D*7\D*0\D*0\D*9\D*0\D*0\D*(\d)\D?(\d)\D?(\d)")


def is_compared(number: int) -> bool:
    """Say whether the story of this number is played with other people too."""
    return number % COMPARED_EVERY == 0


def with_other_people(story: Story, own: OwnPeople | None = None) -> Story:
    """Return the story with other names, numbers, ids and mailboxes, and nothing else changed.

    Spellings stay as they are: a number in capital letters, spaces or the wrong field stays so.
    The first story decides, so it is the same for one story every time.
    """
    # Not for secrets: the same story always has the same other people.
    draw = Random(f"other people/{story.seed}")  # noqa: S311
    records = MadeUpRecords(f"other people/{story.seed}", own or OwnPeople())
    change = _Changes(story, records, draw).change
    plain: dict[str, Any] = msgspec.to_builtins(story)
    for field in ("people", "strangers", "steps"):
        plain[field] = _each_text(plain[field], change)
    return msgspec.convert(plain, Story)


def treated_differently(tried: Tried, story: Story, judged: Judged) -> tuple[FailingStory, ...]:
    """Play a story that was judged with other people, and list what failed in one alone.

    Each comes with the one of the two stories that fails by itself. Both are played once more
    before it counts: a portal that fails now and then treats nobody differently. Then it is for
    REVIEW.
    """
    other_story = with_other_people(story, tried.target.people)
    other = tried.judged(other_story)
    first, second = _kinds(judged, story), _kinds(other, other_story)
    if first == second:
        return ()
    is_steady = first == _kinds(tried.judged(story), story) and second == _kinds(
        tried.judged(other_story), other_story
    )
    found: dict[str, FailingStory] = {}
    for these, those, who in ((judged, second, story), (other, first, other_story)):
        for each in these.failures:
            if (_kind(each), _place(each, who)) not in those:
                failure = _differently(each, who, "FAIL" if is_steady else "REVIEW")
                failing = FailingStory.of(who, failure, these)
                found.setdefault(failure.fingerprint, failing)
    return tuple(found.values())


def _kind(failure: Failure) -> tuple[str, str, str]:
    """Say what failed without any words in which people are named."""
    rests_on = failure.finding.rests_on if failure.finding else ""
    return failure.requirement, failure.harm, rests_on


def _place(failure: Failure, story: Story) -> int:
    """Give the place in the story of the person whom a failure is about; -1 for nobody in it."""
    person_id = failure.finding.person_id if failure.finding else ""
    places = {each.record.person_id: place for place, each in enumerate(story.people)}
    return places.get(person_id, -1)


def _kinds(judged: Judged, story: Story) -> set[tuple[tuple[str, str, str], int]]:
    return {(_kind(each), _place(each, story)) for each in judged.failures}


def _differently(failure: Failure, story: Story, kind: Kind) -> Failure:
    who = "; ".join(
        f"{each.record.given_name} {each.record.family_name}, {each.record.person_id}, "
        f"{each.phone or 'no phone'}, {each.mailbox or 'no mailbox'}"
        for each in story.people
    )
    return structs.replace(
        failure,
        fingerprint=f"{DIFFERENTLY}|{'|'.join(_kind(failure))}",
        expected=_EXPECTED,
        observed=f"only with {who}: {failure.observed}",
        kind=kind,
    )


class _Changes:
    """What stands for each name, number, id and mailbox of a story in the other one."""

    def __init__(self, story: Story, records: MadeUpRecords, draw: Random) -> None:
        self._whole: dict[str, str] = {}
        self._parts: dict[str, str] = {}
        self._mobiles: dict[str, str] = {}
        self._draw, self._records = draw, records
        free = draw.sample(ORDINARY_MOBILES, len(ORDINARY_MOBILES))
        held = {each.phone for each in story.people} | {each.own_phone for each in story.people}
        held |= {each.phone for each in story.strangers}
        self._free = iter([each for each in map(mobile_phone, free) if each not in held])
        self._given = iter(each for each in records.given_names if each not in _named(story))
        self._family = iter(records.family_names)
        self._words = iter(draw.sample(AGREED_WORDS, len(AGREED_WORDS)))
        self._number = records.first_number
        for person in story.people:
            self._take_person(person)
        named = (getattr(step, "officer", None) for step in story.steps)
        officers = {each for each in named if isinstance(each, Officer)}
        for officer in sorted(officers, key=lambda each: (each.collar_number, each.name)):
            self._take_officer(officer)
        for stranger in story.strangers:
            self._take_addresses(stranger.phone, stranger.mailbox)

    def change(self, text: str) -> str:
        """Return a text of the story as the other one has it."""
        if text in self._whole:
            return self._whole[text]
        for before, after in self._parts.items():
            if before.casefold() in text.casefold():
                text = re.sub(re.escape(before), _as_written(after), text, flags=re.IGNORECASE)
        return _DRAMA.sub(self._other_number, text)

    def _take_person(self, person: Person) -> None:
        record = person.record
        self._number += 7
        self._whole[record.person_id] = self._records.person_id(self._number)
        self._whole[person.word] = next(self._words)
        for each in (record, record.told_instead):
            if each is not None:
                given = (*GIVEN_NAMES, *self._records.own.given_names)
                family = (*FAMILY_NAMES, *self._records.own.family_names)
                self._take_name(each.given_name, given, self._given)
                self._take_name(each.family_name, family, self._family)
        for phone, mailbox in (
            (person.phone, person.mailbox),
            (person.own_phone, person.own_mailbox),
        ):
            self._take_addresses(phone, mailbox)

    def _take_officer(self, officer: Officer) -> None:
        rank, *_names = officer.name.split()
        # A name that is as long as the contract allows is what the story is about.
        if len(officer.name) < _LONG_NAME_CHARACTERS:
            self._whole.setdefault(officer.name, f"{rank} {next(self._family)}")
        digits = len(officer.collar_number)
        # No number that a message may have, such as 101 or 999.
        number = self._draw.randrange(2 * 10 ** (digits - 1), 9 * 10 ** (digits - 1))
        self._whole.setdefault(officer.collar_number, f"{number}")

    def _take_name(self, name: str, plain: tuple[str, ...], free: Any) -> None:
        # A name that is particular, or is no name, is what the story is about.
        if name in plain and name not in _PARTICULAR:
            self._whole.setdefault(name, next(free, name))

    def _take_addresses(self, phone: str, mailbox: str) -> None:
        if phone:
            self._mobiles.setdefault(phone[-3:], next(self._free)[-3:])
        local, _, domain = mailbox.partition("@")
        if domain and mailbox not in self._parts:
            name, plus, more = local.partition("+")
            other = f"{self._draw.choice(AGREED_WORDS)}{self._draw.randrange(100, 999)}{plus}{more}"
            self._parts[f"{name}{plus}{more}@{domain}"] = f"{other}@{self._domain(domain)}"
            # As it is written with " at ".
            self._parts[f"{local} at {domain}"] = f"{other} at {self._domain(domain)}"

    def _domain(self, before: str) -> str:
        key = f"@{before}"
        if key not in self._whole:
            own = [each for each in self._records.own.mail_domains if each != before]
            is_usual = before in MAIL_DOMAINS
            names = [f"{self._draw.choice(AGREED_WORDS)}.test"] if is_usual else [*MAIL_DOMAINS]
            self._whole[key] = self._draw.choice(own or names)
        return self._whole[key]

    def _other_number(self, found: re.Match[str]) -> str:
        before = "".join(found.groups())
        after = self._mobiles.get(before, before)
        written = list(found[0])
        for group, digit in zip((1, 2, 3), after, strict=True):
            written[found.start(group) - found.start()] = digit
        return "".join(written)


def _named(story: Story) -> set[str]:
    records: list[VictimRecord] = [each.record for each in story.people]
    return {each.label for each in story.people} | {each.given_name for each in records}


def _as_written(after: str) -> Callable[[re.Match[str]], str]:
    def write(found: re.Match[str]) -> str:
        before = found[0]
        if before.isupper():
            return after.upper()
        return after.title() if before.istitle() else after

    return write


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {
            key: each if key == _TAG else _each_text(each, change) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_each_text(each, change) for each in value]
    return value
