"""The words that every batch of a crowd uses: names, numbers and addresses as they are written."""

from collections.abc import Sequence

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulator.crowd.columns import (
    Changes,
    Column,
    Rows,
    digits,
    joined,
    places,
    texts,
    words,
)
from simulator.crowd.names import SEXES, Names
from simulator.crowd.notes import TRUTHS, made_notes
from simulator.crowd.people import (
    ENHANCED,
    FORMATS,
    MAIL_DOMAINS,
    ROLES,
    SAFE_HOW,
    SAFE_WHEN,
    VULNERABILITIES,
    Truth,
    languages,
)
from simulator.population.crowd_numbers import LANDLINE_FIRST, MOBILE_FIRST
from simulator.population.drama_numbers import LANDLINES, ORDINARY_MOBILES, landline, mobile_phone
from simulator.population.faults.drawing import Stream
from simulator.population.faults.names import without_marks
from simulator.population.faults.rates import FaultRates
from simulator.population.phone_numbers import Numbers

#: The ways in which a mobile is spelt; the first is plain digits.
SPELLINGS = 4
_MOBILE_DIGITS = 11
_DRAMA_SPELLINGS = (0, 2, 3, 4)


#: No area of the Royal Mail begins with Q: these postcodes do not exist.
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_DISTRICTS = [f"Q{letter}{number}" for letter in _LETTERS for number in range(1, 10)]
_UNITS = [f"{number}{one}{two}" for number in range(1, 10) for one in _LETTERS for two in _LETTERS]
_STREETS = (
    "Alder Row", "Beech Lane", "Canal Street", "Dale Close", "Elm Road", "Forge Hill", "Glebe Way",
    "Hazel Court", "Ivy Terrace", "Juniper Drive", "Kiln Road", "Larch Avenue", "Mill Street",
    "North Parade", "Orchard Close", "Priory Road", "Quarry Lane",
)  # fmt: skip


class KnownWords:
    """A list of words, as a column, and the place of each."""

    def __init__(self, listed: Sequence[str]) -> None:
        self.listed, self.column = list(listed), words(listed)
        self.place = {each: place for place, each in enumerate(listed)}


