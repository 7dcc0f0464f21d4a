"""Writing to the officer and reading the reply, and what reaches the crime system of it."""

import re
from collections import Counter
from datetime import timedelta
from typing import Literal

from msgspec import structs
from pytest_bdd import given, parsers, then, when

from features.people import OKAFOR, TEAM, Actor
from features.real_data import NOTE, QUESTION, REPLY
from features.running_scenario import Scene, Unmet
from reference.contract.events import OfficerReplied
from reference.contract.messages import QUESTION_CHARACTERS_MAX, Subject
from simulator.drivers.base import Refused
from simulator.evidence.records import Stamped, TaskRaised
from simulator.judge.text.plain_words import with_plain_line_ends
from simulator.world.victims import ask


@given(parsers.parse('{name} has asked "{words}"'))
@when(parsers.parse('{name} asks "{words}"'))
def asks(scene: Scene, name: str, words: str) -> None:
    write_to_officer(scene, name, scene.data.words(QUESTION, words))


@when(parsers.parse('{name} chooses the subject {about} and writes "{words}"'))
def asks_about(scene: Scene, name: str, about: Subject, words: str) -> None:
    write_to_officer(scene, name, scene.data.words(QUESTION, words), about)


@when(parsers.parse('{name} asks about the crime {other} reported "{words}"'))
def asks_about_the_crime_of(scene: Scene, name: str, other: str, words: str) -> None:
    reference = scene.actor(other).crime_reference
    write_to_officer(scene, name, scene.data.words(QUESTION, words), reference=reference)


@when(parsers.parse("{name} asks a question of {count:d} lines, as long as is allowed"))
def asks_at_length(scene: Scene, name: str, count: int) -> None:
    lines = [f"line {number}: what I saw and heard" for number in range(1, count + 1)]
    words = "\n".join(lines)
    write_to_officer(scene, name, words + "." * (QUESTION_CHARACTERS_MAX - len(words)))


@when(parsers.parse("{name} tries to write to the officer"))
def tries_to_write(scene: Scene, name: str) -> None:
    _tries_to_write(scene, scene.actor(name), scene.actor(name))


@when(parsers.parse("{name} tries to write about the crime {other} reported"))
def tries_to_write_about(scene: Scene, name: str, other: str) -> None:
    _tries_to_write(scene, scene.actor(name), scene.actor(other))


@given(parsers.parse('the officer has replied "{words}"'))
@when(parsers.parse('the officer replies "{words}"'))
def replies(scene: Scene, words: str) -> None:
    scene.happens(_reply(scene, words))


@when(parsers.parse('the officer replies "{words}", and has checked it'))
def replies_checked(scene: Scene, words: str) -> None:
    scene.happens(structs.replace(_reply(scene, words), checked=True))


@when(parsers.parse("the officer writes in a reply to {name} what {other} saw"))
def replies_about(scene: Scene, name: str, other: str) -> None:
    reply = _reply(scene, f"We have spoken to {_full_name(scene, other)}, who saw two people.")
    scene.happens(structs.replace(reply, person_id=scene.actor(name).record.person_id))


@then(parsers.parse("{name} never sees the name of {other}"))
def never_sees_the_name(scene: Scene, name: str, other: str) -> None:
    full_name = _full_name(scene, other)
    shown = scene.read_conversation(scene.actor(name))
    if any(full_name in each for each in shown):
        raise Unmet(f"{name} reads nothing of {other} before it is checked", "a reply names them")


@given(parsers.parse('the crime system holds back that the officer replied "{words}"'))
def reply_held_back(scene: Scene, words: str) -> None:
    scene.held_event_id = scene.world.crime_system.record(_reply(scene, words))
    scene.world.integration.hold_back(scene.held_event_id)


@when(parsers.parse('an officer writes an internal note "{note}"'))
def writes_note(scene: Scene, note: str) -> None:
    for actor in scene.actors.values():
        words = scene.data.words(NOTE, scene.as_drawn(note))
        author = scene.officer(OKAFOR).name
        scene.world.crime_system.write_note(actor.crime_reference, words, author=author)


@when(parsers.parse("{name} asks the portal for {other}'s conversation"))
def asks_for_conversation(scene: Scene, name: str, other: str) -> None:
    session = scene.session_of(scene.actor(name))
    scene.refused = ""
    try:
        posts = scene.world.portal.conversation(session, scene.actor(other).crime_reference)
        scene.shown_of_another += [post.text for post in posts]
    except Refused as refused:
        scene.refused = refused.title


@when(parsers.parse("{name} reads the conversation"))
def reads_conversation(scene: Scene, name: str) -> None:
    scene.read_conversation(scene.actor(name))


@then(parsers.parse("those words are in the crime system once, exactly as {name} wrote them"))
def stamped_once(scene: Scene, name: str) -> None:
    actor = scene.actor(name)

    def found() -> list[str]:
        stamps = [each for each in scene.written(Stamped) if _is_about(each, actor)]
        return sorted(each.text for each in stamps if each.person_id == actor.record.person_id)

    scene.comes_true(lambda: len(found()) >= len(actor.asked))
    if found() != sorted(actor.asked):
        raise Unmet(f"{_shown(actor.asked)} once, word for word", _shown(found()))


@then("PC Okafor has a task for each question")
def officer_has_tasks(scene: Scene) -> None:
    _assigned(scene, scene.officer(OKAFOR).collar_number)


@then("the burglary team has a task")
def team_has_task(scene: Scene) -> None:
    _assigned(scene, TEAM)


