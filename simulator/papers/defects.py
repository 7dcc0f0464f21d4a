"""The defects of a portal over all its runs: when found, whether open, retested and decided.

Failures with one fingerprint are one defect. A retest is worked out, never claimed: it passed if
every scenario that last showed the defect ran again later and passed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from simulator.clock import LONDON
from simulator.inputs.requirements import Requirement
from simulator.papers.register import Disposition, Register, Waiver
from simulator.papers.runs import Run
from simulator.report.causes import Cause, causes_of, explained_steps
from simulator.report.harms import OWNERS
from simulator.verdicts import HARMS, Harm, Kind

Severity: TypeAlias = Literal["critical", "high", "medium", "low"]
Retest: TypeAlias = Literal[
    "not retested",
    "passed",
    "failed",
    "came back",
    "partly passed",
    "fails in another way",
    "no longer required",
]

#: How bad each harm is to a victim, worst first.
SEVERITY: Mapping[Harm, Severity] = MappingProxyType(
    {
        "misdirected": "critical",
        "disclosed": "critical",
        "lost": "high",
        "duplicated": "medium",
        "late": "medium",
        "out of order": "medium",
        "noise": "low",
    }
)


_PASSED = ("PASS", "WARNING")


class Defect(Struct, frozen=True, kw_only=True):
    """One defect. `scenarios` are those that showed it in the last run with the defect."""

    id: str
    also: tuple[str, ...]
    harm: Harm
    kind: Kind
    avoidable: bool
    owner: str
    fault: str
    expected: str
    observed: str
    requirements: tuple[str, ...]
    scenarios: tuple[str, ...]
    found_build: str
    found_at: datetime
    seen_build: str
    seen_at: datetime
    is_open: bool
    retest: Retest
    retest_build: str
    retest_day: date | None
    disposition: str
    disposed_by: str
    reason: str
    waiver: Waiver | None
    waiver_holds: bool

    @property
    def severity(self) -> Severity:
        """The severity, which follows from the harm alone."""
        return SEVERITY[self.harm]

    @property
    def found_day(self) -> date:
        """The London day on which it was first found."""
        return self.found_at.astimezone(LONDON).date()

    @property
    def is_the_portals(self) -> bool:
        """Whether it counts against the portal: the portal caused it and could have avoided it."""
        return self.kind == "FAIL"


class _Seen(Struct, frozen=True, kw_only=True):
    """One defect in one run."""

    run: int
    causes: tuple[Cause, ...]
    scenarios: tuple[str, ...]
    requirements: frozenset[str]


def find_defects(
    runs: Sequence[Run],
    register: Register,
    requirements: Sequence[Requirement],
    *,
    today: date,
) -> list[Defect]:
    """Fold runs, oldest first, into defects: open before fixed, each worst first.

    The last run is the one reported on. A ban that holds only before this phase is no longer
    required.
    """
    harms = {each.id: each.harm for each in requirements}
    phase = runs[-1].result.phase
    over = {each.id for each in requirements if each.before_phase and phase >= each.before_phase}
    decided = {each.id: each for each in register.defect}
    waivers = {each.defect: each for each in register.waiver}
    seen: dict[str, list[_Seen]] = {}
    for number, run in enumerate(runs):
        for id, one in _seen_in(number, run, decided, harms).items():
            seen.setdefault(id, []).append(one)
    found = [
        _defect(id, sightings, runs, decided.get(id), waivers.get(id), today=today)
        for id, sightings in seen.items()
    ]
    found = [
        structs.replace(each, is_open=False, retest="no longer required")
        if over.issuperset(each.requirements)
        else each
        for each in found
    ]
    return sorted(found, key=lambda each: (not each.is_open, HARMS.index(each.harm), each.id))


def fingerprints(defects: Iterable[Defect]) -> set[str]:
    """List every fingerprint found, including those merged into another."""
    return {id for each in defects for id in (each.id, *each.also)}


def _seen_in(
    number: int, run: Run, decided: Mapping[str, Disposition], harms: Mapping[str, Harm]
) -> dict[str, _Seen]:
    """Gather the failures of a run by defect, as the report does.

    The register may say that several are one, and that a step is a defect of its own.
    """
    seen: dict[str, _Seen] = {}
    asked = {each.id for each in run.result.requirements if each.verdict != "OMIT"}
    of_scenarios = [(each, causes_of(each, harms, asked)) for each in run.result.scenarios]
    causes: dict[str, Cause] = {}
    shown: dict[str, set[int]] = {}
    for place, (_scenario, found_in) in enumerate(of_scenarios):
        for cause in found_in:
            causes.setdefault(cause.fingerprint, cause)
            shown.setdefault(cause.fingerprint, set()).add(place)
    because = explained_steps(causes, shown)
    for scenario, found_in in of_scenarios:
        for cause in found_in:
            id = cause.fingerprint
            id = id if id in decided else because.get(id, id)
            found = decided.get(id)
            id = found.same_as if found and found.same_as else id
            before = seen.get(id) or _Seen(
                run=number, causes=(), scenarios=(), requirements=frozenset()
            )
            seen[id] = structs.replace(
                before,
                causes=(*before.causes, cause),
                scenarios=(*before.scenarios, scenario.name),
                requirements=before.requirements | cause.requirements,
            )
    return seen


def _defect(
    id: str,
    sightings: Sequence[_Seen],
    runs: Sequence[Run],
    decided: Disposition | None,
    waiver: Waiver | None,
    *,
    today: date,
) -> Defect:
    first, last = sightings[0], sightings[-1]
    causes = [cause for each in sightings for cause in each.causes]
    # The harm of a failed step is guessed from its requirements.
    judged = [cause for cause in causes if not cause.is_of_step] or causes
    worst = min(judged, key=lambda each: (HARMS.index(each.harm), each.kind != "FAIL"))
    example = next((each for each in last.causes if each.fingerprint == id), last.causes[0])
    retest, retested_in = _retest(sightings, runs)
    return Defect(
        id=id,
        also=tuple(sorted({each.fingerprint for each in causes} - {id})),
        harm=worst.harm,
        kind="FAIL" if any(each.kind == "FAIL" for each in causes) else worst.kind,
        avoidable=any(each.avoidable for each in causes),
        owner=(decided.owner if decided else "") or OWNERS[worst.owner],
        fault=example.fault,
        expected=example.expected,
        observed=example.observed,
        requirements=tuple(sorted({id for each in sightings for id in each.requirements})),
        scenarios=tuple(dict.fromkeys(last.scenarios)),
        found_build=runs[first.run].build,
        found_at=runs[first.run].ended_at,
        seen_build=runs[last.run].build,
        seen_at=runs[last.run].ended_at,
        is_open=retest != "passed",
        retest=retest,
        retest_build=retested_in.build if retested_in else "",
        retest_day=retested_in.day if retested_in else None,
        disposition=decided.disposition if decided else "",
        disposed_by=decided.by if decided else "",
        reason=decided.reason if decided else "",
        waiver=waiver,
        waiver_holds=waiver is not None and today <= waiver.expires,
    )


def _retest(sightings: Sequence[_Seen], runs: Sequence[Run]) -> tuple[Retest, Run | None]:
    """Return the result of running the same scenarios again, and in which run.

    A scenario that failed in another way has not passed: a defect that changes is not fixed.
    """
    last = sightings[-1]
    showed = set(last.scenarios)
    again = [
        (run, kinds)
        for run in runs[last.run + 1 :]
        if (kinds := {name: kind for name, kind in _kinds(run).items() if name in showed})
    ]
    if not again:
        return _while_seen(sightings, runs)
    latest: dict[str, Kind] = {}
    left, fixed_in = set(showed), None
    for run, kinds in again:
        latest |= kinds
        left -= {name for name, kind in kinds.items() if kind in _PASSED}
        if fixed_in is None and not left:
            fixed_in = run
    if "FAIL" in latest.values():
        return "fails in another way", again[-1][0]
    if fixed_in is not None and all(kind in _PASSED for kind in latest.values()):
        return "passed", fixed_in
    return "partly passed", again[-1][0]


def _while_seen(sightings: Sequence[_Seen], runs: Sequence[Run]) -> tuple[Retest, Run | None]:
    """Return the retest of a defect that its last run still showed."""
    if len(sightings) == 1:
        return "not retested", None
    before, last = sightings[-2], sightings[-1]
    between = {
        name
        for run in runs[before.run + 1 : last.run]
        for name, kind in _kinds(run).items()
        if kind in _PASSED
    }
    return ("came back" if between.issuperset(before.scenarios) else "failed"), runs[last.run]


def _kinds(run: Run) -> dict[str, Kind]:
    return {each.name: each.verdict for each in run.result.scenarios}
