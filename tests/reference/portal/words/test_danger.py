"""The detector of danger: measured on sentences that it was not made from."""

import re

import pytest

from fixtures.danger.fit import fit
from fixtures.danger.measure import measure
from fixtures.danger.sentences import read_sentences
from reference.portal.words.danger import plain, read_marks, speaks_of_danger
from simulator.files.paths import ROOT
from simulator.judge.text.danger_sentences import danger_sentences

DECISION = ROOT / "docs" / "decisions" / "0026-words-that-speak-of-danger.md"


def test_finds_nearly_all_danger_in_the_held_out_sentences() -> None:
    """It misses at most 5 in 100, and is wrong about at most 10 in 100 others."""
    measured = measure()

    assert (measured.dangerous, measured.others) == (100, 100)
    assert len(measured.missed) <= 5
    assert len(measured.alarms) <= 10


def test_the_documentation_gives_what_was_measured() -> None:
    """The page has the figures of the detector as it is."""
    assert str(measure()) in re.sub(r"\s+", " ", DECISION.read_text(encoding="utf-8"))


def test_finds_what_every_reader_would_call_dangerous() -> None:
    """These the judge asks every portal about."""
    assert [each for each in danger_sentences().certain if not speaks_of_danger(each)] == []


def test_no_held_out_sentence_is_among_those_it_was_made_from() -> None:
    """Otherwise the figures would say nothing."""
    made_from = {plain(each.text) for each in read_sentences("develop")}

    assert [e.text for e in read_sentences("held_out") if plain(e.text) in made_from] == []


@pytest.mark.slow(seconds=5)
def test_the_weights_are_those_of_the_development_sentences() -> None:
    """They are made, not set by hand: the same sentences give the same weights."""
    base, marks = read_marks()

    assert fit(read_sentences("develop")) == (base, [each.weight for each in marks])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HE\u2019S OUTSIDE MY HOUSE WITH A KNIFE!!", True),
        ("im scared he will kill me", True),
        ("This waiting is killing me", False),
        ("He did not threaten me.", False),
        ("", False),
    ],
)
def test_reads_words_as_people_write_them(text: str, *, expected: bool) -> None:
    """Capitals, curly apostrophes and none, figures of speech and what did not happen."""
    assert speaks_of_danger(text) is expected
