"""A world by hand: time is real, and the tester is asked for what our doubles do not see."""

from datetime import timedelta

import pytest

from simulator.by_hand import world as by_hand_module
from simulator.errors import CannotVerify
from simulator.evidence.records import MessageAccepted, MessagesSeen
from simulator.world import world as world_module
from tests.simulator.by_hand.by_hand_world import THEIRS, AroundByHand, found, recorded
from tests.simulator.worlds import MOBILE, REFERENCE, START

MINUTE = timedelta(minutes=1)


def by_the_wall(around: AroundByHand, monkeypatch: pytest.MonkeyPatch) -> AroundByHand:
    """Make a wall clock that advances 20 seconds each time it is read."""

    def glance() -> object:
        around.typed.now += timedelta(seconds=20)
        return around.typed.now

    for module in (world_module, by_hand_module):
        monkeypatch.setattr(module, "wall_now", glance)
    monkeypatch.setattr(world_module, "wall_sleep", lambda _seconds: None)
    return around


def test_it_says_how_messages_are_seen() -> None:
    """From the start the evidence says that a tester reads handsets."""
    assert found(AroundByHand(), MessagesSeen)[0].how == "test handset"
    assert not found(AroundByHand(reads_handsets=False), MessagesSeen)


def test_the_tester_says_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait ends as soon as the tester reports the message."""
    around = by_the_wall(AroundByHand("text", "An update.", "", "", ""), monkeypatch)
    around.meet()

    assert around.world.wait_for(lambda: bool(around.world.messages_at(MOBILE)), 15 * MINUTE)
    assert "LOOK until 10:15" in around.typed.said


def test_what_does_not_come_in_time_has_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tester is asked again until the time is over."""
    around = by_the_wall(AroundByHand(*[""] * 9), monkeypatch)
    around.meet()

    assert not around.world.wait_for(lambda: False, 2 * MINUTE)
    assert around.typed.said.count("LOOK until 10:02") > 1


def test_what_takes_longer_is_not_verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the target's limit it is not verified, and the reason says how long it takes."""
    around = by_the_wall(AroundByHand("", "", wait_seconds_max=30), monkeypatch)

    with pytest.raises(CannotVerify, match="this takes about 1 day of real time"):
        around.world.advance(START + timedelta(days=1))
    with pytest.raises(CannotVerify, match="this takes about 1 hour of real time"):
        around.world.wait_for(lambda: False, 60 * MINUTE)


def test_the_tester_waits_and_tells_what_came_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time really passes; then the tester is asked once what came."""
    around = by_the_wall(AroundByHand("text", "An update.", "", "", ""), monkeypatch)
    around.meet()

    around.world.advance(START + MINUTE)

    assert "WAIT until 10:01:00 (about 1 minute)." in around.typed.said
    assert len(found(around, MessageAccepted)) == 1


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("the force is asked to look at Alex's details", 1),
        ("PC Okafor has a task for each question", 1),
        ("those words are in the crime system once, exactly as Alex wrote them", 1),
        ("Alex is told by text that there is an update", 0),
    ],
)
def test_with_our_gateway_the_tester_is_asked_only_about_the_crime_system(
    monkeypatch: pytest.MonkeyPatch, sentence: str, count: int
) -> None:
    """The tester is not asked about what our own gateway sees."""
    around = by_the_wall(AroundByHand(*[""] * 9, reads_handsets=False), monkeypatch)
    around.world.sentence = sentence

    around.world.wait_for(lambda: False, MINUTE)

    assert ("[task, stamp, nothing]" in around.typed.said) == bool(count)


def test_what_came_while_the_tester_keyed_in_came_no_earlier(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A message may come while the tester types, about what they have just saved."""
    around = by_the_wall(AroundByHand(THEIRS, "", reads_handsets=False), monkeypatch)
    around.meet()
    around.inbox.accept(
        channel="text",
        to=MOBILE,
        to_given=MOBILE,
        subject="",
        body=f"An update on {THEIRS}.",
        sender="",
        reference="",
        template_id="",
    )
    around.typed.now += 5 * MINUTE

    around.records.record(recorded())
    around.world.settle()

    [message] = found(around, MessageAccepted)
    assert message.at == START + 5 * MINUTE
    assert message.body == f"An update on {REFERENCE}."


def test_the_test_crime_system_is_not_taken_down() -> None:
    """Other people work in it."""
    with pytest.raises(CannotVerify):
        AroundByHand().world.breakdowns.take_crime_system_down()
