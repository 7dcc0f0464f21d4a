"""A link in an update is the same for every victim: it says neither who follows it nor why.

Two updates to different addresses are compared by their links. An invitation has a link of its own,
and a code none.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_LINK = re.compile(r"https?://[^\s<>\"']+")
#: A part of a link that may tell one victim from another: it has a digit, or is long.
_TOKEN = re.compile(r"[^/?&=#]*\d[^/?&=#]*|[^/?&=#]{20,}")


@dataclass
class UpdateLinks(Rule):
    """Judges the links of every message that carries neither an invitation nor a code."""

    requirements = frozenset({"PRIV-04"})
    hears = (MessageAccepted,)
    compares_people = True

    #: By the form of a link: each such link, and its address ("" where several have it).
    _seen: dict[str, dict[str, str]] = field(default_factory=dict)
    _is_told: bool = False

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Find a link that is an address's own; it is told once."""
        if record.carries or self._is_told:
            return []
        for link in sorted(set(_LINK.findall(f"{record.subject} {record.body}"))):
            seen = self._seen.setdefault(_shape(link), {})
            is_new = link not in seen
            had_by_others = any(each != record.to for each in seen.values())
            seen[link] = record.to if seen.get(link, record.to) == record.to else ""
            if is_new and had_by_others:
                self._is_told = True
                meant = book.messages.of(record)
                expected = "a link in an update is the same for every victim"
                observed = f"the {record.channel} has one that no other victim got"
                return [failure("disclosed", "PRIV-04", meant, expected, observed, at=record.at)]
        return []


def _shape(link: str) -> str:
    """Give a link with what may tell victims apart left out of its path, query and fragment."""
    parts = urlsplit(link.rstrip(".,;:!?)"))
    return f"{parts.netloc}{_TOKEN.sub('*', f'{parts.path}?{parts.query}#{parts.fragment}')}"
