"""A slow or dead portal is told from a generator that is late, and from the force's own records."""

import os
from typing import Any, Literal

import pytest
from msgspec import structs

from loadtests.burst_verdict import NO_TIME
from loadtests.slo import Slo
from loadtests.visit_times import VisitTimes
from simulator.evidence.records import EventDelivered, EventRecorded, PersonKnown, Record
from simulator.report.decisions import load_decision
from simulator.results.load import CoresSecond, LoadResult, Part
from tests.loadtests.test_load_result import ALL, COUNT, CROWD, Play, judged, visits

WITHIN_5 = Slo(measure="all_read_p95_seconds", level="should", most=5, assumed="a test")
FEW_FAIL = Slo(measure="failed_visits_share", level="must", most=0.01, assumed="a test")
HALF_FAIL = Slo(measure="failed_visits_share", level="must", most=0.5, assumed="a test")
DEAD = "the portal answered nothing for 3 s"


def crowded(
    seconds: float, *, slos: list[Slo], counts: dict[str, Any] | None = None, **more: Any
) -> LoadResult:
    """Judge a burst in which 3 of 100 visits found nobody free; the others took so long."""
    each = VisitTimes(
        due_seconds=0.5, late_seconds=0.0, signed_in_seconds=seconds / 2, all_read_seconds=seconds
    )
    made = structs.replace(visits(0), visits=[each] * 97, not_made=3, **(counts or {}))
    return judged(Play().delivered().told(ALL).log.records, counts=made, slos=slos, **more)


@pytest.mark.parametrize(("limit", "verdict"), [(FEW_FAIL, "FAIL"), (HALF_FAIL, "WARNING")])
def test_a_slow_portal_is_not_blamed_on_the_generator(limit: Slo, verdict: str) -> None:
    """Visits that its visitors had no time for count as failed, and the limits decide."""
    result = crowded(8.0, slos=[WITHIN_5, limit])

    assert (result.verdict, result.limited_by) == (verdict, "")
    assert result.measures["failed_visits_share"] == 0.03
    assert result.slow.startswith("the portal is slow: 3 of 100 visits found no visitor free")
    assert "half of the visits took 8.0 s or more" in load_decision(result)
    assert sum(result.errors.values()) == 3
    assert result.visits_failed_by == NO_TIME


def test_the_commonest_reason_of_failed_visits_is_in_the_headline() -> None:
    """Updates that were delivered again are no visits, however many; without a miss it is left."""
    failed = [
        VisitTimes(due_seconds=0.5, late_seconds=0.0, failed=each)
        for each in ("b: 500", "a: 503", "b: 500")
    ]
    play = Play()
    for event_id in play.closed:
        play.log.append(EventDelivered(at=play.now, event_id=event_id, status=503))
    records = play.delivered().told(ALL).log.records
    counts = structs.replace(visits(1), visits=[*visits(1).visits, *failed])
    result = judged(records, counts=counts, slos=[FEW_FAIL, HALF_FAIL])

    assert result.errors["update answered 503, and delivered again"] == COUNT
    assert result.visits_failed_by == "b: 500"
    assert "Missed: visits that failed (most often: b: 500)." in load_decision(result)
    assert judged(records).visits_failed_by == ""


def test_too_few_visitors_are_no_fault_of_a_portal_in_time() -> None:
    """It kept to its limits: the burst asks for more visits than its visitors can make."""
    result = crowded(4.0, slos=[WITHIN_5, FEW_FAIL])

    assert (result.verdict, result.slow) == ("INCONCLUSIVE", "")
    assert "though the portal kept to its limits" in result.limited_by
    assert "visitors.value" in result.limited_by
    assert result.measures["failed_visits_share"] == 0


@pytest.mark.parametrize(
    ("part", "helps"), [("generator", "give more --workers"), ("doubles", "a smaller --scale")]
)
def test_a_full_core_of_ours_makes_any_portal_look_slow(part: Part, helps: str) -> None:
    """Then nothing is said of the portal, though its limits were missed."""
    looks = [
        CoresSecond(second=float(each), used={part: 0.97}, busiest={part: 0.97})
        for each in range(8)
    ]
    result = crowded(8.0, slos=[WITHIN_5, FEW_FAIL], cores_over_time=looks)

    assert (result.verdict, result.slow) == ("INCONCLUSIVE", "")
    assert "took a whole core" in result.limited_by
    assert result.limited_by.endswith(helps)


