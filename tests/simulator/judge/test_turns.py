"""Crimes reclassified, merged, transferred, cancelled and reopened: who hears, and who sees."""

from datetime import timedelta

import pytest

from reference.contract.events import CrimeAllocated, MilestoneReached, Officer
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

OUT, IN = "Rape", "Vehicle offences"
LOST, AFTER = fail("lost", "MSG-01"), fail("noise", "CASE-05")


def followed(*, correlates: bool = True, phase: int = 1) -> tuple[Story, Person, Happened]:
    """Tell of one victim who was invited to follow a crime, an hour ago."""
    story = Story(correlates=correlates, phase=phase)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime


@either_way
def test_reclassified_out_nothing_more_is_sent(*, correlates: bool) -> None:
    """It is no longer a crime for the portal: a text about it is one too many, and says where."""
    story, alex, crime = followed(correlates=correlates)
    story.reclassified(crime, OUT)
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [fail("disclosed", "CASE-05")]


def test_what_waited_when_it_went_out_is_owed_no_more() -> None:
    """And sent then it is sent of a crime that has left; what was overdue by then was lost."""
    story, alex, crime = followed()
    deployed = story.deployed(crime)
    story.wait(minutes=5)
    story.reclassified(crime, OUT)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [fail("disclosed", "CASE-05")]

    late, _alex, crime = followed()
    late.deployed(crime)
    late.wait(hours=1)
    late.reclassified(crime, OUT)

    assert late.harms() == [LOST]


def test_reclassified_out_its_page_is_gone() -> None:
    """Read before it is read rightly; read after it is disclosed."""
    story, alex, crime = followed()
    story.sees(alex, crime, "We have recorded it.")
    story.reclassified(crime, OUT)

    assert story.harms() == []

    story.sees(alex, crime, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "CASE-05")]


def test_a_marker_that_comes_with_it_is_a_flag_like_any_other() -> None:
    """Where the reason is safety the requirement is safety."""
    story, alex, crime = followed()
    story.reclassified(crime, IN, safeguarding=("domestic_abuse",))
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [fail("disclosed", "SAFE-02")]


@either_way
def test_reclassified_in_the_victim_is_invited(*, correlates: bool) -> None:
    """It is now a crime for the portal: the invitation is owed, and does no harm."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=OUT)
    story.wait(days=1)

    assert story.harms() == []

    turned = story.reclassified(crime, IN)

    assert story.harms() == [fail("lost", "INV-01")]

    story.invite(alex, turned)

    assert story.harms() == []


def test_within_the_portal_another_offence_is_no_news() -> None:
    """The order announces none: nothing is owed, and an invitation would be a second one."""
    story, alex, crime = followed()
    turned = story.reclassified(crime, IN)

    assert story.harms() == []

    story.invite(alex, turned)

    assert story.harms() == [fail("duplicated", "ONCE-01")]


def test_an_older_offence_that_comes_late_undoes_nothing() -> None:
    """The newest record stands, in whichever order they come."""
    story, alex, crime = followed()
    first = story.reclassified(crime, OUT, deliver=False)
    story.wait(minutes=10)
    story.reclassified(crime, IN)
    story.wait(minutes=10)
    story.deliver(first)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == []


def test_the_new_offence_is_as_secret_as_the_old() -> None:
    """No text names it."""
    story, alex, crime = followed()
    story.reclassified(crime, IN, offence="Interfering with a vehicle")
    story.message(alex, "text", story.deployed(crime), body="About: interfering with a vehicle")

    assert story.harms() == [fail("disclosed", "PRIV-01")]


def merged() -> tuple[Story, Person, Person, Happened, Happened]:
    """Tell of two crimes, of Alex and of both Alex and Sam, the first part of the second."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.invite(sam, other)
    story.wait(hours=1)
    story.merged(crime, other)
    return story, alex, sam, crime, other


def test_a_merger_is_no_news_and_what_follows_is_the_other_crimes() -> None:
    """Nothing is owed by itself; what happens then is owed to the victims of the other."""
    story, alex, sam, _crime, other = merged()

    assert story.harms() == []

    deployed = story.deployed(other)
    story.tell(alex, deployed)

    assert story.harms() == [LOST]

    story.tell(sam, deployed)

    assert story.harms() == []


