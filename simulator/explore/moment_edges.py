"""Edges of moments that are named, not counted: the clock's, a phase's, the Code's and a record's.

Quiet hours begin and end, a phase goes live, a version of the Victims' Code comes into force, an
approved channel is approved no longer, and the days are over that a victim agreed on for news: what
comes within a minute of such a moment is on one side of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from msgspec import to_builtins

from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.edge_kind import MOMENT, EdgeKind, StoryRead, Values, Window
from simulator.explore.other_orders import Changes
from simulator.explore.story import OrderChange
from simulator.inputs.order import Order

_NEAR, _NONE = timedelta(minutes=1), timedelta(0)
_HOWS = ("just before", "in that moment", "just after")
_DAY = timedelta(days=1)
_CODE = "deadlines.code"
_MIDNIGHT = time(0)
_QUIET_BEGINS, _QUIET_ENDS = "quiet hours begin", "quiet hours end"
_GOES_LIVE = "the phase goes live"
_IN_FORCE = "a version of the Victims' Code comes into force"
#: Moments that come once under an order: stories that have not their own order do not meet them.
ONCE = (_GOES_LIVE, _IN_FORCE)


class Moment(NamedTuple):
    """A kind of moment, and when it is, as a story has it; what comes then is news.

    Where it `passes` alone it is enough that the clock stands there: the portal acts by itself.
    """

    name: str
    when: Callable[[StoryRead, datetime], Iterable[datetime]]
    is_in: Callable[[Order, int], bool] = lambda _order, _phase: True
    passes: bool = False


def _daily(field: str) -> Callable[[StoryRead, datetime], Iterable[datetime]]:
    def when(seen: StoryRead, at: datetime) -> Iterator[datetime]:
        daily: time | None = getattr(seen.order.messages, field)
        if daily is not None:
            days = (at.date() + each * _DAY for each in (-1, 0, 1))
            yield from (datetime.combine(each, daily, tzinfo=LONDON) for each in days)

    return when


def _last_phase(seen: StoryRead, _at: datetime) -> Iterator[datetime]:
    yield seen.order.go_live_at(seen.story.phase).astimezone(LONDON)


def _versions(seen: StoryRead, _at: datetime) -> Iterator[datetime]:
    for each in seen.order.deadlines.code:
        yield datetime.combine(each.in_force_from, _MIDNIGHT, tzinfo=LONDON)


def _approvals(seen: StoryRead, _at: datetime) -> Iterator[datetime]:
    for each in seen.records:
        if each.safe_channel is not None and each.safe_until is not None:
            yield each.safe_until.astimezone(LONDON)


MOMENTS: tuple[Moment, ...] = (
    Moment(
        _QUIET_BEGINS,
        _daily("quiet_from"),
        lambda order, _phase: order.messages.quiet_from is not None,
    ),
    Moment(
        _QUIET_ENDS,
        _daily("quiet_until"),
        lambda order, _phase: order.messages.quiet_until is not None,
    ),
    # Stories of phase 1 begin when it is live: before it the portal has nobody to tell.
    Moment(_GOES_LIVE, _last_phase, lambda _order, phase: phase > 1),
    Moment(
        _IN_FORCE,
        _versions,
        lambda order, _phase: bool(order.deadlines.code),
    ),
    Moment(
        "an approval runs out",
        _approvals,
        lambda order, _phase: order.eligibility.approved_channels,
    ),
    Moment(
        "the days that a victim agreed on are over",
        lambda seen, at: (over for begun, over in seen.agreed_days if begun < at),
        lambda _order, phase: phase > 1,
        passes=True,
    ),
)


def _moments(order: Order, phase: int) -> Values:
    names = (each.name for each in MOMENTS if each.is_in(order, phase))
    return (f"{name}: {how}" for name in names for how in _HOWS)


def _met_moments(seen: StoryRead) -> Values:
    for kind in MOMENTS:
        if kind.is_in(seen.order, seen.story.phase):
            yield from (named for _at, named in _at_and_named(kind, seen))


def _when_moments(seen: StoryRead, value: str) -> Iterator[Window]:
    for kind in MOMENTS:
        for at, named in _at_and_named(kind, seen):
            if named == value:
                yield Window(at, at)


def _at_and_named(kind: Moment, seen: StoryRead) -> Iterator[tuple[datetime, str]]:
    for at, step in zip(seen.moments, seen.steps, strict=True):
        if kind.passes or (isinstance(step, told.ForceStep) and step.carriage == "at once"):
            for each in kind.when(seen, at):
                apart = at.astimezone(UTC) - each.astimezone(UTC)
                if abs(apart) <= _NEAR:
                    yield at, f"{kind.name}: {_HOWS[1 + (apart > _NONE) - (apart < _NONE)]}"


def _beside(seen: StoryRead, value: str) -> Iterable[Changes] | None:
    moved = _MOVED.get(value.rpartition(": ")[0])
    return None if moved is None else moved(seen)


def _moved_go_live(seen: StoryRead) -> Iterator[Changes]:
    live = seen.order.go_live_at(seen.story.phase).astimezone(LONDON).date()
    for apart in (-1, 1):
        yield _otherwise(f"go_live.phase_{seen.story.phase}", live + apart * _DAY)


def _moved_hours(order: Order, field: str) -> Iterator[Changes]:
    daily: time | None = getattr(order.messages, field)
    if daily is not None:
        at = datetime.combine(date(2026, 1, 1), daily)
        for apart in (-2, 2):
            moved = (at + apart * _NEAR).time()
            yield _otherwise(f"messages.{field}", moved)


def _moved_versions(order: Order) -> Iterator[Changes]:
    for apart in (-1, 1):
        versions = [to_builtins(each) for each in order.deadlines.code]
        for each, was in zip(versions, order.deadlines.code, strict=True):
            each["in_force_from"] = (was.in_force_from + apart * _DAY).isoformat()
        yield _otherwise(_CODE, versions)


def _otherwise(field: str, value: Any) -> Changes:
    return (OrderChange(field=field, value=to_builtins(value)),)


#: Orders beside that of a story, by the moment that the order names.
_MOVED: Mapping[str, Callable[[StoryRead], Iterable[Changes]]] = {
    _QUIET_BEGINS: lambda seen: _moved_hours(seen.order, "quiet_from"),
    _QUIET_ENDS: lambda seen: _moved_hours(seen.order, "quiet_until"),
    _GOES_LIVE: _moved_go_live,
    _IN_FORCE: lambda seen: _moved_versions(seen.order),
}

#: The kinds of this file, for the table of all.
MOMENT_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind(MOMENT, _moments, _met_moments, _beside, _when_moments),
)
