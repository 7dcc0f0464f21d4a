"""What a message answers, what comes late, and which message is one too many."""

import pytest

from reference.contract.events import Milestone, MilestoneReached
from simulator.judge.facts.sent_message import MessageKind
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_NOBODY, ORDER
from tests.simulator.judge.story import Story, either_way, one_invited, with_the_phone_of

PER_WEEK = ORDER.messages.per_week_max
TWICE = fail("duplicated", "ONCE-01")
ONE_TOO_MANY = fail("noise", "ONCE-01")


def kinds(story: Story) -> list[MessageKind]:
    """List the kinds that the judge gives each message."""
    return [each.kind for each in story.judged().messages]


@either_way
def test_each_message_is_known_by_what_it_answers(*, correlates: bool) -> None:
    """An invitation, an update and a reply are told apart by what was owed."""
    story, alex, crime = one_invited(phase=3, correlates=correlates)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)
    reply = story.replied(crime, alex)
    story.tell(alex, reply)

    assert kinds(story) == ["invitation", "update", "reply"]
    assert story.harms() == []


@either_way
def test_the_same_event_twice_is_one_piece_of_news(*, correlates: bool) -> None:
    """Redelivered, it is told once; told twice, it is duplicated."""
    story, alex, crime = one_invited(correlates=correlates)
    news = story.deployed(crime)
    story.tell(alex, news)
    story.wait(minutes=5)
    story.deliver(news)

    assert story.harms() == []

    story.tell(alex, news)

    assert story.harms() == [TWICE]


@either_way
def test_a_message_too_many_is_told_with_what_was_open(*, correlates: bool) -> None:
    """A vendor reads which event was named, and which ones were waited for."""
    story, alex, crime = one_invited(correlates=correlates)
    news = story.deployed(crime)
    story.tell(alex, news)
    story.wait(minutes=5)
    story.tell(alex, news)

    [found] = story.judged().findings
    told = f"its reference is {news.event_id!r}; " if correlates else ""
    assert found.observed == f"a text that answers nothing new: {told}no news was due then"


def test_news_never_told_is_told_with_what_came_instead() -> None:
    """The reference that was expected, and the one that came; times say whose they are."""
    story, alex, crime = one_invited(correlates=True)
    first = story.deployed(crime)
    story.wait(hours=1)
    second = story.deployed(crime)
    story.tell(alex, first)
    story.wait(hours=24)

    lost = [each for each in story.judged().findings if each.harm == "lost"]
    assert len(lost) == 1
    assert f"update by text for {second.event_id}, due " in lost[0].expected
    assert lost[0].expected.endswith(" London time")
    assert lost[0].observed == (
        f"nothing was sent: what came since then has the reference {first.event_id!r}"
    )


@pytest.mark.parametrize("phase", [2, 3])
@either_way
def test_an_update_sent_twice_is_duplicated_in_later_phases(
    *, phase: int, correlates: bool
) -> None:
    """The same words to the same phone a minute later are no automatic message."""
    story, alex, crime = one_invited(phase=phase, correlates=correlates)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)
    story.wait(minutes=1)

    assert story.harms() == []

    story.tell(alex, news)

    assert story.harms() == [TWICE]


@either_way
def test_an_invitation_twice_is_duplicated(*, correlates: bool) -> None:
    """One invitation by each channel, and no second."""
    story = Story(correlates=correlates)
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)

    assert story.harms() == []

    story.invite(alex, crime, by=("email",))

    assert story.harms() == [TWICE]


@either_way
def test_two_pieces_of_news_may_make_two_messages(*, correlates: bool) -> None:
    """In phase 1 each is told by itself, though both were open and the words are the same."""
    story, alex, crime = one_invited(correlates=correlates)
    first = story.deployed(crime)
    story.wait(minutes=5)
    second = story.deployed(crime)
    story.tell(alex, first)
    story.tell(alex, second)

    assert story.harms() == []

    story.tell(alex, second)

    assert story.harms() == [TWICE]


@either_way
def test_a_message_that_answers_nothing_is_noise(*, correlates: bool) -> None:
    """Before phase 2 a victim is told only of news."""
    story, alex, crime = one_invited(correlates=correlates)
    reply = story.replied(crime, alex)

    assert story.harms() == []

    story.message(alex, "text", reply, body="Thames Valley Police: how are you?")

    assert story.harms() == [ONE_TOO_MANY]


def test_an_update_that_names_nothing_is_not_one_of_a_portal_that_names() -> None:
    """A portal that claims to name events and does not has told of none."""
    story, alex, crime = one_invited()
    story.deployed(crime)
    story.message(alex, "text")

    assert story.harms() == [ONE_TOO_MANY, fail("lost", "MSG-01")]


@pytest.mark.parametrize(("hours", "harms"), [(20, []), (19, [fail("lost", "MSG-01")])])
def test_after_a_long_outage_an_officer_may_tell_it(hours: int, harms: list[Harmed]) -> None:
    """The portal asks an officer once it has tried for most of a day, and no sooner."""
    story, alex, crime = one_invited()
    story.gateway_goes_down()
    story.deployed(crime)
    story.wait(hours=hours)
    story.deployed(crime)
    story.task(alex, crime, kind="not_sent")
    story.gateway_comes_back()

    assert sorted(set(story.harms())) == harms


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [("suspect_arrested", []), ("footage_viewed", [fail("noise", "JOUR-31")])],
)
def test_a_milestone_that_is_switched_off_is_not_announced(
    milestone: Milestone, expected: list[Harmed]
) -> None:
    """A message that names it says so; one that is on is news."""
    story, alex, crime = one_invited(phase=2)
    news = story.happens(
        MilestoneReached(
            crime_reference=crime.crime_reference, milestone=milestone, reached_at=story.now
        )
    )
    story.wait(hours=1)
    story.tell(alex, news)

    assert story.harms() == expected


def test_a_milestone_that_is_switched_off_is_not_owed() -> None:
    """Silence about it is what the force asked for, and a statement of nobody known is free."""
    story, _alex, crime = one_invited(phase=2, order=ADVISES_NOBODY)
    for milestone in ("footage_viewed", "statement_taken"):
        story.happens(
            MilestoneReached(
                crime_reference=crime.crime_reference,
                milestone=milestone,
                reached_at=story.now,
            )
        )
    story.wait(days=1)

    assert story.harms() == []


@pytest.mark.parametrize(("phase", "days", "is_late"), [(1, 1, True), (2, 7, False), (2, 8, True)])
@either_way
def test_of_two_with_one_phone_news_is_late_where_no_other_word_came(
    *, phase: int, days: int, is_late: bool, correlates: bool
) -> None:
    """Only the weekly limit, from phase 2 on, may have held it back for a week."""
    story, alex, crime = one_invited(phase=phase, correlates=correlates)
    sam = with_the_phone_of(story, alex)
    other = story.crime(sam)
    story.invite(sam, other)
    story.wait(days=1)
    news = story.deployed(crime)
    story.wait(days=days)
    story.tell(alex, news)

    assert (fail("late", "MSG-02") in story.harms()) is is_late