def test_only_a_victim_of_the_other_crime_sees_it() -> None:
    """Whoever was a victim of the merged one alone does not see the other."""
    story, alex, _sam, _crime, other = merged()
    story.sees(alex, other, "We have recorded it.")

    assert story.harms() == []

    kim = story.person("Kim", channels=("text",))
    theirs = story.crime(kim)
    story.invite(kim, theirs)
    story.merged(theirs, other)
    story.sees(kim, theirs, "We have recorded it.")

    assert story.harms() == []

    story.sees(kim, other, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_the_merged_reference_shows_nothing_of_the_other_to_others() -> None:
    """Asked for by its old reference, too: what names the other crime's officer gives it away."""
    story, _alex, _sam, _crime, other = merged()
    kim = story.person("Kim", channels=("text",))
    theirs = story.crime(kim)
    story.invite(kim, theirs)
    story.happens(
        CrimeAllocated(
            crime_reference=other.crime_reference,
            allocated_at=story.now,
            officer_in_charge=Officer("PC Okafor", "4271"),
        )
    )
    story.merged(theirs, other)
    before = len(story.judged().findings)
    story.sees(kim, theirs, "PC Okafor is looking after your case.")

    assert len(story.judged().findings) == before + 1
    assert fail("disclosed", "PRIV-03") in story.harms()


def test_a_question_on_a_merged_crime_may_be_filed_under_either() -> None:
    """The words are the victim's, and the occurrence is one."""
    for filed_under in ("old", "new"):
        story, alex, _sam, crime, other = merged()
        story.asks(alex, crime, "Is there news?")
        place = crime if filed_under == "old" else other
        story.stamped(alex, place, "Is there news?")
        story.task(alex, place, kind="victim_question")

        assert story.harms() == []


def test_a_transfer_is_told_and_then_nothing() -> None:
    """The update is owed; what comes after it is another force's to say."""
    story, alex, crime = followed()
    transfer = story.transferred(crime)

    assert story.harms() == [LOST]

    story.tell(alex, transfer)
    story.wait(hours=1)
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [AFTER]


def test_a_transferred_crime_may_still_be_read() -> None:
    """Whose it is now stands there."""
    story, alex, crime = followed()
    story.tell(alex, story.transferred(crime))
    story.sees(alex, crime, "Kent Police is looking into it now.", kinds=("CrimeTransferred",))

    assert story.harms() == []


@either_way
def test_a_cancelled_record_is_told_by_a_person(*, correlates: bool) -> None:
    """Somebody is asked to; nothing is sent, and nothing of it shown, before they have."""
    story, alex, crime = followed(correlates=correlates)
    cancelled = story.cancelled(crime)

    assert story.harms() == [fail("lost", "SENS-02")]

    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, "We have recorded it.", kinds=("CrimeRecorded",))

    assert story.harms() == []

    story.tell(alex, cancelled)

    assert story.harms() == [fail("disclosed", "SENS-01")]


def test_a_page_that_shows_the_cancellation_first_is_disclosed() -> None:
    """By its entry; after an officer has spoken it may stand there."""
    story, alex, crime = followed()
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert story.harms() == [fail("disclosed", "SENS-01")]

    after, alex, crime = followed()
    after.cancelled(crime)
    after.task(alex, crime, kind="sensitive_contact")
    after.contacted(crime, alex)
    after.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert after.harms() == []


def test_of_a_cancelled_record_nothing_more_is_sent() -> None:
    """Not what waited, and not what comes after an officer has spoken."""
    story, alex, crime = followed()
    deployed = story.deployed(crime)
    story.wait(minutes=5)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [AFTER]

    story.contacted(crime, alex)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [AFTER, AFTER]


def test_nobody_speaks_of_a_cancelled_record_to_whoever_never_heard_of_it() -> None:
    """A crime that was never in the portal needs nobody to tell of its going."""
    story = Story()
    crime = story.crime(story.person(channels=("text",)), offence_subgroup=OUT)
    story.cancelled(crime)

    assert story.harms() == []


def test_other_crimes_go_on_when_one_is_cancelled() -> None:
    """News of another crime of the same victim is owed as before."""
    story, alex, crime = followed()
    other = story.crime(alex, crime_reference="43260000099")
    story.invite(alex, other)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    deployed = story.deployed(other)

    assert story.harms() == [LOST]

    story.tell(alex, deployed)

    assert story.harms() == []


def test_a_reopened_case_is_news() -> None:
    """The order announces it: owed as any update is."""
    story, alex, crime = followed()
    story.tell(alex, story.closed(crime))
    story.wait(days=3)
    reopened = story.reopened(crime)

    assert story.harms() == [LOST]

    story.tell(alex, reopened)

    assert story.harms() == []


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_reopened_case_is_live_again(*, is_reopened: bool) -> None:
    """Word that it is still looked into comes while it is; after the end it would be too many."""
    story, alex, crime = followed(phase=2)
    story.wait(hours=2)
    story.tell(alex, story.closed(crime))
    story.wait(days=1)
    if is_reopened:
        story.tell(alex, story.reopened(crime))
    story.wait(days=28)
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))

    assert story.harms() == ([] if is_reopened else [fail("noise", "ONCE-01")])


def test_an_old_end_that_comes_late_ends_nothing() -> None:
    """Said before the reopening and received after it: no news, and the case stays live."""
    story, alex, crime = followed(phase=2)
    closed = story.closed(crime, deliver=False)
    story.wait(hours=2)
    story.tell(alex, story.reopened(crime))
    story.wait(hours=2)
    story.deliver(closed)
    story.wait(days=28)
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))

    assert story.harms() == []


@pytest.mark.parametrize("phase", [1, 2])
def test_a_milestone_is_told_from_phase_2_on(phase: int) -> None:
    """The order announces it from the enhanced journey on, and not before."""
    story, alex, crime = followed(phase=phase)
    reached = story.happens(
        MilestoneReached(
            crime_reference=crime.crime_reference,
            milestone="scene_examined",
            reached_at=story.now,
        )
    )
    expected = {1: [], 2: [LOST]}[phase]

    assert story.harms(end=story.now + timedelta(days=1)) == expected

    story.wait(hours=1)
    story.tell(alex, reached)

    assert story.harms() == ([fail("noise", "ONCE-01")] if phase == 1 else [])
