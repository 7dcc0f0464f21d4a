"""What is owed to the crime system: done once, tried again while it is down, and never lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.reference.portal.crimes import CRIME, PHASE_3, alex, enveloped, recorded
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN
from tests.reference.portal.scene import SECRETS, Scene

SceneWith = Callable[..., Scene]
LOST = alex(mobile_phone="N/A", preferred_channels=("text",))


@pytest.mark.parametrize("status", [DOWN, 429, 500, 404, 409])
def test_a_task_is_owed_until_the_crime_system_has_it(scene: Scene, status: int) -> None:
    """Whatever went wrong, the task is tried again, and filed once when it works."""
    scene.neighbours.answers[CRIME_SYSTEM] = status
    scene.deliver(recorded(LOST))
    scene.advance(days=7)

    assert scene.neighbours.tasks == []

    scene.neighbours.answers[CRIME_SYSTEM] = 201
    scene.advance(hours=1)
    scene.advance(hours=1)

    assert len(scene.neighbours.tasks) == 1


def test_a_task_that_was_known_is_done(scene: Scene) -> None:
    """The crime system answers 200 to a key it has: that is as good as filing it."""
    scene.neighbours.answers[CRIME_SYSTEM] = 200
    scene.deliver(recorded(LOST))
    scene.advance(hours=1)

    assert len(scene.neighbours.tried) == 1


def test_tries_are_ever_further_apart(scene: Scene) -> None:
    """A crime system that is down is left alone, but asked at least every hour."""
    scene.neighbours.answers[CRIME_SYSTEM] = 500
    scene.deliver(recorded(LOST))
    waits = []
    for _ in range(12):
        due = scene.advance()
        assert due is not None
        waits.append(due - scene.now)
        scene.advance(to=due)

    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)


def test_all_that_is_due_is_done_however_much_it_is(scene: Scene) -> None:
    """After a long outage the whole backlog goes at once; nothing due is left behind."""
    for start in range(0, 600, 100):
        batch = [
            enveloped(recorded(alex(f"{n}", mobile_phone="N/A"), crime=f"{n}"))
            for n in range(start, start + 100)
        ]

        assert scene.post_events(batch).status == 202

    assert scene.advance() is None
    assert {task["crime_reference"] for task in scene.neighbours.tasks} == {
        f"{n}" for n in range(600)
    }


def test_a_stamp_and_its_task_have_one_key(scene_with: SceneWith) -> None:
    """The officer who opens the task finds the words in the enquiry log by the same key."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    path = f"/crimes/{CRIME}/questions"
    scene.api("POST", path, {"text": "Any news?"}, session=scene.session())
    scene.advance()
    [stamp], [task] = scene.neighbours.stamps, scene.neighbours.tasks

    assert stamp.body["key"] == task["key"]
    assert stamp.body["text"] == "Any news?"
    assert stamp.body["person_id"] == task["person_id"] == "alex"
    assert task["kind"] == "victim_question"
    assert "news" not in task["reason"]


def test_the_crime_system_sees_our_token_and_nobody_else_does(scene: Scene) -> None:
    """Each neighbour is shown the key that was agreed with it."""
    scene.deliver(recorded(alex(email="N/A")))
    seen = {each.url: each.headers["authorization"] for each in scene.neighbours.taken}

    assert seen[f"{CRIME_SYSTEM}/tasks"] == f"Bearer {SECRETS.crime_system}"
    assert list(seen.values()).count(f"Bearer {SECRETS.crime_system}") == 1
