"""What the force wrote down about a batch of people, as a table of words with the truth beside it.

Truth and record differ exactly where a fault is listed. A number counts as the same in any usual
spelling: spaces, or +44 for the first 0.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from simulator.crowd.columns import (
    Changes,
    Column,
    Rows,
    chosen,
    days,
    digits,
    joined,
    places,
    texts,
    word_list,
    words,
)
from simulator.crowd.listed_faults import ListedFaults, TrueWords
from simulator.crowd.notes import made_notes
from simulator.crowd.people import ROLES, Truth
from simulator.crowd.words import KnownWords, Words
from simulator.population.crowd_numbers import OLD_FIRST, OWN_MAX, mobiles_of_others
from simulator.population.drama_numbers import ORDINARY_MOBILES
from simulator.population.faults.births import wrong_birth
from simulator.population.faults.contacts import (
    EMAIL_FAULTS,
    MOBILE_FAULTS,
    Contacts,
    contacts_moved,
)
from simulator.population.faults.drawing import Intake, Plan
from simulator.population.faults.kinds import KINDS, of_group
from simulator.population.faults.names import wrong_names

#: The first day of the weeks in which people are recorded.
FIRST_DAY = date(2026, 1, 5)
#: So many people further on at most is the other person, where a fault takes something of theirs.
_NEAR = 200
_OF_OTHERS = (
    *("stale_number", "partners_number", "suspects_number", "officers_number"),
    *("forces_number", "shared_number"),
)
_WITH_ANOTHER = ("two_in_one_field", "anothers_in_landline_field")
#: Faults that write down what stands elsewhere, or nothing (""): field by field, what is written.
#: They say the same as `faults/contacts.py`, for whole columns.
MOVES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "mobile_in_landline_field": {"mobile": "landline", "landline": "spelt"},
        "phone_in_email": {"mobile": "", "email": "spelt"},
        "anothers_in_landline_field": {"mobile": "", "landline": "another"},
        "mobile_and_email_missing": {"mobile": "", "email": ""},
        "mobile_missing": {"mobile": ""},
        "email_missing": {"email": ""},
        **{each: {"mobile": "another"} for each in _OF_OTHERS},
        "email_of_another": {"email": "another"},
    }
)
_MAY_BE_EMPTY = frozenset({"safe_to_contact", "recorded_date_of_birth", "recorded_on"})
_DAY_ZERO = date(1970, 1, 1)
#: The rows that have a fault, and how it comes out.
_Drawn = tuple[Rows, NDArray[np.int64]]


class Recording:
    """Writes down one batch: starts from the truth, and changes what the faults change.

    `people` are all people of the batch; `rows` says which of them each record is about.
    """

    def __init__(self, people: Truth, rows: Rows, words: Words, intake: Intake, plan: Plan) -> None:
        self._people, self._rows, self._words = people, rows, words
        self._truth = truth = people.take(rows)
        self._intake, self._plan = intake, plan
        for kind in KINDS:
            if "notes" in KINDS[kind].fields:
                # An address is written there instead.
                truth.note[plan.faults[kind].rows] = 0
        self._listed = ListedFaults()
        self._omitted = np.zeros(len(truth), np.bool_)
        self._omitted[plan.faults["omitted_person"].rows] = True

    def table(self, spelling: NDArray[np.int8], *, records_from: int) -> pa.Table:
        """Make the table; `spelling` is how each mobile is spelt, 0 for plain digits."""
        truth, words = self._truth, self._words
        self._mobile = words.mobiles(truth.mobile)
        self._landline = words.landlines(truth.landline)
        self._email = words.emails(self._people, truth.mailbox)
        recorded = self._recorded(spelling)
        listed = self._listed.column(len(truth), self._true_words())
        columns = {**self._true_columns(records_from), **recorded, "faults": listed}
        # A file is written faster where it is known that a column has something in every row.
        schema = pa.schema(
            [pa.field(name, each.type, name in _MAY_BE_EMPTY) for name, each in columns.items()]
        )
        return pa.table(columns, schema=schema)

    def _true_columns(self, records_from: int) -> dict[str, Column]:
        """Write who the people are and how they can truly be reached."""
        people, truth, words = self._people, self._truth, self._words
        start = truth.first_person
        roles = chosen(truth.role, words.roles)
        address, postcode = words.addresses(start + truth.first)
        return {
            "record_id": _ids(b"R", records_from + np.arange(len(truth))),
            "person_id": _ids(b"P", start + self._rows),
            "occurrence_id": _ids(b"O", truth.occurrence),
            "role": roles,
            "given_name": chosen(truth.given, words.given.column),
            "family_name": chosen(truth.family, words.family.column),
            "date_of_birth": days(truth.born),
            "sex": chosen(truth.sex, words.sexes),
            "language": chosen(truth.language, words.languages),
            "accessible_format": chosen(truth.format, words.formats),
            "vulnerability": chosen(truth.vulnerability, words.vulnerabilities),
            "enhanced_rights_reason": chosen(truth.enhanced, words.enhanced),
            "safe_to_contact": pa.array(truth.safe == 1, mask=truth.safe < 0),
            "safe_how": chosen(truth.safe_how, words.safe_how),
            "safe_when": chosen(truth.safe_when, words.safe_when),
            "household_id": _ids(b"H", people.first_person + truth.first),
            "lives_with_suspect": pa.array(truth.lives_with_suspect),
            "true_mobile": self._mobile,
            "true_landline": self._landline,
            "true_email": self._email,
            "true_role": roles,
            "true_notes": chosen(
                np.searchsorted(made_notes()[1], truth.note, side="right") - 1, words.note_truths
            ),
            "true_address": address,
            "true_postcode": postcode,
        }

    def _recorded(self, spelling: NDArray[np.int8]) -> dict[str, Column]:
        """Write what was recorded, and by whom."""
        truth, words, omitted = self._truth, self._words, self._omitted
        given, family = self.names()
        born = self._births()
        contacts = self._contacts(words.spelt(self._mobile, truth.mobile, spelling))
        role = self._roles()
        self._whole_records()
        by = np.where(omitted, len(words.typists) - 1, self._intake.typed_by)
        station = np.where(omitted, len(words.stations) - 1, self._intake.station)
        week = self._intake.week.astype(np.int32) - 1
        day = (FIRST_DAY - _DAY_ZERO).days + week * 7 + truth.born % 7
        return {
            "recorded_given_name": given,
            "recorded_family_name": family,
            "recorded_date_of_birth": born,
            **{f"recorded_{field}": each for field, each in contacts.items()},
            "recorded_role": role,
            "recorded_on": days(day, missing=omitted),
            "recorded_by_role": chosen(by, words.typists),
            "station": chosen(station, words.stations),
            "entry_route": chosen(by, words.routes),
            "omitted": pa.array(omitted),
        }

    def _drawn(self, kind: str) -> _Drawn:
        """Return the rows that have a fault and are recorded at all, and how it comes out."""
        drawn = self._plan.faults[kind]
        there = ~self._omitted[drawn.rows]
        return drawn.rows[there], drawn.how[there]

    def names(self) -> tuple[Column, Column]:
        """Write given and family names, and list what is wrong with them."""
        people, truth, words = self._people, self._truth, self._words
        sides = (
            _WrittenNames("given_name", truth.given, words.given),
            _WrittenNames("family_name", truth.family, words.family),
        )
        for kind in of_group("name"):
            rows, how = self._drawn(kind.name)
            # The family name of someone else, a few people further on.
            others = people.family[(self._rows[rows] + 1 + how % _NEAR) % len(people)]
            given, family = (each.true(rows) for each in sides)
            another = list(map(words.family.listed.__getitem__, others.tolist()))
            wrong = wrong_names(kind.name, given, family, another, how.tolist())
            for side, true, written in zip(sides, (given, family), wrong, strict=True):
                self._listed.add(side.write(rows, true, written), side.field, kind.name)
        given, family = (each.column(self._omitted) for each in sides)
        return given, family

    def _true_words(self) -> dict[str, TrueWords]:
        """Return the true words of each field, for some rows."""
        truth, words = self._truth, self._words

        def nothing(rows: Rows) -> Column:
            return texts(np.zeros((len(rows), 0), np.uint8))

        return {
            "given_name": lambda rows: words.given.column.take(places(truth.given[rows])),
            "family_name": lambda rows: words.family.column.take(places(truth.family[rows])),
            "date_of_birth": lambda rows: pc.cast(days(truth.born[rows]), "string"),
            "mobile": lambda rows: self._mobile.take(places(rows)),
            "landline": lambda rows: self._landline.take(places(rows)),
            "email": lambda rows: self._email.take(places(rows)),
            "role": lambda rows: words.roles.take(places(truth.role[rows])),
            "notes": nothing,
            "record": nothing,
        }

    def _births(self) -> Column:
        born, missing = self._truth.born.copy(), self._omitted.copy()
        for kind in of_group("birth"):
            rows, _how = self._drawn(kind.name)
            self._listed.add(rows, "date_of_birth", kind.name)
            if kind.name == "birth_missing":
                missing[rows] = True
                continue
            true = [_DAY_ZERO + timedelta(days=each) for each in born[rows].tolist()]
            wrong = [wrong_birth(kind.name, each) or each for each in true]
            born[rows] = [(each - _DAY_ZERO).days for each in wrong]
        return days(born, missing=missing)

    def _roles(self) -> Column:
        rows, how = self._drawn("wrong_role")
        role = self._truth.role.copy()
        role[rows] = (role[rows] + 1 + how % (len(ROLES) - 1)) % len(ROLES)
        self._listed.add(rows, "role", "wrong_role")
        role[self._omitted] = len(ROLES)
        return chosen(role, self._words.recorded_roles)

    def _whole_records(self) -> None:
        for kind in ("duplicate_person", "omitted_person"):
            self._listed.add(self._plan.faults[kind].rows, "record", kind)

    def _contacts(self, spelt: Column) -> dict[str, Column]:
        """Write mobile, landline, email and notes; `spelt` is the true mobile as it is spelt."""
        drawn = {each.name: self._drawn(each.name) for each in of_group("moved", "mobile", "email")}
        others = self._split(drawn, (*_OF_OTHERS, *_WITH_ANOTHER), self._others_mobiles)
        others["email_of_another"] = self._others_emails(*drawn["email_of_another"])
        columns = {
            "mobile": spelt,
            "landline": self._landline,
            "email": self._email,
            "notes": self._words.notes.take(places(self._truth.note)),
        }
        changes = {field: Changes() for field in columns}

        def change(kind: str, field: str, rows: Rows, written: Column) -> None:
            self._listed.add(rows, field, kind)
            changes[field].add(rows, written)

        for kind, (rows, how) in drawn.items():
            if kind not in MOVES:
                self._spoil(kind, rows, how, {**columns, "another": others.get(kind)}, change)
                continue
            for field, written in MOVES[kind].items():
                self._listed.add(rows, field, kind)
                if written == "another":
                    changes[field].add(rows, others[kind])
                elif written:
                    source = spelt if written == "spelt" else columns[written]
                    changes[field].add(rows, source.take(places(rows)))
                else:
                    changes[field].blank(rows)
        absent = np.flatnonzero(self._omitted)
        for each in changes.values():
            each.blank(absent)
        return {field: changes[field].over(column) for field, column in columns.items()}

    def _spoil(
        self,
        kind: str,
        rows: Rows,
        how: NDArray[np.int64],
        columns: Mapping[str, Column],
        change: Callable[[str, str, Rows, Column], None],
    ) -> None:
        """Write a fault that changes the letters of a field, record by record."""
        lots = how.tolist()
        if kind in EMAIL_FAULTS:
            wrong_email = EMAIL_FAULTS[kind]
            true = word_list(self._email.take(places(rows)))
            written = [wrong_email(*each) for each in zip(true, true, lots, strict=True)]
            change(kind, "email", rows, words(written))
            return
        true = word_list(self._mobile.take(places(rows)))
        if kind in MOBILE_FAULTS:
            wrong_mobile = MOBILE_FAULTS[kind]
            names = self._full_names(rows) if kind == "name_in_phone_field" else true
            written = [wrong_mobile(*each) for each in zip(true, names, true, lots, strict=True)]
            change(kind, "mobile", rows, words(written))
            return
        mobile, landline, email = (
            word_list(columns[field].take(places(rows)))
            for field in ("mobile", "landline", "email")
        )
        another = word_list(columns["another"]) if columns["another"] is not None else mobile
        moved = [
            contacts_moved(kind, Contacts(*every[:3]), another=every[3], how=every[4])
            for every in zip(mobile, landline, email, another, lots, strict=True)
        ]
        was = {"mobile": true, "landline": landline, "email": email, "notes": [""] * len(rows)}
        for at, field in enumerate(was):
            if field in KINDS[kind].fields:
                differs = [i for i, each in enumerate(moved) if each[at] != was[field][i]]
                change(kind, field, rows[differs], words([moved[i][at] for i in differs]))

    def _split(
        self,
        drawn: Mapping[str, _Drawn],
        kinds: Iterable[str],
        numbers_of: Callable[[str, Rows, NDArray[np.int64]], NDArray[np.int64]],
    ) -> dict[str, Column]:
        """Write mobiles for the rows of some kinds, all at once."""
        kinds = tuple(kinds)
        written = self._words.mobiles(
            np.concatenate([numbers_of(each, *drawn[each]) for each in kinds])
        )
        ends = np.cumsum([0, *(len(drawn[each][0]) for each in kinds)]).tolist()
        return {
            kind: written.slice(start, end - start)
            for kind, start, end in zip(kinds, ends[:-1], ends[1:], strict=True)
        }

    def _full_names(self, rows: Rows) -> list[str]:
        given, family = self._words.given.listed, self._words.family.listed
        return [
            f"{given[i]} {family[j]}"
            for i, j in zip(
                self._truth.given[rows].tolist(), self._truth.family[rows].tolist(), strict=True
            )
        ]

    def _others_mobiles(self, kind: str, rows: Rows, how: NDArray[np.int64]) -> NDArray[np.int64]:
        """Choose the number of someone else that was written down; never the victim's own."""
        truth = self._truth
        if kind == "partners_number":
            return truth.partners_mobile[rows]
        if kind == "suspects_number":
            return truth.suspects_mobile[rows]
        person = truth.first_person + self._rows[rows]
        station = self._intake.station[rows].astype(np.int64)
        number = mobiles_of_others(kind, person, station, how)
        if kind in _WITH_ANOTHER:
            # Where nobody else at home has a mobile of their own, it is someone from another home.
            at_home = self._mobiles_at_home(rows)
            number = np.where(at_home >= 0, at_home, number)
        if self._words.numbers == "drama":
            count = len(ORDINARY_MOBILES)
            own = truth.mobile[rows] % count
            number = np.where(number % count == own, own + 1, number)
        return np.asarray(number, np.int64)

    def _mobiles_at_home(self, rows: Rows) -> NDArray[np.int64]:
        """Find the mobile of someone who lives with the person, other than theirs; -1 for none."""
        people, person = self._people, self._rows[rows]
        first = people.first[person]
        second = np.minimum(first + 1, len(people) - 1)
        other = np.where(person == first, second, first)
        mobile = np.where(people.first[other] == first, people.mobile[other], -1)
        return np.where(mobile == people.mobile[person], -1, mobile)

    def _others_emails(self, rows: Rows, how: NDArray[np.int64]) -> Column:
        people = self._people
        holders = np.flatnonzero(people.mailbox == people.first_person + np.arange(len(people)))
        at = np.searchsorted(holders, self._rows[rows])
        # Nobody has so many people at home.
        other = holders[(at + 10 + how % _NEAR) % len(holders)]
        return self._words.emails(people, people.mailbox[other])


