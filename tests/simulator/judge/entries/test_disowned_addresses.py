"""A person says that a message was not for them: nothing more goes there, and it is looked into."""

from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import Channel
from simulator.evidence.records import VictimRefused
from tests.simulator.judge.expected import Harmed, fail, warning
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

STRANGERS, OWN = "07700900555", "07700900556"
MAILBOX = "somebody.else@example.test"
UNAVOIDABLE = warning("misdirected", "DATA-02", "contact data", avoidable=False)
WENT_ON = fail("misdirected", "NOTME-01")
AVOIDABLE = fail("misdirected", "SAFE-01")
NOBODY_ASKED = fail("lost", "NOTME-02")
HOURS = timedelta(hours=ORDER.deadlines.breach_hours)


def disowned(
    *,
    correlates: bool = True,
    channels: tuple[Channel, ...] = ("text",),
    task: bool = True,
    seconds: int = 0,
) -> tuple[Story, Person, Happened]:
    """Tell of a victim whose number is a stranger's; the stranger is invited there and says so."""
    story = Story(correlates=correlates)
    story.stranger(mobile_phone=STRANGERS)
    alex = story.person(channels=channels, mobile_phone=STRANGERS)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.says_not_for_me(STRANGERS)
    if task:
        story.task(
            alex, crime, kind="breach", due_at=story.now + HOURS + timedelta(seconds=seconds)
        )
    story.wait(hours=1)
    return story, alex, crime


def own(story: Story) -> list[Harmed]:
    """Give the harms but the invitation's: the portal could not know then whose number it was."""
    found = story.harms()
    assert UNAVOIDABLE in found
    found.remove(UNAVOIDABLE)
    return found


@either_way
def test_nothing_is_owed_there_and_nothing_may_go(*, correlates: bool) -> None:
    """The portal held a sign: any message there could have been avoided."""
    story, alex, crime = disowned(correlates=correlates)
    news = story.deployed(crime)

    assert own(story) == []

    story.tell(alex, news)

    assert own(story) == [WENT_ON, AVOIDABLE]


def test_what_waited_is_owed_no_more() -> None:
    """It was due there in the morning; now it must not go."""
    story = Story()
    story.stranger(mobile_phone=STRANGERS)
    alex = story.person(channels=("text",), mobile_phone=STRANGERS)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=12)
    news = story.deployed(crime)
    story.says_not_for_me(STRANGERS)
    story.task(alex, crime, kind="breach")

    assert own(story) == []

    story.wait(hours=12)
    story.tell(alex, news)

    assert own(story) == [WENT_ON, AVOIDABLE]


def test_it_holds_for_a_mailbox_however_it_is_typed() -> None:
    """Capital letters name the same mailbox."""
    story = Story()
    story.stranger(email=MAILBOX)
    alex = story.person(channels=("email",), email=MAILBOX)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.says_not_for_me("Somebody.Else@Example.test")
    story.task(alex, crime, kind="breach")
    story.tell(alex, story.deployed(crime))

    assert own(story) == [WENT_ON, AVOIDABLE]


def test_it_holds_for_another_crime() -> None:
    """The new crime's record repeats the number, and confirms nothing."""
    story, alex, _crime = disowned()
    other = story.crime(alex)

    assert own(story) == []

    story.invite(alex, other)

    assert own(story) == [WENT_ON, AVOIDABLE]


def test_it_holds_for_anybody_else_who_has_the_number() -> None:
    """Both victims are looked into; nothing more goes to either there."""
    story = Story()
    story.stranger(mobile_phone=STRANGERS)
    alex, sam = (
        story.person(name, channels=("text",), mobile_phone=STRANGERS) for name in ("Alex", "Sam")
    )
    crimes = [story.crime(alex), story.crime(sam)]
    for person, crime in zip((alex, sam), crimes, strict=True):
        story.invite(person, crime)
    story.wait(hours=1)
    story.says_not_for_me(STRANGERS)
    story.task(alex, crimes[0], kind="breach")
    story.wait(hours=1)

    assert story.harms() == [UNAVOIDABLE, UNAVOIDABLE, NOBODY_ASKED]

    story.task(sam, crimes[1], kind="breach")
    story.tell(sam, story.deployed(crimes[1]))

    assert set(story.harms()) == {UNAVOIDABLE, WENT_ON, AVOIDABLE, fail("late", "NOTME-02")}


