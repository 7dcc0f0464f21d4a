"""A story fails where the portal did harm, under a name that is the same for one defect."""

from tests.simulator.explore.stories import PLAIN, reference, story

SENDS_TWICE = "fixtures.broken_portals.sends_twice:create_app"


def test_the_reference_passes_a_plain_story() -> None:
    """Nothing failed, and there was something to judge."""
    judged = reference().judged(story(*PLAIN))
    assert judged.failures == ()
    assert judged.records
