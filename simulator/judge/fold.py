"""The judge: `judge(order, evidence) -> Judgement`, a pure fold, the same for every kind of run.

It reads records in the order in which they came and never asks the portal anything. Each record is
written in the case book first; then the rules that hear it are asked what harm they find. What is
too much for one case book is judged by parts: `by_parts.py`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from msgspec import Struct

from simulator.evidence.records import Record, Recorded
from simulator.inputs.order import Order
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.evidence_reader import EvidenceReader
from simulator.judge.facts.code_news import CodeNews, code_news
from simulator.judge.facts.detail_flags import Flag
from simulator.judge.facts.obligations import Obligation
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.named_readings import NamedReadings
from simulator.judge.rule import Rule
from simulator.judge.rules import RULES
from simulator.judge.sentences import resting_on_a_sentence
from simulator.verdicts import Finding, Kind, worst

_Hear: TypeAlias = Callable[[Any, CaseBook], Iterable[Finding]]


class Judgement(Struct, frozen=True, kw_only=True):
    """What the evidence says: every harm, and what there was to judge.

    `found_in` has, for each finding, the message, page or answer in which it was found; None for
    what should have come and did not. `tasks` are those that a person at the force was to get.
    """

    findings: list[Finding]
    obligations: list[Obligation]
    flags: list[Flag]
    messages: list[SentMessage]
    found_in: Sequence[Record | None] = ()
    code_news: list[CodeNews] = []
    tasks: list[OwedTask] = []

    @property
    def kind(self) -> Kind:
        """The whole in one verdict: INCONCLUSIVE when there was nothing to judge."""
        if not self.obligations and not self.findings:
            return "INCONCLUSIVE"
        hollow: list[Kind] = [] if self.messages else ["INCONCLUSIVE"]
        return worst(["PASS", *hollow, *(finding.kind for finding in self.findings)])

    def count(self) -> Counter[tuple[str, str, str, bool]]:
        """Count findings by kind, harm, owner and whether they could have been avoided."""
        return Counter((each.kind, each.harm, each.owner, each.avoidable) for each in self.findings)


def judge(
    order: Order,
    evidence: Iterable[Record],
    *,
    correlates: bool,
    carries_ids: bool = False,
    end: datetime,
    rules: Sequence[type[Rule]] = RULES,
) -> Judgement:
    """Judge a run.

    `correlates` says the portal names the event each message answers; without it every address
    must have one owner. `carries_ids` says it passes on the correlation id of a delivery. What is
    not due by `end` is left open. Findings are in the order of time. A FAIL that rests on no
    sentence of the order, the contract or the requirements is a REVIEW.
    """
    judging = Judging(order, correlates=correlates, carries_ids=carries_ids, rules=rules)
    for record in evidence:
        judging.hear(record)
    return judging.close(end)


class Judging:
    """A judgement under way: one case book, and the rules, of which some may be `shared`."""

    def __init__(
        self,
        order: Order,
        *,
        correlates: bool,
        carries_ids: bool = False,
        rules: Sequence[type[Rule]] = RULES,
        shared: Mapping[type[Rule], Rule] | None = None,
    ) -> None:
        known = shared or {}
        self._book = CaseBook(order, correlates, carries_ids)
        self._reader = EvidenceReader(self._book)
        self._rules = [known.get(rule) or rule(order) for rule in rules]
        self._hearing: dict[type, list[_Hear]] = {}
        self._found: list[tuple[Finding, Record | None]] = []
        self._readings = NamedReadings()

    def hear(self, record: Record) -> None:
        """Read one record, and ask each rule that hears it.

        Each finding is kept with the record in which it was found, unless it is of another time.
        """
        self._reader.read(record)
        self._readings.hear(record)
        kind = type(record)
        if kind not in self._hearing:
            self._hearing[kind] = [
                rule.hear for rule in self._rules if issubclass(kind, rule.hears)
            ]
        for hear in self._hearing[kind]:
            for finding in hear(record, self._book):
                self._keep(finding, record if finding.at == record.at else None)

    def next_turn(self, at: datetime) -> datetime | None:
        """Give the next time up to `at` at which somebody may be told who was not, or the reverse.

        The next record of the run draws what follows, whoever it is about.
        """
        return self._book.register.next_turn(at)

    def pass_by(self, record: Record) -> None:
        """Take what a record says that is about nobody in this case book: its time, its officer."""
        self._reader.pass_by(record)
        for rule in self._rules:
            if Recorded in rule.hears:
                for finding in rule.hear(record, self._book):
                    self._keep(finding, None)

    def close(self, end: datetime) -> Judgement:
        """Ask each rule what was due by the end and never came, and sum up."""
        book, found = self._book, self._found
        self._reader.end(end)
        for rule in self._rules:
            for finding in rule.close(book, end):
                self._keep(finding, None)
        found.sort(key=lambda each: each[0].at)
        return Judgement(
            findings=[resting_on_a_sentence(finding) for finding, _record in found],
            obligations=[each for each in book.ledger.opened if each.is_owed and not each.is_void],
            flags=book.flags.opened,
            messages=book.messages.sent,
            found_in=[record for _finding, record in found],
            code_news=list(code_news(book.ledger, end)),
            tasks=book.tasks.owed,
        )

    def _keep(self, finding: Finding, found_in: Record | None) -> None:
        self._found.append((self._readings.named(finding, self._book), found_in))
