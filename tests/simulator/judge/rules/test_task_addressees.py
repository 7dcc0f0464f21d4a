"""Every task is for a person at the force who has the crime, and is at work."""

from datetime import datetime, timedelta
from typing import Literal

import pytest
from msgspec import structs

from reference.contract.events import (
    CrimeAllocated,
    Officer,
    OfficerUnavailable,
    OutcomeRecorded,
)
from reference.contract.messages import Subject, TaskKind
from simulator.evidence.records import EventDelivered
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited

OKAFOR, LUND = Officer("PC Okafor", "4271"), Officer("PC Lund", "1193")
TEAM = "Burglary team"
WITNESS_CARE = "Thames Valley Witness Care Unit"
WORDS = "Has anybody looked at the cameras?"


def allocated(
    story: Story,
    crime: Happened,
    officer: Officer | None = OKAFOR,
    team: str = TEAM,
    *,
    at: datetime | None = None,
    deliver: bool = True,
) -> Happened:
    """Put an officer in charge, or a team."""
    event = CrimeAllocated(
        crime_reference=crime.crime_reference,
        allocated_at=at or story.now,
        officer_in_charge=officer,
        team=team,
    )
    return story.happens(event, deliver=deliver)


def absent(
    story: Story,
    crime: Happened,
    why: Literal["away", "left"] = "away",
    *,
    until: datetime | None = None,
    officer: Officer = OKAFOR,
) -> None:
    """Have PC Okafor, unless told who, away, or gone for good."""
    story.happens(
        OfficerUnavailable(
            crime_reference=crime.crime_reference,
            officer=officer,
            why=why,
            unavailable_at=story.now,
            until=until,
        )
    )


def charged(story: Story, crime: Happened) -> None:
    """Charge a suspect."""
    story.happens(
        OutcomeRecorded(crime_reference=crime.crime_reference, outcome=1, decided_at=story.now)
    )


def asks(story: Story, alex: Person, crime: Happened, assignee: str) -> None:
    """Have a victim ask a question, and the portal raise the task for it."""
    story.asks(alex, crime, WORDS)
    story.stamped(alex, crime, WORDS)
    story.task(alex, crime, kind="victim_question", assignee=assignee)


def told(story: Story, alex: Person, news: Happened) -> Happened:
    """Tell the victim of some news at once."""
    story.tell(alex, news)
    story.wait(hours=2)
    return news


def with_okafor() -> tuple[Story, Person, Happened]:
    """Tell of a victim whose crime PC Okafor of a team has."""
    story, alex, crime = one_invited(phase=3)
    told(story, alex, allocated(story, crime))
    return story, alex, crime


def harms(story: Story) -> list[object]:
    """Judge now, before any answer can be late."""
    return [each for each in story.harms(end=story.now) if each[3].startswith("TWO")]


@pytest.mark.parametrize(
    ("assignee", "expected"),
    [(OKAFOR.collar_number, []), (TEAM, [fail("lost", "TWO-03")]), ("", [fail("lost", "TWO-03")])],
)
def test_the_officer_in_charge_is_asked(assignee: str, expected: list[object]) -> None:
    """The team has an officer, and nobody in particular has none."""
    story, alex, crime = with_okafor()
    asks(story, alex, crime, assignee)

    assert harms(story) == expected


@pytest.mark.parametrize("why", ["away", "left"])
def test_the_team_is_asked_while_the_officer_is_absent(why: Literal["away", "left"]) -> None:
    """An officer who is not there does not read the question."""
    story, alex, crime = with_okafor()
    absent(story, crime, why)
    asks(story, alex, crime, TEAM)

    assert harms(story) == []

    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == [fail("lost", "TWO-09")]


@pytest.mark.parametrize(("seconds", "is_back"), [(-1, False), (0, True), (1, True)])
def test_an_officer_who_is_back_is_asked(seconds: int, *, is_back: bool) -> None:
    """The absence ends when the force said, to the second."""
    story, alex, crime = with_okafor()
    until = story.now + timedelta(days=3)
    absent(story, crime, until=until)
    story.until(until + timedelta(seconds=seconds))
    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == ([] if is_back else [fail("lost", "TWO-09")])


def test_an_officer_who_has_left_does_not_come_back() -> None:
    """Whatever moment stands beside it."""
    story, alex, crime = with_okafor()
    absent(story, crime, "left", until=story.now + timedelta(days=1))
    story.wait(days=2)
    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == [fail("lost", "TWO-09")]