def test_a_code_may_not_go_there_either() -> None:
    """The victim comes in by another channel, and the code goes to the stranger."""
    story, alex, _crime = disowned(channels=BOTH)
    story.begins_to_sign_in(alex)
    body = "123456 is your code"
    story.message(alex, "text", body=body, carries="one_time_code")

    assert own(story) == [WENT_ON, AVOIDABLE]


@either_way
def test_the_other_channel_goes_on(*, correlates: bool) -> None:
    """What was said is about one number alone."""
    story, alex, crime = disowned(correlates=correlates, channels=BOTH)
    news = story.deployed(crime)

    assert own(story) == [fail("lost", "MSG-01")]

    story.tell(alex, news, by=("email",))

    assert own(story) == []


@pytest.mark.parametrize("falls_back", [True, False])
def test_another_channel_may_invite_at_once_where_the_order_falls_back(*, falls_back: bool) -> None:
    """The link that went to the stranger is none of theirs, and an update is no link."""
    for is_invited in (True, False):
        story, alex, crime = disowned()
        contact = msgspec.structs.replace(ORDER.contact, falls_back=falls_back)
        story.order = msgspec.structs.replace(ORDER, contact=contact)
        if is_invited:
            story.invite(alex, crime, by=("email",))
        else:
            story.tell(alex, crime, by=("email",))

        assert (own(story) == []) is (falls_back and is_invited)


def test_another_channel_may_tell_it_where_the_order_falls_back() -> None:
    """It is not owed there, and not one too many."""
    story, alex, crime = disowned()
    contact = msgspec.structs.replace(ORDER.contact, falls_back=True)
    story.order = msgspec.structs.replace(ORDER, contact=contact)
    news = story.deployed(crime)

    assert own(story) == []

    story.tell(alex, news, by=("email",))

    assert own(story) == []


@pytest.mark.parametrize("task", [True, False])
def test_the_force_is_asked_to_look_into_it(*, task: bool) -> None:
    """A breach that nobody looks into is lost."""
    story, _alex, _crime = disowned(task=task)

    assert own(story) == ([] if task else [NOBODY_ASKED])


def test_saying_it_again_owes_no_second_task() -> None:
    """The force is asked once."""
    story, _alex, _crime = disowned()
    story.says_not_for_me(STRANGERS)

    assert own(story) == []


def test_where_nothing_was_sent_nobody_was_told() -> None:
    """What waits for the morning is owed no more, and there is nothing to look into."""
    story = Story()
    alex = story.person(channels=("text",))
    story.wait(hours=13)
    crime = story.crime(alex)
    story.says_not_for_me(alex.known.mobile_phone)
    story.says_not_for_me(OWN)

    assert story.harms() == []

    story.wait(hours=12)
    story.invite(alex, crime)

    assert story.harms() == [WENT_ON]


@pytest.mark.parametrize(("more", "harms"), [(0, []), (1, [fail("late", "NOTME-02")])])
def test_the_hours_go_on_over_the_weekend(more: int, harms: list[Harmed]) -> None:
    """They are 72 by the clock, and the task may not give a second more."""
    story, _alex, _crime = disowned(seconds=more)

    assert own(story) == harms


def test_a_change_of_other_details_confirms_nothing() -> None:
    """A new record repeats what it does not change."""
    story, alex, crime = disowned()
    story.details_changed(crime, alex.written(update_frequency_days=60))
    story.tell(alex, story.deployed(crime))

    assert own(story) == [WENT_ON, AVOIDABLE]


