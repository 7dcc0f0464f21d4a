"""The times of the visits of a burst: how late each began, and how long each step took.

Pure. A step's time begins when the visit was due, so that a visit that waits for its turn counts as
slow: an arrival never waits for an answer.
"""

import math
from collections.abc import Iterable, Sequence
from typing import cast

import msgspec
from msgspec import Struct

from loadtests.stop_texts import StopSent
from simulator.results.load import LoadMeasure


class VisitTimes(Struct, frozen=True, kw_only=True):
    """One visit, in seconds from the start of the burst or from when it was due.

    A step that was not reached is None; `failed` says why, "" for a visit that was made.
    """

    due_seconds: float
    late_seconds: float
    signed_in_seconds: float | None = None
    all_read_seconds: float | None = None
    asked_seconds: float | None = None
    failed: str = ""


class VisitCounts(Struct, frozen=True, kw_only=True):
    """What Locust's users did: all visits, those for which no visitor was free, and how late.

    `sent_late_seconds` has for each batch of updates how much later it was sent than it could be:
    a batch that is due waits for a sender that is free. `page_seconds` has for each watched page
    how long after its update was due it showed it, None if it never did; `pages_cut_off` counts
    those whose watch ended before either. `stops` are the texts that said STOP. Of the `requests`,
    `held_back` waited long for a place under the cap. `answered_seconds` is when the portal last
    answered, and `silent_since_seconds` since when it did not, if that ended the burst; None for
    never. `stopped` says why the burst ended before its
    time, `broke` what went wrong in the generator itself.
    """

    visits: list[VisitTimes] = msgspec.field(default_factory=list)
    not_made: int = 0
    sent_late_seconds: list[float] = msgspec.field(default_factory=list)
    sent_in_seconds: float = 0.0
    page_seconds: list[float | None] = msgspec.field(default_factory=list)
    pages_cut_off: int = 0
    stops: list[StopSent] = msgspec.field(default_factory=list)
    requests: int = 0
    held_back: int = 0
    workers: int = 0
    workers_lost: int = 0
    clock_offset_seconds: float = 0.0
    answered_seconds: float | None = None
    silent_since_seconds: float | None = None
    stopped: str = ""
    broke: str = ""

    @property
    def failed(self) -> dict[str, int]:
        """The visits that failed, by reason."""
        reasons: dict[str, int] = {}
        for each in self.visits:
            if each.failed:
                reasons[each.failed] = reasons.get(each.failed, 0) + 1
        return reasons


def merged(parts: Sequence[VisitCounts], *, workers: int) -> VisitCounts:
    """Put together what each of so many workers did; a worker without a part was lost."""
    return VisitCounts(
        visits=[visit for each in parts for visit in each.visits],
        not_made=sum(each.not_made for each in parts),
        sent_late_seconds=[late for each in parts for late in each.sent_late_seconds],
        sent_in_seconds=max((each.sent_in_seconds for each in parts), default=0.0),
        page_seconds=[seconds for each in parts for seconds in each.page_seconds],
        stops=[stop for each in parts for stop in each.stops],
        pages_cut_off=sum(each.pages_cut_off for each in parts),
        requests=sum(each.requests for each in parts),
        held_back=sum(each.held_back for each in parts),
        workers=workers,
        workers_lost=workers - len(parts),
        clock_offset_seconds=max((abs(each.clock_offset_seconds) for each in parts), default=0.0),
        answered_seconds=max(
            (each.answered_seconds for each in parts if each.answered_seconds is not None),
            default=None,
        ),
        silent_since_seconds=next(
            (each.silent_since_seconds for each in parts if each.silent_since_seconds is not None),
            None,
        ),
        stopped=next((each.stopped for each in parts if each.stopped), ""),
        broke=next((each.broke for each in parts if each.broke), ""),
    )


def page_measures(counts: VisitCounts) -> dict[LoadMeasure, float]:
    """Measure from due until a page showed the update; a page that never did is the longest.

    How many of them never did is a measure of its own.
    """
    if not counts.page_seconds:
        return {}
    seconds = sorted(math.inf if each is None else each for each in counts.page_seconds)
    found = shares_of("update_to_page", seconds)
    shown = {name: value for name, value in found.items() if value < math.inf}
    return {**shown, "pages_never_shown_share": seconds.count(math.inf) / len(seconds)}


def stop_measures(counts: VisitCounts) -> dict[LoadMeasure, float]:
    """Measure from when a STOP was due until the portal took it, and how many it never took."""
    if not counts.stops:
        return {}
    took = _made(each.took_seconds for each in counts.stops)
    return {
        **shares_of("stop_taken", took),
        "stops_not_taken_share": 1 - len(took) / len(counts.stops),
    }


def visit_measures(counts: VisitCounts) -> dict[LoadMeasure, float]:
    """Measure the visits; a burst without any measures nothing."""
    found: dict[LoadMeasure, float] = {}
    if not counts.visits:
        return found
    for step, times in (
        ("sign_in", [each.signed_in_seconds for each in counts.visits]),
        ("all_read", [each.all_read_seconds for each in counts.visits]),
        ("asked", [each.asked_seconds for each in counts.visits]),
    ):
        found |= shares_of(step, _made(times))
    found["failed_visits_share"] = sum(map(bool, (v.failed for v in counts.visits))) / len(
        counts.visits
    )
    return found


def not_made_as_failed(counts: VisitCounts) -> dict[LoadMeasure, float]:
    """Measure the visits that failed where those count that the portal left nobody free to make."""
    failed = sum(counts.failed.values()) + counts.not_made
    return {"failed_visits_share": failed / max(1, len(counts.visits) + counts.not_made)}


def shares_of(step: str, ordered: Sequence[float]) -> dict[LoadMeasure, float]:
    """Give p50, p95, p99, p99.9 and the longest of the times of a step; nothing if there is none.

    Of fewer than a thousand the slowest thousandth is the longest.
    """
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999, "max": 1.0}
    found = {name: percentile(ordered, share) for name, share in shares.items()}
    return {
        cast("LoadMeasure", f"{step}_{name}_seconds"): value
        for name, value in found.items()
        if value is not None
    }


def late_p99_seconds(counts: VisitCounts) -> float:
    """How late the latest 1 in 100 of all updates and visits began: the generator's own delay."""
    late = sorted(
        [
            *counts.sent_late_seconds,
            *(each.late_seconds for each in counts.visits),
            *(each.late_seconds for each in counts.stops),
        ]
    )
    return percentile(late, 0.99) or 0.0


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _made(times: Iterable[float | None]) -> list[float]:
    return sorted(each for each in times if each is not None)
