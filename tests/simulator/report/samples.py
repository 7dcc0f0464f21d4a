"""Results as a run might give them, with texts in them that no portal should send."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from simulator.results.exploration import AlsoSeen, Defect, EdgeCount, ExplorationResult
from simulator.results.load import LoadResult, LoadSecond, Machine, Ordered, SloOutcome
from simulator.results.values import (
    AcceptanceResult,
    Estimate,
    HarmCount,
    LineLevel,
    Parameter,
    Period,
    ProofResult,
    ProofRow,
    PublishedFall,
    PublishedYears,
    RehearsalResult,
    RequirementResult,
    ScenarioResult,
    Uptake,
    UptakeShare,
    Week,
)
from simulator.verdicts import KINDS, Finding, Harm, Kind
from tests.simulator.report.life_sample import life

#: Markup of page, screen and XML, a terminal's escape, hidden and forbidden characters.
HOSTILE = (
    "<script>alert(1)</script> \"'> &amp; ]]> [bold]not bold[/bold] {{ 7 * 7 }} $\\frac{ "
    "\x1b[31mred\x1b[0m \x00 \u202egnp.exe \ufffe \ud800 https://example.test/x.js"
)
START = date(2026, 5, 18)

#: Words of a closed list, which no portal can choose.
_FIXED_WORDS = {"verdict", "reference_verdict", "kind", "harm", "owner"}

_PERIODS = [
    ("Building", 9, 0, False),
    ("Phase 1 test", 4, 1, True),
    ("Phase 1", 6, 1, False),
    ("Phase 2 test", 4, 2, True),
    ("Phase 2", 7, 2, False),
    ("Phase 3 test", 5, 3, True),
    ("Phase 3", 12, 3, False),
]


def rehearsal(**changes: Any) -> RehearsalResult:
    """Make a year of two forces, 1 crime in 20 followed, with changes."""
    result = RehearsalResult(
        name="Two forces",
        seed=7,
        fraction=0.05,
        order="Two forces",
        portal="Reference portal",
        verdict="FAIL",
        obligations=48_211,
        periods=periods(),
        weeks=weeks(),
        harms=harms(),
        failures=[finding() for _ in range(7)],
        lines=lines(),
        uptake=uptake(),
        published=[published_years("hampshire", 0.21), published_years("thames_valley", 0.14)],
        life=life(START, 47),
        parameters=[
            Parameter(
                name="contact.name_wrong",
                value=0.1,
                unit="share of victims",
                source="College of Policing shared practice, 16 April 2024",
            ),
            Parameter(
                name="calls.patience", value=360, unit="seconds", assumed="no figure was found"
            ),
        ],
        notes=["The published fall in 101 calls is larger than every update call together."],
    )
    return msgspec.structs.replace(result, **changes)


def periods() -> list[Period]:
    """Make a period for each stage of a rollout: before it, then test and live of each phase."""
    found, starts = [], START
    for index, (name, weeks_long, phase, is_test) in enumerate(_PERIODS):
        followed = 0 if not phase else 3 if is_test else 1_300 * index
        ends = starts + timedelta(weeks=weeks_long)
        found.append(
            Period(
                name=name,
                starts=starts,
                ends=ends,
                phase=phase,
                is_test=is_test,
                crimes=6_300 * weeks_long,
                with_victim=5_200 * weeks_long,
                eligible=3_100 * weeks_long,
                followed=followed,
                invited=followed * 9 // 10,
                registered=followed // 3,
                messages={"invitation": followed, "update": followed * 3, "kind of its own": 1},
                delivered=followed * 3,
                undeliverable=3 * index,
                not_reached={"number in the wrong field": followed // 20, "bounced": 2 * index},
                misdirected_avoidable=index,
                misdirected_unavoidable=followed // 100,
                misdirected_people=followed // 200,
                questions_asked=40 if phase == 3 else 0,
                questions_answered=38 if phase == 3 else 0,
                answer_hours_median=26.25 if phase == 3 else None,
                answer_hours_p90=71.5 if phase == 3 else None,
                update_calls_without=4_000 * weeks_long,
                update_calls_with=3_900 * weeks_long,
                calls_101_without=20_000 * weeks_long,
                calls_101_with=19_900 * weeks_long,
                abandoned_101_without=0.1234,
                abandoned_101_with=0.1187,
                abandoned_999_without=0.0249,
                abandoned_999_with=0.0021,
            )
        )
        starts = ends
    return found


def lines() -> list[LineLevel]:
    """Make the levels of each line of two forces in two periods."""
    return [
        LineLevel(
            period=period,
            force=force,
            line=line,
            offered_without=106_795,
            offered_with=105_021,
            redials_without=2_054,
            redials_with=1_904,
            abandoned_without=0.03896,
            abandoned_with=None if line == "999" else 0.03689,
            wait_seconds_without=31.9,
            wait_seconds_with=None if line == "999" else 30.9,
            in_target_without=0.74961,
            in_target_with=0.75688,
        )
        for period in ("Phase 2", "Phase 3")
        for force in ("hampshire", "thames_valley")
        for line in ("101", "999")
    ]


def uptake() -> Uptake:
    """Make a quarter by uptake."""
    return Uptake(
        shares=[
            UptakeShare(
                registers=share,
                registered=round(104_000 * share),
                calls_saved=round(7_200 * share),
                calls_made=round(2_250 * (1 - share)),
                net_share_of_101=round((9_450 * share - 2_250) / 224_000, 5),
            )
            for share in (0.05, 0.1, 0.25, 0.6)
        ],
        rehearsed=0.6,
        registered_of_invited=0.5,
        published_registered=6_000,
    )


def published_years(force: str, fall: float) -> PublishedYears:
    """Make one force's two published years."""
    return PublishedYears(
        force=force,
        falls=[
            PublishedFall(
                quarter=quarter,
                published=fall,
                without_portal=0.011,
                with_portal=0.0178,
                with_portal_low=0.0101,
                with_portal_high=0.0256,
                by_portal=0.0068,
                by_portal_low=0.0031,
                by_portal_high=0.0104,
                by_volume=0.01,
                by_redial=0.001,
                ceiling=0.0713,
                few=Estimate(mean=-0.0034, low=-0.0046, high=-0.0024),
            )
            for quarter in ("July to September", "October to December")
        ],
        abandoned_999_published=[0.0249, 0.0021],
        abandoned_999_without=[0.0251, 0.0249],
        abandoned_999_with=[0.0251, 0.0248],
        wait_999_seconds_without=[11.1, 11.0],
        abandoned_999_with_spans=[(0.0241, 0.026), (0.0238, 0.0257)],
        registers=0.6,
        registers_few=0.077,
    )


