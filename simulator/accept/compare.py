"""Compares a run with an earlier one of the same portal: what is new, mended and the same.

A defect is known by its fingerprint. It is mended only if every scenario that showed it passed now.
"""

from pathlib import Path

import msgspec

from simulator.errors import BadInput
from simulator.inputs.requirements import read_requirements
from simulator.report.causes import Cause, causes_of, explained_steps
from simulator.results.comparison import CHANGES, Change, Compared, Comparison
from simulator.results.renamed import with_names_of_today
from simulator.results.values import AcceptanceResult

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


def compared(result: AcceptanceResult, earlier: AcceptanceResult, *, file: Path) -> Comparison:
    """Say what became of each defect and each failed requirement since an earlier run."""
    return Comparison(
        earlier=str(file),
        earlier_version=earlier.portal_version,
        earlier_judged_at=earlier.judged_at,
        defects=_defects(result, earlier),
        requirements=_requirements(result, earlier),
    )


def _defects(result: AcceptanceResult, earlier: AcceptanceResult) -> tuple[Compared, ...]:
    now, before = _shown(result), _shown(earlier)
    passed = {each.name for each in result.scenarios if each.verdict in _PASSED}
    found = []
    for id in {**now, **before}:
        cause, scenarios = now.get(id) or before[id]
        change: Change = "the same" if id in before else "new"
        if id not in now:
            change = "mended" if scenarios <= passed else "not settled"
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
