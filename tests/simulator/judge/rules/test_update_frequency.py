"""From phase 2 on an open case is not silent for longer than was agreed."""

import pytest
from msgspec import structs

from reference.contract.events import VictimDetailsChanged
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

NOTHING_CAME = fail("lost", "JOUR-04")


def quiet(
    *, days: int, phase: int = 2, correlates: bool = True, agreed: int | None = None
) -> tuple[Story, Person, Happened]:
    """Tell of one victim who was invited, and then of so many days without news."""
    story = Story(phase=phase, correlates=correlates, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",), update_frequency_days=agreed)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    story.invite(alex, crime)
    story.wait(days=days)
    return story, alex, crime


def still_with_us(story: Story, alex: Person, crime: Happened) -> None:
    """Send that the case is still looked into."""
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))


@either_way
def test_weeks_of_silence_are_found(*, correlates: bool) -> None:
    """28 days are ordered: silence after them is a loss; a message in between prevents it."""
    story, *_rest = quiet(days=40, correlates=correlates)

    assert story.harms(end=story.now) == [NOTHING_CAME]

    story, alex, crime = quiet(days=28, correlates=correlates)
    still_with_us(story, alex, crime)
    story.wait(days=12)

    assert story.harms(end=story.now) == []


@pytest.mark.parametrize(
    ("agreed", "hours", "expected"),
    [(28, 12, []), (28, 24, [NOTHING_CAME]), (2, 12, []), (2, 24, [NOTHING_CAME])],
)
def test_it_is_due_on_the_day_on_which_the_days_agreed_are_over(
    agreed: int, hours: int, expected: list[Harmed]
) -> None:
    """A portal may count by the clock or by the date; the next day is too late by either."""
    story, *_rest = quiet(days=agreed, agreed=agreed)
    story.wait(hours=hours)

    assert story.harms(end=story.now) == expected


@pytest.mark.parametrize(
    ("days", "limit", "expected"),
    [(34, 1, []), (36, 1, [NOTHING_CAME]), (34, 2, [NOTHING_CAME])],
)
def test_a_full_week_holds_it_back_until_there_is_room(
    days: int, limit: int, expected: list[Harmed]
) -> None:
    """News of another crime filled the week from day 27 to 34; where two may go it did not."""
    messages = structs.replace(ORDER.messages, per_week_max=limit)
    story = Story(phase=2, order=structs.replace(ADVISES_CYCLISTS, messages=messages))
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    other = story.crime(alex, offence_subgroup="Criminal damage", force="hampshire")
    for happened in (crime, other):
        story.invite(alex, happened)
    story.wait(days=27)
    deployed = story.deployed(other)
    story.wait(hours=1)
    story.tell(alex, deployed)
    story.wait(days=days - 27)

    assert story.harms(end=story.now) == expected


def test_what_was_agreed_counts() -> None:
    """With 7 days agreed, three weeks are too long; with 60, six weeks are not."""
    story, *_rest = quiet(days=21, agreed=7)

    assert story.harms(end=story.now) == [NOTHING_CAME]

    story, *_rest = quiet(days=45, agreed=60)

    assert story.harms(end=story.now) == []


def test_news_is_word() -> None:
    """A victim who had news in between was not left in silence."""
    story, alex, crime = quiet(days=20)
    deployed = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, deployed)
    story.wait(days=28)

    assert story.harms(end=story.now) == []


def test_a_case_that_is_over_is_silent_rightly() -> None:
    """After its end nothing more is owed; reopened, it counts from then."""
    story, alex, crime = quiet(days=1)
    closed = story.closed(crime)
    story.wait(hours=1)
    story.tell(alex, closed)
    story.wait(days=60)

    assert story.harms(end=story.now) == []

    reopened = story.reopened(crime)
    story.wait(hours=1)
    story.tell(alex, reopened)
    story.wait(days=20)

    assert story.harms(end=story.now) == []

    story.wait(days=20)

    assert story.harms(end=story.now) == [NOTHING_CAME]


