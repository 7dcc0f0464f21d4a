"""What the portal tells its service is counted and logged."""

import pytest

from reference.operations.monitoring import Monitoring
from reference.portal.errors import Problem
from reference.portal.observer import Observer, counted_step
from tests.reference.operations.test_metrics import figures
from tests.reference.portal.log_lines import log_lines


def test_a_step_of_the_sign_in_that_fails_of_itself_is_not_counted() -> None:
    """A fault of the portal is not a victim's failure to sign in."""
    monitoring = Monitoring()
    with pytest.raises(LookupError), counted_step(monitoring, "address"):
        raise LookupError
    with pytest.raises(Problem), counted_step(monitoring, "address"):
        raise Problem(410, "Too late")
    found = figures(monitoring.metrics.text().decode())

    assert found["portal_sign_ins_total['410', 'address']"] == 1
    assert "portal_sign_ins_total['address', 'passed']" not in found


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


def test_the_service_hears_everything_the_portal_tells() -> None:
    """A method that monitoring leaves out would be counted and logged by nobody."""
    told = {name for name in vars(Observer) if not name.startswith("_")}

    assert told <= vars(Monitoring).keys()
