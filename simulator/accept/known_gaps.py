"""What a portal is known not to do yet, with reasons: a run fails on anything else.

A gap that is known stays a FAIL of its requirement. Once it no longer is one, the entry must go:
else the next time it would hide a new fault. Nobody puts up with a portal that tells somebody else,
or too much.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

from msgspec import Meta, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.results.blame import did_what_cannot_be_undone
from simulator.results.values import AcceptanceResult, RequirementResult
from simulator.verdicts import Kind, worst

_FAILED = ("FAIL", "WARNING")


class KnownGap(Strict, frozen=True, kw_only=True):
    """One requirement that is known not to be met, why, and until when that is put up with."""

    requirement: str
    reason: Annotated[str, Meta(min_length=1)]
    until: date


class _File(Strict, frozen=True, kw_only=True):
    gap: tuple[KnownGap, ...]


def read_known_gaps(path: Path, requirements: Sequence[str], *, today: date) -> list[KnownGap]:
    """Read the gaps; raises BadInput for an unknown requirement, one named twice, one run out."""
    gaps = list(checked_toml.read(path, _File).gap)
    seen: set[str] = set()
    for each in gaps:
        if each.requirement not in requirements:
            raise BadInput(
                f"{path}: gap: requirement is {each.requirement!r}, which there is not; "
                "see features/requirements.toml"
            )
        if each.requirement in seen:
            raise BadInput(f"{path}: gap: {each.requirement} is named twice; give one reason")
        if each.until < today:
            raise BadInput(
                f"{path}: gap: {each.requirement} was put up with until {each.until}; "
                "have it mended, or agree another day"
            )
        seen.add(each.requirement)
    return gaps


def with_known_gaps(result: AcceptanceResult, gaps: Sequence[KnownGap]) -> AcceptanceResult:
    """Say of each requirement whether its gap is known, and judge the whole by the rest.

    With known gaps alone the whole is a WARNING, never a PASS.
    """
    by_id = {each.requirement: each for each in gaps}
    rows = [_row(each, by_id.get(each.id)) for each in result.requirements]
    # What was not judged here says nothing of a gap: only what is met now closes it.
    met = {each.id for each in rows if each.verdict == "PASS"}
    closed = tuple(sorted(by_id.keys() & met))
    changed = structs.replace(result, requirements=rows, gaps_closed=closed)
    return structs.replace(changed, verdict=whole(changed))


def whole(result: AcceptanceResult) -> Kind:
    """Judge the whole by its requirements, with known gaps put up with and none that is closed."""
    kinds: list[Kind] = [
        "WARNING" if each.known_gap and each.verdict == "FAIL" else each.verdict
        for each in result.requirements
        if each.verdict != "OMIT"
    ]
    if result.gaps_closed or did_what_cannot_be_undone(result.scenarios):
        kinds.append("FAIL")
    verdict = worst(kinds)
    could_not_judge: list[Kind] = [] if result.messages else ["INCONCLUSIVE"]
    if result.verdict in ("INCONCLUSIVE", "SKIP", "ERROR"):
        could_not_judge.append(result.verdict)
    return worst([verdict, *could_not_judge, *([result.window] if result.window else [])])


def _row(row: RequirementResult, gap: KnownGap | None) -> RequirementResult:
    if gap is None or row.verdict not in _FAILED:
        return row
    return structs.replace(row, known_gap=f"{gap.reason} (until {gap.until})")
