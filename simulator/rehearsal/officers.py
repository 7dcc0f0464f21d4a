"""What officers do with a portal's tasks: answer, correct contact details, speak to victims.

They work by day, take their time, and write notes to each other that no victim may see.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
from msgspec import structs

from reference.contract.events import OfficerReplied, VictimDetailsChanged, VictimRecord
from reference.contract.messages import Task
from simulator.clock import LONDON
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.simulated_victims import SimulatedVictims
from simulator.streams import Streams
from simulator.world.world import World

_ON_DUTY = (8, 20)
_HOURS_MAX = 24 * 60


class OfficerBehaviour(Strict, frozen=True, kw_only=True):
    """How long officers take, and how often they succeed."""

    answer_hours_median: Amount
    answer_spread: Amount
    mends_details: Share
    mend_hours_median: Amount
    speaks_to_victim: Share
    speak_hours_median: Amount
    named: Share


class Officers:
    """The officers who take the tasks of one portal."""

    def __init__(
        self,
        world: World,
        casework: Casework,
        victims: SimulatedVictims,
        *,
        name: str,
        behaviour: OfficerBehaviour,
        streams: Streams,
    ) -> None:
        self._world = world
        self._casework = casework
        self._victims = victims
        self._behaviour = behaviour
        self._stream = streams.for_(f"{name}: officers")
        self._speaking = streams.for_(f"{name}: officers speak to victims")
        self._replies = 0
        self._corrected: dict[str, VictimRecord] = {}
        world.on_task(self._take)

    def _take(self, task: Task) -> None:
        behaviour = self._behaviour
        if task.kind == "victim_question":
            when = self._after(behaviour.answer_hours_median, self._stream)
            self._act_at(when, lambda: self._answer(task))
        elif task.kind == "contact_details":
            when = self._after(behaviour.mend_hours_median, self._stream)
            if self._stream.random() < behaviour.mends_details.value:
                self._act_at(when, lambda: self._correct_details(task))
        elif task.kind == "sensitive_contact":
            when = self._after(behaviour.speak_hours_median, self._speaking)
            if self._speaking.random() < behaviour.speaks_to_victim.value:
                self._act_at(when, lambda: self._speak(task))

    def _act_at(self, when: datetime, act: Callable[[], None]) -> None:
        self._world.clock.at(when, lambda: None if self._world.is_over else act())

    def _answer(self, task: Task) -> None:
        """Read what the victim wrote, write a note for colleagues, and reply."""
        self._replies += 1
        reference = task.crime_reference
        row = self._victims.row_of(reference)
        note = f"Reply {self._replies} drafted; named suspect not yet spoken to, do not disclose"
        self._world.crime_system.write_note(reference, note, author="the officer in charge")
        event_id = self._world.crime_system.record(
            OfficerReplied(
                crime_reference=reference,
                person_id=task.person_id,
                reply_id=f"reply-{self._replies:06d}",
                in_reply_to=task.key,
                text=f"Thank you for writing. We are still looking into it. ({self._replies})",
                officer=self._casework.officer(row),
                replied_at=self._world.now,
            )
        )
        self._victims.note_news(row, event_id)

    def _correct_details(self, task: Task) -> None:
        """Write down the victim's real phone number and email address, if they have changed."""
        row = self._victims.row_of(task.crime_reference)
        victim = self._victims.victim(self._victims.row_of_person(task.person_id))
        corrected = structs.replace(
            victim.record,
            mobile_phone=victim.known.mobile_phone,
            other_phone="",
            email=victim.known.email,
        )
        if corrected == self._corrected.get(victim.person_id, victim.record):
            return
        self._corrected[victim.person_id] = corrected
        event_id = self._world.crime_system.record(
            VictimDetailsChanged(crime_reference=task.crime_reference, victim=corrected)
        )
        self._victims.note_news(row, event_id)

    def _speak(self, task: Task) -> None:
        """Tell a victim in person how their case ended, and record the contact."""
        event_id = self._world.crime_system.note_contact(task.crime_reference, task.person_id)
        self._victims.note_news(self._victims.row_of(task.crime_reference), event_id)

    def _after(self, hours_median: Amount, stream: np.random.Generator) -> datetime:
        """Find when an officer deals with a task: some at once, some after a week's leave."""
        hours = stream.lognormal(0, self._behaviour.answer_spread.value) * hours_median.value
        return self._on_duty(hours)

    def _on_duty(self, hours: float) -> datetime:
        """Find the first time on duty after so many hours."""
        wanted = self._world.now + timedelta(hours=min(hours, _HOURS_MAX))
        local = wanted.replace(microsecond=0).astimezone(LONDON)
        opens, closes = _ON_DUTY
        if local.hour < opens:
            local = local.replace(hour=opens, minute=0)
        elif local.hour >= closes:
            local = (local + timedelta(days=1)).replace(hour=opens, minute=0)
        return local.astimezone(wanted.tzinfo)
