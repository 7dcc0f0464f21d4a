"""Crimes that are transferred, cancelled or reopened, and milestones: what may be told."""

from datetime import timedelta

import pytest

from reference.contract.events import MilestoneReached
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_NOBODY, Happened
from tests.simulator.judge.story import Story, either_way, one_invited

OUT = "Rape"
LOST, AFTER = fail("lost", "MSG-01"), fail("noise", "CASE-05")


def test_a_transfer_is_told_and_then_nothing() -> None:
    """The update is owed; news after it is the other force's to tell."""
    story, alex, crime = one_invited()
    transfer = story.transferred(crime)

    assert story.harms() == [LOST]

    story.tell(alex, transfer)
    story.wait(hours=1)
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [AFTER]


def test_a_transferred_crime_may_still_be_read() -> None:
    """Its page says which force has it."""
    story, alex, crime = one_invited()
    story.tell(alex, story.transferred(crime))
    story.sees(alex, crime, "Kent Police is looking into it now.", kinds=("CrimeTransferred",))

    assert story.harms() == []


def test_a_transferred_crime_is_merged_before_its_reopening_comes() -> None:
    """Its page may go on as the other's, or be as it was: what reopened it is on its way."""
    story, alex, crime = one_invited()
    story.tell(alex, story.transferred(crime))
    other = story.crime(alex)
    story.invite(alex, other)
    story.wait(hours=1)
    story.merged(crime, other)
    story.sees(alex, other, "Kent Police has it now.", kinds=("CrimeTransferred",))
    story.sees(alex, crime, "Kent Police has it now.", kinds=("CrimeTransferred",))

    assert story.harms() == []


@either_way
def test_a_cancelled_record_is_told_by_a_person(*, correlates: bool) -> None:
    """An officer is asked to; nothing of it is sent or shown before they have spoken."""
    story, alex, crime = one_invited(correlates=correlates)
    cancelled = story.cancelled(crime)

    assert story.harms() == [fail("lost", "SENS-02")]

    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, "We have recorded it.", kinds=("CrimeRecorded",))

    assert story.harms() == []

    story.tell(alex, cancelled)

    assert story.harms() == [fail("disclosed", "SENS-01")]


def test_a_page_that_shows_the_cancellation_first_is_disclosed() -> None:
    """Its entry may stand there only after an officer has spoken."""
    story, alex, crime = one_invited()
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert story.harms() == [fail("disclosed", "SENS-01")]

    after, alex, crime = one_invited()
    after.cancelled(crime)
    after.task(alex, crime, kind="sensitive_contact")
    after.contacted(crime, alex)
    after.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert after.harms() == []


def test_of_a_cancelled_record_nothing_more_is_sent() -> None:
    """No news that waited, and none after an officer has spoken."""
    story, alex, crime = one_invited()
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


def test_nobody_speaks_of_a_cancelled_record_to_anybody_who_never_heard_of_it() -> None:
    """A crime that was never in the portal needs no officer to tell that it is gone."""
    story = Story()
    crime = story.crime(story.person(channels=("text",)), offence_subgroup=OUT)
    story.cancelled(crime)

    assert story.harms() == []


@pytest.mark.parametrize("knows", ["nothing", "by a message", "by what let them", "by signing in"])
def test_nobody_speaks_of_a_cancelled_record_to_one_who_might_have_been_told_and_was_not(
    knows: str,
) -> None:
    """What another record forbade may be told once it does not; until it is, nobody follows it."""
    story = Story()
    alex = story.person(channels=("text",))
    earlier = story.crime(alex) if knows == "by signing in" else None
    if earlier is not None:
        story.invite(alex, earlier)
        story.signs_in(alex)
    unsafe = story.person(channels=("text",), safe_to_contact=False)
    story.are_one(unsafe, alex)
    first, crime = story.crime(unsafe), story.crime(alex)
    for each in (crime, earlier) if earlier is not None else (crime,):
        story.task(alex, each, kind="sensitive_contact")
    story.wait(hours=1)
    lifted = story.details_changed(first, unsafe.written(safe_to_contact=True))
    story.invite(unsafe, lifted)
    if knows in {"by a message", "by what let them"}:
        story.invite(alex, crime if knows == "by a message" else lifted)
    story.wait(hours=1)
    story.cancelled(crime)

    assert story.harms() == ([fail("lost", "SENS-02")] if knows != "nothing" else [])


@pytest.mark.parametrize("is_stopped", [True, False])
def test_who_is_owed_an_invitation_follows_a_cancelled_crime_unless_another_record_stopped_it(
    *, is_stopped: bool
) -> None:
    """Nothing had come by then: what was owed counts, and not what was owed once."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.wait(minutes=1)
    if is_stopped:
        unsafe = story.person(channels=("text",), safe_to_contact=False)
        story.are_one(unsafe, alex)
        first = story.crime(unsafe)
        story.task(alex, crime, kind="sensitive_contact")
        story.wait(hours=1)
        story.invite(unsafe, story.details_changed(first, unsafe.written(safe_to_contact=True)))
    story.cancelled(crime)

    assert story.harms() == ([] if is_stopped else [fail("lost", "SENS-02")])


@pytest.mark.parametrize("is_asked", [True, False])
def test_who_came_to_a_cancelled_crime_by_a_merger_follows_it(*, is_asked: bool) -> None:
    """Their invitation was to the crime that was merged, and none to this one was ever owed."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    story.invite(alex, crime)
    story.invite(sam, other)
    story.merged(crime, other)
    story.wait(hours=1)
    story.cancelled(other)
    for each in (alex, sam) if is_asked else (sam,):
        story.task(each, other, kind="sensitive_contact")

    assert story.harms() == ([] if is_asked else [fail("lost", "SENS-02")])


