"""Manual reviews of what only a person can judge: who looked, when, at what, and the verdict.

If a reviews file is given, a requirement that needs a person is REVIEW until a named person has
reviewed it, with the SHA-256 of the evidence, or waived it. Without a reviews file it is OMIT, with
the reason. What only a vendor's driver has shown of a portal is reviewed as "DRIVER".
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.inputs.requirements import Requirement
from simulator.results.values import (
    AcceptanceResult,
    Attachment,
    RequirementResult,
    ReviewResult,
)
from simulator.verdicts import worst

#: What stands in place of a requirement's id where a person looked at a portal behind a driver.
DRIVER = "DRIVER"
_Words = Annotated[str, Meta(min_length=1)]


class Review(Strict, frozen=True, kw_only=True):
    """One person's review of a requirement; `evidence` has paths from the file's own folder.

    With "waived" a person goes on without it, or without several, also of those for a browser.
    """

    requirement: str | tuple[str, ...]
    verdict: Literal["PASS", "FAIL", "waived"]
    reviewer: _Words
    role: _Words
    on: date
    note: _Words
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict != "waived" and not self.evidence:
            raise ValueError("evidence is empty; name what was looked at")


class _File(Strict, frozen=True, kw_only=True):
    review: tuple[Review, ...]


def read_reviews(path: Path, requirements: Sequence[Requirement]) -> dict[str, ReviewResult]:
    """Read the reviews by requirement; raises BadInput naming field, value and fix."""
    for_people = {each.id for each in requirements if each.review} | {DRIVER}
    can_wait = {each.id for each in requirements if each.review or each.of_pages}
    found: dict[str, ReviewResult] = {}
    for each in checked_toml.read(path, _File).review:
        allowed = can_wait if each.verdict == "waived" else for_people
        ids = (each.requirement,) if isinstance(each.requirement, str) else each.requirement
        for id in ids:
            if id not in allowed:
                raise BadInput(
                    f"{path}: review: {id!r} is not a requirement for a person to judge; "
                    f"give one of {', '.join(sorted(allowed))}"
                )
            if id in found:
                raise BadInput(f"{path}: review: {id} is named twice; keep the latest")
            found[id] = ReviewResult(
                verdict="OMIT" if each.verdict == "waived" else each.verdict,
                reviewer=each.reviewer,
                role=each.role,
                on=each.on,
                note=each.note,
                evidence=tuple(_attached(path, name) for name in each.evidence),
            )
    return found


def with_reviews(
    result: AcceptanceResult, reviews: dict[str, ReviewResult], requirements: Sequence[Requirement]
) -> AcceptanceResult:
    """Give the requirements for people their review, or REVIEW if nobody has reviewed them.

    A `could` that nobody has reviewed stays as it is, and blocks nothing.
    """
    how = {each.id: each.review for each in requirements if each.review}
    rows = [
        row if row.phase > result.phase else _with_review(row, reviews.get(row.id), how)
        for row in result.requirements
    ]
    reviewed = [each.verdict for each in rows if each.id in how and each.verdict != "OMIT"]
    verdict = worst([result.verdict, *reviewed])
    return structs.replace(result, requirements=rows, verdict=verdict)


def _with_review(
    row: RequirementResult, review: ReviewResult | None, how: Mapping[str, str]
) -> RequirementResult:
    """Give a requirement its review. One that a run judged after all needs no waiver."""
    if review is not None and review.verdict == "OMIT":
        said = f"waived by {review.reviewer}, {review.role}: {review.note}"
        return structs.replace(row, reason=said, review=review) if row.awaits else row
    if row.id not in how or (review is None and row.level == "could"):
        return row
    if review is None:
        return structs.replace(row, verdict="REVIEW", reason=f"not reviewed yet: {how[row.id]}")
    return structs.replace(
        row, verdict=review.verdict, reason=review.note, review=review, awaits=""
    )


def _attached(path: Path, name: str) -> Attachment:
    file = path.parent / name
    try:
        return Attachment(name=name, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    except OSError as error:
        raise BadInput(
            f"{path}: review: evidence {name!r}: {error.strerror or error}; "
            f"give a path from {path.parent}"
        ) from None
