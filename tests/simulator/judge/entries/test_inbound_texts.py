"""Channels that victims end, by STOP or on the portal: no message goes there, or is lost there."""

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest

from reference.contract.events import Channel, CrimeAllocated, Officer
from simulator.judge.facts.preferences import is_stop, may_be_stop
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import BOTH, ORDER, Happened, Person
from tests.simulator.judge.story import UPDATE, Story, either_way, one_invited

SENT_ALL_THE_SAME = fail("noise", "CONT-01")
NOBODY_TOLD = fail("lost", "CONT-02")
LOST = fail("lost", "MSG-01")
LONGER = ("Stop texting me", "stop please", "\uff33\uff54\uff4f\uff50", "Stop.\nSent from my phone")


def stopped(
    words: str = "STOP", *, correlates: bool = True, task: bool = True
) -> tuple[Story, Person, Happened]:
    """Tell of one victim who was invited by text and email, and texted back an hour later."""
    story = Story(correlates=correlates)
    alex = story.person(channels=BOTH)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, words)
    if task:
        story.task(alex, crime, kind="contact_ended")
    return story, alex, crime


@pytest.mark.parametrize(
    "words", ["STOP", "stop", " Stop. ", "STOP!", "Stop all", "unsubscribe", *LONGER]
)
def test_stop_is_stop_however_it_is_written(words: str) -> None:
    """Only these texts are certain to mean STOP."""
    assert is_stop(words)
    assert may_be_stop(words)


@pytest.mark.parametrize("words", ["Stopped by a man in red", "END", "please stop", "unsubscribed"])
def test_what_may_be_stop_is_not_for_certain(words: str) -> None:
    """STOP comes first or not at all; other wishes forbid nothing."""
    assert not is_stop(words)
    assert may_be_stop(words)


@pytest.mark.parametrize("words", ["", "Thanks", "When will the officer come?", "bus station"])
def test_other_words_are_not(words: str) -> None:
    """A question is a question."""
    assert not is_stop(words)
    assert not may_be_stop(words)


@either_way
def test_after_stop_no_text_is_owed_and_none_may_come(*, correlates: bool) -> None:
    """News goes by email alone; a text all the same is one too many."""
    story, alex, crime = stopped(correlates=correlates)
    story.wait(hours=1)
    deployed = story.deployed(crime)

    assert story.harms() == [LOST]

    story.tell(alex, deployed, by=("email",))

    assert story.harms() == []

    story.tell(alex, deployed, by=("text",))

    assert story.harms() == [SENT_ALL_THE_SAME]


def test_what_waited_when_stop_came_is_owed_no_more() -> None:
    """It was to go by text; now it must not."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    deployed = story.deployed(crime)
    story.wait(minutes=2)
    story.texts(alex.known.mobile_phone, "STOP")
    story.task(alex, crime, kind="contact_ended")

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [SENT_ALL_THE_SAME]


def test_the_officer_is_told_of_it() -> None:
    """The duty to inform goes on: without a task no officer would look for another way."""
    story, alex, crime = stopped(task=False)

    assert story.harms() == [NOBODY_TOLD]

    story.task(alex, crime)

    assert story.harms() == [NOBODY_TOLD]

    story.task(alex, crime, kind="contact_ended")

    assert story.harms() == []


def test_once_is_enough() -> None:
    """A second STOP from the same victim ends nothing more."""
    story, alex, _crime = stopped()
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, "STOP")

    assert story.harms() == []


def test_of_a_case_that_is_over_nobody_need_be_told() -> None:
    """There is no duty left that the channel was for."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.tell(alex, story.closed(crime))
    story.texts(alex.known.mobile_phone, "STOP")

    assert story.harms() == []


def test_words_that_may_mean_stop_forbid_nothing() -> None:
    """Told by text or not: either portal is careful."""
    for by in (("email",), BOTH):
        story, alex, crime = stopped("please stop texting me at work", task=False)
        story.wait(hours=1)
        story.tell(alex, story.deployed(crime), by=by)

        assert story.harms() == []


