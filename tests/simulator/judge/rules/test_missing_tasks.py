"""The tasks that the force must be given, and in time."""

import pytest

from reference.contract.events import IncidentReported, MilestoneReached
from tests.simulator.judge.expected import fail
from tests.simulator.judge.facts.test_withheld_news import closed_case
from tests.simulator.judge.story import Story, one_invited


def test_somebody_has_to_be_asked_to_speak_to_them() -> None:
    """Without a task the force does not know that the portal keeps silent."""
    story, alex, crime, _closure = closed_case(task=False)

    assert story.harms() == [fail("lost", "SENS-02")]

    story.task(alex, crime, kind="contact_details")

    assert story.harms() == [fail("lost", "SENS-02")]

    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == []


def test_a_task_that_comes_late_is_late() -> None:
    """Meanwhile the victim may learn of it from another source."""
    story, alex, crime, _closure = closed_case(task=False)
    story.wait(hours=3)
    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == [fail("late", "SENS-02")]


def test_a_task_waits_for_the_crime_system_to_come_back() -> None:
    """While it is down no task can be raised: tasks are due after the catch-up time."""
    story, alex, crime, _closure = closed_case(task=False)
    story.crime_system_goes_down()
    story.wait(hours=5)

    assert story.harms() == []

    story.crime_system_comes_back()
    story.wait(hours=1)
    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == []


def test_nobody_need_be_asked_of_an_end_that_may_have_been_undone() -> None:
    """A closure and a reopening recorded at once: the contract does not say which was last."""
    story, alex, crime, _closure = closed_case()
    story.wait(days=1)
    story.reopened(crime)
    story.closed(crime, 5)

    assert story.harms() == []

    story.contacted(crime, alex)

    assert story.harms() == []

    story.wait(minutes=1)
    story.reopened(crime)
    story.wait(minutes=1)
    story.closed(crime, 5)

    assert fail("lost", "SENS-02") in story.harms()


def test_nobody_need_be_told_that_a_record_was_cancelled_before_it_came() -> None:
    """The portal never told the victim of the crime; an hour after it, it would have."""
    for number in ("07700900123", ""):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex.written(mobile_phone=number), deliver=False)
        story.cancelled(crime)
        story.deliver(crime)

        assert story.harms() == []

    story, _alex, crime = one_invited()
    story.cancelled(crime)

    assert story.harms() == [fail("lost", "SENS-02")]


@pytest.mark.parametrize("is_cancelled", [True, False])
def test_nobody_is_asked_of_bail_where_the_record_was_cancelled_before_it_came(
    *, is_cancelled: bool
) -> None:
    """Bail that came before its crime is asked about, unless the crime was cancelled by then."""
    story = Story(phase=2)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, deliver=False)
    reference = crime.crime_reference
    story.happens(
        MilestoneReached(
            crime_reference=reference, milestone="suspect_on_bail", reached_at=story.now
        )
    )
    if is_cancelled:
        story.cancelled(crime)
    story.deliver(crime)

    lost = fail("lost", "BAIL-01")
    assert [each for each in story.harms() if each == lost] == ([] if is_cancelled else [lost])


def test_a_crime_that_was_merged_before_it_came_needs_no_task_of_its_own() -> None:
    """The force was asked about the crime that it goes on as, who is told of a victim who died."""
    for comes_first in (False, True):
        story = Story()
        alex = story.person(channels=("text",), has_died=True)
        survivor = story.crime(alex)
        story.task(alex, survivor, kind="who_is_told")
        story.wait(hours=1)
        crime = story.crime(alex, deliver=comes_first)
        story.wait(hours=1)
        story.merged(crime, survivor)
        if not comes_first:
            story.deliver(crime)

        assert story.harms() == ([fail("lost", "SAFE-03")] if comes_first else [])


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_report_that_restricts_its_person_may_be_asked_about_before_it_is_answered(
    *, is_asked: bool
) -> None:
    """The portal asks the force as it takes the report, and says then that it has it."""
    story, alex, crime = one_invited()
    story.wait(hours=1)
    restricted = alex.written(is_restricted=True)
    report = story.happens(
        IncidentReported(
            crime_reference="43269999999",
            force="thames_valley",
            received_at=story.now,
            victim=restricted.record,
        ),
        deliver=False,
    )
    if is_asked:
        story.task(alex, crime, kind="sensitive_contact")
    story.deliver(report)
    story.wait(hours=1)
    story.note(crime, "A note.")

    assert story.harms() == ([] if is_asked else [fail("lost", "WHO-04")])
