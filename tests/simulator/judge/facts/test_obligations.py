"""When a message is due, when it is late, and when nothing is owed any more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from simulator.judge.facts.deadlines import Announces, due
from simulator.judge.facts.obligations import Ledger, Obligation
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_NOBODY, BEGINS, ORDER, Happened, Person
from tests.simulator.judge.story import Story, assert_due_now, either_way, one_invited

SECOND = timedelta(seconds=1)
QUARTER = timedelta(minutes=ORDER.messages.minutes_max)
WEEK = timedelta(days=7)
LIMIT = ORDER.messages.per_week_max


def moment(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """Give a moment of 2026 in UTC: London is an hour ahead until 25 October."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "announces", "expected"),
    [
        (moment(6, 1, 9), "update", moment(6, 1, 9, 15)),
        (moment(6, 1, 9), "invitation", moment(6, 1, 9, 15)),
        (moment(8, 3, 9), "update", moment(8, 3, 10, 15)),
        (moment(8, 3, 9), "invitation", moment(8, 3, 9, 15)),
        (moment(10, 19, 9), "reply", moment(10, 19, 9, 15)),
        (moment(6, 1, 20), "update", moment(6, 2, 7, 15)),
        (moment(6, 1, 23, 30), "update", moment(6, 2, 7, 15)),
        (moment(6, 2, 6, 59), "update", moment(6, 2, 7, 15)),
        (moment(6, 2, 7), "update", moment(6, 2, 7, 15)),
        (moment(8, 3, 19, 30), "update", moment(8, 4, 7, 15)),
        (moment(8, 4, 6, 30), "update", moment(8, 4, 7, 45)),
        (moment(10, 24, 21), "reply", moment(10, 25, 8, 15)),
    ],
    ids=[
        "at once",
        "an invitation at once",
        "an hour for more news in phase 2",
        "an invitation does not wait for more",
        "a reply does not wait for more",
        "quiet hours begin at nine",
        "after midnight in London",
        "a minute before eight",
        "at eight",
        "the hour ends in quiet hours",
        "the hour begins in quiet hours",
        "the clocks go back that night",
    ],
)
def test_a_message_is_due_as_the_order_says(
    received: datetime, announces: Announces, expected: datetime
) -> None:
    """After a quarter of an hour, the hour for more news, and quiet hours."""
    assert due(ORDER, received, announces) == expected


@pytest.mark.parametrize("phase", [1, 2])
def test_no_deadline_lies_in_quiet_hours(phase: int) -> None:
    """Nothing may be sent in them, so nothing can be late in them.

    News at ten to nine has ten minutes, not fifteen: what misses them waits for eight o'clock.
    """
    minutes = [BEGINS[phase] + timedelta(minutes=minute) for minute in range(24 * 60)]
    deadlines = [due(ORDER, at, "update") for at in minutes]

    assert [at for at in deadlines if ORDER.quiet_until(at) != at] == []


@pytest.mark.parametrize("phase", [1, 2])
@either_way
def test_at_its_deadline_a_message_is_in_time_and_then_late(
    *, phase: int, correlates: bool
) -> None:
    """The deadline itself is still in time; a second later is not."""
    story, alex, crime = one_invited(phase=phase, correlates=correlates)
    news = story.deployed(crime)
    story.until(due(ORDER, story.now, "update"))

    assert_due_now(story, alex, news)


@either_way
def test_what_is_due_at_the_end_is_lost_and_what_is_not_is_left_open(*, correlates: bool) -> None:
    """A run may end at any time: what is not due by then is no harm."""
    story, _alex, crime = one_invited(phase=1, correlates=correlates)
    story.deployed(crime)
    due_at = story.now + QUARTER

    assert story.harms(end=due_at - SECOND) == []
    assert story.harms(end=due_at) == [fail("lost", "MSG-01")]


@either_way
def test_what_integration_held_up_is_not_the_portals(*, correlates: bool) -> None:
    """The time runs from when the portal had the event."""
    story, alex, crime = one_invited(phase=1, correlates=correlates)
    news = story.deployed(crime, deliver=False)
    story.wait(hours=5)
    story.deliver(news)
    story.wait(minutes=15)
    story.tell(alex, news)

    assert story.harms() == []


@either_way
def test_news_of_the_night_waits_until_eight(*, correlates: bool) -> None:
    """At a quarter past eight it is in time, and a second later it is late."""
    story, alex, crime = one_invited(phase=1, correlates=correlates)
    story.until(moment(6, 1, 22))
    news = story.deployed(crime)
    story.until(moment(6, 2, 7, 15))

    assert_due_now(story, alex, news)


