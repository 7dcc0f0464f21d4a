"""A person says that a message was not for them: how, what the force is asked, what is left."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from features.people import Actor, channels_of
from features.running_scenario import Scene, Unmet
from features.steps.contact_details import meet_stranger
from simulator.drivers.base import Refused
from simulator.errors import PortalNonsense
from simulator.evidence.records import TaskRaised
from simulator.world.victims import choose_contact, messages_of

_HELD = {"number": "mobile_phone", "mailbox": "email"}
_OF_NOBODY = "a stranger says that messages to a number on no record are not for them"
_WRITTEN: dict[str, Callable[[str], str]] = {
    "with the country's code": lambda number: f"+44 {number[1:5]} {number[5:]}",
    "in groups": lambda number: f"{number[:5]} {number[5:8]} {number[8:]}",
    "in capitals": str.upper,
}
_WRITES = (
    r"(?P<name>\w+), who writes their (?P<held>\w+) (?P<how>[\w' ]+), "
    "says that messages there are not for them"
)
_OF_ANOTHERS = r"a stranger says that messages to (?P<name>\w+)'s (?P<held>\w+) are not for them"
_TIMES = {"once": 1, "twice": 2}
# A time of day, a reference and other digits differ in each answer, and reveal nothing.
_WITH_DIGITS = re.compile(r"[\w+()-]*\d[\w()-]*")
_SHOWN_CHARACTERS_MAX = 200


@pytest.fixture
def answers() -> list[str]:
    """How the portal answered each person who said so in a scenario."""
    return []


@given(parsers.re(r"(?P<other>\w+) is a stranger whose (?P<held>\w+) was written as \w+'s"))
def somebody_elses(scene: Scene, other: str, held: str) -> None:
    """Nothing gives it away: it is as good a number or mailbox as the victim's own."""
    stranger = meet_stranger(scene, other)
    scene.change(scene.first, **{_HELD[held]: getattr(stranger.known, _HELD[held])})


@given(parsers.parse("the same number was written as {name}'s"))
def same_number(scene: Scene, name: str) -> None:
    scene.change(scene.actor(name), mobile_phone=scene.first.record.mobile_phone)


@when(parsers.parse("the force records for {name} the {held} of {other}, a stranger"))
def writes_a_strangers(scene: Scene, name: str, held: str, other: str) -> None:
    stranger, field = meet_stranger(scene, other), _HELD[held]
    scene.mend(scene.actor(name), **{field: getattr(stranger.known, field)})


@when(parsers.re(r"(?P<name>\w+) says that messages to their (?P<held>\w+) are not for them"))
def says_not_for_me(scene: Scene, answers: list[str], name: str, held: str) -> None:
    actor = scene.actor(name)
    scene.take_note(actor)
    answers.append(_said_of(scene, getattr(actor.known, _HELD[held])))


@when(parsers.re(_OF_ANOTHERS))
def says_of_anothers(scene: Scene, answers: list[str], name: str, held: str) -> None:
    """They know the address, as a former partner may, and have no message that came there."""
    address = getattr(scene.actor(name).known, _HELD[held])
    answers.append(_said_of(scene, address, is_holder=False))


@when(parsers.re(_WRITES))
def says_written_otherwise(scene: Scene, name: str, held: str, how: str) -> None:
    actor = scene.actor(name)
    scene.take_note(actor)
    address = getattr(actor.known, _HELD[held])
    _said_of(scene, address, written=_WRITTEN[how](address))


@when(parsers.parse("{name} asks the portal for messages by {channels}"))
def asks_for_channels(scene: Scene, name: str, channels: str) -> None:
    """A portal may refuse: a disowned number is not theirs to choose."""
    actor = scene.actor(name)
    with suppress(Refused):
        choose_contact(scene.world, actor.victim, scene.session_of(actor), channels_of(channels))


@when(_OF_NOBODY)
def says_of_nobodys(scene: Scene, answers: list[str]) -> None:
    nobody = scene.register.person("Nobody", ("text",), scene.world.now)
    answers.append(_said_of(scene, nobody.known.mobile_phone))


