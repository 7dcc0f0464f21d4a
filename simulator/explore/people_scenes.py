"""Draws short scenes of people's lives: another phone or mailbox, and a record that is put right.

The force may learn of it at once, late or never; there may be news before it does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from msgspec import structs

from reference.contract.events import Channel, VictimRecord
from simulator.explore import steps as told
from simulator.explore.cast import Casting
from simulator.explore.force_drawing import ForceDrawing
from simulator.explore.story import Stranger
from simulator.explore.words import TEXTS_BACK

_DAY = 86_400


@dataclass
class PeopleScenes:
    """Draws scenes: `add` adds a step if it is lawful, `wait` lets so many seconds pass.

    `strangers` hold no address yet: one of them may get what a person gave up.
    """

    draw: Random
    casting: Casting
    force: ForceDrawing
    strangers: tuple[Stranger, ...]
    add: Callable[[told.Step | None], None]
    wait: Callable[[int], None]

    def moves(self) -> None:
        """Have a person get another phone or mailbox, and tell the force, with news around it."""
        label = self._somebody()
        if label is None:
            return
        person, channel = self.force.people[label], self._channel()
        phone = self.casting.spare_phone() if channel == "text" else ""
        mailbox = "" if phone else self.casting.spare_mailbox(person)
        if not (phone or mailbox):
            return
        to = self.draw.choice(("", *(each.label for each in self.strangers)))
        self.add(told.Move(person=label, phone=phone, mailbox=mailbox, other=to))
        moved = structs.replace(
            person, phone=phone or person.phone, mailbox=mailbox or person.mailbox
        )
        self.force.people[label] = moved
        if self.draw.random() < 0.3:
            self.add(self.force.step())
            self.wait(self.draw.choice((60, 3_600, _DAY)))
        if self.draw.random() < 0.9:
            self._tells_the_force(label, {"mobile_phone": phone} if phone else {"email": mailbox})
        self._what_follows(label, channel)
        if to and self.draw.random() < 0.7:
            self.add(told.SignInFrom(person=label, other=to, channel=channel))

    def put_right(self) -> None:
        """Have the force correct the details of a person, whether or not they were wrong."""
        label = self._somebody()
        if label is not None:
            person, channel = self.force.people[label], self._channel()
            right = (
                {"mobile_phone": person.phone} if channel == "text" else {"email": person.mailbox}
            )
            self._tells_the_force(label, right)
            self._what_follows(label, channel)

    def rights_recorded_late(self, crime: str) -> None:
        """Have the force record a victim's enhanced rights while news of a crime waits."""
        victims = self.force.so_far.crimes[crime].victims
        if victims:
            self._tells_the_force(self.draw.choice(victims), {"enhanced_rights": True})
            self.wait(self.draw.choice((_DAY, 2 * _DAY, 4 * _DAY)))

    def agrees_anew(self) -> None:
        """Have a victim agree on another frequency, and then hear of nothing new."""
        label = self._somebody()
        if label is not None:
            self._tells_the_force(label, {"update_frequency_days": self.draw.choice((1, 7, 14))})
            self.wait(self.draw.choice((8 * _DAY, 20 * _DAY, 30 * _DAY)))

    def repeats_a_text(self) -> None:
        """Have a person send the same text twice or three times, as people who wait do."""
        label = self._somebody()
        if label is not None:
            words = self.draw.choice(("STOP", "START", *TEXTS_BACK))
            for _text in range(self.draw.choice((2, 2, 3))):
                self.add(told.TextBack(person=label, words=words))
                self.wait(self.draw.choice((1, 60, 3_600)))

    def _somebody(self) -> str | None:
        """Draw a person of a crime who is told for themselves."""
        crime = self.force.a_crime()
        people = [] if crime is None else self.force.so_far.crimes[crime].people
        able = [each for each in people if self.force.records[each].told_instead is None]
        return self.draw.choice(able) if able else None

    def _channel(self) -> Channel:
        return self.draw.choice(("text", "text", "email"))

    def _tells_the_force(self, label: str, changes: dict[str, Any]) -> None:
        crime = self.draw.choice(self.force.so_far.crimes_of(label))
        record: VictimRecord = structs.replace(self.force.records[label], **changes)
        self.force.records[label] = record
        self.add(self.force.details(crime, label, record))

    def _what_follows(self, label: str, channel: Channel) -> None:
        """Let there be news, and have the person come in by the new address."""
        self.wait(self.draw.choice((1, 60, 3_600, _DAY)))
        for _news in range(self.draw.choice((0, 1, 1, 2))):
            self.add(self.force.step())
        if self.draw.random() < 0.6:
            self.add(told.SignIn(person=label, by=self.draw.choice(("link", channel, channel))))
            self.add(told.Read(person=label))
