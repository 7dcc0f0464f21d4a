"""What a run found, as plain values: every table, report and machine-readable file comes from here.

Nothing here holds a wall time, a version or a path: one seed gives one result, byte for byte.
"""

from datetime import date, datetime

from msgspec import Struct

from simulator.judge.verdicts import Finding, Harm, Kind, Owner


class Parameter(Struct, frozen=True, kw_only=True):
    """One number a run was given, with where it is from: `source`, or `assumed` with a reason."""

    name: str
    value: float
    unit: str
    source: str = ""
    assumed: str = ""


class HarmCount(Struct, frozen=True, kw_only=True):
    """How often one kind of harm was found, and whose it was."""

    kind: Kind
    harm: Harm
    owner: Owner
    avoidable: bool
    count: int


class Period(Struct, frozen=True, kw_only=True):
    """One period of a rollout. `crimes`, `with_victim` and `eligible` are all of them.

    What stands from `followed` to the questions is of the crimes followed: of a live period the
    rehearsal's fraction of those `with_victim`, a person; of a test period the testers' own.
    `undeliverable` are messages; `not_reached` are people by why, without who was reached by then.
    `phase` is the one live or, in a test period, under test: 0 while it is built. Calls are at full
    volume, with the portal and without it on the same streams; shares are between 0 and 1.
    """

    name: str
    starts: date
    ends: date
    phase: int
    is_test: bool
    crimes: int
    with_victim: int
    eligible: int
    followed: int
    invited: int
    registered: int
    messages: dict[str, int]
    delivered: int
    undeliverable: int
    not_reached: dict[str, int]
    misdirected_avoidable: int
    misdirected_unavoidable: int
    questions_asked: int
    questions_answered: int
    answer_hours_median: float | None
    answer_hours_p90: float | None
    update_calls_without: int
    update_calls_with: int
    calls_101_without: int
    calls_101_with: int
    abandoned_101_without: float
    abandoned_101_with: float
    abandoned_999_without: float
    abandoned_999_with: float


class Week(Struct, frozen=True, kw_only=True):
    """Calls to 101 in one week, with the portal and without."""

    starts: date
    calls_101_without: int
    calls_101_with: int
    update_calls_without: int
    update_calls_with: int


class RehearsalResult(Struct, frozen=True, kw_only=True):
    """A whole rehearsal. `fraction` of the crimes with a person as victim went through the portal.

    `failures` are some of each sort, worst first; `harms` counts them all. `untried` is what nobody
    did though somebody should have: then the verdict is INCONCLUSIVE at best.
    """

    name: str
    seed: int
    fraction: float
    order: str
    portal: str
    verdict: Kind
    obligations: int
    periods: list[Period]
    weeks: list[Week]
    harms: list[HarmCount]
    failures: list[Finding]
    untried: list[str] = []
    parameters: list[Parameter]
    notes: list[str]


class ScenarioResult(Struct, frozen=True, kw_only=True):
    """One scenario of the features. `command` runs just this one."""

    name: str
    feature: str
    phase: int
    requirements: tuple[str, ...]
    verdict: Kind
    steps: tuple[str, ...] = ()
    failed_step: str = ""
    expected: str = ""
    observed: str = ""
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    command: str = ""


class RequirementResult(Struct, frozen=True, kw_only=True):
    """One requirement with the verdict of the scenarios that prove it."""

    id: str
    sentence: str
    source: str
    basis: str
    level: str
    phase: int
    verdict: Kind
    scenarios: tuple[str, ...]
    reason: str = ""


class AcceptanceResult(Struct, frozen=True, kw_only=True):
    """What the features say of one portal in one phase."""

    portal: str
    portal_version: str
    signatory: str
    phase: int
    order: str
    reached: str
    verdict: Kind
    messages: int
    requirements: list[RequirementResult]
    scenarios: list[ScenarioResult]
    judged_at: datetime | None = None


class ProofRow(Struct, frozen=True, kw_only=True):
    """One broken portal: what is wrong with it, what must catch it, and what did."""

    name: str
    wrong: str
    requirement: str
    must_be_caught_by: str
    caught: bool
    reason: str
    also_failed: tuple[str, ...]


class ProofResult(Struct, frozen=True, kw_only=True):
    """Every broken portal, and the reference, which nothing may catch."""

    verdict: Kind
    reference_verdict: Kind
    reference_failed: tuple[str, ...]
    rows: list[ProofRow]


class LoadResult(Struct, frozen=True, kw_only=True):
    """A burst: what was sent and judged, and how long it took from update to gateway.

    Times run from when the update was scheduled, not from when the sender got round to it.
    """

    name: str
    portal: str
    order: str
    verdict: Kind
    events_scheduled: int
    events_accepted: int
    messages: int
    obligations: int
    visits: int
    visits_failed: int
    update_to_message_p50_seconds: float | None
    update_to_message_p95_seconds: float | None
    update_to_message_p99_seconds: float | None
    update_to_message_max_seconds: float | None
    slo_update_to_message_p95_seconds: float | None
    harms: list[HarmCount]
    failures: list[Finding]
    seconds: float
