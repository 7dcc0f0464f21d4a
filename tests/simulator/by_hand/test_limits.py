"""What can be done by hand: not what only our doubles do, and nothing that takes a night."""

from datetime import timedelta

import pytest

from simulator.by_hand.limits import duration, time_needed, why_not_by_hand
from simulator.inputs.written_scenarios import read_written

PATIENCE = timedelta(minutes=15)
HOUR = 3600.0


def why(*sentences: str, seconds: float = HOUR) -> str:
    """Ask whether sentences can be done by hand."""
    return why_not_by_hand(sentences, wait_seconds_max=seconds, patience=PATIENCE)


@pytest.mark.parametrize(
    ("sentence", "passes"),
    [
        ("an hour passes", timedelta(hours=1)),
        ("a day passes", timedelta(days=1)),
        ("2 hours pass", timedelta(hours=2)),
        ("5 minutes have passed", timedelta(minutes=5)),
        ("Alex gets no message", PATIENCE),
        ("Alex gets no more messages", PATIENCE),
        ("Alex gets no message by text", PATIENCE),
        ("in 20 more days Alex gets no more messages", timedelta(days=20)),
        ("the crime Alex reported is reallocated twice a day for 6 days", timedelta(days=6)),
        ("it is 22:30", timedelta(days=1)),
        ("it is Monday morning", timedelta(days=7)),
        ("Alex gets no message from 21:00 until 8 in the morning", timedelta(days=1)),
        ("the review period of the closed case is over", timedelta(days=29)),
        ("Alex is told by text that there is an update", timedelta(0)),
        ("an officer is deployed to the crime Alex reported", timedelta(0)),
        ("Alex's safe to contact flag is blank", timedelta(0)),
    ],
)
def test_how_long_a_sentence_takes(sentence: str, passes: timedelta) -> None:
    """A step that lets time pass takes that time; other steps take none."""
    assert time_needed(sentence, PATIENCE) == passes


def test_the_longest_wait_counts() -> None:
    """A tester waits at most as long as the target says."""
    assert not why("an hour passes", "an hour passes")
    assert not why("Alex gets no message", seconds=900)
    assert "about 15 minutes of real time" in why("Alex gets no message", seconds=899)
    assert why("a day passes", "an hour passes").startswith("it needs about 1 day of real time")


@pytest.mark.parametrize(
    "sentence",
    [
        "the crime system sends the same event again",
        "the crime system holds back that the bicycle theft Alex reported is recorded",
        "the crime system is down",
        "a mail scanner follows every link sent to Alex",
    ],
)
def test_what_only_our_doubles_do(sentence: str) -> None:
    """It is reported before the tester keys in anything."""
    assert "by hand" in why(sentence) or "test crime system" in why(sentence)


def test_much_of_the_features_can_be_done_by_hand() -> None:
    """With an hour's wait most scenarios of phase 1 can be done; the others say why not."""
    phase_1 = [each for each in read_written() if each.phase == 1]
    cannot = [each for each in phase_1 if why(*(step.text for step in each.steps))]

    assert 0 < len(cannot) < len(phase_1) / 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(30, "30 seconds"), (60, "about 1 minute"), (5400, "about 2 hours"), (86_400, "about 1 day")],
)
def test_a_duration_is_written_in_round_units(seconds: int, words: str) -> None:
    """The unit is the largest that fits."""
    assert duration(timedelta(seconds=seconds)) == words