def test_a_silence_that_news_ended_was_one_all_the_same() -> None:
    """News after seven weeks does not shorten them; the wait is counted once."""
    story, alex, crime = quiet(days=50)
    deployed = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, deployed)

    assert story.harms() == [NOTHING_CAME]


def test_before_phase_2_nothing_is_agreed() -> None:
    """Phase 1 has no such messages, and phase 2 counts from its first day."""
    story, *_rest = quiet(days=50, phase=1)

    assert story.harms(end=story.now) == []


def test_a_person_who_cannot_be_reached_is_not_left_in_silence_by_the_portal() -> None:
    """Excluded, withdrawn, or without an address: other requirements cover them."""
    story, alex, crime = quiet(days=1)
    unsafe = alex.written(safe_to_contact=False).record
    story.happens(VictimDetailsChanged(crime_reference=crime.crime_reference, victim=unsafe))
    story.wait(days=60)

    assert story.harms(end=story.now) == []

    story, alex, crime = quiet(days=1)
    story.chooses(alex)
    story.task(alex, crime, kind="contact_ended")
    story.wait(days=60)

    assert story.harms(end=story.now) == []


@pytest.mark.parametrize("days", [28, 30])
def test_who_could_not_be_reached_meanwhile_waited_for_nothing(days: int) -> None:
    """Word after so many days failed, and a new crime brings another number long after that."""
    story, alex, crime = quiet(days=days)
    [word] = story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))
    story.receipt(word)
    story.task(alex, crime)
    story.wait(days=40)
    moved = alex.written(mobile_phone="07700900778")
    story.holds(alex.person_id, mobile_phone="07700900778")
    story.invite(moved, story.crime(moved, offence_subgroup="Criminal damage"))

    assert (NOTHING_CAME in story.harms(end=story.now)) is (days > 28)


def test_an_outage_of_the_gateway_is_no_silence_of_the_portals() -> None:
    """While nothing can be sent nothing is; what is still silent long after the outage is."""
    story, alex, crime = quiet(days=1)
    story.gateway_goes_down()
    story.wait(days=60)
    story.gateway_comes_back()
    story.wait(minutes=5)
    still_with_us(story, alex, crime)

    assert story.harms(end=story.now) == []

    story, *_rest = quiet(days=1)
    story.gateway_goes_down()
    story.wait(days=2)
    story.gateway_comes_back()
    story.wait(days=40)

    assert story.harms(end=story.now) == [NOTHING_CAME]


def test_a_victim_who_may_not_be_told_waits_for_nothing() -> None:
    """A flag of some weeks is no silence; the same weeks without it are."""
    for is_flagged in (True, False):
        story, alex, crime = quiet(days=1)
        flagged = alex.written(is_suspect_in_linked_crime=is_flagged)
        story.details_changed(crime, flagged)
        story.wait(days=40)
        story.details_changed(crime, alex)

        found = {harm[-2] for harm in story.harms(end=story.now) if harm[0] == "FAIL"}
        assert ("JOUR-04" in found) is not is_flagged


@pytest.mark.parametrize("is_safe", [True, False])
def test_a_record_that_may_be_one_persons_with_a_forbidden_one_may_wait(*, is_safe: bool) -> None:
    """It is alike to one by the name that this had until it was merged into another."""
    story, *_rest = quiet(days=0)
    lex = story.person("Lex", channels=())
    crime = story.crime(lex)
    alike = story.person(channels=(), safe_to_contact=is_safe)
    story.persons_merged(story.crime(alike), alike, lex)
    story.wait(minutes=1)
    story.details_changed(crime, lex)
    story.wait(minutes=1)
    story.wait(days=40)

    found = [harm for harm in story.harms(end=story.now) if harm[-2] == "JOUR-04"]
    assert [each[0] for each in found] == (["FAIL"] if is_safe else [])


