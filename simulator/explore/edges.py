"""Edges at which portals go wrong, computed from the order and the contract, and which a story met.

An edge is one value of one kind: an offence, a form of a number, a duration one unit too long. The
table of a run says how many stories met each.
"""

from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias, get_args

from reference.contract.events import (
    BATCH_EVENTS_MAX,
    Channel,
    ClosingOutcome,
    Milestone,
    Role,
    VictimRecord,
)
from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.contract_limits import BEYOND, EVENTS_TOGETHER, FILLED, LIMITS
from simulator.explore.drawing import order_of
from simulator.explore.force_drawing import OTHER_MARKERS, offences_by
from simulator.explore.limit_drawing import full_fields
from simulator.explore.order_changes import FIELDS
from simulator.explore.sign_in_drawing import WRONG_IN_AN_HOUR_MAX
from simulator.explore.spellings import (
    MAILBOX_FORMS,
    NAME_FORMS,
    PHONE_FORMS,
    form_of_mailbox,
    form_of_name,
    form_of_phone,
)
from simulator.explore.state_kept import all_state, state_asked_again
from simulator.explore.story import Story
from simulator.explore.times import durations
from simulator.explore.words import LENGTHS, REPLY_LENGTHS, TEXTS_BACK, WRITING, kinds_of_writing
from simulator.inputs.order import Order

#: The kinds of edge that need a restart, or a second worker.
AFTER_RESTART = "state asked for after a restart"
SECOND_WORKER = "state asked for with a second worker"
#: Kinds of edge of which some values need a capability, and how the refused ones end.
LIMIT, FIELD_LIMIT, RECEIPT, REFUSED = "limit", "limit of a field", "receipt", ", to be refused"
PERSONS_MERGED = "records of persons merged"
_MANY = 3


class Edge(NamedTuple):
    """One value of one kind."""

    kind: str
    value: str


Values: TypeAlias = Iterable[str]


class _Kind(NamedTuple):
    """A kind of edge: all its values under an order in a phase, and those that a story meets."""

    name: str
    all: Callable[[Order, int], Values]
    met: Callable[["_Told"], Values]


def all_edges(order: Order, phase: int) -> tuple[Edge, ...]:
    """List every edge that stories of this phase can meet on a portal that claims everything."""
    return tuple(
        Edge(kind.name, value) for kind in _KINDS for value in dict.fromkeys(kind.all(order, phase))
    )


def met_by(story: Story, order: Order) -> frozenset[Edge]:
    """Find the edges that a story meets, and values beside them that are no edge of the order."""
    seen = _Told(story, order_of(story, order) if story.order else order)
    return frozenset(Edge(kind.name, value) for kind in _KINDS for value in kind.met(seen))


class _Told:
    """A story with what several kinds of edge read of it; each list is made once."""

    def __init__(self, story: Story, order: Order) -> None:
        self.story = story
        self.order = order
        self.steps = story.steps
        self.records = [each.record for each in story.people]
        self._of: dict[tuple[type, ...], list[Any]] = {}
        self.records += [each.record for each in self.of(told.ChangeDetails)]

    def of(self, *kinds: type) -> list[Any]:
        """List the steps of some kinds."""
        if kinds not in self._of:
            self._of[kinds] = [each for each in self.steps if isinstance(each, kinds)]
        return self._of[kinds]

    @cached_property
    def moments(self) -> tuple[datetime, ...]:
        """Give the moment of each step, in London."""
        return tuple(self._moments())

    def _moments(self) -> Iterator[datetime]:
        at = self.story.begins_at
        for step in self.steps:
            if isinstance(step, told.Wait):
                at += timedelta(seconds=step.seconds)
            yield at.astimezone(LONDON)


def _offences(order: Order, _phase: int) -> Values:
    within, others = offences_by(order.eligibility.offence_subgroups)
    yield from (f"in: {each.subgroup}" for each in within)
    yield from (f"out: {each.subgroup}" for each in others)


def _met_offences(seen: _Told) -> Values:
    ordered = seen.order.eligibility.offence_subgroups
    for each in seen.of(told.RecordCrime, told.Reclassify):
        yield f"{'in' if each.offence_subgroup in ordered else 'out'}: {each.offence_subgroup}"


def _markers(order: Order, _phase: int) -> Values:
    return (*order.eligibility.safeguarding_exclusions, *OTHER_MARKERS)


def _met_markers(seen: _Told) -> Values:
    return (m for each in seen.of(told.RecordCrime, told.Reclassify) for m in each.safeguarding)


