"""News comes by the Victims' Code's deadline, even after a busy week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec import structs

from reference.contract.events import MilestoneReached
from simulator.inputs.order import CodeVersion, Order
from simulator.judge.facts.deadlines import informed_by, is_named_by_code
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_CYCLISTS, ORDER, Happened, Person
from tests.simulator.judge.story import Story, either_way

LIMIT = ORDER.messages.per_week_max
#: A force that tells every victim within two working days.
TWO_DAYS = structs.replace(ORDER, deadlines=structs.replace(ORDER.deadlines, working_days=2))
TOO_MANY = fail("noise", "JOUR-02")


def busy_week(
    *, enhanced: bool, correlates: bool = True, order: Order = ORDER
) -> tuple[Story, Person, Happened]:
    """Tell of as many updates as a week may have, all on one Monday."""
    story = Story(phase=2, correlates=correlates, order=order)
    alex = story.person(channels=("text",), enhanced_rights=enhanced)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    story.invite(alex, crime)
    for _time in range(LIMIT):
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, news)
    return story, alex, crime


@either_way
def test_one_message_more_is_not_noise_to_them(*, correlates: bool) -> None:
    """It comes the next working day; to any other victim it is one too many."""
    for enhanced, harms in ((True, []), (False, [TOO_MANY])):
        story, alex, crime = busy_week(enhanced=enhanced, correlates=correlates)
        news = story.deployed(crime)
        story.until(story.now.replace(hour=19) + timedelta(days=1))
        story.tell(alex, news)

        assert story.harms(end=story.now) == harms


@either_way
def test_held_back_for_the_week_it_is_late_to_them(*, correlates: bool) -> None:
    """Any other victim waits until the week is over."""
    for enhanced, harms in ((True, [fail("late", "MSG-02")]), (False, [])):
        story, alex, crime = busy_week(enhanced=enhanced, correlates=correlates)
        news = story.deployed(crime)
        story.until(story.now.replace(hour=10) + timedelta(days=7))
        story.tell(alex, news)

        assert story.harms(end=story.now) == harms


@pytest.mark.parametrize("order", [ORDER, TWO_DAYS], ids=["five days", "two days"])
@either_way
def test_the_limit_yields_to_every_victims_deadline(*, order: Order, correlates: bool) -> None:
    """With standard rights too, where the deadline comes before the week is over.

    The message may go at once or just in time; held back for longer it is late. Where the week is
    over before the deadline, the limit is kept.
    """
    yields = order is TWO_DAYS
    for days, hour, harms in (
        (0, 15, [] if yields else [TOO_MANY]),
        (2, 19, [] if yields else [TOO_MANY]),
        (7, 10, [fail("late", "MSG-02")] if yields else []),
    ):
        story, alex, crime = busy_week(enhanced=False, correlates=correlates, order=order)
        news = story.deployed(crime)
        story.until(story.now.replace(hour=hour) + timedelta(days=days))
        story.tell(alex, news)

        assert story.harms(end=story.now) == harms


def test_where_the_limit_ends_sooner_it_is_kept() -> None:
    """The first of the week was six days ago: tomorrow is early enough."""
    story = Story(phase=2, order=ADVISES_CYCLISTS)
    alex = story.person(channels=("text",), enhanced_rights=True)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    story.invite(alex, crime)
    for days in (0, 6, 0, 0, 0):
        story.wait(days=days)
        news = story.deployed(crime)
        story.wait(hours=1)
        story.tell(alex, news)
    news = story.deployed(crime)
    story.wait(hours=1)
    story.tell(alex, news)

    assert story.harms(end=story.now) == [TOO_MANY]


@pytest.mark.parametrize(("minute", "harms"), [(50, []), (30, [TOO_MANY])])
@either_way
def test_the_limit_yields_where_quiet_hours_come_before_it_ends(
    *, minute: int, harms: list[Harmed], correlates: bool
) -> None:
    """At ten to nine a portal may be too late for that evening; at half past eight it is not."""
    story = Story(phase=2, order=ADVISES_CYCLISTS, correlates=correlates)
    alex = story.person(channels=("text",), enhanced_rights=True)
    crime = story.crime(alex, offence_subgroup="Criminal damage")
    story.invite(alex, crime)
    monday_evening = story.now.replace(hour=19, minute=minute)
    sunday = story.now.replace(hour=10) + timedelta(days=6)
    for sent_at in (monday_evening, *(sunday + timedelta(hours=each) for each in range(4))):
        story.until(sent_at - timedelta(hours=1))
        news = story.deployed(crime)
        story.until(sent_at)
        story.tell(alex, news)
    story.wait(hours=1)
    news = story.deployed(crime)
    story.until(monday_evening + timedelta(days=7, minutes=-5))
    story.tell(alex, news)

    assert story.harms(end=story.now) == harms


def test_a_working_day_is_mondays_to_fridays_and_no_bank_holidays() -> None:
    """Over the late August bank holiday of 2026 a Friday's news may take until Tuesday."""
    friday = datetime(2026, 8, 28, 9, tzinfo=UTC)

    assert informed_by(ORDER, friday, is_enhanced=True) == datetime(2026, 9, 1, 23, tzinfo=UTC)
    thursday = friday - timedelta(days=1)
    assert informed_by(ORDER, thursday, is_enhanced=True) == datetime(2026, 8, 28, 23, tzinfo=UTC)
    assert informed_by(ORDER, thursday, is_enhanced=False) == datetime(2026, 9, 4, 23, tzinfo=UTC)


def test_each_version_of_the_code_has_its_days() -> None:
    """From its first day in London on; a version without days of its own has the order's."""
    versions = (
        CodeVersion(version="old", in_force_from=date(2020, 1, 1)),
        CodeVersion(
            version="new",
            in_force_from=date(2026, 8, 25),
            working_days=2,
            working_days_enhanced=1,
            tells_of=("CrimeClosed",),
        ),
    )
    order = structs.replace(ORDER, deadlines=structs.replace(ORDER.deadlines, code=versions))
    midnight = datetime(2026, 8, 24, 23, tzinfo=UTC)
    before = midnight - timedelta(seconds=1)
    arrested = MilestoneReached(
        crime_reference="1", milestone="suspect_arrested", reached_at=midnight
    )

    assert informed_by(order, before, is_enhanced=False) == datetime(2026, 9, 1, 23, tzinfo=UTC)
    assert informed_by(order, midnight, is_enhanced=False) == datetime(2026, 8, 27, 23, tzinfo=UTC)
    assert is_named_by_code(order, arrested, before)
    assert not is_named_by_code(order, arrested, midnight)
    none = structs.replace(ORDER, deadlines=structs.replace(ORDER.deadlines, code=()))
    assert is_named_by_code(none, arrested, midnight)
    assert informed_by(none, midnight, is_enhanced=True) == datetime(2026, 8, 26, 23, tzinfo=UTC)
