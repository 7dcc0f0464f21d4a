"""Whose a message was, by the event it names or else by the address, and who truly reads it."""

from datetime import timedelta

import pytest

from simulator.evidence.records import AddressGivenUp
from simulator.judge.facts.sent_message import Fate
from simulator.verdicts import Harm
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS
from tests.simulator.judge.story import Story, either_way, two_invited, with_the_phone_of


def meant(story: Story) -> list[tuple[str, str]]:
    """List whom the judge takes each message to be for, and about which crime."""
    return [(each.person_id, each.crime_reference) for each in story.judged().messages]


def fates(story: Story) -> list[Fate]:
    """List what became of each message."""
    return [each.fate for each in story.judged().messages]


def worst_harms(story: Story) -> set[Harm]:
    """List the kinds of harm in a story."""
    return {harm for _kind, harm, *_rest in story.harms()}


@either_way
def test_a_message_is_its_addressees(*, correlates: bool) -> None:
    """Of two victims, it is for the one with that address."""
    story = Story(correlates=correlates)
    alex, sam = story.person(), story.person("Sam")
    first, second = story.crime(alex), story.crime(sam)
    story.invite(sam, second, by=("email",))
    story.invite(alex, first, by=("text",))

    assert meant(story) == [
        (sam.person_id, second.crime_reference),
        (alex.person_id, first.crime_reference),
    ]


def test_the_event_says_which_crime() -> None:
    """A victim of two crimes is told of the crime whose event the message names."""
    story = Story()
    alex = story.person(channels=("text",))
    first, second = story.crime(alex), story.crime(alex)
    story.invite(alex, second)
    story.invite(alex, first)

    assert meant(story) == [
        (alex.person_id, second.crime_reference),
        (alex.person_id, first.crime_reference),
    ]


def test_the_event_says_whose_number_it_is() -> None:
    """Strangers may share a number: the event tells their messages apart."""
    story = Story()
    alex = story.person(channels=("text",))
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.record.mobile_phone)
    first, second = story.crime(alex), story.crime(sam)
    story.invite(alex, first)

    assert meant(story) == [(alex.person_id, first.crime_reference)]

    story.invite(sam, second)

    assert meant(story)[1] == (sam.person_id, second.crime_reference)


def test_of_two_at_one_number_a_message_is_whose_who_waits_for_it() -> None:
    """A portal that names no event tells two victims at one telephone, each of their own crime."""
    story = Story(correlates=False)
    alex = story.person(channels=("text",))
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.record.mobile_phone)
    story.holds(sam.person_id, mobile_phone=alex.record.mobile_phone)
    first = story.crime(alex)
    story.invite(alex, first)
    second = story.crime(sam)
    story.invite(sam, second)
    story.wait(hours=1)
    story.tell(sam, story.deployed(second))

    assert [person for person, _crime in meant(story)] == [
        alex.person_id,
        sam.person_id,
        sam.person_id,
    ]
    assert story.harms() == []

    story.tell(sam, second)

    assert worst_harms(story) == {"duplicated"}


@pytest.mark.parametrize("comes", [True, False])
def test_of_two_who_wait_for_news_its_message_is_for_who_waits_for_nothing_later(
    *, comes: bool
) -> None:
    """At one telephone, both also wait for news of their own: the other's message comes after."""
    story = Story(phase=2)
    sam = story.person("Sam", channels=("text",))
    alex = with_the_phone_of(story, sam)
    crime = story.crime(sam, alex)
    for each in (sam, alex):
        story.invite(each, crime)
    story.appointed(crime, alex)
    deployed = story.deployed(crime)
    last = story.appointed(crime, sam)
    story.wait(hours=1)
    if comes:
        story.tell(alex, deployed)
    story.tell(sam, last)
    story.wait(hours=1)

    assert worst_harms(story) == (set() if comes else {"lost"})


@pytest.mark.parametrize("days", [(2, 2, 5, 8, 9, 11), (2, 2, 5, 9, 11)])
def test_regular_word_may_name_the_last_of_its_crime_though_another_was_told_of_since(
    days: tuple[int, ...],
) -> None:
    """At one telephone it is for who is to hear every three days, and was told of another crime."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    sam = story.person("Sam", channels=("text",), update_frequency_days=7)
    alex = with_the_phone_of(story, sam, update_frequency_days=3)
    crime = story.crime(sam, alex, offence_subgroup="Bicycle theft")
    other = story.crime(alex, offence_subgroup="Criminal damage")
    for person, about in ((sam, crime), (alex, crime), (alex, other)):
        story.invite(person, about)
    begun = story.now
    closed = story.closed(other)
    story.wait(hours=1)
    story.tell(alex, closed)
    for day in days:
        story.until(begun + timedelta(days=day))
        story.message(alex, "text", crime)

    assert (fail("lost", "JOUR-04") in story.harms()) == (8 not in days)


@either_way
def test_case_makes_no_other_mailbox(*, correlates: bool) -> None:
    """The gateway normalises: an address in capitals still reaches its owner."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("email",))
    crime = story.crime(alex.written(email=alex.record.email.upper()))
    story.invite(alex, crime)

    assert fates(story) == ["reached"]
    assert story.harms() == []


