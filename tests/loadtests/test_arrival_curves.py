"""A curve says by which share of the time which share of the updates is due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.arrival_curves import POINTS, curve_of, curve_of_evidence, share_at
from simulator.errors import BadInput

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
PATH = Path("evidence.ndjson")


def _times(*minutes: float) -> list[datetime]:
    return [START + timedelta(minutes=each) for each in minutes]


@given(st.lists(st.floats(0, 5000), min_size=2, max_size=60))
def test_a_curve_begins_at_the_beginning_and_never_goes_back(minutes: list[float]) -> None:
    """Whatever happened when, it can be played."""
    curve = curve_of(_times(*minutes), PATH)

    assert len(curve) == POINTS
    assert list(curve) == sorted(curve)
    assert 0 <= curve[0] <= curve[-1] <= 1


def test_the_busiest_hour_is_taken() -> None:
    """Four events within the hour outweigh three a day later."""
    curve = curve_of(_times(0, 10, 50, 59, 1440, 1450, 1460), PATH)

    assert share_at(curve, 1 / 3) == pytest.approx(10 / 59, abs=0.01)
    assert share_at(curve, 2 / 3) == pytest.approx(50 / 59, abs=0.01)


@pytest.mark.parametrize(("share", "time"), [(0.0, 0.0), (0.25, 0.1), (0.5, 0.2), (1.0, 1.0)])
def test_between_two_points_updates_come_evenly(share: float, time: float) -> None:
    """Worked by hand: half of them by a fifth of the time."""
    assert share_at((0.0, 0.2, 1.0), share) == pytest.approx(time)


def test_a_trace_that_is_not_there_or_empty_is_named(tmp_path: Path) -> None:
    """One sentence says which file, and what to give."""
    empty = tmp_path / "evidence.ndjson"
    empty.write_bytes(b"")

    with pytest.raises(BadInput, match=r"evidence\.ndjson of a rehearsal"):
        curve_of_evidence(tmp_path / "none.ndjson")
    with pytest.raises(BadInput, match="0 events in it"):
        curve_of_evidence(empty)