def test_the_officer_who_has_the_crime_now_is_asked() -> None:
    """The one before had it, and has it no longer."""
    story, alex, crime = with_okafor()
    told(story, alex, allocated(story, crime, LUND))
    asks(story, alex, crime, LUND.collar_number)

    assert harms(story) == []

    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == [fail("lost", "TWO-09")]


def test_an_older_allocation_that_comes_late_is_none() -> None:
    """It was recorded before the newest, and delivered after it."""
    story, alex, crime = one_invited(phase=3)
    older = allocated(story, crime, LUND, deliver=False)
    story.wait(hours=1)
    told(story, alex, allocated(story, crime))
    story.deliver(older)
    asks(story, alex, crime, LUND.collar_number)

    assert harms(story) == [fail("lost", "TWO-09")]


def test_what_the_portal_was_not_told_yet_may_be_left_to_the_crime_system() -> None:
    """The portal knows the first officer, the force the second: either is right."""
    story, alex, crime = with_okafor()
    allocated(story, crime, LUND, deliver=False)
    story.wait(hours=1)
    asks(story, alex, crime, OKAFOR.collar_number)
    asks(story, alex, crime, LUND.collar_number)

    assert harms(story) == []


def test_the_witness_care_unit_is_asked_after_a_charge() -> None:
    """The officer has nothing more to say of it."""
    story, alex, crime = with_okafor()
    charged(story, crime)
    asks(story, alex, crime, WITNESS_CARE)

    assert harms(story) == []

    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == [fail("lost", "TWO-06")]


def test_the_officer_is_asked_again_after_a_reopening() -> None:
    """The court has it no longer."""
    story, alex, crime = with_okafor()
    charged(story, crime)
    story.wait(hours=1)
    story.reopened(crime)
    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == []

    asks(story, alex, crime, WITNESS_CARE)

    assert harms(story) == [fail("lost", "TWO-03")]


def test_the_surviving_crime_has_the_officer() -> None:
    """After a merger the officer of the crime that is no more is not asked."""
    story, alex, crime = with_okafor()
    other = story.crime(alex)
    story.tell(alex, other)
    told(story, alex, allocated(story, other, LUND))
    story.merged(crime, other)
    story.wait(hours=1)
    asks(story, alex, other, LUND.collar_number)

    assert harms(story) == []

    asks(story, alex, other, OKAFOR.collar_number)

    assert harms(story) == [fail("lost", "TWO-03")]


def test_a_task_that_waited_may_be_for_the_officer_of_then() -> None:
    """It was written when the question was, and the crime system was down since."""
    story, alex, crime = with_okafor()
    story.crime_system_goes_down()
    story.asks(alex, crime, WORDS)
    story.wait(hours=1)
    told(story, alex, allocated(story, crime, LUND))
    story.crime_system_comes_back()
    story.stamped(alex, crime, WORDS)
    story.task(alex, crime, kind="victim_question", assignee=OKAFOR.collar_number)

    assert harms(story) == []


TASKS: list[tuple[TaskKind, str]] = [
    ("contact_details", "DATA-03"),
    ("sensitive_contact", "SENS-02"),
    ("contact_ended", "CONT-02"),
]


@pytest.mark.parametrize(("kind", "requirement"), TASKS)
def test_no_task_is_for_an_officer_who_has_left(kind: TaskKind, requirement: str) -> None:
    """Any queue will do, and whom the crime system finds, but not a person who is not there."""
    story, alex, crime = with_okafor()
    absent(story, crime, "left")
    story.wait(hours=1)
    for assignee in (TEAM, "", "Data quality"):
        story.task(alex, crime, kind=kind, assignee=assignee)

    assert story.harms(end=story.now) == []

    story.task(alex, crime, kind=kind, assignee=OKAFOR.collar_number)

    assert story.harms(end=story.now) == [fail("lost", requirement)]


def test_an_event_that_the_portal_did_not_take_is_not_known() -> None:
    """It answered 503: the officer of before is asked, or whom the force has."""
    story, alex, crime = with_okafor()
    later = allocated(story, crime, LUND, deliver=False)
    story.records.append(EventDelivered(at=story.now, event_id=later.event_id, status=503))
    story.wait(hours=1)
    asks(story, alex, crime, OKAFOR.collar_number)

    assert harms(story) == []


