"""What the force wrote down about the people of a rehearsal: columns of faults, and the words.

Made by data_quality. The words follow from the columns and are made only when needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reference.contract.events import Role
from simulator.population.drama_numbers import NONE, landline
from simulator.population.faults.births import wrong_birth
from simulator.population.faults.contacts import (
    Contacts,
    contacts_moved,
    wrong_email,
    wrong_mobile,
)
from simulator.population.faults.drawing import Intake
from simulator.population.faults.kinds import NAMES, Group
from simulator.population.faults.names import wrong_name
from simulator.population.faults.rates import FaultRates
from simulator.population.phone_numbers import Numbers, write_mobile

NO_FAULT = -1
#: Kinds that write down a mobile which someone else may hold.
NUMBERS_OF_OTHERS = (
    *("digit_wrong", "digits_transposed", "stale_number", "partners_number", "suspects_number"),
    *("officers_number", "shared_number", "anothers_in_landline_field"),
)
#: A second number makes the field unreadable, so that it reaches nobody.
SECOND_NUMBER = "two_in_one_field"
#: What a victim is recorded as by mistake. A suspect is no person of the contract's.
WRONG_ROLES: tuple[Role, ...] = ("witness", "reporter")
#: The force's own, as in the orders: not a mobile.
FORCES_NUMBER = landline(1101)


class TruePerson(Protocol):
    """What a record is made from; "" for what the person does not have."""

    @property
    def given_name(self) -> str:
        """Their given name."""

    @property
    def family_name(self) -> str:
        """Their family name."""

    @property
    def landline(self) -> str:
        """Their landline, in digits."""

    @property
    def email(self) -> str:
        """Their address."""

    @property
    def born(self) -> date:
        """Their date of birth."""


class TruePeople(Protocol):
    """What this stage needs to know about the people."""

    @property
    def numbers(self) -> Numbers:
        """The ranges of their numbers."""

    @property
    def mobile(self) -> NDArray[np.int32]:
        """Their mobiles, counted in their range; -1 means none."""

    @property
    def has_email(self) -> NDArray[np.bool_]:
        """Who has an email address."""

    def spoilable(self) -> NDArray[np.uint16]:
        """Return what each has that a fault can spoil, as flags of `Has`."""

    def person(self, i: int, /) -> TruePerson:
        """Return one person."""


@dataclass(frozen=True)
class Written:
    """What the force wrote down about one victim, word for word."""

    given_name: str
    family_name: str
    born: date | None
    mobile_phone: str
    other_phone: str
    email: str


@dataclass(frozen=True)
class Recorded:
    """The faults in the records: arrays of one length, one row a person.

    `kinds` holds for each group of faults the place of the kind in KINDS, or NO_FAULT, and `how`
    how it comes out. `mobile_of` is someone else's mobile that was written down, counted in its
    range, or -1; `email_of` is the row of the person whose address is used where it is someone
    else's, and `another` the row of someone whose family name is used. `omitted` is who was not
    recorded at all; `wrong_role` is 0 for a victim recorded as one, or else which of `WRONG_ROLES`,
    from 1. `twice` maps the rows of people with a second record to its row in `again`. `stopped`
    counts what training and entry checks stopped.
    """

    people: TruePeople
    rates: FaultRates
    intake: Intake
    kinds: Mapping[Group, NDArray[np.int8]]
    how: Mapping[Group, NDArray[np.int64]]
    mobile_of: NDArray[np.int32]
    email_of: NDArray[np.int32]
    another: NDArray[np.int32]
    spelling: NDArray[np.int8]
    omitted: NDArray[np.bool_]
    wrong_role: NDArray[np.int8]
    twice: Mapping[int, int] = field(default_factory=dict)
    again: "Recorded | None" = None
    stopped: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.spelling)

    def record(self, i: int) -> Written:
        """Return the record of row `i` as the force wrote it."""
        return self.written_of(i, self.people.person(i))

    def written_of(self, i: int, person: TruePerson) -> Written:
        """Return the record of row `i`, whose person is known."""
        given, family = self._names(i, person)
        birth = self._kind("birth", i)
        born = wrong_birth(birth, person.born) if birth else person.born
        contacts = self._contacts(i, person)
        return Written(given, family, born, contacts.mobile, contacts.landline, contacts.email)

    def faults(self, i: int) -> tuple[str, ...]:
        """Return the kinds of fault in row `i`; () if there are none."""
        if self.omitted[i]:
            return ("omitted_person",)
        found = [self._kind(group, i) for group in self.kinds]
        found += ["wrong_role" * bool(self.wrong_role[i]), "duplicate_person" * (i in self.twice)]
        return tuple(kind for kind in found if kind)

    def role(self, i: int) -> Role:
        """Return the role that the force wrote down for row `i`."""
        number = int(self.wrong_role[i])
        return WRONG_ROLES[number - 1] if number else "victim"

    def second(self, i: int) -> "tuple[Recorded, int] | None":
        """Return where the second record of row `i` stands, if there is one."""
        if self.again is None or i not in self.twice:
            return None
        return self.again, self.twice[i]

    def born(self, true: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
        """Return the recorded dates of birth; not a time where none is recorded."""
        written = true.astype("datetime64[D]").copy()
        for i in np.flatnonzero(self.kinds["birth"] != NO_FAULT).tolist():
            day: date = written[i].item()
            wrong = wrong_birth(self._kind("birth", i), day)
            written[i] = np.datetime64("NaT") if wrong is None else np.datetime64(wrong, "D")
        return written

    def reaches_mobile(self, i: int) -> int:
        """Return someone else's mobile that can be read in row `i`, or -1."""
        return NONE if self._kind("moved", i) == SECOND_NUMBER else int(self.mobile_of[i])

    def reaches_email_of(self, i: int) -> int:
        """Return the row of the person whose address stands in row `i`, or -1."""
        return int(self.email_of[i]) if self._kind("email", i) == "email_of_another" else NONE

    def _kind(self, group: Group, i: int) -> str:
        kind = int(self.kinds[group][i])
        return "" if kind == NO_FAULT else NAMES[kind]

    def _names(self, i: int, person: TruePerson) -> tuple[str, str]:
        kind = self._kind("name", i)
        if not kind:
            return person.given_name, person.family_name
        another = self.people.person(int(self.another[i])).family_name
        how = int(self.how["name"][i])
        return wrong_name(kind, person.given_name, person.family_name, another, how)

    def _contacts(self, i: int, person: TruePerson) -> Contacts:
        true, numbers = int(self.people.mobile[i]), self.people.numbers
        another = write_mobile(int(self.mobile_of[i]), numbers)
        plain = write_mobile(true, numbers)
        mobile, email = write_mobile(true, numbers, spelling=int(self.spelling[i])), person.email
        kind = self._kind("mobile", i)
        if kind:
            mobile = wrong_mobile(
                kind,
                plain,
                name=f"{person.given_name} {person.family_name}",
                another=FORCES_NUMBER if kind == "forces_number" else another,
                how=int(self.how["mobile"][i]),
            )
            if kind in {"digit_wrong", "digits_transposed"}:
                mobile = another
        kind = self._kind("email", i)
        if kind:
            of_another = self.people.person(int(self.email_of[i])).email
            email = wrong_email(kind, email, another=of_another, how=int(self.how["email"][i]))
        written = Contacts(mobile, person.landline, email)
        kind = self._kind("moved", i)
        if not kind:
            return written
        return contacts_moved(kind, written, another=another, how=int(self.how["moved"][i]))
