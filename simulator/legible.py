"""Make texts from outside safe to print: what a portal sends may be hostile, and is evidence.

Terminal, page and XML show every text through these functions, so no hidden character changes what
a person reads.
"""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

TEXT_CHARACTERS_MAX = 2_000
#: To compare longer ones would take seconds.
_NEAR_CHARACTERS_MAX = 200

_KEPT = "\n\t"
#: Controls, invisible and direction-changing characters, and halves of a pair.
_HIDDEN = ("Cc", "Cf", "Cs")
#: These are not characters, and XML cannot hold them.
_NEVER = "\ufffe\uffff"


def legible(text: str) -> str:
    r"""Write hidden characters out, such as `\x1b` for an escape, and cut very long texts."""
    left_out = len(text) - TEXT_CHARACTERS_MAX
    shown = "".join(_shown(each) for each in text[:TEXT_CHARACTERS_MAX])
    return f"{shown}… ({left_out:,} characters more)" if left_out > 0 else shown


def on_one_line(text: str) -> str:
    """Make a text `legible` and remove its line breaks, for a heading or an attribute."""
    return " ".join(legible(text).split())


def did_you_mean(asked: str, names: Iterable[str]) -> str:
    """Give the end of an error about a mistyped name: the nearest one, "" if none is near."""
    known = {each.lower(): each for each in names}
    near = get_close_matches(asked.lower()[:_NEAR_CHARACTERS_MAX], known, 1)
    return f"; did you mean {known[near[0]]!r}?" if near else ""


def _shown(character: str) -> str:
    if character in _KEPT or not (
        character in _NEVER or unicodedata.category(character) in _HIDDEN
    ):
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
