"""The failures of an acceptance by defect: one cause is told once, however many scenarios show it.

What could not be judged, or waits for a person, is grouped by its reason. Terminal and page begin
with these groups; the page has every scenario below them.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from simulator.inputs.requirements import read_requirements
from simulator.report.causes import Cause, causes_of, explained_steps, generalised
from simulator.report.shortfalls import NOT_IN_A_QUICK_LOOK, NotTested, Shortfall
from simulator.results.values import FOR_A_PERSON, AcceptanceResult
from simulator.verdicts import HARMS, KINDS, Harm, Kind

#: A few scenarios may show a defect without a finding of the judge, which alone can be explained.
_EXPLAINED_SHARE_MIN = 0.8
#: What begins so is one reason, whatever else each says.
_ONE_REASON = (FOR_A_PERSON, NOT_IN_A_QUICK_LOOK)


class FoundDefect(Struct, frozen=True, kw_only=True):
    """One defect: its cause, and the scenarios that show it. `number` is its place, from 1.

    `steps` are steps that fail only in scenarios that show the defect, so it may be why: what each
    expected and observed, and in how many scenarios.
    """

    number: int
    cause: Cause
    shown_by: tuple[Shortfall, ...]
    steps: tuple[tuple[Cause, int], ...] = ()

    @property
    def example(self) -> Shortfall:
        """The scenario that reports show in full: one that fails of this cause alone, if any."""
        return self.shown_by[0]

    @property
    def also(self) -> tuple[Shortfall, ...]:
        """The other scenarios that show it."""
        return self.shown_by[1:]


class Unsettled(Struct, frozen=True, kw_only=True):
    """Scenarios without a defect that share a verdict and a reason: what a person must look at."""

    verdict: Kind
    reason: str
    scenarios: tuple[Shortfall, ...]


class LeftUntested(Struct, frozen=True, kw_only=True):
    """Scenarios and requirements that were not tested for one reason."""

    verdict: Kind
    reason: str
    blocks: bool
    count: int
    requirements: tuple[str, ...]


def found_defects(result: AcceptanceResult, found: Sequence[Shortfall]) -> list[FoundDefect]:
    """Group what went wrong by its cause: the portal's first, worst first, most often shown first.

    `found` are the shortfalls of the result.
    """
    harms: Mapping[str, Harm] = {each.id: each.harm for each in read_requirements()}
    asked = [each.id for each in result.requirements if each.verdict != "OMIT"]
    causes: dict[str, Cause] = {}
    shown: dict[str, list[tuple[int, Shortfall]]] = {}
    for short in found:
        of_scenario = causes_of(short.scenario, harms, asked)
        for cause in of_scenario:
            causes.setdefault(cause.fingerprint, cause)
            shown.setdefault(cause.fingerprint, []).append((len(of_scenario), short))
    because = explained_steps(
        causes, {each: {short.number for _, short in group} for each, group in shown.items()}
    )
    ordered = sorted(
        (each for each in causes if each not in because),
        key=lambda each: (*_rank(causes[each]), -len(shown[each])),
    )
    return [
        FoundDefect(
            number=number,
            cause=causes[each],
            shown_by=tuple(short for _, short in sorted(shown[each], key=_plainest)),
            steps=tuple(
                (causes[e], len(shown[e])) for e, defect in because.items() if defect == each
            ),
        )
        for number, each in enumerate(ordered, start=1)
    ]


def apart_by_phase(
    result: AcceptanceResult, defects: Sequence[FoundDefect]
) -> tuple[list[FoundDefect], list[FoundDefect]]:
    """Part the defects: those to look into, and those that another phase of the portal explains.

    The second are shown almost only by scenarios in which nothing is wrong if that phase is live.
    """
    explained = set(result.seems_in.explained) if result.seems_in is not None else set()

    def is_explained(defect: FoundDefect) -> bool:
        if defect.cause.kind != "FAIL":
            return False
        of_it = sum(each.scenario.name in explained for each in defect.shown_by)
        return of_it >= _EXPLAINED_SHARE_MIN * len(defect.shown_by)

    if not explained:
        return list(defects), []
    others = [each for each in defects if not is_explained(each)]
    return others, [each for each in defects if is_explained(each)]


def unsettled(found: Iterable[Shortfall], defects: Iterable[FoundDefect]) -> list[Unsettled]:
    """Group what did not pass and shows no defect, worst verdict first."""
    told = {short.number for each in defects for short in each.shown_by}
    groups: dict[tuple[Kind, str], list[Shortfall]] = {}
    for short in found:
        if short.number not in told:
            why = short.scenario.reason or short.scenario.observed or short.scenario.failed_step
            groups.setdefault((short.scenario.verdict, generalised(why)), []).append(short)
    ordered = sorted(groups.items(), key=lambda each: KINDS.index(each[0][0]))
    return [
        Unsettled(verdict=verdict, reason=_reason(group), scenarios=tuple(group))
        for (verdict, _), group in ordered
    ]


def by_reason(rows: Iterable[NotTested]) -> list[LeftUntested]:
    """Group what was not tested by its reason: what blocks a pass first."""
    groups: dict[tuple[bool, Kind, str], list[NotTested]] = {}
    for each in rows:
        why = next((e for e in _ONE_REASON if each.reason.startswith(e)), each.reason)
        groups.setdefault((not each.blocks, each.verdict, why), []).append(each)
    return [
        LeftUntested(
            verdict=verdict,
            reason=reason if len(group) > 1 else group[0].reason,
            blocks=not is_let_pass,
            count=sum(each.count for each in group),
            requirements=tuple(sorted({id for each in group for id in each.requirements})),
        )
        for (is_let_pass, verdict, reason), group in sorted(
            groups.items(), key=lambda each: each[0][0]
        )
    ]


def _rank(cause: Cause) -> tuple[bool, int, int]:
    return cause.owner != "portal", KINDS.index(cause.kind), HARMS.index(cause.harm)


def _plainest(shown: tuple[int, Shortfall]) -> tuple[int, int, int]:
    """Sort the scenario first that shows least besides, and has the shortest timeline."""
    causes, short = shown
    return causes, len(short.scenario.timeline), short.number


def _reason(group: Sequence[Shortfall]) -> str:
    first = group[0].scenario
    return first.reason or first.observed or first.failed_step
