"""What a person at the force is asked to do, and whether they were asked once."""

from datetime import timedelta

from pytest_bdd import parsers, then

from features.people import Actor
from features.scene import Scene, Unmet
from reference.contract.messages import TaskKind
from simulator.evidence import TaskRaised


@then(parsers.parse("the force is asked to speak to {name}"))
def asked_to_speak(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "sensitive_contact", "to tell them what the portal does not")


@then(parsers.parse("the force is asked to find another way to tell {name}"))
def asked_for_another_way(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "contact_ended", "to find another way to tell them")


@then(parsers.parse("a supervisor is told once that {name} has no answer"))
def supervisor_is_told(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    _asked(scene, actor, "late_answer", "of a supervisor, to see that they have no answer")
    count = len(_tasks(scene, actor, "late_answer"))
    if count != 1:
        raise Unmet(f"a supervisor is told once that {name} has no answer", f"{count} times")


@then(parsers.parse("no supervisor is told that {name} has no answer"))
def no_supervisor_is_told(scene: Scene, name: str) -> None:
    count = len(_tasks(scene, scene.actor(name), "late_answer"))
    if count:
        raise Unmet(f"no supervisor hears of what {name} asked: it is not late", f"{count} do")


def _asked(scene: Scene, actor: Actor, kind: TaskKind, what: str) -> None:
    """Let a portal take as long over a task as the order lets it take over a message."""
    within = timedelta(minutes=scene.world.order.messages.minutes_max)
    scene.world.wait_for(lambda: bool(_tasks(scene, actor, kind)), within)
    if not _tasks(scene, actor, kind):
        others = sorted({each.task_kind for each in _all_tasks(scene, actor)})
        raise Unmet(f"a task about {actor.name}, {what}", f"tasks of other kinds: {others}")


def _tasks(scene: Scene, actor: Actor, kind: TaskKind) -> list[TaskRaised]:
    return [each for each in _all_tasks(scene, actor) if each.task_kind == kind]


def _all_tasks(scene: Scene, actor: Actor) -> list[TaskRaised]:
    return [
        each
        for each in scene.world.evidence.records
        if isinstance(each, TaskRaised) and each.person_id == actor.record.person_id
    ]
