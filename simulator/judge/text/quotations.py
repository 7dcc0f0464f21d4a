"""Words in a row that were lifted from another text, even when it was cut short.

Four in a row, of which three say something: "we will be in touch" is a common phrase.
"""

import re

from simulator.judge.text.little_words import LITTLE_WORDS

_IN_A_ROW = 4
_SAYING_SOMETHING = 3
_LETTERS_LEFT = 3
_WORDS_MIN = 2


class Quotations:
    """Finds any part of one text in others."""

    def __init__(self, text: str) -> None:
        whole = squeezed(text)
        # A word such as "Yes" stands in many texts, and is quoted by none.
        self._whole = whole if len(whole.split()) >= _WORDS_MIN else ""
        runs = [run for run in _runs(text) if sum(map(_says_something, run)) >= _SAYING_SOMETHING]
        self._runs = re.compile("|".join(map(_pattern, runs)), re.IGNORECASE) if runs else None

    def are_in(self, shown: str) -> bool:
        """Say whether the whole text, or some of its words in a row, stands in what was shown."""
        if self._whole and self._whole in squeezed(shown):
            return True
        return self._runs is not None and self._runs.search(shown) is not None


def squeezed(text: str) -> str:
    """Give a text without what only spelling and line breaks make of it."""
    return " ".join(text.casefold().split())


def _runs(text: str) -> list[list[str]]:
    words = re.findall(r"\w+", text)
    return [words[n : n + _IN_A_ROW] for n in range(len(words) - _IN_A_ROW + 1)]


def _says_something(word: str) -> bool:
    return word.casefold() not in LITTLE_WORDS


def _pattern(run: list[str]) -> str:
    """Match a run whose last word may be cut off."""
    return r"\b" + r"\W+".join([*run[:-1], run[-1][:_LETTERS_LEFT]])
