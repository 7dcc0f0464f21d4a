"""The Victims' Code's working days count from when it happened; lateness is whose it is."""

from datetime import datetime, timedelta

import pytest
from msgspec import structs

from reference.contract.events import Milestone, MilestoneReached
from simulator.inputs.order import CodeVersion, Order
from tests.simulator.judge.expected import Harmed, fail, warning
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

PER_WEEK = ORDER.messages.per_week_max
LATE_BY_FORCE = warning("late", "CODE-01", "force", avoidable=True)


def invited(
    *, correlates: bool = True, enhanced: bool = False, order: Order = ORDER
) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited a fortnight before a Monday, which it is now."""
    story = Story(phase=2, correlates=correlates, order=order)
    alex = story.person(channels=("text",), enhanced_rights=enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(days=13)
    story.until((story.now + timedelta(days=1)).replace(hour=8, minute=0))
    return story, alex, crime


def harms_of(story: Story) -> list[Harmed]:
    """Judge what is due by now, apart from advice that nobody sent."""
    return [each for each in story.harms(end=story.now) if each[3] != "JOUR-01"]


def reached(
    story: Story,
    crime: Happened,
    ago: timedelta,
    milestone: Milestone = "suspect_arrested",
    *,
    deliver: bool = True,
) -> Happened:
    """Record that a milestone was reached some time ago."""
    event = MilestoneReached(
        crime_reference=crime.crime_reference, milestone=milestone, reached_at=story.now - ago
    )
    return story.happens(event, deliver=deliver)


def fill_the_week(story: Story, alex: Person, crime: Happened) -> None:
    """Have the portal send as much as the weekly limit allows, in the week before."""
    monday = story.now
    story.now -= timedelta(days=3)
    for _each in range(PER_WEEK):
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, news)
    story.now = monday


@either_way
def test_the_days_count_from_when_it_happened(*, correlates: bool) -> None:
    """An arrest of Tuesday, heard of on Monday, is told on Tuesday whatever the weekly limit."""
    for hours, harms in ((24, []), (50, [fail("late", "MSG-02")])):
        story, alex, crime = invited(correlates=correlates)
        fill_the_week(story, alex, crime)
        news = reached(story, crime, timedelta(days=6))
        story.wait(hours=hours)
        story.tell(alex, news)

        assert harms_of(story) == harms


@either_way
def test_what_is_overdue_is_told_at_once(*, correlates: bool) -> None:
    """Neither the weekly limit nor bundling holds it back."""
    for is_full in (True, False):
        for minutes, harms in ((15, []), (17, [fail("late", "MSG-02")])):
            story, alex, crime = invited(correlates=correlates, enhanced=True)
            if is_full:
                fill_the_week(story, alex, crime)
            news = reached(story, crime, timedelta(days=4))
            story.wait(minutes=minutes)
            story.tell(alex, news)

            assert harms_of(story) == [*harms, *[LATE_BY_FORCE] * (not harms)]


def test_what_is_overdue_waits_for_the_morning() -> None:
    """It is no more urgent than sleep."""
    for hours, harms in ((9, [fail("noise", "MSG-03")]), (11, [])):
        story, alex, crime = invited(enhanced=True)
        story.until(story.now.replace(hour=20, minute=5))
        news = reached(story, crime, timedelta(days=4))
        story.wait(hours=hours)
        story.tell(alex, news)

        found = harms_of(story)
        assert [each for each in found if each != LATE_BY_FORCE] == harms


def test_what_the_code_does_not_name_counts_from_when_the_portal_had_it() -> None:
    """A portal may bundle an examination of the scene, however long ago it was; or send it."""
    for minutes in (1, 60):
        story, alex, crime = invited(enhanced=True)
        news = reached(story, crime, timedelta(days=4), "scene_examined")
        story.wait(minutes=minutes)
        story.tell(alex, news)

        assert harms_of(story) == []


def test_the_days_are_those_of_the_code_in_force_when_it_happened() -> None:
    """A new Code gives its days to what happens from its first day on.

    Two days later, what happened on that day is late, and the weekly limit still holds back what
    happened the day before.
    """
    monday = invited()[0].now.date()
    new = CodeVersion(version="new", in_force_from=monday, working_days=1, working_days_enhanced=1)
    order = structs.replace(ORDER, deadlines=structs.replace(ORDER.deadlines, code=(new,)))
    for ago, harms in (
        (timedelta(hours=1), [fail("late", "MSG-02")]),
        (timedelta(days=1), [fail("noise", "JOUR-02")]),
    ):
        story, alex, crime = invited(order=order)
        fill_the_week(story, alex, crime)
        news = reached(story, crime, ago)
        story.wait(days=2)
        story.tell(alex, news)

        assert harms_of(story) == harms


@pytest.mark.parametrize("days", [0, 3], ids=["in time", "overdue"])
@either_way
def test_rights_recorded_late_shorten_what_is_owed(*, days: int, correlates: bool) -> None:
    """The one working day counts from when it happened; if it is over, the news goes at once."""
    in_time = [LATE_BY_FORCE] if days else []
    for minutes, harms in ((15, in_time), (3 * 1440, [fail("late", "MSG-02")])):
        story, alex, crime = invited(correlates=correlates)
        fill_the_week(story, alex, crime)
        news = reached(story, crime, timedelta(0))
        story.wait(days=days)
        story.details_changed(crime, alex.written(enhanced_rights=True))
        story.wait(minutes=minutes)
        story.tell(alex, news)

        assert harms_of(story) == harms


def test_rights_recorded_with_another_crime_count_too() -> None:
    """They are the person's."""
    story, alex, crime = invited()
    fill_the_week(story, alex, crime)
    news = reached(story, crime, timedelta(0))
    story.wait(hours=1)
    story.crime(alex.written(enhanced_rights=True))
    story.wait(days=3)
    story.tell(alex, news)

    assert fail("late", "MSG-02") in harms_of(story)


