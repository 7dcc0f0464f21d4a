"""The words of notes about contact: those that warn, by family, and those that say nothing.

They are data, in `scenarios/contact-notes.toml`, each family with why it matters.
"""

import re
from functools import cache
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT

CONTACT_NOTES = ROOT / "scenarios" / "contact-notes.toml"
Text: TypeAlias = Annotated[str, Meta(min_length=1)]
NoteKind: TypeAlias = Literal[
    "not_safe_in_notes",
    "not_theirs_in_notes",
    "dead_in_notes",
    "by_another_in_notes",
    "terms_in_notes",
]
_NAMED = re.compile(r"\{([a-z_]+)\}")


class Family(Strict, frozen=True, kw_only=True):
    """One family of warnings: the kind of finding, why it matters, and its patterns.

    `anywhere` is false for what means something in notes alone: "text only" in a field for the
    channel is an answer, not a warning.
    """

    name: Text
    kind: NoteKind
    why: Text
    anywhere: bool
    patterns: Annotated[tuple[Text, ...], Meta(min_length=1)]


class NoteWords(Strict, frozen=True, kw_only=True):
    """The whole file."""

    said_of_the_past: tuple[Text, ...]
    harmless_phrases: tuple[Text, ...]
    allowing_headings: tuple[Text, ...]
    doubtful: tuple[Text, ...]
    harmless: Text
    of_the_crime: Text
    of_contact: tuple[Text, ...]
    words: dict[str, Text]
    family: tuple[Family, ...]

    def __post_init__(self) -> None:
        for each in self.family:
            self.any_of(each.patterns)

    @property
    def of_every_field(self) -> tuple[Family, ...]:
        """The families that warn wherever they are written."""
        return tuple(each for each in self.family if each.anywhere)

    def any_of(self, patterns: tuple[str, ...]) -> str:
        """Return one pattern of whole words for several, their lists filled in."""
        return r"\b(?:" + "|".join(map(self._filled, patterns)) + r")\b"

    def warnings_of(self, families: tuple[Family, ...]) -> str:
        """Return one pattern for every warning of some families."""
        return self.any_of(tuple(pattern for each in families for pattern in each.patterns))

    def _filled(self, pattern: str) -> str:
        while found := _NAMED.search(pattern):
            if found[1] not in self.words:
                raise ValueError(f"words: no list is named {found[1]!r}; add it")
            pattern = pattern.replace(found[0], self.words[found[1]])
        return pattern.replace("\n", "")


@cache
def note_words() -> NoteWords:
    """Read the file, once."""
    return checked_toml.read(CONTACT_NOTES, NoteWords)
