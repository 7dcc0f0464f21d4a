"""What must be so: who hears what, on which channel, how often, and what it gives away."""

from collections.abc import Callable
from datetime import timedelta

from pytest_bdd import parsers, then, when

from features.scene import Actor, Scene, Unmet, channels_of
from simulator.clock import LONDON
from simulator.drivers.base import Refused
from simulator.gateway.inbox import Accepted
from simulator.judge.disclosure import Disclosure, open_words
from simulator.victims import accept_invitation, latest_link, sign_in_again

_TIMES = {"once": 1, "twice": 2}


@then(parsers.parse("{name} is invited by {channels}"))
def is_invited(scene: Scene, name: str, channels: str) -> None:
    for channel in channels_of(channels):
        scene.await_message(
            scene.actor(name), "an invitation", lambda m: bool(scene.world.link_in(m)), channel
        )


@then(parsers.parse("{name} is invited by no other channel"))
def by_no_other(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    wanted = set(actor.record.preferred_channels)
    _none([each for each in scene.heard(actor) if each.channel not in wanted], actor)


@then(parsers.re(r"(?P<name>\w+) hears nothing( more)?"))
def hears_nothing(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + scene.patience())
    _none(scene.heard(actor), actor)


@then(parsers.parse("in {days:d} more days {name} hears nothing more"))
def later_nothing(scene: Scene, days: int, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(days=days))
    _none(scene.heard(actor), actor)


@when(parsers.parse("{name} is told by {channels} that there is an update"))
@then(parsers.parse("{name} is told by {channels} that there is an update"))
def is_told(scene: Scene, name: str, channels: str) -> None:
    actor = scene.actor(name)
    for channel in channels_of(channels):
        scene.await_message(actor, "that there is an update", _is_news(scene), channel)
    actor.told = scene.heard(actor)
    actor.since = scene.world.now + timedelta(seconds=1)


@then(parsers.re(r"(?P<name>\w+) is told by (?P<channels>.+) exactly (?P<times>once|twice)"))
def is_told_exactly(scene: Scene, name: str, channels: str, times: str) -> None:
    actor = scene.actor(name)
    for channel in channels_of(channels):
        scene.await_message(actor, "that there is an update", _is_news(scene), channel)
    scene.world.advance(scene.world.now + timedelta(minutes=30))
    for channel in channels_of(channels):
        count = len(scene.heard(actor, channel))
        if count != _TIMES[times]:
            raise Unmet(f"{name} hears by {channel} {times}", f"{count} messages")
    actor.since = scene.world.now + timedelta(seconds=1)


@then(parsers.parse("{name} is not told before {hour:d} in the morning"))
def not_before(scene: Scene, name: str, hour: int) -> None:
    local = scene.world.now.astimezone(LONDON)
    morning = (local + timedelta(days=1)).replace(hour=hour, minute=0, second=0)
    scene.world.advance(morning.astimezone(scene.world.now.tzinfo) - timedelta(seconds=1))
    _none(scene.heard(scene.actor(name)), scene.actor(name))


@then(parsers.parse("{name} hears no more than the weekly limit"))
def within_limit(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    limit = scene.world.order.messages.per_week_max
    for channel in actor.record.preferred_channels:
        count = len(scene.heard(actor, channel))
        if not 1 <= count <= limit:
            raise Unmet(f"1 to {limit} messages in a week by {channel}", f"{count} messages")
    actor.since = scene.world.now + timedelta(seconds=1)


@then(parsers.parse("{name} is told of the rest when the week is over"))
def told_of_the_rest(scene: Scene, name: str) -> None:
    within = timedelta(days=7, hours=12)
    scene.await_message(scene.actor(name), "the rest", _is_news(scene), within=within)


@then(parsers.parse("no message to {name} says what it is about"))
def gives_nothing_away(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    disclosure = Disclosure(scene.world.order)
    secret = (actor.crime_reference, actor.record.family_name)
    for message in actor.told:
        shown = open_words(message.channel, message.subject, message.body)
        given_away = disclosure.word_in(shown, secret)
        if given_away:
            raise Unmet(
                "a message says only that there is an update",
                f"the {message.channel} has {given_away}: {shown[:120]!r}",
            )


@then(parsers.parse("nothing more was sent to the old number"))
def nothing_to_old_number(scene: Scene) -> None:
    actor = next(iter(scene.actors.values()))
    sent = scene.world.messages_at(actor.record.mobile_phone)
    if len(sent) != 1:
        raise Unmet("only the invitation went to the number that does not work", f"{len(sent)}")


@then(parsers.parse("the force is asked to look at {name}'s details"))
def is_asked_to_look(scene: Scene, name: str) -> None:
    if not scene.is_asked_to_look(scene.actor(name)):
        raise Unmet(f"a task to look at {name}'s contact details", "no such task")


@then(
    parsers.parse(
        "either {name} is told by {channel} or the force is asked to look at {same}'s details"
    )
)
def told_or_asked(scene: Scene, name: str, channel: str, same: str) -> None:
    actor = scene.actor(name)
    if not scene.heard(actor, channel) and not scene.is_asked_to_look(scene.actor(same)):
        raise Unmet(
            f"a {channel} that reaches {name}, or a task to look at the details",
            "neither: the victim is silently lost",
        )


@then(parsers.parse("{name} can sign in from the invitation"))
def can_sign_in(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    link = latest_link(scene.world, actor.victim)
    if not link:
        raise Unmet(f"an invitation on {name}'s phone or in the mailbox", "none")
    try:
        scene.come_in(actor, lambda: accept_invitation(scene.world, actor.victim, link))
    except Refused as refused:
        raise Unmet(f"{name} can sign in from the invitation", refused.title) from None


@then(parsers.parse("{name} can sign in again by mobile number"))
def can_sign_in_again(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    try:
        address = actor.known.mobile_phone
        scene.come_in(actor, lambda: sign_in_again(scene.world, actor.victim, address))
    except Refused as refused:
        raise Unmet(f"{name} can come back without the invitation", refused.title) from None


@then("the stranger is not let in")
def not_let_in(scene: Scene) -> None:
    if scene.stranger_came_in:
        raise Unmet("the portal asks for more than the link", "another word was taken")


@then("the same link does not work again")
def link_is_used(scene: Scene) -> None:
    actor = next(iter(scene.actors.values()))
    try:
        scene.world.portal.open_invitation(latest_link(scene.world, actor.victim))
    except Refused:
        return
    raise Unmet("an invitation works once", "it worked again")


def _is_news(scene: Scene) -> Callable[[Accepted], bool]:
    return lambda message: not scene.world.link_in(message)


def _none(messages: list[Accepted], actor: Actor) -> None:
    if messages:
        seen = "; ".join(f"{each.channel}: {each.body[:80]!r}" for each in messages[:3])
        raise Unmet(f"{actor.name} hears nothing", f"{len(messages)} messages: {seen}")
