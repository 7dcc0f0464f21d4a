"""The results of a run as plain values: every table, report and result file is made from these.

One seed gives one result, byte for byte, apart from `judged_at` and `provenance`.
"""

from datetime import date, datetime
from math import inf
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.evidence.shown_words import ShownWords
from simulator.results.comparison import Comparison
from simulator.results.conservation import Conserved
from simulator.results.portal_life import PortalLife
from simulator.results.real_data import DataShare
from simulator.verdicts import Finding, Harm, Kind, Owner

#: What a requirement of this phase still waits for.
Awaits: TypeAlias = Literal["", "a person", "a browser", "a claim"]
#: Whether a vendor's own driver stood between suite and portal: "tried" while the portal was
#: stopped, or only "vouched for" by the signatory.
DriverBetween: TypeAlias = Literal["", "tried", "vouched for"]


#: How the reason begins of a requirement that only a person can judge; what to look at follows.
FOR_A_PERSON = "for a person to review, with --reviews"


class Parameter(Struct, frozen=True, kw_only=True):
    """One number that a run used, with its `source`, or with the reason why it is `assumed`."""

    name: str
    value: float
    unit: str
    source: str = ""
    assumed: str = ""


class HarmCount(Struct, frozen=True, kw_only=True):
    """How often one kind of harm was found, and who caused it."""

    kind: Kind
    harm: Harm
    owner: Owner
    avoidable: bool
    count: int


class CodeCount(Struct, frozen=True, kw_only=True):
    """What the Victims' Code has victims told in its working days, counted from when it happened.

    `news` counts each thing once for each victim. What was told late is counted by who held it up:
    `late_by_force` was recorded too late for anybody to tell it in time; `late_by_contact_data` had
    no address that could be used until the force mended it.
    """

    news: int = 0
    late_by_force: int = 0
    late_by_integration: int = 0
    late_by_gateway: int = 0
    late_by_portal: int = 0
    late_by_contact_data: int = 0

    @property
    def told_in_time(self) -> int:
        """How many were told in time."""
        late = self.late_by_force + self.late_by_integration
        late += self.late_by_gateway + self.late_by_portal + self.late_by_contact_data
        return self.news - late


class CodeRow(Struct, frozen=True, kw_only=True):
    """One row of the Victims' Code: how soon such news was told, and who held up what came late.

    `right` is the Code's own number. `told_in_time` is None where the order has no working days for
    it: then `time` is the clock of the one that tells it, or "" where the Code gives none. What
    nobody is `told_by` is done, and not told. The hours are medians, from when it happened to when
    it was recorded, from there to when the portal had it, and from there to when it was told; 9 in
    10 were told within `hours_to_tell_most` of when it happened. None for nothing told.
    """

    right: str
    what: str
    news: int
    told_in_time: int | None
    late_by: dict[str, int]
    hours_to_record: float | None
    hours_to_receive: float | None
    hours_to_tell: float | None
    hours_to_tell_most: float | None = None
    told_by: str = ""
    time: str = ""
    source: str = ""


class CodeRowNotMeasured(Struct, frozen=True, kw_only=True):
    """A row of the Victims' Code that no event of a rehearsal carries, and why.

    `time` is the Code's own for it, where we know one.
    """

    right: str
    what: str
    told_by: str
    reason: str
    time: str = ""


class GroupReached(Struct, frozen=True, kw_only=True):
    """How one group of victims fared: the equality view.

    `excluded` are those whom the order has nobody invite; of the others `unreached` got nothing,
    and `told_late` were told late of something that the Victims' Code names. `registered` signed
    in, and `read_again` signed in again later.
    """

    by: str
    group: str
    victims: int
    excluded: int
    unreached: int
    told_late: int
    registered: int = 0
    read_again: int = 0


