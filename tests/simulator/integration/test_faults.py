"""Whatever fails between the force and a portal, every victim is told everything, and once.

The portal is the reference, in this process; the same story without a fault is what is compared.
"""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import structs

from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.integration.faults import (
    NO_FAULTS,
    FaultPlan,
    Faults,
    FaultyPortal,
    PlannedOutage,
    read_plan,
)
from simulator.integration.map_file import IntegrationMap, Retries
from tests.simulator.integration.at_portal import MANY_TRIES, Told, usual_story
from tests.simulator.integration.forces import START, Portal


@pytest.fixture(scope="module")
def as_it_should(tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """What victims are told if nothing fails."""
    told = Told(tmp_path_factory.mktemp("no-faults"))
    usual_story(told)
    assert sum(told.texts.values()) == 9
    return told.texts


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param({"duplicate_share": 1.0}, id="duplicate"),
        pytest.param({"late_share": 1.0, "late_seconds": 600.0}, id="delay"),
        pytest.param({"overtaken_share": 0.5, "late_seconds": 600.0}, id="reorder"),
        pytest.param({"dropped_share": 0.5}, id="drop-then-retry"),
        pytest.param({"lost_answer_share": 0.5}, id="answer-lost"),
        pytest.param(
            {
                "outages": (
                    PlannedOutage(of="portal", after_seconds=7000, seconds=1200),
                    PlannedOutage(of="source", after_seconds=14_000, seconds=1200),
                )
            },
            id="outage-and-catch-up",
        ),
        pytest.param({"cut_batch_share": 0.7}, id="partial-batch"),
        pytest.param(
            {
                "duplicate_share": 0.3,
                "late_share": 0.3,
                "dropped_share": 0.3,
                "lost_answer_share": 0.3,
                "cut_batch_share": 0.3,
            },
            id="all-at-once",
        ),
    ],
)
def test_nothing_is_lost_and_nothing_told_twice(
    tmp_path: Path, plan: dict[str, Any], as_it_should: Counter[tuple[str, str]]
) -> None:
    """Each victim gets the texts of a day without faults, each once."""
    told = Told(tmp_path, FaultPlan(seed=3, **plan))
    usual_story(told)

    assert told.texts == as_it_should
    assert told.force.store.counts()["waiting"] == 0
    assert told.force.store.letters() == []


def test_a_poison_event_does_not_stop_the_others_and_is_told_when_replayed(
    tmp_path: Path, as_it_should: Counter[tuple[str, str]]
) -> None:
    """What the portal cannot read is a dead letter; without the fault it is delivered whole."""
    told = Told(tmp_path, FaultPlan(seed=3, poison_share=0.4))
    usual_story(told)
    dead = told.force.store.letters()
    told.force.faults.switch_to(NO_FAULTS)
    told.force.flow.replay()
    told.later()

    assert 0 < len(dead) < 9
    assert told.texts.keys() == as_it_should.keys()
    assert all(times <= as_it_should[text] for text, times in told.texts.items())
    assert told.force.store.counts() == {"waiting": 0, "delivered": 9, "dead": 0}
    assert told.force.store.letters() == []


def test_a_dead_letter_that_the_portal_had_all_along_makes_no_second_text(
    tmp_path: Path, as_it_should: Counter[tuple[str, str]]
) -> None:
    """Every answer is lost until the integration gives up; then all is delivered once more."""
    few = structs.replace(MANY_TRIES, retries=Retries(tries_max=3, first_seconds=5))
    told = Told(tmp_path, FaultPlan(lost_answer_share=1.0), few)
    usual_story(told)
    dead = told.force.store.counts()["dead"]
    told.force.faults.switch_to(NO_FAULTS)
    told.force.flow.replay()
    told.later()

    assert dead == 9
    assert told.texts == as_it_should
    assert told.force.store.counts() == {"waiting": 0, "delivered": 9, "dead": 0}


def test_two_changes_that_are_seen_as_one_are_told_as_one(tmp_path: Path) -> None:
    """Between two readings only the last state counts: one text, of the officer who has it."""
    told = Told(tmp_path)
    crime = told.crime(1)
    told.later()
    first, second = told.officer(), {"csp_team": "Team B"}
    told.force.change("incident", crime, **first)
    told.force.change("incident", crime, **second)
    told.later()

    assert told.told_of(1) == 2
    events = told.force.store.counts()
    assert events == {"waiting": 0, "delivered": 2, "dead": 0}


def test_each_victim_of_a_crime_is_told_and_the_suspect_is_not(tmp_path: Path) -> None:
    """Of the record, and of what becomes of it, each on their own phone; one is linked later."""
    told = Told(tmp_path)
    crime = told.crime(1)
    told.force.link(crime, "p-2", 1, mobilephone="07700900002")
    told.force.link(crime, "p-9", 4, mobilephone="07700900009")
    told.later()
    told.force.link(crime, "p-3", 1, mobilephone="07700900003")
    told.later()
    told.force.change("incident", crime, **told.officer())
    told.later()

    assert [told.told_of(number) for number in (1, 2, 3, 9)] == [2, 2, 2, 0]
    assert told.force.store.counts() == {"waiting": 0, "delivered": 3, "dead": 0}


