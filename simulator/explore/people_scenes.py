"""Draws short scenes of people's lives: another phone or mailbox, and a record that is put right.

The force may learn of it at once, late or never; there may be news before it does.
"""

from collections.abc import Callable
from typing import Any

from msgspec import structs

from reference.contract.events import Channel, VictimRecord
from simulator.explore import steps as told
from simulator.explore.scene_steps import SceneSteps, scene_about
from simulator.explore.story import Stranger
from simulator.explore.words import QUESTIONS, TEXTS_BACK

_DAY = 86_400
_BEGINS_SO = 0.6
#: How often a contact asks something before another takes their place.
_ASKS = 0.6
#: How many crimes of these scenes are for the portal for certain.
_FOR_THE_PORTAL = 0.8
#: So many of a crowd are victims of one crime.
_TOGETHER = 2


def _somebody(scenes: SceneSteps) -> tuple[str, ...]:
    crime, force = scenes.force.a_crime(), scenes.force
    able = [
        each
        for each in ([] if crime is None else scenes.so_far.crimes[crime].people)
        if force.records[each].told_instead is None and not force.is_taken_for_another(each)
    ]
    return (scenes.draw.choice(able),) if able else ()


class PeopleScenes(SceneSteps):
    """Draws scenes of people's lives.

    A stranger who holds no address yet may get what a person gave up.
    """

    @scene_about(_somebody)
    def moves(self, label: str) -> None:
        """Have a person get another phone or mailbox, and tell the force, with news around it."""
        person, channel = self.force.people[label], self._channel()
        phone = self.drawn.casting.spare_phone() if channel == "text" else ""
        mailbox = "" if phone else self.drawn.casting.spare_mailbox(person)
        if not (phone or mailbox):
            return
        free = (each.label for each in self.drawn.strangers if not (each.phone or each.mailbox))
        to = self.draw.choice(("", *free))
        self.add(told.Move(person=label, phone=phone, mailbox=mailbox, other=to))
        moved = structs.replace(
            person, phone=phone or person.phone, mailbox=mailbox or person.mailbox
        )
        self.force.people[label] = moved
        if self.draw.random() < 0.3:
            self.add(self.force.step())
            self._pause(60, 3_600, _DAY)
        if self.draw.random() < 0.9:
            self._tells_the_force(label, {"mobile_phone": phone} if phone else {"email": mailbox})
        self._what_follows(label, channel)
        if to and self.draw.random() < 0.7:
            self.add(told.SignInFrom(person=label, other=to, channel=channel))

    @scene_about(_somebody)
    def put_right(self, label: str) -> None:
        """Have the force correct the details of a person, whether or not they were wrong."""
        self._is_put_right(label, self._channel())

    def rights_recorded_late(self, crime: str) -> None:
        """Have the force record a victim's enhanced rights while news of a crime waits."""
        victims = self.so_far.crimes[crime].victims
        if victims:
            self._tells_the_force(self.draw.choice(victims), {"enhanced_rights": True})
            self._pause(_DAY, 2 * _DAY, 4 * _DAY)

    @scene_about(_somebody)
    def agrees_anew(self, label: str) -> None:
        """Have a victim agree on another frequency, and then hear of nothing new."""
        self._tells_the_force(label, {"update_frequency_days": self.draw.choice((1, 7, 14))})
        self._pause(8 * _DAY, 20 * _DAY, 30 * _DAY)

    @scene_about(_somebody)
    def repeats_a_text(self, label: str) -> None:
        """Have a person send the same text twice or three times, as people who wait do."""
        words = self.draw.choice(("STOP", "START", *TEXTS_BACK))
        for _text in range(self.draw.choice((2, 2, 3))):
            self.add(told.TextBack(person=label, words=words))
            self._pause(1, 60, 3_600)

    def begin(self) -> None:
        """Have a story begin with what its people are rarely drawn for, if they are such people."""
        for such, scene in (
            (self.crowd, self.crowd_is_recorded),
            (self.alike, self.comes_in_by_their_own),
            (self.named_contacts, self.contact_is_replaced),
            (self.misdirected, self.is_not_for_them),
            (self.written_beside, self.comes_in_by_the_other_number),
        ):
            if such() and self.draw.random() < _BEGINS_SO:
                scene()
                return

    def misdirected(self) -> list[tuple[str, Stranger]]:
        """List people whose phone or mailbox was written down as that of a stranger."""
        return self._of_strangers(
            lambda record, stranger: (
                record.mobile_phone == stranger.phone != ""
                or record.email == stranger.mailbox != ""
            )
        )

    def is_not_for_them(self) -> None:
        """Have a stranger disown what came for a person, and try its link; then it is put right."""
        label, stranger = self.draw.choice(self.misdirected())
        for each, holder in self.misdirected():
            if holder == stranger:
                self.has_a_crime(each)
        self._pause(3_600, _DAY)
        channel: Channel = "text" if stranger.phone else "email"
        tried = told.SignInFrom(person=label, other=stranger.label, channel=channel, by_link=True)
        if self.draw.random() < 0.2:
            self.add(tried)
        self.add(told.SayNotForMe(person=stranger.label, channel=channel))
        self._pause(1, 60, 3_600)
        if self.draw.random() < 0.6:
            self.add(tried)
            # Whoever else was reached there has a link there too.
            for other, holder in self.misdirected():
                if holder == stranger and other != label:
                    self.add(structs.replace(tried, person=other))
        if self.so_far.crimes_of(label) and self.draw.random() < 0.7:
            self._is_put_right(label, channel)

    def written_beside(self) -> list[tuple[str, Stranger]]:
        """List people beside whose own phone a stranger's was written down."""
        return self._of_strangers(
            lambda record, stranger: record.other_phone == stranger.phone != ""
        )

    def comes_in_by_the_other_number(self) -> None:
        """Have a stranger try the number beside a person's own, and the person their own."""
        label, stranger = self.draw.choice(self.written_beside())
        self.has_a_crime(label)
        if not self.so_far.crimes_of(label):
            return
        self._pause(3_600, _DAY)
        self.add(told.SignInFrom(person=label, other=stranger.label, channel="text"))
        self._comes_in(label, "text")

    def named_contacts(self) -> list[str]:
        """List people who are told in the place of another, or of an organisation."""
        records = self.force.records.items()
        return [label for label, each in records if each.told_instead is not None]

    def contact_with_an_appointment(self) -> None:
        """Have the same happen to one with whom an appointment was made."""
        if self.named_contacts():
            self.contact_is_replaced(is_to_be_seen=True)

    def contact_is_replaced(self, *, is_to_be_seen: bool = False) -> None:
        """Have another take the place of a named contact who has just signed in."""
        label = self.draw.choice(self.named_contacts())
        person, contact = self.force.people[label], self.force.records[label].told_instead
        phone, mailbox = self.drawn.casting.spare_phone(), self.drawn.casting.spare_mailbox(person)
        if contact is None or not phone:
            return
        if not self.so_far.crimes_of(label):
            self._has_crime_recorded(label)
        if not self.so_far.crimes_of(label):
            return
        self._pause(3_600, _DAY)
        self.add(told.SignIn(person=label, by="link"))
        if self.draw.random() < _ASKS:
            crime = self.draw.choice(self.so_far.crimes_of(label))
            self.add(told.Ask(person=label, crime=crime, text=self.draw.choice(QUESTIONS)))
        if is_to_be_seen:
            crime = self.so_far.crimes_of(label)[-1]
            self._makes_appointment(crime, label, _DAY, 10 * _DAY)
        self._pause(60, 600)
        self.add(told.Move(person=label, phone=phone))
        self.add(told.Move(person=label, mailbox=mailbox))
        self.force.people[label] = structs.replace(person, phone=phone, mailbox=mailbox)
        following = self.drawn.casting.next_contact(contact, phone, mailbox)
        self._tells_the_force(label, {"told_instead": following})
        self._pause(1, 60)
        self.add(told.UseSession(person=label))
        self._pause(3_600, _DAY)
        self._comes_in(label, "link")
        self._what_follows(label, "text")

    def crowd(self) -> list[str]:
        """List people who gave one phone, if they are more than the order takes for a household."""
        people_max = self.order.contact.people_per_address_max
        by_phone: dict[str, list[str]] = {}
        for label, person in self.force.people.items():
            if person.phone and person.record.told_instead is None:
                by_phone.setdefault(person.phone, []).append(label)
        largest = max(by_phone.values(), key=len, default=[])
        return largest if people_max is not None and len(largest) > people_max else []

    def crowd_is_recorded(self) -> None:
        """Have everyone who gave one phone be the victim of a crime, and then have news."""
        labels = self.crowd()
        for start in range(0, len(labels), _TOGETHER):
            self._has_crime_recorded(*labels[start : start + _TOGETHER])
            self._pause(1, 3_600, _DAY)
        self.add(self.force.step())
        self._pause(3_600, _DAY)

    def alike(self) -> list[tuple[str, str]]:
        """List who of two gives the same word at the same phone: two people, or one's records."""
        people = self.force.people.items()
        return [
            (one, other)
            for one, each in people
            for other, them in people
            if one != other and (each.phone, each.word) == (them.phone, them.word) and each.phone
        ]

    def comes_in_by_their_own(self) -> None:
        """Have two records with one phone and one word have a crime each, and come in by a link.

        A link says whose it is. At the phone nobody can tell two people apart.
        """
        pair = self.draw.choice(self.alike())
        for label in pair:
            self._has_crime_recorded(label)
            self._pause(3_600, _DAY)
        label = self.draw.choice(pair)
        self._comes_in(label, "link")
        self._comes_in(label, "text")

    def has_a_crime(self, label: str) -> None:
        """Have a crime of this person be recorded, if there is none yet."""
        if not self.so_far.crimes_of(label):
            self._has_crime_recorded(label)

    def _of_strangers(
        self, has: Callable[[VictimRecord, Stranger], bool]
    ) -> list[tuple[str, Stranger]]:
        return [
            (label, stranger)
            for label, person in self.force.people.items()
            for stranger in self.drawn.strangers
            if has(person.record, stranger)
        ]

    def _has_crime_recorded(self, *labels: str) -> None:
        crime = self.force.record_crime()
        if not isinstance(crime, told.RecordCrime):
            return
        if self.draw.random() < _FOR_THE_PORTAL:
            crime = structs.replace(crime, **self.force.offence(is_told=True))
        roles = ("victim",) * len(labels)
        self.add(structs.replace(crime, people=labels, roles=roles, safeguarding=()))

    def _channel(self) -> Channel:
        return self.draw.choice(("text", "text", "email"))

    def _is_put_right(self, label: str, channel: Channel) -> None:
        person = self.force.people[label]
        right = {"mobile_phone": person.phone} if channel == "text" else {"email": person.mailbox}
        self._tells_the_force(label, right)
        self._what_follows(label, channel)

    def _tells_the_force(self, label: str, changes: dict[str, Any]) -> None:
        crime = self.draw.choice(self.so_far.crimes_of(label))
        self.add(self.force.writes(crime, label, **changes))

    def _what_follows(self, label: str, channel: Channel) -> None:
        self._pause(1, 60, 3_600, _DAY)
        for _news in range(self.draw.choice((0, 1, 1, 2))):
            self.add(self.force.step())
        if self.draw.random() < 0.6:
            self._comes_in(label, self.draw.choice(("link", channel, channel)))
