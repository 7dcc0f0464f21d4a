"""Somebody says that a message was not for them: how, what the force is asked, what is left."""

from collections import Counter
from datetime import timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from features.people import Actor
from features.scene import Scene, Unmet
from features.steps.details import meet_stranger
from simulator.drivers.base import Refused
from simulator.evidence import TaskRaised
from simulator.victims import latest_link

_HELD = {"number": "mobile_phone", "mailbox": "email"}
_OF_NOBODY = "somebody says of a number that nobody has that what comes there is not for them"
_TAKEN = "taken"


@pytest.fixture
def answers() -> list[str]:
    """How the portal answered each who said it in a scenario."""
    return []


@given(parsers.re(r"(?P<other>\w+) is somebody else, whose (?P<held>\w+) was written as \w+'s"))
def somebody_elses(scene: Scene, other: str, held: str) -> None:
    """Nobody can tell by it: it is as good a number or mailbox as the victim's own."""
    stranger = meet_stranger(scene, other)
    scene.change(scene.first, **{_HELD[held]: getattr(stranger.known, _HELD[held])})


@given(parsers.parse("the same number was written as {name}'s"))
def same_number(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), mobile_phone=scene.first.record.mobile_phone)


@when(parsers.parse("the force writes down for {name} the number of {other}, who is somebody else"))
def writes_a_strangers_number(scene: Scene, name: str, other: str) -> None:
    number = meet_stranger(scene, other).known.mobile_phone
    scene.mend(scene.actor(name), mobile_phone=number)


@when(parsers.re(r"(?P<name>\w+) says that what comes to their (?P<held>\w+) is not for them"))
def says_not_for_me(scene: Scene, answers: list[str], name: str, held: str) -> None:
    actor = scene.actor(name)
    scene.take_note(actor)
    answers.append(_said_of(scene, getattr(actor.known, _HELD[held])))


@when(_OF_NOBODY)
def says_of_nobodys(scene: Scene, answers: list[str]) -> None:
    nobody = scene.register.person("Nobody", ("text",), scene.world.now)
    answers.append(_said_of(scene, nobody.known.mobile_phone))


@then(parsers.parse("the force is asked once to look into who was told of {name}"))
def asked_to_look_into_it(scene: Scene, name: str) -> None:
    """Let a portal take as long over it as the order lets it take over a message."""
    actor, minutes = scene.actor(name), scene.world.order.messages.minutes_max
    scene.world.wait_for(lambda: bool(_breaches(scene, actor)), timedelta(minutes=minutes))
    if not _breaches(scene, actor):
        raise Unmet(f"a task about {name}, to look into a breach", "no such task")
    most = max(Counter(each.crime_reference for each in _breaches(scene, actor)).values())
    if most > 1:
        raise Unmet("one task for each crime that they are a victim of", f"{most} for one crime")


@then("it is asked to do so within the hours in which it must report a breach")
def asked_in_time(scene: Scene) -> None:
    """A task that names no day is left to the crime system, as the contract has it."""
    hours = timedelta(hours=scene.world.order.deadlines.breach_hours)
    for each in _breaches(scene, scene.first):
        if each.due_at is not None and each.due_at > each.at + hours:
            later = each.due_at - each.at
            raise Unmet(f"it is to be done within {hours}", f"the task gives {later} for it")


@then("both were answered alike")
def answered_alike(answers: list[str]) -> None:
    if len(set(answers)) != 1:
        raise Unmet(
            "the answer does not tell whether the force knows a number", " and ".join(answers)
        )


@then(parsers.parse("the link that {name} was sent opens nothing"))
def link_of_stranger(scene: Scene, name: str) -> None:
    link = latest_link(scene.world, scene.actor(name).victim)
    assert link, f"{name} was sent no link"
    try:
        scene.world.portal.open_invitation(link)
    except Refused:
        return
    raise Unmet("what a stranger was sent opens nothing", "their link opened the sign-in")


def _said_of(scene: Scene, address: str) -> str:
    """Say it, and let a portal that takes it to heart have a minute for it."""
    try:
        scene.world.said_back.not_for_me(address)
    except Refused as refused:
        return f"refused with {refused.status} {refused.title!r}"
    finally:
        scene.world.advance(scene.world.now + timedelta(minutes=1))
    return _TAKEN


def _breaches(scene: Scene, actor: Actor) -> list[TaskRaised]:
    return [
        each
        for each in scene.written(TaskRaised)
        if each.task_kind == "breach" and each.person_id == actor.record.person_id
    ]
