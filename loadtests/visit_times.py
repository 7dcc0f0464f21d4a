"""The times of the visits of a burst: how late each began, and how long each step took.

Pure. A step's time begins when the visit was due, so that a visit that waits for its turn counts as
slow: an arrival never waits for an answer.
"""

import math
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from simulator.results.load import LoadMeasure


class VisitTimes(Struct, frozen=True, kw_only=True):
    """One visit, in seconds from the start of the burst or from when it was due.

    A step that was not reached is None; `failed` says why, "" for a visit that was made.
    """

    due_seconds: float
    late_seconds: float
    signed_in_seconds: float | None = None
    all_read_seconds: float | None = None
    failed: str = ""


class VisitCounts(Struct, frozen=True, kw_only=True):
    """All visits of a burst, those for which no visitor was free, and how late updates were sent.

    `sent_late_seconds` has the seconds by which each batch of updates was sent later than due.
    """

    visits: list[VisitTimes] = msgspec.field(default_factory=list)
    not_made: int = 0
    sent_late_seconds: list[float] = msgspec.field(default_factory=list)
    sent_in_seconds: float = 0.0

    @property
    def failed(self) -> dict[str, int]:
        """The visits that failed, by reason."""
        reasons: dict[str, int] = {}
        for each in self.visits:
            if each.failed:
                reasons[each.failed] = reasons.get(each.failed, 0) + 1
        return reasons


def visit_measures(counts: VisitCounts) -> dict[LoadMeasure, float]:
    """Measure the visits; a burst without any measures nothing."""
    found: dict[LoadMeasure, float] = {}
    if not counts.visits:
        return found
    signed_in = _made(each.signed_in_seconds for each in counts.visits)
    all_read = _made(each.all_read_seconds for each in counts.visits)
    names: tuple[tuple[float, LoadMeasure, LoadMeasure], ...] = (
        (0.5, "sign_in_p50_seconds", "all_read_p50_seconds"),
        (0.95, "sign_in_p95_seconds", "all_read_p95_seconds"),
        (0.99, "sign_in_p99_seconds", "all_read_p99_seconds"),
    )
    for share, sign_in, read in names:
        for name, times in ((sign_in, signed_in), (read, all_read)):
            value = percentile(times, share)
            if value is not None:
                found[name] = value
    found["failed_visits_share"] = sum(map(bool, (v.failed for v in counts.visits))) / len(
        counts.visits
    )
    return found


def late_p99_seconds(counts: VisitCounts) -> float:
    """How late the latest 1 in 100 of all updates and visits began: the generator's own delay."""
    late = sorted([*counts.sent_late_seconds, *(each.late_seconds for each in counts.visits)])
    return percentile(late, 0.99) or 0.0


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that at least `share` of them do not exceed (nearest rank)."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _made(times: Iterable[float | None]) -> list[float]:
    return sorted(each for each in times if each is not None)
