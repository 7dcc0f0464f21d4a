"""A story fails where the portal did harm, under a name that is the same for one defect."""

from datetime import UTC, datetime

from simulator.explore.judged_story import failure_of
from simulator.verdicts import Finding
from tests.simulator.explore.stories import PLAIN, reference, story

SENDS_TWICE = "fixtures.broken_portals.sends_twice:create_app"


def test_the_reference_passes_a_plain_story() -> None:
    """Nothing failed, and there was something to judge."""
    judged = reference().judged(story(*PLAIN))
    assert judged.failures == ()
    assert judged.records


def test_a_failure_has_one_name_in_process_and_by_url() -> None:
    """There the name of the run is part of the id of every event."""
    names = {
        failure_of(
            Finding(
                kind="FAIL",
                harm="lost",
                owner="portal",
                requirement="INV-01",
                at=datetime(2026, 6, 1, tzinfo=UTC),
                person_id="P1",
                crime_reference="4326",
                expected=f"invitation by {channel} for {event_id}, due {due}",
                observed="nothing was sent",
            )
        ).fingerprint
        for channel, event_id, due in (
            ("text", "explore-0000012", "10:14"),
            ("email", "explore261127151700426647-0000277", "09:00"),
        )
    }
    assert len(names) == 1
