"""The steps that drawn scenes share: a crime of a victim who is told, news now or late, a look.

`RareScenes`, `FieldScenes` and `OrderScenes` draw by these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec import structs

from simulator.clock import LONDON
from simulator.explore import steps as told
from simulator.explore.force_drawing import ForceDrawing, offences_by
from simulator.explore.told_people import is_told
from simulator.inputs.order import Order

_HOUR = 3_600
#: How often a contact is told in these scenes, where a story has one.
_CONTACTS = 0.5
#: In the morning the messages of a day may go one by one.
_MORNING_HOUR = 10


@dataclass
class SceneSteps:
    """Draws steps: `add` adds a step if it is lawful, `wait` lets so many seconds pass.

    `come_in` has a person sign in, unless they have just done so.
    """

    draw: Random
    order: Order
    force: ForceDrawing
    phase: int
    add: Callable[[told.Step | None], None]
    wait: Callable[[int], None]
    come_in: Callable[[str], None]
    now: Callable[[], datetime]
    #: Draws a phone that nobody of the story has ("" if there is none left).
    spare_phone: Callable[[], str]

    def _likely_told(self) -> list[str]:
        """List the people who are most likely told, in an order that is drawn."""
        records, now = self.force.records, self.now()
        told_people = [
            label for label, each in self.force.people.items() if is_told(each, records[label], now)
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
            crimes = self.force.so_far.crimes
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
            _eligible, outside = offences_by(self.order.eligibility.offence_subgroups)
            offence = self.draw.choice(outside)
            more["offence_code"] = offence.offence_code
            more["offence_subgroup"] = offence.subgroup
            more["offence"] = offence.offence_description
        return self._records(step, victim, **more)

    def _records(self, step: told.RecordCrime, victim: str, **changes: Any) -> str:
        """Have a drawn crime be one of this victim alone, for the portal; "" if it is not lawful.

        `changes` are what is otherwise in it.
        """
        eligible, _others = offences_by(self.order.eligibility.offence_subgroups)
        offence = self.draw.choice(eligible)
        plain = {
            "force": next(iter(self.order.forces)),
            "people": (victim,),
            "roles": ("victim",),
            "offence_code": offence.offence_code,
            "offence_subgroup": offence.subgroup,
            "offence": offence.offence_description,
            "safeguarding": (),
            "carriage": "at once",
            "happened_seconds_ago": 0,
        }
        self.add(structs.replace(step, **{**plain, **changes}))
        return step.crime if step.crime in self.force.so_far.crimes else ""

    def _told_of_a_crime(self, *, with_contacts: bool = False) -> tuple[str, str] | None:
        """Draw who is told of a crime, a new one if there can be one; None if nobody is.

        With contacts it may be one who is told in the victim's place.
        """
        likely = self._likely_told()
        if with_contacts and self.draw.random() < _CONTACTS:
            records = self.force.records
            likely = [e for e in records if records[e].told_instead is not None] or likely
        crime = self._records_crime_of(likely[0]) if likely else ""
        if not crime:
            return None
        self.wait(2 * _HOUR)
        return likely[0], crime

    def _fills_the_week(self, crime: str) -> None:
        """Have as much news of a crime as a week takes, each told by a message, until a morning."""
        apart = 60 * (self.order.messages.bundle_minutes + 1)
        for _message in range(self.order.messages.per_week_max):
            self._by_day()
            self._now(self.force.step_of("_deploy", crime))
            self.wait(apart)
        self._by_day()

    def _by_day(self) -> None:
        """Wait until the morning if it is evening or night."""
        local = self.now().astimezone(LONDON)
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
        """Have what was held back sent, if it was."""
        if event in self.force.so_far.held_back:
            self.add(told.SendHeldBack(event=event))

    def _now(self, step: told.Step | None) -> None:
        """Add a step of the force as one that happens now, and comes at once."""
        if isinstance(step, told.ForceStep):
            step = structs.replace(step, carriage="at once", happened_seconds_ago=0)
        self.add(step)

    def _reads(self, victim: str) -> None:
        self.come_in(victim)
        self.add(told.Read(person=victim))

    def _event(self, crime: str) -> dict[str, Any]:
        return {"crime": crime, "event": self.force.new_event()}
