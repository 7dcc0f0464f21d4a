"""Whether messages and tasks carry the correlation id of the delivery that caused them."""

from collections.abc import Sequence
from itertools import pairwise

from pytest_bdd import parsers, then

from features.running_scenario import Scene, Unmet
from simulator.errors import CannotVerify
from simulator.evidence.records import EventRecorded, How, Stamped, TaskRaised
from simulator.judge.traceability import why_not_traceable
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.victims import messages_of

_TOLD = "what {name} was told carries the id of the delivery that caused it"
_INVITED = "the invitation to {name} carries the id of the delivery that caused it"
_ASKED = "the task about {name} carries the id of the delivery that caused it"
_TOGETHER = "{name}'s words and the task for them carry one id"


@then(parsers.parse(_TOLD))
def what_was_told_is_followed(scene: Scene, name: str) -> None:
    """A gateway's client may take no header: the message's reference may carry the id instead."""
    actor = scene.actor(name)
    news = [each for each in actor.told if each.accepted_at >= scene.happened_at]
    for each in news:
        _check_ours(each.how)
        _refuse(scene, _since_the_one_before(scene, each), each.correlation_id, each.reference)


@then(parsers.parse(_INVITED))
def invitation_is_followed(scene: Scene, name: str) -> None:
    for each in messages_of(scene.world, scene.actor(name).victim):
        if scene.world.link_in(each):
            _check_ours(each.how)
            _refuse(scene, [scene.last_event_id], each.correlation_id, each.reference)


@then(parsers.parse(_ASKED))
def task_is_followed(scene: Scene, name: str) -> None:
    person_id = scene.actor(name).record.person_id
    for each in scene.written(TaskRaised):
        if each.person_id == person_id:
            _check_ours(each.how)
            _refuse(scene, [scene.last_event_id], each.correlation_id)


@then(parsers.parse(_TOGETHER))
def words_and_task_carry_one(scene: Scene, name: str) -> None:
    """The victim caused it and no delivery did: the portal may give it any id."""
    person_id = scene.actor(name).record.person_id
    stamps = [each for each in scene.written(Stamped) if each.person_id == person_id]
    tasks = [
        each
        for each in scene.written(TaskRaised)
        if each.person_id == person_id and each.task_kind == "victim_question"
    ]
    filed: list[Stamped | TaskRaised] = [*stamps, *tasks]
    ids = [each.correlation_id for each in filed]
    for each in filed:
        _check_ours(each.how)
    if not all(ids) or any(one != other for one, other in pairwise(ids)):
        raise Unmet("a question's stamp and its task carry one id", f"{ids}")


def _since_the_one_before(scene: Scene, message: Accepted) -> Sequence[str]:
    """List the events since the message before it: it may tell of any of them."""
    sent = [each.accepted_at for each in scene.world.messages_at(message.to)]
    since = max([scene.starts, *(at for at in sent if at < message.accepted_at)])
    return [each.event_id for each in scene.written(EventRecorded) if each.at > since]


def _refuse(scene: Scene, event_ids: Sequence[str], *carried: str) -> None:
    records = scene.own_evidence()
    why = [why_not_traceable(records, event_ids, each) for each in carried]
    if all(why):
        raise Unmet("what a delivery causes carries its id", why[0])


def _check_ours(how: How) -> None:
    if how != "intercepted":
        raise CannotVerify("it did not come by us, and what it carried is not seen: not verified")
