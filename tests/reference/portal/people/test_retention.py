"""What is old goes by itself: what strangers leave at sign-in hourly, the audit by its rule."""

from tests.reference.portal.crimes import MOBILE, recorded
from tests.reference.portal.scene import Scene, SceneWith


def test_what_strangers_begin_is_gone_within_the_hour(scene: Scene) -> None:
    """Each sign-in that is begun leaves a row; nobody waits a day for it to go."""
    for number in range(30):
        scene.begin(f"077009007{number:02}")
    scene.advance(minutes=1)

    assert len(scene.rows()["sign_in_step"]) == 30

    scene.advance(hours=1)

    assert scene.rows()["sign_in_step"] == []


def test_the_audit_is_kept_as_long_as_it_is_told(scene_with: SceneWith) -> None:
    """What names a person or a crime for `audit_days`, what names nobody for a month."""
    scene = scene_with(audit_days=90, retention_days=1000)
    scene.deliver(recorded())
    scene.session(address=MOBILE)
    step = scene.begin("07700900999")
    for n in range(5):
        scene.prove(step, f"guess {n}")

    assert {"alex", "nobody"} <= _actors(scene)

    scene.advance(days=31)

    assert "nobody" not in _actors(scene)
    assert "alex" in _actors(scene)

    scene.advance(days=60)

    assert "alex" not in _actors(scene)


def _actors(scene: Scene) -> set[str]:
    """Read who did something, by the audit: the third of its columns."""
    return {str(row[2]) for row in scene.rows()["audit"]}
