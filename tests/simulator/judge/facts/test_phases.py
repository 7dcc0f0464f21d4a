"""No portal is charged with a phase that its run never entered, whatever the order's date says."""

from datetime import timedelta

import pytest

from reference.contract.events import MilestoneReached
from simulator.evidence.records import PhaseEntered
from simulator.judge.facts.phases import Phases
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, ORDER, Happened, Person
from tests.simulator.judge.story import Story

MOMENT = timedelta(seconds=1)
LIVE_AT = {phase: ORDER.go_live_at(phase) for phase in (1, 2, 3)}
PER_WEEK = ORDER.messages.per_week_max


def invited(entered: int, *, subgroup: str = "Criminal damage") -> tuple[Story, Person, Happened]:
    """Tell of a victim invited after phase 2's day, in a run that has entered this phase."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    story.records.append(PhaseEntered(at=story.now - timedelta(days=1), phase=entered))
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime


def milestone(story: Story, crime: Happened) -> Happened:
    """Have the scene examined, which is announced from phase 2 on."""
    return story.happens(
        MilestoneReached(
            crime_reference=crime.crime_reference,
            milestone="suspect_arrested",
            reached_at=story.now,
        )
    )


@pytest.mark.parametrize(("entered", "harms"), [(1, []), (2, [fail("lost", "MSG-01")])])
def test_what_a_later_phase_announces_is_owed_once_it_is_entered(
    entered: int, harms: list[object]
) -> None:
    """In a run that stays in phase 1, a milestone need not be announced in August."""
    story, _alex, crime = invited(entered)
    milestone(story, crime)

    assert story.harms() == harms


def test_a_portal_that_goes_by_the_date_is_not_charged_either() -> None:
    """The order's date allows what the later phase has: the message answers something."""
    story, alex, crime = invited(1)
    story.tell(alex, milestone(story, crime))

    assert story.harms() == []


@pytest.mark.parametrize(("entered", "harms"), [(1, []), (2, [fail("lost", "JOUR-04")])])
def test_silence_is_counted_from_the_day_phase_2_is_entered(
    entered: int, harms: list[object]
) -> None:
    """Weeks of silence in phase 1 break no promise."""
    story, *_rest = invited(entered)
    story.wait(days=50)

    assert story.harms(end=story.now) == harms


def test_silence_before_the_run_enters_phase_2_does_not_count() -> None:
    """The wait begins when the run does: 28 days from then, and the rest of the last."""
    story, *_rest = invited(1)
    story.wait(days=30)
    story.records.append(PhaseEntered(at=story.now, phase=2))
    story.wait(days=28, hours=12)

    assert story.harms(end=story.now) == []

    story.wait(days=2)

    assert story.harms(end=story.now) == [fail("lost", "JOUR-04")]


@pytest.mark.parametrize(("entered", "harms"), [(1, []), (2, [fail("lost", "JOUR-01")])])
def test_advice_is_owed_once_phase_2_is_entered(entered: int, harms: list[object]) -> None:
    """Advice is a part of phase 2."""
    story, *_rest = invited(entered, subgroup="Bicycle theft")
    story.wait(days=12)

    assert story.harms(end=story.now) == harms


@pytest.mark.parametrize(("entered", "harms"), [(1, []), (2, [fail("noise", "JOUR-02")])])
def test_the_weekly_limit_holds_once_phase_2_is_entered(entered: int, harms: list[object]) -> None:
    """Before it each piece of news is its own message."""
    story, alex, crime = invited(entered)
    for _time in range(PER_WEEK + 1):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)

    assert story.harms() == harms


def test_without_evidence_of_a_phase_the_dates_count() -> None:
    """A rehearsal enters none: its portal is live by the order."""
    phases = Phases(ORDER)

    assert [phases.owed_at(LIVE_AT[each]) for each in (1, 2, 3)] == [1, 2, 3]
    assert phases.owed_at(LIVE_AT[1] - MOMENT) == 0
    assert [phases.owed_from(each) for each in (1, 2, 3)] == list(LIVE_AT.values())


def test_a_phase_entered_before_its_day_is_owed_from_that_day() -> None:
    """The order says from when; the run says that its portal is there."""
    phases = Phases(ORDER)
    phases.entered(PhaseEntered(at=LIVE_AT[1], phase=2))

    assert phases.owed_at(LIVE_AT[2] - MOMENT) == 1
    assert phases.owed_at(LIVE_AT[3]) == 2
    assert (phases.owed_from(2), phases.owed_from(3)) == (LIVE_AT[2], None)
