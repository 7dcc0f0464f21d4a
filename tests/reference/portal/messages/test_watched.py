"""Requests to a neighbour, watched: followed by their id, and told of when it goes and returns."""

import asyncio
from datetime import UTC, datetime

import pytest

from reference.operations.metrics import Metrics
from reference.portal import clock
from reference.portal.correlation import correlated, correlation_id
from reference.portal.errors import NeighbourDown
from reference.portal.messages.watched import Pulse, WatchedOutbound
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.neighbours import DOWN, GATEWAY, Neighbours

NOON = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)


class Line:
    """A watched line to a gateway, with a clock that is moved."""

    def __init__(self) -> None:
        self.clock = clock.TestClock(NOON)
        self.pulse = Pulse(self.clock)
        self.neighbours = Neighbours()
        self.headers = {"authorization": "Bearer token"}
        self.outbound = WatchedOutbound(
            self.neighbours, "gateway", metrics=Metrics(), pulse=self.pulse
        )

    def send(self, answered: int) -> None:
        """Send something that is answered so."""
        self.neighbours.answers[GATEWAY] = answered
        asyncio.run(self.outbound.send("POST", f"{GATEWAY}/v2", self.headers, b"{}"))


def test_a_request_bears_the_id_of_what_set_it_off() -> None:
    """Its own headers stay, and the caller's copy of them is not written to."""
    line = Line()
    with correlated():
        line.send(201)
        named = correlation_id()
    [sent] = line.neighbours.tried

    assert sent.headers == {"authorization": "Bearer token", "x-correlation-id": named}
    assert line.headers == {"authorization": "Bearer token"}


def test_an_outage_is_told_of_once_and_so_is_its_end() -> None:
    """An hour without a gateway is two lines, not one for each message."""
    line = Line()
    with log_lines() as lines:
        for answered in (201, 503, 500, 201, 400):
            line.send(answered)
        with pytest.raises(NeighbourDown):
            line.send(DOWN)

    assert [each["event"] for each in lines.said if each["event"].startswith("neighbour")] == [
        "neighbour_down",
        "neighbour_back",
        "neighbour_down",
    ]
    assert [each["result"] for each in lines.events("neighbour_down")] == ["503", "down"]


@pytest.mark.parametrize("answered", [201, 400, 503, DOWN])
def test_any_answer_and_none_is_getting_on(answered: int) -> None:
    """While a gateway is down, due work is slow and not stuck."""
    line = Line()
    line.clock.move(NOON.replace(hour=12))
    try:
        line.send(answered)
    except NeighbourDown:
        assert answered == DOWN

    assert line.pulse.last == NOON.replace(hour=12)


def test_how_many_go_side_by_side_is_the_line_s_own() -> None:
    """Watching does not make it narrower."""
    line = Line()
    line.neighbours.connections = 7

    assert line.outbound.connections == 7
