"""Rules of the world: time moves, what is due is done on the way, and nothing goes on for ever."""

from datetime import datetime, timedelta

import pytest

from simulator.clock import WorldClock
from simulator.errors import SuiteError
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    PhaseEntered,
)
from simulator.world.world import ROUNDS_MAX, advance_together
from tests.simulator.scripted_driver import ScriptedDriver
from tests.simulator.worlds import MOBILE, START, TWO_FORCES, Around, found

HOUR = timedelta(hours=1)


class ImpatientClock(WorldClock):
    """A clock that gives up, where a test would otherwise never end."""

    tries_left = 2000

    def run_to(self, when: datetime) -> None:
        """Go on, but not for ever."""
        self.tries_left -= 1
        assert self.tries_left, "time stands still"
        super().run_to(when)


def every_hour(now: datetime) -> datetime:
    """Say that more is due on the next full hour."""
    return now.replace(minute=0, second=0) + HOUR


def test_time_moves_to_where_it_is_told() -> None:
    """After an advance it is that time, in the world and in the portal."""
    around = Around()

    around.world.advance(START + HOUR)

    assert around.world.now == START + HOUR
    assert around.portal.moved_to[0] == START


def test_the_portal_works_whenever_something_is_due() -> None:
    """It is moved to each moment that it named itself, and to no other."""
    around = Around(portal=ScriptedDriver(on_advance=every_hour))

    around.world.advance(START + 5 * HOUR)

    assert around.portal.moved_to == [START + hours * HOUR for hours in range(6)]


def test_a_portal_with_nothing_due_is_left_alone() -> None:
    """A day without events costs no calls."""
    around = Around()

    around.world.advance(START + 24 * HOUR)

    assert around.portal.moved_to == [START]


def test_an_event_is_delivered_at_the_time_it_is_recorded() -> None:
    """The portal's clock is right before it gets an event, and it may work on it at once."""
    around = Around()
    around.clock.at(START + HOUR, around.record_crime)
    heard_at: list[datetime] = []

    def hear(_delivery: object) -> int:
        heard_at.append(around.portal.moved_to[-1])
        return 202

    around.portal.on_deliver = hear
    around.world.advance(START + 2 * HOUR)

    assert heard_at == [START + HOUR]
    [delivered] = found(around, EventDelivered)
    assert delivered.at == START + HOUR
    assert around.portal.moved_to.count(START + HOUR) == 2


@pytest.mark.parametrize("past", [timedelta(0), -HOUR])
def test_a_portal_that_is_never_done_ends_the_run(past: timedelta) -> None:
    """When more is always due now, or was due before, the run ends with an error and not never."""
    around = Around(portal=ScriptedDriver(on_advance=lambda now: now + past))

    with pytest.raises(SuiteError, match=f"after {ROUNDS_MAX} rounds"):
        around.world.settle()
    assert len(around.portal.moved_to) == ROUNDS_MAX


def test_neighbours_that_give_each_other_work_end_the_run() -> None:
    """An event that causes a message that causes an event ends the run with an error."""
    around = Around()

    def hear(_delivery: object) -> int:
        around.send("There is an update.")
        return 202

    around.portal.on_deliver = hear
    around.world.on_message(lambda _record, _sent: around.record_crime())
    around.record_crime()

    with pytest.raises(SuiteError, match="The run cannot go on"):
        around.world.settle()
    assert len(around.portal.deliveries) <= ROUNDS_MAX


@pytest.mark.parametrize("away", [timedelta(microseconds=1), timedelta(seconds=1.5)])
def test_a_portal_may_be_due_between_two_seconds(away: timedelta) -> None:
    """World time is whole seconds: a portal due within one is moved in the next."""
    around = Around(
        clock=ImpatientClock(START),
        portal=ScriptedDriver(on_advance=lambda now: now + away if now == START else None),
    )

    around.world.advance(START + HOUR)

    assert around.world.now == START + HOUR
    assert around.portal.moved_to == [
        START,
        START + timedelta(seconds=int(away.total_seconds()) + 1),
    ]


def test_to_wait_for_something_ends_when_it_is_so() -> None:
    """Time passes until the condition holds, and no further."""
    around = Around(portal=ScriptedDriver(on_advance=every_hour))

    assert around.world.wait_for(lambda: len(around.portal.moved_to) == 3, 10 * HOUR)

    assert around.world.now == START + 2 * HOUR


