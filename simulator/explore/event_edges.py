"""Edges of what the force sends: offences, events, their order, and how many of each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import get_args

from msgspec.structs import asdict, fields

from reference.contract.events import ClosingOutcome, Milestone
from reference.contract.outcomes import OUTCOMES
from simulator.explore import steps as told
from simulator.explore.edge_kind import (
    ANOTHER_ORDER,
    PERSONS_MERGED,
    RECEIPT,
    EdgeKind,
    StoryRead,
    Values,
)
from simulator.explore.force_drawing import OTHER_MARKERS, offences_by
from simulator.explore.order_fields import order_fields, path_of
from simulator.explore.other_orders import (
    Changes,
    as_the_force_has_it,
    beside_a_number,
    own_days,
    with_or_without,
)
from simulator.inputs.order import Order

_CARRIED = ("at once", "held back", "twice", "recorded late")
_HOWS = ("given", "blank")
#: What each kind of event may leave out; a record's own fields are edges elsewhere.
_OPTIONAL = {
    kind.__name__: tuple(
        each.name
        for each in fields(kind)
        if each.default in ("", None) and kind is not told.ChangeDetails
    )
    for kind in told.STEP_KINDS
    if issubclass(kind, told.ForceStep)
}
_MANY = 3
_COUNTED = (
    "people in a crime", "crimes of a story", "people of a story", "appointments of a crime",
    "questions", "replies", "closures of a crime", "allocations of a crime",
)  # fmt: skip
_HOW_MANY = ("one", "two", "three", "many")
_BY_CRIME: Mapping[str, type] = {
    "appointments of a crime": told.MakeAppointment,
    "closures of a crime": told.Close,
    "allocations of a crime": told.Allocate,
}
_OUT_OF_ORDER = (
    "recorded in another order than it happened", "received in another order than recorded",
)  # fmt: skip
#: What two merged records may be, and what may follow.
_MERGERS = (
    "one person's", "two people's", "names differ", "not safe in one", "both in one crime",
    "written down again", "taken back",
)  # fmt: skip


def _offences(order: Order, _phase: int) -> Values:
    within, others = offences_by(order.eligibility.offence_subgroups)
    yield from (f"in: {each.subgroup}" for each in within)
    yield from (f"out: {each.subgroup}" for each in others)


def _met_offences(seen: StoryRead) -> Values:
    ordered = seen.order.eligibility.offence_subgroups
    for each in seen.of(told.RecordCrime, told.Reclassify):
        yield f"{'in' if each.offence_subgroup in ordered else 'out'}: {each.offence_subgroup}"


def _offences_beside(seen: StoryRead, value: str) -> Iterable[Changes]:
    subgroup = value.partition(": ")[2]
    return with_or_without(seen.order, "eligibility.offence_subgroups", subgroup)


def _markers(order: Order, _phase: int) -> Values:
    return (*order.eligibility.safeguarding_exclusions, *OTHER_MARKERS)


def _met_markers(seen: StoryRead) -> Values:
    return (m for each in seen.of(told.RecordCrime, told.Reclassify) for m in each.safeguarding)


def _markers_beside(seen: StoryRead, value: str) -> Iterable[Changes]:
    return with_or_without(seen.order, "eligibility.safeguarding_exclusions", value)


def _forces(order: Order, _phase: int) -> Values:
    return (*order.forces, "more than one") if len(order.forces) > 1 else tuple(order.forces)


def _met_forces(seen: StoryRead) -> Values:
    forces = {each.force for each in seen.of(told.RecordCrime)}
    return (*forces, "more than one") if len(forces) > 1 else forces


def _events(_order: Order, _phase: int) -> Values:
    for kind in told.STEP_KINDS:
        if issubclass(kind, told.ForceStep):
            yield from (f"{kind.__name__} {how}" for how in _CARRIED)


def _met_events(seen: StoryRead) -> Values:
    for each in seen.of(told.ForceStep):
        yield f"{type(each).__name__} {each.carriage}"
        if each.happened_seconds_ago:
            yield f"{type(each).__name__} recorded late"


def _event_fields(_order: Order, _phase: int) -> Values:
    for kind, names in _OPTIONAL.items():
        yield from (f"{kind} {name} {how}" for name in names for how in _HOWS)


def _met_event_fields(seen: StoryRead) -> Values:
    for step in seen.of(told.ForceStep):
        kind = type(step).__name__
        for name in _OPTIONAL[kind]:
            yield f"{kind} {name} {_HOWS[not getattr(step, name)]}"


def _steps(_order: Order, _phase: int) -> Values:
    return (
        each.__name__
        for each in told.STEP_KINDS
        if not issubclass(each, told.ForceStep | told.StartSecondWorker)
    )


def _met_outcomes(seen: StoryRead) -> Values:
    return (_outcome(each.outcome) for each in seen.of(told.Close))


def _outcome(code: int) -> str:
    return f"{code}: {OUTCOMES[code]}"


def _met_changes(seen: StoryRead) -> Values:
    yield from (path_of(each.field) for each in seen.story.order)
    days, own = asdict(seen.story.go_live), asdict(seen.own.go_live)
    yield from (f"go_live.{each}" for each in days if days[each] != own[each])


def _fields(_order: Order, phase: int) -> Values:
    later = {f"go_live.phase_{number}" for number in (1, 2, 3) if number > phase}
    return (each for each in order_fields() if each not in later)


def _changes_beside(seen: StoryRead, value: str) -> Iterable[Changes]:
    if value.startswith("go_live."):
        yield own_days(seen.own, seen.story.phase)
    yield from as_the_force_has_it(seen.own, seen.story, value)
    for each in seen.story.order:
        if each.field == value:
            yield from beside_a_number(seen.order, value)


def _many(_order: Order, phase: int) -> Values:
    for each in _COUNTED:
        if phase < _MANY and each in ("questions", "replies"):
            continue
        most = _HOW_MANY[:3] if each == "people in a crime" else _HOW_MANY
        yield from (f"{each}: {how}" for how in most)


def _met_many(seen: StoryRead) -> Values:
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


def _order_of_events(order: Order, _phase: int) -> Values:
    for of_what in (*order.forces, "two crimes"):
        yield from (f"{of_what}: {how}" for how in _OUT_OF_ORDER)


def _met_order_of_events(seen: StoryRead) -> Values:
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


def _met_mergers(seen: StoryRead) -> Values:
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


#: The kinds of this file, for the table of all.
EVENT_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind(ANOTHER_ORDER, _fields, _met_changes, _changes_beside),
    EdgeKind("offence", _offences, _met_offences, _offences_beside),
    EdgeKind("marker", _markers, _met_markers, _markers_beside),
    EdgeKind("force", _forces, _met_forces),
    EdgeKind("event", _events, _met_events),
    EdgeKind("field of an event", _event_fields, _met_event_fields),
    EdgeKind("step", _steps, lambda seen: (type(each).__name__ for each in seen.steps)),
    EdgeKind("outcome", lambda _o, _p: map(_outcome, get_args(ClosingOutcome)), _met_outcomes),
    EdgeKind(
        "milestone",
        lambda _o, _p: get_args(Milestone),
        lambda seen: (each.milestone for each in seen.of(told.ReachMilestone)),
    ),
    EdgeKind("how many", _many, _met_many),
    EdgeKind("order of events", _order_of_events, _met_order_of_events),
    EdgeKind(
        RECEIPT,
        lambda _o, _p: get_args(told.NextReceipt),
        lambda seen: (each.receipt for each in seen.of(told.TellReceipt)),
    ),
    EdgeKind(PERSONS_MERGED, lambda _o, _p: _MERGERS, _met_mergers),
)
