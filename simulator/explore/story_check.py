"""Checks a story that was read from a file: that it can be played, on synthetic people only.

A file can be edited by hand, so every mistake is one sentence: the file, the step or the field, the
value, and how to mend it. Without this a mistake in the story would be charged to the portal.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import msgspec
from msgspec import Struct, structs

from reference.contract.events import VictimRecord
from simulator.clock import written_day
from simulator.errors import BadInput
from simulator.explore import steps as told
from simulator.explore.contract_limits import BEYOND
from simulator.explore.force_events import Named, event_of
from simulator.explore.held_addresses import HeldAddresses
from simulator.explore.lawful import StorySoFar
from simulator.explore.order_changes import changed
from simulator.explore.story import Story, read_story
from simulator.explore.story_drawing import order_of
from simulator.inputs.order import Order
from simulator.world.recipient_guard import Recipients

_DAY_SECONDS = 86_400
#: A single wait, and how long ago something happened.
_SECONDS_MAX = 366 * _DAY_SECONDS
_STORY_SECONDS_MAX = 2 * _SECONDS_MAX
#: A story begins between the day before phase 1 and so long after phase 3.
_BEGINS_AFTER = timedelta(days=3660)
_BEFORE = timedelta(days=1)
#: Copies, wrong answers, sign-ins and older links that a step may have.
_TIMES_MAX = 100
#: No limit of an order is so high.
_LIMIT_MAX = 10_000
#: Nor the age of a person.
_AGE_MAX = 150
#: The days on which a person is born, and until which a channel is safe.
_YEAR_MIN, _YEAR_MAX = 1850, 2100
_VALUE_CHARACTERS_MAX = 80
_HELD = ("phone", "mailbox", "own_phone", "own_mailbox")


def read_checked_story(file: Path, order: Order, recipients: Recipients) -> Story:
    """Read a story that can be played with this order; raises BadInput for the first mistake."""
    story = read_story(file)
    check_story(story, order, recipients, file=file)
    return story


def check_story(story: Story, order: Order, recipients: Recipients, *, file: Path) -> None:
    """Refuse a story that cannot be played as it is written; raises BadInput naming the file."""
    _check_phase(story, file)
    own_order = _order_of(story, order, file)
    _check_times(story, own_order, file)
    _check_people(story, file)
    _check_addresses(story, own_order, recipients, file)
    _Steps(story, own_order, file).check()


def _refuse(file: Path, place: str, value: Any, mend: str) -> NoReturn:
    shown = repr(value)
    if len(shown) > _VALUE_CHARACTERS_MAX:
        shown = shown[:_VALUE_CHARACTERS_MAX] + "…"
    raise BadInput(f"{file}: {place} is {shown}; {mend}")


def _check_phase(story: Story, file: Path) -> None:
    if story.phase not in (1, 2, 3):
        _refuse(file, "phase", story.phase, "give 1, 2 or 3")


def _order_of(story: Story, order: Order, file: Path) -> Order:
    days = [str(each) for each in structs.astuple(story.go_live)]
    try:
        order_of(structs.replace(story, order=()), order)
    except ValueError as error:
        _refuse(file, "go_live", ", ".join(days), f"{error}")
    plain: dict[str, Any] = msgspec.to_builtins(order)
    for number, change in enumerate(story.order, start=1):
        place = f"order change {number}: field"
        table: Any = plain
        for name in change.field.split("."):
            if not isinstance(table, dict) or name not in table:
                _refuse(file, place, change.field, "give a field that the order has")
            table = table[name]
        for name, each in _numbers_in(change.field, change.value):
            highest = _AGE_MAX if name.endswith("_years") else _LIMIT_MAX
            if not 0 <= each <= highest:
                mend = f"give a number from 0 to {highest}"
                _refuse(file, f"order change {number}: the value of {name}", each, mend)
    try:
        changed(order, story.order)
        return order_of(story, order)
    except (ValueError, TypeError, LookupError) as error:
        values = {each.field: each.value for each in story.order}
        _refuse(file, "order", values, f"no order can have that: {error}: mend or remove it")


def _numbers_in(field: str, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _numbers_in(f"{field}.{name}", each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _numbers_in(field, each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield field, value


def _check_times(story: Story, order: Order, file: Path) -> None:
    begins_at = story.begins_at
    if begins_at.tzinfo is None:
        _refuse(file, "begins_at", str(begins_at), 'give a time with an offset, such as "Z"')
    earliest, latest = order.go_live_at(1) - _BEFORE, _latest(story)
    if not earliest <= begins_at <= latest:
        mend = f"give a time from {written_day(earliest)} to {written_day(latest)}"
        _refuse(file, "begins_at", str(begins_at), mend)
    if not 0 <= story.ends_after_seconds <= _SECONDS_MAX:
        mend = f"give seconds from 0 to {_SECONDS_MAX}"
        _refuse(file, "ends_after_seconds", story.ends_after_seconds, mend)


def _latest(story: Story) -> datetime:
    day = story.go_live.phase_3
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + _BEGINS_AFTER


def _check_people(story: Story, file: Path) -> None:
    if not story.people:
        _refuse(file, "people", [], "give at least one person")
    labels = [each.label for each in story.people]
    labels += [each.label for each in story.strangers]
    ids = [each.record.person_id for each in story.people]
    for place, values in (("label", labels), ("person_id", ids)):
        for number, each in enumerate(values):
            if not each or each in values[:number]:
                mend = f"give each person a {place} of their own"
                _refuse(file, f"people: a {place}", each, mend)
    for number, person in enumerate(story.people):
        if person.same_as and person.same_as not in labels[:number]:
            mend = 'give the label of an earlier person, or "" for none'
            _refuse(file, f"people: {person.label}: same_as", person.same_as, mend)
        if not person.word.strip():
            _refuse(file, f"people: {person.label}: word", person.word, "give the agreed word")
        _check_year(file, f"people: {person.label}: born", person.born)
        _check_record(file, f"people: {person.label}: record", person.record)


def _check_record(file: Path, place: str, record: VictimRecord) -> None:
    _check_year(file, f"{place}: born", record.born)
    _check_year(file, f"{place}: safe_until", record.safe_until)


def _check_year(file: Path, place: str, day: date | None) -> None:
    if day is not None and not _YEAR_MIN <= day.year <= _YEAR_MAX:
        _refuse(file, place, str(day), f"give a day from {_YEAR_MIN} to {_YEAR_MAX}")


def _check_addresses(story: Story, order: Order, recipients: Recipients, file: Path) -> None:
    shared = frozenset(order.contact.not_a_victims)
    mend = (
        "a real person could have it: give one of Ofcom's drama numbers, or a mailbox at a "
        "reserved domain such as example.com"
    )
    for place, address, is_held in _addresses(story):
        if not address or address in shared:
            continue
        # What a person holds or types must be an address; a record may be badly written.
        if not recipients.is_synthetic(address, or_unreadable=not is_held):
            _refuse(file, place, address, mend)


def _addresses(story: Story) -> Iterator[tuple[str, str, bool]]:
    for person in story.people:
        place = f"people: {person.label}"
        yield from ((f"{place}: {each}", getattr(person, each), True) for each in _HELD)
        yield from _recorded(f"{place}: record", person.record)
    for stranger in story.strangers:
        place = f"strangers: {stranger.label}"
        yield from ((f"{place}: {each}", getattr(stranger, each), True) for each in _HELD[:2])
    for number, step in enumerate(story.steps, start=1):
        place = _named(number, step)
        claim = step.claim if isinstance(step, told.Forge) else step
        if isinstance(claim, told.Move):
            yield from ((f"{place}: {each}", getattr(claim, each), True) for each in _HELD[:2])
        elif isinstance(claim, told.ChangeDetails):
            yield from _recorded(f"{place}: record", claim.record)
        elif isinstance(claim, told.SignIn | told.SayNotForMe):
            yield f"{place}: written", claim.written, True


def _recorded(place: str, record: VictimRecord) -> Iterator[tuple[str, str, bool]]:
    for each in ("mobile_phone", "other_phone", "email"):
        yield f"{place}: {each}", getattr(record, each), False
        if record.told_instead is not None:
            yield f"{place}: told_instead: {each}", getattr(record.told_instead, each), False


def _named(number: int, step: told.Step) -> str:
    return f"step {number} ({type(step).__name__})"


@dataclass
class _Steps:
    """The steps of a story, checked one after another as they would happen."""

    story: Story
    order: Order
    file: Path
    so_far: StorySoFar = field(init=False)
    records: dict[str, VictimRecord] = field(init=False)
    held: HeldAddresses = field(init=False)

    def __post_init__(self) -> None:
        self.so_far = StorySoFar.at_the_start(self.story.people, self.story.strangers)
        self.records = {each.label: each.record for each in self.story.people}
        self.held = HeldAddresses((*self.story.people, *self.story.strangers))

    def check(self) -> None:
        """Check every step; raises BadInput for the first that cannot happen."""
        for number, step in enumerate(self.story.steps, start=1):
            place = _named(number, step)
            claim = step.claim if isinstance(step, told.Forge) else step
            self._check_numbers(place, step)
            self._check_numbers(place, claim)
            self._check_labels(place, step)
            self._check_written(place, step)
            self._check_labels(place, claim)
            if isinstance(step, told.ForceStep) and step.event in self.so_far.events:
                mend = "an earlier step has this name: give each event its own"
                _refuse(self.file, f"{place}.event", step.event, mend)
            if not self.so_far.allows(step):
                what = structs.asdict(step) if step is claim else structs.asdict(claim)
                mend = "this cannot follow the steps before it: mend or remove it"
                _refuse(self.file, place, {k: v for k, v in what.items() if v}, mend)
            if isinstance(claim, told.ForceStep):
                self._check_event(place, claim)
            self.so_far.take(step)
            self.held.take(step)
            if isinstance(step, told.ChangeDetails):
                self.records[step.person] = step.record
            if self.so_far.seconds > _STORY_SECONDS_MAX:
                mend = f"give waits of at most {_STORY_SECONDS_MAX} seconds together"
                _refuse(self.file, f"{place}: the time until here", self.so_far.seconds, mend)

    def _check_numbers(self, place: str, step: Struct) -> None:
        if isinstance(step, told.SendBeyond | told.RefuseSend):
            # Values just beyond a limit of the contract, and statuses of HTTP.
            return
        for each in structs.fields(step):
            value = getattr(step, each.name)
            if not isinstance(value, int) or isinstance(value, bool):
                continue
            highest = _SECONDS_MAX if "seconds" in each.name else _TIMES_MAX
            if not 0 <= value <= highest:
                mend = f"give a whole number from 0 to {highest}"
                _refuse(self.file, f"{place}: {each.name}", value, mend)

    def _check_labels(self, place: str, step: Any) -> None:
        people, strangers = self.so_far.people, self.so_far.strangers
        crimes, of_report = self.so_far.crimes, told.ReportIncident | told.CloseIncident
        a_crime, a_label = "a crime recorded in an earlier step", "a label of the story"
        of_anybody = told.TextBack | told.SayNotForMe
        if isinstance(step, told.RecordCrime):
            self._check_recorded(place, step)
        elif hasattr(step, "crime") and not isinstance(step, of_report):
            self._one_of(place, "crime", step.crime, crimes, a_crime)
        if hasattr(step, "person"):
            known = people | strangers if isinstance(step, of_anybody) else people
            self._one_of(place, "person", step.person, known, a_label)
        for kind, name, others, what in (
            (told.Merge, "into", crimes, a_crime),
            (told.MergePersons, "survivor", people, a_label),
            (told.ReachMilestone, "giver", people | {""}, a_label),
            (told.Move, "other", strangers | {""}, "a stranger of the story"),
            (told.SignInFrom, "other", people | strangers, a_label),
            (told.SignInTogether, "other", people, a_label),
        ):
            if isinstance(step, kind):
                self._one_of(place, name, getattr(step, name), others, what)
        self._check_events(place, step)
        if isinstance(step, told.ChangeDetails):
            _check_record(self.file, f"{place}: record", step.record)
            own = self.records[step.person].person_id
            if step.record.person_id != own:
                mend = f"give the id of {step.person}, {own!r}"
                _refuse(self.file, f"{place}: record: person_id", step.record.person_id, mend)

    def _check_written(self, place: str, step: told.Step) -> None:
        if isinstance(step, told.SignIn | told.SayNotForMe) and not self.held.are_written_in(step):
            mend = f'give a spelling of {self.held.meant_by(step)!r}, or "" for the usual one'
            _refuse(self.file, f"{place}: written", step.written, mend)

    def _check_events(self, place: str, step: Any) -> None:
        events = self.so_far.events
        earlier = "an event of an earlier step"
        held = [*self.so_far.held_back, ""]
        match step:
            case told.SendHeldBack():
                self._one_of(place, "event", step.event, events, earlier)
            case told.DeliverTogether():
                for each in step.events:
                    self._one_of(place, "events", each, events, earlier)
            case told.SendBeyond():
                self._one_of(place, "field", step.field, BEYOND, "a field with a limit")
                if step.value not in BEYOND[step.field]:
                    shown = " or ".join(map(str, BEYOND[step.field]))
                    _refuse(self.file, f"{place}: value", step.value, f"give {shown}")
            case told.SendInvalid():
                self._one_of(place, "along", step.along, held, "an event that is held back")
            case told.Forge():
                self._one_of(place, "as_event", step.as_event, held, "an event that is held back")
            case _:
                pass

    def _check_recorded(self, place: str, step: told.RecordCrime) -> None:
        self._one_of(place, "force", step.force, self.order.forces, "a force of the order")
        for each in step.people:
            self._one_of(place, "people", each, self.so_far.people, "a person of the story")
        stand = [*zip(step.people, step.roles, strict=False)]
        if len({*stand}) < len(stand):
            mend = "name each person once in a role"
            _refuse(self.file, f"{place}: people", list(step.people), mend)
        if len(step.roles) != len(step.people):
            mend = f"give as many roles as people, {len(step.people)}"
            _refuse(self.file, f"{place}: roles", list(step.roles), mend)

    def _check_event(self, place: str, step: told.ForceStep) -> None:
        now = self.story.begins_at + timedelta(seconds=self.so_far.seconds)
        names = {*self.so_far.crimes, step.crime}
        event = event_of(step, Named({each: each for each in names}, self.records), now)
        try:
            msgspec.convert(msgspec.to_builtins(event), type(event))
        except msgspec.ValidationError as error:
            raise BadInput(
                f"{self.file}: {place}: the contract has no such event: {error}; give values that "
                "it allows"
            ) from None

    def _one_of(self, place: str, name: str, value: str, known: Iterable[str], what: str) -> None:
        known = sorted(known)
        if value not in known:
            shown = ", ".join(map(repr, known[:10])) or "there is none"
            _refuse(self.file, f"{place}: {name}", value, f"give {what} ({shown})")