@pytest.mark.parametrize(
    "ours", [{"held_back": 11, "requests": 1000}, {"sent_late_seconds": [1.2] * 9}]
)
def test_a_burst_that_we_held_up_calls_no_portal_slow(ours: dict[str, Any]) -> None:
    """A cap that holds requests back, and a late generator, keep visitors waiting as well."""
    result = crowded(8.0, slos=[WITHIN_5, FEW_FAIL], counts=ours)

    assert (result.verdict, result.slow) == ("INCONCLUSIVE", "")
    assert result.limited_by


PRESSED = Slo(measure="cores_awaited_share", level="sure", most=0.25, assumed="a test")
STOLEN = Slo(measure="cores_stolen_share", level="sure", most=0.05, assumed="a test")


def looked(waited: float, *, others: float, stolen: float = 0.0) -> list[CoresSecond]:
    """Look at a machine for eight seconds; on one of so many cores `others` are a share of all."""
    cores = os.cpu_count() or 1
    return [
        CoresSecond(
            second=float(each),
            used={"portal": 0.2},
            others=others * cores,
            stolen=stolen * cores,
            waited_share=waited,
        )
        for each in range(8)
    ]


@pytest.mark.parametrize(
    ("looks", "verdict", "said"),
    [
        (looked(0.9, others=0.6), "INCONCLUSIVE", "for 90% of the time something waited"),
        (looked(0.2, others=0.6), "FAIL", ""),
        # The burst's own work is what waits: that is what a burst is for.
        (looked(0.9, others=0.1), "FAIL", ""),
        (looked(0.0, others=0.2, stolen=0.2), "INCONCLUSIVE", "its host gave 20% of its cores"),
    ],
)
def test_a_slow_portal_on_a_machine_that_others_use_is_not_judged(
    looks: list[CoresSecond], verdict: str, said: str
) -> None:
    """Steal and pressure above a limit say whose fault a missed limit may be: not the portal's."""
    too_slow = Slo(measure="sign_in_p95_seconds", level="must", most=0.5, assumed="a test")
    records = Play().delivered().told(ALL).log.records
    result = judged(records, slos=[too_slow, PRESSED, STOLEN], cores_over_time=looks)

    assert result.verdict == verdict
    assert said in result.limited_by
    assert result.limited_by.startswith("the machine: ") == bool(result.limited_by) == bool(said)


def test_a_machine_that_others_use_excuses_no_harm() -> None:
    """Who was never told was harmed, however busy the machine; and a limit that held, holds."""
    looks = looked(0.9, others=0.6)
    slow = Slo(measure="sign_in_p95_seconds", level="must", most=0.5, assumed="a test")
    lost = Play().delivered().told({0: 1.0, 1: 1.0, 2: 1.0}).log.records
    whole = Play().delivered().told(ALL).log.records

    assert judged(lost, slos=[slow, PRESSED], cores_over_time=looks).verdict == "FAIL"
    assert judged(whole, slos=[PRESSED], cores_over_time=looks).verdict == "PASS"


def test_where_no_limit_was_missed_the_machine_is_not_in_doubt() -> None:
    """No line of the report says that it could not judge, where the whole passed."""
    whole = Play().delivered().told(ALL).log.records
    result = judged(whole, slos=[PRESSED], cores_over_time=looked(0.9, others=0.6))

    assert [(each.measure, each.verdict) for each in result.slos] == [
        ("cores_awaited_share", "OMIT")
    ]


def test_a_portal_that_died_is_not_excused_by_the_machine() -> None:
    """It answered nothing at all."""
    result = dead(answered_seconds=7.1)
    pressed = judged(
        dead_records(),
        counts=visits(0, **SILENT),
        slos=[PRESSED, WITHIN_5],
        cores_over_time=looked(0.9, others=0.6),
    )

    assert result.verdict == pressed.verdict == "FAIL"


def test_a_cap_that_holds_requests_back_was_the_limit() -> None:
    """Whatever the times are, they have our own wait in them."""
    records = Play().delivered().told(ALL).log.records
    few = judged(records, counts=visits(3, requests=1000, held_back=10))
    many = judged(records, counts=visits(3, requests=1000, held_back=11))

    assert (few.verdict, few.limited_by) == ("PASS", "")
    assert many.verdict == "INCONCLUSIVE"
    assert many.limited_by.startswith("--rate-max: 11 of 1,000 requests waited")


