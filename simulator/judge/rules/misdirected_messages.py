"""Messages that another person received.

It is the portal's harm when it had a sign that the address was not the victim's, or not theirs
alone: more unrelated people share it than the order allows. A wrong number that nobody could tell
from the right one is counted as the contact data's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.sent_message import Meant, SentMessage, one
from simulator.judge.findings import failure, warning
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class MisdirectedMessages(Rule):
    """Judges who received each message."""

    requirements = frozenset({"SAFE-01", "DATA-02"})
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        if sent.fate == "reached" and sent.kind in _OF_A_CASE:
            return _crowded(record, sent, book)
        if sent.fate != "misdirected":
            return ()
        return [_misdirected(record, sent) if sent.readers else _to_nobody(record, sent)]


def _misdirected(message: MessageAccepted, sent: SentMessage) -> Finding:
    about, why = (sent.readers[0].meant, "only the victim is told"), "somebody else was told"
    if sent.sign:
        return failure("misdirected", "SAFE-01", *about, f"{why}: {sent.sign}", at=message.at)
    said = (*about, f"{why}: the number is well formed and wrong")
    found = partial(warning, "misdirected", "DATA-02", "contact data", at=message.at)
    return found(*said, avoidable=False)


def _crowded(message: MessageAccepted, sent: SentMessage, book: CaseBook) -> Iterable[Finding]:
    if crowd := book.reachability.doubtful.crowd(message.to, by=message.channel):
        meant, expected = sent.readers[0].meant, "only the victim is told"
        observed = f"others may read it too: {crowd}"
        yield failure(
            "misdirected", "SAFE-01", meant, expected, observed, at=message.at, rests_on=_TOO_MANY
        )


def _to_nobody(message: MessageAccepted, sent: SentMessage) -> Finding:
    meant = Meant(person_id="", crime_reference=sent.crime_reference, event_id="")
    expected = "messages go to addresses that the victim's record holds"
    observed = f"{one(message.channel)} to an address of nobody concerned"
    return failure("misdirected", "SAFE-01", meant, expected, observed, at=message.at)


#: What says that there is a case. A code or an answer was asked for from the phone itself.
_OF_A_CASE = frozenset({"invitation", "update", "reply", "journey"})
_TOO_MANY = "order: contact.people_per_address_max"
