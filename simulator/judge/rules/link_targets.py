"""Where the links in messages lead: to the portal, the force or another official site.

The portal's hosts are those to which invitations led. What was sent before the first invitation is
judged when that comes; without one nothing is known of them, and nothing is judged.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
#: What stands in the evidence for the part of a link that is a person's own.
_OWN_PART = "…"
_OFFICIAL = (".gov.uk", ".police.uk")


@dataclass
class LinkTargets(Rule):
    """Judges the links of every message; `_portals` are the hosts that invitations led to."""

    requirements = frozenset({"MSG-05"})
    hears = (MessageAccepted,)
    compares_people = True

    _portals: set[str] = field(default_factory=set)
    _forces: frozenset[str] = field(init=False)
    _earlier: list[tuple[MessageAccepted, SentMessage]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._forces = frozenset(_host(each.website) for each in self.order.forces.values())

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message, or take from an invitation where the portal is."""
        links = _links(record)
        if record.carries == "invitation":
            self._portals |= {_host(each) for each in links if _OWN_PART in each} - {""}
        if any(not self._is_known(_host(each)) for each in links):
            self._earlier.append((record, book.messages.of(record)))
        if not self._portals:
            return ()
        waiting, self._earlier = self._earlier, []
        return [found for each in waiting for found in self._strange(*each)]

    def _strange(self, record: MessageAccepted, meant: SentMessage) -> Iterator[Finding]:
        strange = [each for each in _links(record) if not self._is_known(_host(each))]
        if strange:
            expected = "a link in a message leads to the portal or to the force's own site"
            observed = f"a link of the {record.channel} leads to {_host(strange[0])!r}"
            yield failure("disclosed", "MSG-05", meant, expected, observed, at=record.at)

    def _is_known(self, host: str) -> bool:
        return host in self._portals or host in self._forces or host.endswith(_OFFICIAL)


def _links(record: MessageAccepted) -> list[str]:
    return _LINK.findall(f"{record.subject}\n{record.body}")


def _host(link: str) -> str:
    return (urlsplit(link.rstrip(".,;:!?")).hostname or "").lower()