def _forces(order: Order, _phase: int) -> Values:
    return (*order.forces, "more than one") if len(order.forces) > 1 else tuple(order.forces)


def _met_forces(seen: _Told) -> Values:
    forces = {each.force for each in seen.of(told.RecordCrime)}
    return (*forces, "more than one") if len(forces) > 1 else forces


_CARRIED = ("at once", "held back", "twice", "recorded late")


def _events(_order: Order, _phase: int) -> Values:
    for kind in told.STEP_KINDS:
        if issubclass(kind, told.ForceStep):
            yield from (f"{kind.__name__} {how}" for how in _CARRIED)


def _met_events(seen: _Told) -> Values:
    for each in seen.of(told.ForceStep):
        yield f"{type(each).__name__} {each.carriage}"
        if each.happened_seconds_ago:
            yield f"{type(each).__name__} recorded late"


def _steps(_order: Order, _phase: int) -> Values:
    return (
        each.__name__
        for each in told.STEP_KINDS
        if not issubclass(each, told.ForceStep | told.StartSecondWorker)
    )


def _met_steps(seen: _Told) -> Values:
    return (type(each).__name__ for each in seen.steps)


def _state(_order: Order, phase: int) -> Values:
    return all_state(phase)


def _met_outcomes(seen: _Told) -> Values:
    return (str(each.outcome) for each in seen.of(told.Close))


def _roles(_order: Order, _phase: int) -> Values:
    return (*get_args(Role), *(name for name, _is in _PARTICULARS))


def _met_roles(seen: _Told) -> Values:
    yield from (role for each in seen.of(told.RecordCrime) for role in each.roles)
    for record in seen.records:
        yield from (name for name, holds in _PARTICULARS if holds(record))


_PARTICULARS: tuple[tuple[str, Callable[[VictimRecord], bool]], ...] = (
    ("enhanced rights", lambda record: record.enhanced_rights),
    ("not safe to contact", lambda record: record.safe_to_contact is False),
    ("safe to contact is blank", lambda record: record.safe_to_contact is None),
    ("an approved channel", lambda record: record.safe_channel is not None),
    ("an approval that runs out", lambda record: record.safe_until is not None),
    ("has died", lambda record: record.has_died),
    ("suspect in a linked crime", lambda record: record.is_suspect_in_linked_crime),
    ("works for the police", lambda record: record.is_police_employee),
    ("record is restricted", lambda record: record.is_restricted is True),
    ("record of the police, not restricted", lambda record: record.is_restricted is False),
    ("organisation", lambda record: record.kind == "organisation"),
    ("another is told", lambda record: record.told_instead is not None),
    ("nobody is told", lambda record: record.who_is_told == "nobody"),
)


def _channels(_order: Order, _phase: int) -> Values:
    channels = get_args(Channel)
    return (*channels, " and ".join(channels), " and ".join(reversed(channels)))


def _met_channels(seen: _Told) -> Values:
    return (" and ".join(each.preferred_channels) for each in seen.records)


def _fields(_order: Order, _phase: int) -> Values:
    return (f"{name} {how}" for name in _BLANKED for how in ("given", "blank"))


_BLANKED = (
    "given_name", "family_name", "born", "mobile_phone", "other_phone", "email",
    "update_frequency_days",
)  # fmt: skip


def _met_fields(seen: _Told) -> Values:
    for record in seen.records:
        for name in _BLANKED:
            yield f"{name} {'given' if getattr(record, name) else 'blank'}"


def _met_phones(seen: _Told) -> Values:
    return (form_of_phone(each.mobile_phone) for each in seen.records)


def _met_mailboxes(seen: _Told) -> Values:
    return (form_of_mailbox(each.email) for each in seen.records)


def _met_names(seen: _Told) -> Values:
    return (
        form_of_name(name) for each in seen.records for name in (each.given_name, each.family_name)
    )


def _lengths(_order: Order, phase: int) -> Values:
    if phase < _MANY:
        return ()
    return (*(f"question of {n}" for n in LENGTHS), *(f"reply of {n}" for n in REPLY_LENGTHS))


def _met_lengths(seen: _Told) -> Values:
    yield from (f"question of {len(each.text)}" for each in seen.of(told.Ask))
    yield from (f"reply of {len(each.text)}" for each in seen.of(told.Reply))


def _writing(_order: Order, phase: int) -> Values:
    return WRITING if phase >= _MANY else ()


def _met_writing(seen: _Told) -> Values:
    return (kind for each in seen.of(told.Ask, told.Reply) for kind in kinds_of_writing(each.text))


