"""After a merger a victim finds what they could read before."""

import pytest

from simulator.judge.rules.merged_pages import MergedPages
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.pages import found, reads
from tests.simulator.judge.story import Story, one_invited

REPORTED = ("CrimeRecorded", "We have it.")
SENT = ("OfficerDeployed", "An officer was sent.")


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, MergedPages)


def merged(*, has_read: bool = True) -> tuple[Story, Person, Happened, Happened]:
    """Tell of a crime whose page had a step, and of the crime it was merged into."""
    story, alex, crime = one_invited()
    other = story.crime(alex)
    story.deployed(crime)
    story.wait(hours=1)
    if has_read:
        reads(story, alex, crime, REPORTED, SENT)
    story.merged(crime, other)
    return story, alex, crime, other


def test_what_was_read_is_still_there() -> None:
    """On the page of the crime that goes on, once the merger has to be shown."""
    story, alex, _crime, other = merged()
    reads(story, alex, other, REPORTED)
    story.wait(minutes=15)
    reads(story, alex, other, REPORTED, SENT)

    assert harms(story) == []

    reads(story, alex, other, REPORTED)

    assert harms(story) == [fail("lost", "CASE-07")]


def test_the_old_page_may_still_be_there() -> None:
    """By itself it says nothing of what the other page has."""
    story, alex, crime, _other = merged()
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT)

    assert harms(story) == []


def test_the_old_reference_answers_as_the_crime_that_goes_on() -> None:
    """Read beside that page it has no less, or leads there: the contract says so."""
    story, alex, crime, other = merged()
    story.deployed(other)
    story.wait(hours=1)
    reads(story, alex, other, REPORTED, SENT, SENT)
    reads(story, alex, crime, REPORTED, SENT, SENT)
    reads(story, alex, crime, ("CrimeMerged", f"It goes on as {other.crime_reference}."))

    assert harms(story) == []

    reads(story, alex, crime, REPORTED, SENT)

    assert harms(story) == [fail("lost", "CASE-07")]


def test_what_was_never_read_is_not_missed() -> None:
    """What the victim could have read is for other rules."""
    story, alex, _crime, other = merged(has_read=False)
    story.wait(hours=1)
    reads(story, alex, other, REPORTED)

    assert harms(story) == []


def test_what_was_read_is_there_again_once_the_merger_is_taken_back() -> None:
    """The victim follows their own crime as it stood."""
    story, alex, crime, _other = merged()
    story.wait(hours=1)
    story.unmerged(crime)
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT)

    assert harms(story) == []

    reads(story, alex, crime, REPORTED)

    assert harms(story) == [fail("lost", "CASE-21")]


def test_what_came_with_another_crime_goes_with_it() -> None:
    """A crime that stands by itself for the second time has only its own steps again."""
    story, alex, crime, other = merged(has_read=False)
    story.wait(hours=1)
    story.unmerged(crime)
    story.deployed(other)
    story.merged(other, crime)
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT, SENT)
    story.unmerged(other)
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT)

    assert harms(story) == []


def test_what_was_read_through_a_merger_that_was_taken_back_is_not_missed() -> None:
    """The page of another's crime was the victim's for a time, and is not theirs any more."""
    story = Story()
    alex, sam = story.person(), story.person()
    crimes = story.crime(alex), story.crime(sam)
    for person, crime in zip((alex, sam), crimes, strict=True):
        story.invite(person, crime)
    story.deployed(crimes[1])
    story.merged(*crimes)
    story.wait(hours=1)
    reads(story, alex, crimes[1], REPORTED, SENT)
    story.unmerged(crimes[0])
    story.wait(hours=1)
    story.merged(crimes[1], crimes[0])
    story.wait(hours=1)
    reads(story, alex, crimes[0], REPORTED)

    assert harms(story) == []


def test_crimes_that_go_on_as_one_that_is_not_known_have_their_own_pages() -> None:
    """Until the other is recorded, nothing of one need stand on the page of the next."""
    story = Story()
    alex = story.person()
    crime, beside = story.crime(alex), story.crime(alex)
    for each in (crime, beside):
        story.invite(alex, each)
    story.deployed(crime)
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT)
    into = story.crime(alex, deliver=False)
    for each in (crime, beside):
        story.merged(each, into)
    story.wait(hours=1)
    reads(story, alex, beside, REPORTED)

    assert harms(story) == []

    story.deliver(into)
    story.wait(hours=1)
    reads(story, alex, into, REPORTED)

    assert harms(story) == [fail("lost", "CASE-07")]


@pytest.mark.parametrize("marker_goes", ["before the merger", "after it"])
def test_a_crime_that_was_not_theirs_to_read_when_it_was_merged_need_bring_nothing(
    marker_goes: str,
) -> None:
    """A marker on the other crime had them told of none of theirs."""
    story = Story()
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.deployed(crime)
    story.wait(hours=1)
    reads(story, alex, crime, REPORTED, SENT)
    other = story.crime(alex, safeguarding=("domestic_abuse",))
    if marker_goes == "before the merger":
        story.reclassified(other, "Vehicle offences")
    story.merged(crime, other)
    if marker_goes == "after it":
        story.reclassified(other, "Vehicle offences")
    story.wait(hours=1)
    reads(story, alex, other, REPORTED)

    assert harms(story) == ([] if marker_goes == "after it" else [fail("lost", "CASE-07")])
