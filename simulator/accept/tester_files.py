"""The files that a tester may add to an acceptance: known gaps, contract clauses and reviews.

They are read before anything runs, and applied to its result.
"""

from datetime import date
from pathlib import Path

from msgspec import Struct, structs

from simulator.accept.contract_map import ClauseMapping, read_contract_map, with_clauses
from simulator.accept.known_gaps import KnownGap, overall_verdict, read_known_gaps, with_known_gaps
from simulator.accept.manual_reviews import DRIVER, read_reviews, with_reviews
from simulator.inputs.requirements import Requirement
from simulator.results.values import AcceptanceResult, RequirementResult, ReviewResult
from simulator.verdicts import worst


class SuppliedFiles(Struct, frozen=True, kw_only=True):
    """The contents of the files; None for a file that was not given."""

    requirements: tuple[Requirement, ...]
    gaps: tuple[KnownGap, ...] | None
    clauses: tuple[ClauseMapping, ...] | None
    reviews: dict[str, ReviewResult] | None

    @property
    def driver_review(self) -> ReviewResult | None:
        """A person's review of a portal that only its driver has seen."""
        return (self.reviews or {}).get(DRIVER)

    def apply(self, result: AcceptanceResult) -> AcceptanceResult:
        """Return the result with the reviews, the known gaps and the clauses."""
        if self.reviews is not None:
            result = with_reviews(result, self.reviews, self.requirements)
        if self.gaps is not None:
            result = with_known_gaps(result, self.gaps)
        if self.clauses is not None:
            result = with_clauses(result, self.clauses)
        return result


def with_stored_decisions(again: AcceptanceResult, stored: AcceptanceResult) -> AcceptanceResult:
    """Add people's decisions from a stored result to one that was worked out again.

    Reviews, known gaps, test weeks and strictness are taken from the stored result: the signatory
    answers for them.
    """
    decided = {each.id: each for each in stored.requirements}
    rows = [_with_decision(row, decided.get(row.id, row)) for row in again.requirements]
    changed = structs.replace(
        again,
        requirements=rows,
        seed=stored.seed,
        window=stored.window,
        is_strict=stored.is_strict,
        gaps_closed=stored.gaps_closed,
    )
    has_decisions = rows != again.requirements or stored.gaps_closed or stored.window
    verdict = overall_verdict(changed) if has_decisions else changed.verdict
    if changed.is_strict and changed.waiting:
        verdict = worst([verdict, "REVIEW"])
    return structs.replace(changed, verdict=verdict)


def _with_decision(row: RequirementResult, stored: RequirementResult) -> RequirementResult:
    verdict, reason = row.verdict, row.reason
    if stored.review is not None:
        verdict = stored.review.verdict
        reason = stored.reason if stored.is_waived else stored.review.note
    elif stored.verdict == "REVIEW" and row.verdict == "OMIT":
        verdict, reason = stored.verdict, stored.reason
    return structs.replace(
        row,
        verdict=verdict,
        reason=reason,
        review=stored.review,
        awaits=row.awaits if stored.review is None or stored.is_waived else "",
        clauses=stored.clauses,
        known_gap=stored.known_gap,
    )


def read_tester_files(
    requirements: list[Requirement],
    *,
    expected: Path | None,
    contract: Path | None,
    reviews: Path | None,
    today: date,
) -> SuppliedFiles:
    """Read the files given; raises BadInput naming file, field or line, and the fix."""
    ids = [each.id for each in requirements]
    return SuppliedFiles(
        requirements=tuple(requirements),
        gaps=tuple(read_known_gaps(expected, ids, today=today)) if expected else None,
        clauses=tuple(read_contract_map(contract, ids)) if contract else None,
        reviews=read_reviews(reviews, requirements) if reviews else None,
    )
