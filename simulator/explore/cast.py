"""Draws the people of a story: who they are, what they hold, and what the force wrote down.

Names, numbers and ids look like a force's own and differ by seed. Most records are right; the rest
are wrong in one of the ways in which records are wrong.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from faker.providers.person.en_GB import Provider as BritishNames
from msgspec import structs

from reference.contract.events import Channel, ToldInstead, VictimRecord
from simulator.explore.force_names import ForceNames
from simulator.explore.spellings import (
    MAILBOX_SPELLINGS,
    NOT_NAMES,
    PARTICULAR_NAMES,
    PHONE_SPELLINGS,
    WARNINGS,
)
from simulator.explore.story import Person, Stranger
from simulator.explore.times import years_after
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.population.drama_numbers import ORDINARY_MOBILES, landline, mobile_phone
from simulator.population.people import AGREED_WORDS
from simulator.world.made_up_records import MadeUpRecords

_GIVEN = tuple(BritishNames.first_names)
_FAMILY = tuple(BritishNames.last_names)
_CHANNELS: tuple[tuple[Channel, ...], ...] = (
    ("text", "email"),
    ("text", "email"),
    ("text",),
    ("email",),
    ("email", "text"),
)
PEOPLE_MAX = 5
#: From so many people on, all may have one phone, as in a shelter.
_CROWD = 3
#: What is typed to fill the field, and is no number that anybody has.
_FILLERS = ("01632 960000", "n/a", "-", "0")
#: So many crowds have one more person than the order takes for a household.
_TOO_MANY = 0.3
#: How many casts have a person whom the force has written down twice.
_RECORDED_TWICE = 0.1
#: So many of these give another phone and mailbox of theirs the second time.
_OTHER_ADDRESSES = 0.5
#: One second record in so many has the family name in capitals.
_CAPITALS_EVERY = 3
#: So many have a stranger's phone written down beside the own one of somebody.
_WRITTEN_BESIDE = 0.05
#: How many have two people with one phone who chose one word, and have one birthday, as twins may.
_TWINS = 0.04
#: What is particular about a person, and how often.
_ROLES = {
    "plain": 72,
    "unsafe": 2,
    "blank": 2,
    "child": 2,
    "told for a child": 4,
    "dead": 2,
    "told for the dead": 2,
    "organisation": 1,
    "named contact": 4,
    "suspect": 2,
    "police": 3,
    "restricted": 1,
    "nobody": 2,
    "of age soon": 3,
}
#: What stands in the record of each of these.
_RECORDED: dict[str, dict[str, Any]] = {
    "plain": {},
    "unsafe": {"safe_to_contact": False},
    "blank": {"safe_to_contact": None},
    "dead": {"has_died": True},
    "suspect": {"is_suspect_in_linked_crime": True},
    "restricted": {"is_restricted": True},
    "nobody": {"who_is_told": "nobody"},
}
#: What else is particular about a person who reports something before any crime is recorded.
_OF_A_REPORT: tuple[dict[str, Any], ...] = (
    *({"given_name": ""}, {"family_name": ""}, {"born": None}, {"mobile_phone": ""}),
    *({"email": ""}, {"preferred_channels": ("email",)}, {"preferred_channels": ("text",)}),
    *({"safe_channel": "text"}, {"safe_channel": "email"}, {"safe_to_contact": None}, {}, {}),
)


@dataclass
class Casting:
    """Draws people who have nothing in common but what is drawn so; `today` is the first day.

    `records` says how the force writes ids, and where mailboxes are.
    """

    draw: Random
    order: Order
    today: date
    records: MadeUpRecords = field(default_factory=lambda: MadeUpRecords("cast"))
    _mobiles: list[int] = field(init=False)
    _words: list[str] = field(init=False)
    _names: set[str] = field(init=False, default_factory=set)
    _days_of_birth: set[date] = field(init=False, default_factory=set)
    _number: int = field(init=False)

    def __post_init__(self) -> None:
        words = self.draw.sample(AGREED_WORDS, PEOPLE_MAX + 3)
        # Some agree two words.
        self._words = [f"{each} walk" if each < "e" else each for each in words]
        self._mobiles = self.draw.sample(ORDINARY_MOBILES, 2 * PEOPLE_MAX + 6)
        self._number = self.draw.randrange(10_000, 800_000)

    def people(self) -> tuple[tuple[Person, ...], tuple[Stranger, ...]]:
        """Draw a cast, and the strangers who hold what was written down wrongly."""
        count = self.draw.choices((1, 2, 3, 4, 5), (50, 28, 12, 6, 4))[0]
        people: list[Person] = []
        strangers: list[Stranger] = []
        is_crowd = count >= _CROWD and self.draw.random() < 0.5
        people_max = self.order.contact.people_per_address_max
        is_too_many = is_crowd and people_max is not None and self.draw.random() < _TOO_MANY
        if is_too_many and people_max is not None:
            count = min(PEOPLE_MAX, people_max + 1)
        for _each in range(count):
            person = self._person(is_plain=is_too_many)
            if people and is_crowd:
                person = self._has_the_phone_of(person, people[0])
            elif people and self.draw.random() < 0.15:
                person = self._shares(person, self.draw.choice(people))
            elif self.draw.random() < 0.15:
                person, stranger = self._badly_recorded(person)
                if stranger is not None:
                    strangers.append(stranger)
            people.append(person)
        if len(people) < PEOPLE_MAX:
            people += self._taken_for(self.draw.choice(people))
        self._share_a_wrong_number(people, strangers)
        self._write_a_number_beside(people, strangers)
        if self.draw.random() < 0.3:
            strangers.append(Stranger(label=self._a_stranger()))
        return tuple(people), tuple(strangers)

    def _share_a_wrong_number(self, people: list[Person], strangers: list[Stranger]) -> None:
        with_phones = [each.phone for each in strangers if each.phone]
        if with_phones and len(people) == 1 and self.draw.random() < 0.5:
            people.append(self._person(is_plain=True))
        able = _at_their_own(people)
        if with_phones and able and self.draw.random() < 0.6:
            person = self.draw.choice(able)
            record = structs.replace(person.record, mobile_phone=with_phones[0])
            people[people.index(person)] = structs.replace(person, record=record)

    def _write_a_number_beside(self, people: list[Person], strangers: list[Stranger]) -> None:
        # Not for secrets, and a draw of its own: the other stories stay as they were.
        draw = Random(f"written beside/{self.records.seed}")  # noqa: S311
        able = [each for each in people if _is_as_recorded(each)]
        if not able or draw.random() >= _WRITTEN_BESIDE:
            return
        person = draw.choice(able)
        stranger = Stranger(label=self._a_stranger(), phone=self._phone())
        record = structs.replace(person.record, other_phone=stranger.phone)
        people[people.index(person)] = structs.replace(person, record=record)
        strangers.append(stranger)

    def _a_stranger(self) -> str:
        label = f"Stranger {len(self._names)}"
        self._names.add(label)
        return label

    def spare_phone(self) -> str:
        """Draw a phone that nobody of the story has ("" if there is none left)."""
        return self._phone() if self._mobiles else ""

    def spare_mailbox(self, person: Person) -> str:
        """Draw another mailbox for a person."""
        return self._mailbox("new", person.mailbox.partition("@")[0])

    def spare_word(self) -> str:
        """Draw a word that nobody of the story has agreed ("" if there is none left)."""
        return self._words.pop() if self._words else ""

    def next_contact(self, contact: ToldInstead, phone: str, mailbox: str) -> ToldInstead:
        """Draw who takes a contact's place, with these addresses."""
        given, family = self._name()
        return structs.replace(
            contact, given_name=given, family_name=family, mobile_phone=phone, email=mailbox
        )

    def _person(self, *, is_plain: bool = False) -> Person:
        if is_plain:
            person = self._plain_person()
            channels = structs.replace(person.record, preferred_channels=_CHANNELS[0])
            return structs.replace(person, record=channels)
        return self._in_a_role(self._plain_person())

    def _plain_person(self) -> Person:
        given, family = self._name()
        phone, mailbox = self._phone(), self._mailbox(given, family)
        self._number += self.draw.randrange(1, 90)
        born = self._born(18, 95)
        while born in self._days_of_birth:
            # Nor could two with one date of birth, where that is the proof.
            born = self._born(18, 95)
        self._days_of_birth.add(born)
        record = VictimRecord(
            person_id=self.records.person_id(self._number),
            given_name=given,
            family_name=family,
            born=born,
            mobile_phone=self._spelt(phone),
            other_phone=landline(self.draw.randrange(1000)) if self.draw.random() < 0.2 else "",
            email=self._spelt_mailbox(mailbox),
            preferred_channels=self.draw.choice(_CHANNELS),
            safe_to_contact=True,
            enhanced_rights=self.draw.random() < 0.25,
            update_frequency_days=self.draw.choice((None, None, None, 1, 7, 14, 366)),
        )
        return Person(
            label=given,
            record=record,
            phone=phone,
            mailbox=mailbox,
            word=self._words.pop(),
            born=born,
        )

    def _in_a_role(self, person: Person, roles: dict[str, int] = _ROLES) -> Person:
        record = person.record
        kind = self.draw.choices(list(roles), list(roles.values()))[0]
        changes = _RECORDED.get(kind, {})
        match kind:
            case "child":
                changes = {"born": self._born(5, 17)}
            case "organisation":
                name = self._organisation()
                changes = {"kind": "organisation", "organisation_name": name}
            case "police":
                restricted = self.draw.choice((None, True, False))
                changes = {"is_police_employee": True, "is_restricted": restricted}
            case _ if kind not in _RECORDED:
                return self._told_for(person, kind)
        return structs.replace(person, record=structs.replace(record, **changes))

    def _told_for(self, person: Person, kind: str) -> Person:
        """Have this person told in the place of another, whose record it then is."""
        own = person.record
        given, family = self._name()
        instead = ToldInstead(
            given_name=own.given_name,
            family_name=own.family_name,
            mobile_phone=own.mobile_phone,
            email=own.email,
            preferred_channels=own.preferred_channels,
            safe_to_contact=True,
        )
        phone = self._phone() if self.draw.random() < 0.4 else ""
        mailbox = self._mailbox(given, family) if self.draw.random() < 0.4 else ""
        record = structs.replace(
            own,
            given_name=given,
            family_name=family,
            born=self._born(18, 90),
            mobile_phone=phone,
            other_phone="",
            email=mailbox,
            who_is_told="another",
            told_instead=instead,
        )
        match kind:
            case "told for a child":
                record = structs.replace(record, born=self._born(5, 16))
            case "of age soon":
                day = self.today + timedelta(days=self.draw.choice((1, 2, 3, 8, 20)))
                record = structs.replace(record, born=years_after(day, -18))
            case "told for the dead":
                record = structs.replace(record, has_died=True)
            case "named contact":
                record = structs.replace(
                    record,
                    given_name="",
                    family_name="",
                    born=None,
                    mobile_phone="",
                    email="",
                    kind="organisation",
                    organisation_name=self._organisation(),
                )
        own_phone = phone if record.mobile_phone else ""
        return structs.replace(person, record=record, own_phone=own_phone, own_mailbox=record.email)

    def _shares(self, person: Person, other: Person) -> Person:
        if person.record.told_instead is not None or other.record.told_instead is not None:
            return person
        if self.draw.random() < 0.7:
            return self._has_the_phone_of(person, other)
        record = structs.replace(person.record, email=other.mailbox)
        return structs.replace(person, record=record, mailbox=other.mailbox)

    def _has_the_phone_of(self, person: Person, other: Person) -> Person:
        if person.record.told_instead is not None or other.record.told_instead is not None:
            return person
        record = structs.replace(person.record, mobile_phone=other.phone)
        return structs.replace(person, record=record, phone=other.phone)

    def _taken_for(self, person: Person) -> list[Person]:
        """Draw somebody who can be taken for a person, now and then: another record, or a twin."""
        part = self.draw.random()
        if part < _RECORDED_TWICE:
            return self._recorded_again(person)
        if part < _RECORDED_TWICE + _TWINS:
            other = self._has_the_phone_of(self._person(), person)
            return [self._as_twin(other, person)] if other.phone == person.phone else [other]
        return []

    def particular(self, people: tuple[Person, ...], draw: Random) -> Person | None:
        """Draw one of these people with something particular about them; None if none can have it.

        It is one who is told for themselves, at addresses of their own.
        """
        able = _at_their_own(people)
        if not able:
            return None
        person, first = draw.choice(able), self.draw
        self.draw = draw
        try:
            found = self._in_a_role(person, {e: n for e, n in _ROLES.items() if e != "plain"})
        finally:
            self.draw = first
        contact = found.record.told_instead
        changes = draw.choice(_OF_A_REPORT)
        if contact is not None:
            changes = {
                "told_instead": differently(contact, draw) if draw.random() < 0.5 else contact
            }
        return structs.replace(found, record=structs.replace(found.record, **changes))

    def merged_with(self, people: tuple[Person, ...], draw: Random) -> tuple[str, Person] | None:
        """Draw whose record the force will merge into that of one of these people, and of whom.

        It is another record of theirs, that of a namesake, or that of somebody else. None where
        nobody of the story is told for themselves, at addresses of their own.
        """
        able = _at_their_own(people)
        if not able or len(people) >= PEOPLE_MAX:
            return None
        survivor, other = draw.choice(able), self._plain_person()
        first, record = survivor.record, other.record
        names = {"given_name": first.given_name, "family_name": first.family_name}
        kind = draw.choice(("again", "again", "another name", "namesake", "namesake", "other"))
        match kind:
            case "again" | "another name":
                family = record.family_name if kind == "another name" else first.family_name
                names["family_name"] = family
                record = structs.replace(record, born=first.born, **names)
                other = structs.replace(
                    other, word=survivor.word, born=survivor.born, same_as=survivor.label
                )
            case "namesake":
                record = structs.replace(record, born=None, **names)
        safe = draw.choice((True,) * 8 + (False, None))
        record = structs.replace(record, safe_to_contact=safe)
        label = f"{other.label}, merged with {survivor.label}"
        return survivor.label, structs.replace(other, label=label, record=record)

    def _as_twin(self, person: Person, other: Person) -> Person:
        record = structs.replace(person.record, born=other.record.born)
        return structs.replace(person, record=record, word=other.word, born=other.born)

    def _recorded_again(self, person: Person) -> list[Person]:
        """Give the second record of a person, if they are told for themselves.

        It has their name and date of birth, and the same phone and mailbox or others of theirs.
        """
        first = person.record
        if first.told_instead is not None or first.kind == "organisation":
            return []
        phone, mailbox = person.phone, person.mailbox
        written = as_mobile(first.mobile_phone), as_email(first.email)
        # Of a record with a mistake in it nobody can tell to which address a code goes.
        is_right = written == (phone, mailbox.lower())
        if not is_right or self.draw.random() < _OTHER_ADDRESSES:
            phone, mailbox = self._phone(), self.spare_mailbox(person)
        self._number += self.draw.randrange(1, 90)
        record = VictimRecord(
            person_id=self.records.person_id(self._number),
            given_name=first.given_name,
            family_name=self._otherwise_written(first.family_name),
            born=first.born,
            mobile_phone=self._spelt(phone),
            email=mailbox,
            preferred_channels=self.draw.choice(_CHANNELS),
            safe_to_contact=True,
        )
        label = f"{person.label} in another record"
        own = {"label": label, "phone": phone, "mailbox": mailbox, "same_as": person.label}
        return [structs.replace(person, record=record, **own)]

    def _otherwise_written(self, name: str) -> str:
        capitals = name.upper()
        is_same = capitals.lower() == name.lower()
        return capitals if is_same and self._number % _CAPITALS_EVERY == 0 else name

    def _badly_recorded(self, person: Person) -> tuple[Person, Stranger | None]:
        record = person.record
        if record.told_instead is not None:
            return person, None
        stranger: Stranger | None = None
        wrong: dict[str, object] = {}
        match self.draw.randrange(16):
            case 0:
                wrong = {"mobile_phone": "", "other_phone": person.phone}
            case 1:
                wrong = {"mobile_phone": person.mailbox, "email": ""}
            case 2 | 9 | 15 as which:
                other = self._phone()
                stranger = Stranger(label=self._a_stranger(), phone=other)
                wrong = {"other_phone" if which == 15 else "mobile_phone": other}
            case 3:
                wrong = {"mobile_phone": self._phone()}
            case 4 | 12 | 13:
                warning = self.draw.choice(WARNINGS).format(person.phone)
                wrong = {"mobile_phone": self.draw.choice((person.phone[:-1], warning, warning))}
            case 5:
                wrong = {"email": person.mailbox.replace("@", " at ")}
            case 6 | 14:
                nobodys = (*self.order.contact.not_a_victims, *_FILLERS)
                wrong = {"mobile_phone": self.draw.choice(nobodys)}
            case 7:
                wrong = {"mobile_phone": "", "email": ""}
            case 10 | 11:
                other = self.spare_mailbox(person)
                stranger = Stranger(label=self._a_stranger(), mailbox=other)
                wrong = {"email": other}
            case 8:
                not_a_name = self.draw.choice(NOT_NAMES)
                wrong = {"given_name": self.draw.choice((not_a_name, record.family_name))}
        return structs.replace(person, record=structs.replace(record, **wrong)), stranger

    def _name(self) -> tuple[str, str]:
        while True:
            own = self.records.own
            given = self._one_name(own.given_names or _GIVEN)
            family = self._one_name(own.family_names or _FAMILY)
            if given not in self._names:
                self._names.add(given)
                return given, family

    def _one_name(self, usual: tuple[str, ...]) -> str:
        if self.draw.random() < 0.92:
            return self.draw.choice(usual)
        return self.draw.choice(self.draw.choice(list(PARTICULAR_NAMES.values())))

    def _phone(self) -> str:
        return mobile_phone(self._mobiles.pop())

    def _mailbox(self, given: str, family: str) -> str:
        local = re.sub(r"[^a-z0-9.]", "", f"{given}.{family}".lower()).strip(".") or "mail"
        at = self.draw.random()
        end = "+home" if at < 0.05 else "'home" if at < 0.1 else ""
        number, domain = self.draw.randrange(10, 99), self.draw.choice(self.records.mail_domains)
        return f"{local}{number}{end}@{domain}"

    def _spelt(self, phone: str) -> str:
        if self.draw.random() < 0.4:
            return phone
        return self.draw.choice(list(PHONE_SPELLINGS.values()))(phone)

    def _spelt_mailbox(self, mailbox: str) -> str:
        if self.draw.random() < 0.6:
            return mailbox
        plain = [each for each in MAILBOX_SPELLINGS.values() if each("a@").strip().lower() == "a@"]
        return self.draw.choice(plain)(mailbox)

    def _organisation(self) -> str:
        return self.draw.choice(ForceNames(self.records.seed).organisations)

    def _born(self, years_min: int, years_max: int) -> date:
        years = self.draw.randint(years_min, years_max)
        days = self.draw.choice((1, 30, 100, 200, 300, 364))
        return years_after(self.today - timedelta(days=days), -years)


def differently(contact: ToldInstead, draw: Random) -> ToldInstead:
    """Write down a contact with one field blank, in another field, or of another wish."""
    changes: dict[str, Any] = draw.choice(
        (
            *({"given_name": ""}, {"family_name": ""}, {"mobile_phone": ""}, {"email": ""}),
            {"other_phone": contact.mobile_phone, "mobile_phone": ""},
            {"preferred_channels": draw.choice((("text",), ("email",)))},
            {"safe_to_contact": draw.choice((None, False))},
        )
    )
    return structs.replace(contact, **changes)


def _is_as_recorded(person: Person) -> bool:
    record = person.record
    written = as_mobile(record.mobile_phone), as_email(record.email)
    is_person = record.told_instead is None and record.kind == "person"
    return is_person and written == (person.phone, person.mailbox.lower())


def _at_their_own(people: Sequence[Person]) -> list[Person]:
    """List who is told for themselves, at a phone and mailbox that no other person has."""
    held = Counter(each for person in people for each in {person.phone, person.mailbox} - {""})
    return [
        person
        for person in people
        if _is_as_recorded(person) and max(held[person.phone], held[person.mailbox]) <= 1
    ]
