"""Rules of twins: what differs the second time, and which scenarios cannot come again."""

import pytest

from features.twins import HAVE_NO_TWIN, in_round, renews_world, why_no_twin
from simulator.inputs.written_scenarios import read_written


@pytest.mark.parametrize(
    ("sentence", "again"),
    [
        ('Alex asks "Is there any news?"', 'Alex asks "Is there any news? (2)"'),
        ('the officer replies "Not yet.", and has checked it',
         'the officer replies "Not yet. (2)", and has checked it'),
        ("the crime Alex reported is closed with outcome 18",
         "the crime Alex reported is closed with outcome 8"),
        ("the crime Alex reported is closed with outcome 13",
         "the crime Alex reported is closed with outcome 13"),
        ('Alex texts back "STOP"', 'Alex texts back "STOP"'),
        ('Alex asks "He said if I go to court he will stab me."',
         'Alex asks "He said if I go to court he will stab me."'),
    ],
)  # fmt: skip
def test_other_words_and_another_ending_come_the_second_time(sentence: str, again: str) -> None:
    """STOP stays what it is, and so do endings that an officer tells and words that are danger."""
    assert in_round(sentence, "once before") == sentence
    assert in_round(sentence, "again") == again


def test_no_two_rounds_say_the_same() -> None:
    """A reply that is shown under an earlier question is found by its words."""
    sentence = 'the officer replies "Not yet."'
    assert in_round(sentence, "again") != in_round(sentence, "with another crime")


def test_few_scenarios_have_no_twin() -> None:
    """Each reason is that of some scenario, and nineteen in twenty have a twin."""
    written = read_written()
    reasons = [why_no_twin(step.text for step in each.steps) for each in written]
    assert {*filter(None, reasons)} == {*HAVE_NO_TWIN.values()}
    assert sum(map(bool, reasons)) < len(written) / 20


def test_a_twin_that_failed_is_the_last_on_its_portal() -> None:
    """What it left broken would fail the next: ten share a portal only while all is well."""
    assert [played for played in range(1, 21) if renews_world(played, "PASS")] == [10, 20]
    assert renews_world(3, "FAIL")
    assert renews_world(3, "INCONCLUSIVE")
    assert not renews_world(3, "SKIP")
