"""What every rule of the judge is: asked about the records it hears, and once more at the end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from simulator.evidence.records import Recorded
from simulator.inputs.order import Order
from simulator.judge.case_book import CaseBook
from simulator.verdicts import Finding


@dataclass
class Rule:
    """One family of harm.

    `requirements` names every requirement its findings may cite, as in features/requirements.toml.
    `hears` names the types of record it is asked about: `Recorded` stands for all of them. One that
    `compares_people` may find harm only in what several were sent or shown: where a run is judged
    by parts it hears them all, is asked at the end of each, and then forgets what it heard of it.
    """

    requirements: ClassVar[frozenset[str]] = frozenset()
    hears: ClassVar[tuple[type[Recorded], ...]] = ()
    compares_people: ClassVar[bool] = False

    order: Order

    def hear(self, record: Any, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002
        """Find harm in one record of a type in `hears`; the book has it and all before it."""
        return ()

    def close(self, book: CaseBook, end: datetime) -> Iterable[Finding]:  # noqa: ARG002
        """Find what was due by `end` and never came."""
        return ()
