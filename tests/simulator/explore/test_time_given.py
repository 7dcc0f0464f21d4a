"""The time given is kept: no story is begun that would probably end after it."""

import pytest

from simulator.explore import time_given
from simulator.explore.time_given import TimeGiven
from tests.simulator.explore.fake_clock import BEGUN, SECOND, FakeClock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Replace the time of day."""
    fake = FakeClock()
    monkeypatch.setattr(time_given, "wall_now", fake)
    return fake


def test_a_story_that_would_end_too_late_is_not_begun(clock: FakeClock) -> None:
    """Stories of 3 seconds fit 3 times into 10 seconds."""
    time, played = TimeGiven(BEGUN + 10 * SECOND), 0
    while not time.is_up():
        time.spend(lambda: clock.go_on(3))
        played += 1

    assert played == 3
    assert clock.now <= BEGUN + 10 * SECOND
    assert time.was_up


def test_without_an_end_it_is_never_up(clock: FakeClock) -> None:
    """A number of stories was given, and no time."""
    time = TimeGiven.share_of(None, parts=3)
    clock.go_on(1_000_000)

    assert not time.is_up()
    assert not time.was_up


@pytest.mark.parametrize(("seconds", "stories"), [(1, 19), (5, 9), (30, 3)])
def test_a_part_is_enough_for_some_stories_or_is_all_that_is_left(
    clock: FakeClock, seconds: int, stories: int
) -> None:
    """A fifth of 100 s is 20 s, but ten stories of 5 s need 50 s, and of 30 s all that is left."""
    time, played = TimeGiven.share_of(BEGUN + 100 * SECOND, parts=5, story=seconds * SECOND), 0
    while not time.is_up():
        time.spend(lambda: clock.go_on(seconds))
        played += 1

    assert played == stories


def test_so_many_stories_are_played_side_by_side_as_time_is_left_for(clock: FakeClock) -> None:
    """Four took 8 seconds, 2 each: of 12 seconds left six can be used, and one always is."""
    time = TimeGiven(BEGUN + 20 * SECOND)
    assert time.stories_left(4) == 4, "nobody knows yet how long one takes"
    time.spend(lambda: clock.go_on(8), stories=4)

    assert [time.stories_left(most) for most in (5, 40)] == [5, 6]
    clock.go_on(12)
    assert time.stories_left(40) == 1
    assert TimeGiven(None).stories_left(40) == 40
