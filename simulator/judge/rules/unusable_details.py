"""Victims who cannot be reached: the force is asked to look at their details."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.judge.case_book import CaseBook
from simulator.judge.facts.detail_flags import Flag
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class UnusableDetails(Rule):
    """Judges at the end every look at a victim's details that was owed."""

    requirements = frozenset({"DATA-01", "DATA-03"})

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find victims who were silently lost."""
        for flag in book.flags.opened:
            if flag.raised_at is None and flag.due_at <= end and not _is_excluded(flag, book):
                cited = "DATA-03" if "not arrive" in flag.reason else "DATA-01"
                expected = f"a task for the officer, or a message that arrives ({flag.reason})"
                observed = "neither: the victim is silently lost"
                yield failure("lost", cited, flag, expected, observed, at=flag.due_at)


def _is_excluded(flag: Flag, book: CaseBook) -> bool:
    crime = book.register.crimes.get(book.register.current(flag.crime_reference))
    victim = crime.victims.get(flag.person_id) if crime is not None else None
    return victim is not None and bool(victim.exclusion)
