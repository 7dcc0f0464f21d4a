"""Our occurrence numbers beside those that the test crime system gave: each is told by its own."""


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
        for ours, theirs in self._theirs.items():
            words = words.replace(theirs, ours)
        return words

    def in_theirs(self, words: str) -> str:
        """Write words with their references in place of ours, for the tester."""
        for ours, theirs in self._theirs.items():
            words = words.replace(ours, theirs)
        return words