def test_a_late_answer_is_in_the_queue_of_the_supervisors() -> None:
    """Never in that of the officer or the team who had the question."""
    story, alex, crime = with_okafor()
    asks(story, alex, crime, OKAFOR.collar_number)
    story.wait(days=8)
    supervisors = ORDER.supervisors["thames_valley"]
    story.task(alex, crime, kind="late_answer", assignee=supervisors)

    assert harms(story) == []

    for queue in (OKAFOR.collar_number, TEAM, "", ORDER.supervisors["hampshire"]):
        story.records.pop()
        story.task(alex, crime, kind="late_answer", assignee=queue)

        assert harms(story) == [fail("lost", "TWO-08")]


def test_a_team_with_supervisors_of_its_own_has_its_late_answers_there() -> None:
    """As the force ordered it."""
    story, alex, crime = with_okafor()
    story.order = structs.replace(ORDER, supervisors=ORDER.supervisors | {TEAM: "Sergeants"})
    asks(story, alex, crime, OKAFOR.collar_number)
    story.wait(days=8)
    story.task(alex, crime, kind="late_answer", assignee="Sergeants")

    assert harms(story) == []

    story.records.pop()
    story.task(alex, crime, kind="late_answer", assignee=ORDER.supervisors["thames_valley"])

    assert harms(story) == [fail("lost", "TWO-08")]


@pytest.mark.parametrize("assignee", [WITNESS_CARE, OKAFOR.collar_number])
def test_after_a_charge_and_a_closure_either_is_asked(assignee: str) -> None:
    """A charged case is never called closed, and a closure is the end of it."""
    story, alex, crime = with_okafor()
    charged(story, crime)
    story.wait(hours=1)
    story.closed(crime)
    story.wait(hours=1)
    asks(story, alex, crime, assignee)

    assert harms(story) == []


def test_a_crime_that_was_merged_into_an_unknown_one_keeps_its_supervisors() -> None:
    """The portal does not have the surviving crime: the question was asked of this one."""
    story, alex, crime = with_okafor()
    asks(story, alex, crime, OKAFOR.collar_number)
    story.wait(days=10)
    story.merged(crime, story.crime(deliver=False))
    story.task(alex, crime, kind="late_answer", assignee=ORDER.supervisors["thames_valley"])

    assert harms(story) == []


def test_the_force_may_give_a_task_to_the_officer_of_a_crime_the_portal_lacks() -> None:
    """It has merged the crime; the portal has neither the merger nor the surviving crime."""
    story, alex, crime = with_okafor()
    other = story.crime(alex, deliver=False)
    allocated(story, other, LUND, deliver=False)
    story.task(alex, crime, kind="contact_ended", assignee=LUND.collar_number)

    assert fail("lost", "CONT-02") in story.harms(end=story.now)

    story, alex, crime = with_okafor()
    other = story.crime(alex, deliver=False)
    allocated(story, other, LUND, deliver=False)
    story.merged(crime, other, deliver=False)
    story.task(alex, crime, kind="contact_ended", assignee=LUND.collar_number)

    assert story.harms(end=story.now) == []


def test_after_a_charge_property_and_bail_may_go_to_the_officer() -> None:
    """The witness care unit deals with court: what is not of the court either may have."""
    for words, expected in (
        ("When do I get my bicycle back?", []),
        ("He broke his bail conditions", []),
        ("When is the hearing?", [fail("lost", "TWO-06")]),
    ):
        for assignee in (OKAFOR.collar_number, WITNESS_CARE):
            story, alex, crime = one_invited(phase=3)
            allocated(story, crime)
            charged(story, crime)
            story.wait(hours=1)
            story.asks(alex, crime, words)
            story.stamped(alex, crime, words)
            story.task(alex, crime, kind="victim_question", assignee=assignee)
            found = [each for each in story.harms() if each[3] == "TWO-06"]

            assert found == ([] if assignee == WITNESS_CARE else expected)


@pytest.mark.parametrize("about", ["threats", "property", "bail"])
def test_after_a_charge_what_is_said_to_be_about_it_is_for_the_officer(about: Subject) -> None:
    """The witness care unit does not deal with it, whatever the words are."""
    for assignee, expected in (
        (OKAFOR.collar_number, []),
        (WITNESS_CARE, [fail("lost", "TWO-06")]),
    ):
        story, alex, crime = one_invited(phase=3)
        allocated(story, crime)
        charged(story, crime)
        story.wait(hours=1)
        story.asks(alex, crime, WORDS, about)
        story.task(alex, crime, kind="victim_question", assignee=assignee)
        found = [each for each in story.harms() if each[3] == "TWO-06"]

        assert found == expected