def test_other_crimes_go_on_when_one_is_cancelled() -> None:
    """News of another crime of the same victim is owed as before."""
    story, alex, crime = one_invited()
    other = story.crime(alex, crime_reference="43260000099")
    story.invite(alex, other)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    deployed = story.deployed(other)

    assert story.harms() == [LOST]

    story.tell(alex, deployed)

    assert story.harms() == []


@pytest.mark.parametrize("is_merged", [True, False])
def test_the_crimes_of_a_merged_record_go_on_when_its_readers_own_is_cancelled(
    *, is_merged: bool
) -> None:
    """Regular word that names nothing is about them, and otherwise about the cancelled record."""
    story, alex, crime = one_invited(phase=2, channels=("text",), correlates=False)
    sam = story.person(channels=("text",))
    other = story.crime(sam)
    story.invite(sam, other)
    if is_merged:
        story.persons_merged(other, sam, alex)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(days=28)
    story.tell(alex, other)

    failed = [each[3] for each in story.harms() if each[0] == "FAIL"]
    assert ("SENS-01" in failed) is not is_merged


def test_a_reopened_case_is_news() -> None:
    """The order announces it: owed as any update is."""
    story, alex, crime = one_invited()
    story.tell(alex, story.closed(crime))
    story.wait(days=3)
    reopened = story.reopened(crime)

    assert story.harms() == [LOST]

    story.tell(alex, reopened)

    assert story.harms() == []


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_reopened_case_is_live_again(*, is_reopened: bool) -> None:
    """A "still with us" message may come while the case is open, and not after its end."""
    story, alex, crime = one_invited(phase=2)
    story.wait(hours=2)
    story.tell(alex, story.closed(crime))
    story.wait(days=1)
    if is_reopened:
        story.tell(alex, story.reopened(crime))
    story.wait(days=28)
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))

    assert story.harms() == ([] if is_reopened else [fail("noise", "ONCE-01")])


def test_an_old_end_that_comes_late_ends_nothing() -> None:
    """Recorded before the reopening and received after it, it is no news: the case stays open."""
    story, alex, crime = one_invited(phase=2, order=ADVISES_NOBODY)
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
    """The order announces it from phase 2 on, and not before."""
    story, alex, crime = one_invited(phase=phase)
    reached = story.happens(
        MilestoneReached(
            crime_reference=crime.crime_reference,
            milestone="suspect_arrested",
            reached_at=story.now,
        )
    )
    expected = {1: [], 2: [LOST]}[phase]

    assert story.harms(end=story.now + timedelta(days=1)) == expected

    story.wait(hours=1)
    story.tell(alex, reached)

    assert story.harms() == ([fail("noise", "ONCE-01")] if phase == 1 else [])


@pytest.mark.parametrize("was_out", [True, False])
def test_an_end_from_before_a_crime_was_one_for_the_portal_need_not_be_sent(
    *, was_out: bool
) -> None:
    """An officer spoke of it later; the page may say it. To one who was told it is sent."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup="Other sexual offences" if was_out else "Robbery")
    if not was_out:
        story.reclassified(crime, "Criminal damage")
    story.closed(crime, 13)
    if was_out:
        story.tell(alex, story.reclassified(crime, "Criminal damage"))
    story.wait(minutes=1)
    story.task(alex, crime, kind="sensitive_contact")
    story.contacted(crime, alex)
    story.wait(hours=2)

    found = [each for each in story.harms() if each[3] == "MSG-01"]
    assert found == ([] if was_out else [fail("lost", "MSG-01")])


@pytest.mark.parametrize("times", [0, 1, 2])
def test_an_end_of_which_an_officer_spoke_to_one_not_to_be_told_may_be_sent_once(
    times: int,
) -> None:
    """A message may say it once they may be told; a second one answers nothing."""
    story, alex, crime = one_invited(offence_subgroup="Robbery of personal property")
    story.details_changed(crime, alex.written(safe_to_contact=False))
    closure = story.closed(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(hours=1)
    story.contacted(crime, alex)
    story.wait(hours=1)
    story.details_changed(crime, alex)
    for _each in range(times):
        story.tell(alex, closure)

    assert story.harms() == [fail("duplicated", "ONCE-01")] * (times - 1)


@pytest.mark.parametrize("minutes", [30, 90])
@pytest.mark.parametrize("is_told", [True, False])
def test_an_update_that_waits_as_another_force_takes_over_need_not_be_told(
    *, minutes: int, is_told: bool
) -> None:
    """The word of the transfer is owed in its own time; what was late before it was late."""
    story, alex, crime = one_invited(phase=2)
    story.closed(crime)
    story.wait(minutes=minutes)
    transfer = story.transferred(crime)
    story.wait(minutes=60)
    if is_told:
        story.tell(alex, transfer)
    story.wait(hours=1)

    late = fail("late", "MSG-02") if is_told else LOST
    assert story.harms() == [*([late] if minutes > 75 else []), *([] if is_told else [LOST])]
