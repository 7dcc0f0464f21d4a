"""A portal with the order's own days is in phase 2 within a run of phase 1: one cause, one line."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from reference.contract.events import MilestoneReached
from simulator.accept.seeming_phase import phase_that_explains, seeming_phase
from simulator.evidence.records import PhaseEntered, Record
from simulator.evidence.scenario_mark import ScenarioJudged
from simulator.judge.judged_again import judged_again
from simulator.results.values import ScenarioResult, SeemingPhase
from tests.simulator.accept.test_requirement_verdicts import TARGET
from tests.simulator.judge.force_story import ORDER, Person
from tests.simulator.judge.story import Story

#: A run of phase 1 has phase 2 go live ten years later than the order.
RUN = ORDER.staying_in(1)
BUNDLE = timedelta(minutes=ORDER.messages.bundle_minutes)


def judged_of(story: Story, number: int, person: Person) -> ScenarioJudged:
    """Make the mark at the end of one person's scenario."""
    return ScenarioJudged(
        at=story.now,
        scenario=f"Scenario {number}",
        starts=story.records[0].at,
        records=len(story.records),
        people=(person.person_id,),
        crimes=(),
        left_out=(),
        steps_held=True,
    )


def run_of(people: int, *, announces: bool) -> tuple[list[ScenarioResult], list[Record]]:
    """Have a portal bundle news, and announce milestones or not, in a run of phase 1."""
    story = Story(phase=1)
    story.records.append(PhaseEntered(at=story.now, phase=1))
    followers = [story.person(f"Alex {number}", channels=("text",)) for number in range(people)]
    for each in followers:
        crime = story.crime(each)
        story.invite(each, crime)
        story.wait(hours=1)
        news = story.deployed(crime)
        story.wait(minutes=int(BUNDLE.total_seconds() // 60))
        story.tell(each, news)
        reached = MilestoneReached(
            crime_reference=crime.crime_reference,
            milestone="suspect_arrested",
            reached_at=story.now,
        )
        step = story.happens(reached)
        story.wait(minutes=int(BUNDLE.total_seconds() // 60))
        if announces:
            story.tell(each, step)
        story.wait(hours=21)
    marks = [judged_of(story, number, each) for number, each in enumerate(followers)]
    records = [*story.records]
    for mark in marks:
        records.append(structs.replace(mark, records=len(records)))
    return results_of(records), records


def results_of(records: list[Record]) -> list[ScenarioResult]:
    """Give the results that the run had of its own order."""
    return [
        ScenarioResult(
            name=name,
            feature="A",
            phase=1,
            requirements=("MSG-01",),
            verdict="FAIL" if any(f.kind == "FAIL" for f in each.findings) else "PASS",
            findings=each.findings,
        )
        for name, each in judged_again(records, RUN, correlates=True).items()
    ]


def explained(scenarios: list[ScenarioResult], records: list[Record]) -> SeemingPhase | None:
    """Find the phase that explains a run of phase 1."""
    return phase_that_explains(ORDER, scenarios, records, phase=1, capabilities={"correlates"})


def test_what_phase_2_explains_is_one_cause() -> None:
    """It bundles and announces milestones; judged as if phase 2 were live, nothing is wrong."""
    scenarios, records = run_of(6, announces=True)
    assert {each.verdict for each in scenarios} == {"FAIL"}

    found = explained(scenarios, records)

    assert found is not None
    assert (found.phase, found.failed, len(found.explained)) == (2, 6, 6)
    assert found.live_by_order == ORDER.go_live.phase_2
    assert found.live_in_run == RUN.go_live.phase_2


@pytest.mark.parametrize(("people", "announces"), [(6, False), (4, True)])
def test_a_slow_portal_is_not_in_phase_2_and_few_failures_need_no_headline(
    people: int,
    announces: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    """It sends nothing that phase 1 does not have; or each failure can be read."""
    scenarios, records = run_of(people, announces=announces)
    assert {each.verdict for each in scenarios} == {"FAIL"}

    assert explained(scenarios, records) is None


def test_other_failures_are_not_put_down_to_the_phase() -> None:
    """Where most of them stay, they are what has to be looked into."""
    scenarios, records = run_of(6, announces=True)
    [finding, *_others] = scenarios[0].findings
    others = [
        structs.replace(scenarios[0], name=f"Another {number}", findings=(finding,))
        for number in range(6)
    ]

    assert explained([*scenarios, *others], records) is None


def test_a_run_without_evidence_is_not_judged_again(tmp_path: Path) -> None:
    """Nothing ran, or few scenarios failed."""
    assert seeming_phase(TARGET, [], phase=1, out=tmp_path) is None
