"""Make texts from outside safe to print: what a portal sends may be hostile, and is evidence.

Terminal, page and XML show every text through these functions, so no hidden character changes what
a person reads.
"""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise

TEXT_CHARACTERS_MAX = 2_000
#: To compare longer ones would take seconds.
_NEAR_CHARACTERS_MAX = 200

_KEPT = "\n\t"
#: Controls, invisible and direction-changing characters, and halves of a pair.
_HIDDEN = ("Cc", "Cf", "Cs")
#: These are not characters, and XML cannot hold them.
_NEVER = "\ufffe\uffff"
#: Characters that look like another one, of those that Unicode does not make of each other.
_LOOKS_LIKE = str.maketrans(
    dict.fromkeys("‘’‛′ʼ`´", "'")
    | dict.fromkeys("“”„″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
    | dict(zip("аеорсухіјѕАВЕКМНОРСТХІЈЅ", "aeopcyxijsABEKMHOPCTXIJS", strict=True))
    | dict(zip("ονρΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovpABEZHIKMNOPTYX", strict=True))
)
_DIFFERENCES_MAX = 3


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


def looks_alike(written: str, shown: Iterable[str]) -> str:
    """Name by code point how a text differs from what looks like it: `U+2019 ’ for U+0027 '`.

    "" if it stands in none of the texts shown, or stands there as it was written.
    """
    sought, written_at = _outline(written)
    for text in shown:
        outline, shown_at = _outline(text)
        begins = outline.find(sought) if sought else -1
        if begins >= 0 and written not in text:
            pairs = zip(
                _between(written, written_at), _between(text, shown_at[begins:]), strict=False
            )
            named = [
                f"{_by_code_point(b)} for {_by_code_point(a)}"
                for a, b in pairs
                if a.casefold() != b.casefold()
            ]
            return ", ".join(list(dict.fromkeys(named))[:_DIFFERENCES_MAX])
    return ""


def _outline(text: str) -> tuple[str, list[int]]:
    """Give what a text looks like, and where in it each character of that stands."""
    outline, places = "", []
    for place, character in enumerate(text):
        plain = unicodedata.normalize("NFKD", character.translate(_LOOKS_LIKE)).casefold()
        seen = [each for each in plain if unicodedata.category(each) not in ("Mn", "Cf")]
        outline += "".join(seen)
        places += [place] * len(seen)
    return outline, [*places, len(text)]


def _between(text: str, places: list[int]) -> list[str]:
    return [text[begins:ends] for begins, ends in pairwise(places)]


def _by_code_point(characters: str) -> str:
    return " ".join(f"U+{ord(each):04X} {_shown(each)}" for each in characters) or "nothing"


def _shown(character: str) -> str:
    if character in _KEPT or not (
        character in _NEVER or unicodedata.category(character) in _HIDDEN
    ):
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