def _met_texts(seen: _Told) -> Values:
    return (each.words for each in seen.of(told.TextBack))


def _units(order: Order, _phase: int) -> Values:
    return (f"{each} s {how}" for each in durations(order) for how in ("less", "exactly", "more"))


def _met_units(seen: _Told) -> Values:
    for each in seen.of(told.Wait):
        for named in durations(seen.order):
            if each.seconds == named:
                yield f"{named} s exactly"
            elif abs(each.seconds - named) in (1, 60):
                yield f"{named} s {'less' if each.seconds < named else 'more'}"


_MONTHS = tuple(f"{date(2026, month, 1):%B}" for month in range(1, 13))


def _days(order: Order, _phase: int) -> Values:
    holidays = [each for each in order.working_days.bank_holidays if each.year in _YEARS]
    return (
        *_MONTHS,
        "the clocks go forward",
        "the clocks go back",
        "29 February",
        "the year ends",
        "the last second of a day",
        "a weekend",
        *(f"{each:%d %B %Y}" for each in holidays),
    )


_YEARS = (2025, 2026, 2027, 2028)


def _met_days(seen: _Told) -> Values:
    moments = seen.moments
    holidays = set(seen.order.working_days.bank_holidays)
    for at in moments:
        yield f"{at:%B}"
        if at.date() in holidays:
            yield f"{at.date():%d %B %Y}"
        elif at.date() not in seen.order.working_days:
            yield "a weekend"
        if (at.month, at.day) == (2, 29):
            yield "29 February"
        if (at.hour, at.minute, at.second) == (23, 59, 59):
            yield "the last second of a day"
    if moments:
        yield from _crossed(seen.story.begins_at, moments[-1])


def _crossed(begins: datetime, ends: datetime) -> Values:
    before, after = begins.astimezone(LONDON), ends.astimezone(LONDON)
    if before.year != after.year:
        yield "the year ends"
    if before.utcoffset() != after.utcoffset():
        is_summer = bool(after.utcoffset())
        yield f"the clocks go {'forward' if is_summer else 'back'}"


_COUNTED = (
    "people in a crime", "crimes of a story", "people of a story", "appointments of a crime",
    "questions", "replies", "closures of a crime", "allocations of a crime",
)  # fmt: skip
_HOW_MANY = ("one", "two", "three", "many")


def _many(_order: Order, phase: int) -> Values:
    for each in _COUNTED:
        if phase < _MANY and each in ("questions", "replies"):
            continue
        most = _HOW_MANY[:3] if each == "people in a crime" else _HOW_MANY
        yield from (f"{each}: {how}" for how in most)


def _met_many(seen: _Told) -> Values:
    counts: list[tuple[str, int]] = [
        ("crimes of a story", len(seen.of(told.RecordCrime))),
        ("people of a story", len(seen.story.people)),
        ("questions", len(seen.of(told.Ask))),
        ("replies", len(seen.of(told.Reply))),
        *(("people in a crime", len(each.people)) for each in seen.of(told.RecordCrime)),
    ]
    for name, kind in _BY_CRIME.items():
        by_crime = Counter(each.crime for each in seen.of(kind))
        counts += [(name, number) for number in by_crime.values()]
    return (f"{name}: {_HOW_MANY[min(number, 4) - 1]}" for name, number in counts if number)


_BY_CRIME: Mapping[str, type] = {
    "appointments of a crime": told.MakeAppointment,
    "closures of a crime": told.Close,
    "allocations of a crime": told.Allocate,
}


def _limits(order: Order, phase: int) -> Values:
    yield from (f"{n} share a number" for n in _around(order.contact.people_per_address_max))
    if phase > 1:
        yield from (f"{n} milestones in a week" for n in _around(order.messages.per_week_max))
    for what in ("proofs", "codes"):
        yield from (f"wrong {what} in one sign-in: {how}" for how in _AROUND.values())
    yield from (f"wrong answers in an hour: {n}" for n in _around(WRONG_IN_AN_HOUR_MAX))
    # The suite does not go over this one: all it does comes from one client.
    yield from (f"not for me in an hour: {how}" for how in (_AROUND[-1], _AROUND[0]))
    yield from (f"age when recorded: {how}" for how in _AGES.values())
    yield from (f"{EVENTS_TOGETHER}: {n}" for n in _around(BATCH_EVENTS_MAX)[:2])


#: A count beside a limit, by how much more it is; and an age, by how many days after the birthday.
_AROUND = {-1: "one less than the limit", 0: "the limit", 1: "one more than the limit"}
_AGES = {-1: "a day too young", 0: "old enough today", 1: "old enough since yesterday"}


