"""What one scenario was dealt, as its steps use it: people, crimes, officers, places and words.

With plain data everything is as the features call it.
"""

from collections.abc import Callable, Collection
from datetime import date, time, timedelta
from typing import NamedTuple

from msgspec import structs

from features import real_data as kinds
from features.offences import OFFENCES, Offence
from features.people import Actor
from features.real_data import BLANK, NAMES, Deal
from features.real_words import AREAS, PLACES, WRITINGS
from reference.contract.events import CrimeRecorded, Officer, VictimRecord
from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.evidence.records import PersonKnown
from simulator.explore.spellings import MAILBOX_SPELLINGS, NOT_NAMES, PHONE_SPELLINGS
from simulator.inputs.order import Order
from simulator.population.drama_numbers import landline

REPLY_CHARACTERS_MAX = 4000
_LANDLINES = 900
#: What a person is really called, and reads messages at.
_TRUE = ("given_name", "family_name", "email")


class Field(NamedTuple):
    """A field of a record as it was written, and the value of an edge that it is."""

    written: object
    kind: str
    value: str


class ScenarioData:
    """The values of one scenario; each counts as met once it is used."""

    def __init__(self, deal: Deal, scenario: str, order: Order) -> None:
        self._deal = deal
        self.scenario = scenario
        self._order = order
        self._officers: dict[str, Officer] = {}
        self._offences: dict[str, Offence] = {}
        self._said: dict[str, str] = {}
        #: By the id of a record: its fields as they were written, and what each of them meets.
        self._written: dict[str, dict[str, Field]] = {}

    def take(self, kind: str, place: int = 0) -> str:
        """Give what was dealt of a kind, which is met ("" for plain data)."""
        value = self._dealt(kind, place)
        if value:
            self._deal.meet(kind, value, self.scenario)
        return value

    def write_down(self, actor: Actor, place: int, today: date, others: Collection[str]) -> None:
        """Have the force write a person down as they were dealt; `others` have those names."""
        record, known = actor.record, actor.known
        fields = self._names(place, others) | self._addresses(known, place)
        if len(record.preferred_channels) > 1 and (channels := self._dealt(kinds.CHANNELS, place)):
            asked = tuple(channels.split(" and "))
            fields["preferred_channels"] = Field(asked, kinds.CHANNELS, channels)
        held = {name: str(fields[name].written).strip() for name in _TRUE if name in fields}
        if "email" in held:
            held["email"] = held["email"].lower()
        if not place:
            fields |= self._of_the_first(record, today)
        actor.known = structs.replace(known, **held)
        changes = {name: field.written for name, field in fields.items()}
        actor.record = structs.replace(record, **changes)
        self._written[record.person_id] = fields

    def _names(self, place: int, others: Collection[str]) -> dict[str, Field]:
        given = self._name(kinds.GIVEN, place, others)
        # A name that stands in both fields is none that anybody may be greeted by.
        family = self._name(kinds.FAMILY, place, {*others, NAMES.get(given, "").strip()})
        dealt = {"given_name": (kinds.GIVEN, given), "family_name": (kinds.FAMILY, family)}
        return {
            name: Field(NAMES[value], kind, value) for name, (kind, value) in dealt.items() if value
        }

    def _name(self, kind: str, place: int, taken: Collection[str]) -> str:
        turns = (self._dealt(kind, place + step) for step in range(len(NAMES)))
        return next((each for each in turns if NAMES.get(each, "").strip() not in taken), "")

    def _addresses(self, known: PersonKnown, place: int) -> dict[str, Field]:
        found: dict[str, Field] = {}
        if mailbox := self._dealt(kinds.MAILBOX, place):
            found["email"] = Field(MAILBOX_SPELLINGS[mailbox](known.email), kinds.MAILBOX, mailbox)
        if known.mobile_phone and (phone := self._dealt(kinds.PHONE, place)):
            spelt = PHONE_SPELLINGS[phone](known.mobile_phone)
            found["mobile_phone"] = Field(spelt, kinds.PHONE, phone)
        return found

    def _of_the_first(self, record: VictimRecord, today: date) -> dict[str, Field]:
        """Give what only the person whom the scenario is about may have."""
        written: dict[str, tuple[str, Callable[[str], object]]] = {
            "other_phone": (kinds.OTHER_PHONE, lambda how: _landline(how, record)),
            "born": (kinds.BORN, lambda how: _born(how, today)),
            "update_frequency_days": (kinds.FREQUENCY, _days),
            "is_restricted": (kinds.RESTRICTED, lambda how: None if how == BLANK else False),
        }
        if record.preferred_channels == ("email",):
            written["mobile_phone"] = kinds.SPARE_PHONE, lambda how: _spare_phone(how, record)
        if record.preferred_channels == ("text",):
            written["email"] = kinds.SPARE_MAILBOX, lambda how: "" if how == BLANK else "n/a"
        found = {
            name: Field(write(value), kind, value)
            for name, (kind, write) in written.items()
            if (value := self._dealt(kind))
        }
        no_name = self._dealt(kinds.NO_NAME)
        return found | {
            name: Field(no_name if no_name in NOT_NAMES else "", kinds.NO_NAME, no_name)
            for name in kinds.LEFT_OUT.get(no_name, ())
        }

    def _dealt(self, kind: str, place: int = 0) -> str:
        return self._deal.value(kind, self.scenario, place)

    def recorded(self, record: VictimRecord) -> None:
        """Note what of a person's record is met as a crime of theirs is recorded."""
        for name, field in self._written.get(record.person_id, {}).items():
            if getattr(record, name) == field.written:
                self._deal.meet(field.kind, field.value, self.scenario)

    def again(self, name: str) -> str:
        """Write a name in a second record of the same person."""
        spell: dict[str, Callable[[str], str]] = {
            "capital letters": str.upper,
            "small letters": str.lower,
            "spaces around it": lambda each: f" {each} ",
        }
        return spell.get(self.take(kinds.AGAIN), str)(name)

    def typed(self, number: str) -> str:
        """Write a number as a person types it at sign-in."""
        value = self.take(kinds.TYPED) if number.isdigit() else ""
        return PHONE_SPELLINGS[value](number) if value else number

    def offence(self, words: str) -> Offence:
        """Give the crime that the features call so: of two that they call otherwise, two others."""
        if words not in self._offences:
            self._offences[words] = self._offence(OFFENCES[words])
        return self._offences[words]

    def _offence(self, plain: Offence) -> Offence:
        taken = {each.subgroup for each in self._offences.values()}
        by_code = {each.code: each for each in kinds.offences(self._order)[0]}
        for place in range(len(by_code)):
            code = self._dealt(kinds.OFFENCE, place)
            found = by_code.get(code)
            if found and found.subgroup not in taken and kinds.is_alike(self._order, plain, found):
                self._deal.meet(kinds.OFFENCE, code, self.scenario)
                return found
        return plain

    def described(self, event: CrimeRecorded) -> CrimeRecorded:
        """Write down where a crime was, and how soon it was answered."""
        grade = self.take(kinds.GRADE)
        return structs.replace(
            event,
            area=AREAS.get(self.take(kinds.AREA), ""),
            grade=int(grade) if grade.isdigit() else None,
        )

    def officer(self, named: str, plain: Officer) -> Officer:
        """Give the officer whom the features call so: one name and number all through."""
        if named not in self._officers:
            place = len(self._officers)
            name, collar = self.take(kinds.OFFICER, place), self.take(kinds.COLLAR, place)
            rank = plain.name.split()[0]
            self._officers[named] = Officer(
                f"{rank} {NAMES[name]}" if name else plain.name, _collar(collar, plain)
            )
        return self._officers[named]

    def organisation(self, plain: str) -> str:
        """Give the organisation that the features call so."""
        value = self.take(kinds.ORGANISATION)
        return kinds.ORGANISATIONS[value] if value else plain

    def place(self, which: int) -> str:
        """Give where an appointment is: 0 at first, and 1 where it is moved to."""
        return PLACES[self.take(kinds.PLACE) or "plain"][which]

    def time(self, plain: time) -> time:
        """Give the time of day of an appointment."""
        value = self.take(kinds.TIME)
        return time.fromisoformat(value) if value else plain

    def words(self, kind: str, plain: str) -> str:
        """Give the words of a question, a reply or a note: the same ones for the same words."""
        if value := self.take(kind):
            most = QUESTION_CHARACTERS_MAX if kind == kinds.QUESTION else REPLY_CHARACTERS_MAX
            self._said[plain] = WRITINGS[value](plain, most)
        return self.said(plain)

    @property
    def has_reply(self) -> bool:
        """Whether an officer's reply was dealt."""
        return bool(self._dealt(kinds.REPLY))

    def said(self, plain: str) -> str:
        """Give what was written where the features say these words."""
        return self._said.get(plain, plain)


def _landline(how: str, record: VictimRecord) -> str:
    return "" if how == BLANK else landline(int(record.mobile_phone[-3:] or 0) % _LANDLINES)


def _born(how: str, today: date) -> date | None:
    years = {"18 today": (18, 0), "18 since yesterday": (18, 1)}.get(how, (104, 40))
    if how == BLANK:
        return None
    day = today - timedelta(days=years[1])
    # A year that is no leap year has no 29 February: that person is of age on 1 March.
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years[0], day=28 if is_leap_day else day.day)


def _days(how: str) -> int | None:
    return None if how == BLANK else int(how.split(maxsplit=1)[0])


def _spare_phone(how: str, record: VictimRecord) -> str:
    written = {"one digit missing": record.mobile_phone[:-1], "a mailbox": record.email}
    return written.get(how, "")


def _collar(how: str, plain: Officer) -> str:
    before = {"a nought before it": "0", "letters before it": "HC"}.get(how, "")
    return f"{before}{plain.collar_number}"