@either_way
def test_one_message_tells_of_all_that_was_open(*, correlates: bool) -> None:
    """In phase 2 news within the hour makes one message, which names the latest."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    story.deployed(crime)
    story.wait(minutes=40)
    latest = story.deployed(crime)
    story.wait(minutes=20)
    story.tell(alex, latest)

    assert story.harms() == []


def test_one_message_tells_nothing_of_what_came_after_the_event_it_names() -> None:
    """A portal that names the first of two events has told only the first."""
    story, alex, crime = one_invited(phase=2, correlates=True)
    first = story.deployed(crime)
    story.wait(minutes=40)
    story.deployed(crime)
    story.wait(minutes=20)
    story.tell(alex, first)

    assert story.harms() == [fail("lost", "MSG-01")]


def told_five_times(story: Story, alex: Person, crime: Happened) -> datetime:
    """Send as many updates as a week may have, two hours apart; give when the first went."""
    return told_times(story, alex, crime, LIMIT)


def told_times(story: Story, alex: Person, crime: Happened, count: int) -> datetime:
    """Send some updates, two hours apart; give when the first went."""
    sent = []
    for _time in range(count):
        news = story.deployed(crime)
        story.wait(hours=1)
        sent.append(story.now)
        story.tell(alex, news)
        story.wait(hours=1)
    return sent[0]


@either_way
def test_the_weekly_limit_excuses_what_it_holds_back(*, correlates: bool) -> None:
    """The sixth may wait until the first is a week old, a quarter of an hour more, no longer."""
    story, alex, crime = one_invited(phase=2, correlates=correlates, order=ADVISES_NOBODY)
    began = told_five_times(story, alex, crime)
    story.until(moment(8, 4, 10))
    news = story.deployed(crime)
    story.until(began + WEEK + QUARTER)

    assert_due_now(story, alex, news)


@either_way
def test_what_the_limit_held_back_is_not_forgotten(*, correlates: bool) -> None:
    """It is owed when the week is over."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    began = told_five_times(story, alex, crime)
    story.until(moment(8, 4, 10))
    story.deployed(crime)

    assert story.harms(end=began + WEEK + QUARTER - SECOND) == []
    assert story.harms(end=began + WEEK + QUARTER) == [fail("lost", "MSG-01")]


@pytest.mark.parametrize(("minutes", "harms"), [(14, []), (16, [fail("late", "MSG-02")])])
def test_a_place_that_comes_free_at_the_last_minute_leaves_a_quarter_of_an_hour(
    minutes: int, harms: list[object]
) -> None:
    """News falls due between an hour and a quarter past it, and the week has room in between."""
    story, alex, crime = one_invited(phase=2, correlates=True, order=ADVISES_NOBODY)
    began = told_five_times(story, alex, crime)
    story.until(began + WEEK - timedelta(hours=1, minutes=10))
    news = story.deployed(crime)
    story.until(began + WEEK + timedelta(minutes=minutes))
    story.tell(alex, news)

    assert story.harms() == harms


@either_way
def test_four_of_a_week_excuse_nothing(*, correlates: bool) -> None:
    """Below the limit, with the invitation, the fifth is due like any other."""
    story, alex, crime = one_invited(phase=2, correlates=correlates, order=ADVISES_NOBODY)
    told_times(story, alex, crime, LIMIT - 2)
    story.until(moment(8, 4, 10))
    story.deployed(crime)

    assert story.harms() == [fail("lost", "MSG-01")]


@either_way
def test_the_limit_may_count_what_went_by_the_channel_before(*, correlates: bool) -> None:
    """The sixth, by text, may wait for five emails; what goes by two channels at once is one."""
    for is_moved, harms in ((True, []), (False, [fail("lost", "MSG-01")] * 2)):
        story = Story(phase=2, correlates=correlates)
        alex = story.person(channels=("email",) if is_moved else ("email", "text"))
        crime = story.crime(alex)
        story.invite(alex, crime)
        if is_moved:
            told_five_times(story, alex, crime)
            story.details_changed(crime, alex.written(preferred_channels=("text",)))
        else:
            told_times(story, alex, crime, LIMIT - 2)
        story.until(moment(8, 4, 10))
        story.deployed(crime)

        assert [each for each in story.harms() if each[3] == "MSG-01"] == harms


@pytest.mark.parametrize("counts", ["invitation", "reply"])
@either_way
def test_an_invitation_or_a_reply_may_count_towards_the_limit(
    *, counts: str, correlates: bool
) -> None:
    """A portal that counts it holds the next news back: not late, and late without it.

    It need not count: one that sends the news at once has not sent one too many.
    """
    for held_back, is_with in ((False, True), (True, True), (True, False)):
        story = Story(phase=3, correlates=correlates)
        alex = story.person(channels=("text",))
        crime = story.crime(alex)
        story.invite(alex, crime)
        if counts == "reply" or not is_with:
            story.until(story.now + WEEK)
        began = story.now
        if counts == "reply" and is_with:
            story.tell(alex, story.replied(crime, alex))
        told_times(story, alex, crime, LIMIT - 1)
        news = story.deployed(crime)
        story.until(began + WEEK + QUARTER if held_back else story.now + QUARTER)
        story.tell(alex, news)
        found = [each for each in story.harms(end=story.now) if each[3] != "JOUR-01"]

        assert found == ([] if is_with else [fail("late", "MSG-02")])