class Estimate(Struct, frozen=True, kw_only=True):
    """A number with its 95% interval."""

    mean: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def is_even(self) -> bool:
        """Whether the ends are equally far off, so that ± says both: not where one is cut off."""
        below, above = self.mean - self.low, self.high - self.mean
        return abs(below - above) <= 1e-6 * max(below, above)

    def within(self, least: float = -inf, most: float = inf) -> "Estimate":
        """Cut off what the number cannot be, such as a count below 0.

        What it truly is lies within, so as many of such intervals hold it as before.
        """
        return Estimate(mean=self.mean, low=max(least, self.low), high=min(most, self.high))


class BenefitLine(Struct, frozen=True, kw_only=True):
    """One line of what a portal saves and costs."""

    name: str
    unit: str
    value: Estimate


class Period(Struct, frozen=True, kw_only=True):
    """One period of a rollout. `crimes`, `with_victim` and `eligible` count the whole population.

    The fields from `followed` to the questions count only the crimes followed through the portal:
    in a live period the rehearsal's fraction of those `with_victim` (a person); in a test period
    the testers' own. `undeliverable` counts messages. `not_reached` counts people by reason, if
    nothing had reached them by the end of the period. `phase` is the phase that is live, or under
    test in a test period; 0 during the build. Calls are at full volume, with the portal and
    without it, on the same random streams. Shares are between 0 and 1.
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


class LineLevel(Struct, frozen=True, kw_only=True):
    """One line of one force in one period, with the portal and without it.

    `offered` counts redials too; shares are between 0 and 1, and None of no calls. The mean wait
    and the share answered in 10 seconds are of the answered calls. Who left the line to be rung
    back was called back, after a mean wait for that, or could not be reached.
    """

    period: str
    force: str
    line: str
    offered_without: int
    offered_with: int
    redials_without: int
    redials_with: int
    abandoned_without: float | None
    abandoned_with: float | None
    wait_seconds_without: float | None
    wait_seconds_with: float | None
    in_target_without: float | None
    in_target_with: float | None
    left_for_call_back_without: int = 0
    left_for_call_back_with: int = 0
    called_back_without: int = 0
    called_back_with: int = 0
    call_back_seconds_without: float | None = None
    call_back_seconds_with: float | None = None
    #: With the portal: the share abandoned by each definition, from so many seconds on, and the
    #: share of the calls offered that was answered in 10 seconds.
    abandoned_after_with: dict[int, float] = {}
    in_target_of_offered_with: float | None = None
    #: 95% intervals of the shares abandoned, from how the weeks differ.
    abandoned_without_span: tuple[float, float] | None = None
    abandoned_with_span: tuple[float, float] | None = None


class UptakeShare(Struct, frozen=True, kw_only=True):
    """The last quarter if the share `registers` of invited victims registered.

    `registered` have signed in by its end, in all. `net_share_of_101` is of calls without the
    portal; below 0 the portal makes more calls than it saves. `net_error` is the standard error of
    the calls saved less those made, by who was followed.
    """

    registers: float
    registered: int
    calls_saved: int
    calls_made: int
    net_share_of_101: float
    net_error: float = 0.0


class Uptake(Struct, frozen=True, kw_only=True):
    """The last quarter by uptake. `rehearsed` is the share who would register in the run itself.

    `registered_of_invited` of those invited did. `at_published` is the quarter if
    `published_registered` people had registered in all.
    """

    shares: list[UptakeShare]
    rehearsed: float
    registered_of_invited: float | None = None
    published_registered: int
    at_published: UptakeShare | None = None


class Week(Struct, frozen=True, kw_only=True):
    """Calls to 101 in one week, with the portal and without."""

    starts: date
    calls_101_without: int
    calls_101_with: int
    update_calls_without: int
    update_calls_with: int


class PublishedFall(Struct, frozen=True, kw_only=True):
    """How much fewer calls to 101 a quarter of 2023 had than that of 2022, as shares of 2022's.

    `without_portal` is the fall without one: `by_volume` in first calls, which are crime's volume,
    the calendar and chance, `by_season` the calendar's part of that, and `by_redial` in callers who
    rang again. `by_portal` is the portal's part of the fall with it, with a 95% interval for who
    happened to be followed; below 0 calls rose. The interval is None in results from before there
    was one. `ceiling` is what the portal's part would be if no victim who was invited ever rang for
    news. `few` is its part if only so many registered as were published.
    """

    quarter: str
    published: float
    without_portal: float
    with_portal: float
    #: Its 95% interval, of chance and of who was followed; None in results from before.
    with_portal_low: float | None = None
    with_portal_high: float | None = None
    by_portal: float
    by_portal_low: float | None = None
    by_portal_high: float | None = None
    by_volume: float | None = None
    by_season: float | None = None
    by_redial: float | None = None
    ceiling: float | None = None
    few: Estimate | None = None


class PublishedYears(Struct, frozen=True, kw_only=True):
    """One force in the two published years: both readings of the quarter, and 999 by year.

    Of those invited the share `registers` would register in `by_portal`, and `registers_few` in
    `few`: then 6,000 have by the end of both years, in both forces. Both are None in old results.
    """

    force: str
    falls: list[PublishedFall]
    abandoned_999_published: list[float]
    abandoned_999_without: list[float]
    abandoned_999_with: list[float]
    wait_999_seconds_without: list[float]
    #: 95% intervals by year, from how the months differ; empty in results from before.
    abandoned_999_with_spans: list[tuple[float, float]] = []
    registers: float | None = None
    registers_few: float | None = None


class ModelledUpdateCalls(Struct, frozen=True, kw_only=True):
    """The update calls that the model gives a force in a year, from its recorded crimes."""

    year: str
    crimes: int
    calls: int
    #: The 95% interval of chance, at one rate; None in results from before.
    calls_low: int | None = None
    calls_high: int | None = None


class UpdateCallsElsewhere(Struct, frozen=True, kw_only=True):
    """A force that the model was never fitted to: its published update calls in a year.

    `modelled` has several years where the published figure names none.
    """

    force: str
    published: int
    calls_a_crime: float
    modelled: list[ModelledUpdateCalls]


class GoLiveDelay(Struct, frozen=True, kw_only=True):
    """A phase that went live later than planned, and why."""

    phase: int
    from_day: date
    to_day: date
    why: str


class RehearsalResult(Struct, frozen=True, kw_only=True):
    """A whole rehearsal. `fraction` of the crimes with a person as victim went through the portal.

    `failures` has some of each kind, worst first; `harms` counts them all. `untried` lists what
    should have been done and nobody did: then the verdict is INCONCLUSIVE at best.
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
    victims_code: CodeCount = CodeCount()
    #: The live portal by row of the Victims' Code, and by group of victims.
    code_rows: list[CodeRow] = []
    code_not_measured: list[CodeRowNotMeasured] = []
    groups: list[GroupReached] = []
    lines: list[LineLevel] = []
    #: Calls that were passed on, by period and force; empty without a second desk.
    second_desk: list[LineLevel] = []
    uptake: Uptake | None = None
    #: Which assumed number matters most, the widest first; empty without costs, or in old results.
    #: What the portal saves and costs in the last quarter; empty without a file of costs.
    benefit: list[BenefitLine] = []
    published: list[PublishedYears] = []
    elsewhere: list[UpdateCallsElsewhere] = []
    delays: list[GoLiveDelay] = []
    conserved: list[Conserved] = []
    #: What the plots show, and the headline; None in results from before there was one.
    life: PortalLife | None = None
    parameters: list[Parameter]
    notes: list[str]


