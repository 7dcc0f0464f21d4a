"""News a person tells first: nothing of it is sent or shown before, and it is owed after."""

from datetime import timedelta

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

TOLD_FIRST = fail("disclosed", "SENS-01")
THEFT, ROBBERY = "Bicycle theft", "Robbery of personal property"


def closed_case(
    *,
    correlates: bool = True,
    outcome: int = 5,
    task: bool = True,
    subgroup: str = "Bicycle theft",
) -> tuple[Story, Person, Happened, Happened]:
    """Tell of one victim whose case has just closed because the suspect died."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup=subgroup)
    story.invite(alex, crime)
    story.wait(hours=1)
    closure = story.closed(crime, outcome)  # type: ignore[arg-type]  # a closing outcome
    if task:
        story.task(alex, crime, kind="sensitive_contact")
    return story, alex, crime, closure


@either_way
def test_once_an_officer_has_spoken_the_update_is_owed(*, correlates: bool) -> None:
    """Then it is ordinary news: lost when it does not come, and no harm when it does."""
    story, alex, crime, closure = closed_case(correlates=correlates)
    story.wait(hours=2)
    contact = story.contacted(crime, alex)

    assert story.harms() == [fail("lost", "MSG-01")]

    story.wait(minutes=5)
    story.tell(alex, closure)

    assert story.harms() == []

    story.tell(alex, contact)

    assert story.harms()[0][:2] == ("FAIL", "duplicated")


def test_the_update_may_name_what_let_it_be_said() -> None:
    """The latest event it answers is that an officer has spoken."""
    story, alex, crime, _closure = closed_case()
    contact = story.contacted(crime, alex)
    story.tell(alex, contact)

    assert story.harms() == []


@pytest.mark.parametrize(
    ("subgroup", "outcome", "is_sensitive"),
    [(THEFT, 13, True), (THEFT, 18, False), (ROBBERY, 18, True), (ROBBERY, 5, True)],
)
def test_the_order_says_which_closures(subgroup: str, outcome: int, *, is_sensitive: bool) -> None:
    """By outcome or by the crime's offence; any other closure is told at once."""
    story, alex, _crime, closure = closed_case(
        outcome=outcome, task=is_sensitive, subgroup=subgroup
    )

    assert story.harms() == ([] if is_sensitive else [fail("lost", "MSG-01")])

    story.tell(alex, closure)

    assert story.harms() == ([TOLD_FIRST] if is_sensitive else [])


def test_another_offence_since_counts() -> None:
    """The present offence decides, not the first one recorded."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.reclassified(crime, ROBBERY)
    closure = story.closed(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.tell(alex, closure)

    assert story.harms() == [TOLD_FIRST]


def test_other_news_is_told_meanwhile() -> None:
    """Earlier news, and news of other crimes, is owed as before."""
    story, alex, _crime, _closure = closed_case()
    other = story.crime(alex, crime_reference="43260000099")
    story.invite(alex, other)
    story.wait(minutes=5)
    deployed = story.deployed(other)

    assert story.harms() == [fail("lost", "MSG-01")]

    story.tell(alex, deployed)

    assert story.harms() == []


def test_each_victim_is_spoken_to() -> None:
    """An officer who spoke to one of two victims lets the portal tell that one only."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime = story.crime(alex, sam)
    for each in (alex, sam):
        story.invite(each, crime)
    closure = story.closed(crime, 5)
    for each in (alex, sam):
        story.task(each, crime, kind="sensitive_contact")
    story.contacted(crime, alex)
    story.tell(alex, closure)

    assert story.harms() == []

    story.tell(sam, closure)

    assert story.harms() == [TOLD_FIRST]


@pytest.mark.parametrize(
    "shown",
    [
        {"kinds": ("CrimeRecorded", "CrimeClosed")},
        {"statuses": (("43260000001", "closed"),), "where": "crimes"},
        {"texts": ("Your case\nOffender died",)},
    ],
)
def test_a_page_that_shows_it_before_is_disclosed(shown: dict[str, object]) -> None:
    """By its entry, by the status in the list, or in the Home Office's words."""
    story, alex, crime, _closure = closed_case()
    texts = shown.pop("texts", ())
    about = None if shown.get("where") == "crimes" else crime
    story.sees(alex, about, *texts, **shown)  # type: ignore[misc, arg-type]  # as parametrized

    assert story.harms() == [TOLD_FIRST]


def test_a_page_as_it_was_is_no_harm() -> None:
    """Until then it reads as before; afterwards it may show all."""
    story, alex, crime, closure = closed_case()
    open_ = (crime.crime_reference, "open")
    story.sees(alex, None, "Theft of a pedal cycle open", where="crimes", statuses=(open_,))
    story.sees(alex, crime, "We have recorded it", kinds=("CrimeRecorded",))
    story.contacted(crime, alex)
    story.tell(alex, closure)
    shown = (crime.crime_reference, "closed")
    story.sees(alex, None, "Theft of a pedal cycle closed", where="crimes", statuses=(shown,))
    story.sees(alex, crime, "Offender died", kinds=("CrimeRecorded", "CrimeClosed"))

    assert story.harms() == []


