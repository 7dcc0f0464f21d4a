"""Who a question goes to, who an answer is from, and which crime they are about."""

from pytest_bdd import parsers, then, when

from features.people import LUND, Actor
from features.running_scenario import Scene, Unmet
from features.steps.conversation import write_to_officer
from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.drivers.base import Refused
from simulator.evidence.records import Stamped, TaskRaised


@when(parsers.parse("{name} tries to write more than the portal takes"))
def writes_too_much(scene: Scene, name: str) -> None:
    words = "What I saw. " * (QUESTION_CHARACTERS_MAX // 10)
    try:
        write_to_officer(scene, name, words)
    except Refused as refused:
        scene.refused = refused.title


@then(parsers.parse("{name}'s words are refused, or reach the crime system whole"))
def refused_or_whole(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.world.wait_for(
        lambda: len(_stamped(scene, actor.crime_reference)) >= len(actor.asked), scene.patience()
    )
    found = _stamped(scene, actor.crime_reference)
    if found != actor.asked:
        shown = [f"{len(each)} characters" for each in found]
        raise Unmet(
            "a question that is too long is refused whole", f"stamped: {shown or 'nothing'}"
        )


@then("PC Lund has a task for the last question")
def lund_has_the_last(scene: Scene) -> None:
    actor = scene.first

    def found() -> list[str]:
        return [
            each.assignee
            for each in scene.written(TaskRaised)
            if each.task_kind == "victim_question" and each.crime_reference == actor.crime_reference
        ]

    scene.world.wait_for(lambda: len(found()) >= len(actor.asked), scene.patience())
    if found()[-1:] != [scene.officer(LUND).collar_number]:
        raise Unmet("the officer in charge at that time is asked", f"tasks for {found()}")


@then(
    parsers.re(
        r"nothing of it is in the conversation about the (?P<crime>.+) (?P<name>\w+) reported"
    )
)
def not_about_the_other(scene: Scene, name: str, crime: str) -> None:
    actor = scene.actor(name)
    reference = actor.crimes[crime]
    said = [
        each.text for each in scene.world.portal.conversation(scene.session_of(actor), reference)
    ]
    said += _stamped(scene, reference)
    if said:
        raise Unmet(f"a question is about the crime it was asked of, not the {crime}", f"{said}")


@then(parsers.parse("the last answer to {name} says that it is from {officer}"))
def answer_is_signed(scene: Scene, name: str, officer: str) -> None:
    posts = _answers(scene, scene.actor(name))
    called = scene.officer(officer).name
    if called not in posts[-1]:
        raise Unmet(f"an answer names {called}, who wrote it", repr(posts[-1]))


def _answers(scene: Scene, actor: Actor) -> list[str]:
    session = scene.session_of(actor)

    def found() -> list[str]:
        posts = scene.world.portal.conversation(session, actor.crime_reference)
        return [f"{each.name}" for each in posts if each.author == "officer"]

    if not scene.comes_true(lambda: bool(found())):
        raise Unmet(f"{actor.name} reads the answer", "there is none")
    return found()


def _stamped(scene: Scene, reference: str) -> list[str]:
    return [each.text for each in scene.written(Stamped) if each.crime_reference == reference]
