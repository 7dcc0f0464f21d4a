"""What the world does around a portal: time passes, events come twice or late, systems go down."""

from datetime import UTC, datetime, time, timedelta

from pytest_bdd import given, parsers, when

from features.running_scenario import Scene
from simulator.clock import LONDON
from simulator.errors import CannotVerify

SATURDAY = 5
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
_BEFORE_IT_GOES = 5


@given(parsers.parse("it is {hour:d}:{minute:d}"))
def it_is(scene: Scene, hour: int, minute: int) -> None:
    local = scene.world.now.astimezone(LONDON)
    to = local.replace(hour=hour, minute=minute, second=0)
    scene.world.advance(to.astimezone(scene.world.now.tzinfo))


@when("it is Monday morning")
def it_is_monday(scene: Scene) -> None:
    """Go to an hour after officers who were on rest days are back."""
    scene.world.advance(next_monday(scene.world.now) + timedelta(hours=1))


@given("it is the last working day before a weekend or bank holiday")
def it_is_before_days_off(scene: Scene) -> None:
    """Go to ten in the morning before the order's next bank holiday, or else on a Friday."""
    today, working_days = scene.world.now.astimezone(LONDON).date(), scene.world.order.working_days
    ahead = (each for each in working_days.bank_holidays if each > today + A_WEEK)
    day = min(ahead, default=None)
    if day is None:
        day = today + timedelta(days=SATURDAY - today.weekday() + 7)
    while day not in working_days:
        day -= A_DAY
    scene.world.advance(datetime.combine(day, time(10), tzinfo=LONDON).astimezone(UTC))


@when("the time for an answer is nearly over")
def answer_is_nearly_late(scene: Scene) -> None:
    """Go to an hour before an answer is late by any reading of the working days.

    The day of asking may count, and the time may be over at the time of day of the question.
    """
    order = scene.world.order
    days = order.two_way.reply_working_days
    late_at = order.working_days.earliest_deadline(scene.asked_at, days)
    scene.world.advance(max(scene.world.now, late_at - timedelta(hours=1)))


@given(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? (?:has|have) passed"))
@when(parsers.re(r"(?P<count>an?|\d+) (?P<unit>minute|hour|day)s? pass(es)?"))
def time_passes(scene: Scene, count: str, unit: str) -> None:
    number = int(count) if count.isdigit() else 1
    scene.world.advance(scene.world.now + timedelta(**{f"{unit}s": number}))


@when(parsers.re(r"the review period of the closed case is (?P<how_far>nearly over|over)"))
def questions_after_closure(scene: Scene, how_far: str) -> None:
    """Leave a day to either side: the order does not say at which hour of the day it ends."""
    days = scene.world.order.two_way.closed_case_days
    if not days:
        raise CannotVerify("the order takes no questions about a closed case: not verified")
    _come_near(scene, timedelta(days=days), how_far)


@when(parsers.re(r"the time to ask for a review is (?P<how_far>nearly over|over)"))
def questions_before_a_review(scene: Scene, how_far: str) -> None:
    """Leave a day to either side here too."""
    days = scene.world.order.two_way.takes_questions_days(may_review=True)
    if not days:
        raise CannotVerify("the order takes no questions about a closed case: not verified")
    _come_near(scene, timedelta(days=days), how_far)


@when("the retention period of the closed case is nearly over")
def kept_no_longer(scene: Scene) -> None:
    _come_near(scene, timedelta(days=scene.world.order.records.retention_days), "nearly over")


@when("the time for bundling news is nearly over")
def bundle_is_nearly_sent(scene: Scene) -> None:
    minutes = scene.world.order.messages.bundle_minutes - _BEFORE_IT_GOES
    scene.world.advance(scene.happened_at + timedelta(minutes=max(0, minutes)))


@when("the time for an answer is over")
def answer_is_late(scene: Scene) -> None:
    """Go to noon of the day after, so that a portal may look for late questions at night."""
    asked, order = scene.asked_at.astimezone(LONDON).date(), scene.world.order
    last = order.working_days.after(asked, order.two_way.reply_working_days)
    noon = datetime.combine(last + A_DAY, time(12), tzinfo=LONDON)
    scene.world.advance(noon.astimezone(UTC))


@given(parsers.re(r"the crime is for the (?P<which>first|last) force in the order"))
def is_of_force(scene: Scene, which: str) -> None:
    forces = list(scene.world.order.forces)
    scene.force = forces[0] if which == "first" else forces[-1]


@when("the crime system sends the same event again")
def sent_again(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.last_event_id)


@when("what was held back is sent")
def held_back_is_sent(scene: Scene) -> None:
    scene.world.integration.redeliver(scene.held_event_id)
    scene.world.advance(scene.world.now)


@given("the crime system is down")
def is_down(scene: Scene) -> None:
    scene.world.breakdowns.take_crime_system_down()


@when("the crime system is up again")
def is_up_again(scene: Scene) -> None:
    scene.world.breakdowns.bring_crime_system_back()


@given("the gateway is down and no message can be sent")
def gateway_is_down(scene: Scene) -> None:
    scene.world.breakdowns.take_gateway_down()


@given(
    parsers.parse("the gateway takes the next text to {name}, answers nothing and lists it late")
)
def answer_is_lost(scene: Scene, name: str) -> None:
    scene.world.breakdowns.lose_answer(scene.actor(name).record.mobile_phone)


@when("messages can be sent again")
def gateway_is_up_again(scene: Scene) -> None:
    scene.world.breakdowns.bring_gateway_back()


@when("the portal crashes and is started again")
def portal_is_restarted(scene: Scene) -> None:
    """A person who was signed in may have to sign in again."""
    scene.world.breakdowns.restart_portal()
    for actor in scene.actors.values():
        if actor.session is not None:
            actor.session_at = scene.starts - A_WEEK


@given("the portal has a second worker")
def has_second_worker(scene: Scene) -> None:
    """From now until the end of the scenario requests go to each of its two workers in turn."""
    scene.world.breakdowns.start_second_worker()


def next_monday(now: datetime) -> datetime:
    """Give eight in the morning of the next Monday in London, when rest days end."""
    today = now.astimezone(LONDON).date()
    monday = today + timedelta(days=7 - today.weekday())
    return datetime.combine(monday, time(8), tzinfo=LONDON).astimezone(UTC)


def _come_near(scene: Scene, limit: timedelta, how_far: str) -> None:
    """Go to a day before or after the limit that began with the latest event."""
    aside = -A_DAY if how_far == "nearly over" else A_DAY
    scene.world.advance(scene.happened_at + limit + aside)
