"""Words in a row that were lifted from another text, even when it was cut short.

Four in a row, of which three say something: "we will be in touch" is a common phrase. A text of one
short word is no quotation, wherever it stands.
"""

import re
from collections.abc import Iterator

from simulator.judge.text.little_words import LITTLE_WORDS
from simulator.judge.text.plain_words import has_word

_IN_A_ROW = 4
_SAYING_SOMETHING = 3
_LETTERS_LEFT = 3
#: Fewer letters, such as "Yes", stand in many a message.
_LETTERS_TELLING = 5


class Quotations:
    """Finds any part of one text in others."""

    def __init__(self, text: str) -> None:
        letters = sum(map(len, re.findall(r"\w+", text)))
        self._whole = text if letters >= _LETTERS_TELLING else ""
        #: By the words before it, how the last word of each run begins: it may be cut off.
        self._runs: dict[tuple[str, ...], tuple[str, ...]] = {}
        for *first, last in _runs(text):
            if sum(word not in LITTLE_WORDS for word in (*first, last)) >= _SAYING_SOMETHING:
                begins = self._runs.get((*first,), ())
                self._runs[*first,] = (*begins, last[:_LETTERS_LEFT])

    def are_in(self, shown: str) -> bool:
        """Say whether the whole text, or some of its words in a row, stands in what was shown."""
        if has_word(shown, self._whole):
            return True
        return bool(self._runs) and any(
            last.startswith(self._runs.get((*first,), ())) for *first, last in _runs(shown)
        )


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[n:] for n in range(_IN_A_ROW)), strict=False)
