"""The judge: `judge(order, evidence) -> Judgement`, a pure fold, the same for every kind of run.

It reads records in the order in which they came and never asks the portal anything.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from simulator.evidence.records import Record
from simulator.inputs.order import Order
from simulator.judge.case_book import Court
from simulator.judge.facts.address_book import JudgedMessage
from simulator.judge.facts.obligations import Flag, Obligation
from simulator.verdicts import Finding, Kind, worst


class Judgement(Struct, frozen=True, kw_only=True):
    """What the evidence says: every harm, and what there was to judge."""

    findings: list[Finding]
    obligations: list[Obligation]
    flags: list[Flag]
    messages: list[JudgedMessage]

    @property
    def kind(self) -> Kind:
        """The whole in one verdict: INCONCLUSIVE when nothing was ever put to the proof."""
        if not self.obligations and not self.findings:
            return "INCONCLUSIVE"
        hollow: list[Kind] = [] if self.messages else ["INCONCLUSIVE"]
        return worst(["PASS", *hollow, *(finding.kind for finding in self.findings)])

    def count(self) -> Counter[tuple[str, str, str, bool]]:
        """Count findings by kind, harm, owner and whether they could have been avoided."""
        return Counter((each.kind, each.harm, each.owner, each.avoidable) for each in self.findings)


def judge(
    order: Order, evidence: Iterable[Record], *, correlates: bool, end: datetime
) -> Judgement:
    """Judge a run.

    `correlates` says the portal names the event each message answers; without it every address
    must have one owner. What is not due by `end` is left open.
    """
    court = Court(order, correlates=correlates)
    for record in evidence:
        court.hear(record)
    court.close(end)
    return Judgement(
        findings=court.findings.found,
        obligations=[each for each in court.ledger.opened if each.is_owed and not each.is_void],
        flags=court.ledger.flags,
        messages=court.messages,
    )
