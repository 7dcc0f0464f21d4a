"""Adds to a drawn story what lies at a limit of the contract or the order, and just beyond.

It has random numbers of its own, so that a story is otherwise as it was drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, get_args

from msgspec import structs

from reference.contract.events import BATCH_EVENTS_MAX, Channel, VictimRecord
from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.contract_limits import BEYOND, LIMITS
from simulator.explore.lawful import StorySoFar
from simulator.explore.sign_in_drawing import WRONG_IN_AN_HOUR_MAX
from simulator.explore.story import Person, Story
from simulator.explore.times import years_after
from simulator.inputs.order import Order

#: How many stories have each.
_FULL_FIELDS, _BEYOND, _AGE, _WRONG, _NOT_FOR_ME, _TOGETHER = 0.22, 0.35, 0.09, 0.06, 0.04, 0.04
_RECEIPT = 0.1
#: Of a story with full fields, so many fields are full, and so often another force takes a crime.
_FULL_SHARE, _TRANSFER_SHARE = 0.8, 0.2
_TO_FORCE = "Sussex Police"
#: The texts with a limit of a record, and of a step.
_NAMES = ("given_name", "family_name", "organisation_name")
_TEXTS = ("area", "place", "team", "to_force")
_CHANNELS: tuple[Channel, ...] = ("text", "email")


def with_limits(story: Story, order: Order) -> Story:
    """Return the story with what was drawn at the limits, of a story's own `order`."""
    # Not for secrets: a story must be drawn again from its seed.
    draw = Random(f"limits/{story.phase}/{story.seed}")  # noqa: S311
    limits = _Limits(draw, order, story)
    for share, add in (
        (_FULL_FIELDS, limits.fill_fields),
        (_AGE, limits.come_of_age),
        (_BEYOND, limits.send_beyond),
        (_WRONG, limits.answer_wrongly),
        (_NOT_FOR_ME, limits.disown_often),
        (_TOGETHER, limits.send_many_together),
        (_RECEIPT, limits.tell_receipt),
    ):
        if draw.random() < share:
            add()
    return limits.story


