"""The steps that drawn scenes share: a crime of a victim who is told, news now or late, a look.

Scenes take their numbers from a stream of chance of their own, or from the story's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from random import Random
from typing import Any, TypeVar

from msgspec import structs

from reference.contract.events import Officer
from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.drawn_steps import DrawnSteps
from simulator.explore.times import WAIT_SECONDS_MAX
from simulator.explore.told_people import is_told
from simulator.explore.words import QUESTIONS

S = TypeVar("S", bound="SceneSteps")
_HOUR = 3_600
#: In the morning the messages of a day may go one by one.
_MORNING_HOUR = 10


def scene_about(
    choose: Callable[[S], tuple[str, ...]],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Have a scene be about what is chosen first; where nothing is, there is no scene."""

    def decorated(scene: Callable[..., None]) -> Callable[..., None]:
        @wraps(scene)
        def drawn(scenes: S, *others: Any, **more: Any) -> None:
            chosen = choose(scenes)
            if chosen:
                scene(scenes, *chosen, *others, **more)

        return drawn

    return decorated


class SceneSteps:
    """Draws steps that belong together, as far as they are lawful."""

    def __init__(self, drawn: DrawnSteps, draw: Random) -> None:
        self.drawn, self.draw = drawn, draw
        self.order, self.phase = drawn.which.order, drawn.which.phase
        self.force, self.so_far = drawn.force, drawn.so_far
        self.add, self.wait, self.come_in = drawn.add, drawn.wait, drawn.come_in

    @property
    def now(self) -> datetime:
        """The moment of the next step."""
        return self.drawn.now

    def a_crime(self) -> tuple[str, ...]:
        """Draw a crime."""
        crime = self.force.a_crime()
        return () if crime is None else (crime,)

    def crime_and_victim(self) -> tuple[str, ...]:
        """Draw a crime and one of its victims."""
        crime = self.force.a_crime()
        victims = self.so_far.crimes[crime].victims if crime is not None else []
        return (crime, self.draw.choice(victims)) if crime is not None and victims else ()

    def told_of_a_crime(self) -> tuple[str, ...]:
        """Draw who is told of a crime, and it: a new one if there can be one."""
        return self._told_of_theirs(self._likely_told())

    def told_as_standard(self) -> tuple[str, ...]:
        """Draw the same, of somebody without enhanced rights."""
        records = self.force.records
        return self._told_of_theirs(
            [each for each in self._likely_told() if not records[each].enhanced_rights]
        )

    def told_and_in(self, rather: Sequence[str] = ()) -> tuple[str, ...]:
        """Draw the same, of one of these people if there are any, and have them come in."""
        chosen = self._told_of_theirs([*rather, *self._likely_told()])
        if chosen:
            self.come_in(chosen[0])
        return chosen

    def told_by_day(self, rather: Sequence[str] = ()) -> tuple[str, ...]:
        """Have the same, by day: an invitation waits for the morning."""
        self._by_day()
        return self.told_and_in(rather)

    def crimes_to_merge(self) -> tuple[str, ...]:
        """Draw a victim with a crime, and another's crime into which it may be merged."""
        return self._to_merge(self._likely_told()[:2])

    def _to_merge(
        self, likely: Sequence[str], *then: int, into_is_told: bool = True
    ) -> tuple[str, ...]:
        crime = self._records_crime_of(likely[0]) if likely else ""
        self._pause(*then)
        into = self._records_crime_of(likely[-1], is_told=into_is_told) if crime else ""
        able = crime and into and self.force.may_be_merged(crime, into)
        return (likely[0], crime, into) if able else ()

    def _told_of_theirs(self, likely: Sequence[str]) -> tuple[str, ...]:
        crime = self._records_crime_of(likely[0]) if likely else ""
        if not crime:
            return ()
        self.wait(2 * _HOUR)
        return likely[0], crime

    def _likely_told(self) -> list[str]:
        records = self.force.records
        told_people = [
            label
            for label, each in self.force.people.items()
            if is_told(each, records[label], self.now)
        ]
        return self.draw.sample(told_people, len(told_people))

    def _records_crime_of(
        self, victim: str, *others: str, is_told: bool = True, markers: tuple[str, ...] = ()
    ) -> str:
        """Have a crime recorded that its victims are told of, or take one of the first's.

        They are not told of it where `markers` or the offence keep them from it. Returns "" for
        none.
        """
        step = self.force.record_crime()
        if not isinstance(step, told.RecordCrime):
            if not is_told or markers:
                return ""
            crimes = self.so_far.crimes
            theirs = [name for name, each in crimes.items() if victim in each.victims]
            live = [each for each in theirs if not crimes[each].gone]
            return self.draw.choice(live) if live else ""
        people = (victim, *others)
        more: dict[str, Any] = {
            "people": people,
            "roles": ("victim",) * len(people),
            "safeguarding": markers,
        }
        if not is_told:
            more |= self.force.offence(is_told=False)
        return self._records(step, victim, **more)

    def _records(self, step: told.RecordCrime, victim: str, **changes: Any) -> str:
        """Have a drawn crime be one of this victim alone, for the portal; "" if it is not lawful.

        `changes` are what is otherwise in it.
        """
        plain = {
            "force": next(iter(self.order.forces)),
            "people": (victim,),
            "roles": ("victim",),
            **self.force.offence(is_told=True),
            "safeguarding": (),
            "carriage": "at once",
            "happened_seconds_ago": 0,
        }
        self.add(structs.replace(step, **{**plain, **changes}))
        return step.crime if step.crime in self.so_far.crimes else ""

    def _fills_the_week(self, crime: str) -> None:
        apart = 60 * (self.order.messages.bundle_minutes + 1)
        for _message in range(self.order.messages.per_week_max):
            self._by_day()
            self._deploys(crime, apart)
        self._by_day()

    def _by_day(self) -> None:
        local = self.now.astimezone(LONDON)
        if not _MORNING_HOUR <= local.hour < 2 * _MORNING_HOUR - 2:
            morning = local.replace(hour=_MORNING_HOUR, minute=0, second=0)
            morning += timedelta(days=local.hour >= _MORNING_HOUR)
            self.wait(int((morning - local).total_seconds()))

    def _held_back(self, kind: str, crime: str) -> str:
        """Have a step recorded now that comes later; return its event ("" if there is none)."""
        step = self.force.step_of(kind, crime)
        if not isinstance(step, told.ForceStep):
            return ""
        self.add(structs.replace(step, carriage="held back", happened_seconds_ago=0))
        return step.event

    def _sends(self, event: str) -> None:
        if event in self.so_far.held_back:
            self.add(told.SendHeldBack(event=event))

    def _now(self, step: told.Step | None) -> None:
        if isinstance(step, told.ForceStep):
            step = structs.replace(step, carriage="at once", happened_seconds_ago=0)
        self.add(step)

    def _deploys(self, crime: str, *then: int) -> None:
        self._now(self.force.step_of("_deploy", crime))
        self._pause(*then)

    def _has_news(self, crime: str, kinds: Sequence[str], *then: int) -> None:
        self._now(self.force.step_of(self.draw.choice(kinds), crime))
        self._pause(*then)

    def _allocates(self, crime: str, *teams: str) -> Officer:
        officer, team = self.draw.choice(self.force.officers), self.draw.choice(teams)
        self._now(told.Allocate(officer=officer, team=team, **self._event(crime)))
        return officer

    def _makes_appointment(
        self, crime: str, victim: str, *in_seconds: int, at: str = ""
    ) -> told.MakeAppointment:
        step = told.MakeAppointment(
            appointment=f"appointment-{self.draw.randrange(1000, 9999)}",
            person=victim,
            starts_in_seconds=self.draw.choice(in_seconds),
            place=at or self.draw.choice(self.force.names.places),
            **self._event(crime),
        )
        self.add(step)
        return step

    def _moves(self, made: told.MakeAppointment, in_seconds: int) -> None:
        event = {**self._event(made.crime), "starts_in_seconds": in_seconds}
        self.add(told.ChangeAppointment(**structs.asdict(made) | event))

    def _reads(self, victim: str, *after: int) -> None:
        self._pause(*after)
        self.come_in(victim)
        self.add(told.Read(person=victim))

    def _comes_in(self, person: str, by: told.SignInBy) -> None:
        self.add(told.SignIn(person=person, by=by))
        self.add(told.Read(person=person))

    def _asks(self, person: str, crime: str, text: str = "") -> None:
        self.come_in(person)
        text = text or self.draw.choice(QUESTIONS)
        self.add(told.Ask(person=person, crime=crime, text=text))

    def _writes(self, crime: str, victim: str, **changes: Any) -> None:
        self._now(self.force.writes(crime, victim, **changes))

    def _pause(self, *seconds: int) -> None:
        if seconds:
            self.wait(self.draw.choice(seconds) if len(seconds) > 1 else seconds[0])

    def _waits(self, seconds: int) -> None:
        while seconds > 0:
            self.wait(min(seconds, WAIT_SECONDS_MAX))
            seconds -= WAIT_SECONDS_MAX

    def _event(self, crime: str) -> dict[str, Any]:
        return {"crime": crime, "event": self.force.new_event()}