def _around(limit: int | None) -> tuple[int, ...]:
    return () if limit is None else (limit - 1, limit, limit + 1)


def _met_limits(seen: _Told) -> Values:
    for number in Counter(each.mobile_phone for each in seen.records if each.mobile_phone).values():
        yield f"{number} share a number"
    at, reached = seen.story.begins_at, []
    for step in seen.steps:
        if isinstance(step, told.Wait):
            at += timedelta(seconds=step.seconds)
        elif isinstance(step, told.ReachMilestone):
            reached.append(at)
            in_week = sum(each > at - timedelta(days=7) for each in reached)
            yield f"{in_week} milestones in a week"
    yield from _met_wrong_answers(seen)
    yield from _met_disowned(seen)
    yield from _met_ages(seen)
    for each in seen.of(told.DeliverTogether):
        yield f"{EVENTS_TOGETHER}: {each.copies_before + len(each.events)}"


def _met_wrong_answers(seen: _Told) -> Values:
    """Count wrong answers in one sign-in, and of guesses that come one right after another."""
    most, in_a_row, before = seen.order.sign_in.attempts_max, 0, ""
    for step in seen.steps:
        if not isinstance(step, told.Guess):
            in_a_row = 0
            continue
        if step.times - most in _AROUND:
            yield f"wrong {step.wrong}s in one sign-in: {_AROUND[step.times - most]}"
        in_a_row = (in_a_row if step.person == before else 0) + step.times * step.sign_ins
        before = step.person
        if step.then_right:
            yield f"wrong answers in an hour: {in_a_row}"


def _met_disowned(seen: _Told) -> Values:
    limit = seen.order.contact.not_for_me_per_client_max
    said_at: list[datetime] = []
    for step, at in zip(seen.steps, seen.moments, strict=True):
        if isinstance(step, told.SayNotForMe):
            said_at.append(at)
            in_hour = sum(each > at - timedelta(hours=1) for each in said_at)
            if in_hour - limit in (-1, 0):
                yield f"not for me in an hour: {_AROUND[in_hour - limit]}"


def _met_ages(seen: _Told) -> Values:
    """Compare the birthdays of the people of a crime with the day on which it was recorded."""
    born = {each.label: each.record.born for each in seen.story.people}
    years = seen.order.eligibility.age_min_years
    for step, at in zip(seen.steps, seen.moments, strict=True):
        if not isinstance(step, told.RecordCrime):
            continue
        day = (at - timedelta(seconds=step.happened_seconds_ago)).date()
        for label in step.people:
            birthday = born[label]
            if birthday is not None and birthday.year + years == day.year:
                days = day.timetuple().tm_yday - birthday.timetuple().tm_yday
                leap = (birthday.month > 2) * (_is_leap(birthday.year) - _is_leap(day.year))
                if days + leap in _AGES:
                    yield f"age when recorded: {_AGES[days + leap]}"


def _is_leap(year: int) -> int:
    return int(isleap(year))


def _field_limits(_order: Order, _phase: int) -> Values:
    for name in FILLED:
        most = LIMITS[name].most
        yield from (f"{name} of {n} characters" for n in (most - 1, most))
    for name in ("grade", "update_frequency_days"):
        yield from (f"{name} of {n}" for n in (LIMITS[name].least, LIMITS[name].most))
    for name, values in BEYOND.items():
        yield from (f"{name} of {n}{REFUSED}" for n in values)


def _met_field_limits(seen: _Told) -> Values:
    for name, words in full_fields(seen.story):
        if len(words) >= LIMITS[name].most - 1:
            yield f"{name} of {len(words)} characters"
    yield from (f"grade of {each.grade}" for each in seen.of(told.RecordCrime) if each.grade)
    for record in seen.records:
        if record.update_frequency_days:
            yield f"update_frequency_days of {record.update_frequency_days}"
    for each in seen.of(told.SendBeyond):
        yield f"{each.field} of {each.value}{REFUSED}"


_OUT_OF_ORDER = (
    "recorded in another order than it happened", "received in another order than recorded",
)  # fmt: skip


def _order_of_events(order: Order, _phase: int) -> Values:
    for of_what in (*order.forces, "two crimes"):
        yield from (f"{of_what}: {how}" for how in _OUT_OF_ORDER)


