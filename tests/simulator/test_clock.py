"""Rules of the clock: the time of day is UTC, and world time is in whole seconds."""

from datetime import UTC, datetime, timedelta, timezone

from freezegun import freeze_time
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import WorldClock, in_london, wall_now

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """Give a moment so many seconds after the start."""
    return START + timedelta(seconds=seconds)


def test_the_time_of_day_is_utc() -> None:
    """The wall clock is asked here, and answers in UTC."""
    with freeze_time("2026-06-01 12:00:00"):
        assert wall_now() == datetime(2026, 6, 1, 12, tzinfo=UTC)
        assert wall_now().tzinfo is UTC


def test_what_is_due_happens_on_the_way() -> None:
    """What is due up to and at the new time happens, in order, each at its own time."""
    clock = WorldClock(START)
    seen: list[tuple[str, datetime]] = []
    for name, seconds in (("third", 60), ("first", 1), ("second", 30), ("later", 61)):
        clock.at(after(seconds), lambda name=name: seen.append((name, clock.now)))  # type: ignore[misc]

    clock.run_to(after(60))

    assert seen == [("first", after(1)), ("second", after(30)), ("third", after(60))]
    assert clock.now == after(60)
    assert clock.next_due == after(61)


def test_what_is_due_at_the_same_second_keeps_its_order() -> None:
    """First come, first served; and what is caused at this second still belongs to it."""
    clock = WorldClock(START)
    seen: list[str] = []
    clock.at(after(5), lambda: clock.at(clock.now, lambda: seen.append("caused")))
    clock.at(after(5), lambda: seen.append("second"))

    clock.run_to(after(5))

    assert seen == ["second", "caused"]


def test_what_has_passed_is_due_now() -> None:
    """Nothing happens in the past."""
    clock = WorldClock(START)
    clock.run_to(after(10))
    seen: list[datetime] = []

    clock.at(after(3), lambda: seen.append(clock.now))
    assert clock.next_due == after(10)
    clock.run_to(after(10))

    assert seen == [after(10)]


def test_time_never_goes_back() -> None:
    """To run to the past changes nothing."""
    clock = WorldClock(START)
    clock.run_to(after(10))

    clock.run_to(after(4))

    assert clock.now == after(10)


def test_time_passes_when_nothing_is_due() -> None:
    """An empty world has a time of its own, and nothing that is due."""
    clock = WorldClock(START)
    assert clock.next_due is None

    clock.run_to(after(86_400))

    assert clock.now == after(86_400)
    assert clock.next_due is None


def test_moments_of_other_zones_are_the_same_moments() -> None:
    """World time is UTC, whichever zone a moment is given in."""
    clock = WorldClock(START)

    clock.run_to(datetime(2026, 6, 1, 15, tzinfo=timezone(timedelta(hours=5))))

    assert clock.now == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert clock.now.tzinfo is UTC


@given(st.lists(st.floats(0, 1000), max_size=12), st.lists(st.floats(0, 1200), max_size=6))
def test_everything_happens_once_and_not_too_early(due: list[float], steps: list[float]) -> None:
    """However time is cut into steps, each act happens once, in the second in which it is due."""
    clock = WorldClock(START)
    seen: list[tuple[float, datetime]] = []
    for each in due:
        clock.at(after(each), lambda each=each: seen.append((each, clock.now)))  # type: ignore[misc]

    for step in [*sorted(steps), 1001.0]:
        clock.run_to(after(step))

    assert sorted(each for each, _at in seen) == sorted(due)
    assert all(abs((at - after(each)).total_seconds()) < 1 for each, at in seen)
    assert [at for _each, at in seen] == sorted(at for _each, at in seen)


@given(st.floats(0.001, 1000))
def test_time_comes_to_what_is_due(seconds: float) -> None:
    """To run to the moment at which something is due makes it no earlier than that moment."""
    clock = WorldClock(START)

    clock.run_to(after(seconds))

    assert clock.now >= after(seconds)


def test_a_moment_says_whose_time_it_is() -> None:
    """An hour later in summer; every text for people has this one time zone."""
    assert in_london(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "2 July 00:30 London time"
    assert in_london(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "1 December 23:30 London time"
