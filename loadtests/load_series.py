"""A burst second by second: what was accepted and sent, what waited, and how old the oldest was.

Pure. The seconds are counted from the first update that was due.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from heapq import heappop, heappush

from loadtests.visit_times import VisitTimes
from simulator.evidence.records import MessageAccepted
from simulator.results.load import LoadSecond


def load_series(
    scheduled: Mapping[str, datetime],
    messages: Iterable[MessageAccepted],
    accepted: Mapping[str, datetime],
    *,
    visits: Sequence[VisitTimes],
    refused: Iterable[datetime] = (),
    begin: datetime | None = None,
) -> list[LoadSecond]:
    """Count second by second, from `begin` or the first update that was due."""
    begin = begin or min(scheduled.values(), default=None)
    if begin is None:
        return []
    told: dict[str, datetime] = {}
    sent: Counter[int] = Counter()
    for message in messages:
        sent[_second(message.at, begin)] += 1
        told.setdefault(message.reference, message.at)
    taken = Counter(_second(at, begin) for at in accepted.values())
    answered = Counter(_second(at, begin) for at in told.values())
    slowest: dict[int, float] = {}
    for reference, at in told.items():
        second = _second(at, begin)
        wait = (at - scheduled[reference]).total_seconds()
        slowest[second] = max(slowest.get(second, 0.0), wait)
    begun = Counter(int(each.due_seconds) for each in visits)
    failed = Counter(int(each.due_seconds) for each in visits if each.failed)
    turned_away = Counter(_second(at, begin) for at in refused)
    last = max([0, *taken, *sent, *begun])
    oldest = _oldest(scheduled, told, begin, last)
    series, backlog = [], 0
    for second in range(last + 1):
        backlog += taken[second] - answered[second]
        series.append(
            LoadSecond(
                second=second,
                updates_accepted=taken[second],
                messages=sent[second],
                backlog=max(0, backlog),
                oldest_seconds=oldest[second],
                refused=turned_away[second],
                visits_begun=begun[second],
                visits_failed=failed[second],
                update_to_message_max_seconds=slowest.get(second, 0.0),
            )
        )
    return series


def _oldest(
    scheduled: Mapping[str, datetime],
    told: Mapping[str, datetime],
    begin: datetime,
    last: int,
) -> list[float]:
    """Say for the end of each second how old the oldest update was that had no message."""
    due = sorted((_seconds(at, begin), event) for event, at in scheduled.items())
    told_at = {event: _seconds(at, begin) for event, at in told.items()}
    waiting: list[tuple[float, str]] = []
    found, place = [], 0
    for second in range(last + 1):
        end = second + 1.0
        while place < len(due) and due[place][0] <= end:
            heappush(waiting, due[place])
            place += 1
        while waiting and told_at.get(waiting[0][1], end + 1) <= end:
            heappop(waiting)
        found.append(round(end - waiting[0][0], 3) if waiting else 0.0)
    return found


def _second(at: datetime, begin: datetime) -> int:
    return max(0, int(_seconds(at, begin)))


def _seconds(at: datetime, begin: datetime) -> float:
    return (at - begin).total_seconds()
