"""Compares a run with an earlier one of the same portal: what is new, mended and the same.

A defect is known by its fingerprint. It is mended only if every scenario that showed it passed now:
what only a made-up story showed is played again.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from msgspec import structs

from simulator.accept.edge_stories import FEATURE
from simulator.errors import BadInput
from simulator.explore.run import STORIES_FOLDER, replayed
from simulator.inputs.requirements import read_requirements
from simulator.report.causes import Cause, causes_of, explained_steps
from simulator.results.comparison import CHANGES, Change, Compared, Comparison
from simulator.results.renamed import with_names_of_today
from simulator.results.values import AcceptanceResult
from simulator.verdicts import Kind

_PASSED = ("PASS", "WARNING")


def read_earlier(file: Path, *, portal: str, phase: int) -> AcceptanceResult:
    """Read the result of an earlier run; raises BadInput unless it is of this portal and phase."""
    mend = "give an acceptance.json that accept wrote"
    try:
        earlier = msgspec.json.decode(file.read_bytes(), type=AcceptanceResult)
    except OSError as error:
        raise BadInput(f"--compare {file}: {error.strerror}; {mend}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(f"--compare {file}: not the result of a run; {mend}") from None
    if earlier.portal != portal:
        raise BadInput(
            f"--compare {file}: it is of {earlier.portal!r:.80}, and the target of {portal!r:.80}; "
            "give a run of the same portal"
        )
    if earlier.phase != phase:
        raise BadInput(
            f"--compare {file}: it is of phase {earlier.phase}; give a run of phase {phase}, or "
            f"--phase {earlier.phase}"
        )
    return with_names_of_today(earlier)


@dataclass(frozen=True)
class StoriesAgain:
    """The made-up stories that failed an earlier run, by name: copies, as this run writes its own.

    What it plays again it writes into `out`.
    """

    earlier: AcceptanceResult
    file: Path
    stories: Mapping[str, Path]
    target: Path
    out: Path

    @classmethod
    def of(cls, earlier: AcceptanceResult, file: Path, target: Path, out: Path) -> "StoriesAgain":
        """Find them beside the result of the earlier run."""
        stories = {}
        for scenario in earlier.scenarios:
            number = scenario.name.removeprefix("Story ").partition(":")[0]
            story = file.parent / STORIES_FOLDER / f"{number}.json"
            if scenario.feature == FEATURE and story.exists():
                stories[scenario.name] = out / "earlier" / story.name
                (out / "earlier").mkdir(exist_ok=True)
                shutil.copyfile(story, stories[scenario.name])
        return cls(earlier, file, stories, target, out)

    def beside(self, result: AcceptanceResult) -> AcceptanceResult:
        """Add to a result what became of the defects and requirements of the earlier run."""
        found = compared(result, self.earlier, file=self.file, again=self.verdict)
        return structs.replace(result, compared=found)

    def verdict(self, name: str) -> Kind:
        """Play one again, and judge it; SKIP if it is there no longer, or cannot be read."""
        try:
            return replayed(self.target, self.stories[name], out=self.out).verdict
        except (KeyError, BadInput):
            return "SKIP"


def compared(
    result: AcceptanceResult,
    earlier: AcceptanceResult,
    *,
    file: Path,
    again: Callable[[str], Kind] = lambda _name: "SKIP",
) -> Comparison:
    """Say what became of each defect and each failed requirement since an earlier run.

    `again` judges once more what an earlier run had and this one has not, by its name.
    """
    return Comparison(
        earlier=str(file),
        earlier_version=earlier.portal_version,
        earlier_judged_at=earlier.judged_at,
        defects=_defects(result, earlier, again),
        requirements=_requirements(result, earlier),
    )


def _defects(
    result: AcceptanceResult, earlier: AcceptanceResult, again: Callable[[str], Kind]
) -> tuple[Compared, ...]:
    now, before = _shown(result), _shown(earlier)
    verdicts = {each.name: each.verdict for each in result.scenarios}
    for name in result.twins.passed if result.twins else ():
        verdicts.setdefault(name, "PASS")
    found = []
    for id in {**now, **before}:
        cause, scenarios = now.get(id) or before[id]
        change: Change = "the same" if id in before else "new"
        if id not in now:
            left = (verdicts.get(name) or again(name) for name in scenarios)
            change = "mended" if all(kind in _PASSED for kind in left) else "not settled"
        found.append(
            Compared(change=change, id=id, expected=cause.expected, observed=cause.observed)
        )
    return _in_order(found)


def _shown(result: AcceptanceResult) -> dict[str, tuple[Cause, set[str]]]:
    """Give each defect of a run, by its fingerprint, with the scenarios that show it."""
    harms = {each.id: each.harm for each in read_requirements()}
    asked = [each.id for each in result.requirements if each.verdict != "OMIT"]
    shown: dict[str, tuple[Cause, set[str]]] = {}
    for scenario in result.scenarios:
        if scenario.verdict in _PASSED:
            # Nothing in it fails the portal: contact data are wrong, or the force's own slip.
            continue
        for cause in causes_of(scenario, harms, asked):
            shown.setdefault(cause.fingerprint, (cause, set()))[1].add(scenario.name)
    causes = {id: cause for id, (cause, _names) in shown.items()}
    because = explained_steps(causes, {id: names for id, (_cause, names) in shown.items()})
    return {id: one for id, one in shown.items() if id not in because}


def _requirements(result: AcceptanceResult, earlier: AcceptanceResult) -> tuple[Compared, ...]:
    failed = {each.id: each for each in earlier.requirements if each.verdict == "FAIL"}
    now = {each.id: each for each in result.requirements}
    found = []
    for id, each in {**failed, **now}.items():
        verdict = now[id].verdict if id in now else "SKIP"
        if verdict != "FAIL" and id not in failed:
            continue
        change: Change = "the same" if id in failed else "new"
        if verdict != "FAIL":
            change = "mended" if verdict in _PASSED else "not settled"
        found.append(Compared(change=change, id=id, expected=each.sentence))
    return _in_order(found)


def _in_order(found: list[Compared]) -> tuple[Compared, ...]:
    return tuple(sorted(found, key=lambda each: (CHANGES.index(each.change), each.id)))
