"""Words that speak of danger, and who at the force is asked to read them at once."""

from pytest_bdd import then

from features.people import OKAFOR, TEAM
from features.running_scenario import Scene, Unmet
from simulator.clock import in_london
from simulator.evidence.records import TaskRaised


@then("PC Okafor or the control room is asked at once to read words that speak of danger")
def officer_is_asked(scene: Scene) -> None:
    """A control room is read day and night: it may be asked instead of an officer at work."""
    allowed = {scene.officer(OKAFOR).collar_number, *_rooms(scene)}
    _asked_at_once(scene, "the officer at work, or the control room", allowed)


@then("the control room is asked at once to read words that speak of danger")
def control_room_is_asked(scene: Scene) -> None:
    _asked_at_once(scene, "the control room or the supervisors", _rooms(scene))


@then("nobody is asked to read it at once")
def nobody_is_asked(scene: Scene) -> None:
    count = len(_tasks(scene))
    if count:
        raise Unmet("words about nothing but the case raise no urgent task", f"{count} do")


def _asked_at_once(scene: Scene, who: str, allowed: set[str]) -> None:
    """Let a portal raise more than one task, if one of them is where somebody looks."""
    if not scene.comes_true(lambda: bool(_tasks(scene))):
        raise Unmet("words that speak of danger become an urgent task", "there is none")
    tasks = _tasks(scene)
    if not any(each.assignee in allowed for each in tasks):
        raise Unmet(f"it is for {who}", f"for {[each.assignee for each in tasks]}")
    minutes = scene.world.order.two_way.danger_minutes
    due = [(e.at, e.due_at) for e in tasks if e.due_at]
    late = [by for at, by in due if (by - at).total_seconds() > minutes * 60]
    if late:
        raise Unmet(f"it is due within {minutes} minutes", f"by {in_london(late[0])}")


def _rooms(scene: Scene) -> set[str]:
    order, force = scene.world.order, scene.force
    return {order.control_room_of(TEAM, force), order.supervisors_of(TEAM, force)}


def _tasks(scene: Scene) -> list[TaskRaised]:
    return [
        each
        for each in scene.written(TaskRaised)
        if each.task_kind == "safety_concern"
        and each.crime_reference == scene.first.crime_reference
    ]
