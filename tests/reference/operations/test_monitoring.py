"""What the portal tells its service is counted and logged."""

from datetime import UTC, datetime

import pytest

from reference.operations.monitoring import Monitoring
from reference.portal import clock
from reference.portal.observer import Observer
from tests.reference.portal.log_lines import log_lines

NOON = datetime(2026, 6, 3, 11, 0, tzinfo=UTC)


def test_an_outage_is_logged_once_and_so_is_its_end() -> None:
    """An hour without a gateway is two lines, not one for each message."""
    monitoring = Monitoring()
    with log_lines() as lines:
        for status in (201, 503, 500, 201, 400, 0):
            monitoring.neighbour_answered("gateway", status)

    assert [each["event"] for each in lines.said] == [
        "neighbour_down",
        "neighbour_back",
        "neighbour_down",
    ]
    assert [each["result"] for each in lines.events("neighbour_down")] == ["503", "down"]


def test_one_neighbour_that_is_down_is_not_the_other() -> None:
    """The crime system's answers do not bring the gateway back."""
    monitoring = Monitoring()
    with log_lines() as lines:
        monitoring.neighbour_answered("gateway", 503)
        monitoring.neighbour_answered("crime_system", 201)
        monitoring.neighbour_answered("gateway", 503)

    assert [each["event"] for each in lines.said] == ["neighbour_down"]


@pytest.mark.parametrize("answered", [201, 400, 503, 0])
def test_any_answer_and_none_is_progress(answered: int) -> None:
    """While a gateway is down, due work is slow and not stuck."""
    watch = clock.TestClock(NOON)
    monitoring = Monitoring(watch)
    watch.move(NOON.replace(hour=12))
    with log_lines():
        monitoring.neighbour_answered("gateway", answered)

    assert monitoring.pulse.last == NOON.replace(hour=12)


def test_the_service_hears_everything_the_portal_tells() -> None:
    """A method that monitoring leaves out would be counted and logged by nobody."""
    told = {name for name in vars(Observer) if not name.startswith("_")}

    assert told <= vars(Monitoring).keys()
