"""A worker's clock is set right by the quickest of a few questions."""

from datetime import UTC, datetime, timedelta

import pytest

from loadtests.clock_offset import clock_offset, offset_of
from loadtests.doubles import Beginning, Handsets, handsets_app
from simulator.errors import SuiteError
from simulator.inputs.target import Patterns
from simulator.processes.loopback import free_port, serving

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
AHEAD = timedelta(seconds=40)


def test_the_quickest_question_tells_best() -> None:
    """A question that waits on its way back does not move the clock."""
    ways = iter([(0.2, 3.0), (0.05, 0.05), (0.1, 0.9), (1.0, 0.1), (0.3, 0.3)])
    now = [START]

    def ask() -> datetime:
        there, back = next(ways)
        now[0] += timedelta(seconds=there)
        answer = now[0] + AHEAD
        now[0] += timedelta(seconds=back)
        return answer

    assert offset_of(ask, lambda: now[0]) == AHEAD


def test_the_doubles_tell_the_time() -> None:
    """On one machine the offset is next to nothing."""
    app = handsets_app(Handsets(Patterns()), Beginning())
    with serving(app, free_port()) as url:
        assert abs(clock_offset(url)) < timedelta(seconds=1)


def test_doubles_that_cannot_be_reached_are_named() -> None:
    """One sentence says where it asked."""
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(SuiteError, match=rf"{url}: the doubles do not answer"):
        clock_offset(url)
