"""Another frequency of updates may be agreed at any time, and applies from then on."""

import pytest

from tests.reference.portal.crimes import PHASE_2, alex, closed, details, recorded
from tests.reference.portal.scene import SceneWith


@pytest.mark.parametrize(("agreed_days", "quiet_days"), [(20, 17), (7, 4)])
def test_another_frequency_holds_from_then_on(
    scene_with: SceneWith, agreed_days: int, quiet_days: int
) -> None:
    """It counts from the same news as before: neither the old day nor a new start."""
    scene = scene_with(start=PHASE_2)
    victim = alex(update_frequency_days=10)
    scene.deliver(recorded(victim, offence_subgroup="Public order offences", recorded_at=PHASE_2))
    before = len(scene.messages)
    scene.advance(days=2)
    scene.deliver(details(alex(update_frequency_days=agreed_days)))
    scene.advance(days=quiet_days)

    assert len(scene.messages) == before

    scene.advance(days=1)
    scene.advance(hours=1)

    assert len(scene.messages) == before + 1


def test_nothing_is_planned_anew_for_a_case_that_is_over(scene_with: SceneWith) -> None:
    """What was agreed of a closed case brings no "still with us"."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(recorded_at=PHASE_2), closed(at=PHASE_2))
    scene.advance(days=1)
    before = len(scene.messages)
    scene.deliver(details(alex(update_frequency_days=3)))
    scene.advance(days=10)

    assert len(scene.messages) == before
