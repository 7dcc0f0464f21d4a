"""What the force wrote down about the people: columns of faults, and the words of one record.

Made by data_quality. The words follow from the columns and are made only when needed.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.population.drama_numbers import mobile_phone, undialable
from simulator.population.misspelling import Slip, misspell, misspell_address, other_form

PLACEHOLDER = "N/A"


class NameFault(IntEnum):
    """What is wrong with a name, in the order of NameMix."""

    NONE = 0
    LETTER_INSERTED = 1
    LETTER_DELETED = 2
    LETTER_SUBSTITUTED = 3
    LETTERS_TRANSPOSED = 4
    NAMES_SWAPPED = 5
    OTHER_FORM = 6
    OTHER_FAMILY_NAME = 7
    FAMILY_NAME_MISSING = 8
    PLACEHOLDER = 9


class NumberFault(IntEnum):
    """What is wrong with a mobile, in either field.

    WRONG was meant to be the victim's own. ANOTHERS is someone else's and was never meant to be.
    """

    NONE = 0
    MISSING = 1
    UNDIALABLE = 2
    WRONG = 3
    ANOTHERS = 4


class EmailFault(IntEnum):
    """What is wrong with an email address, in either field."""

    NONE = 0
    MISSING = 1
    BOUNCES = 2
    REACHES_ANOTHER = 3


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


class TruePeople(Protocol):
    """What this stage needs to know about the people."""

    @property
    def mobile(self) -> NDArray[np.int16]:
        """Their mobiles, counted from 07700 900000; -1 means none."""

    @property
    def has_email(self) -> NDArray[np.bool_]:
        """Who has an email address."""

    def person(self, i: int, /) -> TruePerson:
        """Return one person."""


@dataclass(frozen=True)
class Written:
    """What the force wrote down about one victim, word for word."""

    given_name: str
    family_name: str
    mobile_phone: str
    other_phone: str
    email: str


@dataclass(frozen=True)
class Recorded:
    """The faults in the records: arrays of one length, one row a person.

    `intake` indexes the intakes of the parameters. `mobile_written` is the mobile written down,
    counted from 07700 900000, or -1 if there is none that can be dialled. `email_of` is the row of
    the person whose address was written down. `…_how` and `spelling` decide the words.
    """

    people: TruePeople
    intake: NDArray[np.int8]
    name: NDArray[np.int8]
    number: NDArray[np.int8]
    email: NDArray[np.int8]
    mobile_in_other_field: NDArray[np.bool_]
    email_in_mobile_field: NDArray[np.bool_]
    mobile_written: NDArray[np.int16]
    email_of: NDArray[np.int32]
    name_how: NDArray[np.int64]
    number_how: NDArray[np.int64]
    email_how: NDArray[np.int64]
    spelling: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.name)

    def record(self, i: int) -> Written:
        """Return the record of row `i` as the force wrote it."""
        person = self.people.person(i)
        given, family = self._names(i, person)
        mobile, email = self._mobile(i), self._email(i)
        mobile_field, other_field = mobile, person.landline
        if self.mobile_in_other_field[i]:
            mobile_field, other_field = person.landline, mobile
        if self.email_in_mobile_field[i]:
            mobile_field, other_field = email, mobile or person.landline
            email = ""
        return Written(given, family, mobile_field, other_field, email)

    def faults(self, i: int) -> tuple[str, ...]:
        """Return the names of the faults in row `i`; () if there are none."""
        number, email = int(self.number[i]), int(self.email[i])
        found = {
            "name_wrong": int(self.name[i]) != NameFault.NONE,
            "mobile_in_other_field": self.mobile_in_other_field[i],
            "email_in_mobile_field": self.email_in_mobile_field[i],
            "mobile_wrong": number == NumberFault.WRONG,
            "mobile_of_another": number == NumberFault.ANOTHERS,
            "mobile_undialable": number == NumberFault.UNDIALABLE,
            "mobile_missing": number == NumberFault.MISSING,
            "email_wrong": email in {EmailFault.BOUNCES, EmailFault.REACHES_ANOTHER},
            "email_missing": email == EmailFault.MISSING,
        }
        return tuple(name for name, is_so in found.items() if is_so)

    def _mobile(self, i: int) -> str:
        if self.number[i] == NumberFault.UNDIALABLE:
            return undialable(int(self.people.mobile[i]), int(self.number_how[i]))
        return mobile_phone(int(self.mobile_written[i]), spelling=int(self.spelling[i]))

    def _email(self, i: int) -> str:
        if self.email[i] == EmailFault.MISSING:
            return ""
        address = self.people.person(int(self.email_of[i])).email
        if self.email[i] == EmailFault.BOUNCES:
            return misspell_address(address, int(self.email_how[i]))
        return address

    def _names(self, i: int, person: TruePerson) -> tuple[str, str]:
        true = person.given_name, person.family_name
        fault, how = NameFault(self.name[i]), int(self.name_how[i])
        if fault == NameFault.NONE:
            return true
        written = self._wrong_names(fault, *true, how)
        if written == true:
            return true[0], misspell(true[1], "substitute", how)
        return written

    def _wrong_names(self, fault: NameFault, given: str, family: str, how: int) -> tuple[str, str]:
        """Make the names wrong; by chance the result may be right."""
        how, in_given = divmod(how, 2)
        if fault in _SLIPS:
            slip = _SLIPS[fault]
            wrong = misspell(given if in_given else family, slip, how)
            return (wrong, family) if in_given else (given, wrong)
        return {
            NameFault.NAMES_SWAPPED: (family, given),
            NameFault.OTHER_FORM: (other_form(given, how), family),
            NameFault.OTHER_FAMILY_NAME: (given, self.people.person(how % len(self)).family_name),
            NameFault.FAMILY_NAME_MISSING: (given, ""),
            NameFault.PLACEHOLDER: (PLACEHOLDER, family) if in_given else (given, PLACEHOLDER),
        }[fault]


_SLIPS: dict[NameFault, Slip] = {
    NameFault.LETTER_INSERTED: "insert",
    NameFault.LETTER_DELETED: "delete",
    NameFault.LETTER_SUBSTITUTED: "substitute",
    NameFault.LETTERS_TRANSPOSED: "transpose",
}
