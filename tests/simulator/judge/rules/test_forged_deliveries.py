"""A delivery that is not the force's own is refused."""

import pytest

from simulator.evidence.records import ForgedDelivery
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened
from tests.simulator.judge.story import Story, one_invited


def forged(status: int) -> Story:
    """Tell of somebody who claims that a crime is closed, and of what the portal answers."""
    story, _alex, crime = one_invited()
    story.records.append(
        ForgedDelivery(
            at=story.now,
            event_id="event-99",
            event_type="CrimeClosed",
            crime_reference=crime.crime_reference,
            signed_by="another key",
            status=status,
        )
    )
    return story


@pytest.mark.parametrize("status", [400, 401, 403, 503])
def test_a_refused_delivery_is_no_harm(status: int) -> None:
    """The contract says 401; any refusal keeps the victim safe."""
    assert forged(status).harms() == []


@pytest.mark.parametrize("status", [200, 202, 204])
def test_a_delivery_that_is_taken_is_found(status: int) -> None:
    """The portal believes anybody."""
    assert forged(status).harms() == [fail("disclosed", "INT-08")]


def test_what_a_forged_delivery_sets_off_answers_nothing() -> None:
    """The message names an event that the force never recorded."""
    story, alex, crime = one_invited()
    story.message(alex, "text", Happened("event-99", crime.crime_reference))

    assert story.harms() == [fail("noise", "ONCE-01")]