@then("the witness care unit has a task")
def witness_care_has_task(scene: Scene) -> None:
    force = scene.world.order.forces[scene.force]
    _assigned(scene, force.witness_care)


@then("the force has a task")
def force_has_task(scene: Scene) -> None:
    """The force decides who gets it when nobody was ever put in charge."""
    _assigned(scene, "")


@then(parsers.parse("{name} is told that the force does not have the words yet"))
def words_wait(scene: Scene, name: str) -> None:
    if _with_force(scene, scene.actor(name)):
        raise Unmet(f"{name} is told the truth: the words wait", "they are shown as with the force")


@then(parsers.parse("{name} is told that the force has the words"))
def words_arrived(scene: Scene, name: str) -> None:
    if not scene.comes_true(lambda: _with_force(scene, scene.actor(name))):
        raise Unmet(f"{name} is told that the words arrived", "they are shown as waiting")


@then(parsers.parse("{name} reads those words in the conversation"))
def reads_own_words(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    for words in actor.asked:
        _reads(scene, actor, words)


@then(parsers.parse('{name} reads "{words}" in the conversation'))
def reads_words(scene: Scene, name: str, words: str) -> None:
    _reads(scene, scene.actor(name), scene.data.said(words))


@then("the portal refuses it")
def not_taken(scene: Scene) -> None:
    if not scene.refused:
        raise Unmet("the portal refuses the words", "the portal took it")


@then("it says how to reach the force")
def says_how_to_reach(scene: Scene) -> None:
    """A victim who is refused must learn whom to ring, or where else to write."""
    force = scene.world.order.forces[scene.force]
    number = re.search(rf"\b{re.escape(force.non_emergency)}\b", scene.refused)
    if number is None and force.website not in scene.refused:
        wanted = f"the refusal names {force.non_emergency} or {force.website}"
        raise Unmet(wanted, f"it says only {scene.refused!r}")


@then("nothing of it is in the crime system")
def nothing_stamped(scene: Scene) -> None:
    """Only what the portal took may be stamped on the scenario's crimes."""
    actors = scene.actors.values()
    stamped = Counter(
        each.text
        for each in scene.written(Stamped)
        if any(_is_about(each, actor) for actor in actors)
    )
    taken = Counter(words for actor in actors for words in actor.asked)
    for text in stamped - taken:
        raise Unmet("nothing is stamped that the portal refused", repr(text))


def write_to_officer(
    scene: Scene,
    name: str,
    words: str,
    about: Subject | Literal[""] = "",
    *,
    reference: str = "",
) -> None:
    """Write these very words about a crime, their own unless another is given."""
    actor = scene.actor(name)
    session, crime = scene.session_of(actor), reference or actor.crime_reference
    ask(scene.world, actor.victim, session, crime, words, about)
    actor.asked.append(words)
    scene.asked_at = scene.world.now
    scene.world.advance(scene.world.now + timedelta(seconds=30))


def _full_name(scene: Scene, name: str) -> str:
    record = scene.actor(name).record
    return " ".join(f"{record.given_name} {record.family_name}".split())


def _reply(scene: Scene, words: str) -> OfficerReplied:
    actor = scene.first
    return OfficerReplied(
        crime_reference=actor.crime_reference,
        person_id=actor.record.person_id,
        reply_id=f"{actor.crime_reference}-{scene.steps_recorded(actor)}",
        text=scene.data.words(REPLY, words),
        officer=scene.officer(OKAFOR),
        replied_at=scene.world.now,
    )


def _tries_to_write(scene: Scene, actor: Actor, about: Actor) -> None:
    session = scene.session_of(actor)
    scene.refused = ""
    try:
        scene.world.portal.ask_officer(session, about.crime_reference, "Is anybody there?")
    except Refused as refused:
        scene.refused = f"{refused.title}. {refused.detail}"
    scene.world.advance(scene.world.now + timedelta(minutes=15))


def _with_force(scene: Scene, actor: Actor) -> bool:
    """Say whether the portal shows that the force has the last thing this person wrote."""
    posts = scene.world.portal.conversation(scene.session_of(actor), actor.crime_reference)
    own = [post for post in posts if post.author == "victim"]
    if not own:
        raise Unmet(f"{actor.name} reads what they wrote", "it is not in the conversation")
    return own[-1].is_with_force


def _reads(scene: Scene, actor: Actor, words: str) -> None:
    shown = scene.read_conversation(actor)
    if with_plain_line_ends(words) not in map(with_plain_line_ends, shown):
        raise Unmet(f"{actor.name} reads {_shown([words])}", _shown(shown))


def _is_about(record: Stamped, actor: Actor) -> bool:
    return record.crime_reference == actor.crime_reference


def _assigned(scene: Scene, assignee: str) -> None:
    wanted = [assignee for _question in scene.first.asked]

    def found() -> list[str]:
        return [
            record.assignee
            for record in scene.written(TaskRaised)
            if record.task_kind == "victim_question"
            and record.crime_reference == scene.first.crime_reference
        ]

    scene.comes_true(lambda: len(found()) >= len(wanted))
    if found() != wanted:
        raise Unmet(f"tasks for {wanted}", f"tasks for {found()}")


def _shown(texts: list[str]) -> str:
    """Show words in full, or of long ones the ends and the length."""
    short = [
        each if len(each) <= 200 else f"{each[:80]}…{each[-40:]} ({len(each)} characters)"
        for each in texts
    ]
    return f"{short!r}"