@then(
    parsers.re(
        r"the force is asked (?P<times>once|twice) to look into who was told about (?P<name>\w+)"
    )
)
def asked_to_look_into_it(scene: Scene, times: str, name: str) -> None:
    """Wait as long as the order lets a message take."""
    actor, wanted = scene.actor(name), _TIMES[times]
    scene.comes_true(lambda: _asked_most(scene, actor) >= wanted)
    most = _asked_most(scene, actor)
    if not most:
        raise Unmet(f"a task about {name}, to look into a breach", "no such task")
    if most != wanted:
        each = f"{wanted} task{'s' if wanted > 1 else ''} for each crime"
        raise Unmet(f"{each} that they are a victim of", f"{most} for one crime")


@then("it is asked to do so in time to report a breach")
def asked_in_time(scene: Scene) -> None:
    """A task that names no day is left to the crime system, as the contract has it."""
    hours = timedelta(hours=scene.world.order.deadlines.breach_hours)
    for each in _breaches(scene, scene.first):
        if each.due_at is not None and each.due_at > each.at + hours:
            later = each.due_at - each.at
            raise Unmet(f"it is to be done within {hours}", f"the task gives {later} for it")


@then("both get the same answer")
def answered_alike(answers: list[str]) -> None:
    # A tester who types what a page says may leave out a full stop.
    if len({tuple(re.findall(r"\w+", each.casefold())) for each in answers}) != 1:
        raise Unmet(
            "the answer does not tell whether the force knows a number",
            " and ".join(repr(each[:_SHOWN_CHARACTERS_MAX]) for each in answers),
        )


@then(parsers.parse("no link sent to {name} works"))
def links_of_stranger(scene: Scene, name: str) -> None:
    links = [
        scene.world.link_in(each) for each in messages_of(scene.world, scene.actor(name).victim)
    ]
    assert any(links), f"{name} was sent no link"
    for link in filter(None, links):
        with suppress(Refused):
            scene.world.portal.open_invitation(link)
            raise Unmet("a link sent to a stranger does not work", "their link opened the sign-in")


@then(parsers.parse("the link that says a message was not for {name} does not open the portal"))
def opens_nothing(scene: Scene, name: str) -> None:
    """An email has one: a stranger cannot reply to it as to a text."""
    messages = messages_of(scene.world, scene.actor(name).victim)
    links = [link for each in messages if (link := scene.world.not_for_me_link_in(each))]
    if not links:
        raise Unmet("an email has a link to say that it was not for the person there", "no link")
    for link in links:
        # A page that asks for no proof is no sign-in.
        with suppress(Refused, PortalNonsense):
            scene.world.portal.open_invitation(link)
            raise Unmet("the link opens nothing", "it opened the sign-in")


def _said_of(scene: Scene, address: str, *, written: str = "", is_holder: bool = True) -> str:
    """Say that the message is not for them, and give the portal a minute to act on it.

    Gives the answer, without what differs between addresses.
    """
    try:
        how, words = (
            "taken",
            scene.world.inbound.not_for_me(address, written=written, is_holder=is_holder),
        )
    except Refused as refused:
        how, words = f"refused with {refused.status}", f"{refused.title} {refused.detail}"
    finally:
        scene.world.advance(scene.world.now + timedelta(minutes=1))
    return f"{how}: {_told_by(words, address)}"


def _told_by(words: str, address: str) -> str:
    without = re.sub(re.escape(address), "", words, flags=re.IGNORECASE)
    return " ".join(_WITH_DIGITS.sub("", without).split())


def _asked_most(scene: Scene, actor: Actor) -> int:
    """Count how often the force was asked about the crime it was asked about most."""
    return max(
        Counter(each.crime_reference for each in _breaches(scene, actor)).values(), default=0
    )


def _breaches(scene: Scene, actor: Actor) -> list[TaskRaised]:
    return [
        each
        for each in scene.written(TaskRaised)
        if each.task_kind == "breach" and each.person_id == actor.record.person_id
    ]