def _met_order_of_events(seen: _Told) -> Values:
    """Find two events of one crime, or of two crimes, that come in another order."""
    forces = {each.crime: each.force for each in seen.of(told.RecordCrime)}
    happened: dict[str, int] = {}
    held: dict[str, str] = {}
    passed: dict[str, set[str]] = {}
    seconds = 0
    for step in seen.steps:
        if isinstance(step, told.Wait):
            seconds += step.seconds
        elif isinstance(step, told.ForceStep):
            then = seconds - step.happened_seconds_ago
            # The latest of each crime so far is enough.
            for crime, at in happened.items():
                if at > then:
                    yield f"{_whose(crime, step.crime, forces)}: {_OUT_OF_ORDER[0]}"
            happened[step.crime] = max(then, happened.get(step.crime, then))
            if step.carriage == "held back":
                held[step.event] = step.crime
                passed[step.event] = set()
            else:
                for crimes in passed.values():
                    crimes.add(step.crime)
        elif isinstance(step, told.SendHeldBack) and step.event in held:
            for crime in passed.pop(step.event, ()):
                yield f"{_whose(crime, held[step.event], forces)}: {_OUT_OF_ORDER[1]}"


def _whose(crime: str, other: str, forces: Mapping[str, str]) -> str:
    return forces.get(crime, "") if crime == other else "two crimes"


#: What two merged records may be, and what may follow.
_MERGERS = (
    "one person's", "two people's", "names differ", "not safe in one", "both in one crime",
    "written down again", "taken back",
)  # fmt: skip


def _met_mergers(seen: _Told) -> Values:
    people = {each.label: each for each in seen.story.people}
    changed = [each.person for each in seen.of(told.ChangeDetails)]
    parted = {each.person for each in seen.of(told.UnmergePersons)}
    for each in seen.of(told.MergePersons):
        both = {each.person, each.survivor}
        one, other = people[each.person].record, people[each.survivor].record
        yield _MERGERS[0 if people[each.person].same_as == each.survivor else 1]
        for name, is_met in zip(
            _MERGERS[2:],
            (
                (one.given_name, one.family_name) != (other.given_name, other.family_name),
                False in (one.safe_to_contact, other.safe_to_contact),
                any(both <= {*crime.people} for crime in seen.of(told.RecordCrime)),
                each.survivor in changed,
                each.person in parted,
            ),
            strict=True,
        ):
            if is_met:
                yield name


def _met_changes(seen: _Told) -> Values:
    return (each.field for each in seen.story.order)


_KINDS: tuple[_Kind, ...] = (
    _Kind("another order", lambda _o, _p: FIELDS, _met_changes),
    _Kind("offence", _offences, _met_offences),
    _Kind("marker", _markers, _met_markers),
    _Kind("force", _forces, _met_forces),
    _Kind("event", _events, _met_events),
    _Kind("step", _steps, _met_steps),
    _Kind("outcome", lambda _o, _p: map(str, get_args(ClosingOutcome)), _met_outcomes),
    _Kind(
        "milestone",
        lambda _o, _p: get_args(Milestone),
        lambda seen: (each.milestone for each in seen.of(told.ReachMilestone)),
    ),
    _Kind("role", _roles, _met_roles),
    _Kind("channels asked for", _channels, _met_channels),
    _Kind("field of a record", _fields, _met_fields),
    _Kind("form of a number", lambda _o, _p: PHONE_FORMS, _met_phones),
    _Kind("form of a mailbox", lambda _o, _p: MAILBOX_FORMS, _met_mailboxes),
    _Kind("form of a name", lambda _o, _p: NAME_FORMS, _met_names),
    _Kind("length", _lengths, _met_lengths),
    _Kind("writing", _writing, _met_writing),
    _Kind("text back", lambda _o, _p: TEXTS_BACK, _met_texts),
    _Kind("duration", _units, _met_units),
    _Kind("day", _days, _met_days),
    _Kind("how many", _many, _met_many),
    _Kind(LIMIT, _limits, _met_limits),
    _Kind(FIELD_LIMIT, _field_limits, _met_field_limits),
    _Kind("order of events", _order_of_events, _met_order_of_events),
    _Kind(
        RECEIPT,
        lambda _o, _p: get_args(told.NextReceipt),
        lambda seen: (each.receipt for each in seen.of(told.TellReceipt)),
    ),
    _Kind(PERSONS_MERGED, lambda _o, _p: _MERGERS, _met_mergers),
    _Kind(
        AFTER_RESTART,
        _state,
        lambda seen: state_asked_again(seen.steps, seen.order, "restart"),
    ),
    _Kind(
        SECOND_WORKER,
        _state,
        lambda seen: state_asked_again(seen.steps, seen.order, "second worker"),
    ),
)
