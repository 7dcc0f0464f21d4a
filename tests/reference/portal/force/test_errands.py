"""What is owed to the crime system: done once, tried again while it is down, and never lost."""

import asyncio
from datetime import datetime, timedelta

import msgspec
import pytest

from reference.contract.messages import Task
from reference.portal.errors import NeighbourDown
from reference.portal.force.crime_system import CrimeSystem
from reference.portal.force.errands import Errands
from reference.portal.storage.errand_queue import ErrandQueue
from tests.reference.portal.crimes import CRIME, NOON, PHASE_3, alex, enveloped, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN
from tests.reference.portal.scene import SECRETS, Scene, SceneWith

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


class SlowCrimeSystem(CrimeSystem):
    """Takes so many seconds over each task, by a clock that only it moves; `hangs` for ever."""

    def __init__(self, seconds: float, *, is_down: bool = False, hangs: bool = False) -> None:
        self._time, self._takes = NOON, timedelta(seconds=seconds)
        self._is_down, self._hangs = is_down, hangs
        self.asked: list[str] = []

    def now(self) -> datetime:
        """Give the time."""
        return self._time

    async def raise_task(self, task: bytes) -> None:
        """Take a task, in its own time."""
        self.asked.append(msgspec.json.decode(task)["key"])
        self._time += self._takes
        if self._hangs:
            await asyncio.get_running_loop().create_future()
        if self._is_down:
            raise NeighbourDown("it did not answer in time")


def owing(storage: Storage, crime_system: SlowCrimeSystem, count: int) -> Errands:
    """Owe a crime system so many tasks."""
    errands = Errands(
        queue=ErrandQueue(storage.open()), crime_system=crime_system, elapsing=crime_system
    )
    for n in range(count):
        task = Task(key=f"{n}", crime_reference="1", kind="breach", person_id="p", reason="why")
        storage.run(errands.raise_task(task))
    return errands


def still_due(storage: Storage) -> int:
    """Count what is owed and due now."""
    names = ("key", "kind", "crime_reference", "body", "due_at", "attempts", "done", "cause")
    owed = [dict(zip(names, row, strict=True)) for row in storage.rows()["errand"]]
    return sum(not each["done"] and each["due_at"] <= NOON.timestamp() for each in owed)


def test_a_slow_crime_system_lets_others_have_their_turn(sqlite_storage: Storage) -> None:
    """Of ten tasks that take four seconds each, a round does three; the rest is due as it was."""
    slow = SlowCrimeSystem(4)
    errands = owing(sqlite_storage, slow, 10)
    sqlite_storage.run(errands.run_due(NOON))

    assert len(slow.asked) == 3
    assert still_due(sqlite_storage) == 7


@pytest.mark.parametrize(("seconds", "tries"), [(10, 1), (6, 2), (1, 3)])
def test_a_crime_system_that_is_down_is_waited_for_once(
    sqlite_storage: Storage, seconds: float, tries: int
) -> None:
    """However long it takes to fail, a round has ten seconds for it, and then all of it waits."""
    slow = SlowCrimeSystem(seconds, is_down=True)
    errands = owing(sqlite_storage, slow, 10)
    sqlite_storage.run(errands.run_due(NOON))

    assert len(slow.asked) == tries
    assert still_due(sqlite_storage) == 0


def test_a_crime_system_that_hangs_is_cut_off(
    sqlite_storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request that is never answered ends with the round; its task is owed as before."""
    monkeypatch.setattr("reference.portal.force.errands.ROUND_SECONDS_MAX", 0.01)
    hanging = SlowCrimeSystem(0.01, hangs=True)
    errands = owing(sqlite_storage, hanging, 3)
    sqlite_storage.run(errands.run_due(NOON))
    hanging.asked.clear()
    sqlite_storage.run(errands.run_due(NOON + timedelta(minutes=1)))

    assert hanging.asked == ["1"]


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
