"""Our crime references, with those that the test crime system gave the same crimes."""

import re
from collections.abc import Mapping


class References:
    """Pairs of references: ours, and theirs in the test crime system."""

    def __init__(self) -> None:
        self._theirs: dict[str, str] = {}

    def add(self, ours: str, theirs: str) -> None:
        """Add the reference that a crime was given."""
        self._theirs[ours] = theirs

    def is_known(self, theirs: str) -> bool:
        """Return whether a crime has this reference."""
        return theirs in self._theirs.values()

    def theirs(self, ours: str) -> str:
        """Return a crime's reference in the test crime system, or ours if it has none."""
        return self._theirs.get(ours, ours)

    def ours(self, theirs: str) -> str:
        """Return our reference for one that the portal shows, or the same if it is not known."""
        return next((ours for ours, each in self._theirs.items() if each == theirs), theirs)

    def in_ours(self, words: str) -> str:
        """Replace their references in a text by ours, for the judge."""
        return _replaced(words, {theirs: ours for ours, theirs in self._theirs.items()})

    def in_theirs(self, words: str) -> str:
        """Replace our references in a text by theirs, for the tester."""
        return _replaced(words, self._theirs)


def _replaced(words: str, by: Mapping[str, str]) -> str:
    """Replace whole references, each once: CR/26/10 is not part of CR/26/100."""
    if not by:
        return words
    longest_first = sorted(by, key=len, reverse=True)
    whole = rf"(?<![\w/-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w/-])"
    return re.sub(whole, lambda found: by[found.group()], words)