def test_a_case_that_was_over_all_along_is_not_silent() -> None:
    """Charged, and weeks later cancelled: what counts is since when it is over."""
    story, alex, crime = quiet(days=1)
    story.tell(alex, story.closed(crime))
    story.wait(days=40)
    story.cancelled(crime)

    found = {harm[-2] for harm in story.harms(end=story.now) if harm[0] == "FAIL"}
    assert "JOUR-04" not in found


@pytest.mark.parametrize(
    ("force", "expected"), [("thames_valley", []), ("hampshire", [NOTHING_CAME])]
)
def test_one_message_may_be_about_all_crimes_of_a_force(force: str, expected: list[object]) -> None:
    """It names the last event that the victim was told of: of one of the crimes."""
    story, alex, crime = quiet(days=0)
    other = story.crime(alex, offence_subgroup="Criminal damage", force=force)
    story.invite(alex, other)
    story.wait(days=28)
    still_with_us(story, alex, crime)
    story.wait(days=12)

    assert [each for each in story.harms(end=story.now) if each[3] == "JOUR-04"] == expected


@pytest.mark.parametrize("is_merged", [True, False])
@either_way
def test_word_to_a_person_is_for_the_crimes_of_a_record_merged_into_theirs(
    *, correlates: bool, is_merged: bool
) -> None:
    """The crime of the other record is heard of too; without the merger it is not."""
    story = Story(phase=2, correlates=correlates, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    other = story.crime(lex, offence_subgroup="Criminal damage")
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
    if is_merged:
        story.persons_merged(other, lex, alex)
    story.wait(days=28)
    still_with_us(story, alex, crime)
    story.wait(days=12)

    assert story.harms(end=story.now) == ([] if is_merged else [NOTHING_CAME])


@pytest.mark.parametrize(("days", "expected"), [(28, []), (29, [NOTHING_CAME])])
def test_news_of_the_survivors_crime_may_tell_what_waited_of_a_merged_records(
    days: int, expected: list[Harmed]
) -> None:
    """The week was full: the days run from the message that had room."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    other = story.crime(lex, offence_subgroup="Criminal damage")
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
    story.persons_merged(other, lex, alex)
    for _message in range(ORDER.messages.per_week_max):
        deployed = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, deployed)
    story.deployed(other)
    closed = story.closed(crime)
    story.wait(days=7)
    story.tell(alex, closed)
    story.wait(days=days)
    still_with_us(story, alex, other)

    assert [each for each in story.harms(end=story.now) if each == NOTHING_CAME] == expected


@pytest.mark.parametrize("is_merged", [True, False])
def test_what_was_agreed_in_one_record_may_hold_for_a_record_merged_into_it(
    *, is_merged: bool
) -> None:
    """With 60 days agreed in one of them, six weeks are no loss; apart they are."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    lex = story.person(channels=("text",), update_frequency_days=60)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    other = story.crime(lex, offence_subgroup="Criminal damage")
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
    if is_merged:
        story.persons_merged(other, lex, alex)
    story.wait(days=42)

    assert story.harms(end=story.now) == ([] if is_merged else [NOTHING_CAME])


@pytest.mark.parametrize(("days", "expected"), [(28, []), (29, 2 * [NOTHING_CAME])])
def test_what_a_reply_left_may_be_told_by_news_of_another_crime(
    days: int, expected: list[Harmed]
) -> None:
    """The days run from that message: the reply may have gone without what waited beside it."""
    story = Story(phase=3, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    crime, other = (story.crime(alex, offence_subgroup="Criminal damage") for _crime in range(2))
    for happened in (crime, other):
        story.invite(alex, happened)
    story.deployed(crime)
    story.tell(alex, story.replied(crime, alex))
    story.wait(hours=23)
    deployed = story.deployed(other)
    story.wait(hours=1)
    story.tell(alex, deployed)
    story.wait(days=days)
    still_with_us(story, alex, crime)

    assert story.harms(end=story.now) == expected


@pytest.mark.parametrize("is_merged", [True, False])
def test_word_of_a_crime_that_is_merged_into_another_is_word_of_that(*, is_merged: bool) -> None:
    """The invitation to the one was the last word of both; of two crimes it is not."""
    story, alex, crime = quiet(days=20)
    other = story.crime(alex, offence_subgroup="Criminal damage")
    story.invite(alex, other)
    story.wait(minutes=1)
    if is_merged:
        story.merged(other, crime)
    story.wait(days=27)
    still_with_us(story, alex, other)
    story.wait(days=1)

    found = [each for each in story.harms(end=story.now) if each[3] == "JOUR-04"]
    assert found == ([] if is_merged else [NOTHING_CAME])


@pytest.mark.parametrize("is_down", [True, False])
def test_after_a_long_outage_an_officer_may_be_asked_once_the_crime_system_is_up(
    *, is_down: bool
) -> None:
    """While both are down nobody can be told or asked. The crime system up, a day is too long."""
    story, alex, crime = quiet(days=1, agreed=7)
    story.gateway_goes_down()
    if is_down:
        story.crime_system_goes_down()
    story.wait(days=28)
    story.gateway_comes_back()
    story.wait(days=1)
    if is_down:
        story.crime_system_comes_back()
    story.wait(minutes=5)
    still_with_us(story, alex, crime)

    assert story.harms(end=story.now) == ([] if is_down else [NOTHING_CAME])


@pytest.mark.parametrize("is_merged", [True, False])
def test_what_the_order_says_may_hold_for_a_merged_record_that_agreed_on_nothing(
    *, is_merged: bool
) -> None:
    """The survivor is told each week. Were it agreed in this record, three weeks are too long."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",), update_frequency_days=7)
    agreed = None if is_merged else 7
    lex = story.person(channels=("text",), update_frequency_days=agreed)
    crime = story.crime(alex, offence_subgroup="Criminal damage", force="hampshire")
    other = story.crime(lex, offence_subgroup="Criminal damage")
    for person, happened in ((alex, crime), (lex, other)):
        story.invite(person, happened)
    story.persons_merged(other, lex, alex)
    for _week in range(3):
        story.wait(days=7)
        still_with_us(story, alex, crime)

    assert story.harms(end=story.now) == ([] if is_merged else [NOTHING_CAME])


@pytest.mark.parametrize("weeks_later", [0, 3])
def test_an_invitation_that_names_a_merged_crime_is_word_of_the_one_that_goes_on(
    weeks_later: int,
) -> None:
    """It was given up in a long outage, and comes after four weeks: the case is one by then."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    other = story.crime(sam, offence_subgroup="Criminal damage")
    story.invite(sam, other)
    story.gateway_goes_down()
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    story.merged(crime, other)
    story.wait(hours=33)
    story.task(alex, other, kind="not_sent")
    story.wait(days=2)
    story.gateway_comes_back()
    story.wait(days=24)
    still_with_us(story, sam, other)
    story.wait(days=7 * weeks_later)
    still_with_us(story, sam, other)
    story.invite(alex, crime)
    story.wait(days=20)

    found = [each for each in story.harms(end=story.now) if each[3] == "JOUR-04"]
    assert found == ([NOTHING_CAME] if weeks_later else [])


@pytest.mark.parametrize("minutes", [3, 24 * 60])
def test_news_of_the_same_day_may_take_the_last_place(minutes: int) -> None:
    """There was room when the word was due; news of another crime used it before the day ended."""
    messages = structs.replace(ORDER.messages, per_week_max=1)
    story = Story(phase=2, order=structs.replace(ADVISES_CYCLISTS, messages=messages))
    alex = story.person(channels=("text",))
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    other = story.crime(alex, offence_subgroup="Criminal damage", force="hampshire")
    for happened in (crime, other):
        story.invite(alex, happened)
    story.wait(days=28, minutes=minutes)
    story.tell(alex, story.deployed(other))
    story.wait(days=6)

    assert (NOTHING_CAME in story.harms(end=story.now)) == (minutes > 3)
