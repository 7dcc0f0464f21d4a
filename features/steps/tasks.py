"""What a person at the force is asked to do, and whether they were asked once."""

from datetime import datetime, timedelta

from pytest_bdd import given, parsers, then

from features.people import TEAM, Actor
from features.running_scenario import Scene, Unmet
from reference.contract.messages import TaskKind
from simulator.clock import in_london
from simulator.errors import CannotVerify
from simulator.evidence.records import TaskRaised

_ADULT_YEARS = 18
#: The tasks that have an officer speak to a victim. The contract does not say which to use.
_TOLD_BY_A_PERSON: frozenset[TaskKind] = frozenset(
    {"sensitive_contact", "not_sent", "contact_ended"}
)


@then(parsers.re(r"the force is asked to speak to (?P<name>\w+)"))
def asked_to_speak(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "sensitive_contact", "to tell them what the portal does not")


@then(
    parsers.re(
        r"the force is asked to speak to (?P<name>\w+) within the working days for"
        r" (?P<rights>standard|enhanced) rights"
    )
)
def asked_to_speak_by(scene: Scene, name: str, rights: str) -> None:
    actor, order = scene.actor(name), scene.world.order
    deadlines = order.deadlines
    days = deadlines.working_days_enhanced if rights == "enhanced" else deadlines.working_days
    latest = order.working_days.deadline(scene.happened_at, days)
    _asked_by(scene, actor, "sensitive_contact", latest)


@then(parsers.parse("the force is asked to speak to {name} as soon as the Victims' Code asks"))
def asked_to_speak_in_time(scene: Scene, name: str) -> None:
    """What is overdue when the portal hears of it may still be given a working day."""
    actor, order = scene.actor(name), scene.world.order
    is_enhanced = actor.record.enhanced_rights
    days = order.deadlines.working_days_at(scene.took_place_at, is_enhanced=is_enhanced)
    latest = max(
        order.working_days.deadline(scene.took_place_at, days),
        order.working_days.deadline(scene.happened_at, 1),
    )
    _asked_by(scene, actor, "sensitive_contact", latest)


@then(parsers.parse("the force is asked to decide who is told in {name}'s place"))
def asked_who_is_told(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "who_is_told", "to decide who is told for them")


@then(
    parsers.parse(
        "the force is asked to decide who is told in {name}'s place within the working days for"
        " enhanced rights"
    )
)
def asked_who_is_told_by(scene: Scene, name: str) -> None:
    order = scene.world.order
    days = order.deadlines.working_days_enhanced
    latest = order.working_days.deadline(scene.happened_at, days)
    _asked_by(scene, scene.actor(name), "who_is_told", latest)


@then(parsers.parse("the force is asked to find another way to tell {name}"))
def asked_for_another_way(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "contact_ended", "to find another way to tell them")


@then(parsers.parse("the force is asked to help {name} sign in"))
def asked_to_help(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "identity_not_proved", "to help them sign in")


@then(parsers.parse("the officer is asked to get {name}'s views on bail"))
def asked_for_views_on_bail(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "bail_views", "for their views on conditions of bail")


@then(
    parsers.parse(
        "the officer is asked to get {name}'s views on bail within the hours of the order"
    )
)
def asked_for_views_in_time(scene: Scene, name: str) -> None:
    hours = scene.world.order.deadlines.bail_views_hours
    if hours is None:
        raise CannotVerify("the order names no hours for views on bail: not verified")
    actor = scene.actor(name)
    _asked(scene, actor, "bail_views", "for their views on conditions of bail")
    task = _tasks(scene, actor, "bail_views")[-1]
    latest = task.at + timedelta(hours=hours)
    is_named = task.due_at is not None or task.how != "intercepted"
    if not is_named or (task.due_at is not None and task.due_at > latest):
        said = f"by {in_london(task.due_at)}" if task.due_at is not None else "no time"
        raise Unmet(f"the views are sought by {in_london(latest)}", f"the task says {said}")


@then(parsers.parse("an officer is asked to look again at safe contact with {name}"))
def asked_to_look_at_safety(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "safe_contact_review", "whether contact is safe, and how")


@then(parsers.parse("the force is asked whether the record of {name} is of the same person"))
def asked_whether_same(scene: Scene, name: str) -> None:
    what = "to look whether two records are of one person"
    _asked(scene, scene.actor(name), "same_person_check", what)


@then(parsers.parse("the force is asked to look into what was sent about {name}"))
def asked_to_look_into(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "breach", "to look into what the wrong person was sent")


@given("the order has only a person contact victims of honour-based abuse")
def ordered_through_a_person(scene: Scene) -> None:
    if "honour_based_abuse" not in scene.world.order.eligibility.through_a_person:
        raise CannotVerify("the order has nobody be the only contact: not verified")


