"""Turn what was found on the portal's pages into results, one for each requirement of pages.

They are added to the scenarios, so every report shows them the same way.
"""

from collections.abc import Iterable, Sequence

from simulator.evidence.records import Record
from simulator.inputs.requirements import Requirement
from simulator.judge.accessibility import barriers, paths_met
from simulator.results.values import ScenarioResult
from simulator.verdicts import Kind

FEATURE = "Every page visited in a browser"
NOT_CHECKED_IN_BROWSER = "not checked in a browser: the target file names no selectors"
_SHOWN_MAX = 5


def results_of_pages(
    requirements: Iterable[Requirement], evidence: Sequence[Record], *, command: str
) -> list[ScenarioResult]:
    """Judge each requirement of pages by the pages that a run visited.

    `command` runs it again. If no page was visited, the verdict is SKIP.
    """
    found = barriers(evidence)
    unmet = "none was looked at for this" if paths_met(evidence) else "no page was visited"
    results = []
    for each in requirements:
        if not each.of_pages:
            continue
        met = paths_met(evidence, each.id)
        visited = f"Given the pages visited: {', '.join(met) or 'none'}"
        if each.phase > 1 and not met:
            # Of an earlier phase: there is no such page yet.
            continue
        wrong = [f"{one.path}: {one.what}" for one in found if one.requirement == each.id]
        verdict: Kind = "FAIL" if wrong else "PASS" if met else "SKIP"
        more = f"; and {len(wrong) - _SHOWN_MAX} more" if len(wrong) > _SHOWN_MAX else ""
        results.append(
            ScenarioResult(
                name=each.sentence.rstrip("."),
                feature=FEATURE,
                phase=each.phase,
                requirements=(each.id,),
                verdict=verdict,
                steps=(visited,),
                failed_step=visited if wrong else "",
                expected=each.sentence if wrong else "",
                observed="; ".join(wrong[:_SHOWN_MAX]) + more,
                reason="" if met else unmet,
                command=command,
            )
        )
    return results
