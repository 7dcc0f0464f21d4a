"""Asking to talk about withdrawing becomes one task; stopping messages never does."""

import pytest

from simulator.evidence.records import WithdrawalRefused
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.rules.test_task_addressees import (
    OKAFOR,
    TEAM,
    WITNESS_CARE,
    absent,
    allocated,
    charged,
)
from tests.simulator.judge.story import Story, one_invited

KIND = "withdrawal_discussion"
ASKED = "the victim asked to talk about no longer supporting this; speak to them first"


def told() -> tuple[Story, Person, Happened]:
    """Tell of a victim whose crime has an officer in charge, and who has read of it."""
    story, alex, crime = one_invited()
    news = allocated(story, crime)
    story.tell(alex, news)
    story.wait(hours=1)
    return story, alex, crime


def task(
    story: Story,
    person: Person,
    crime: Happened,
    assignee: str = OKAFOR.collar_number,
    *,
    reason: str = ASKED,
) -> None:
    """Have the portal ask an officer to talk about withdrawing."""
    story.task(person, crime, kind="withdrawal_discussion", assignee=assignee, reason=reason)


def test_one_task_for_the_officer_is_right() -> None:
    """At the same moment too, whichever is written down first."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)

    assert story.harms() == []

    story, alex, crime = told()
    task(story, alex, crime)
    story.asks_to_withdraw(alex, crime)

    assert story.harms() == []


def test_a_request_without_a_task_is_lost() -> None:
    """And late where the task came after the time that the order allows."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)

    assert story.harms() == [fail("lost", "WITHDRAW-01")]

    story.wait(hours=5)
    task(story, alex, crime)

    assert story.harms() == [fail("late", "WITHDRAW-01")]


@pytest.mark.parametrize(("hours", "harms"), [(24, []), (25, [fail("lost", "WITHDRAW-01")])])
def test_the_task_of_the_day_before_answers_no_request(hours: int, harms: list[Harmed]) -> None:
    """Within a day the officer who has it may not have spoken to the victim yet."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)
    story.wait(hours=hours)
    story.asks_to_withdraw(alex, crime)

    assert story.harms() == harms


def test_a_second_request_of_the_day_needs_no_second_task() -> None:
    """It may have one, but never more tasks than requests; a later one has its own."""
    story, alex, crime = told()
    for _ in range(2):
        story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)

    assert story.harms() == []

    task(story, alex, crime)

    assert story.harms() == []

    task(story, alex, crime)

    assert story.harms() == [fail("duplicated", "WITHDRAW-01")]

    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)
    story.wait(days=2)
    story.asks_to_withdraw(alex, crime)

    assert story.harms() == [fail("lost", "WITHDRAW-01")]


def test_one_press_is_no_request() -> None:
    """A task that comes of it is one too many."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime, confirmed=False)

    assert story.harms() == []

    task(story, alex, crime)

    assert story.harms() == [fail("lost", "WITHDRAW-02")]


@pytest.mark.parametrize("by", ["portal", "text"])
def test_stopping_messages_is_no_request(by: str) -> None:
    """Whatever the task for it says, it is not that the victim withdraws."""
    story, alex, crime = told()
    if by == "portal":
        story.chooses(alex)
    else:
        story.texts(alex.known.mobile_phone, "STOP")
    story.task(alex, crime, kind="contact_ended", reason="they want no more messages")

    assert story.harms() == []

    task(story, alex, crime)

    assert story.harms() == [fail("lost", "CONT-06")]


@pytest.mark.parametrize(
    ("reason", "is_wrong"),
    [
        ("the victim says they no longer support this; speak to them", True),
        ("victim has withdrawn: outcome 16", True),
        ("the victim does not support the investigation", True),
        ("they want no more messages; this says nothing of whether they support the case", False),
        ("no more texts; find another way to support the victim", False),
    ],
)
def test_a_stopped_channel_is_not_said_to_withdraw(reason: str, *, is_wrong: bool) -> None:
    """Words that say that it is none, or not known, are no such claim."""
    story, alex, crime = told()
    story.chooses(alex)
    story.task(alex, crime, kind="contact_ended", reason=reason)

    assert story.harms() == ([fail("lost", "CONT-06")] if is_wrong else [])