@dataclass
class _Limits:
    draw: Random
    order: Order
    story: Story

    def fill_fields(self) -> None:
        """Have names, places and teams of as many characters as the contract allows, or one less.

        What is the same in several steps stays the same.
        """
        full: dict[tuple[str, str], str] = {}

        def filled(field: str, words: str) -> str:
            if not words or self.draw.random() > _FULL_SHARE:
                return words
            length = LIMITS[field].most - self.draw.randrange(2)
            return full.setdefault((field, words), long_text(words, length))

        people = []
        records: dict[str, VictimRecord] = {}
        for person in self.story.people:
            names = {each: filled(each, getattr(person.record, each)) for each in _NAMES}
            records[person.label] = record = structs.replace(person.record, **names)
            people.append(structs.replace(person, record=record))
        steps = tuple(_with_full(each, filled, records) for each in self.story.steps)
        self.story = structs.replace(self.story, people=tuple(people), steps=steps)
        if self.draw.random() < _TRANSFER_SHARE:
            to_force = filled("to_force", _TO_FORCE)
            crime = self._first_crime().crime
            self._append(told.Transfer(crime=crime, event="e-transfer", to_force=to_force))

    def tell_receipt(self) -> None:
        """Have the gateway say something particular of the next message to somebody."""
        receipt: told.NextReceipt = self.draw.choice(get_args(told.NextReceipt))
        channel = self.draw.choice(_CHANNELS)
        self._insert(
            told.TellReceipt(person=self._first_crime().people[0], channel=channel, receipt=receipt)
        )

    def come_of_age(self) -> None:
        """Have a victim be as old as the order asks when their crime is recorded, or a day off."""
        at = self.story.begins_at
        for step in self.story.steps:
            if isinstance(step, told.Wait):
                at += timedelta(seconds=step.seconds)
            elif isinstance(step, told.RecordCrime):
                break
        else:
            return
        recorded_at = at - timedelta(seconds=step.happened_seconds_ago)
        label = step.people[0]
        born = years_after(
            recorded_at.astimezone(LONDON).date(), -self.order.eligibility.age_min_years
        )
        born += timedelta(days=self.draw.choice((-1, 0, 1)))
        people = [_born(each, born) if each.label == label else each for each in self.story.people]
        steps = [
            structs.replace(each, record=structs.replace(each.record, born=born))
            if isinstance(each, told.ChangeDetails)
            and each.person == label
            and each.record.told_instead is None
            else each
            for each in self.story.steps
        ]
        self.story = structs.replace(self.story, people=tuple(people), steps=tuple(steps))

    def send_beyond(self) -> None:
        """Have the force send events that are just over a limit; each must be refused."""
        for _event in range(self.draw.choice((1, 2, 3))):
            field = self.draw.choice(list(BEYOND))
            value = self.draw.choice(BEYOND[field])
            crime = self._first_crime().crime
            self._insert(told.SendBeyond(crime=crime, field=field, value=value))

    def answer_wrongly(self) -> None:
        """Have a stranger give one wrong answer less than opens nothing for an hour, as many, more.

        Then they give the right one.
        """
        person, by = self._first_crime().people[0], self.draw.choice(_CHANNELS)
        most = self.order.sign_in.attempts_max
        whole, rest = divmod(WRONG_IN_AN_HOUR_MAX + self.draw.choice((-1, 0, 1)), most)
        guess = told.Guess(person=person, by=by, wrong="proof", times=most, sign_ins=whole)
        last = structs.replace(guess, times=rest, sign_ins=1, then_right=True)
        self._append(told.SignIn(person=person, by="link"), guess, last)

    def disown_often(self) -> None:
        """Have one client disown addresses as often in an hour as the order lets them, or one less.

        The suite does not go over this limit: all it does comes from one client.
        """
        times = self.order.contact.not_for_me_per_client_max - self.draw.randrange(2)
        who = self.draw.choice(
            [*(each.label for each in self.story.strangers), *(e.label for e in self.story.people)]
        )
        said = (
            told.SayNotForMe(person=who, channel=_CHANNELS[number % 2]) for number in range(times)
        )
        # What was said before is not of this hour.
        self._append(told.Wait(seconds=2 * 3_600), *said)

    def send_many_together(self) -> None:
        """Have a delivery with as many events as the contract allows, or one less: one event."""
        copies = BATCH_EVENTS_MAX - 1 - self.draw.randrange(2)
        self._append(
            told.DeliverTogether(events=(self._first_crime().event,), copies_before=copies)
        )

    def _first_crime(self) -> told.RecordCrime:
        return next(each for each in self.story.steps if isinstance(each, told.RecordCrime))

    def _insert(self, step: told.Step) -> None:
        steps = list(self.story.steps)
        first = next(at for at, e in enumerate(steps) if isinstance(e, told.RecordCrime))
        steps.insert(self.draw.randrange(first + 1, len(steps) + 1), step)
        self.story = structs.replace(self.story, steps=tuple(steps))

    def _append(self, *steps: told.Step) -> None:
        so_far = StorySoFar.at_the_start(self.story.people, self.story.strangers)
        for each in self.story.steps:
            so_far.take(each)
        lawful = tuple(each for each in steps if so_far.allows(each))
        self.story = structs.replace(self.story, steps=(*self.story.steps, *lawful))


def _with_full(step: told.Step, filled: Any, records: dict[str, VictimRecord]) -> told.Step:
    changes: dict[str, Any] = {}
    for name in _TEXTS:
        if getattr(step, name, ""):
            changes[name] = filled(name, getattr(step, name))
    officer = getattr(step, "officer", None)
    if officer is not None:
        changes["officer"] = structs.replace(officer, name=filled("officer name", officer.name))
    if isinstance(step, told.ChangeDetails):
        names = {each: getattr(records[step.person], each) for each in _NAMES}
        changes["record"] = structs.replace(step.record, **names)
    return structs.replace(step, **changes) if changes else step


def long_text(words: str, length: int) -> str:
    """Write words again and again until there are so many characters; the last is a letter."""
    return "-".join([words] * (length // len(words) + 1))[:length].rstrip("- .").ljust(length, "e")


def _born(person: Person, born: date) -> Person:
    if person.record.told_instead is not None or person.record.born is None:
        return person
    return structs.replace(person, born=born, record=structs.replace(person.record, born=born))


def full_fields(story: Story) -> Iterator[tuple[str, str]]:
    """Give each text that a story has in a field with a limit, with the field's name."""
    records = [each.record for each in story.people]
    records += [each.record for each in story.steps if isinstance(each, told.ChangeDetails)]
    for record in records:
        for name in _NAMES:
            yield name, getattr(record, name)
    for step in story.steps:
        for name in _TEXTS:
            yield name, getattr(step, name, "")
        officer = getattr(step, "officer", None)
        if officer is not None:
            yield "officer name", officer.name
