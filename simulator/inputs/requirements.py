"""The requirements: `features/requirements.toml`, read as data, with their coverage checked."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT
from simulator.verdicts import Harm

PATH = ROOT / "features" / "requirements.toml"


class Requirement(Strict, frozen=True, kw_only=True):
    """One sentence that a portal must meet.

    A requirement `of_pages` is judged by every page that a run opens in a browser. One with a
    `review` is judged by a person, as the review says. Neither has a scenario. A `could` is what a
    force may wish for: it is listed, and never lowers a verdict.
    """

    id: Annotated[str, Meta(pattern="^[A-Z][A-Z0-9]*-[0-9]{2}$")]
    sentence: str
    source: str
    basis: Literal["practice note", "Victims' Code", "law", "contract", "ours"]
    level: Literal["must", "should", "could"]
    phase: Annotated[int, Meta(ge=1, le=3)]
    harm: Harm
    not_tested: str = ""
    of_pages: bool = False
    review: str = ""
    before_phase: Annotated[int, Meta(ge=2, le=3)] | None = None


class _File(Strict, frozen=True, kw_only=True):
    requirement: tuple[Requirement, ...]


def read_requirements(path: Path = PATH) -> list[Requirement]:
    """Read every requirement, in the order of the file."""
    return list(checked_toml.read(path, _File).requirement)


def coverage_gaps(requirements: Iterable[Requirement], tags: Iterable[str]) -> list[str]:
    """List requirements without a scenario, and scenarios without a requirement."""
    known = {each.id: each for each in requirements}
    used = set(tags)
    gaps = [f"a scenario names {tag}, which is no requirement" for tag in sorted(used - set(known))]
    for each in known.values():
        reason = each.not_tested or each.of_pages or each.review
        if each.id not in used and not reason:
            gaps.append(f"{each.id} has no scenario and no reason why not")
        if each.id in used and reason:
            gaps.append(f"{each.id} has scenarios and a reason why it has none")
    return gaps
