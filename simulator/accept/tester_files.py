"""The files a tester may lay beside an acceptance: known gaps, the contract's clauses, reviews.

They are read before anything runs, and applied to what came of it.
"""

from datetime import date
from pathlib import Path

from msgspec import Struct, structs

from simulator.accept.contract_map import Mapped, read_contract_map, with_clauses
from simulator.accept.known_gaps import KnownGap, read_known_gaps, whole, with_known_gaps
from simulator.accept.manual_reviews import read_reviews, with_reviews
from simulator.inputs.requirements import Requirement
from simulator.results.values import AcceptanceResult, RequirementResult, Reviewed
from simulator.verdicts import Kind


class BesideIt(Struct, frozen=True, kw_only=True):
    """What was laid beside a run; None where nothing was."""

    requirements: tuple[Requirement, ...]
    gaps: tuple[KnownGap, ...] | None
    clauses: tuple[Mapped, ...] | None
    reviews: dict[str, Reviewed] | None

    def applied_to(self, result: AcceptanceResult) -> AcceptanceResult:
        """Give the result with what people said, which gaps were known, and the clauses."""
        if self.reviews is not None:
            result = with_reviews(result, self.reviews, self.requirements)
        if self.gaps is not None:
            result = with_known_gaps(result, self.gaps)
        if self.clauses is not None:
            result = with_clauses(result, self.clauses)
        return result


def laid_beside(again: AcceptanceResult, stored: AcceptanceResult) -> AcceptanceResult:
    """Lay beside a result that was worked out again what stands beside the one that is stored.

    Reviews, known gaps and the test weeks are taken as they are stored: whoever signs answers for
    them.
    """
    said = {each.id: each for each in stored.requirements}
    rows = [_as_said(row, said.get(row.id, row)) for row in again.requirements]
    changed = structs.replace(
        again,
        requirements=rows,
        seed=stored.seed,
        window=stored.window,
        gaps_closed=stored.gaps_closed,
    )
    is_beside = rows != again.requirements or stored.gaps_closed or stored.window
    return structs.replace(changed, verdict=whole(changed)) if is_beside else changed


def _as_said(row: RequirementResult, beside: RequirementResult) -> RequirementResult:
    if beside.review is not None:
        verdict: Kind = beside.review.verdict
        reason = beside.review.note
    elif beside.verdict == "REVIEW" and row.verdict == "OMIT":
        verdict, reason = beside.verdict, beside.reason
    else:
        verdict, reason = row.verdict, row.reason
    return structs.replace(
        row,
        verdict=verdict,
        reason=reason,
        review=beside.review,
        awaits=beside.awaits if beside.review is None else "",
        clauses=beside.clauses,
        known_gap=beside.known_gap,
    )


def read_beside(
    requirements: list[Requirement],
    *,
    expected: Path | None,
    contract: Path | None,
    reviews: Path | None,
    today: date,
) -> BesideIt:
    """Read the files there are; raises BadInput naming file, field or line, and the mend."""
    ids = [each.id for each in requirements]
    return BesideIt(
        requirements=tuple(requirements),
        gaps=tuple(read_known_gaps(expected, ids, today=today)) if expected else None,
        clauses=tuple(read_contract_map(contract, ids)) if contract else None,
        reviews=read_reviews(reviews, requirements) if reviews else None,
    )
