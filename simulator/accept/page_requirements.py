"""Rolls what was found on the pages into results, one for each requirement of pages.

They stand among the scenarios, so that every report tells of them the same way.
"""

from collections.abc import Iterable, Sequence

from simulator.evidence.records import Record
from simulator.inputs.requirements import Requirement
from simulator.judge.accessibility import barriers, paths_met
from simulator.results.values import ScenarioResult
from simulator.verdicts import Kind

FEATURE = "Every page that was met in a browser"
NOT_LOOKED_AT = "not looked at in a browser: the target file names no selectors"
_TOLD_MAX = 5


def page_results(
    requirements: Iterable[Requirement], evidence: Sequence[Record], *, command: str
) -> list[ScenarioResult]:
    """Judge each requirement of pages by the pages that a run met.

    `command` runs it again. Where no page was met nothing can be said.
    """
    found, met = barriers(evidence), paths_met(evidence)
    looked_at = f"Given the pages that were met: {', '.join(met) or 'none'}"
    results = []
    for each in requirements:
        if not each.of_pages:
            continue
        wrong = [f"{one.path}: {one.what}" for one in found if one.requirement == each.id]
        verdict: Kind = "FAIL" if wrong else "PASS" if met else "SKIP"
        more = f"; and {len(wrong) - _TOLD_MAX} more" if len(wrong) > _TOLD_MAX else ""
        results.append(
            ScenarioResult(
                name=each.sentence.rstrip("."),
                feature=FEATURE,
                phase=each.phase,
                requirements=(each.id,),
                verdict=verdict,
                steps=(looked_at,),
                failed_step=looked_at if wrong else "",
                expected=each.sentence if wrong else "",
                observed="; ".join(wrong[:_TOLD_MAX]) + more,
                reason="" if met else "no page was met",
                command=command,
            )
        )
    return results
