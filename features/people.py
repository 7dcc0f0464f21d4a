"""The people of the scenarios: who they are, what the force recorded, and what they have seen.

The force has a mobile number and a mailbox for everyone; which of them they chose is another
matter. Nobody is used twice, so that scenarios can share a world.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zlib import crc32

from reference.contract.events import Channel, Officer, VictimRecord
from simulator.drivers.base import Session
from simulator.errors import CannotVerify
from simulator.evidence.records import PersonKnown
from simulator.inputs.own_people import OwnPeople
from simulator.judge.facts.contact_fields import as_email, as_mobile
from simulator.neighbours.gateway.inbox import Accepted
from simulator.population.drama_numbers import ORDINARY_MOBILES
from simulator.population.identity import Identity
from simulator.streams import FEATURES_SEED
from simulator.world.made_up_records import MadeUpRecords
from simulator.world.recipient_guard import Recipients
from simulator.world.victims import Victim

OKAFOR, LUND = "PC Okafor", "PC Lund"
#: The officers as the features call them. With another seed than 0 they have other names.
OFFICERS = {each.name: each for each in (Officer(OKAFOR, "4271"), Officer(LUND, "1193"))}
TEAM = "Burglary Team"
#: The people as the features call them, likewise.
_ROLES = ("Alex", "Sam", "Robin", "Kim", "Lex")
#: People made one after another take these in turn, with seed 0.
#: What a stranger guesses in place of the word that was agreed.
WRONG_WORDS = ("swallow", "password")
#: The numbers of two people, or of two crimes, are so far apart.
_APART = 7
#: Those of bystanders lie between them, and their mailboxes have later numbers.
_BYSTANDER, _BESIDE, _BYSTANDERS_FROM = "Bystander", 3, 10_000
#: The phones of two seeds begin so far apart, and none so late that the last numbers come first.
_SEEDS_APART, _FIRST_MAX = 37, 250
FAMILY_NAMES = ("Blythe", "Corran", "Dunmore", "Ellwood", "Farrow", "Garside", "Hexham", "Ilmore")


@dataclass
class Actor:
    """One person of a scenario, as the sentences have built them so far."""

    name: str
    known: PersonKnown
    record: VictimRecord
    #: Their proof of identity, as the order names it.
    proof: str
    crime_reference: str = ""
    #: The references of all their crimes, by the words of the features.
    crimes: dict[str, str] = field(default_factory=dict)
    #: What proved it before the force recorded another.
    old_proof: str = ""
    session: Session | None = None
    session_at: datetime | None = None
    asked: list[str] = field(default_factory=list)
    #: How many messages came in answer to what they texted back.
    answered: int = 0
    #: The crime's page as it was when this person last took note of it.
    page: list[str] = field(default_factory=list)
    #: The pages of all their crimes, by the words of the features, as they were then.
    pages: dict[str, list[str]] = field(default_factory=dict)
    #: Messages that an earlier step was about.
    noted: set[str] = field(default_factory=set)
    told: list[Accepted] = field(default_factory=list)

    @property
    def victim(self) -> Victim:
        """This person, in the form the functions of the simulator take."""
        return Victim(self.known, self.record, self.proof)

    @property
    def address(self) -> str:
        """What they sign in with: the number or mailbox they chose."""
        told = self.record.told_instead or self.record
        if "text" in told.preferred_channels:
            return as_mobile(told.mobile_phone) or told.mobile_phone
        return as_email(told.email) or told.email


class Register:
    """Numbers, names and references that a run has not used yet."""

    def __init__(
        self,
        identity: Identity,
        recipients: Recipients,
        *,
        seed: int = 0,
        own: OwnPeople | None = None,
        is_by_hand: bool = False,
    ) -> None:
        """Begin with nobody used. A tester by hand keys in the names of the features."""
        self._seed = seed
        records = MadeUpRecords(f"features/{seed}", own or OwnPeople())
        self._records = records
        is_drawn = seed != FEATURES_SEED and not is_by_hand
        self._is_by_hand = is_by_hand
        self._given = records.given_names
        self._is_drawn = is_drawn or bool(records.own.given_names)
        self._family: tuple[str, ...] = FAMILY_NAMES
        if is_drawn or records.own.family_names:
            self._family = records.family_names[: len(FAMILY_NAMES)]
        self._first = records.first_number
        #: The officers, by what the features call them.
        self.officers = _officers(records) if is_drawn else OFFICERS
        words = (each for each in records.agreed_words if each not in WRONG_WORDS)
        #: The word that people agreed, and one that nobody did.
        self.word, self.another_word = next(words), next(words)
        self._identity = identity
        self._recipients = recipients
        self._people = 0
        self._crimes = 0
        self._bystanders = 0

    @property
    def used(self) -> tuple[int, int]:
        """How many people and crimes have been used."""
        return self._people, self._crimes

    def go_on_from(self, people: int, crimes: int) -> None:
        """Skip those who were used in an earlier session of the run."""
        self._people, self._crimes = people, crimes

    def called(self, role: str) -> str:
        """Give the name of a person whom the features call `role`: as there, or as it was drawn."""
        if role in _ROLES:
            return self._given[_ROLES.index(role)] if self._is_drawn else role
        if self._is_by_hand:
            return role
        others = self._given[len(_ROLES) :]
        return others[crc32(role.encode()) % len(others)]

    def person(
        self,
        name: str,
        channels: tuple[Channel, ...],
        at: datetime,
        *,
        of_record: str = "",
        scenario: str = "",
    ) -> Actor:
        """Make a person with a phone and a mailbox of their own, who asked for these channels.

        `name` is what the features call them. A person told in another's place proves their
        identity by that other's record. Raises CannotVerify when no such phone or mailbox is left
        in the run.
        """
        given_name = self.called(name)
        family_name = self._family[(self._people + 1 + self._seed) % len(self._family)]
        domain = self._records.mail_domain(f"{scenario}/{name}")
        held = {
            "text": self._recipients.mobile(self._place()),
            "email": self._recipients.mailbox(
                f"{given_name}{family_name}", self._people, domain=domain
            ),
        }
        if missing := [each for each in channels if not held[each]]:
            raise CannotVerify(
                f"{self._people} people have been met, and none of the run's phones or mailboxes "
                f"is left for another person to get {missing[0]}s at: not verified"
            )
        self._people += 1
        number = self._people
        person_id = of_record or self._records.person_id(self._first + number * _APART)
        return self._made(name, (given_name, family_name), person_id, number, channels, held, at)

    def bystander(self, at: datetime, *, scenario: str) -> Actor:
        """Make a person with a mailbox alone: the run's phones are for those of the features."""
        self._bystanders += 1
        number, name = self._bystanders, _BYSTANDER
        domain = self._records.mail_domain(f"{scenario}/{name}")
        mailbox = self._recipients.mailbox(name, _BYSTANDERS_FROM + number, domain=domain)
        person_id = self._records.person_id(self._first + number * _APART + _BESIDE)
        names = self._given[-number % len(self._given)], self._family[number % len(self._family)]
        return self._made(
            name, names, person_id, number, ("email",), {"text": "", "email": mailbox}, at
        )

    def _made(
        self,
        name: str,
        names: tuple[str, str],
        person_id: str,
        number: int,
        channels: tuple[Channel, ...],
        held: Mapping[str, str],
        at: datetime,
    ) -> Actor:
        given_name, family_name = names
        known = PersonKnown(
            at=at,
            person_id=person_id,
            role="victim",
            given_name=given_name,
            family_name=family_name,
            mobile_phone=held["text"],
            email=held["email"],
        )
        record = VictimRecord(
            person_id=person_id,
            given_name=known.given_name,
            family_name=known.family_name,
            born=birthday(number),
            mobile_phone=known.mobile_phone,
            email=known.email,
            preferred_channels=channels,
            safe_to_contact=True,
        )
        proof = self._identity.proof_of(agreed_word=self.word, born=birthday(number))
        return Actor(name, known, self._identity.written_down(record, proof), proof)

    def _place(self) -> int:
        """Give the place of the next person's phone: each seed begins at another number."""
        count = len(ORDINARY_MOBILES)
        if self._recipients.handsets is not None or self._people >= count:
            return self._people
        return (self._people + self._seed * _SEEDS_APART % _FIRST_MAX) % count

    def agree(self, actor: Actor, word: str) -> None:
        """Give a person this word, or the birthday they have now, as proof of identity."""
        assert actor.record.born is not None, f"{actor.name} has no date of birth on record"
        actor.proof = self._identity.proof_of(agreed_word=word, born=actor.record.born)
        actor.record = self._identity.written_down(actor.record, actor.proof)

    def one_of(self, forces: Sequence[str], scenario: str) -> str:
        """Draw the force of a scenario: the same one, however few scenarios are run."""
        return forces[(crc32(scenario.encode()) + self._seed) % len(forces)]

    def crime_reference(self, prefix: str, at: datetime) -> str:
        """Make an occurrence number nobody has."""
        self._crimes += 1
        number = f"{self._first + self._crimes * _APART:07d}"
        return self._records.crime_reference(prefix, at, number)


