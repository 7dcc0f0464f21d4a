"""The days that tasks name: none later than the order allows, weekends not counted."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from reference.contract.events import CrimeClosed, ToldInstead, VictimDetailsChanged
from reference.contract.messages import TaskKind
from simulator.inputs.order import CodeVersion
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story

#: The story begins on Monday 19 October: the fifth working day after it is the next Monday.
LAST = datetime(2026, 10, 27, tzinfo=UTC)
NEXT = datetime(2026, 10, 20, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TOLD: list[tuple[TaskKind, str]] = [("sensitive_contact", "SENS-04"), ("who_is_told", "SENS-05")]


def asked(*, enhanced: bool = False) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited, on a Monday."""
    story = Story(phase=3)
    alex = story.person(channels=("text",), enhanced_rights=enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    return story, alex, crime


@pytest.mark.parametrize(("kind", "requirement"), TOLD)
def test_a_person_speaks_within_the_codes_days(kind: TaskKind, requirement: str) -> None:
    """The last moment of the last working day is in time, and the next is not."""
    story, alex, crime = asked()
    story.task(alex, crime, kind=kind, due_at=LAST)

    assert story.harms() == []

    story.task(alex, crime, kind=kind, due_at=LAST + SECOND)

    assert story.harms() == [fail("late", requirement)]


def test_enhanced_rights_have_their_own_days() -> None:
    """An officer speaks to these victims within a working day."""
    story, alex, crime = asked(enhanced=True)
    story.task(alex, crime, kind="sensitive_contact", due_at=NEXT)

    assert story.harms() == []

    story.task(alex, crime, kind="sensitive_contact", due_at=NEXT + SECOND)

    assert story.harms() == [fail("late", "SENS-04")]


def test_an_answer_is_due_in_the_days_of_the_order() -> None:
    """They are the force's own, whatever the Victims' Code says of other news."""
    story, alex, crime = asked()
    two_way = msgspec.structs.replace(ORDER.two_way, reply_working_days=1)
    story.order = msgspec.structs.replace(ORDER, two_way=two_way)
    for due_at in (NEXT, NEXT + SECOND):
        story.asks(alex, crime, f"Is it due by {due_at}?")
        story.stamped(alex, crime, f"Is it due by {due_at}?")
        story.task(alex, crime, kind="victim_question", due_at=due_at)

    assert story.harms(end=story.now) == [fail("late", "TWO-14")]


def test_days_off_do_not_count() -> None:
    """A bank holiday of the order moves the last day, as a weekend does."""
    story, alex, crime = asked()
    days = (*ORDER.working_days.bank_holidays, NEXT.date())
    deadlines = msgspec.structs.replace(ORDER.deadlines, bank_holidays=days)
    story.order = msgspec.structs.replace(ORDER, deadlines=deadlines)
    story.task(alex, crime, kind="sensitive_contact", due_at=LAST + timedelta(days=1))

    assert story.harms() == []


@pytest.mark.parametrize("kind", ["sensitive_contact", "who_is_told", "contact_ended", "breach"])
def test_what_the_order_sets_no_day_for_may_name_any(kind: TaskKind) -> None:
    """A task without a day leaves it to the crime system; other tasks have no working days."""
    story, alex, crime = asked()
    due_at = LAST + timedelta(days=9) if kind == "contact_ended" else None
    story.task(alex, crime, kind=kind, due_at=due_at)

    assert story.harms() == []


def test_a_child_and_a_bereaved_family_have_enhanced_rights_anyway() -> None:
    """The Victims' Code gives them one working day, whether or not the rights are recorded."""
    told = ToldInstead(given_name="Robin", family_name="Ashdown", safe_to_contact=True)
    for changes, last in (
        ({"has_died": True}, NEXT),
        ({"born": date(2010, 5, 1)}, NEXT),
        ({"who_is_told": "another", "told_instead": told}, NEXT),
        ({"who_is_told": "another", "told_instead": told, "kind": "organisation"}, LAST),
        ({"born": date(1990, 5, 1)}, LAST),
    ):
        for kind, requirement in TOLD:
            for late, harms in ((timedelta(0), []), (SECOND, [fail("late", requirement)])):
                story = Story(phase=3)
                alex = story.person(channels=("text",))
                crime = story.crime(alex.written(**changes))
                story.task(alex, crime, kind=kind, due_at=last + late)
                found = [each for each in story.harms(end=story.now) if each[1] == "late"]

                assert found == harms, (changes, kind)


def test_the_days_to_tell_how_a_case_ended_count_from_when_it_did() -> None:
    """What is overdue already may still be given a working day; other tasks count from now."""
    for ago, days_left in ((2, 3), (9, 1)):
        for late, harms in ((timedelta(0), []), (SECOND, [fail("late", "SENS-04")])):
            story, alex, crime = asked()
            story.wait(days=17)
            event = CrimeClosed(
                crime_reference=crime.crime_reference,
                outcome=5,
                closed_at=story.now - timedelta(days=ago),
            )
            story.happens(event)
            latest = ORDER.working_days.deadline(story.now, days_left) + late
            story.task(alex, crime, kind="sensitive_contact", due_at=latest)
            found = [each for each in story.harms(end=story.now) if each[1] == "late"]

            assert found == harms


def test_the_days_are_those_of_the_code_in_force_when_the_case_ended() -> None:
    """A newer Code has days of its own for what happens from its first day on."""
    for ago, last in ((4, 5), (2, 1)):
        for late, harms in ((timedelta(0), []), (SECOND, [fail("late", "SENS-04")])):
            story, alex, crime = asked()
            story.wait(days=17)
            first_day = (story.now - timedelta(days=3)).date()
            new = CodeVersion(
                version="new", in_force_from=first_day, working_days=1, working_days_enhanced=1
            )
            old = msgspec.structs.replace(
                new, version="old", in_force_from=date(2020, 1, 1), working_days=9
            )
            deadlines = msgspec.structs.replace(ORDER.deadlines, code=(old, new))
            story.order = msgspec.structs.replace(ORDER, deadlines=deadlines)
            closed_at = story.now - timedelta(days=ago)
            reference = crime.crime_reference
            story.happens(CrimeClosed(crime_reference=reference, outcome=5, closed_at=closed_at))
            latest = ORDER.working_days.deadline(story.now, last) + late
            story.task(alex, crime, kind="sensitive_contact", due_at=latest)
            found = [each for each in story.harms(end=story.now) if each[1] == "late"]

            assert found == harms, (ago, late)


@pytest.mark.parametrize("is_delivered", [True, False])
def test_a_task_of_the_moment_in_which_rights_change_may_have_either_day(
    *, is_delivered: bool
) -> None:
    """The portal raises it before it answers the delivery, which it may refuse."""
    story, alex, crime = asked(enhanced=True)
    event = VictimDetailsChanged(
        crime_reference=crime.crime_reference, victim=alex.written(enhanced_rights=False).record
    )
    changed = story.happens(event, deliver=False)
    story.task(alex, crime, kind="sensitive_contact", due_at=LAST)
    story.deliver(changed, status=202 if is_delivered else 503)

    found = [each for each in story.harms(end=story.now) if each[3] == "SENS-04"]
    assert found == ([] if is_delivered else [fail("late", "SENS-04")])