SILENT: dict[str, Any] = {"silent_since_seconds": 7.2, "answered_seconds": 7.1, "stopped": DEAD}


def dead_records() -> list[Record]:
    """Record a portal that took and told one update of four, and then answered nothing."""
    return Play().delivered_one(0).told({0: 1.0}).log.records


def dead(**changes: Any) -> LoadResult:
    """Judge that burst."""
    return judged(dead_records(), counts=visits(0, **(SILENT | changes)))


def test_a_portal_that_dies_for_good_fails() -> None:
    """The sentence says when, and how many were never taken; it ended before its time."""
    result = dead()

    assert result.verdict == "FAIL"
    assert result.stopped == (
        "the portal stopped answering at second 7; 3 of 4 updates were never taken"
    )
    assert load_decision(result).startswith(
        f"FAIL: “A small burst” ended before its time: {result.stopped}"
    )


@pytest.mark.parametrize(
    ("taken", "omitted", "said"),
    [
        ([0, 1, 3], [3], "; 1 of 4 updates were never taken; of those taken, 1 that were due were"),
        ([0, 1, 2, 3], [3], "; of 4 updates, 2 that were due were not told"),
        ([0, 3], [3], "; 2 of 4 updates were never taken"),
        ([0, 1, 2, 3], [1, 2, 3], "at second 7"),
    ],
)
def test_a_dead_portal_owes_nobody_who_cannot_be_told(
    taken: list[int], omitted: list[int], said: str
) -> None:
    """An update whose victim no record names, once taken, is none that was not told."""
    play = Play(omitted=omitted)
    for number in taken:
        play.delivered_one(number)
    play.told({0: 1.0})
    result = judged(play.log.records, counts=visits(0, **SILENT), data_quality="rates.toml")

    assert said in result.stopped
    assert ("those taken" in result.stopped) == ("those taken" in said)
    assert ("not told" in result.stopped) == ("that were due" in said)


@pytest.mark.parametrize(
    "changes",
    [
        {"silent_since_seconds": None, "stopped": "it was not done after 60 s"},
        {"silent_since_seconds": None, "stopped": "it was stopped by hand"},
        {"answered_seconds": 9.0},
        {"sent_late_seconds": [3.0] * 9},
        {"workers": 2, "workers_lost": 1},
    ],
)
def test_what_may_be_ours_is_no_fault_of_the_portal(changes: dict[str, Any]) -> None:
    """A burst that ended for another reason, a portal that answered another worker, or we."""
    result = dead(**changes)

    assert result.verdict == "INCONCLUSIVE"
    assert "stopped answering" not in result.stopped


def test_a_portal_that_never_answered_is_not_judged() -> None:
    """It took no event, not even before the burst: the settings are in doubt."""
    records = [each for each in Play().log.records if isinstance(each, PersonKnown | EventRecorded)]
    counts = visits(0, silent_since_seconds=0.0, stopped=DEAD)
    result = judged(records, counts=counts)

    assert (result.verdict, result.stopped) == ("INCONCLUSIVE", DEAD)


@pytest.mark.parametrize(("data_quality", "verdict"), [("rates.toml", "PASS"), ("", "WARNING")])
def test_what_a_burst_makes_wrong_on_purpose_is_no_warning(
    data_quality: str, verdict: Literal["PASS", "WARNING"]
) -> None:
    """A message that followed the force's wrong number is told apart from the portal."""
    play = Play(wrong_numbers={3: CROWD.mobile_phone(COUNT)}).delivered().told(ALL)
    result = judged(play.log.records, data_quality=data_quality)
    said = load_decision(result)

    assert result.verdict == verdict
    assert {(each.kind, each.owner) for each in result.harms} == {("WARNING", "contact data")}
    assert "with warnings" not in said
    assert ("Apart from the portal: " in said) == bool(data_quality)
    assert ("1 warning" in said) != bool(data_quality)


def test_a_stranger_is_the_portals_fault_however_the_records_are() -> None:
    """On purpose are wrong records, not messages to those whom no record names."""
    play = Play().delivered().told(ALL)
    play.message(1, play.closed[0], play.now)

    assert judged(play.log.records, data_quality="rates.toml").verdict == "FAIL"
