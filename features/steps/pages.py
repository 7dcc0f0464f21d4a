"""What people read on the portal's pages, and what reaches the crime system."""

from pytest_bdd import parsers, then

from features.scene import OFFICER, TEAM, Actor, Scene, Unmet
from reference.contract.messages import CrimeSummary
from simulator.drivers.base import Refused
from simulator.evidence import Stamped, TaskRaised
from simulator.victims import look_at_conversation, look_at_timeline, messages_of


@then(parsers.parse("{name}'s page has something new"))
def has_something_new(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    before = len(actor.pages) or 1
    read_page(scene, actor)
    if len(actor.pages) <= before:
        raise Unmet(f"{name}'s page says what the update is", "nothing that was not there before")


@then(parsers.parse("{name}'s page names PC Okafor and the collar number"))
def names_officer(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    shown = " ".join(read_page(scene, actor)) + _summary(scene, actor).officer_in_charge
    for wanted in (OFFICER.name, OFFICER.collar_number):
        if wanted not in shown:
            raise Unmet(f"{name}'s page names {wanted}", repr(shown[-160:]))


@then(parsers.parse("{name}'s page says an officer was sent"))
def says_officer_sent(scene: Scene, name: str) -> None:
    entries = read_page(scene, scene.actor(name))
    if len(entries) < 2:
        raise Unmet("the page shows the crime and the officer's being sent", f"{entries}")


@then(parsers.parse("{name}'s page shows all of it"))
def shows_all(scene: Scene, name: str) -> None:
    entries = read_page(scene, scene.actor(name))
    if len(entries) < 11:
        raise Unmet("the page shows every step, announced or not", f"{len(entries)} entries")


@then(parsers.re(r"(?P<name>\w+)'s crime is shown as (?P<status>open|charged|closed)"))
def is_shown_as(scene: Scene, name: str, status: str) -> None:
    shown = _summary(scene, scene.actor(name)).status
    if shown != status:
        raise Unmet(f"{name}'s crime is shown as {status}", f"as {shown}")


@then(parsers.parse("nothing on {name}'s page says closed"))
def never_closed(scene: Scene, name: str) -> None:
    for entry in read_page(scene, scene.actor(name)):
        if "closed" in entry.lower():
            raise Unmet("a charge is not a closure", repr(entry))


@then(parsers.parse('{name} never sees "{words}"'))
def never_sees(scene: Scene, name: str, words: str) -> None:
    actor = scene.actor(name)
    places = [each.body for each in messages_of(scene.world, actor.victim)]
    places += [each.subject for each in messages_of(scene.world, actor.victim)]
    places += read_page(scene, actor)
    places += _conversation(scene, actor)
    places += actor.pages
    for place in places:
        if words.lower() in place.lower():
            raise Unmet(f"{name} never sees {words!r}", repr(place[:160]))


@then(parsers.parse("{name} is shown nothing of {other}'s crime"))
def shown_nothing(scene: Scene, name: str, other: str) -> None:
    actor = scene.actor(name)
    if actor.pages or not scene.refused:
        raise Unmet(f"{name} is refused {other}'s crime", f"was shown {actor.pages[:2]}")
    own = {each.crime_reference for each in scene.world.portal.crimes(scene.session_of(actor))}
    if scene.actor(other).crime_reference in own:
        raise Unmet(f"{name} sees only their own crimes", f"{other}'s is among them")


@then(parsers.parse("{name}'s old session shows nothing"))
def session_is_over(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    try:
        assert actor.session is not None
        shown = scene.world.portal.crimes(actor.session)
    except Refused:
        return
    if shown:
        raise Unmet("sessions end when a person may no longer be told", f"{len(shown)} crimes")


@then(parsers.parse("{name}'s advice begins with bicycles"))
def advice_fits(scene: Scene, name: str) -> None:
    pages = scene.world.portal.advice(scene.session_of(scene.actor(name)))
    if not pages or "bicycle" not in f"{pages[0].title} {pages[0].summary}".lower():
        raise Unmet("the advice that fits the offence comes first", f"{[p.title for p in pages]}")


@then(parsers.parse("the last email to {name} greets by name"))
def greets(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    body = actor.told[-1].body
    if actor.record.given_name not in body:
        raise Unmet(f"the email greets {actor.record.given_name}", repr(body[:80]))


@then(parsers.parse('the last email to {name} does not say "{words}"'))
def does_not_say(scene: Scene, name: str, words: str) -> None:
    body = scene.actor(name).told[-1].body
    if words in body:
        raise Unmet(f"no greeting by {words!r}", repr(body[:80]))


@then(parsers.parse("those words are in the crime system once, just as {name} wrote them"))
def stamped_once(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    found = [
        record.text
        for record in scene.world.evidence.records
        if isinstance(record, Stamped) and record.crime_reference == actor.crime_reference
    ]
    if found != actor.asked:
        raise Unmet(f"{actor.asked!r} once, word for word", f"{found!r}")


@then("PC Okafor has a task")
def officer_has_task(scene: Scene) -> None:
    _assigned(scene, OFFICER.collar_number)


@then("the burglary team has a task")
def team_has_task(scene: Scene) -> None:
    _assigned(scene, TEAM)


@then(parsers.parse("{name} reads those words in the conversation"))
def reads_own_words(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    shown = _conversation(scene, actor)
    if actor.asked[-1] not in shown:
        raise Unmet(f"{name} reads {actor.asked[-1]!r}", f"{shown!r}")


@then(parsers.parse('{name} reads "{words}" in the conversation'))
def reads_words(scene: Scene, name: str, words: str) -> None:
    shown = _conversation(scene, scene.actor(name))
    if words not in shown:
        raise Unmet(f"{name} reads {words!r}", f"{shown!r}")


@then("the portal does not take it")
def not_taken(scene: Scene) -> None:
    if not scene.refused:
        raise Unmet("writing to the officer is not there before phase 3", "the portal took it")


@then("nothing of it is in the crime system")
def nothing_stamped(scene: Scene) -> None:
    references = {actor.crime_reference for actor in scene.actors.values()}
    for record in scene.world.evidence.records:
        if isinstance(record, Stamped) and record.crime_reference in references:
            raise Unmet("nothing is stamped before phase 3", repr(record.text))


def read_page(scene: Scene, actor: Actor) -> list[str]:
    """Read a crime's page as its victim; what it says is kept with the person."""
    entries = look_at_timeline(
        scene.world, actor.victim, scene.session_of(actor), actor.crime_reference
    )
    actor.pages = list(entries)
    return actor.pages


def _conversation(scene: Scene, actor: Actor) -> list[str]:
    """Read the conversation, where the portal has one yet."""
    try:
        shown = look_at_conversation(
            scene.world, actor.victim, scene.session_of(actor), actor.crime_reference
        )
    except Refused:
        return []
    return list(shown)


def _summary(scene: Scene, actor: Actor) -> CrimeSummary:
    for summary in scene.world.portal.crimes(scene.session_of(actor)):
        if summary.crime_reference == actor.crime_reference:
            return summary
    raise Unmet(f"{actor.name}'s crime is among their crimes", "it is not")


def _assigned(scene: Scene, assignee: str) -> None:
    reference = next(iter(scene.actors.values())).crime_reference
    found = [
        record.assignee
        for record in scene.world.evidence.records
        if isinstance(record, TaskRaised)
        and record.task_kind == "victim_question"
        and record.crime_reference == reference
    ]
    if found != [assignee]:
        raise Unmet(f"one task for {assignee}", f"tasks for {found}")