@either_way
def test_an_address_that_stood_in_the_record_before_is_still_its_persons(
    *, correlates: bool
) -> None:
    """A message to the old number was meant for the victim; its new holder was told."""
    story = Story(correlates=correlates)
    old = "07700900555"
    story.stranger(mobile_phone=old)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.details_changed(crime, alex.written(mobile_phone=old))
    story.details_changed(crime, alex)
    story.message(alex, "text", crime, to=old, carries="invitation")

    assert meant(story) == [(alex.person_id, crime.crime_reference)]
    assert story.harms() == [fail("misdirected", "SAFE-01")]


@either_way
def test_a_message_to_nobodys_address_reaches_nobody(*, correlates: bool) -> None:
    """Neither the victim nor another person was told."""
    story = Story(correlates=correlates)
    alex = story.person(channels=("text",), mobile_phone="07700900555")
    crime = story.crime(alex)
    story.invite(alex, crime)

    assert fates(story) == ["undeliverable"]


def test_what_a_misdirected_message_says_of_itself() -> None:
    """A message counts as avoidable only when the portal had a sign."""
    story = Story()
    wrong = "07700900555"
    story.stranger(mobile_phone=wrong)
    alex = story.person(channels=("text",), mobile_phone="", other_phone=wrong)
    story.message(alex, "text", story.crime(alex), to=wrong, carries="invitation")
    sam = story.person("Sam", channels=("text",), mobile_phone=wrong)
    story.invite(sam, story.crime(sam))
    judgement = story.judged()

    assert fates(story) == ["misdirected", "misdirected"]
    assert [each.avoidable for each in judgement.findings if each.harm == "misdirected"] == [
        True,
        False,
    ]
    assert [each.is_avoidable for each in judgement.messages] == [True, False]


def test_two_victims_of_a_crime_may_share_a_mailbox() -> None:
    """A burgled couple share a mailbox: each is owed a message, and gets it."""
    story = Story()
    alex = story.person(channels=("email",))
    sam = story.person("Sam", channels=("email",), email=alex.record.email)
    story.holds(sam.person_id, email=alex.known.email)
    crime = story.crime(alex, sam)
    story.invite(alex, crime)
    story.invite(sam, crime)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.tell(alex, news)
    story.tell(sam, news)

    assert story.harms() == []

    story.records.pop()

    assert story.harms() == [fail("lost", "MSG-01")]


@pytest.mark.parametrize("is_greeted", [False, True])
def test_a_short_name_in_a_longer_word_greets_nobody(*, is_greeted: bool) -> None:
    """Two share a phone, and "Open your link" is for neither of them more than for the other."""
    story = Story()
    alex = story.person(channels=("text",), given_name="O")
    sam = with_the_phone_of(story, alex)
    crime = story.crime(alex, sam)
    words = "Thames Valley Police: Open your link https://portal.example/invitation/…"
    for _each in (alex, sam):
        body = f"Hello O. {words}" if is_greeted else words
        story.message(alex, "text", crime, body=body, carries="invitation")

    failed = [each[0] for each in story.harms()]
    assert ("FAIL" in failed) is is_greeted


def test_news_of_one_victim_at_the_other_victims_address_is_misdirected() -> None:
    """An appointment is with one of two victims: the other was told of it, and the one was not."""
    story, alex, sam, crime = two_invited()
    appointment = story.appointed(crime, alex)
    story.tell(alex, appointment)

    assert story.harms() == []

    story.records.pop()
    story.tell(sam, appointment)

    assert "misdirected" in worst_harms(story)


def test_two_at_one_phone_are_each_told_of_their_own() -> None:
    """Without correlation two messages at a phone of two tell both; one tells one of them."""
    for messages, harms in ((2, []), (1, [fail("lost", "MSG-01")] * 2)):
        story = Story(correlates=False)
        alex = story.person(channels=("text",))
        sam = with_the_phone_of(story, alex)
        crime = story.crime(alex, sam)
        story.invite(alex, crime)
        story.invite(sam, crime)
        first, _second = story.deployed(crime), story.closed(crime)
        for _each in range(messages):
            story.tell(alex, first)

        assert story.harms() == harms


def test_each_of_two_at_one_phone_may_be_invited_there_when_they_ask_for_texts_too() -> None:
    """The second invitation names the crime's record as the first did; a third answers nothing."""
    for invitations, harms in ((2, []), (3, [fail("duplicated", "ONCE-01")])):
        story = Story()
        alex = story.person(channels=("email",))
        phone = alex.record.mobile_phone
        sam = story.person("Sam", channels=("email",), mobile_phone=phone)
        story.holds(sam.person_id, mobile_phone=phone, email=sam.record.email)
        crime = story.crime(alex, sam)
        story.invite(alex, crime)
        story.invite(sam, crime)
        story.wait(minutes=1)
        for each in (alex, sam):
            story.details_changed(crime, each.written(preferred_channels=("text", "email")))
            story.invite(each, crime, by=("text",))
        for _each in range(invitations - 2):
            story.invite(sam, crime, by=("text",))

        assert story.harms() == harms


