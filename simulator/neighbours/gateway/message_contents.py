"""What a tester takes out of a message: its links, and its one-time code.

The inspection API gives both, so that a test in any language need not read words.
"""

import re

_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
#: No area code stands before: "call 01632 960301" ends in six digits that are no code.
NO_AREA_CODE = (
    r"(?<!\b0[0-9]{3}[\s-])(?<!\b0[0-9]{4}[\s-])"
    r"(?<!\(0[0-9]{4}\))(?<!\(0[0-9]{4}\)\s)(?<!\(0\)[0-9]{4}\s)"
    r"(?<!\+44[0-9]{4}[\s-])(?<!\+44\s[0-9]{4}[\s-])"
)
#: Six digits by themselves: no part of a number, a date or a link.
_CODE = re.compile(NO_AREA_CODE + r"(?<![\w./:+-])(\d{6})(?![\w/:-]|\.\d)")


def links_in(words: str) -> list[str]:
    """List the links in some words, in order, without the full stop that ends a sentence."""
    return [link.rstrip(".,;:!?") for link in _LINK.findall(words)]


def codes_in(words: str) -> list[str]:
    """List the one-time codes in some words: six digits that stand by themselves."""
    return _CODE.findall(_LINK.sub(" ", words))