def _settling(seconds: float) -> IntegrationMap:
    events = [
        structs.replace(each, settle_seconds=seconds) if each.type == "CrimeClosed" else each
        for each in MANY_TRIES.events
    ]
    return structs.replace(MANY_TRIES, events=tuple(events))


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_a_mistake_that_is_corrected_within_minutes_does_not_leave(
    tmp_path: Path, *, is_taken_back: bool
) -> None:
    """Only what stands when it has settled is told; a closure that was taken back is not."""
    told = Told(tmp_path, rules=_settling(300))
    crime = told.crime(1)
    told.later()
    told.force.change("incident", crime, statecode=1, csp_outcome="16")
    told.later(timedelta(minutes=4))
    before = told.told_of(1)
    corrected = {"statecode": 0, "csp_outcome": None} if is_taken_back else {"csp_outcome": "18"}
    told.force.change("incident", crime, **corrected)
    told.later()

    assert before == 1
    assert told.told_of(1) == (1 if is_taken_back else 2)
    bodies = [each.body for each in told.force.store.next_events(0)]
    assert bodies == []


def test_a_back_dated_entry_says_when_it_happened(tmp_path: Path) -> None:
    """An officer writes on Wednesday that the case was closed on Monday: told once, of Monday."""
    told = Told(tmp_path)
    crime = told.crime(1)
    told.later()
    taken: list[bytes] = []
    deliver = told.portal.deliver

    def watched(events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        taken.extend(events)
        return deliver(events, correlation_id=correlation_id)

    told.portal.deliver = watched  # type: ignore[method-assign]
    told.force.change(
        "incident", crime, statecode=1, csp_outcome="18", csp_closedat="2026-06-01T15:00:00Z"
    )
    told.later()

    [event] = [msgspec.json.decode(each) for each in taken]
    assert event["data"]["closed_at"] == "2026-06-01T15:00:00Z"
    assert event["time"] > "2026-06-03"
    assert told.told_of(1) == 2


def test_after_a_change_of_the_schema_a_replay_tells_what_was_left_and_nothing_twice(
    tmp_path: Path,
) -> None:
    """The map lacked a code; it is corrected, and the system reads everything again."""
    told = Told(tmp_path)
    crime, other = told.crime(1), told.crime(2)
    told.later()
    for each, outcome in ((crime, "closed-18"), (other, "18")):
        told.force.change("incident", each, statecode=1, csp_outcome=outcome)
    told.later()
    [letter] = told.force.store.letters()
    closed = {
        "outcome": {"from": "{csp_outcome}", "values": {"closed-18": "18", "18": "18"}},
    }
    events = [
        structs.replace(each, data={**each.data, **closed}) if each.type == "CrimeClosed" else each
        for each in MANY_TRIES.events
    ]
    # Rows seen before the force added a column do not have it.
    for each in (crime, other):
        seen = told.force.store.row("incident", each)
        assert seen is not None
        del seen["csp_milestone"]
        told.force.store.set_row("incident", each, seen)
        told.force.change("incident", each, csp_milestone="scene_examined")
    told.force.rules = structs.replace(MANY_TRIES, events=tuple(events))
    told.force.flow = told.force.new_flow()
    told.force.system.forgets = True
    told.force.flow.replay()
    told.later()

    assert "CrimeClosed of incident 43260000001" in letter.why
    assert (told.told_of(1), told.told_of(2)) == (2, 2)
    assert told.force.store.letters() == []
    assert any("all is read again" in each for each in told.force.troubles)


def test_five_hundred_crimes_reallocated_at_once_are_each_told_once(tmp_path: Path) -> None:
    """They go in batches of a hundred; a break in a batch and a lost answer double nothing."""
    told = Told(tmp_path, FaultPlan(seed=5, lost_answer_share=0.2, cut_batch_share=0.3))
    with told.force.rows.caused_by("record-500"):
        crimes = [told.crime(number) for number in range(1, 501)]
    told.later(timedelta(minutes=30))
    before = told.portal.deliveries
    owner = told.officer()
    with told.force.rows.caused_by("reallocate-500"):
        for each in crimes:
            told.force.change("incident", each, **owner)
    told.later(timedelta(minutes=90))

    assert Counter(to for (to, _), times in told.texts.items() for _ in range(times)) == {
        f"07700900{number:03d}": 2 for number in range(1, 501)
    }
    assert told.portal.deliveries - before < 20


def test_the_same_plan_strikes_the_same_deliveries() -> None:
    """The seed repeats the faults; another seed has others."""

    def struck(seed: int) -> list[int | None]:
        faults = Faults(FaultPlan(seed=seed, dropped_share=0.5), lambda: START)
        portal = FaultyPortal(Portal(), faults)
        event = b'{"id":"1","source":"s","specversion":"1.0","type":"t","data":{}}'
        event = event.replace(b'"data"', b'"time":"2026-06-01T09:00:00Z","data"')
        return [portal.deliver([event], correlation_id="c")[0] for _ in range(30)]

    assert struck(1) == struck(1)
    assert struck(1) != struck(2)
    assert set(struck(1)) == {202, None}


def test_the_suites_own_plan_is_read() -> None:
    """It has every fault of deliveries, and an outage of each side."""
    plan = read_plan(ROOT / "scenarios" / "integration" / "faults.toml")

    assert {each.of for each in plan.outages} == {"portal", "source"}
    assert plan.duplicate_share > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("duplicate_share = 2", "duplicate_share: .* <= 1"),
        ("duplicates = 1", "no such key"),
        ('[[outages]]\nof = "moon"\nafter_seconds = 1.0\nseconds = 1.0', "outages.0..of: it is"),
    ],
)
def test_a_mistake_in_a_plan_is_named(tmp_path: Path, text: str, said: str) -> None:
    """File, field and value are in the sentence."""
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_plan(path)
