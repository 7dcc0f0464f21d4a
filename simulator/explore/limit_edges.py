"""Edges of limits: counts around what the order allows, ages, and fields as long as may be."""

from calendar import isleap
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from reference.contract.events import BATCH_EVENTS_MAX
from simulator.explore import steps as told
from simulator.explore.contract_limits import BEYOND, EVENTS_TOGETHER, FILLED, LIMITS
from simulator.explore.edge_kind import FIELD_LIMIT, LIMIT, REFUSED, EdgeKind, StoryRead, Values
from simulator.explore.limit_drawing import full_fields
from simulator.explore.other_orders import Changes, beside_a_number
from simulator.explore.sign_in_drawing import WRONG_IN_AN_HOUR_MAX
from simulator.inputs.order import Order

#: A count beside a limit, by how much more it is; and an age, by how many days after the birthday.
_AROUND = {-1: "one less than the limit", 0: "the limit", 1: "one more than the limit"}
_AGES = {-1: "a day too young", 0: "old enough today", 1: "old enough since yesterday"}

#: The field of the order that each of these limits is.
_FIELDS = {
    "share a number": "contact.people_per_address_max",
    "milestones in a week": "messages.per_week_max",
    "in one sign-in": "sign_in.attempts_max",
    "not for me": "contact.not_for_me_per_client_max",
    "age when recorded": "eligibility.age_min_years",
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


def _around(limit: int | None) -> tuple[int, ...]:
    return () if limit is None else (limit - 1, limit, limit + 1)


def _met_limits(seen: StoryRead) -> Values:
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


def _met_wrong_answers(seen: StoryRead) -> Values:
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


def _met_disowned(seen: StoryRead) -> Values:
    limit = seen.order.contact.not_for_me_per_client_max
    said_at: list[datetime] = []
    for step, at in zip(seen.steps, seen.moments, strict=True):
        if isinstance(step, told.SayNotForMe):
            said_at.append(at)
            in_hour = sum(each > at - timedelta(hours=1) for each in said_at)
            if in_hour - limit in (-1, 0):
                yield f"not for me in an hour: {_AROUND[in_hour - limit]}"


def _met_ages(seen: StoryRead) -> Values:
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
                leap = (birthday.month > 2) * (isleap(birthday.year) - isleap(day.year))
                if days + leap in _AGES:
                    yield f"age when recorded: {_AGES[days + leap]}"


def _limits_beside(seen: StoryRead, value: str) -> Iterable[Changes] | None:
    for part, field in _FIELDS.items():
        if part in value:
            # One less than the limit is too many only for a limit that is two less.
            return beside_a_number(seen.order, field, (-2, -1, 1))
    return None


def _field_limits(_order: Order, _phase: int) -> Values:
    for name in FILLED:
        most = LIMITS[name].most
        yield from (f"{name} of {n} characters" for n in (most - 1, most))
    for name in ("grade", "update_frequency_days"):
        yield from (f"{name} of {n}" for n in (LIMITS[name].least, LIMITS[name].most))
    for name, values in BEYOND.items():
        yield from (f"{name} of {n}{REFUSED}" for n in values)


def _met_field_limits(seen: StoryRead) -> Values:
    for name, words in full_fields(seen.story):
        if len(words) >= LIMITS[name].most - 1:
            yield f"{name} of {len(words)} characters"
    yield from (f"grade of {each.grade}" for each in seen.of(told.RecordCrime) if each.grade)
    for record in seen.records:
        if record.update_frequency_days:
            yield f"update_frequency_days of {record.update_frequency_days}"
    for each in seen.of(told.SendBeyond):
        yield f"{each.field} of {each.value}{REFUSED}"


#: The kinds of this file, for the table of all.
LIMIT_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind(LIMIT, _limits, _met_limits, _limits_beside),
    EdgeKind(FIELD_LIMIT, _field_limits, _met_field_limits),
)
