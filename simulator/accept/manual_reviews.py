"""Manual reviews of what only a person can judge: who looked, when, at what, and the verdict.

If a reviews file is given, a requirement that needs a person is REVIEW until a named person has
reviewed it, with the SHA-256 of the evidence. Without a reviews file it is OMIT, with the reason.
What only a vendor's driver has shown of a portal is reviewed as "DRIVER".
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.inputs.requirements import Requirement
from simulator.results.values import AcceptanceResult, Attachment, ReviewResult
from simulator.verdicts import worst

#: What stands in place of a requirement's id where a person looked at a portal behind a driver.
DRIVER = "DRIVER"
_Words = Annotated[str, Meta(min_length=1)]


class Review(Strict, frozen=True, kw_only=True):
    """One person's review of one requirement. `evidence` has paths from the file's own folder."""

    requirement: str
    verdict: Literal["PASS", "FAIL"]
    reviewer: _Words
    role: _Words
    on: date
    note: _Words
    evidence: Annotated[tuple[str, ...], Meta(min_length=1)]


class _File(Strict, frozen=True, kw_only=True):
    review: tuple[Review, ...]


def read_reviews(path: Path, requirements: Sequence[Requirement]) -> dict[str, ReviewResult]:
    """Read the reviews by requirement; raises BadInput naming field, value and fix."""
    for_people = {each.id for each in requirements if each.review} | {DRIVER}
    found: dict[str, ReviewResult] = {}
    for each in checked_toml.read(path, _File).review:
        if each.requirement not in for_people:
            raise BadInput(
                f"{path}: review: {each.requirement!r} is not a requirement for a person to judge; "
                f"give one of {', '.join(sorted(for_people))}"
            )
        if each.requirement in found:
            raise BadInput(f"{path}: review: {each.requirement} is named twice; keep the latest")
        found[each.requirement] = ReviewResult(
            verdict=each.verdict,
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
    rows = []
    for row in result.requirements:
        review = reviews.get(row.id)
        is_left = review is None and row.level == "could"
        if row.id not in how or row.phase > result.phase or is_left:
            rows.append(row)
            continue
        rows.append(
            structs.replace(row, verdict="REVIEW", reason=f"not reviewed yet: {how[row.id]}")
            if review is None
            else structs.replace(
                row, verdict=review.verdict, reason=review.note, review=review, awaits=""
            )
        )
    reviewed = [each.verdict for each in rows if each.id in how and each.verdict != "OMIT"]
    verdict = worst([result.verdict, *reviewed])
    return structs.replace(result, requirements=rows, verdict=verdict)


def _attached(path: Path, name: str) -> Attachment:
    file = path.parent / name
    try:
        return Attachment(name=name, sha256=hashlib.sha256(file.read_bytes()).hexdigest())
    except OSError as error:
        raise BadInput(
            f"{path}: review: evidence {name!r}: {error.strerror or error}; "
            f"give a path from {path.parent}"
        ) from None
