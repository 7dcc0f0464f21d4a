"""Edges of durations: a field of the order and the event since which it runs, one unit either side.

A wait alone is no edge: something must have begun, and something must happen, or the clock stand,
when the time is nearly up, just up, or just over.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from typing import NamedTuple, TypeAlias

from simulator.explore import steps as told
from simulator.explore.edge_kind import DURATION, EdgeKind, StoryRead, Values, Window
from simulator.explore.order_fields import NOT_DRAWN
from simulator.explore.other_orders import Changes, beside_a_number
from simulator.inputs.order import Order
from simulator.judge.text.danger_sentences import is_certainly_dangerous

#: How far from its end a moment is, in seconds, and what that is called.
_AROUND = {-60: "less", -1: "less", 0: "exactly", 1: "more", 60: "more"}
#: The minutes around midnight, where working days end.
_MIDNIGHT = {(23, 59), (0, 0), (0, 1)}
_HOWS = ("less", "exactly", "more")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
#: A step from which a duration runs, and when.
_Begin: TypeAlias = tuple[int, told.Step]
Lasts: TypeAlias = Callable[[Order, datetime], int | None]


class Duration(NamedTuple):
    """A duration of the order: its field, what it runs from, and what is done when it ends.

    It runs from the steps of some kinds, or from those `only` of which this is so. `lasts` gives
    its seconds from a beginning; None if the order has no such limit. With no `then` it is enough
    that the clock stands there: the portal acts by itself. Stories have it from `phase` on.
    """

    field: str
    since: str
    begins: tuple[type, ...]
    lasts: Lasts
    then: tuple[type, ...] = ()
    phase: int = 1
    ends_at_midnight: bool = False
    only: Callable[[told.Step], bool] | None = None

    def is_begun_by(self, step: told.Step) -> bool:
        """Say whether it runs from a step."""
        return isinstance(step, self.begins) and (self.only is None or self.only(step))

    @property
    def named(self) -> str:
        """Name it, as in the table of edges."""
        return f"{self.field} since {self.since}"


def _in(unit_seconds: int, field: str) -> Lasts:
    read = attrgetter(field)

    def lasts(order: Order, _at: datetime) -> int | None:
        number: int | None = read(order)
        return None if number is None else number * unit_seconds

    return lasts


def _in_working_days(field: str) -> Lasts:
    read = attrgetter(field)

    def lasts(order: Order, at: datetime) -> int:
        return int((order.working_days.deadline(at, read(order)) - at).total_seconds())

    return lasts


def _is_about_bail(step: told.Step) -> bool:
    return isinstance(step, told.ReachMilestone) and step.milestone in _BAIL


def _is_back(step: told.Step) -> bool:
    return isinstance(step, told.Breakdown) and step.what == "crime system back"


def _speaks_of_danger(step: told.Step) -> bool:
    return isinstance(step, told.Ask) and is_certainly_dangerous(step.text)


_BAIL = ("suspect_on_bail", "bail_changed")
_NEWS = (
    told.Deploy, told.Allocate, told.MakeAppointment, told.ChangeAppointment,
    told.CancelAppointment, told.Charge, told.Close, told.Reopen, told.ReachMilestone,
)  # fmt: skip
_IN_SESSION = (told.Read, told.Ask, told.UseSession, told.ChooseChannels, told.WithdrawSupport)

#: Every duration of the order that a story can come to the end of.
DURATIONS: tuple[Duration, ...] = (
    Duration("messages.minutes_max", "news", _NEWS, _in(_MINUTE, "messages.minutes_max")),
    Duration(
        "messages.bundle_minutes", "news, to other news",
        _NEWS, _in(_MINUTE, "messages.bundle_minutes"), _NEWS, 2,
    ),
    Duration(
        "messages.per_week_max", "a milestone a week ago, to another one",
        (told.ReachMilestone,), lambda _order, _at: 7 * _DAY,
        (told.ReachMilestone,), 2,
    ),
    Duration(
        "journey.still_with_us_days", "news",
        (told.RecordCrime, *_NEWS), _in(_DAY, "journey.still_with_us_days"), (), 2,
    ),
    Duration(
        "journey.advice_after_days", "the crime was recorded",
        (told.RecordCrime,), _in(_DAY, "journey.advice_after_days"), (), 2,
    ),
    Duration(
        "sign_in.invitation_days", "the crime was recorded, to its link",
        (told.RecordCrime,), _in(_DAY, "sign_in.invitation_days"),
        (told.SignIn, told.FollowLink, told.VisitLinks),
    ),
    Duration(
        "sign_in.session_minutes", "they signed in, to the next page",
        (told.SignIn,), _in(_MINUTE, "sign_in.session_minutes"), _IN_SESSION,
    ),
    Duration(
        "sign_in.session_hours_max", "they signed in, to the next page",
        (told.SignIn,), _in(_HOUR, "sign_in.session_hours_max"), _IN_SESSION,
    ),
    Duration(
        "two_way.closed_case_days", "the case closed, to a question",
        (told.Close,), _in(_DAY, "two_way.closed_case_days"), (told.Ask,), 3,
    ),
    Duration(
        "two_way.review_days", "the case closed, to a question",
        (told.Close,), _in(_DAY, "two_way.review_days"), (told.Ask,), 3,
    ),
    Duration(
        "two_way.danger_minutes", "words of danger",
        (told.Ask,), _in(_MINUTE, "two_way.danger_minutes"), (), 3, only=_speaks_of_danger,
    ),
    Duration(
        "two_way.reply_working_days", "a question",
        (told.Ask,), _in_working_days("two_way.reply_working_days"),
        phase=3, ends_at_midnight=True,
    ),
    Duration(
        "two_way.catch_up_minutes_max", "the crime system came back",
        (told.Breakdown,), _in(_MINUTE, "two_way.catch_up_minutes_max"), (), 3, only=_is_back,
    ),
    Duration(
        "deadlines.working_days", "news",
        _NEWS, _in_working_days("deadlines.working_days"), ends_at_midnight=True,
    ),
    Duration(
        "deadlines.working_days_enhanced", "news",
        _NEWS, _in_working_days("deadlines.working_days_enhanced"), ends_at_midnight=True,
    ),
    Duration(
        "deadlines.breach_hours", "somebody said it is not for them",
        (told.SayNotForMe,), _in(_HOUR, "deadlines.breach_hours"),
    ),
    Duration(
        "deadlines.bail_views_hours", "a suspect was released on bail",
        (told.ReachMilestone,), _in(_HOUR, "deadlines.bail_views_hours"), only=_is_about_bail,
    ),
)  # fmt: skip
#: What a duration is called that began a second time before it was over.
_AGAIN = ", begun again"
#: A code's time runs within one step.
_CODE = "sign_in.code_minutes since the code was sent, to the code"
#: Nobody comes to its end in a story.
_KEPT = "records.retention_days since the case closed"
_FIELDS = {each.named: each.field for each in DURATIONS} | {_CODE: "sign_in.code_minutes"}


def why_no_story(value: str) -> str:
    """Say why no story meets an edge of a duration ("" if one can)."""
    return NOT_DRAWN["records.retention_days"] if value.startswith(_KEPT) else ""


def _durations(_order: Order, phase: int) -> Values:
    known = [each for each in DURATIONS if each.phase <= phase]
    names = [each.named for each in known]
    # A crime is recorded once.
    names += [each.named + _AGAIN for each in known if each.begins != (told.RecordCrime,)]
    return (f"{name}: {how}" for name in (*names, _CODE, _KEPT) for how in _HOWS)


def _met_durations(seen: StoryRead) -> Values:
    yield from (value for value, _at in _with_time(seen))
    for step in seen.of(told.EnterCode):
        beside = step.after_seconds - _MINUTE * seen.order.sign_in.code_minutes
        if beside in _AROUND:
            yield f"{_CODE}: {_AROUND[beside]}"


def _when_durations(seen: StoryRead, value: str) -> Iterator[Window]:
    if value.startswith(_CODE):
        yield from (Window(at, at) for at in seen.moments)
    for found, at in _with_time(seen):
        if found == value:
            ends = seen.story.begins_at + timedelta(seconds=at)
            yield Window(ends - timedelta(minutes=1), ends + timedelta(minutes=1))


def _with_time(seen: StoryRead) -> Iterator[tuple[str, int]]:
    stands: dict[int, list[told.Step]] = {}
    by_kind: dict[type, list[_Begin]] = {}
    for at, step in zip(seen.seconds, seen.steps, strict=True):
        stands.setdefault(at, []).append(step)
        if _comes_at_once(step):
            by_kind.setdefault(type(step), []).append((at, step))
    is_near_midnight = any((each.hour, each.minute) in _MIDNIGHT for each in seen.moments)
    for each in DURATIONS:
        if each.phase <= seen.story.phase and (is_near_midnight or not each.ends_at_midnight):
            begun = [found for kind in each.begins for found in by_kind.get(kind, ())]
            for again, how, at in _hows_of(each, seen, begun, stands):
                yield f"{each.named}{again}: {how}", at


def _hows_of(
    duration: Duration,
    seen: StoryRead,
    begun: list[_Begin],
    stands: dict[int, list[told.Step]],
) -> Iterator[tuple[str, str, int]]:
    """Say on which sides of a duration's end something happens that belongs to its beginning.

    And whether it had begun already, for the same crime or person, and was not over; and when.
    """
    running: dict[str, int] = {}
    for at, step in sorted(begun, key=itemgetter(0)):
        if not duration.is_begun_by(step):
            continue
        lasts = duration.lasts(seen.order, seen.story.begins_at + timedelta(seconds=at))
        if lasts is None:
            continue
        whose = getattr(step, "crime", "") or getattr(step, "person", "")
        again = _AGAIN if at < running.get(whose, at) else ""
        running[whose] = at + lasts
        for beside, how in _AROUND.items():
            then = stands.get(at + lasts + beside)
            if then and any(_belongs(each, step, duration) for each in then):
                yield again, how, at + lasts + beside


def _comes_at_once(step: told.Step) -> bool:
    is_late = isinstance(step, told.ForceStep) and (
        step.carriage == "held back" or step.happened_seconds_ago
    )
    return not is_late


def _belongs(step: told.Step, begin: told.Step, duration: Duration) -> bool:
    """Say whether a step ends what began: it is what is done then, by or about the same."""
    if step is begin:
        return False
    if not duration.then:
        return True
    if not isinstance(step, duration.then):
        return False
    if isinstance(begin, told.RecordCrime) and not isinstance(step, told.ForceStep):
        return getattr(step, "person", "") in begin.people
    by = "crime" if hasattr(begin, "crime") and hasattr(step, "crime") else "person"
    return bool(getattr(step, by, "") == getattr(begin, by, ""))


def _durations_beside(seen: StoryRead, value: str) -> Iterable[Changes] | None:
    field = _FIELDS.get(value.rpartition(": ")[0].removesuffix(_AGAIN))
    return None if field is None else beside_a_number(seen.order, field)


#: The kinds of this file, for the table of all.
DURATION_EDGES: tuple[EdgeKind, ...] = (
    EdgeKind(DURATION, _durations, _met_durations, _durations_beside, _when_durations),
)