class ScenarioResult(Struct, frozen=True, kw_only=True):
    """One scenario of the features. `command` runs only this one.

    `timeline` says what happened, if the scenario did not pass. `id` is permanent, whatever its
    later names: "" for a page, which is no scenario, and in results from before there were ids.
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
    """A clause of the force's contract, with its priority there."""

    id: str
    priority: str


class Attachment(Struct, frozen=True, kw_only=True):
    """A file that a reviewer looked at, with its SHA-256."""

    name: str
    sha256: str


class ReviewResult(Struct, frozen=True, kw_only=True):
    """A named person's verdict on a requirement that no run can judge; OMIT if they waive it."""

    verdict: Kind
    reviewer: str
    role: str
    on: date
    note: str
    evidence: tuple[Attachment, ...]


class RequirementResult(Struct, frozen=True, kw_only=True):
    """One requirement, with the verdict of its scenarios or of its reviewer.

    `known_gap` is why a failure is accepted; the verdict is a failure all the same. `awaits` says
    what the requirement still waits for: a person, a browser, or a claim of the portal.
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
    review: ReviewResult | None = None
    #: Whether some of its scenarios were left out because the portal does not claim what they need.
    is_in_part: bool = False

    @property
    def is_must_of_phase(self) -> bool:
        """Say whether the run's phase asks for this, and it is a must that can be tested."""
        return self.level == "must" and (self.verdict != "OMIT" or bool(self.awaits))

    @property
    def is_waived(self) -> bool:
        """Say whether a named person goes on without it."""
        return self.review is not None and self.review.verdict == "OMIT"

    @property
    def is_waiting(self) -> bool:
        """Say whether this is a must that waits for a person or a browser, and nobody waived it."""
        is_left = self.awaits in ("a person", "a browser") and self.review is None
        return self.level == "must" and is_left

    @property
    def is_unclaimed_must(self) -> bool:
        """Say whether this is a must that was not asked because the portal does not claim it."""
        return self.level == "must" and self.verdict == "OMIT" and self.awaits == "a claim"


