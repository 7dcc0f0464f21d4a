"""What the world does around a portal: time passes, events come twice or late, systems go down."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from pytest_bdd import given, parsers, when

from features.scene import Scene
from simulator.clock import LONDON, working_days_after

SATURDAY = 5
A_WEEK = timedelta(days=7)


@given(parsers.parse("it is {hour:d}:{minute:d}"))
def it_is(scene: Scene, hour: int, minute: int) -> None:
    local = scene.world.now.astimezone(LONDON)
    to = local.replace(hour=hour, minute=minute, second=0)
    scene.world.advance(to.astimezone(scene.world.now.tzinfo))


@given("it is the last working day before days off")
def it_is_before_days_off(scene: Scene) -> None:
    """Go to ten in the morning before the next bank holiday the order names, else on a Friday."""
    today, ordered = scene.world.now.astimezone(LONDON).date(), _bank_holidays(scene)
    day = min((each for each in ordered if each > today + A_WEEK), default=None)
    if day is None:
        day = today + timedelta(days=SATURDAY - today.weekday() + 7)
    while not _is_working_day(day, ordered):
        day -= timedelta(days=1)
    scene.world.advance(datetime.combine(day, time(10), tzinfo=LONDON).astimezone(UTC))


@when("the time for an answer is nearly over")
def answer_is_nearly_late(scene: Scene) -> None:
    """Come to noon of the last day, by the bank holidays that the order names."""
    day = scene.world.now.astimezone(LONDON).date()
    left, ordered = scene.world.order.two_way.reply_working_days, _bank_holidays(scene)
    while left:
        day += timedelta(days=1)
        left -= _is_working_day(day, ordered)
    scene.world.advance(datetime.combine(day, time(12), tzinfo=LONDON).astimezone(UTC))


@given(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? (?:has|have) passed"))
@when(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? pass(es)?"))
def time_passes(scene: Scene, count: str, unit: str) -> None:
    number = int(count) if count.isdigit() else 1
    scene.world.advance(scene.world.now + timedelta(**{f"{unit}s": number}))


@when("the time for questions about a closed case is over")
def closed_long_ago(scene: Scene) -> None:
    days = scene.world.order.two_way.closed_case_days
    scene.world.advance(scene.world.now + timedelta(days=days + 1))


@when("the time for an answer is over")
def answer_is_late(scene: Scene) -> None:
    days = scene.world.order.two_way.reply_working_days
    scene.world.advance(working_days_after(scene.world.now, days) + timedelta(hours=12))


@when("the crime system sends the same event again")
def sent_again(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.last_event_id)


@when("what was held back is sent")
def held_back_is_sent(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.held_event_id)
    scene.world.advance(scene.world.now)


@given("the crime system is down")
def is_down(scene: Scene) -> None:
    scene.world.take_crime_system_down()


@when("the crime system is up again")
def is_up_again(scene: Scene) -> None:
    scene.world.bring_crime_system_back()


def _bank_holidays(scene: Scene) -> Collection[date]:
    return scene.world.order.deadlines.bank_holidays


def _is_working_day(day: date, bank_holidays: Collection[date]) -> bool:
    return day.weekday() < SATURDAY and day not in bank_holidays