class _WrittenNames:
    """One of the two names of every record: the place of a known word, or of a new, wrong one."""

    def __init__(self, field: str, true: NDArray[np.int32], known: KnownWords) -> None:
        self.field = field
        self._places, self._known = true.copy(), known
        self._new = {"": len(known.listed)}

    def true(self, rows: Rows) -> list[str]:
        """Return the true names in these rows."""
        return list(map(self._known.listed.__getitem__, self._places[rows].tolist()))

    def write(self, rows: Rows, true: list[str], written: list[str]) -> Rows:
        """Write names into these rows; return the rows where they differ from the true ones."""
        differs = [i for i, each in enumerate(written) if each is not true[i] and each != true[i]]
        where: Rows = rows[differs]
        self._places[where] = [self._place(written[i]) for i in differs]
        return where

    def _place(self, name: str) -> int:
        known = self._known.place.get(name)
        if known is not None:
            return known
        return self._new.setdefault(name, len(self._known.listed) + len(self._new))

    def column(self, omitted: NDArray[np.bool_]) -> Column:
        """Make the column; "" where the person was omitted."""
        self._places[omitted] = self._new[""]
        return chosen(self._places, pa.concat_arrays([self._known.column, words(list(self._new))]))


def _ids(letter: bytes, numbers: NDArray[np.int64]) -> Column:
    return texts(joined(letter, digits(numbers, 9)))


assert OWN_MAX == OLD_FIRST