def test_other_words_end_nothing() -> None:
    """A question by text is no STOP: news is still owed there."""
    story, alex, crime = stopped("When will he come?", task=False)
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime), by=("email",))

    assert story.harms() == [LOST]


@either_way
@pytest.mark.parametrize("words", ["When will he come?", "STOP"])
def test_a_text_may_be_answered_once_and_soon(words: str, *, correlates: bool) -> None:
    """It may say where to write, or that texts have ended; a second answer is one too many."""
    story, alex, _crime = stopped(words, task=words == "STOP", correlates=correlates)
    story.message(alex, "text", body="You cannot answer this text.")

    assert story.harms() == []
    assert story.judged().messages[-1].kind == "answer"

    story.message(alex, "text", body="You cannot answer this text.")

    [(kind, harm, *_rest)] = story.harms()

    assert kind == "FAIL"
    assert harm in ("noise", "duplicated")


@pytest.mark.parametrize(
    ("words", "harms"),
    [
        ("Texts have ended. Ring 482913.", []),
        ("Your case is with PC Okafor.", [fail("disclosed", "PRIV-01")]),
        ("This was about a burglary.", [fail("disclosed", "PRIV-01")]),
    ],
)
@either_way
def test_an_answer_gives_nothing_away(words: str, harms: list[Harmed], *, correlates: bool) -> None:
    """Any person with the phone may have sent the text: its answer tells no more than a message."""
    story, alex, crime = stopped("Who is this?", correlates=correlates, task=False)
    story.happens(
        CrimeAllocated(
            crime_reference=crime.crime_reference,
            allocated_at=story.now,
            officer_in_charge=Officer("PC Okafor", "4271"),
        )
    )
    story.tell(alex, story.deployed(crime))
    carries: Literal["", "one_time_code"] = "one_time_code" if "482913" in words else ""
    story.message(alex, "text", body=words, carries=carries)

    assert story.harms() == harms


def test_the_same_words_again_get_no_second_answer_that_day() -> None:
    """Two machines would answer each other for ever; the next day, or other words, are another."""
    story, alex, _crime = stopped()
    story.message(alex, "text", body="You get no more texts.")
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, "STOP")

    assert story.harms() == []

    story.message(alex, "text", body="You get no more texts.")

    assert story.harms() == [SENT_ALL_THE_SAME]


@pytest.mark.parametrize(("words", "hours"), [("START", 1), ("STOP", 24)])
def test_other_words_or_another_day_may_be_answered(words: str, hours: int) -> None:
    """Each is a text of its own."""
    story, alex, _crime = stopped()
    story.message(alex, "text", body="You get no more texts.")
    story.wait(hours=hours)
    story.texts(alex.known.mobile_phone, words)
    story.message(alex, "text", body="You get no more texts.")

    assert story.harms() == []


def test_the_same_words_may_be_answered_if_the_first_were_not() -> None:
    """An outage of the gateway may have lost the first answer."""
    story, alex, _crime = stopped()
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, "STOP")
    story.message(alex, "text", body="You get no more texts.")

    assert story.harms() == []


def test_an_answer_that_comes_the_next_day_is_none() -> None:
    """By then it answers nothing."""
    story, alex, _crime = stopped("Hello?", task=False)
    story.wait(days=1)
    story.message(alex, "text", body="You cannot answer this text.")

    assert story.harms() == [fail("noise", "ONCE-01")]


def test_it_counts_for_everybody_at_that_number() -> None:
    """STOP from a shared phone counts for both victims; one at another number is still told."""
    story = Story()
    alex = story.person(channels=("text",))
    sam = story.person("Sam", channels=("text",), mobile_phone=alex.known.mobile_phone)
    story.holds(sam.person_id, mobile_phone=alex.known.mobile_phone)
    kim = story.person("Kim", channels=("text",))
    crime = story.crime(alex, sam, kim)
    for each in (alex, sam, kim):
        story.invite(each, crime)
    story.texts(alex.known.mobile_phone, "STOP")
    for each in (alex, sam):
        story.task(each, crime, kind="contact_ended")
    story.wait(hours=1)
    story.deployed(crime)

    assert [finding.person_id for finding in story.judged().findings] == [kim.person_id]