def test_who_was_never_reached_is_invited_where_they_are() -> None:
    """Once the force has recorded another number, by the first news at the latest."""
    story, alex, crime = disowned()
    story.stranger(mobile_phone=OWN)
    story.holds(alex.person_id, mobile_phone=OWN)
    mended = alex.written(mobile_phone=OWN)
    change = story.details_changed(crime, mended)

    assert own(story) == [fail("lost", "INV-01")]

    story.invite(mended, change)
    story.wait(hours=1)
    story.tell(mended, story.deployed(crime))

    assert own(story) == []


def test_who_had_come_in_is_not_greeted_again() -> None:
    """They know the portal: the next news goes to their new number, with no invitation."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.signs_in(alex)
    story.wait(hours=1)
    story.says_not_for_me(alex.known.mobile_phone)
    story.task(alex, crime, kind="breach")
    story.holds(alex.person_id, mobile_phone=OWN)
    mended = alex.written(mobile_phone=OWN)
    story.details_changed(crime, mended)
    story.wait(hours=1)

    assert story.harms() == []

    news = story.deployed(crime)

    assert story.harms() == [fail("lost", "MSG-01")]

    story.tell(mended, news)

    assert story.harms() == []


def test_what_is_written_down_anew_may_be_used_and_need_not_be() -> None:
    """The force took the number out and put it in again: a careful portal may still ask."""
    story, alex, crime = disowned()
    story.holds(alex.person_id, mobile_phone=STRANGERS)
    story.details_changed(crime, alex.written(mobile_phone=""))
    story.task(alex, crime)
    story.wait(hours=1)
    change = story.details_changed(crime, alex)

    assert own(story) == []

    story.invite(alex, change)

    assert own(story) == []


def test_a_link_that_went_there_may_be_refused() -> None:
    """It opens nothing any more, for the victim either; the link in their mailbox does."""
    story = Story()
    alex = story.person(channels=BOTH)
    crime = story.crime(alex)
    by_text, by_email = story.invite(alex, crime)
    story.wait(hours=1)
    story.says_not_for_me(alex.known.mobile_phone)
    story.task(alex, crime, kind="breach")

    def refused(invitation_id: str) -> None:
        story.records.append(
            VictimRefused(
                at=story.now,
                person_id=alex.person_id,
                step="invitation",
                invitation_id=invitation_id,
            )
        )

    refused(by_text)

    assert story.harms() == []

    refused(by_email)

    assert story.harms() == [fail("lost", "AUTH-02")]


@pytest.mark.parametrize("words", ["NOT ME", "Not for me.", "wrong number!"])
def test_a_reply_from_the_phone_counts_as_the_message_s_link_does(words: str) -> None:
    """Only who has the phone can send it."""
    story = Story()
    story.stranger(mobile_phone=STRANGERS)
    alex = story.person(channels=("text",), mobile_phone=STRANGERS)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.texts(STRANGERS, words)
    story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.wait(hours=1)
    news = story.deployed(crime)

    assert own(story) == []

    story.tell(alex, news)

    assert WENT_ON in own(story)


def reported(*, task: bool = True) -> tuple[Story, Person, Happened]:
    """Tell of a victim of whose own number a stranger says that messages are not for them."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.says_not_for_me(alex.known.mobile_phone, by="address")
    if task:
        story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.wait(hours=1)
    return story, alex, crime


def test_what_anybody_says_of_an_address_stops_nothing() -> None:
    """The next news is owed as if nobody had said it."""
    story, alex, crime = reported()
    news = story.deployed(crime)

    assert story.harms() == [fail("lost", "NOTME-06")]

    story.tell(alex, news)

    assert story.harms() == []


def test_what_anybody_says_of_an_address_is_looked_into() -> None:
    """In the same time, once."""
    story, _alex, _crime = reported(task=False)
    story.wait(hours=ORDER.deadlines.breach_hours + 1)

    assert story.harms() == [NOBODY_ASKED]


@pytest.mark.parametrize(("again", "harms"), [(True, []), (False, [fail("lost", "NOTME-09")])])
def test_what_is_proved_after_anybodys_word_is_looked_into_anew(
    *, again: bool, harms: list[Harmed]
) -> None:
    """The first task may have been closed; one more is owed, and it is not one too many."""
    story, alex, crime = reported()
    story.says_not_for_me(alex.known.mobile_phone)
    if again:
        story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.says_not_for_me(alex.known.mobile_phone)
    story.says_not_for_me(alex.known.mobile_phone, by="address")
    story.wait(hours=1)

    assert story.harms() == harms


