"""How satisfied victims may be: told on time, no silence, not too many messages, and answered."""

import numpy as np
import pytest

from simulator.force.event_times import NEVER
from simulator.rehearsal.full_volume import Told, call_chance, is_too_many
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.satisfaction import satisfaction
from simulator.rehearsal.worries import CrimeCourses
from simulator.results.satisfaction import Satisfaction, named_shares
from tests.simulator.real_files import ROLLOUT

ROLL = read_rollout(ROLLOUT)
DAY = 86_400
ENDS = 100 * DAY

Messages = list[tuple[int, int, bool]]


def counted(
    messages: Messages,
    ended: list[int],
    answers: list[float | None] | None = None,
    complained: set[int] | None = None,
) -> Satisfaction:
    """Count for crimes recorded at the start, each with its end and its messages by day."""
    told = Told.of(
        [
            (day * DAY, row, False, False, surplus, 0.0, False, False)
            for day, row, surplus in messages
        ]
    )
    recorded = np.zeros(len(ended), dtype=np.int64)
    end = np.array([each * DAY if each != NEVER else NEVER for each in ended])
    courses = CrimeCourses(recorded, recorded[np.newaxis], end, np.ones(len(ended)))
    rows = np.arange(len(ended))
    return satisfaction(
        told, courses, rows, answers or [], ROLL.satisfaction, ends=ENDS, complained=complained
    )


@pytest.mark.parametrize(("day", "share"), [(20, 1.0), (27, 1.0), (28, 0.0), (19, 0.0)])
def test_who_hears_of_the_end_within_a_week_is_told_on_time(day: int, share: float) -> None:
    """Not before the end, nor a day too late."""
    assert counted([(day, 0, False)], [20]).told_on_time == share


def test_an_end_that_is_too_new_is_not_counted() -> None:
    """The week is not over yet."""
    assert counted([], [95]).told_on_time is None


@pytest.mark.parametrize(("days", "share"), [((10, 30, 55, 80), 1.0), ((10, 39, 60, 80), 0.0)])
def test_a_silence_is_a_gap_in_an_open_case(days: tuple[int, ...], share: float) -> None:
    """28 days may pass, 29 may not; after the case has ended nothing need come."""
    messages = [(day, 0, False) for day in days]

    assert counted(messages, [NEVER]).not_silent == share
    assert counted(messages[:1], [30]).not_silent == 1.0


def test_each_victim_counts_by_themselves() -> None:
    """One had too many messages, another heard nothing; the third is content."""
    messages = [(1, 0, True), (11, 0, False), (1, 2, False), (11, 2, False)]
    found = counted(messages, [10, 60, 10], [5.0, None, 80.0, 71.9])

    assert found.victims == 3
    assert (found.told_on_time, found.not_silent, found.not_overloaded) == (0.6667,) * 3
    assert found.answered == 0.5
    assert found.overall == pytest.approx((3 * 0.6667 + 0.5) / 4)


def test_who_complained_is_not_satisfied() -> None:
    """A share of the victims; where complaints are not counted there is none, and no row."""
    found = counted([], [NEVER, NEVER], complained={1, 9})

    assert found.no_complaint == 0.5
    assert ("No complaint", 0.5) in named_shares(found)
    assert counted([], [NEVER]).no_complaint is None
    assert "No complaint" not in dict(named_shares(counted([], [NEVER])))


def test_nobody_is_nothing() -> None:
    """Without victims and questions there is no share."""
    found = counted([], [])

    assert (found.victims, found.overall, found.answered) == (0, None, None)


def test_the_seventh_message_in_a_week_is_one_too_many() -> None:
    """Six are enough, whoever they are sent to; a week later the first no longer counts."""
    before: list[int] = []
    came = [is_too_many(before, day * DAY, ROLL.worry) for day in (0, 1, 2, 3, 4, 5, 6, 7, 20)]

    assert came == [False] * 6 + [True, True, False]


def test_a_message_makes_those_ring_who_have_not_signed_in() -> None:
    """And for what a victim is like, signed in or not; too many of them worry, and make no call."""
    makes = ROLL.worry.message_makes_call.value

    def chance(*, is_new: bool, other: float = 0.0) -> float:
        told = Told.of([(0, 0, is_new, False, True, other, False, False)])
        [found] = told.chances(ROLL.worry).tolist()
        assert found == call_chance(ROLL.worry, is_new=is_new, other_chance=other)
        return float(found)

    assert chance(is_new=False) == 0
    assert chance(is_new=True) == makes > 0
    assert chance(is_new=True, other=0.25) == makes + 0.25
