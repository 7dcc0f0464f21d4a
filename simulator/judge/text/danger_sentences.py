"""Sentences that every reader would call dangerous, and those that every reader would not.

The judge asks only about these, word for word: what lies between is a matter of opinion.
"""

import tomllib
from functools import cache
from typing import NamedTuple

from simulator.files.paths import ROOT

_FILE = ROOT / "fixtures" / "danger" / "held_out.toml"


class DangerSentences(NamedTuple):
    """`certain` speak of danger, self-harm or intimidation; `harmless` of nothing but the case."""

    certain: tuple[str, ...]
    harmless: tuple[str, ...]


@cache
def danger_sentences() -> DangerSentences:
    """Read the sentences, of fixtures/danger/held_out.toml."""
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return DangerSentences(tuple(read["certain"]), tuple(read["harmless"]))


def is_certainly_dangerous(text: str) -> bool:
    """Say whether these words are one of the sentences that every reader would call dangerous."""
    return text.strip() in danger_sentences().certain


def is_certainly_harmless(text: str) -> bool:
    """Say whether these words are one of the sentences that speak of nothing but the case."""
    return text.strip() in danger_sentences().harmless
