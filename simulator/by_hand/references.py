"""Our occurrence numbers beside those that the test crime system gave: each is told by its own."""

import re
from collections.abc import Mapping


class References:
    """Which is which, as crimes are keyed in."""

    def __init__(self) -> None:
        self._theirs: dict[str, str] = {}

    def keyed_in(self, ours: str, theirs: str) -> None:
        """Note the reference that a crime was given."""
        self._theirs[ours] = theirs

    def is_known(self, theirs: str) -> bool:
        """Say whether a reference was given to a crime before."""
        return theirs in self._theirs.values()

    def theirs(self, ours: str) -> str:
        """Give a crime's reference in the test crime system; ours where it has none there."""
        return self._theirs.get(ours, ours)

    def ours(self, theirs: str) -> str:
        """Give our reference of what the portal shows; as it is where it is none of this run."""
        return next((ours for ours, each in self._theirs.items() if each == theirs), theirs)

    def in_ours(self, words: str) -> str:
        """Write words with our references in place of theirs, for the judge."""
        return _replaced(words, {theirs: ours for ours, theirs in self._theirs.items()})

    def in_theirs(self, words: str) -> str:
        """Write words with their references in place of ours, for the tester."""
        return _replaced(words, self._theirs)


def _replaced(words: str, by: Mapping[str, str]) -> str:
    """Replace whole references, each once: CR/26/10 is no part of CR/26/100."""
    if not by:
        return words
    longest_first = sorted(by, key=len, reverse=True)
    whole = rf"(?<![\w/-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w/-])"
    return re.sub(whole, lambda found: by[found.group()], words)