def weeks(number: int = 47) -> list[Week]:
    """Make consecutive weeks, with fewer calls as the portal spreads."""
    return [
        Week(
            starts=START + timedelta(weeks=each),
            calls_101_without=20_000 + 40 * (each % 9),
            calls_101_with=20_000 + 40 * (each % 9) - 25 * each,
            update_calls_without=4_000,
            update_calls_with=4_000 - 25 * each,
        )
        for each in range(number)
    ]


def harms() -> list[HarmCount]:
    """Make harms of several owners, not in their order."""
    return [
        HarmCount(kind="FAIL", harm="late", owner="portal", avoidable=True, count=9),
        HarmCount(
            kind="WARNING", harm="misdirected", owner="contact data", avoidable=False, count=61
        ),
        HarmCount(kind="WARNING", harm="lost", owner="integration", avoidable=True, count=2),
        HarmCount(kind="FAIL", harm="misdirected", owner="portal", avoidable=True, count=21),
    ]


def finding(**changes: Any) -> Finding:
    """Make a finding whose texts are hostile."""
    return msgspec.structs.replace(
        Finding(
            kind="FAIL",
            harm="misdirected",
            owner="portal",
            requirement="SAFE-01",
            at=datetime(2026, 7, 1, 11, 5, tzinfo=UTC),
            person_id="person-17",
            crime_reference="43260000017",
            expected="nothing to a number two victims share",
            observed=HOSTILE,
            rests_on="order: contact.people_per_address_max",
        ),
        **changes,
    )


