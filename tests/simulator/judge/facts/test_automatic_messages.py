"""Messages without news: advice once, and "still with us" after a long time without news."""

from typing import Any

import msgspec
import pytest

from reference.contract.events import CrimeClosed, OutcomeRecorded
from simulator.judge.facts.sent_message import MessageKind
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS as ORDER
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

BICYCLES, VIOLENCE = "Bicycle theft", "Violence without injury"
ONE_TOO_MANY = fail("noise", "ONCE-01")
ADVICE_AFTER = ORDER.journey.advice_after_days
STILL_AFTER = ORDER.journey.still_with_us_days
NO_ADVICE: dict[str, Any] = {"offence_subgroup": "Public order offences"}


def invited(
    *, phase: int = 2, correlates: bool = True, every_days: int | None = None, **crime: Any
) -> tuple[Story, Person, Happened]:
    """Tell of a victim who is invited by text: of a bicycle theft, for which there is advice."""
    story = Story(phase=phase, correlates=correlates, order=ORDER)
    alex = story.person(channels=("text",), update_frequency_days=every_days)
    happened = story.crime(alex, **crime)
    story.invite(alex, happened)
    return story, alex, happened


def journey(story: Story, alex: Person, crime: Happened) -> None:
    """Send a message without news: it names the crime's last event."""
    story.message(alex, "text", crime, body="Thames Valley Police: something to read for you")


def kinds(story: Story) -> list[MessageKind]:
    """List the kinds that the judge gives each message."""
    return [each.kind for each in story.judged().messages]


@pytest.mark.parametrize(
    ("phase", "expected"), [(1, [ONE_TOO_MANY]), (2, []), (3, [])], ids=["1", "2", "3"]
)
@either_way
def test_advice_is_welcome_from_phase_2_on(
    *, phase: int, expected: list[Harmed], correlates: bool
) -> None:
    """Nothing of phase 2 is there before phase 2."""
    story, alex, crime = invited(phase=phase, correlates=correlates)
    story.wait(days=ADVICE_AFTER)
    journey(story, alex, crime)

    assert story.harms() == expected
    assert kinds(story) == ["invitation", "unknown" if expected else "journey"]


@either_way
def test_advice_comes_once_and_not_too_soon(*, correlates: bool) -> None:
    """It comes days after the crime, to the second; a second time it is one too many."""
    story, alex, crime = invited(correlates=correlates)
    story.wait(days=ADVICE_AFTER, seconds=-1)
    journey(story, alex, crime)

    assert story.harms() == [ONE_TOO_MANY]

    story.records.pop()
    story.wait(seconds=1)
    journey(story, alex, crime)

    assert story.harms() == []

    story.wait(days=3)
    journey(story, alex, crime)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


@either_way
def test_there_is_not_advice_for_everything(*, correlates: bool) -> None:
    """Where the order has no advice for the offence, none may come."""
    story, alex, crime = invited(correlates=correlates, **NO_ADVICE)
    story.wait(days=ADVICE_AFTER + 1)
    journey(story, alex, crime)

    assert story.harms() == [ONE_TOO_MANY]


@pytest.mark.parametrize("every_days", [None, 14])
@either_way
def test_still_with_us_comes_when_it_was_agreed(
    *, every_days: int | None, correlates: bool
) -> None:
    """After the agreed days, else the order's; again after as many; not in between."""
    days = every_days or STILL_AFTER
    story, alex, crime = invited(correlates=correlates, every_days=every_days, **NO_ADVICE)
    for _time in range(2):
        story.wait(days=days)
        journey(story, alex, crime)

    assert story.harms() == []

    story.wait(days=days - 2)
    journey(story, alex, crime)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


@either_way
def test_news_begins_the_days_anew(*, correlates: bool) -> None:
    """A victim who had news yesterday is not told today that there is none."""
    story, alex, crime = invited(correlates=correlates, every_days=14, **NO_ADVICE)
    story.wait(days=13)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)
    heard = len(story.records)
    story.wait(days=1)
    journey(story, alex, crime)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]

    del story.records[heard:]
    story.wait(days=13)
    journey(story, alex, crime)

    assert story.harms() == []


@either_way
def test_a_change_of_details_is_no_news(*, correlates: bool) -> None:
    """The force corrects a record: the victim has heard nothing, and the days go on."""
    story, alex, crime = invited(correlates=correlates, every_days=14, **NO_ADVICE)
    story.wait(days=10)
    story.details_changed(crime, alex)
    story.wait(days=4)
    journey(story, alex, crime)

    assert story.harms() == []


