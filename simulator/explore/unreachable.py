"""Says which edges no story can meet on a portal, and why: its claims, its start or its days.

`Reach` holds what limits the stories of one run. By URL the run passes how far its clock may go.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from simulator.clock import LONDON
from simulator.explore.day_edges import LAST_SECOND, crossed
from simulator.explore.duration_edges import why_no_story
from simulator.explore.edge_kind import (
    ANOTHER_ORDER,
    DURATION,
    FIELD_LIMIT,
    LENGTH_KINDS,
    LIMIT,
    MOMENT,
    PERSONS_MERGED,
    RECEIPT,
    REFUSED,
)
from simulator.explore.edges import AFTER_RESTART, SECOND_WORKER, Edge
from simulator.explore.lawful import CLAIMED_EVENTS
from simulator.explore.moment_edges import ONCE
from simulator.explore.order_fields import NOT_DRAWN
from simulator.explore.times import FIXED_DAYS_MAX
from simulator.explore.tried import Tried
from simulator.inputs.capabilities import Capability
from simulator.inputs.target import Target

_ORDER = "the portal keeps the order that it was started with"
_NO_RESTART = "the suite did not start this portal, so it cannot restart it"
_NO_WORKER = "the suite can start a second worker only of a portal in its own process"
_PASSED = "the portal's clock is past it"
_BEYOND = "it does not come before the order's bank holidays end"
_BEFORE_LIVE = "it is before the target's own day on which the phase goes live"
_ONCE = "it comes once, on a day of the target's own, and stories begin at other times"
_LONG_AFTER_LIVE = "stories begin soon after the target's own go-live days, and end before it"
_BY_STEP: dict[str, Capability] = {
    "TextBack": "received_texts",
    "SayNotForMe": "not_for_me",
    "WithdrawSupport": "withdraw_support",
    "Ask": "two_way",
    "TellReceipt": "receipts",
    "SendBeyond": "signed_events",
    **{kind.__name__: capability for kind, capability in CLAIMED_EVENTS.items()},
}
_BY_STATE: dict[str, Capability] = {
    "STOP": "received_texts",
    "disowned address": "not_for_me",
    "bounce": "receipts",
}


class Days(NamedTuple):
    """The days that stories can reach, `last` not included, and why they reach no others."""

    first: date
    last: date
    why_not_before: str
    why_not_after: str


@dataclass(frozen=True)
class Reach:
    """What stories can reach on a portal; `days` is None if go-live days are drawn too."""

    capabilities: frozenset[Capability]
    order_is_fixed: bool
    can_restart: bool
    can_start_worker: bool
    days: Days | None

    def of(self, edges: Iterable[Edge]) -> Iterator[Edge]:
        """Give the edges that a story can meet."""
        return (each for each in edges if not self.why_unreachable(each))

    def why_unreachable(self, edge: Edge) -> str:
        """Say why no story can meet an edge ("" if one can)."""
        if edge.kind == ANOTHER_ORDER:
            return NOT_DRAWN.get(edge.value, _ORDER if self.order_is_fixed else "")
        if why := self._why_no_moment(edge):
            return why
        if edge.kind == "day":
            return _why_no_day(edge.value, self.days) if self.days is not None else ""
        if edge.kind == AFTER_RESTART and not self.can_restart:
            return _NO_RESTART
        if edge.kind == SECOND_WORKER and not self.can_start_worker:
            return _NO_WORKER
        missing = [each for each in _needed(edge) if each not in self.capabilities]
        return f"the portal does not claim {' and '.join(missing)}" if missing else ""

    def _why_no_moment(self, edge: Edge) -> str:
        if edge.kind == MOMENT and self.order_is_fixed and edge.value.startswith(ONCE):
            return _ONCE
        return why_no_story(edge.value) if edge.kind == DURATION else ""


def _capabilities(target: Target) -> frozenset[Capability]:
    """Give what stories can use: only our own driver hands over what is against the contract."""
    claimed = frozenset(target.claims.capabilities)
    return claimed - {"signed_events"} if target.access.has_driver else claimed


def reach_when_fresh(tried: Tried, phase: int) -> Reach:
    """Find what stories can reach on a portal that is started afresh for each of them."""
    access, days = tried.target.access, None
    if tried.order_is_fixed:
        live = tried.order.go_live_at(phase).astimezone(LONDON).date()
        last = live + timedelta(days=FIXED_DAYS_MAX)
        days = Days(live, last, _BEFORE_LIVE, _LONG_AFTER_LIVE)
    return Reach(
        capabilities=_capabilities(tried.target),
        order_is_fixed=tried.order_is_fixed,
        can_restart=bool(access.application or access.command),
        can_start_worker=bool(access.application),
        days=days,
    )


def reach_when_running(tried: Tried, begun_at: datetime, ends: datetime) -> Reach:
    """Find what stories can reach between two times on a portal that runs already."""
    first, last = begun_at.astimezone(LONDON).date(), ends.astimezone(LONDON).date()
    return Reach(
        capabilities=_capabilities(tried.target),
        order_is_fixed=True,
        can_restart=False,
        can_start_worker=False,
        days=Days(first, last, _PASSED, _BEYOND),
    )


def _needed(edge: Edge) -> Iterator[Capability]:
    if edge.kind in (AFTER_RESTART, SECOND_WORKER):
        yield "restarts" if edge.kind == AFTER_RESTART else "workers"
        by_value = _BY_STATE.get(edge.value)
    else:
        is_of_a_step = edge.kind in ("step", "event")
        by_value = _BY_STEP.get(edge.value.split()[0]) if is_of_a_step else None
    if by_value is not None:
        yield by_value
    if edge.kind == RECEIPT:
        yield "receipts"
    if edge.kind == PERSONS_MERGED:
        yield "persons_merged"
    if edge.kind == LIMIT and edge.value.startswith("not for me"):
        yield "not_for_me"
    if edge.kind == FIELD_LIMIT and edge.value.endswith(REFUSED):
        yield "signed_events"
    if edge.kind == "text back":
        yield "received_texts"
    if edge.kind in (*LENGTH_KINDS, "how many") and edge.value.startswith("question"):
        yield "two_way"


def _why_no_day(value: str, days: Days) -> str:
    try:
        day = datetime.strptime(value, "%d %B %Y").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        number = (days.last - days.first).days
        between = (days.first + timedelta(days=each) for each in range(number))
        return "" if any(_is_called(each, value) for each in between) else days.why_not_after
    if day < days.first:
        return days.why_not_before
    return "" if day < days.last else days.why_not_after


def _is_called(day: date, name: str) -> bool:
    begins, ends = (datetime.combine(day + timedelta(each), time(), LONDON) for each in (0, 1))
    is_leap_day = (day.month, day.day) == (2, 29) and name == "29 February"
    is_in_any = name in ("a weekend", LAST_SECOND)
    return is_leap_day or is_in_any or name in (f"{day:%B}", *crossed(begins, ends))