def test_late_news_is_whose_it_is() -> None:
    """The force recorded it late, the integration delivered it late, or the portal held it."""
    late: dict[str, int] = {}
    for recorded, delivered, told in ((4, 0, 0), (0, 4, 0), (0, 0, 4)):
        story, alex, crime = invited(enhanced=True)
        happened_at = story.now
        story.wait(days=recorded)
        news = reached(story, crime, story.now - happened_at, deliver=False)
        story.wait(days=delivered)
        story.deliver(news)
        story.wait(days=told, minutes=5)
        story.tell(alex, news)
        (one,) = story.judged(end=story.now).code_news
        late[str(one.held_up_by)] = late.get(str(one.held_up_by), 0) + 1
        assert (one.recorded_at, one.told_at) == (
            happened_at + timedelta(days=recorded),
            story.now,
        )

    assert late == {"force": 1, "integration": 1, "portal": 1}


def test_what_waits_for_the_force_to_mend_an_address_is_not_held_up_by_the_portal() -> None:
    """A number in the wrong field may be used, and need not be; one in its own field is owed."""
    held_up = {}
    for field in ("other_phone", "mobile_phone"):
        story = Story(phase=2)
        alex = story.person(channels=("text",))
        phones = {"mobile_phone": "", "other_phone": "", field: alex.known.mobile_phone}
        crime = story.crime(alex.written(**phones))
        story.wait(hours=9)
        story.closed(crime, 18)
        story.wait(days=15)
        mended = story.details_changed(crime, alex)
        story.invite(alex, mended)
        judged = story.judged(end=story.now)
        held_up[field] = [each.held_up_by for each in judged.code_news]
        is_failed = any(each.harm in ("late", "lost") for each in judged.findings)
        assert is_failed == (field == "mobile_phone")

    assert held_up == {"other_phone": ["contact data"], "mobile_phone": ["portal"]}


def test_news_in_time_is_nobodys_lateness() -> None:
    """It counts once, whatever the number of channels; news still in time is not counted."""
    story = Story(phase=2)
    alex = story.person(channels=("text", "email"))
    crime = story.crime(alex)
    story.invite(alex, crime)
    news = reached(story, crime, timedelta(0))
    assert story.judged(end=story.now).code_news == []
    story.wait(hours=1)
    story.tell(alex, news)
    (one,) = story.judged(end=story.now).code_news

    assert (one.held_up_by, one.told_at) == (None, story.now)


def test_what_an_officer_told_first_is_not_the_codes_any_more() -> None:
    """The Code is kept by the officer; the portal's word may then wait for its bundle."""
    story, alex, crime = invited()
    story.closed(crime, 5)
    story.wait(days=10)
    contacted = story.contacted(crime, alex)
    story.wait(minutes=61)
    story.tell(alex, contacted)

    assert [each for each in harms_of(story) if each[1] == "late"] == []


def test_the_story_begins_on_a_monday() -> None:
    """The other tests count on it."""
    now: datetime = invited()[0].now
    assert (now.weekday(), now.hour) == (0, 8)
