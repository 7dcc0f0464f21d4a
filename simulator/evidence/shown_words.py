"""Lists the words that a portal sent and showed, once each: the judge has no rule for most of them.

The judge knows what must be said and what must not. Whether the rest is kind, plain and right is
for a person to read. What differs between people is masked, so that one sentence is listed once.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from simulator.evidence.records import (
    EventRecorded,
    MessageAccepted,
    PersonKnown,
    QuestionAsked,
    Record,
    Seen,
)

#: A masked value, such as a name, a number or a date.
MASK = "…"
_SHORTEST_MASKED = 3
#: The fields of an event that hold a person's name.
_NAMES = frozenset({"given_name", "family_name"})
#: A page that shows a person their own phone and mailbox.
_OF_ADDRESSES = "contact"
#: A mailbox, some of whose letters may be masked already.
_MAILBOX = re.compile(rf"[\w.+*•{MASK}-]+@[\w.*•{MASK}-]*\w")
#: A line with these and nothing else is an address, or what is left of one.
_NO_WORDS = f"{MASK}*•+()@ .,:-"
#: A word of the contract, such as "victim", and not one that somebody wrote.
_OF_THE_CONTRACT = re.compile(r"[a-z_]+")
_WORD = re.compile(r"\w+")
_SEVERAL = re.compile(rf"{MASK}(?:[\s:./-]*{MASK})+")
_NUMBERS_AND_DATES = re.compile(
    r"\b(?:\w*\d\w*|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December|noon|midnight)\b"
)


class ShownWords(Struct, frozen=True, order=True):
    """Words of a portal: `where` they stood, and the words, with what differs masked."""

    where: str
    words: str


def shown_words(records: Iterable[Record]) -> frozenset[ShownWords]:
    """List what one run sent and showed, each line once; addresses are left out."""
    records = list(records)
    masked = _Masked(_values(records))
    lines = {(where, line) for where, text in _texts(records) for line in text.splitlines()}
    return frozenset(
        ShownWords(where, words)
        for where, line in lines
        if (words := masked(line)).strip(_NO_WORDS)
    )


def _texts(records: Iterable[Record]) -> Iterator[tuple[str, str]]:
    for each in records:
        if isinstance(each, MessageAccepted):
            yield each.channel, f"{each.subject}\n{each.body}"
        elif isinstance(each, Seen) and each.where != _OF_ADDRESSES:
            for text in each.texts:
                yield each.where, text


def _values(records: Iterable[Record]) -> set[str]:
    """Find what the force and the victims wrote, and people's names: it is not the portal's own."""
    found: set[str] = set()
    names: set[str] = set()
    for each in records:
        if isinstance(each, PersonKnown):
            names |= {each.given_name, each.family_name}
        elif isinstance(each, QuestionAsked):
            found |= {each.text}
        elif isinstance(each, EventRecorded):
            for field, value in _strings(msgspec.json.decode(each.data)):
                (names if field in _NAMES else found).add(value)
    lines = {line.strip() for value in found for line in value.splitlines()}
    values = {
        each
        for each in lines
        if len(each) >= _SHORTEST_MASKED and not _OF_THE_CONTRACT.fullmatch(each)
    }
    # A name may be one letter, or in small letters; what has no letter is no name.
    return values | {each.strip() for each in names if any(map(str.isalpha, each))}


def _strings(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of an event with the name of its field."""
    match value:
        case str():
            yield field, value
        case dict():
            for name, each in value.items():
                yield from _strings(each, name)
        case list():
            for each in value:
                yield from _strings(each, field)


class _Masked:
    """Masks values in a line, the longest first."""

    def __init__(self, values: Iterable[str]) -> None:
        # A line is asked for the few values whose first word it has: a run has thousands.
        self._by_word: dict[str, list[str]] = {}
        for each in values:
            word = _WORD.search(each)
            self._by_word.setdefault(word[0] if word else "", []).append(each)

    def __call__(self, line: str) -> str:
        """Mask whole words only: "victim" is no part of "victims", nor "J" of "June"."""
        line = _MAILBOX.sub(MASK, line)
        words = {"", *_WORD.findall(line)}
        found = [each for word in words for each in self._by_word.get(word, ()) if each in line]
        for each in sorted(found, key=len, reverse=True):
            line = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", MASK, line)
        return _SEVERAL.sub(MASK, _NUMBERS_AND_DATES.sub(MASK, line)).strip()
