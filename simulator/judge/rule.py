"""What every rule of the judge is: asked about each record, and once more at the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from simulator.evidence.records import Record
from simulator.inputs.order import Order
from simulator.judge.case_book import CaseBook
from simulator.verdicts import Finding


@dataclass
class Rule:
    """One family of harm.

    `requirements` names every requirement its findings may cite, as in features/requirements.toml.
    """

    requirements: ClassVar[frozenset[str]] = frozenset()

    order: Order

    def hear(self, record: Record, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002
        """Find harm in one record; the book has this record and all before it."""
        return ()

    def close(self, book: CaseBook, end: datetime) -> Iterable[Finding]:  # noqa: ARG002
        """Find what was due by `end` and never came."""
        return ()