@pytest.mark.parametrize("assignee", [OKAFOR.collar_number, WITNESS_CARE])
@pytest.mark.parametrize("about", ["bail", "other"])
def test_a_task_that_is_raised_at_once_is_judged_by_its_question(
    about: Subject, assignee: str
) -> None:
    """A portal may file within the request, before the question is written down."""
    story, alex, crime = one_invited(phase=3)
    allocated(story, crime)
    charged(story, crime)
    story.wait(hours=1)
    story.stamped(alex, crime, WORDS)
    story.task(alex, crime, kind="victim_question", assignee=assignee)
    story.asks(alex, crime, WORDS, about)
    found = [each for each in story.harms() if each[3] == "TWO-06"]
    is_right = (about == "bail") == (assignee == OKAFOR.collar_number)

    assert found == ([] if is_right else [fail("lost", "TWO-06")])


def test_a_task_that_no_question_comes_to_is_judged_at_the_end() -> None:
    """It is for nobody who has the crime, whatever it is about."""
    story, alex, crime = with_okafor()
    story.task(alex, crime, kind="victim_question", assignee="1111")

    assert fail("lost", "TWO-03") in harms(story)


def test_of_two_open_questions_a_task_may_be_for_either() -> None:
    """One is about court, and one about bail: nobody can tell which the task is for."""
    for assignee in (OKAFOR.collar_number, WITNESS_CARE):
        story, alex, crime = one_invited(phase=3)
        allocated(story, crime)
        charged(story, crime)
        story.wait(hours=1)
        story.asks(alex, crime, "He broke his bail conditions", "bail")
        story.asks(alex, crime, "When is the hearing?", "other")
        story.task(alex, crime, kind="victim_question", assignee=assignee)

        assert [each for each in story.harms() if each[3] == "TWO-06"] == []


@pytest.mark.parametrize("is_down", [True, False])
def test_an_officer_who_had_a_crime_for_a_moment_may_have_a_task_that_waited(
    *, is_down: bool
) -> None:
    """While the crime system was down it was written between the two, and not a day later."""
    story, alex, crime = with_okafor()
    story.wait(days=1)
    story.crime_system_goes_down()
    allocated(story, crime, LUND)
    absent(story, crime, "left", officer=LUND)
    story.crime_system_comes_back()
    story.wait(hours=1 if is_down else 48)
    story.task(alex, crime, kind="sensitive_contact", assignee=LUND.collar_number)

    found = [each for each in story.harms(end=story.now) if each[3] == "SENS-02"]
    assert found == ([] if is_down else [fail("lost", "SENS-02")])


@pytest.mark.parametrize("seconds", [0, 1])
def test_an_officer_who_came_back_as_another_was_put_in_charge_may_have_a_task_that_waited(
    seconds: int,
) -> None:
    """While the crime system was down it was written between the two: not to who was still away."""
    story, alex, crime = with_okafor()
    until = story.now + timedelta(days=1)
    absent(story, crime, until=until + timedelta(seconds=seconds))
    story.until(until)
    story.crime_system_goes_down()
    allocated(story, crime, LUND)
    story.crime_system_comes_back()
    story.wait(minutes=1)
    story.task(alex, crime, kind="sensitive_contact", assignee=OKAFOR.collar_number)

    found = [each for each in story.harms(end=story.now) if each[3] == "SENS-02"]
    assert found == ([fail("lost", "SENS-02")] if seconds else [])


@pytest.mark.parametrize("is_delivered", [True, False])
def test_of_a_merged_crime_a_task_may_be_for_the_officer_that_the_portal_knows(
    *, is_delivered: bool
) -> None:
    """The force has put another in charge, of which the portal hears later."""
    story, alex, crime = with_okafor()
    story.wait(days=1)
    newer = allocated(story, crime, LUND, deliver=False)
    story.wait(hours=1)
    story.merged(crime, story.crime(alex, offence_subgroup="Possession of drugs"))
    if is_delivered:
        story.deliver(newer)
    story.wait(days=1)
    story.task(alex, crime, kind="breach", assignee=OKAFOR.collar_number)

    found = [each for each in story.harms(end=story.now) if each[3] == "NOTME-02"]
    assert found == ([fail("lost", "NOTME-02")] if is_delivered else [])
