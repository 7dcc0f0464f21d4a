"""Rules of spoken times: every usual way to write a moment is understood, and no other moment."""

from datetime import UTC, datetime

import pytest

from simulator.judge.text.times_in_words import says_when

QUARTER_PAST_NOON = datetime(2026, 6, 16, 11, 15, tzinfo=UTC)
HALF_PAST_TWO = datetime(2026, 6, 16, 13, 30, tzinfo=UTC)
QUARTER_PAST_ELEVEN = datetime(2026, 12, 4, 11, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "words",
    [
        "Tuesday 16 June 2026 at 2.30pm, Kiln Lane library",
        "16/06/2026 14:30",
        "2026-06-16 14:30",
        "16th June, 14.30",
        "Your appointment: Tue, half past two",
        "On June 16 at 2:30 p.m.",
        "1430 on Tuesday",
    ],
)
def test_a_moment_is_understood_however_it_is_written(words: str) -> None:
    """No vendor is told how to write a day or a time; it is London's time in summer too."""
    assert says_when(words, HALF_PAST_TWO)


@pytest.mark.parametrize(
    "words",
    [
        "Tuesday 16 June 2026 at 3.30pm",
        "Tuesday 16 June 2026 at 13:30",
        "Wednesday 17 June 2026 at 2.30pm",
        "Tuesday 16 June 2026",
        "at 14:30",
        "half past three on Tuesday",
        "",
    ],
)
def test_another_moment_is_not_this_one(words: str) -> None:
    """An hour out, a day out, or half of it: nobody comes then."""
    assert not says_when(words, HALF_PAST_TWO)


@pytest.mark.parametrize(
    ("words", "is_it"),
    [
        ("Friday 4 December at 11:15am", True),
        ("4 December, quarter past 11", True),
        ("Friday 4 December at 12:15", False),
        ("14 December at 11:15", False),
    ],
)
def test_the_whole_number_is_read(words: str, is_it: bool) -> None:  # noqa: FBT001  a row
    """The fourth is not the fourteenth."""
    assert says_when(words, QUARTER_PAST_ELEVEN) is is_it


@pytest.mark.parametrize(
    ("words", "is_it"),
    [
        ("Tuesday 16 June 2026 at 12:15pm", True),
        ("Tuesday 16 June 2026 at 12.15 p.m.", True),
        ("Tuesday 16 June 2026 at 12:15, Ambleside", True),
        ("Tuesday 16 June 2026 at 12:15am", False),
        ("Tuesday 16 June 2026 at 12.15 a.m.", False),
    ],
)
def test_the_half_of_the_day_is_read(words: str, is_it: bool) -> None:  # noqa: FBT001  a row
    """A quarter past noon is not a quarter past midnight: a victim would miss the officer."""
    assert says_when(words, QUARTER_PAST_NOON) is is_it


def test_morning_is_not_afternoon() -> None:
    """The right figures with the wrong half of the day name another time."""
    assert not says_when("Tuesday 16 June 2026 at 2:30am", HALF_PAST_TWO)
    assert not says_when("Friday 4 December at 11:15pm", QUARTER_PAST_ELEVEN)


@pytest.mark.parametrize(
    ("hour", "words", "is_it"),
    [
        (12, "12:30pm on 4 December", True),
        (12, "12.30 p.m. on 4 December", True),
        (12, "12:30am on 4 December", False),
        (12, "12:30 a.m. on 4 December", False),
        (0, "12:30am on 4 December", True),
        (0, "12:30 pm on 4 December", False),
        (9, "9:30am on 4 December", True),
        (9, "9:30 PM on 4 December", False),
        (21, "9:30 on 4 December, amended", True),
    ],
)
def test_the_other_half_of_the_day_is_another_moment(
    hour: int,
    words: str,
    is_it: bool,  # noqa: FBT001  a row
) -> None:
    """Who is told 12:30am for half past noon comes twelve hours early."""
    assert says_when(words, datetime(2026, 12, 4, hour, 30, tzinfo=UTC)) is is_it
