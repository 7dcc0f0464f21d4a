"""Words in a row that were lifted from another text, even when it was cut short.

Four in a row, of which three say something: "we will be in touch" is a common phrase. A text of one
short word is no quotation, wherever it stands.
"""

import re

from simulator.judge.text.little_words import LITTLE_WORDS
from simulator.judge.text.plain_words import squeezed

_IN_A_ROW = 4
_SAYING_SOMETHING = 3
_LETTERS_LEFT = 3
#: Fewer letters, such as "Yes", stand in many a message.
_LETTERS_TELLING = 5


class Quotations:
    """Finds any part of one text in others."""

    def __init__(self, text: str) -> None:
        self._whole = _as_whole_words(text)
        runs = [run for run in _runs(text) if sum(map(_says_something, run)) >= _SAYING_SOMETHING]
        self._runs = re.compile("|".join(map(_pattern, runs)), re.IGNORECASE) if runs else None

    def are_in(self, shown: str) -> bool:
        """Say whether the whole text, or some of its words in a row, stands in what was shown."""
        if self._whole is not None and self._whole.search(squeezed(shown)):
            return True
        return self._runs is not None and self._runs.search(shown) is not None


def _as_whole_words(text: str) -> re.Pattern[str] | None:
    """Match the whole text; None for one so short that any message may have it by chance."""
    words = re.findall(r"\w+", text)
    if sum(map(len, words)) < _LETTERS_TELLING:
        return None
    return re.compile(rf"(?<!\w){re.escape(squeezed(text))}(?!\w)")


def _runs(text: str) -> list[list[str]]:
    words = re.findall(r"\w+", text)
    return [words[n : n + _IN_A_ROW] for n in range(len(words) - _IN_A_ROW + 1)]


def _says_something(word: str) -> bool:
    return word.casefold() not in LITTLE_WORDS


def _pattern(run: list[str]) -> str:
    """Match a run whose last word may be cut off."""
    return r"\b" + r"\W+".join([*run[:-1], run[-1][:_LETTERS_LEFT]])
