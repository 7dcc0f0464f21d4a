"""How victims say that they want to hear otherwise, or no more: by a text, or on the portal."""

from collections.abc import Sequence
from datetime import timedelta

from pytest_bdd import parsers, then, when

from features.people import channels_of
from features.real_data import STOPPED
from features.running_scenario import Scene, Unmet, refuse_any
from reference.contract.events import Channel
from simulator.world.victims import choose_contact, look_at_contact, messages_of, stop_messages


@when(parsers.parse('{name} texts back "{words}"'))
@when(parsers.parse('somebody texts "{words}" under {name}\'s number'))
def texts_back(scene: Scene, name: str, words: str) -> None:
    """A portal may answer such a text: what comes before the next event is the answer."""
    actor = scene.actor(name)
    before = len(messages_of(scene.world, actor.victim))
    said = scene.data.take(STOPPED) if words in ("STOP", "Stop.") else ""
    scene.world.inbound.by_text(actor.known.mobile_phone, said or words)
    minutes = scene.world.order.messages.minutes_max
    scene.world.advance(scene.world.now + timedelta(minutes=minutes))
    scene.take_note(actor)
    actor.answered += len(messages_of(scene.world, actor.victim)) - before


@when(parsers.parse("{name} chooses to hear by {channels}"))
def chooses(scene: Scene, name: str, channels: str) -> None:
    actor = scene.actor(name)
    wanted = channels_of(channels)
    choose_contact(scene.world, actor.victim, scene.session_of(actor), wanted)
    # A portal may confirm it: what comes before the next event is no update.
    scene.world.advance(scene.world.now + timedelta(minutes=1))


@when(parsers.parse("{name} asks the portal to stop all messages"))
def stops_messages(scene: Scene, name: str) -> None:
    actor = scene.actor(name)
    stop_messages(scene.world, actor.victim, scene.session_of(actor))


@then(parsers.parse("{name} is shown that messages come by {channels}"))
def is_shown_channels(scene: Scene, name: str, channels: str) -> None:
    _refuse_other_choice(scene, name, channels_of(channels))


@then(parsers.parse("{name} is shown that no messages come"))
def is_shown_no_channel(scene: Scene, name: str) -> None:
    _refuse_other_choice(scene, name, ())


@then(parsers.re(r"(?P<name>\w+) gets no message by (?P<channel>text|email)"))
def nothing_by(scene: Scene, name: str, channel: str) -> None:
    actor = scene.actor(name)
    scene.world.advance(scene.world.now + scene.patience())
    for each in channels_of(channel):
        refuse_any(scene.heard(actor, each), actor)


@then(parsers.parse("{name} was answered at most once"))
def answered_once(scene: Scene, name: str) -> None:
    count = scene.actor(name).answered
    if count > 1:
        raise Unmet("two machines do not answer each other for ever", f"{count} answers in a day")


def _refuse_other_choice(scene: Scene, name: str, wanted: Sequence[Channel]) -> None:
    """Read the page of choices; the judge reads it too, with the addresses that it shows."""
    actor = scene.actor(name)
    shown = look_at_contact(scene.world, actor.victim, scene.session_of(actor)).channels
    if {*shown} != {*wanted}:
        by = " and ".join(wanted) or "no channel"
        seen = " and ".join(sorted(shown)) or "no channel"
        raise Unmet(f"{name} is shown that messages come by {by}, as they chose", seen)
