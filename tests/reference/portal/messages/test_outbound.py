"""Requests to a neighbour carry their correlation id, and every answer is observed."""

import asyncio

import pytest

from reference.portal.correlation import correlated, correlation_id
from reference.portal.errors import NeighbourDown
from reference.portal.messages.outbound import NeighbourLine
from reference.portal.observer import Observer
from tests.reference.portal.neighbours import DOWN, GATEWAY, Neighbours


class Heard(Observer):
    """Keeps what neighbours answered."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, int]] = []

    def neighbour_answered(self, neighbour: str, status: int) -> None:
        """Keep an answer."""
        self.heard.append((neighbour, status))


class Line:
    """The line to a gateway."""

    def __init__(self) -> None:
        self.neighbours = Neighbours()
        self.headers = {"authorization": "Bearer token"}
        self.observer = Heard()
        self.outbound = NeighbourLine(self.neighbours, "gateway", self.observer)

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


def test_every_answer_and_every_failure_is_observed() -> None:
    """The observer hears which neighbour it was, and 0 where it gave no answer."""
    line = Line()
    for answered in (201, 503):
        line.send(answered)
    with pytest.raises(NeighbourDown):
        line.send(DOWN)

    assert line.observer.heard == [("gateway", 201), ("gateway", 503), ("gateway", 0)]


def test_how_many_go_side_by_side_is_the_line_s_own() -> None:
    """Observing it does not make it narrower."""
    line = Line()
    line.neighbours.connections = 7

    assert line.outbound.connections == 7
