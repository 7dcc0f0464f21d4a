"""When the updates of a burst are due, as a curve: by which share of the time which share is due.

A curve is drawn by hand in a burst file, or taken from the evidence of a rehearsal: the hour in
which most happened is played in the time of the burst, with its own quiet and busy minutes.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta

from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventRecorded

#: The time, as a share of the burst, by which each equal part of the updates has been due.
Curve: TypeAlias = tuple[Annotated[float, Meta(ge=0, le=1)], ...]
POINTS = 101
_HOUR_SECONDS = 3600.0
_EVENTS_MIN = 2


def check_curve(curve: Curve) -> None:
    """Refuse a curve that goes back in time; raises ValueError."""
    if len(curve) == 1 or list(curve) != sorted(curve):
        raise ValueError("curve needs two or more shares of the time, in order")


def share_at(curve: Sequence[float], share: float) -> float:
    """Return by which share of the time this share of the updates is due."""
    place = share * (len(curve) - 1)
    before = min(int(place), len(curve) - 2)
    return curve[before] + (place - before) * (curve[before + 1] - curve[before])


def curve_of_evidence(path: Path) -> Curve:
    """Take the curve of the busiest hour from the evidence of a run; raises BadInput."""
    try:
        records = read_evidence([path])
    except OSError as error:
        raise BadInput(
            f"{path}: {error.strerror or error}; give the evidence.ndjson of a rehearsal"
        ) from None
    return curve_of([each.at for each in records if isinstance(each, EventRecorded)], path)


def curve_of(times: Sequence[datetime], path: Path) -> Curve:
    """Make the curve of the busiest hour of these times; raises BadInput for too few."""
    seconds = sorted(each.timestamp() for each in times)
    if len(seconds) < _EVENTS_MIN:
        raise BadInput(f"{path}: {len(seconds)} events in it; a trace needs {_EVENTS_MIN} or more")
    first = last = best_first = best_last = 0
    while last < len(seconds):
        while seconds[last] - seconds[first] >= _HOUR_SECONDS:
            first += 1
        if last - first > best_last - best_first:
            best_first, best_last = first, last
        last += 1
    busiest = seconds[best_first : best_last + 1]
    begun, length = busiest[0], max(busiest[-1] - busiest[0], 1.0)
    shares = [(each - begun) / length for each in busiest]
    return tuple(min(1.0, share_at(shares, point / (POINTS - 1))) for point in range(POINTS))