@either_way
def test_advice_is_no_news(*, correlates: bool) -> None:
    """The days run from the last news: advice on the second of them changes nothing."""
    story, alex, crime = invited(correlates=correlates)
    story.wait(days=ADVICE_AFTER)
    journey(story, alex, crime)
    story.wait(days=STILL_AFTER - ADVICE_AFTER)
    journey(story, alex, crime)

    assert story.harms() == []


@pytest.mark.parametrize("is_charged", [True, False], ids=["charged", "closed"])
@either_way
def test_nothing_comes_by_itself_when_it_is_over(*, is_charged: bool, correlates: bool) -> None:
    """A charged or closed crime is not "still with us", and advice comes too late."""
    story, alex, crime = invited(correlates=correlates)
    story.wait(hours=1)
    end = (
        OutcomeRecorded(crime_reference=crime.crime_reference, outcome=1, decided_at=story.now)
        if is_charged
        else CrimeClosed(crime_reference=crime.crime_reference, outcome=18, closed_at=story.now)
    )
    news = story.happens(end)
    story.wait(hours=1)
    story.tell(alex, news)
    story.wait(days=STILL_AFTER + 1)

    assert story.harms() == []

    journey(story, alex, crime)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


@pytest.mark.parametrize("number", [0, 1])
@either_way
def test_either_crime_of_a_victim_has_its_own_journey(*, number: int, correlates: bool) -> None:
    """Advice on the bicycle is welcome, on either of the victim's two crimes."""
    story = Story(phase=2, correlates=correlates, order=ORDER)
    alex = story.person(channels=("text",))
    offences = [NO_ADVICE["offence_subgroup"]] * 2
    offences[number] = BICYCLES
    crimes = [story.crime(alex, offence_subgroup=offence) for offence in offences]
    for crime in crimes:
        story.invite(alex, crime)
    story.wait(days=ADVICE_AFTER)
    journey(story, alex, crimes[number])

    assert story.harms() == []


@pytest.mark.parametrize("is_of_a_person", [True, False], ids=["details", "news"])
def test_an_event_of_a_person_may_be_named_for_any_crime_of_theirs(*, is_of_a_person: bool) -> None:
    """Other details are about both crimes of a victim; an officer sent is about one of them."""
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",))
    crimes = [story.crime(alex, offence_subgroup=each) for each in (*NO_ADVICE.values(), BICYCLES)]
    for crime in crimes:
        story.invite(alex, crime)
    named = story.details_changed(crimes[0], alex) if is_of_a_person else story.deployed(crimes[0])
    if not is_of_a_person:
        story.tell(alex, named)
    story.wait(days=ADVICE_AFTER)
    journey(story, alex, named)

    assert ([kind for kind, *_rest in story.harms()] == []) == is_of_a_person


@either_way
def test_each_channel_has_its_own_journey(*, correlates: bool) -> None:
    """Advice by text and by email is one piece of advice on each."""
    story = Story(phase=2, correlates=correlates, order=ORDER)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=ADVICE_AFTER)
    story.message(alex, "text", crime)
    story.message(alex, "email", crime)

    assert story.harms() == []


@either_way
def test_a_journey_message_counts_towards_the_weekly_limit(*, correlates: bool) -> None:
    """Five updates and some advice in seven days are one too many."""
    story, alex, crime = invited(correlates=correlates)
    for _time in range(ORDER.messages.per_week_max):
        story.tell(alex, story.deployed(crime))
        story.wait(hours=1)
    story.wait(days=ADVICE_AFTER)

    assert story.harms() == []

    journey(story, alex, crime)

    assert story.harms() == [fail("noise", "JOUR-02")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [("violence", []), ("bicycles", ["ONCE-01"])],
    ids=["another page", "the same page"],
)
@either_way
def test_another_offence_may_bring_other_advice(
    *, page: str, expected: list[str], correlates: bool
) -> None:
    """The crime becomes another offence after its advice: the same page is not sent twice."""
    order = msgspec.structs.replace(
        ORDER,
        journey=msgspec.structs.replace(
            ORDER.journey, advice_for={BICYCLES: "bicycles", VIOLENCE: page}
        ),
    )
    story = Story(phase=2, correlates=correlates, order=order)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=ADVICE_AFTER)
    journey(story, alex, crime)
    story.reclassified(crime, VIOLENCE)
    story.wait(hours=1)
    journey(story, alex, crime)

    assert [each[3] for each in story.harms()] == expected


