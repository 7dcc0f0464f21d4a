"""Who is told, by which channel, how often and when, and what a message gives away."""

from collections.abc import Callable
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from features.people import channels_of
from features.running_scenario import Scene, Unmet, refuse_any
from simulator.clock import LONDON
from simulator.judge.text.disclosure import Disclosure, name_in
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.victims import messages_of

#: Two texts in one, as GOV.UK Notify counts them.
TEXT_CHARACTERS_MAX = 306
_TIMES = {"once": 1, "twice": 2}
_WITHIN_STANDARD_RIGHTS = (
    "{name} gets a message about it by {channel} within the working days for standard rights"
)
_IN_THE_NIGHT = "{name} gets no message from {evening:d}:00 until {morning:d} in the morning"


@given(parsers.parse("{name} has been told of it, and has read the page"))
def has_been_told(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    is_told(scene, name, " and ".join(actor.record.preferred_channels))
    scene.take_note_of_page(actor)


@given(parsers.parse("{name} has read every message"))
@when(parsers.parse("{name} has read every message"))
def has_read_every_message(scene: Scene, name: str) -> None:
    """Treat all messages so far as seen: only later ones are new."""
    scene.world.advance(scene.world.now + timedelta(minutes=1))
    scene.take_note(scene.actor(name))


@when(parsers.parse("{name} is told by {channels} that there is an update"))
@then(parsers.parse("{name} is told by {channels} that there is an update"))
def is_told(scene: Scene, name: str, channels: str) -> None:
    """A message sent before the latest event cannot be about it."""
    actor = scene.actor(name)
    is_news = _is_news(scene)
    for channel in channels_of(channels):
        scene.await_message(
            actor,
            "an update",
            lambda message: is_news(message) and message.accepted_at >= scene.happened_at,
            channel,
        )
    actor.told = scene.heard(actor)
    scene.take_note(actor)


@then(parsers.re(r"(?P<name>\w+) is told by (?P<channels>.+) exactly (?P<times>once|twice)"))
def is_told_exactly(scene: Scene, name: str, channels: str, times: str) -> None:
    actor = scene.actor(name)
    for channel in channels_of(channels):
        scene.await_message(actor, "an update", _is_news(scene), channel)
    scene.world.advance(scene.world.now + timedelta(minutes=30))
    for channel in channels_of(channels):
        count = len(scene.heard(actor, channel))
        if count != _TIMES[times]:
            raise Unmet(f"{name} is told by {channel} {times}", f"{count} messages")
    scene.take_note(actor)


@then(parsers.re(r"(?P<name>\w+) gets no (?:message|more messages)"))
def gets_no_message(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + scene.patience())
    refuse_any(scene.heard(actor), actor)


@then(parsers.parse("in {days:d} more days {name} gets no more messages"))
def later_nothing(scene: Scene, days: int, name: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + timedelta(days=days))
    refuse_any(scene.heard(actor), actor)


@then(parsers.parse(_IN_THE_NIGHT))
def not_in_the_night(scene: Scene, name: str, evening: int, morning: int) -> None:
    actor = scene.actor(name)
    local = scene.world.now.astimezone(LONDON)
    closes = local.replace(hour=evening, minute=0, second=0)
    opens = (local + timedelta(days=1)).replace(hour=morning, minute=0, second=0)
    scene.world.advance(opens.astimezone(scene.world.now.tzinfo) - timedelta(seconds=1))
    refuse_any([each for each in scene.heard(actor) if closes <= each.accepted_at < opens], actor)


@then(parsers.parse("{name} gets no more messages than the weekly limit allows"))
def within_limit(scene: Scene, name: str) -> None:
    actor, order = scene.actor(name), scene.world.order
    limit = order.messages.per_week_max
    for channel in actor.record.preferred_channels:
        sent = [each.accepted_at for each in scene.heard(actor, channel)]
        weeks = (sum(each <= at < order.counts_until(each) for each in sent) for at in sent)
        count = max(weeks, default=0)
        if not 1 <= count <= limit:
            raise Unmet(f"1 to {limit} messages in a week by {channel}", f"{count} messages")
    scene.take_note(actor)


@then(parsers.parse("{name} gets a message about it by {channel} within a working day"))
def is_told_within_a_working_day(scene: Scene, name: str, channel: str) -> None:
    """Any news since then says that there is an update.

    What a portal would send late that day may wait for the next morning.
    """
    actor, order, since = scene.actor(name), scene.world.order, scene.happened_at
    days = order.deadlines.working_days_enhanced
    ends = order.quiet_until(order.working_days.deadline(scene.world.now, days))
    ends += timedelta(minutes=order.messages.minutes_max)
    scene.await_message(
        actor,
        "a message about it",
        lambda message: message.accepted_at >= since,
        channel,
        within=ends - scene.world.now,
    )


@then(parsers.parse(_WITHIN_STANDARD_RIGHTS))
def is_told_within_working_days(scene: Scene, name: str, channel: str) -> None:
    """The days count from the latest event, as those for enhanced rights do."""
    order, since = scene.world.order, scene.happened_at
    ends = order.working_days.deadline(since, order.deadlines.working_days)
    within = ends - scene.world.now
    scene.await_message(
        scene.actor(name),
        "a message about it",
        lambda each: each.accepted_at >= since,
        channel,
        within=within,
    )


@then(parsers.parse("{name} is told of it by {channel} as soon as the Victims' Code asks"))
def hears_when_the_code_asks(scene: Scene, name: str, channel: str) -> None:
    """The days count from when it took place; what is overdue waits for quiet hours only."""
    actor, order, since = scene.actor(name), scene.world.order, scene.happened_at
    is_enhanced = actor.record.enhanced_rights
    days = order.deadlines.working_days_at(scene.took_place_at, is_enhanced=is_enhanced)
    minutes = timedelta(minutes=order.messages.minutes_max)
    at_once = order.quiet_until(scene.world.now) + minutes
    if order.quiet_until(at_once) > at_once:
        at_once = order.quiet_until(at_once) + minutes
    ends = max(order.working_days.deadline(scene.took_place_at, days), at_once)
    scene.await_message(
        actor,
        "a message about it",
        lambda each: each.accepted_at >= since,
        channel,
        within=ends - scene.world.now,
    )


@then(parsers.parse("no text to {name} is longer than two joined texts"))
def texts_are_short(scene: Scene, name: str) -> None:
    """A phone joins two texts unseen, and the force pays for each."""
    for message in messages_of(scene.world, scene.actor(name).victim):
        if message.channel == "text" and len(message.body) > TEXT_CHARACTERS_MAX:
            observed = f"{len(message.body)}: {message.body[:60]!r}"
            raise Unmet(f"a text has {TEXT_CHARACTERS_MAX} characters at most", observed)


@then(parsers.parse("{name} is told of the rest when the week is over"))
def told_of_the_rest(scene: Scene, name: str) -> None:
    within = timedelta(days=7, hours=12)
    scene.await_message(scene.actor(name), "the rest", _is_news(scene), within=within)


@then(parsers.parse("no message to {name} says what it is about"))
def gives_nothing_away(scene: Scene, name: str) -> None:
    """Check every message, codes too; only an email's body may greet by name."""
    actor = scene.actor(name)
    disclosure = Disclosure(scene.world.order)
    names = (actor.record.given_name, actor.record.family_name)
    # An officer may have a name of the victim's, by which an email may greet.
    secrets = sorted(each for each in scene.secrets if not name_in(" ".join(names), [each]))
    for message in messages_of(scene.world, actor.victim):
        whole = f"{message.subject}\n{message.body}".strip()
        given_away = disclosure.in_message(message, secrets, names)
        if given_away:
            raise Unmet(
                "a message says only that there is an update",
                f"the {message.channel} has {given_away}: {whole[:120]!r}",
            )


@then(parsers.parse("the last email to {name} greets by name"))
def greets(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    body = actor.told[-1].body
    if actor.record.given_name.strip() not in body:
        raise Unmet(f"the email greets {actor.record.given_name.strip()}", repr(body[:80]))


@then(parsers.parse('the last email to {name} does not say "{words}"'))
def does_not_say(scene: Scene, name: str, words: str) -> None:
    body = scene.actor(name).told[-1].body
    if words in body:
        raise Unmet(f"no greeting by {words!r}", repr(body[:80]))


def _is_news(scene: Scene) -> Callable[[Accepted], bool]:
    return lambda message: not scene.world.link_in(message)
