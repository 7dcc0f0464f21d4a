"""Known gaps: what a portal does not do yet, with reasons. A run fails on anything else.

A known gap stays a FAIL of its requirement. Once it has closed, its entry must be removed, or it
would hide a new fault. A critical harm is never accepted as a known gap.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from msgspec import Meta, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.results.attribution import has_critical_harm
from simulator.results.values import AcceptanceResult, RequirementResult
from simulator.verdicts import Kind, worst

_FAILED = ("FAIL", "WARNING")


class KnownGap(Strict, frozen=True, kw_only=True):
    """One requirement that is known not to be met, why, and the last day it is accepted."""

    requirement: str
    reason: Annotated[str, Meta(min_length=1)]
    until: date


class _File(Strict, frozen=True, kw_only=True):
    gap: tuple[KnownGap, ...]


def read_known_gaps(path: Path, requirements: Sequence[str], *, today: date) -> list[KnownGap]:
    """Read the gaps; raises BadInput for one that is unknown, named twice or expired."""
    gaps = list(checked_toml.read(path, _File).gap)
    seen: set[str] = set()
    for each in gaps:
        if each.requirement not in requirements:
            raise BadInput(
                f"{path}: gap: there is no requirement {each.requirement!r}; "
                "see features/requirements.toml"
            )
        if each.requirement in seen:
            raise BadInput(f"{path}: gap: {each.requirement} is named twice; give one reason")
        if each.until < today:
            raise BadInput(
                f"{path}: gap: {each.requirement} was accepted until {each.until}; "
                "have it fixed, or agree another day"
            )
        seen.add(each.requirement)
    return gaps


def with_known_gaps(result: AcceptanceResult, gaps: Sequence[KnownGap]) -> AcceptanceResult:
    """Mark the requirements with known gaps, and judge the whole by the rest.

    With only known gaps, the whole is a WARNING, never a PASS.
    """
    by_id = {each.requirement: each for each in gaps}
    rows = [_row(each, by_id.get(each.id)) for each in result.requirements]
    # A requirement that was not judged says nothing about its gap: only a PASS closes it.
    met = {each.id for each in rows if each.verdict == "PASS"}
    closed = tuple(sorted(by_id.keys() & met))
    changed = structs.replace(result, requirements=rows, gaps_closed=closed)
    return structs.replace(changed, verdict=overall_verdict(changed))


def overall_verdict(result: AcceptanceResult) -> Kind:
    """Return the verdict on the whole: known gaps count as WARNING, and closed ones as FAIL."""
    kinds: list[Kind] = [
        "WARNING" if each.known_gap and each.verdict == "FAIL" else each.verdict
        for each in result.requirements
        if each.verdict != "OMIT"
    ]
    # What breaks no requirement of this suite is no known gap.
    kinds += [
        each.verdict
        for each in result.scenarios
        if not each.requirements and each.verdict in ("FAIL", "REVIEW")
    ]
    if result.gaps_closed or has_critical_harm(result.scenarios):
        kinds.append("FAIL")
    verdict = worst(kinds)
    could_not_judge: list[Kind] = [] if result.messages else ["INCONCLUSIVE"]
    if result.verdict in ("INCONCLUSIVE", "SKIP", "ERROR"):
        could_not_judge.append(result.verdict)
    if not result.only and any(each.is_unclaimed_must for each in result.requirements):
        could_not_judge.append("SKIP")
    return worst([verdict, *could_not_judge, *([result.window] if result.window else [])])


def _row(row: RequirementResult, gap: KnownGap | None) -> RequirementResult:
    if gap is None or row.verdict not in _FAILED:
        return row
    return structs.replace(row, known_gap=f"{gap.reason} (until {gap.until})")
