"""What is asked of the database when someone looks: what waits, for how long, and who is there."""

import pytest

from tests.reference.operations.test_metrics import scraped
from tests.reference.portal.crimes import alex, closed, deployed, enveloped, recorded
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN, GATEWAY
from tests.reference.portal.scene import Scene


def test_a_portal_with_nothing_to_do_has_nothing_waiting(scene: Scene) -> None:
    """No message is no age, and not an error."""
    found = scraped(scene)

    assert found["portal_outbox_oldest_due_seconds[]"] == 0
    assert found["portal_outbox_retrying[]"] == 0
    assert found["portal_people_registered[]"] == 0


def test_what_waits_is_counted_by_channel_with_its_age(scene: Scene) -> None:
    """A message that was kept and not sent grows older by the portal's own clock."""
    both = alex(email="alex@mail.example", preferred_channels=("text", "email"))

    assert scene.post_events([enveloped(recorded(both))]).status == 202
    found = scraped(scene)

    assert found["portal_outbox_waiting['text']"] == found["portal_outbox_waiting['email']"] == 1
    assert found["portal_outbox_oldest_due_seconds[]"] == 0

    scene.neighbours.answers[GATEWAY] = DOWN
    scene.advance(seconds=90)
    found = scraped(scene)

    assert found["portal_outbox_retrying[]"] == 2


@pytest.mark.parametrize("status", [DOWN, 503])
def test_what_the_crime_system_is_owed_is_counted_by_kind(scene: Scene, status: int) -> None:
    """Until it is back, someone sees how much it has missed."""
    scene.neighbours.answers[CRIME_SYSTEM] = status
    scene.deliver(recorded(alex(mobile_phone="N/A")))
    found = scraped(scene)

    assert found["portal_errands_owed['task']"] == found["portal_errands_retrying[]"] >= 1

    scene.neighbours.answers[CRIME_SYSTEM] = 201
    scene.advance(hours=1)

    assert "portal_errands_owed['task']" not in scraped(scene)


def test_events_whose_crime_never_comes_are_seen(scene: Scene) -> None:
    """How many wait and since when, until their crime takes them up."""
    scene.deliver(enveloped(deployed()))
    scene.advance(hours=1)
    scene.deliver(enveloped(closed(), time=scene.now))
    found = scraped(scene)

    assert found["portal_events_waiting[]"] == 2
    assert found["portal_events_waiting_oldest_seconds[]"] == 3600

    scene.deliver(recorded())
    found = scraped(scene)

    assert found["portal_events_waiting[]"] == 0
    assert found["portal_events_waiting_oldest_seconds[]"] == 0


def test_people_who_came_through_the_sign_in_are_counted(scene: Scene) -> None:
    """Once each, however often they come."""
    scene.deliver(recorded())
    scene.session()
    scene.session(address="07700900123")

    assert scraped(scene)["portal_people_registered[]"] == 1


def test_looking_changes_nothing(scene: Scene) -> None:
    """A scrape a second leaves no trace."""
    scene.deliver(recorded())
    before = scene.rows()
    scraped(scene)

    assert scene.rows() == before
