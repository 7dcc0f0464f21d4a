"""Which state a story asks for again after a restart, or with a second worker of the portal.

A portal that keeps such state in the memory of one process forgets it in a restart, and its second
worker never knew it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Any, Literal, NamedTuple, TypeAlias

from simulator.explore import steps as told
from simulator.inputs.order import Order
from simulator.judge.facts.preferences import is_stop

#: What shows state that only one process knows.
Between: TypeAlias = Literal["restart", "second worker"]
_BOUNCE, _WAITING, _WEEKLY_LIMIT = "bounce", "waiting message", "weekly limit"
_TAKEN = "event taken"
_WEEK_SECONDS = 7 * 86_400


def all_state(phase: int) -> Iterator[str]:
    """Name each state that stories of a phase can make and ask for again."""
    yield from (each.name for each in _STATES if each.from_phase <= phase)
    yield from (_BOUNCE, _WAITING, _TAKEN)
    if phase > 1:
        yield _WEEKLY_LIMIT


def state_asked_again(steps: Sequence[told.Step], order: Order, between: Between) -> Iterator[str]:
    """Name each state that a story makes, and asks for again after a restart or a second worker.

    With two workers state may also be made later: the other worker is asked for it.
    """
    seen = _Seen(steps, order)
    for at, step in enumerate(steps):
        if between == "second worker" and isinstance(step, told.StartSecondWorker):
            yield from seen.asked_again(at, len(steps))
        elif between == "restart" and getattr(step, "what", "") == "portal restarted":
            yield from seen.asked_again(at, at)


class _State(NamedTuple):
    """State of one person: which step makes it, and which later steps of theirs ask for it.

    Steps of these kinds make it, or those `only` of which this is so. A step of the force asks for
    it if the person is in its crime. With `is_shown` everyone who can sign in asks for it by
    reading at the end of the story. There is none before `from_phase`.
    """

    name: str
    made_by: tuple[type, ...]
    asked_by: tuple[type, ...] = ()
    is_shown: bool = False
    from_phase: int = 1
    only: Callable[[Any], bool] = lambda _step: True

    def is_made_by(self, step: told.Step) -> bool:
        """Say whether a step makes it."""
        return isinstance(step, self.made_by) and self.only(step)


_FORCE = (told.ForceStep,)
_STATES = (
    _State("session", (told.SignIn,), (told.UseSession,)),
    _State("choice", (told.ChooseChannels,), _FORCE),
    _State("STOP", (told.TextBack,), _FORCE, only=lambda step: is_stop(step.words)),
    _State("disowned address", (told.SayNotForMe,), _FORCE),
    _State(
        "wrong answers",
        (told.Guess,),
        (told.Guess, told.SignIn, told.EnterCode),
        only=lambda step: step.times > 0,
    ),
    _State(
        "used invitation",
        (told.SignIn,),
        (told.FollowLink,),
        only=lambda step: step.by == "link",
    ),
    _State("details", (told.ChangeDetails,), _FORCE),
    _State("marker", (told.RecordCrime,), _FORCE, only=lambda step: bool(step.safeguarding)),
    _State("appointment", (told.MakeAppointment, told.ChangeAppointment), is_shown=True),
    _State("merger", (told.Merge,), is_shown=True),
    _State("officer away", (told.OfficerAway,), (told.Ask,), from_phase=3),
    _State("conversation", (told.Ask, told.Reply), is_shown=True, from_phase=3),
)


#: The place of a step that made something, and the person it is about.
_Made: TypeAlias = tuple[int, str]


class _Seen:
    """The steps of a story, with who is in which crime and when each step is over."""

    def __init__(self, steps: Sequence[told.Step], order: Order) -> None:
        self._steps = steps
        self._order = order
        crimes = [each for each in steps if isinstance(each, told.RecordCrime)]
        self._people = {each.crime: each.people for each in crimes}
        self._everyone = {label for each in crimes for label in each.people}
        waits = (each.seconds if isinstance(each, told.Wait) else 0 for each in steps)
        self._seconds = list(accumulate(waits))

    def asked_again(self, at: int, made_until: int) -> Iterator[str]:
        """Name what is made before `made_until`, and asked for after `at`."""
        for state in _STATES:
            made = [
                (place, person)
                for place, step in enumerate(self._steps[:made_until])
                if state.is_made_by(step)
                for person in self._people_of(step)
            ]
            if any(state.is_shown or self._is_asked(state, each, at) for each in made):
                yield state.name
        if any(
            self._is_news_after(max(place, at), who) for place, who in self._bounces(made_until)
        ):
            yield _BOUNCE
        if self._is_sent_again(at, made_until):
            yield _TAKEN
        if self._a_message_waits(at):
            yield _WAITING
        if self._weekly_limit_is_met(at, made_until):
            yield _WEEKLY_LIMIT

    def _is_asked(self, state: _State, made: _Made, at: int) -> bool:
        place, person = made
        later = self._steps[max(place, at) + 1 :]
        return any(isinstance(each, state.asked_by) and self._is_of(each, person) for each in later)

    def _is_of(self, step: told.Step, person: str) -> bool:
        if isinstance(step, told.ForceStep):
            # A stranger holds a phone or mailbox that may be on anyone's record.
            return person in self._people.get(step.crime, ()) or person not in self._everyone
        return person == getattr(step, "person", "")

    def _people_of(self, step: told.Step) -> tuple[str, ...]:
        person = getattr(step, "person", None)
        if person is None and isinstance(step, told.ForceStep):
            return self._people.get(step.crime, ())
        return (person or "",)

    def _is_sent_again(self, at: int, made_until: int) -> bool:
        taken = {
            each.event
            for each in self._steps[:made_until]
            if isinstance(each, told.ForceStep) and each.carriage != "held back"
        }
        later = self._steps[at + 1 :]
        return any(isinstance(each, told.SendHeldBack) and each.event in taken for each in later)

    def _bounces(self, made_until: int) -> Iterator[_Made]:
        failing: set[str] = set()
        for place, step in enumerate(self._steps[:made_until]):
            if isinstance(step, told.TellReceipt) and step.receipt == "permanent-failure":
                failing.add(step.person)
            elif isinstance(step, told.ForceStep):
                yield from ((place, person) for person in failing if self._is_of(step, person))

    def _is_news_after(self, place: int, person: str) -> bool:
        later = self._steps[place + 1 :]
        return any(isinstance(each, told.ForceStep) and self._is_of(each, person) for each in later)

    def _a_message_waits(self, at: int) -> bool:
        is_down = False
        for step in self._steps[:at]:
            if isinstance(step, told.Breakdown) and step.what.startswith("gateway"):
                is_down = step.what == "gateway down"
        bundle_seconds = 60 * self._order.messages.bundle_minutes
        return any(
            is_down or self._seconds[at] - self._seconds[place] < bundle_seconds
            for place, step in enumerate(self._steps[:at])
            if isinstance(step, told.ForceStep)
        )

    def _weekly_limit_is_met(self, at: int, made_until: int) -> bool:
        news = [
            place for place, step in enumerate(self._steps) if isinstance(step, told.ReachMilestone)
        ]
        limit = self._order.messages.per_week_max
        return any(
            first < made_until
            and last > at
            and self._seconds[last] - self._seconds[first] < _WEEK_SECONDS
            for first, last in zip(news, news[limit:], strict=False)
        )
