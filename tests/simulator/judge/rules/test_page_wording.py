"""Each step of a page has words of its own, and an officer no collar number but theirs."""

import pytest

from reference.contract.events import Milestone, MilestoneReached
from simulator.judge.rules.page_wording import PageWords
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened
from tests.simulator.judge.pages import LUND, OKAFOR, allocated, found, reads
from tests.simulator.judge.story import Story, one_invited

REPORTED = ("CrimeRecorded", "We have it.")


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, PageWords)


def reaches(story: Story, crime: Happened, *milestones: Milestone) -> None:
    """Have an investigation pass milestones."""
    for milestone in milestones:
        story.happens(
            MilestoneReached(
                crime_reference=crime.crime_reference, milestone=milestone, reached_at=story.now
            )
        )


@pytest.mark.parametrize(("words", "is_blank"), [("", True), (" \n", True), ("Sent.", False)])
def test_a_step_is_there_in_words(words: str, *, is_blank: bool) -> None:
    """An empty line says nothing."""
    story, alex, crime = one_invited()
    story.deployed(crime)
    reads(story, alex, crime, REPORTED, ("OfficerDeployed", words))

    assert harms(story) == ([fail("lost", "CASE-01")] if is_blank else [])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("There is news.", "There is news.", True),
        ("There is news of 3 June.", "There is  news of 4 June.", True),
        ("An officer was sent.", "An officer has your case.", False),
    ],
)
def test_steps_that_differ_read_differently(one: str, other: str, *, is_same: bool) -> None:
    """Numbers and spaces make no difference."""
    story, alex, crime = one_invited()
    story.deployed(crime)
    allocated(story, crime, OKAFOR)
    reads(story, alex, crime, ("OfficerDeployed", one), ("CrimeAllocated", other))

    assert harms(story) == ([fail("lost", "CASE-13")] if is_same else [])


def test_steps_of_one_kind_may_read_the_same() -> None:
    """An officer may be sent twice; an appointment is made, and changed."""
    story, alex, crime = one_invited()
    sent, seen = ("OfficerDeployed", "Sent."), "We will see you on 3 June."
    reads(story, alex, crime, sent, sent, ("AppointmentMade", seen), ("AppointmentChanged", seen))

    assert harms(story) == []


@pytest.mark.parametrize(
    ("milestones", "words", "is_found"),
    [
        (("suspect_arrested", "scene_examined"), ("News.", "News."), True),
        (("suspect_arrested", "scene_examined"), ("Arrested.", "We looked."), False),
        (("footage_requested", "footage_viewed"), ("Pictures.", "Pictures."), False),
    ],
)
def test_milestones_that_differ_read_differently(
    milestones: tuple[Milestone, ...], words: tuple[str, ...], *, is_found: bool
) -> None:
    """Those that are much the same may be put in the same words."""
    story, alex, crime = one_invited(phase=2)
    reaches(story, crime, *milestones)
    reads(story, alex, crime, *[("MilestoneReached", each) for each in words])

    assert harms(story) == ([fail("lost", "JOUR-05")] if is_found else [])


@pytest.mark.parametrize(
    ("outcomes", "words", "is_found"),
    [
        ((18, 15), ("It is over.", "It is over."), True),
        ((18, 15), ("We found nobody.", "There is too little evidence."), False),
        ((2, 3), ("Somebody was cautioned.", "Somebody was cautioned."), False),
    ],
)
def test_a_closed_crime_is_shown_with_its_reason(
    outcomes: tuple[int, int], words: tuple[str, str], *, is_found: bool
) -> None:
    """Two victims whose cases ended for different reasons do not read the same."""
    story = Story()
    for outcome, each in zip(outcomes, words, strict=True):
        person = story.person(channels=("text",))
        crime = story.crime(person)
        story.invite(person, crime)
        story.closed(crime, outcome)  # type: ignore[arg-type]
        story.wait(hours=1)
        reads(story, person, crime, ("CrimeClosed", each))

    assert harms(story) == ([fail("lost", "CASE-03")] if is_found else [])


@pytest.mark.parametrize(
    ("words", "is_wrong"),
    [
        ("PC Okafor (collar number 4271) has your case.", False),
        ("PC Okafor has your case. Their collar number is 4271.", False),
        ("PC Okafor has your case, from 3 June on.", False),
        ("PC Okafor, 1193, has your case.", True),
        ("PC Okafor has your case. Their collar number is 14271.", True),
        ("PC Okafor took over from DC Lund (1193).", False),
    ],
)
def test_an_officer_is_named_with_their_own_number(words: str, *, is_wrong: bool) -> None:
    """Where two officers are named, nobody can say whose a number is."""
    story, alex, crime = one_invited()
    allocated(story, crime, LUND)
    allocated(story, crime, OKAFOR)
    reads(story, alex, crime, REPORTED, ("CrimeAllocated", words))

    assert harms(story) == ([fail("lost", "CASE-02")] if is_wrong else [])