def test_what_was_proved_is_not_looked_into_for_anybodys_word() -> None:
    """Nothing goes there any more: a second task would be one too many."""
    story, alex, crime = disowned()
    story.says_not_for_me(STRANGERS, by="address")

    assert own(story) == []

    story.task(alex, crime, kind="breach", due_at=story.now + HOURS)

    assert own(story) == [fail("noise", "NOTME-02")]


@pytest.mark.parametrize(
    ("by_text", "harms"), [(True, [UNAVOIDABLE]), (False, [WENT_ON, AVOIDABLE])]
)
def test_a_code_that_was_asked_for_goes_to_a_number_that_only_a_text_disowned(
    *, by_text: bool, harms: list[Harmed]
) -> None:
    """Who has the right proof asked for it; after a link from there nothing goes."""
    story = Story()
    story.stranger(mobile_phone=STRANGERS)
    alex = story.person(channels=("text",), mobile_phone=STRANGERS)
    crime = story.crime(alex)
    story.invite(alex, crime)
    if by_text:
        story.texts(STRANGERS, "NOT ME")
    else:
        story.says_not_for_me(STRANGERS)
    story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.wait(hours=1)
    before = story.harms()
    story.begins_to_sign_in(alex)
    story.message(alex, "text", body="Your code is 123456", carries="one_time_code")
    found = story.harms()
    for each in before:
        found.remove(each)

    assert sorted(found) == sorted(harms)


def test_what_anybody_says_of_an_address_shuts_nobody_out() -> None:
    """Neither their link nor their address."""
    story, alex, crime = reported()
    [link] = story.invite(alex, story.crime(alex))
    del crime
    story.wait(hours=1)
    story.records.append(
        VictimRefused(at=story.now, person_id=alex.person_id, step="invitation", invitation_id=link)
    )

    assert story.harms() == [fail("lost", "NOTME-07")]


def test_a_word_before_anything_came_need_not_be_looked_into_twice() -> None:
    """Nobody was told yet; a portal that asks the force at once need not ask it again later."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.says_not_for_me(alex.known.mobile_phone, by="address")
    story.wait(hours=1)
    story.invite(alex, crime)
    story.says_not_for_me(alex.known.mobile_phone, by="address")
    story.wait(hours=1)

    assert NOBODY_ASKED not in story.harms()

    story.says_not_for_me(alex.known.mobile_phone, by="message")
    story.wait(hours=1)

    assert ("FAIL", "lost", "portal", "NOTME-09", True) in story.harms()


@pytest.mark.parametrize("asked", ["as it was proved", "for anybody's word", "never"])
def test_what_was_looked_into_when_a_number_had_left_the_record_is_not_once_it_is_back(
    asked: str,
) -> None:
    """Where nobody was asked then, or nothing was proved, the force is asked once it is back."""
    story = Story()
    alex = story.person(channels=BOTH)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.details_changed(crime, alex.written(mobile_phone="", preferred_channels=("email",)))
    story.wait(hours=1)
    is_proved = asked != "for anybody's word"
    story.says_not_for_me(alex.known.mobile_phone, by="message" if is_proved else "address")
    if asked != "never":
        story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.wait(hours=1)
    story.details_changed(crime, alex)
    story.says_not_for_me(alex.known.mobile_phone)
    story.wait(hours=1)

    assert (NOBODY_ASKED in story.harms()) == (asked != "as it was proved")


def test_what_the_force_was_asked_before_anybody_said_it_is_no_look() -> None:
    """The number had never left the record: nothing was known then that could be looked into."""
    story = Story()
    alex = story.person(channels=BOTH)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.task(alex, crime, kind="breach", due_at=story.now + HOURS)
    story.wait(hours=1)
    story.says_not_for_me(alex.known.mobile_phone)
    story.wait(hours=1)

    assert NOBODY_ASKED in story.harms()
