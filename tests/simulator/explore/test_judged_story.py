"""A story fails where the portal did harm, under a name that is the same for one defect."""

from unittest import mock

from msgspec import structs

from tests.simulator.explore.stories import PLAIN, SAM, reference, story

SENDS_TWICE = "fixtures.broken_portals.sends_twice:create_app"


def test_the_reference_passes_a_plain_story() -> None:
    """Nothing failed, and there was something to judge."""
    judged = reference().judged(story(*PLAIN))
    assert judged.failures == ()
    assert judged.records


def test_ids_do_not_make_two_defects_of_one() -> None:
    """A defect has one fingerprint, however the force of a story writes its ids."""
    records = [structs.replace(SAM.record, person_id=each) for each in ("NOM000417", "9-X")]
    told = [
        structs.replace(
            story(*PLAIN, people=(structs.replace(SAM, record=record),)), seed=record.person_id
        )
        for record in records
    ]

    first, second = (reference(SENDS_TWICE).judged(each) for each in told)

    assert first.failures
    assert {each.fingerprint for each in first.failures} == {
        each.fingerprint for each in second.failures
    }
    mock.patch.stopall()