def _officers(records: MadeUpRecords) -> dict[str, Officer]:
    """Give each officer of the features the name and collar number of another one."""
    first = records.first_number
    return {
        role: Officer(f"PC {name}", f"{1000 + first * (place + 1) % 8999}")
        for place, (role, name) in enumerate(
            zip(OFFICERS, reversed(records.family_names), strict=False)
        )
    }


def birthday(number: int) -> date:
    """Give one of 6,600 birthdays of adults that is also a date with day and month swapped."""
    month = number % 12 + 1
    day = (month + number // 12 % 11) % 12 + 1
    return date(1945 + number // 132 % 50, month, day)


def born_so_that(today: date, *, is_years_old: int) -> date:
    """Give a date of birth that makes a person that old since a month ago."""
    birthday = today - timedelta(days=30)
    # No year is without the 28th.
    return birthday.replace(year=birthday.year - is_years_old, day=min(birthday.day, 28))


def channels_of(words: str) -> tuple[Channel, ...]:
    """Read "text", "email" or "text and email"; raises ValueError for anything else."""
    asked = words.split(" and ")
    if not set(asked) <= set(_CHANNELS):
        raise ValueError(f"{words!r} names no channels: text, email, or text and email")
    return tuple(channel for channel in _CHANNELS if channel in asked)


_CHANNELS: tuple[Channel, ...] = ("text", "email")