def acceptance(**changes: Any) -> AcceptanceResult:
    """Make an acceptance of phase 2 with a scenario of each verdict."""
    scenarios = [scenario(kind, number) for number, kind in enumerate(sorted(KINDS), start=1)]
    scenarios.append(
        scenario("PASS", 9, phase=2, feature="enhanced_journey.feature", requirements=("REQ-9",))
    )
    requirements = [
        RequirementResult(
            id=each.requirements[0],
            sentence=f"The portal does what {each.requirements[0]} asks for.",
            source="Right 6 of the Victims' Code",
            basis="Victims' Code",
            level="must" if each.verdict != "WARNING" else "should",
            phase=each.phase,
            verdict=each.verdict,
            scenarios=(each.name,),
        )
        for each in scenarios
    ]
    requirements.append(
        RequirementResult(
            id="REQ-ALONE",
            sentence="A letter goes to who has neither number nor address.",
            source="ours",
            basis="ours",
            level="should",
            phase=2,
            verdict="OMIT",
            scenarios=(),
            reason="letters are not ordered",
        )
    )
    result = AcceptanceResult(
        portal="Acme <Portal>",
        portal_version="2.1",
        signatory="A. Tester, Acme",
        phase=2,
        order="Two forces",
        reached="by URL, with a test clock",
        verdict="ERROR",
        messages=412,
        requirements=requirements,
        scenarios=scenarios,
        judged_at=datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    )
    return msgspec.structs.replace(result, **changes)


def acceptance_of_a_portal_that_fails_nearly_everything() -> AcceptanceResult:
    """Make an acceptance as of a portal that sends twice: 463 failures of four causes."""
    observed = "a text that answers nothing new: its reference is 'rms-000004'"
    causes: list[tuple[Harm, int]] = [("duplicated", 439), ("lost", 3), ("late", 3), ("noise", 18)]
    harms = [harm for harm, count in causes for _ in range(count)]
    scenarios = [
        scenario(
            "FAIL",
            number,
            name=f"Something that a victim or an officer does, in many words, {number}",
            observed=observed,
            findings=(finding(harm=harm, observed=observed),),
            timeline=tuple(f"Mon 19 Nov 10:0{each}:00  a text" for each in range(9)),
        )
        for number, harm in enumerate(harms, start=1)
    ]
    requirements = [
        RequirementResult(
            id=f"LONG-{number:02}",
            sentence="A victim is told once of each piece of news, on the channels they asked for.",
            source="Right 6 of the Victims' Code",
            basis="Victims' Code",
            level="must",
            phase=1 + number % 3,
            verdict="FAIL" if number < 17 else "WARNING",
            scenarios=(),
        )
        for number in range(1, 201)
    ]
    return acceptance(scenarios=scenarios, requirements=requirements, verdict="FAIL")


def scenario(kind: Kind, number: int, **changes: Any) -> ScenarioResult:
    """Make a scenario of one verdict, hostile where it went wrong."""
    is_wrong = kind in ("FAIL", "ERROR")
    made = ScenarioResult(
        name=f"Scenario {number} <{kind}>",
        feature="graded_progress.feature",
        phase=1,
        requirements=(f"REQ-{number}",),
        verdict=kind,
        steps=("Given Alex", "When an officer is deployed", "Then Alex is told"),
        failed_step="Then Alex is told" if is_wrong else "",
        expected="one text within 15 minutes" if is_wrong else "",
        observed=HOSTILE if is_wrong else "",
        reason="" if is_wrong or kind == "PASS" else f"because of {kind}",
        findings=(finding(), finding(harm="late")) if kind == "FAIL" else (),
        command=f"portal-suite accept --target acme.toml --only 'Scenario {number} <{kind}>'",
    )
    return msgspec.structs.replace(made, **changes)


def proof(**changes: Any) -> ProofResult:
    """Make a proof in which one of three broken portals was not caught."""
    rows = [
        ProofRow(
            name=name,
            wrong=wrong,
            requirement="MSG-02",
            must_be_caught_by="Told once, whatever is delivered twice",
            caught=caught,
            reason=reason,
            failed=also,
            also_failed=also,
        )
        for name, wrong, caught, reason, also in (
            ("sends_twice", "sends every text twice", True, "it failed", ("No noise",)),
            ("tells_all", HOSTILE, True, "it failed", ()),
            ("sleeps", "sends nothing at night, ever", False, "the scenario passed", ()),
        )
    ]
    result = ProofResult(verdict="FAIL", reference_verdict="PASS", reference_failed=(), rows=rows)
    return msgspec.structs.replace(result, **changes)


