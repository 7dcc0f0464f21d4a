"""A text without what makes no difference to a reader: spaces, line ends, and numbers."""

import re
from functools import lru_cache

#: The same texts are judged by several rules, and again by other orders.
TEXTS_KEPT = 2048


@lru_cache(TEXTS_KEPT)
def squeezed(text: str) -> str:
    """Give a text in small letters with single spaces."""
    return " ".join(text.casefold().split())


def without_numbers(text: str) -> str:
    """Give a text in small letters, single spaces, and without numbers."""
    return squeezed(re.sub(r"\d+", "", text))


def as_typed(text: str) -> str:
    """Give a text with each line break as one character: a browser sends it as two."""
    return text.replace("\r\n", "\n")


def with_plain_line_ends(text: str) -> str:
    """Give a text as it was written, with one kind of line end and nothing around it."""
    return as_typed(text).replace("\r", "\n").strip()


def has_word(text: str, word: str) -> bool:
    """Say whether a word, a name or a number stands in a text by itself."""
    sought, said = squeezed(word), squeezed(text)
    if not sought or sought not in said:
        return False
    return re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", said) is not None
