"""Rules of a world without a test clock: real time passes, within the target's patience."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from reference.contract.events import VictimRecord
from simulator.errors import CannotVerify
from simulator.evidence.records import PhaseEntered
from simulator.world import world as world_module
from simulator.world.victims import Victim, sign_in_again
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import MOBILE, START, TWO_FORCES, Around, person

HOUR = timedelta(hours=1)


class Wall:
    """The time of day, which passes only while the world waits."""

    def __init__(self) -> None:
        self.now = START
        self.slept = 0
        self.due: list[tuple[datetime, Callable[[], object]]] = []

    def tell(self) -> datetime:
        """Give the time of day."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass, and what is due happen elsewhere."""
        self.slept += 1
        self.now += timedelta(seconds=seconds)
        for at, act in [each for each in self.due if each[0] <= self.now]:
            act()
            self.due.remove((at, act))


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """Put a wall clock of our own on the wall."""
    found = Wall()
    monkeypatch.setattr(world_module, "wall_now", found.tell)
    monkeypatch.setattr(world_module, "wall_sleep", found.sleep)
    return found


def without_test_clock(*, wait_seconds_max: float = 10) -> Around:
    """Make a world around a portal that keeps the time of day."""
    portal = ScriptedDriver()
    portal.capabilities = frozenset({"text", "email"})
    return Around(portal=portal, wait_seconds_max=wait_seconds_max)


def test_to_wait_ends_as_soon_as_it_is_so(wall: Wall) -> None:
    """A message that comes after two seconds is seen then; the world does not wait on."""
    around = without_test_clock()
    around.meet()
    wall.due.append((START + timedelta(seconds=2), lambda: around.send("An update.")))

    came = around.world.wait_for(
        lambda: any(around.world.messages_at("07700900123")), timedelta(seconds=8)
    )

    assert came
    assert START + timedelta(seconds=2) <= wall.now < START + timedelta(seconds=3)


def test_what_does_not_come_in_time_has_not_come(wall: Wall) -> None:
    """Within the patience of the target, to wait in vain is an observation."""
    around = without_test_clock()

    assert not around.world.wait_for(lambda: False, timedelta(seconds=5))

    assert START + timedelta(seconds=5) <= wall.now < START + timedelta(seconds=6)


def test_what_takes_longer_cannot_be_verified(wall: Wall) -> None:
    """What takes longer than the target's wait is not verified; the world does not wait days."""
    around = without_test_clock(wait_seconds_max=3)

    with pytest.raises(CannotVerify, match=r"access\.wait_seconds_max is 3: not verified"):
        around.world.wait_for(lambda: False, 24 * HOUR)
    assert wall.now < START + timedelta(seconds=4)


def test_what_comes_early_is_verified_all_the_same(wall: Wall) -> None:
    """What may take a day, but comes at once, was seen."""
    around = without_test_clock(wait_seconds_max=3)

    assert around.world.wait_for(lambda: wall.now > START, 24 * HOUR)


def test_time_cannot_be_moved(wall: Wall) -> None:
    """To advance is to wait: a short while passes, a long one cannot be verified."""
    around = without_test_clock(wait_seconds_max=3)

    around.world.advance(START + timedelta(seconds=2))
    assert around.world.now >= START + timedelta(seconds=2)

    with pytest.raises(CannotVerify):
        around.world.advance(START + 24 * HOUR)


def test_a_phase_is_entered_where_we_are(wall: Wall) -> None:
    """The world does not wait until a phase goes live: the portal is already in it."""
    around = without_test_clock()

    around.world.enter_phase(2)

    assert wall.slept == 0
    assert around.portal.phases == [2]
    assert around.world.now < TWO_FORCES.go_live_at(2)
    assert around.evidence.records == [PhaseEntered(at=START, phase=2)]


def test_what_is_due_in_the_world_happens_meanwhile(wall: Wall) -> None:
    """While we wait, officers and victims go on with what they do."""
    around = without_test_clock()
    done: list[datetime] = []
    around.clock.at(START + timedelta(seconds=1), lambda: done.append(around.world.now))

    around.world.wait_for(lambda: bool(done), timedelta(seconds=5))

    assert done == [START + timedelta(seconds=1)]


@pytest.mark.parametrize("old", [True, False])
def test_a_code_comes_in_its_own_time(wall: Wall, *, old: bool) -> None:
    """A victim waits for the code of this sign-in, and does not give one of before."""
    around = without_test_clock()
    around.meet()
    zoe = Victim(person(), VictimRecord(person_id="p", mobile_phone=MOBILE), "heron")
    if old:
        around.send("Your code is 111111.")
    around.world.settle()
    wall.due.append((START + timedelta(seconds=3), lambda: around.send("Your code is 222222.")))

    sign_in_again(around.world, zoe, MOBILE)

    assert around.portal.words == [MOBILE, "heron", "222222"]


def test_a_code_that_may_still_come_proves_nothing(wall: Wall) -> None:
    """The order gives it longer than this run can wait: that is no failure."""
    around = without_test_clock(wait_seconds_max=3)
    around.meet()
    zoe = Victim(person(), VictimRecord(person_id="p", mobile_phone=MOBILE), "heron")

    with pytest.raises(CannotVerify, match=r"access\.wait_seconds_max is 3: not verified"):
        sign_in_again(around.world, zoe, MOBILE)