@either_way
def test_a_code_does_not_count_towards_the_limit(*, correlates: bool) -> None:
    """A victim who signs in often is told as soon as any other."""
    story, alex, crime = one_invited(phase=2, correlates=correlates)
    for _time in range(LIMIT):
        story.begins_to_sign_in(alex)
        story.message(alex, "text", body="Thames Valley Police: 482913", carries="one_time_code")
        story.signs_in(alex)
        story.wait(minutes=5)
    story.deployed(crime)

    assert story.harms() == [fail("lost", "MSG-01")]


@either_way
def test_a_reply_goes_alone_in_time_or_joins_other_news(*, correlates: bool) -> None:
    """Within the quarter hour by itself; within the hour for more news when it is with other news.

    A reply that is alone and late is late, and so is one that joins news after the hour.
    """
    alone, joined, too_late = (
        joined_after(minutes=minutes, correlates=correlates, is_joined=is_joined)
        for minutes, is_joined in ((15, False), (75, True), (76, True))
    )

    assert alone == joined == []
    assert too_late[-1] == fail("late", "MSG-02")

    for minutes in (16, 75):
        neither = joined_after(minutes=minutes, correlates=correlates, is_joined=False)

        assert neither == [fail("late", "MSG-02")]


def joined_after(*, minutes: int, correlates: bool, is_joined: bool) -> list[Harmed]:
    """Tell of a reply that is announced after some minutes, with other news or alone."""
    story, alex, crime = one_invited(phase=3, correlates=correlates)
    latest = story.replied(crime, alex)
    story.wait(minutes=min(minutes, 14))
    if is_joined:
        latest = story.deployed(crime)
    story.wait(minutes=minutes - min(minutes, 14))
    story.tell(alex, latest)
    return story.harms()


@either_way
def test_a_reply_may_wait_for_news_until_the_hour_is_over(*, correlates: bool) -> None:
    """At the end of a run it is still open, and lost once no news can have joined it."""
    story, alex, crime = one_invited(phase=3, correlates=correlates)
    story.replied(crime, alex)
    by = story.now + timedelta(minutes=ORDER.messages.bundle_minutes) + QUARTER

    assert story.harms(end=by - SECOND) == []
    assert story.harms(end=by) == [fail("lost", "TWO-04")]


@either_way
def test_a_reply_brings_what_the_limit_held_back(*, correlates: bool) -> None:
    """It goes at once, over the limit, and its message may tell the news that waited."""
    story, alex, crime = one_invited(phase=3, correlates=correlates)
    told_five_times(story, alex, crime)
    story.until(moment(10, 20, 10))
    story.deployed(crime)
    story.wait(hours=2)
    story.tell(alex, story.replied(crime, alex))

    assert story.harms() == []

    story.tell(alex, story.deployed(crime))

    assert story.harms() == [fail("noise", "JOUR-02")]


@either_way
def test_a_reply_is_not_held_back_by_the_limit(*, correlates: bool) -> None:
    """A victim who asked is answered, however much news they had this week."""
    story, alex, crime = one_invited(phase=3, correlates=correlates)
    told_five_times(story, alex, crime)
    story.until(moment(10, 20, 10))
    story.replied(crime, alex)

    assert [harm for _kind, harm, *_rest in story.harms()] == ["lost"]


def test_the_eve_of_phase_2_leaves_the_portal_something_right_to_do() -> None:
    """News from the last quiet hours of phase 1 goes at eight, or waits for the new limit.

    After five messages that week, to send is too many and to wait is too late: not both.
    """
    found = []
    for is_held_back in (False, True):
        story, alex, crime = one_invited(phase=1, correlates=True)
        began = ORDER.go_live_at(2) - timedelta(days=2, hours=13)
        story.until(began)
        for _time in range(ORDER.messages.per_week_max):
            story.tell(alex, story.deployed(crime))
            story.wait(hours=1)
        story.until(ORDER.go_live_at(2) - timedelta(hours=1))
        news = story.deployed(crime)
        story.until(began + WEEK if is_held_back else ORDER.quiet_until(story.now))
        story.tell(alex, news)
        found.append(story.harms())

    assert [] in found


class _NeverRead(list[Obligation]):
    """All obligations of a run, which nothing about one victim may go through."""

    def __iter__(self) -> Iterator[Obligation]:
        raise AssertionError("read every obligation of the run for one victim")

    __reversed__ = __iter__


def test_a_long_run_is_not_gone_through_for_one_victim() -> None:
    """What is asked about one victim looks at theirs alone: a year of a force has a million."""
    ledger, noon = Ledger(ORDER, opened=_NeverRead()), moment(6, 1, 12)
    ledger.owe("alex", "43260000001", "text", "update", "event-1", noon)

    assert not ledger.was_invited("alex", "text")
    assert not ledger.was_told_of("alex", "text", "43260000001")
    assert ledger.last_told("alex", "text", "43260000001") == set()
    assert ledger.oldest_told("alex", "text", noon) is None
    assert ledger.happened_at("alex", "text", "event-1") == noon
    ledger.let_more_channels_tell("alex", ["email"], noon)
    ledger.move("alex", "text", "email", noon, noon)
    assert [each.event_id for each in ledger.open_for("alex", "email")] == ["event-1", "event-1"]