def test_an_earlier_closure_may_stand_there() -> None:
    """Closed, reopened, and closed again: the first is known, the second is not yet."""
    story, alex, crime, _closure = closed_case(outcome=18, task=False)
    story.tell(alex, _closure)
    story.wait(days=1)
    story.tell(alex, story.reopened(crime))
    story.wait(days=1)
    story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    kinds = ("CrimeRecorded", "CrimeClosed", "CrimeReopened")
    story.sees(alex, crime, kinds=kinds)

    assert story.harms() == []

    story.sees(alex, crime, kinds=(*kinds, "CrimeClosed"))

    assert story.harms() == [TOLD_FIRST]


def test_a_contact_that_came_before_its_closure_counts() -> None:
    """Events come out of order: an officer spoke of it, and wrote that down, after it ended."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    closure = story.closed(crime, 5, deliver=False)
    story.wait(hours=1)
    story.contacted(crime, alex)
    story.wait(hours=1)
    story.deliver(closure)

    assert story.harms() == [fail("lost", "MSG-01")]

    story.tell(alex, closure)

    assert story.harms() == []


def test_a_contact_of_the_same_moment_may_count() -> None:
    """Which of the two was first is not said: either portal is careful."""
    for tells in (False, True):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        story.invite(alex, crime)
        closure = story.closed(crime, 5, deliver=False)
        story.contacted(crime, alex)
        story.wait(hours=1)
        story.deliver(closure)
        if tells:
            story.tell(alex, closure)

        assert story.harms() == []


def test_a_contact_before_the_case_ended_is_none() -> None:
    """They spoke of something else: before the closure, as it came and as it happened."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.contacted(crime, alex)
    story.wait(hours=1)
    closure = story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    story.tell(alex, closure)

    assert story.harms() == [TOLD_FIRST]


def test_a_contact_of_earlier_that_is_written_down_after_may_count() -> None:
    """Officers often speak first and close then: the portal may wait for more, or not."""
    for tells in (False, True):
        story, alex, crime, closure = closed_case()
        story.wait(hours=1)
        story.contacted(crime, alex, at=story.now - timedelta(hours=2))
        if tells:
            story.tell(alex, closure)

        assert story.harms() == []


def test_reopened_meanwhile_nothing_is_held_back() -> None:
    """A victim who was never told of the end need not be told that the case goes on."""
    story, alex, crime, _closure = closed_case()
    story.wait(hours=1)
    reopened = story.reopened(crime)

    assert story.harms() == []

    story.tell(alex, reopened)

    assert story.harms() == []


@pytest.mark.parametrize(
    ("spoke", "kinds", "harmed"),
    [
        (True, ("CrimeClosed", "CrimeReopened"), False),
        (True, ("CrimeClosed", "CrimeReopened", "CrimeClosed"), True),
        (False, ("CrimeClosed", "CrimeReopened"), True),
    ],
)
def test_a_talk_after_a_reopening_may_have_told_of_the_end_before_it(
    *, spoke: bool, kinds: tuple[str, ...], harmed: bool
) -> None:
    """Of an end that came after that talk it told nothing."""
    story, alex, crime, _closure = closed_case()
    story.wait(hours=1)
    story.reopened(crime)
    if spoke:
        story.contacted(crime, alex)
    story.wait(hours=1)
    story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(hours=1)
    words = ["It goes on"] * len(kinds)
    story.sees(alex, crime, *words, kinds=kinds)

    assert (TOLD_FIRST in story.harms()) == harmed


@pytest.mark.parametrize("closures", [1, 2])
def test_the_end_of_a_merged_crime_that_comes_late_may_be_read(closures: int) -> None:
    """How the other crime ended is the officer's to tell still: its end is not on the page."""
    story = Story()
    alex = story.person(channels=("text",))
    merged, crime = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    end = story.closed(merged, deliver=False)
    story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    story.merged(merged, crime)
    story.deliver(end)
    story.wait(hours=1)
    story.sees(alex, crime, *["Closed."] * closures, kinds=("CrimeClosed",) * closures)

    found = [each for each in story.harms() if each[3] == "SENS-01"]
    assert found == ([] if closures == 1 else [TOLD_FIRST])


@pytest.mark.parametrize("closures", [2, 3])
def test_one_who_joins_by_a_merger_reads_both_ends_of_before(closures: int) -> None:
    """They read their own crime's end, and that of the crime theirs goes on as; no later one."""
    story = Story()
    alex, sam = story.person(channels=("text",)), story.person(channels=("text",))
    merged, crime = story.crime(alex), story.crime(sam)
    story.invite(alex, merged)
    story.invite(sam, crime)
    story.closed(merged, 18)
    story.closed(crime, 8)
    story.merged(merged, crime)
    story.reopened(crime)
    story.wait(hours=1)
    story.closed(crime, 5)
    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, *["Closed."] * closures, kinds=("CrimeClosed",) * closures)

    found = [each for each in story.harms() if each[3] == "SENS-01"]
    assert found == ([] if closures == 2 else [TOLD_FIRST])
