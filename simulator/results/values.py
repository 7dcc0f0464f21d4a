"""What a run found, as plain values: every table, report and machine-readable file comes from here.

Nothing here holds a wall time, a version or a path: one seed gives one result, byte for byte.
"""

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.verdicts import Finding, Harm, Kind, Owner

#: Who has not looked at a requirement yet though this phase asks for it, or that nobody claims it.
Awaits: TypeAlias = Literal["", "a person", "a browser", "a claim"]


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
    misdirected_people: int
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
    """One scenario of the features. `command` runs just this one.

    `timeline` tells what passed, of one that did not pass. `id` is permanent, whatever it is called
    later: "" for what is no scenario, as a page, and in results of before there were ids.
    """

    id: str = ""
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
    timeline: tuple[str, ...] = ()
    command: str = ""

    @property
    def label(self) -> str:
        """Its name, with the id before it."""
        return f"{self.id} {self.name}".strip()


class Clause(Struct, frozen=True, kw_only=True):
    """A clause of the force's own contract, with the priority it has there."""

    id: str
    priority: str


class Attached(Struct, frozen=True, kw_only=True):
    """A file that somebody looked at, and which one it was."""

    name: str
    sha256: str


class Reviewed(Struct, frozen=True, kw_only=True):
    """What a named person says of a requirement that only a person can judge."""

    verdict: Kind
    reviewer: str
    role: str
    on: date
    note: str
    evidence: tuple[Attached, ...]


class RequirementResult(Struct, frozen=True, kw_only=True):
    """One requirement with the verdict of the scenarios that prove it, or of who looked.

    `known_gap` is why a failure is put up with; the verdict is a failure all the same. `awaits` is
    who or what has not looked at it yet, though this phase asks for it, or that the portal does not
    claim what it needs.
    """

    id: str
    sentence: str
    source: str
    basis: str
    level: str
    phase: int
    verdict: Kind
    scenarios: tuple[str, ...]
    reason: str = ""
    clauses: tuple[Clause, ...] = ()
    known_gap: str = ""
    awaits: Awaits = ""
    review: Reviewed | None = None


class LeftOut(Struct, frozen=True, kw_only=True):
    """Scenarios of one feature that a quick look passes over, with what they would prove."""

    feature: str
    scenarios: tuple[str, ...]
    requirements: tuple[str, ...]


class RestsOn(Struct, frozen=True, kw_only=True):
    """The SHA-256 of what a run was judged by."""

    evidence_sha256: str
    order_sha256: str
    claims_sha256: str


class AcceptanceResult(Struct, frozen=True, kw_only=True):
    """What the features say of one portal in one phase.

    With anything `left_out` it is a quick look, and with `only` a run of the scenarios of one name:
    a failure counts, and nothing else is a verdict on the portal.
    """

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
    seed: int = 0
    #: What the test weeks came to, where they were rehearsed: it counts in the verdict.
    window: Kind | None = None
    #: Known gaps that are gaps no longer.
    gaps_closed: tuple[str, ...] = ()
    judged_at: datetime | None = None
    rests_on: RestsOn | None = None
    left_out: tuple[LeftOut, ...] = ()
    only: str = ""


class CheckRow(Struct, frozen=True, kw_only=True):
    """One thing that was tried before anything is judged, and what was seen of it."""

    name: str
    tried: str
    seen: str
    verdict: Kind


class CheckResult(Struct, frozen=True, kw_only=True):
    """What a target says, beside what its portal and its surroundings do."""

    portal: str
    portal_version: str
    order: str
    reached: str
    verdict: Kind
    rows: list[CheckRow]


class ProofRow(Struct, frozen=True, kw_only=True):
    """One broken portal: what is wrong with it, what must catch it, and what did.

    `failed` are the scenarios it did not pass, `failed_ids` their permanent ids, `also_failed`
    those that it does not name.
    """

    id: str = ""
    name: str
    wrong: str
    requirement: str
    must_be_caught_by: str
    must_be_caught_by_id: str = ""
    caught: bool
    reason: str
    failed: tuple[str, ...]
    failed_ids: tuple[str, ...] = ()
    also_failed: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its name, with the id before it."""
        return f"{self.id} {self.name}".strip()


class ProofResult(Struct, frozen=True, kw_only=True):
    """Every broken portal, and the reference, which nothing may catch.

    `changed` says where the kill matrix is not the one that is kept.
    """

    verdict: Kind
    reference_verdict: Kind
    reference_failed: tuple[str, ...]
    changed: tuple[str, ...] = ()
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