class LeftOutScenarios(Struct, frozen=True, kw_only=True):
    """Scenarios of one feature that a quick look does not run, with the requirements they test."""

    feature: str
    scenarios: tuple[str, ...]
    requirements: tuple[str, ...]


class Provenance(Struct, frozen=True, kw_only=True):
    """The SHA-256 of what a run was judged by."""

    evidence_sha256: str
    order_sha256: str
    claims_sha256: str


class PagesSampled(Struct, frozen=True, kw_only=True):
    """What was seen in a browser without a vendor's driver.

    So many links were opened, and led to `pages`. On those of `agreed` victims stood all that the
    driver said; `differs` is the first that did not stand there. Words that were written there were
    `stamped` in the crime system. `why_not` is why the first of the others did not agree. `left` is
    why all that is not enough ("" if it is); then a named person's `review` may be.
    """

    followed: int = 0
    pages: int = 0
    why_not: str = ""
    agreed: int = 0
    stamped: int = 0
    differs: str = ""
    left: str = ""
    review: ReviewResult | None = None


class SeemingPhase(Struct, frozen=True, kw_only=True):
    """A later phase than the run's, in which the portal seems to be: it explains most failures.

    `explained` names the scenarios in which nothing is wrong if that phase is live, of so many that
    `failed`. The days are when that phase goes live in the run, and by the force's own order.
    """

    phase: int
    explained: tuple[str, ...]
    failed: int
    live_in_run: date
    live_by_order: date


class EdgesMet(Struct, frozen=True, kw_only=True):
    """How many edges of the order and the contract made-up stories met, with something judged.

    `stories` of those `chosen` were played in the time given, of which some are `kept` from
    earlier finds. `not_reached` says of kept ones that were not why the portal could not play them,
    and `stopped` why not all were played, if not for want of time.
    """

    judged: int
    every: int
    stories: int
    #: 0 in results from before these were counted.
    chosen: int = 0
    kept: int = 0
    not_reached: dict[str, str] = {}
    stopped: str = ""