ORDERED = Ordered(
    updates_per_second_ordered=100.0,
    updates_per_second_sent=99.0,
    visits_ordered=2_003,
    visits_not_made=3,
    late_p99_seconds=0.04,
)
MACHINE = Machine(
    cores=2,
    cores_used={"portal": 0.9, "generator": 0.5, "doubles": 0.3},
    gateway_per_second_max=900.0,
    gateway_per_second_peak=140,
    python="3.11.7",
    system="Linux x86_64",
)


def load(**changes: Any) -> LoadResult:
    """Make a Monday burst that was too slow."""
    result = LoadResult(
        name="Monday morning",
        portal="Reference portal",
        order="Two forces",
        verdict="FAIL",
        events_scheduled=10_000,
        events_accepted=9_990,
        messages=14_322,
        obligations=14_330,
        visits=2_000,
        visits_failed=3,
        measures={
            "update_to_message_p50_seconds": 0.41,
            "update_to_message_p95_seconds": 31.5,
            "update_to_message_p99_seconds": 44.125,
            "update_to_message_max_seconds": 61.0,
            "sign_in_p95_seconds": 1.25,
            "failed_visits_share": 0.0015,
        },
        slos=[
            SloOutcome(
                measure="update_to_message_p95_seconds",
                level="must",
                most=30.0,
                measured=31.5,
                verdict="FAIL",
                why="a test",
            )
        ],
        scale=1.0,
        ordered=ORDERED,
        machine=MACHINE,
        limited_by="",
        errors={"503 Busy": 3},
        series=[
            LoadSecond(second=0, updates_accepted=100, messages=40, backlog=60),
            LoadSecond(
                second=1, updates_accepted=0, messages=60, update_to_message_max_seconds=1.5
            ),
        ],
        begun_at="2026-06-01T09:00:00+00:00",
        harms=harms(),
        failures=[finding()],
        seconds=312.0,
    )
    return msgspec.structs.replace(result, **changes)


def exploration(**changes: Any) -> ExplorationResult:
    """An exploration that found one defect."""
    result = ExplorationResult(
        portal="Reference portal",
        portal_version="0.1.0",
        order="two-forces.toml",
        reached="in process",
        phase=2,
        seed=7,
        stories=1200,
        steps=18_340,
        messages=4_100,
        seconds=61.5,
        step_kinds={"SignInFrom": 400, "Wait": 5_000},
        edges=(
            EdgeCount(kind="offence", value="in: Bicycle theft", stories=40, judged=True),
            EdgeCount(kind="offence", value="out: Arson", stories=3, judged=False),
            EdgeCount(kind="day", value="29 February", stories=0, judged=False),
        ),
        defects=(
            Defect(
                fingerprint="ONCE-01|duplicated",
                requirement="ONCE-01",
                harm="duplicated",
                expected="one message for each piece of news",
                observed="a text that answers nothing new",
                stories=12,
                first=3,
                steps=2,
                feature="Feature: Found by exploring\n",
                file="stories/01.json",
                cut_short="the time was up",
                requirement_words="ONCE-01 (must): Each piece of news comes once.",
                rests_on="requirement: ONCE-01",
                at=datetime(2026, 6, 1, 12, 30, tzinfo=UTC),
                person="Sam Ellwood (P0000001)",
                shown_by=("Mon 01 Jun 13:30:00  text to 07700900123: “you have an update”",),
                timeline=("Mon 01 Jun 13:30:00  Sam was shown (crimes): Bicycle theft",),
                evidence="stories/01.evidence.ndjson",
            ),
        ),
        verdict="FAIL",
    )
    return msgspec.structs.replace(result, **changes)


def also_seen(**changes: Any) -> AlsoSeen:
    """Another way in which the defect of that exploration shows."""
    also = AlsoSeen(
        fingerprint="JOUR-02|noise",
        requirement="JOUR-02",
        harm="noise",
        expected="at most 5 messages a week by text",
        observed="this is number 6",
        stories=4,
        file="stories/01-2.json",
    )
    return msgspec.structs.replace(also, **changes)


def poisoned(value: Any) -> Any:
    """Put the hostile text into every text field at any depth, except the verdicts."""
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(
            value,
            **{
                name: poisoned(getattr(value, name))
                for name in value.__struct_fields__
                if name not in _FIXED_WORDS
            },
        )
    if isinstance(value, dict):
        return {poisoned(key): poisoned(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(poisoned(each) for each in value)
    return HOSTILE if isinstance(value, str) else value