@pytest.mark.parametrize(("days", "kind"), [(STILL_AFTER, "journey"), (2, "update")])
def test_still_with_us_may_name_news_that_another_message_told(
    days: int, kind: MessageKind
) -> None:
    """Two crimes' news came in one message, which named one: the other may be named later.

    Before any word was due it is the message about the other news.
    """
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex, **NO_ADVICE), story.crime(alex, **NO_ADVICE)
    for each in (crime, other):
        story.invite(alex, each)
    story.wait(days=1)
    visit, later = story.deployed(crime), story.deployed(other)
    story.tell(alex, later)
    story.wait(days=days)
    journey(story, alex, visit)

    assert story.harms() == []
    assert kinds(story)[-1] == kind


@pytest.mark.parametrize(("seconds", "kind"), [(0, "update"), (1, "journey")])
def test_what_names_the_news_of_yesterday_is_that_news(seconds: int, kind: MessageKind) -> None:
    """Word is due every day: a day after another message told the news, this one comes without."""
    story = Story(phase=2, order=ORDER)
    alex = story.person(channels=("text",), update_frequency_days=1)
    crime, other = story.crime(alex, **NO_ADVICE), story.crime(alex, **NO_ADVICE)
    for each in (crime, other):
        story.invite(alex, each)
    story.wait(hours=1)
    visit, later = story.deployed(crime), story.deployed(other)
    story.tell(alex, later)
    story.wait(days=1, seconds=seconds)
    journey(story, alex, visit)

    assert kinds(story)[-1] == kind


@pytest.mark.parametrize(("day", "harms"), [(23, [ONE_TOO_MANY]), (24, [])])
def test_what_was_agreed_in_a_full_week_may_count_from_a_week_before(
    day: int, harms: list[Harmed]
) -> None:
    """The last word waited for its place in the week: the next comes 15 days after it was due."""
    story, alex, crime = invited(every_days=5, **NO_ADVICE)
    for _time in range(3):
        story.wait(days=5)
        journey(story, alex, crime)
    other = story.crime(alex, **NO_ADVICE)
    story.invite(alex, other)
    for _time in range(ORDER.messages.per_week_max):
        story.wait(hours=2)
        story.tell(alex, story.deployed(other))
    story.wait(days=1, hours=-2 * ORDER.messages.per_week_max)
    story.details_changed(crime, alex.written(update_frequency_days=15))
    story.wait(days=day - 16)
    journey(story, alex, crime)

    assert [each for each in story.harms(end=story.now) if each == ONE_TOO_MANY] == harms


@pytest.mark.parametrize(("day", "harms"), [(39, [ONE_TOO_MANY]), (40, [])])
def test_what_was_agreed_between_two_words_counts_from_the_first(
    day: int, harms: list[Harmed]
) -> None:
    """The first that was agreed so came late, in a full week: the second may still come in time."""
    story, alex, crime = invited(every_days=5, **NO_ADVICE)
    for _time in range(2):
        story.wait(days=5)
        journey(story, alex, crime)
    story.wait(days=2)
    story.details_changed(crime, alex.written(update_frequency_days=15))
    story.wait(days=17)
    journey(story, alex, crime)
    story.wait(days=day - 29)
    journey(story, alex, crime)

    assert [each for each in story.harms(end=story.now) if each == ONE_TOO_MANY] == harms


@pytest.mark.parametrize(("days", "expected"), [(0, []), (3, [ONE_TOO_MANY])])
@either_way
def test_what_was_agreed_before_holds_for_what_is_on_its_way(
    *, days: int, expected: list[Harmed], correlates: bool
) -> None:
    """The word of every other day may come on the day of the change, and not three days later."""
    story, alex, crime = invited(correlates=correlates, every_days=2, **NO_ADVICE)
    story.wait(days=2)
    story.details_changed(crime, alex.written(update_frequency_days=60))
    story.wait(days=days, hours=1)
    journey(story, alex, crime)

    assert story.harms() == expected


@pytest.mark.parametrize("is_told", [False, True])
def test_news_that_a_merger_ended_untold_puts_off_no_regular_word(*, is_told: bool) -> None:
    """Of the crime that theirs went on as they were not to be told, until a minute later."""
    story, alex, crime = invited(**NO_ADVICE)
    visit = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, visit)
    story.wait(days=2)
    again = story.deployed(crime)
    if is_told:
        story.wait(hours=1)
        story.tell(alex, again)
    other = story.crime(alex, offence_subgroup="Other sexual offences")
    story.merged(crime, other)
    story.wait(minutes=1)
    story.unmerged(crime)
    story.wait(days=STILL_AFTER - 2)
    journey(story, alex, visit)

    assert [each[3] for each in story.harms()] == (["ONCE-01"] if is_told else [])