class Words:
    """Tables of words that every batch uses."""

    def __init__(self, names: Names, rates: FaultRates, numbers: Numbers) -> None:
        self.names, self.numbers = names, numbers
        self.given, self.family = KnownWords(names.given), KnownWords(names.family)
        self._given_in_mail = words([f"{in_mail(each)}." for each in names.given])
        self._family_in_mail = words([in_mail(each) for each in names.family])
        self._domains = words([f"@{each}" for each in MAIL_DOMAINS])
        self.roles, self.sexes, self.languages = words(ROLES), words(SEXES), words(languages())
        self.formats, self.enhanced = words(FORMATS), words(ENHANCED)
        self.vulnerabilities = words(VULNERABILITIES)
        self.safe_how, self.safe_when = words(SAFE_HOW), words(SAFE_WHEN)
        self.notes, self.note_truths = words(made_notes()[0]), words(TRUTHS)
        self._streets = words([f" {street}" for street in _STREETS])
        self._districts, self._units = words(_DISTRICTS), words(_UNITS)
        # The last of these is for a person whom nobody recorded.
        self.typists = words([*(each.role for each in rates.typed_by), ""])
        self.routes = words([*(each.entry_route for each in rates.typed_by), ""])
        self.stations = words([*rates.stations, ""])
        self.recorded_roles = words([*ROLES, ""])
        self._drama_mobiles = words(
            [
                mobile_phone(each, spelling=spelling)
                for spelling in _DRAMA_SPELLINGS
                for each in ORDINARY_MOBILES
            ]
        )
        self._drama_landlines = words([landline(each) for each in range(LANDLINES)])

    def mobiles(self, numbers: NDArray[np.int64]) -> Column:
        """Write mobiles in plain digits, counted from 0; -1 is none."""
        there = numbers >= 0
        if self.numbers == "drama":
            return _where(there, self._drama_mobiles, numbers % len(ORDINARY_MOBILES))
        return texts(digits(MOBILE_FIRST + numbers, _MOBILE_DIGITS), there)

    def spelt(
        self, plain: Column, numbers: NDArray[np.int64], spelling: NDArray[np.int8]
    ) -> Column:
        """Write the mobiles again, each in the way in which it is spelt."""
        spellings = Changes()
        for way in range(1, SPELLINGS):
            rows = np.flatnonzero((spelling == way) & (numbers >= 0))
            spellings.add(rows, self._in_one_way(numbers[rows], way))
        return spellings.over(plain)

    def _in_one_way(self, numbers: NDArray[np.int64], way: int) -> Column:
        if self.numbers == "drama":
            count = len(ORDINARY_MOBILES)
            return self._drama_mobiles.take(places(way * count + numbers % count))
        written = digits(MOBILE_FIRST + numbers, _MOBILE_DIGITS)
        head, tail = written[:, :5], written[:, 5:]
        if way == 1:
            return texts(joined(head, b" ", tail))
        if way == 2:
            return texts(joined(b"+44", head[:, 1:], tail))
        return texts(joined(b"+44 ", head[:, 1:], b" ", tail))

    def landlines(self, numbers: NDArray[np.int64]) -> Column:
        """Write landlines, counted from 0; -1 is none."""
        there = numbers >= 0
        if self.numbers == "drama":
            return _where(there, self._drama_landlines, numbers % LANDLINES)
        return texts(digits(LANDLINE_FIRST + numbers, _MOBILE_DIGITS), there)

    def addresses(self, household: NDArray[np.int64]) -> tuple[Column, Column]:
        """Write the address and the postcode of each household; no area begins with Q."""
        number, street = 1 + household // len(_STREETS) % 180, household % len(_STREETS)
        address = pc.binary_join_element_wise(
            pc.cast(places(number), "string"), self._streets.take(places(street)), ""
        )
        unit = household // 3 % len(_UNITS)
        district = household // (3 * len(_UNITS)) % len(_DISTRICTS)
        postcode = pc.binary_join_element_wise(
            self._districts.take(places(district)), self._units.take(places(unit)), " "
        )
        return address, postcode

    def emails(self, people: Truth, mailbox: NDArray[np.int64]) -> Column:
        """Write addresses: of the holder of the mailbox, whose number makes it unique."""
        rows = np.flatnonzero(mailbox >= 0)
        number = mailbox[rows]
        holder = number - people.first_person
        written = pc.binary_join_element_wise(
            self._given_in_mail.take(places(people.given[holder])),
            self._family_in_mail.take(places(people.family[holder])),
            pc.cast(places(number), "string"),
            self._domains.take(places(number % len(MAIL_DOMAINS))),
            "",
        )
        return _spread(written, rows, len(mailbox))


def _where(there: NDArray[np.bool_], among: Column, numbers: NDArray[np.int64]) -> Column:
    """Choose words by their place, and "" where there is none."""
    rows = np.flatnonzero(there)
    return _spread(among.take(places(numbers[rows])), rows, len(there))


def _spread(written: Column, rows: Rows, count: int) -> Column:
    """Put words into these rows of a column of `count`, and "" into the others."""
    if len(rows) == count:
        return written
    over = Changes()
    over.add(rows, written)
    return over.over(words([""]).take(places(np.zeros(count, np.int32))))


def in_mail(name: str) -> str:
    """Write a name as addresses have it: small letters without accents or signs."""
    return "".join(
        each for each in without_marks(name).lower() if each.isascii() and each.isalpha()
    )


def spell_mobiles(count: int, rates: FaultRates, stream: Stream) -> NDArray[np.int8]:
    """Draw how each mobile is spelt; 0 is plain digits."""
    lots = stream("spelling").random(count)
    share = rates.number_spelt_otherwise.value
    if not share:
        return np.zeros(count, np.int8)
    return np.where(lots < share, 1 + lots / share * (SPELLINGS - 1), 0).astype(np.int8)
