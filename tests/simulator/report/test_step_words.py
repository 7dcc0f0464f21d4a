"""Every kind of step has words that say what happens."""

from simulator.explore.steps import STEP_KINDS
from simulator.report.step_words import STEP_WORDS, step_words


def test_every_kind_of_step_has_words_of_its_own() -> None:
    """None is shown by the name that the code has for it."""
    assert {*STEP_WORDS} == {each.__name__ for each in STEP_KINDS}
    assert len({*STEP_WORDS.values()}) == len(STEP_WORDS)


def test_a_kind_of_another_version_is_shown_all_the_same() -> None:
    """Results of before can be read."""
    assert step_words("FlyAway") == "fly away"
