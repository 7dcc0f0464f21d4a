"""Whether a portal that fails seems to be in another phase than the run.

A portal with the order's own go-live days passes the next one in the middle of a run that stays in
a phase. From then on it bundles news and sends advice, and most scenarios fail of that one cause.
So the evidence is judged once more, as if the later phase were live: it allows what either phase
does. Where that leaves nothing of most failures, the report begins with it.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

from msgspec import structs

from simulator.accept.days_put_off import go_live_day
from simulator.evidence.records import Record
from simulator.explore.seeming_order import EXPLAINED_MIN, EXPLAINED_SHARE_MIN
from simulator.files.paths import ROOT
from simulator.inputs.order import GoLive, Order, read_order
from simulator.inputs.target import Target
from simulator.judge.judged_again import judged_again, read_in_order
from simulator.results.values import ScenarioResult, SeemingPhase

_LAST_PHASE = 3
#: A later phase sends what an earlier one does not: a slow portal is only late.
_SENT_TOO_MUCH = ("noise", "duplicated")


def seeming_phase(
    target: Target, scenarios: Sequence[ScenarioResult], *, phase: int, out: Path
) -> SeemingPhase | None:
    """Find the later phase that explains most of a run's failures; None if none does."""
    evidence = out / "evidence.ndjson"
    if not evidence.exists() or len(_failed(scenarios)) < EXPLAINED_MIN:
        return None
    return phase_that_explains(
        read_order(ROOT / target.order),
        scenarios,
        read_in_order(evidence),
        phase=phase,
        capabilities=target.claims.capabilities,
    )


def phase_that_explains(
    order: Order,
    scenarios: Sequence[ScenarioResult],
    records: Sequence[Record],
    *,
    phase: int,
    capabilities: Collection[str],
) -> SeemingPhase | None:
    """Judge a run again as if each later phase were live; give the first that explains it."""
    failed = _failed(scenarios)
    judged = {name for name, each in failed.items() if any(f.kind == "FAIL" for f in each.findings)}
    for other in range(phase + 1, _LAST_PHASE + 1):
        again = judged_again(
            records,
            _as_if_in(order, phase, other),
            correlates="correlates" in capabilities,
            carries_ids="carries_correlation_id" in capabilities,
        )
        explained = {
            name
            for name in judged & again.keys()
            if not any(each.kind == "FAIL" for each in again[name].findings)
        }
        if _is_of_the_phase(explained, failed) and (
            len(explained) >= max(EXPLAINED_MIN, EXPLAINED_SHARE_MIN * len(judged))
        ):
            return SeemingPhase(
                phase=other,
                explained=tuple(sorted(explained)),
                failed=len(failed),
                live_in_run=go_live_day(order.staying_in(phase), other),
                live_by_order=go_live_day(order, other),
            )
    return None


def _failed(scenarios: Sequence[ScenarioResult]) -> dict[str, ScenarioResult]:
    return {each.name: each for each in scenarios if each.verdict == "FAIL"}


def _is_of_the_phase(explained: Collection[str], failed: dict[str, ScenarioResult]) -> bool:
    """Say whether more was sent than the run's phase has, and not only later."""
    return any(
        each.kind == "FAIL" and each.harm in _SENT_TOO_MUCH
        for name in explained
        for each in failed[name].findings
    )


def _as_if_in(order: Order, phase: int, other: int) -> Order:
    """Give the order with the phases after the run's live on the days after it, up to `other`."""
    days = structs.asdict(order.go_live)
    begins = days[f"phase_{phase}"]
    for each in range(phase + 1, other + 1):
        days[f"phase_{each}"] = begins + timedelta(days=each - phase)
    for each in range(other + 1, _LAST_PHASE + 1):
        days[f"phase_{each}"] += timedelta(days=3650)
    return structs.replace(order, go_live=GoLive(**days))