def test_the_task_of_a_request_decides_nothing() -> None:
    """It may not say that the victim has withdrawn."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime, reason="the victim no longer supports the investigation")

    assert story.harms() == [fail("lost", "WITHDRAW-01")]


def test_another_persons_crime_is_refused() -> None:
    """At the first step already; what comes of it is not counted again."""
    story, _alex, crime = told()
    sam = story.person("sam", channels=())
    story.crime(sam)
    story.asks_to_withdraw(sam, crime, confirmed=False)

    assert fail("disclosed", "WITHDRAW-04") in story.harms()

    story, _alex, crime = told()
    sam = story.person("sam", channels=())
    story.crime(sam)
    story.asks_to_withdraw(sam, crime)
    task(story, sam, crime)

    assert [each[:4] for each in story.harms() if "WITHDRAW" in each[3]] == [
        ("FAIL", "disclosed", "portal", "WITHDRAW-04")
    ]


def test_the_officer_of_the_crime_it_was_merged_into_is_asked() -> None:
    """And a request that is lost by then breaks that requirement."""
    story, alex, crime = told()
    other = story.crime(story.person("sam", channels=()))
    story.merged(crime, other)
    story.wait(hours=1)
    story.asks_to_withdraw(alex, crime)

    assert fail("lost", "WITHDRAW-03") in story.harms()


@pytest.mark.parametrize(
    ("assignee", "is_right"),
    [(TEAM, True), (OKAFOR.collar_number, False), ("Another queue", False)],
)
def test_an_officer_who_left_is_not_asked(assignee: str, *, is_right: bool) -> None:
    """The team is."""
    story, alex, crime = told()
    absent(story, crime, "left")
    story.wait(hours=1)
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime, assignee)

    expected = [] if is_right else [fail("lost", "WITHDRAW-03")]
    assert [each for each in story.harms() if each[3].startswith("WITHDRAW")] == expected


def test_after_a_charge_witness_care_may_be_asked_too() -> None:
    """Besides the officer, once each."""
    story, alex, crime = told()
    charged(story, crime)
    story.wait(hours=1)
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)
    task(story, alex, crime, WITNESS_CARE)

    assert [each for each in story.harms() if each[3].startswith("WITHDRAW")] == []


@pytest.mark.parametrize(("status", "is_wrong"), [(404, True), (401, False), (429, False)])
def test_the_victim_of_a_live_case_is_not_refused(status: int, *, is_wrong: bool) -> None:
    """They may have to sign in again, or to wait; of a closed case a portal may refuse."""
    for is_closed in (False, True):
        story, alex, crime = told()
        if is_closed:
            story.tell(alex, story.closed(crime))
            story.wait(hours=1)
        story.records.append(
            WithdrawalRefused(
                at=story.now,
                person_id=alex.person_id,
                crime_reference=crime.crime_reference,
                status=status,
            )
        )

        expected = [fail("lost", "WITHDRAW-01")] if is_wrong and not is_closed else []
        assert story.harms() == expected


def test_no_message_says_what_was_asked() -> None:
    """A person who holds the phone would read it."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime)
    task(story, alex, crime)
    story.message(alex, "text", story.deployed(crime), body="You asked about withdrawing. Sign in.")

    assert fail("disclosed", "WITHDRAW-05") in story.harms()


def test_the_portal_does_not_say_that_it_has_ended() -> None:
    """An officer speaks to the victim first."""
    story, alex, crime = told()
    story.asks_to_withdraw(alex, crime, said="Thank you. The investigation has ended.")
    task(story, alex, crime)

    assert story.harms() == [fail("disclosed", "WITHDRAW-05")]


@pytest.mark.parametrize("is_merged", [True, False])
def test_after_a_merger_that_is_taken_back_the_task_of_then_will_do(*, is_merged: bool) -> None:
    """It was for the officer of the crime that theirs went on as; of any other crime it is none."""
    story, alex, crime = told()
    other = story.crime(story.person("sam", channels=()))
    if is_merged:
        story.merged(crime, other)
    story.wait(hours=1)
    story.asks_to_withdraw(alex, crime)
    task(story, alex, other, "")
    story.wait(hours=1)
    story.unmerged(crime)

    found = [each[3] for each in story.harms() if each[3] in {"WITHDRAW-01", "CONT-06"}]
    assert sorted(found) == ([] if is_merged else ["CONT-06", "WITHDRAW-01"])


@pytest.mark.parametrize("tasks", [2, 3])
def test_what_was_asked_of_the_crime_that_theirs_was_merged_into_keeps_its_tasks(
    tasks: int,
) -> None:
    """When it is taken back, the request is of their own crime, and its task still of the other."""
    story, alex, crime = told()
    other = story.crime(story.person("sam", channels=()))
    story.merged(crime, other)
    for number in range(2):
        story.wait(minutes=1)
        story.asks_to_withdraw(alex, other)
        for _ in range(tasks - 1 if number else 1):
            task(story, alex, other, "")
    story.unmerged(crime)

    found = [each[3] for each in story.harms() if each[3] in {"WITHDRAW-01", "CONT-06"}]
    assert found == ["WITHDRAW-01"] * (tasks - 2)
