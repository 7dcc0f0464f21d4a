"""Sentences that every reader would call dangerous, and those that every reader would not.

The judge asks only about these, word for word: what lies between is a matter of opinion.
"""

import re
from functools import cache

from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT

_FILE = ROOT / "fixtures" / "danger" / "held_out.toml"


class DangerSentences(Strict, frozen=True, kw_only=True):
    """`certain` speak of danger, self-harm or intimidation; `harmless` of nothing but the case.

    Of the others readers may differ.
    """

    certain: tuple[str, ...]
    dangerous: tuple[str, ...]
    not_dangerous: tuple[str, ...]
    harmless: tuple[str, ...]


@cache
def danger_sentences() -> DangerSentences:
    """Read the sentences, of fixtures/danger/held_out.toml."""
    return checked_toml.read(_FILE, DangerSentences)


def is_certainly_dangerous(text: str) -> bool:
    """Say whether these words are one of the sentences that every reader would call dangerous.

    A phone may put the apostrophes in, and curls them.
    """
    return _plain(text) in {_plain(each) for each in danger_sentences().certain}


def is_certainly_harmless(text: str) -> bool:
    """Say whether these words are one of the sentences that speak of nothing but the case."""
    return text.strip() in danger_sentences().harmless


def _plain(text: str) -> str:
    return re.sub("['’]", "", text.strip())
