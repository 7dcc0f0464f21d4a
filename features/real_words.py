"""How the words of the scenarios are written: in every script, with every line end, at any length.

Each way keeps the plain words in them where it can, so that a step which looks for a part of them
still finds it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

ONE_CHARACTER = "1 character"
_FILLING = " I can show what I have at any time."
_WIDE = " मैं इसे कभी भी दिखा सकती हूँ। 🚲"


def _filled(words: str, count: int, filling: str) -> str:
    return (words + filling * (count // len(filling)))[: count - 1] + "."


#: Given the plain words, and the most characters that are taken.
WRITINGS: Mapping[str, Callable[[str, int], str]] = MappingProxyType(
    {
        "Windows line ends": lambda words, _most: f"{words}\r\nThank you.\r\n\r\nPlease write.",
        "Unix line ends": lambda words, _most: f"{words}\nThank you.\n\nPlease write.",
        "a tab, and spaces of other kinds": lambda words, _most: (
            f"{words}\tThank you: no\u00a0break, thin\u2009space"
        ),
        "markup and apostrophes": lambda words, _most: f"{words} <b>I'm</b> & \"you\" &amp; 'us'",
        "an emoji, and other scripts": lambda words, _most: (
            f"{words} 👋🏽 🚲 👩‍👧 شكرا धन्यवाद 谢谢 Дякую"
        ),
        "accents by themselves, and signs": lambda words, _most: (
            f"{words} Zoe\u0308 at the cafe\u0301, \u1112\u1161\u11ab; "
            "£45 — ½ ™ ﬁrst, 3 \u212b, 10 \u212a"
        ),
        "blanks and lines at either end": lambda words, _most: f"\n  {words}  \n",
        ONE_CHARACTER: lambda _words, _most: "?",
        "the most characters": lambda words, most: _filled(words, most, _FILLING),
        "the most characters, in many lines": lambda words, most: _filled(words, most, "\nyes, ok"),
        "the most characters, of several bytes": lambda words, most: _filled(words, most, _WIDE),
    }
)

#: Places of appointments: the first, and the one that it is moved to.
PLACES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "plain": ("Kiln Lane library", "Orchard Road station"),
        "blank": ("", ""),
        "an apostrophe": ("St Swithun's Hall, Wharf Walk", "O’Hara’s Yard, Otter Rise"),
        "accents": ("Café Zoë, Siskin Terrace", "Théâtre Plover"),
        "another script": ("Бібліотека «Липа»", "مكتبة الزهور"),
        "markup": ("Desk <2> & 3, Tannery Road", 'Room "B" <right>, Granary Mews'),
        "200 characters": (
            ("Front desk of the Millrace Centre, " * 6)[:199] + "7",
            ("Back door of the Ropewalk Centre, " * 6)[:199] + "8",
        ),
    }
)
#: How an area is written.
AREAS = {
    "short": "Ebberwick",
    "200 characters": ("Witherbourne, Hathercombe and " * 7)[:198] + "by",
}