class TwinsPlayed(Struct, frozen=True, kw_only=True):
    """How many twins of scenarios were played of those there are, and which have none, with why.

    `passed` names those that passed, and `not_reached` those for which there was no time; results
    from before they were named have none. `not_tried` says why nobody could go through anything
    again ("" if they could).
    """

    played: int
    every: int
    without: dict[str, str] = {}
    passed: tuple[str, ...] = ()
    not_reached: tuple[str, ...] = ()
    not_tried: str = ""


class AcceptanceResult(Struct, frozen=True, kw_only=True):
    """The result of the features for one portal in one phase.

    With anything in `left_out` it is a quick look; with `only` it ran the scenarios of one name.
    In both, a failure counts, and nothing else is a verdict on the portal.
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
    #: The verdict on the test weeks, if they were rehearsed. It counts in the whole.
    window: Kind | None = None
    #: Whether a must that waits for a person or a browser keeps the whole from passing.
    is_strict: bool = False
    #: Known gaps that have closed.
    gaps_closed: tuple[str, ...] = ()
    judged_at: datetime | None = None
    rests_on: Provenance | None = None
    left_out: tuple[LeftOutScenarios, ...] = ()
    only: str = ""
    #: The edges that made-up stories met; None where none were played.
    edges: EdgesMet | None = None
    #: Why no made-up stories were played ("" if they were, and in results from before it was said).
    edges_not_tried: str = ""
    #: The scenarios that people went through a second time; None where none could.
    twins: TwinsPlayed | None = None
    #: What the scenarios met of real data; None where they were plain.
    real_data: DataShare | None = None
    driver: DriverBetween = ""
    sampled: PagesSampled = PagesSampled()
    #: The phase in which a portal that fails seems to be, if that is not the run's.
    seems_in: SeemingPhase | None = None
    #: What the portal sent and showed, for a person to read.
    words: tuple[ShownWords, ...] = ()
    #: This run beside an earlier one, if it was given.
    compared: Comparison | None = None

    @property
    def waiting(self) -> list[RequirementResult]:
        """The musts of the phase that wait for a person or a browser, and nobody waived."""
        return [each for each in self.requirements if each.is_waiting]

    @property
    def is_by_drivers_word(self) -> bool:
        """Whether only a vendor's driver says what the portal does, and no person looked."""
        seen = self.sampled
        is_shown = seen.agreed > 0 and not seen.left
        return bool(self.driver) and not is_shown and seen.review is None


class CheckRow(Struct, frozen=True, kw_only=True):
    """One check before anything is judged, and what was seen."""

    name: str
    tried: str
    seen: str
    verdict: Kind


class CheckResult(Struct, frozen=True, kw_only=True):
    """Whether a portal and its surroundings do what the target file says."""

    portal: str
    portal_version: str
    order: str
    reached: str
    verdict: Kind
    rows: list[CheckRow]


class ProofRow(Struct, frozen=True, kw_only=True):
    """One broken portal: what is wrong with it, what must catch it, and what did.

    `failed` are the scenarios that it failed, `failed_ids` their permanent ids, `also_failed`
    those of them that it does not name. `explored` says how soon made-up stories alone found it
    when that was last kept ("" if it never was).
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
    explored: str = ""

    @property
    def label(self) -> str:
        """Its name, with the id before it."""
        return f"{self.id} {self.name}".strip()


class ProofResult(Struct, frozen=True, kw_only=True):
    """Every broken portal, and the reference, which no scenario may fail.

    `changed` lists the differences from the stored kill matrix. Where it is not `whole`, a broken
    portal that did what it did before met no scenario that it passed then. The reference was not
    run again where it `reference_passed_before` with the same files and packages.
    """

    verdict: Kind
    reference_verdict: Kind
    reference_failed: tuple[str, ...]
    changed: tuple[str, ...] = ()
    whole: bool = True
    reference_passed_before: bool = False
    rows: list[ProofRow]
