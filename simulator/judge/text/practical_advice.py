"""What pages of advice must say in whatever words: who helps, and how a victim asks for it.

Each part is a pattern that one of the pages must fit: names, numbers, and words that nobody can
leave out. No sentence of a page is the suite's own.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from simulator.inputs.order import Support
from simulator.judge.text.plain_words import TEXTS_KEPT

#: How to ask for another language or format, and how to call without hearing or speaking.
ANOTHER_WAY: Mapping[str, str] = {
    "an interpreter or another language": r"\binterpret|\btranslat|\b(other|another) languages?\b",
    "British Sign Language": r"\bBSL\b|british sign language",
    "Easy Read": r"\beasy[ -]?read\b",
    "large print": r"\blarge[ -]print\b",
    "999 BSL": r"\b999 ?BSL\b",
    "Relay UK": r"\brelay ?uk\b",
}
#: How to complain about the police.
COMPLAINT: Mapping[str, str] = {
    "how to complain": r"\bcomplain",
    "the Independent Office for Police Conduct": r"\bIOPC\b|independent office for police conduct",
}
_REFERRAL: Mapping[str, str] = {
    "that the police refer a victim to support": r"\brefer|\bpass (on )?(your|their) details\b",
    "that a victim is asked first": r"\bconsent|\bpermission|\bask (you|them) first\b"
    r"|\b(if|unless|when|once) (you|they) (agree|would like|want|wish|say yes)\b",
    "that it is within 2 working days": r"\b(2|two) working days\b",
}


def lacking(asked: Mapping[str, str], pages: Iterable[str]) -> list[str]:
    """List the parts that no page says."""
    # They may come from an iterator, which gives them once.
    texts = tuple(pages)
    return [
        part for part, pattern in asked.items() if not any(_says(text, pattern) for text in texts)
    ]


@lru_cache(TEXTS_KEPT)
def _says(page: str, pattern: str) -> bool:
    return re.search(pattern, " ".join(page.split()), re.IGNORECASE) is not None


def local_support(support: Support) -> dict[str, str]:
    """Return what pages must say of the support service that the order names."""
    digits = re.sub(r"\D", "", support.number)
    return {
        support.name: re.escape(support.name).replace("'", "['\u2019]"),
        support.number: r"\W*".join(digits),
        **_REFERRAL,
    }
