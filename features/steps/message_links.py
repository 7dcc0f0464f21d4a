"""What a message shows beside its words: which force it is from, and where its links lead."""

import re
from urllib.parse import urlsplit

from pytest_bdd import parsers, then

from features.people import Actor
from features.running_scenario import Scene, Unmet
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.victims import messages_of

_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_OFFICIAL = (".gov.uk", ".police.uk")


@then(parsers.re(r"(?P<name>\w+) gets a message about it by (?P<channel>text|email)"))
def hears_of_it(scene: Scene, name: str, channel: str) -> None:
    """Accept any message since then: a victim who never signed in may be invited again."""
    actor = scene.actor(name)
    since = scene.happened_at
    scene.await_message(
        actor, "a message about it", lambda each: each.accepted_at >= since, channel
    )
    scene.take_note(actor)


@then(parsers.parse("every message to {name} says which force it is from"))
def names_the_force(scene: Scene, name: str) -> None:
    """A code goes to a person who has just asked for it, and may say nothing else."""
    force = scene.world.order.forces[scene.force].name
    for each in messages_of(scene.world, scene.actor(name).victim):
        if not scene.is_code(each) and force not in f"{each.sender}\n{each.subject}\n{each.body}":
            raise Unmet(f"every message says that it is from {force}", repr(each.body[:120]))


@then(parsers.parse("the code that {name} was sent says which force it is from"))
def code_names_the_force(scene: Scene, name: str) -> None:
    """Fraudsters send codes most: another force's name is no better than none."""
    force = scene.world.order.forces[scene.force].name
    for each in messages_of(scene.world, scene.actor(name).victim):
        if scene.is_code(each) and force not in f"{each.sender}\n{each.subject}\n{each.body}":
            said = each.body.replace(scene.code, "(code)")
            raise Unmet(f"a code says that it is from {force}", f"{said[:120]!r}")


@then(parsers.parse("every link in a message to {name} leads to the portal or the force"))
def leads_to_the_portal(scene: Scene, name: str) -> None:
    """The portal's host is the one that the invitation leads to."""
    actor = scene.actor(name)
    messages = messages_of(scene.world, actor.victim)
    invited = {_host(scene.world.link_in(each)) for each in messages} - {""}
    known = invited | {_host(each.website) for each in scene.world.order.forces.values()}
    for each in messages:
        for link in _links_in(each):
            if _host(link) not in known and not _host(link).endswith(_OFFICIAL):
                raise Unmet("a link leads to the portal itself", repr(link))


@then(parsers.parse("the links in the messages to {name} and {other} are the same"))
def same_links(scene: Scene, name: str, other: str) -> None:
    links = [_links_of(scene, scene.actor(each)) for each in (name, other)]
    if links[0] != links[1]:
        raise Unmet(
            "a link in an update is the same for everybody", f"{sorted(links[0] ^ links[1])}"
        )


def _links_of(scene: Scene, actor: Actor) -> set[str]:
    """List the links of the updates.

    An invitation's link is a person's own, as it must be; so is the one by which a stranger says
    that an update was not for them, and which opens nothing.
    """
    updates: list[Accepted] = [
        each
        for each in messages_of(scene.world, actor.victim)
        if not scene.world.link_in(each) and not scene.is_code(each)
    ]
    own = {scene.world.not_for_me_link_in(each) for each in updates}
    return {link for each in updates for link in _links_in(each)} - own


def _links_in(message: Accepted) -> list[str]:
    """List the links of a message, without the punctuation after them."""
    return [link.rstrip(".,;:!?") for link in _LINK.findall(message.body)]


def _host(link: str) -> str:
    return (urlsplit(link).hostname or "").lower()