@given("the order has the force asked about enhanced rights")
def ordered_to_ask_about_rights(scene: Scene) -> None:
    asked = scene.world.order.rights_check
    if not (asked.bereaved and "hate_crime" in asked.markers and asked.under_years >= _ADULT_YEARS):
        raise CannotVerify("the order has nobody asked about enhanced rights: not verified")


@then(parsers.parse("the force is asked once whether {name} has enhanced rights"))
def asked_about_rights(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    _asked(scene, actor, "rights_check", "whether they have enhanced rights")
    count = len(_tasks(scene, actor, "rights_check"))
    if count != 1:
        raise Unmet(f"the force is asked once about the rights of {name}", f"{count} times")


@then(parsers.parse("nobody is asked whether {name} has enhanced rights"))
def not_asked_about_rights(scene: Scene, name: str) -> None:
    count = len(_tasks(scene, scene.actor(name), "rights_check"))
    if count:
        raise Unmet(f"the record of {name} has enhanced rights", f"{count} tasks ask about them")


@then(parsers.parse("the officer is asked to check the reply to {name}"))
def asked_to_check(scene: Scene, name: str) -> None:
    _asked(scene, scene.actor(name), "reply_check", "to look again at a reply to them")


@then(parsers.parse("nobody is asked to check the reply to {name}"))
def not_asked_to_check(scene: Scene, name: str) -> None:
    count = len(_tasks(scene, scene.actor(name), "reply_check"))
    if count:
        raise Unmet(f"the reply to {name} holds nothing of others", f"{count} tasks to check it")


@then(parsers.parse("nobody is asked to find another way to tell {name}"))
def not_asked_for_another_way(scene: Scene, name: str) -> None:
    count = len(_tasks(scene, scene.actor(name), "contact_ended"))
    if count:
        raise Unmet(f"{name} has ended no channel", f"{count} tasks say that they have")


@then(parsers.parse("an officer is asked to tell {name} what the portal may not"))
def asked_to_tell(scene: Scene, name: str) -> None:
    """Accept any task to speak to them: forces have several names for it."""
    actor, since = scene.actor(name), scene.happened_at

    def asked() -> bool:
        tasks = _all_tasks(scene, actor)
        return any(each.task_kind in _TOLD_BY_A_PERSON and each.at >= since for each in tasks)

    if not scene.comes_true(asked):
        others = sorted({each.task_kind for each in _all_tasks(scene, actor)})
        raise Unmet(f"an officer is asked to tell {name} in person", f"tasks before it: {others}")


@then(parsers.parse("a supervisor is told once that {name} has no answer"))
def supervisor_is_told(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    _asked(scene, actor, "late_answer", "of a supervisor, to see that they have no answer")
    found = [each.assignee for each in _tasks(scene, actor, "late_answer")]
    if len(found) != 1:
        raise Unmet(f"a supervisor is told once that {name} has no answer", f"{len(found)} times")
    queue = scene.world.order.supervisors_of(TEAM, scene.force)
    if found != [queue]:
        raise Unmet(f"it is in the queue {queue!r}", f"in that of {found[0]!r}")


@then(parsers.parse("no supervisor is told that {name} has no answer"))
def no_supervisor_is_told(scene: Scene, name: str) -> None:
    count = len(_tasks(scene, scene.actor(name), "late_answer"))
    if count:
        raise Unmet(f"no supervisor is told of what {name} asked: it is not late", f"{count} do")


def _asked(scene: Scene, actor: Actor, kind: TaskKind, what: str) -> None:
    """Let a portal take as long over a task as the order lets it take over a message."""
    if not scene.comes_true(lambda: bool(_tasks(scene, actor, kind))):
        others = sorted({each.task_kind for each in _all_tasks(scene, actor)})
        raise Unmet(f"a task about {actor.name}, {what}", f"tasks of other kinds: {others}")


def _asked_by(scene: Scene, actor: Actor, kind: TaskKind, latest: datetime) -> None:
    """Take a task that names no day as the crime system's to give one."""
    _asked(scene, actor, kind, "to tell them what the portal does not, or to decide who is told")
    due_at = _tasks(scene, actor, kind)[-1].due_at
    if due_at is not None and due_at > latest:
        wanted = f"the officer sees to {actor.name} by {latest:%d %B}"
        raise Unmet(wanted, f"the task says by {due_at:%d %B}")


def _tasks(scene: Scene, actor: Actor, kind: TaskKind) -> list[TaskRaised]:
    return [each for each in _all_tasks(scene, actor) if each.task_kind == kind]


def _all_tasks(scene: Scene, actor: Actor) -> list[TaskRaised]:
    return [each for each in scene.written(TaskRaised) if each.person_id == actor.record.person_id]
