"""The table of proof: point, source, requirement, scenarios and broken portals, made from the data.

`python -m simulator.prove.proof_table` writes docs/victims_code_proof.md again.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from simulator.files.checked_toml import Strict, read
from simulator.files.paths import ROOT
from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.written_scenarios import FEATURES, read_written, requirements_in
from simulator.prove.run import read_broken_portals

POINTS = FEATURES / "proof_points.toml"
PAGE = ROOT / "docs" / "victims_code_proof.md"
_BROKEN_PAGES = ROOT / "fixtures" / "broken_pages"
_HEAD = (
    "# The Victims' Code, point by point: what proves it",
    "",
    "Made from features/requirements.toml, the tags of the scenarios and fixtures/broken_portals",
    "by `python -m simulator.prove.proof_table`; a test keeps it true. A requirement that only a",
    "page in a browser can break has broken pages (P) in place of broken portals (B).",
)


class Point(Strict, frozen=True, kw_only=True):
    """One point, and the requirements that it became; `also` is what else proves it."""

    number: int
    title: str
    requirements: tuple[str, ...]
    also: str = ""


class _File(Strict, frozen=True, kw_only=True):
    point: tuple[Point, ...]


def read_points(path: Path = POINTS) -> tuple[Point, ...]:
    """Read the points; raises BadInput naming the file and the field."""
    return read(path, _File).point


def proof_page(points: Iterable[Point]) -> str:
    """Write the page; raises KeyError for a requirement that does not exist."""
    return "\n".join([*_HEAD, *_lines(points)]) + "\n"


def scenarios_by_requirement() -> dict[str, list[str]]:
    """List the ids of the scenarios that prove each requirement."""
    found: dict[str, set[str]] = {}
    for each in read_written():
        for requirement in requirements_in(each.tags):
            found.setdefault(requirement, set()).add(each.id.partition(".")[0])
    return {requirement: sorted(ids) for requirement, ids in found.items()}


def broken_by_requirement() -> dict[str, list[str]]:
    """List the ids of the broken portals and pages that break each requirement."""
    found: dict[str, set[str]] = {}
    for each in (*read_broken_portals(), *read_broken_portals(_BROKEN_PAGES)):
        found.setdefault(each.requirement, set()).add(each.id)
    return {requirement: sorted(ids) for requirement, ids in found.items()}


def _lines(points: Iterable[Point]) -> Iterator[str]:
    requirements = {each.id: each for each in read_requirements()}
    scenarios, broken = scenarios_by_requirement(), broken_by_requirement()
    for point in points:
        yield from ("", f"## {point.number}. {point.title}", "")
        if point.requirements:
            yield "| Requirement | Source | Scenarios | Broken |"
            yield "|---|---|---|---|"
        for id in point.requirements:
            yield _row(requirements[id], scenarios.get(id, []), broken.get(id, []))
        if point.also:
            yield from (*([""] if point.requirements else []), point.also)


def _row(requirement: Requirement, scenarios: list[str], broken: list[str]) -> str:
    what = f"{requirement.id} ({requirement.level}): {requirement.sentence}"
    proved = ", ".join(scenarios) or ("pages in a browser" if requirement.of_pages else "a review")
    return f"| {what} | {requirement.source} | {proved} | {', '.join(broken) or 'none'} |"


if __name__ == "__main__":
    PAGE.write_text(proof_page(read_points()), encoding="utf-8")