def test_a_person_who_looks_while_waiting_does_not_stop_the_clock() -> None:
    """What a look gives the portal to do is done; time goes on all the same."""
    around = Around(portal=ScriptedDriver(on_advance=every_hour))

    def looks() -> bool:
        return around.world.portal is not around.portal

    assert not around.world.wait_for(looks, 3 * HOUR)

    assert around.world.now == START + 3 * HOUR


def test_to_wait_in_vain_ends_too() -> None:
    """If it does not happen within the time, the answer is no."""
    around = Around(portal=ScriptedDriver(on_advance=every_hour))

    assert not around.world.wait_for(lambda: False, 3 * HOUR)

    assert around.world.now == START + 3 * HOUR


def test_to_wait_for_what_is_already_so_takes_no_time() -> None:
    """A condition that holds is not waited for."""
    around = Around()

    assert around.world.wait_for(lambda: True, HOUR)

    assert around.world.now == START


def test_a_phase_is_entered_on_its_day() -> None:
    """To enter a phase is to go to its day; one that is live already is entered where we are."""
    around = Around()

    around.world.enter_phase(1)
    assert around.world.now == START
    around.world.enter_phase(2)

    assert around.world.now == TWO_FORCES.go_live_at(2)
    assert around.portal.phases == [1, 2]
    assert found(around, PhaseEntered) == [
        PhaseEntered(at=START, phase=1),
        PhaseEntered(at=TWO_FORCES.go_live_at(2), phase=2),
    ]


def test_no_phase_on_the_way_is_skipped() -> None:
    """A portal that changes phases when it is told is told of each on its day."""
    around = Around()
    around.world.enter_phase(1)

    around.world.enter_phase(3)

    assert around.portal.phases == [1, 2, 3]
    assert [each.at for each in found(around, PhaseEntered)] == [
        START,
        TWO_FORCES.go_live_at(2),
        TWO_FORCES.go_live_at(3),
    ]


def test_an_outage_is_written_down_once() -> None:
    """The evidence says when the crime system went down and when it came back."""
    around = Around()

    around.world.breakdowns.take_crime_system_down()
    assert around.outage.is_down
    around.world.breakdowns.bring_crime_system_back()
    around.world.breakdowns.bring_crime_system_back()

    assert not around.outage.is_down
    assert around.evidence.records == [CrimeSystemWentDown(at=START), CrimeSystemCameBack(at=START)]


def _lives(around: Around) -> None:
    """Put a portal's hourly work, an officer's event and its message into a world."""
    around.meet()

    def work(now: datetime) -> datetime:
        if now.minute == 0 and now > START:
            around.send(f"update of {now:%H:%M}")
        return every_hour(now)

    around.portal.on_advance = work
    around.clock.at(START + timedelta(minutes=90), around.record_crime)


def test_worlds_on_one_clock_live_as_they_would_alone() -> None:
    """Worlds that advance together do what each would have done on a clock of its own."""
    clock = WorldClock(START)
    together = [Around(clock=clock, name=name) for name in ("live", "test")]
    alone = [Around(name=name) for name in ("live", "test")]
    for around in (*together, *alone):
        _lives(around)

    for hours in (1, 2, 7):
        advance_together([around.world for around in together], START + hours * HOUR)
    for around in alone:
        around.world.advance(START + 7 * HOUR)

    for one, other in zip(together, alone, strict=True):
        assert one.evidence.records == other.evidence.records
        assert one.portal.moved_to == other.portal.moved_to
    assert clock.now == START + 7 * HOUR


def test_a_code_may_follow_the_answer_of_a_portal_elsewhere() -> None:
    """Its clock is ours, but it may send in the background, so that the answer tells nothing."""
    around = Around()
    around.meet()
    looked: list[int] = []

    def has_come() -> bool:
        looked.append(1)
        if len(looked) == 3:
            around.send("482913 is your code")
        return bool(around.world.messages_at(MOBILE))

    around.world.await_code(has_come)
    assert len(looked) == 1
    around.world.late_code_seconds_max = 10
    around.world.await_code(has_come)
    assert around.world.code_in(around.world.messages_at(MOBILE)[0]) == "482913"