def test_a_number_nobody_has_ends_nothing() -> None:
    """A text from an unknown number is no victim's STOP."""
    story, alex, crime = stopped("Hello", task=False)
    story.texts("07700900999", "STOP")
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == []


def test_a_stop_before_the_number_is_recorded_changes_nothing() -> None:
    """The contract has the portal forget it: a text that comes later is no harm, and is owed."""
    story = Story()
    alex = story.person(channels=("text",))
    story.texts(alex.known.mobile_phone, "STOP")
    story.wait(hours=1)
    crime = story.crime(alex)

    assert story.harms() == [fail("lost", "INV-01")]

    story.invite(alex, crime)

    assert story.harms() == []


def test_a_stop_from_a_number_not_used_now_may_count_or_not() -> None:
    """The victim asked for emails alone: after they ask for texts, one may come, or none."""
    story = Story()
    alex = story.person(channels=("email",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, "STOP")
    changed = story.details_changed(crime, alex.written(preferred_channels=("text", "email")))

    assert story.harms() == []

    story.invite(alex, changed, by=("text",))

    assert story.harms() == []


@pytest.mark.parametrize("waits", ["an invitation", "an update"])
def test_an_answer_is_no_news_that_waits_for_the_morning(waits: str) -> None:
    """It names no event and has no link: the invitation or the update is owed all the same."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    if waits == "an update":
        story.invite(alex, crime)
    story.until(story.now.replace(hour=21))
    news = story.deployed(crime) if waits == "an update" else crime
    story.texts(alex.known.mobile_phone, "Who is this?")
    story.message(alex, "text", body="You cannot answer this text.")

    assert story.judged().messages[-1].kind == "answer"
    assert story.harms() == [fail("lost", "MSG-01" if waits == "an update" else "INV-01")]

    story.until(story.now.replace(hour=7) + timedelta(days=1))
    if waits == "an update":
        story.tell(alex, news)

        assert story.harms() == []


@either_way
def test_what_is_chosen_on_the_portal_counts(*, correlates: bool) -> None:
    """Email only: no text is owed, none may come, and an officer is told."""
    story = Story(correlates=correlates)
    alex = story.person(channels=BOTH)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.chooses(alex, "email")

    assert story.harms() == [NOBODY_TOLD]

    story.task(alex, crime, kind="contact_ended")
    deployed = story.deployed(crime)
    story.tell(alex, deployed, by=("email",))

    assert story.harms() == []

    story.tell(alex, deployed, by=("text",))

    assert story.harms() == [SENT_ALL_THE_SAME]


def test_a_person_who_withdraws_hears_nothing() -> None:
    """No message comes by any channel, and nothing is lost."""
    story, alex, crime = stopped()
    story.chooses(alex)
    story.task(alex, crime, kind="contact_ended")
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [SENT_ALL_THE_SAME, SENT_ALL_THE_SAME]


def test_a_choice_of_texts_undoes_a_stop() -> None:
    """A victim who asks for texts again gets them again."""
    story, alex, crime = stopped()
    story.wait(hours=1)
    story.chooses(alex, *BOTH)
    deployed = story.deployed(crime)
    story.tell(alex, deployed, by=("email",))

    assert story.harms() == [LOST]

    story.tell(alex, deployed, by=("text",))

    assert story.harms() == []


def test_a_channel_asked_for_on_the_portal_alone_may_be_used() -> None:
    """The force recorded another wish: using it or not, neither is wrong."""
    for by in (("text",), BOTH):
        story = Story()
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        story.invite(alex, crime)
        story.chooses(alex, *BOTH)
        story.wait(hours=1)
        story.tell(alex, story.deployed(crime), by=by)

        assert story.harms() == []


def test_an_unsent_message_about_nothing_is_still_noise() -> None:
    """A text from the victim does not allow messages without news later."""
    story, alex, _crime = stopped("Hello?", task=False)
    story.message(alex, "email", body=UPDATE)

    assert [each[:2] for each in story.harms()] == [("FAIL", "noise")]


def chosen(
    *channels: Channel, correlates: bool = True, phase: int = 1
) -> tuple[Story, Person, Happened]:
    """Tell of one victim who is told by text and email, and chose on the portal just now."""
    story, alex, crime = one_invited(correlates=correlates, phase=phase, channels=BOTH)
    story.chooses(alex, *channels)
    if set(channels) != set(BOTH):
        story.task(alex, crime, kind="contact_ended")
    return story, alex, crime


def confirm(story: Story, alex: Person, channel: Channel) -> None:
    """Say on a channel that the choice was kept."""
    story.message(alex, channel, body="Thames Valley Police: your choice is kept.")


@either_way
def test_a_choice_may_be_confirmed_once_on_each_channel(*, correlates: bool) -> None:
    """Confirmed or not, neither is wrong; a second confirmation is one too many."""
    story, alex, _crime = chosen(*BOTH, correlates=correlates)

    assert story.harms() == []

    confirm(story, alex, "text")
    story.wait(minutes=5)
    confirm(story, alex, "email")

    assert story.harms() == []
    assert [each.kind for each in story.judged().messages[-2:]] == ["answer", "answer"]

    confirm(story, alex, "text")

    [(kind, harm, *_rest)] = story.harms()
    assert (kind, harm) in [("FAIL", "duplicated"), ("FAIL", "noise")]


@either_way
def test_a_confirmation_comes_soon(*, correlates: bool) -> None:
    """By night too, since the victim is there; an hour later it confirms nothing."""
    story, alex, _crime = chosen("email", correlates=correlates)
    story.wait(minutes=ORDER.messages.minutes_max)
    confirm(story, alex, "email")

    assert story.harms() == []

    story.records.pop()
    story.wait(seconds=1)
    confirm(story, alex, "email")

    assert story.harms() == [fail("noise", "ONCE-01")]


@either_way
def test_no_confirmation_goes_to_a_channel_that_was_ended(*, correlates: bool) -> None:
    """Email only: nothing more by text. To a victim who withdraws, nothing by any."""
    for channels in (("email",), ()):
        story, alex, _crime = chosen(*channels, correlates=correlates)
        confirm(story, alex, "text")

        assert story.harms() == [SENT_ALL_THE_SAME]


@pytest.mark.parametrize(
    ("then", "hours", "is_repeated"),
    [(("email",), 23, True), (("email",), 24, False), (BOTH, 2, False)],
    ids=["that day", "the next day", "another choice"],
)
@either_way
def test_a_choice_made_again_is_confirmed_once_a_day(
    then: tuple[Channel, ...], hours: int, *, is_repeated: bool, correlates: bool
) -> None:
    """CONT-03: a victim who repeats how they want to be told gets no second answer that day."""
    story, alex, _crime = chosen("email", correlates=correlates)
    confirm(story, alex, "email")
    story.wait(hours=hours)
    story.chooses(alex, *then)
    story.message(alex, "email", body="Thames Valley Police: your choice is kept still.")

    assert story.harms() == ([fail("noise", "ONCE-01")] if is_repeated else [])


def test_a_choice_after_a_stop_is_another_choice() -> None:
    """Texts, then STOP, then texts again on the same day: each change may be confirmed."""
    story, alex, crime = chosen(*BOTH)
    confirm(story, alex, "email")
    story.wait(hours=1)
    story.texts(alex.known.mobile_phone, "STOP")
    story.task(alex, crime, kind="contact_ended")
    story.wait(hours=1)
    story.chooses(alex, *BOTH)
    confirm(story, alex, "email")

    assert story.harms() == []


@pytest.mark.parametrize("is_confirmed", [True, False])
@either_way
def test_a_confirmation_takes_no_news_message_away(*, is_confirmed: bool, correlates: bool) -> None:
    """News that waits for more news is told in its time, after the confirmation or without it."""
    story, alex, crime = one_invited(phase=2, channels=("text",), correlates=correlates)
    news = story.deployed(crime)
    story.wait(minutes=10)
    story.chooses(alex, "text")
    if is_confirmed:
        confirm(story, alex, "text")
    story.wait(minutes=50)
    story.tell(alex, news)

    assert story.harms() == []

    story.tell(alex, news)

    assert [each[:2] for each in story.harms()] == [("FAIL", "duplicated")]


@either_way
def test_news_soon_after_a_choice_is_news(*, correlates: bool) -> None:
    """A portal that does not confirm tells what happened: nothing is lost."""
    story, alex, crime = one_invited(channels=("text",), correlates=correlates)
    story.chooses(alex, "text")
    story.tell(alex, story.deployed(crime))

    assert story.harms() == []


def test_a_confirmation_to_a_stranger_is_misdirected() -> None:
    """A wrong number is wrong for a confirmation too."""
    story = Story()
    alex = story.person(channels=("text",), mobile_phone="07700900999")
    story.stranger(mobile_phone="07700900999")
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.chooses(alex, "text")
    confirm(story, alex, "text")

    assert [each[1] for each in story.harms()] == ["misdirected", "misdirected"]


def test_a_confirmation_gives_nothing_away() -> None:
    """It says no more than any message."""
    story, alex, _crime = chosen(*BOTH)
    story.message(alex, "text", body="You will hear of your burglary by text.")

    assert story.harms() == [fail("disclosed", "PRIV-01")]


def test_other_channels_in_a_later_record_may_be_used_or_not() -> None:
    """An officer may have asked the victim; a record with the same channels says nothing new."""
    story, alex, crime = stopped()
    story.wait(hours=1)
    story.details_changed(crime, alex.written(enhanced_rights=True))
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [SENT_ALL_THE_SAME]

    story, alex, crime = stopped()
    story.wait(hours=1)
    story.details_changed(crime, alex.written(preferred_channels=("text",)))
    update = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, update, by=("text",))

    assert story.harms() == []

    story.texts(alex.known.mobile_phone, "STOP")
    story.task(alex, crime, kind="contact_ended")
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime), by=("text",))

    assert story.harms() == [SENT_ALL_THE_SAME]


@either_way
def test_what_waits_when_a_channel_is_chosen_may_go_by_it(*, correlates: bool) -> None:
    """The victim chooses texts while an update waits to go by email: it may go by text, once."""
    story, alex, crime = one_invited(correlates=correlates, channels=("email",))
    story.signs_in(alex)
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    visit = story.deployed(crime)
    story.chooses(alex, "text")
    story.task(alex, crime, kind="contact_ended")
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    story.tell(alex, visit, by=("text",))

    assert story.harms() == []

    story.tell(alex, visit, by=("text",))

    assert story.harms() != []


@either_way
def test_what_waits_for_another_record_of_theirs_may_go_by_what_they_chose(
    *, correlates: bool
) -> None:
    """A portal may take both records for one person's; a stranger's news never goes by it."""
    for given_name, harms in (("Alex", []), ("Robin", [True])):
        story = Story(correlates=correlates)
        alex = story.person(channels=("text",))
        mailbox = alex.record.email
        other = story.person(given_name, channels=("text",), email=mailbox)
        story.holds(other.person_id, email=mailbox)
        own, theirs = story.crime(alex), story.crime(other)
        story.invite(alex, own)
        story.invite(other, theirs)
        story.signs_in(alex)
        story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
        visit = story.deployed(theirs)
        story.chooses(alex, "email")
        story.task(alex, own, kind="contact_ended")
        story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
        story.tell(other, visit, by=("text", "email"))

        assert [True for each in story.harms() if each[1] in ("noise", "duplicated")] == harms


@either_way
def test_a_new_crime_that_waits_when_a_channel_is_chosen_may_be_told_by_it(
    *, correlates: bool
) -> None:
    """The first word of another crime waits for the morning: it may go by the mailbox too, once."""
    story, alex, _crime = one_invited(correlates=correlates)
    story.signs_in(alex)
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    other = story.crime(alex)
    story.chooses(alex, "text", "email")
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    story.tell(alex, other, by=BOTH)

    assert story.harms() == []

    story.tell(alex, other, by=("email",))

    assert [harm for _kind, harm, *_rest in story.harms()] == ["duplicated"]


@pytest.mark.parametrize("chooses", [True, False])
def test_what_invited_nobody_before_they_came_in_may_be_told_by_what_they_chose(
    *, chooses: bool
) -> None:
    """They signed in while the word about a new crime waited, and chose the mailbox alone."""
    story, alex, crime = one_invited()
    story.until(datetime(2026, 6, 1, 22, tzinfo=UTC))
    other = story.crime(alex)
    story.signs_in(alex)
    if chooses:
        story.chooses(alex, "email")
        for each in (crime, other):
            story.task(alex, each, kind="contact_ended")
    story.until(datetime(2026, 6, 2, 7, 5, tzinfo=UTC))
    if not chooses:
        story.tell(alex, other)
    story.tell(alex, other, by=("email",))

    noise = {"noise", "duplicated"} & {harm for _kind, harm, *_rest in story.harms()}
    assert bool(noise) == (not chooses)


@pytest.mark.parametrize("chooses", [True, False])
def test_texts_may_be_chosen_again_that_the_record_no_longer_asks_for(*, chooses: bool) -> None:
    """The victim asks for them; until then they stay stopped."""
    story, alex, crime = stopped()
    story.wait(hours=1)
    story.details_changed(crime, alex.written(preferred_channels=("email",)))
    if chooses:
        story.chooses(alex, *BOTH)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == ([] if chooses else [SENT_ALL_THE_SAME])


@pytest.mark.parametrize("chooses", [True, False])
def test_what_no_channel_could_bring_may_go_by_one_that_is_chosen(*, chooses: bool) -> None:
    """The number was disowned when the news came. Told already, it is told twice."""
    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.signs_in(alex)
    story.wait(hours=1)
    if chooses:
        story.texts(alex.record.mobile_phone, "NOT ME")
        story.task(alex, crime, kind="breach", due_at=story.now)
        story.wait(hours=1)
    news = story.deployed(crime)
    if not chooses:
        story.tell(alex, news)
    story.wait(hours=1)
    if chooses:
        story.chooses(alex, "email")
    story.message(alex, "email" if chooses else "text", news)

    found = [each for each in story.harms() if each[3] == "ONCE-01"]
    assert bool(found) == (not chooses)


@pytest.mark.parametrize(("minutes", "is_noise"), [(0, False), (80, True)])
def test_what_a_reply_went_without_may_go_by_the_channel_that_was_chosen_since(
    minutes: int, *, is_noise: bool
) -> None:
    """A reply may go alone: other news keeps its time, and a choice of channels does not end it.

    Once its time is over, the reply's message has told it.
    """
    story, alex, crime = one_invited(phase=3)
    news = story.deployed(crime)
    story.tell(alex, story.replied(crime, alex))
    story.wait(minutes=minutes)
    other: Channel = "email" if "text" in alex.record.preferred_channels else "text"
    story.chooses(alex, other)
    story.task(alex, crime, kind="contact_ended")
    story.wait(minutes=60)
    story.tell(alex, news, by=(other,))

    assert bool([each for each in story.harms() if each == fail("noise", "ONCE-01")]) == is_noise


@pytest.mark.parametrize(("is_told", "is_noise"), [(False, False), (True, True)])
def test_a_first_word_that_every_channel_was_ended_for_may_go_by_one_that_is_chosen_again(
    *, is_told: bool, is_noise: bool
) -> None:
    """Who wants messages again has heard nothing of that crime yet. It comes once all the same."""
    story, alex, _ = one_invited(channels=BOTH)
    # In quiet hours the first word waits until the morning.
    story.until(story.now.replace(hour=20, minute=31))
    news = story.crime(alex)
    story.signs_in(alex)
    if is_told:
        story.until(story.now.replace(hour=7, minute=0) + timedelta(days=1))
        story.tell(alex, news, by=("text",))
    story.chooses(alex)
    story.task(alex, news, kind="contact_ended")
    story.chooses(alex, "text")
    story.until(story.now.replace(hour=7, minute=0) + timedelta(days=1))
    story.tell(alex, news, by=("text",))

    assert [each.kind for each in story.judged().findings if each.requirement == "ONCE-01"] == (
        ["FAIL"] if is_noise else []
    )