def test_a_message_at_the_phone_of_two_is_not_for_the_one_who_may_not_be_told() -> None:
    """The other may be; if neither may, it is a harm."""
    for is_safe, harms in ((True, []), (False, [fail("disclosed", "INV-03")])):
        story = Story(correlates=False)
        flagged = story.person(channels=("text",), safe_to_contact=False)
        other = with_the_phone_of(story, flagged, safe_to_contact=is_safe)
        crime = story.crime(flagged, other)
        story.message(other, "text", crime, carries="invitation")

        assert [each for each in story.harms() if each[1] == "disclosed"] == harms


@pytest.mark.parametrize("is_merged", [True, False])
def test_what_comes_by_itself_is_for_who_has_the_number_now(*, is_merged: bool) -> None:
    """One who left it is told at the new one; to nobody else at the old one it is a harm."""
    story = Story(phase=2, correlates=False, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    sam = with_the_phone_of(story, alex)
    crime = story.crime(alex, offence_subgroup="Bicycle theft")
    story.invite(alex, crime)
    other = story.crime(sam, offence_subgroup="Violence with injury")
    story.wait(days=2)
    story.tell(alex, crime)
    phone = alex.record.mobile_phone
    story.records.append(AddressGivenUp(at=story.now, person_id=alex.person_id, address=phone))
    story.holds(alex.person_id, mobile_phone="07700900888")
    moved = alex.written(mobile_phone="07700900888")
    story.invite(moved, story.details_changed(crime, moved))
    story.wait(minutes=1)
    if is_merged:
        story.invite(sam, story.merged(other, crime))
    story.tell(sam, other)

    harms = {harm for _kind, harm, *_rest in story.harms()}
    assert harms == (set() if is_merged else {"misdirected"})


@pytest.mark.parametrize("is_told_there", [True, False])
def test_what_comes_is_not_for_who_has_left_the_number(*, is_told_there: bool) -> None:
    """Their news goes to the new one: the old one had the other's advice, and then a harm."""
    story = Story(phase=2, correlates=False, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    sam = with_the_phone_of(story, alex)
    crime = story.crime(alex, offence_subgroup="Vehicle offences")
    story.invite(alex, crime)
    other = story.crime(sam, offence_subgroup="Bicycle theft")
    story.invite(sam, other)
    story.wait(days=2)
    news = story.deployed(crime)
    phone = alex.record.mobile_phone
    story.records.append(AddressGivenUp(at=story.now, person_id=alex.person_id, address=phone))
    story.holds(alex.person_id, mobile_phone="07700900888")
    moved = alex.written(mobile_phone="07700900888")
    story.invite(moved, story.details_changed(crime, moved))
    story.tell(sam, other)
    story.wait(hours=1)
    story.tell(alex if is_told_there else moved, news)

    harms = {harm for _kind, harm, *_rest in story.harms()}
    assert ("misdirected" in harms) == is_told_there
    assert is_told_there or not harms


@pytest.mark.parametrize("comes_in", [True, False])
def test_the_first_word_to_who_came_in_at_night_is_for_the_record_that_survives(
    *, comes_in: bool
) -> None:
    """It has no link; to who has not come in it is no invitation."""
    story = Story()
    alex, lex = story.person(channels=("text",)), story.person(channels=("text",))
    story.are_one(alex, lex)
    crime, other = story.crime(alex), story.crime(lex)
    story.invite(alex, crime)
    story.invite(lex, other)
    story.wait(hours=12)
    of_both = story.crime(alex, lex)
    story.persons_merged(other, lex, alex)
    if comes_in:
        story.signs_in(alex)
    story.wait(hours=10)
    story.tell(alex, of_both)
    story.wait(hours=1)

    assert (fail("lost", "INV-01") in story.harms()) != comes_in
    assert not comes_in or story.harms() == []


@pytest.mark.parametrize(("seconds", "whose"), [(-1, "the first"), (0, "the second")])
def test_what_was_due_two_days_ago_is_less_likely_the_advice_that_comes_now(
    seconds: int, whose: str
) -> None:
    """Two have one phone, and advice on each one's crime is due: one text comes, to no name."""
    story = Story(phase=2, correlates=False, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",))
    sam = with_the_phone_of(story, alex)
    story.invite(alex, story.crime(alex, offence_subgroup="Bicycle theft"))
    story.wait(days=2, hours=-1)
    story.invite(sam, story.crime(sam, offence_subgroup="Bicycle theft"))
    story.wait(days=2, hours=1, seconds=seconds)
    story.message(alex, "text")

    told = {"the first": alex, "the second": sam}[whose]
    assert story.judged().messages[-1].person_id == told.person_id
