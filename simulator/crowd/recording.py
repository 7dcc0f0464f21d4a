"""What the force wrote down about a batch of people, as a table of words with the truth beside it.

Truth and record differ exactly where a fault is listed. A number counts as the same in any usual
spelling: spaces, or +44 for the first 0.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulator.crowd.names import SEXES, Names
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
from simulator.population.crowd_numbers import (
    FORCES_FIRST,
    LANDLINE_FIRST,
    MOBILE_FIRST,
    OFFICERS_FIRST,
    OLD_FIRST,
    OWN_MAX,
    SHARED_FIRST,
    STRANGERS_FIRST,
)
from simulator.population.drama_numbers import LANDLINES, ORDINARY_MOBILES, landline, mobile_phone
from simulator.population.faults.births import wrong_birth
from simulator.population.faults.contacts import (
    EMAIL_FAULTS,
    MOBILE_FAULTS,
    Contacts,
    contacts_moved,
)
from simulator.population.faults.drawing import Drawn, Intake, Plan, Stream
from simulator.population.faults.kinds import KINDS, of_group
from simulator.population.faults.names import without_marks, wrong_name
from simulator.population.faults.rates import FaultRates

Numbers: TypeAlias = Literal["crowd", "drama"]
TrueWords: TypeAlias = Callable[[NDArray[np.intp]], pl.Series]
FAULT = pl.Struct({"field": pl.String, "kind": pl.String, "true_value": pl.String})
#: The first day of the weeks in which people are recorded.
FIRST_DAY = date(2026, 1, 5)
_SPELLINGS = 4
#: So many people further on at most is the other person, where a fault takes something of theirs.
_NEAR = 200
_FIELDS = (
    *("given_name", "family_name", "date_of_birth", "mobile", "landline", "email"),
    *("notes", "role", "record"),
)
_OF_OTHERS = (
    *("stale_number", "partners_number", "suspects_number", "officers_number"),
    *("forces_number", "shared_number"),
)
_WITH_ANOTHER = ("two_in_one_field", "anothers_in_landline_field")
#: The rows in which a field changes, and what is written there.
_Changes: TypeAlias = tuple[list[NDArray[np.intp]], list[str]]
_DAY_ZERO = date(1970, 1, 1)


class Words:
    """Tables of words that every batch uses."""

    def __init__(self, names: Names, rates: FaultRates, numbers: Numbers) -> None:
        self.names, self.numbers = names, numbers
        self.given = pl.Series(names.given)
        self.family = pl.Series(names.family)
        self.given_list, self.family_list = list(names.given), list(names.family)
        self.in_mail = pl.Series([_in_mail(each) for each in (*names.given, *names.family)])
        self.roles = pl.Series(ROLES)
        self.sexes = pl.Series(SEXES)
        self.languages = pl.Series(languages())
        self.formats, self.enhanced = pl.Series(FORMATS), pl.Series(ENHANCED)
        self.vulnerabilities = pl.Series(VULNERABILITIES)
        #: -1, not asked, counts from the end.
        self.safe = pl.Series([False, True, None])
        self.safe_how, self.safe_when = pl.Series(SAFE_HOW), pl.Series(SAFE_WHEN)
        self.typists = pl.Series([*(each.role for each in rates.typed_by), ""])
        self.routes = pl.Series([*(each.entry_route for each in rates.typed_by), ""])
        self.stations = pl.Series([*rates.stations, ""])
        self.fields = pl.Series(_FIELDS)
        self.domains = pl.Series([f"@{each}" for each in MAIL_DOMAINS])
        self.drama_mobiles = pl.Series(
            [
                mobile_phone(each, spelling=(0, 2, 3, 4)[way])
                for way in range(_SPELLINGS)
                for each in ORDINARY_MOBILES
            ]
        )
        self.drama_landlines = pl.Series([landline(each) for each in range(LANDLINES)])
        first = MOBILE_FIRST // 10**6
        heads = [str(each) for each in range(first, first + 70)]
        self.heads = pl.Series(
            [
                *(f"0{each}" for each in heads),
                *(f"0{each} " for each in heads),
                *(f"+44{each}" for each in heads),
                *(f"+44 {each} " for each in heads),
            ]
        )

    def mobiles(self, number: NDArray[np.int64], spelling: NDArray[np.int8]) -> pl.Series:
        """Write mobiles, counted from 0; -1 is none."""
        there = number >= 0
        if self.numbers == "drama":
            count = len(ORDINARY_MOBILES)
            written = self.drama_mobiles.gather(spelling.astype(np.int64) * count + number % count)
        else:
            head, tail = np.divmod(np.maximum(number, 0), 10**6)
            written = self.heads.gather(spelling.astype(np.int64) * 70 + head) + _padded(tail, 6)
        return _blank(written, there)

    def landlines(self, number: NDArray[np.int64]) -> pl.Series:
        """Write landlines, counted from 0; -1 is none."""
        if self.numbers == "drama":
            written = self.drama_landlines.gather(number % LANDLINES)
        else:
            written = "0" + pl.Series(np.maximum(number, 0) + LANDLINE_FIRST).cast(pl.String)
        return _blank(written, number >= 0)

    def emails(self, people: Truth, mailbox: NDArray[np.int64]) -> pl.Series:
        """Write addresses: of the holder of the mailbox, whose number makes it unique."""
        holder = np.where(mailbox >= 0, mailbox - people.first_person, 0)
        number = np.maximum(mailbox, 0)
        written = pl.select(
            pl.concat_str(
                [
                    self.in_mail.gather(people.given[holder]),
                    pl.lit("."),
                    self.in_mail.gather(people.family[holder] + len(self.given)),
                    pl.Series(number).cast(pl.String),
                    self.domains.gather(number % len(MAIL_DOMAINS)),
                ]
            )
        ).to_series()
        return _blank(written, mailbox >= 0)


def _padded(number: NDArray[np.int64], digits: int) -> pl.Series:
    return pl.Series(number + 10**digits).cast(pl.String).str.slice(1)


def _blank(written: pl.Series, there: NDArray[np.bool_]) -> pl.Series:
    return written.zip_with(pl.Series(there), pl.Series([""]))


def _in_mail(name: str) -> str:
    return "".join(
        each for each in without_marks(name).lower() if each.isascii() and each.isalpha()
    )


class _Listed:
    """The faults found, as columns: row, field and kind. The true values follow from the rows."""

    def __init__(self) -> None:
        self._rows: list[NDArray[np.intp]] = []
        self._fields: list[int] = []
        self._kinds: list[str] = []

    def add(self, rows: NDArray[np.intp], field: str, kind: str) -> None:
        """List one kind in one field, for these rows."""
        if len(rows):
            self._rows.append(rows)
            self._fields.append(_FIELDS.index(field))
            self._kinds.append(kind)

    def column(self, count: int, true: Mapping[str, TrueWords]) -> pl.Series:
        """Make the column of lists, one a row; `true` gives the true words of a field in rows."""
        empty = pl.Series("faults", [[]], dtype=pl.List(FAULT))
        if not self._rows:
            return empty.gather(np.zeros(count, np.int64))
        rows = np.concatenate(self._rows)
        of = np.repeat(np.arange(len(self._rows)), [len(each) for each in self._rows])
        order = np.argsort(rows, kind="stable")
        faults = pl.DataFrame(
            {
                "field": pl.Series(_FIELDS).gather(np.array(self._fields)[of[order]]),
                "kind": pl.Series(self._kinds).gather(of[order]),
                "true_value": self._true_words(rows, np.array(self._fields)[of], order, true),
            }
        ).to_struct("faults")
        counts = np.bincount(rows, minlength=count)
        starts = np.cumsum(counts) - counts
        place, lists, known = np.zeros(count, np.int64), [empty], 1
        # Rows with as many faults are lists of one length, which are made together.
        for size in range(1, int(counts.max()) + 1):
            having = np.flatnonzero(counts == size)
            entries = (starts[having][:, None] + np.arange(size)).ravel()
            lists.append(faults.gather(entries).reshape((len(having), size)).arr.to_list())
            place[having] = known + np.arange(len(having))
            known += len(having)
        return pl.concat(lists).gather(place)

    def _true_words(
        self,
        rows: NDArray[np.intp],
        fields: NDArray[np.int64],
        order: NDArray[np.intp],
        true: Mapping[str, TrueWords],
    ) -> pl.Series:
        pieces, places = [], []
        for number in np.unique(fields).tolist():
            where = np.flatnonzero(fields == number)
            pieces.append(true[_FIELDS[number]](rows[where]))
            places.append(where)
        back = np.empty(len(rows), np.int64)
        back[np.concatenate(places)] = np.arange(len(rows))
        return pl.concat(pieces).gather(back[order])


class Recording:
    """Writes down one batch: starts from the truth, and changes what the faults change.

    `people` are all people of the batch; `rows` says which of them each record is about.
    """

    def __init__(
        self, people: Truth, rows: NDArray[np.intp], words: Words, intake: Intake, plan: Plan
    ) -> None:
        self._people, self._rows, self._words = people, rows, words
        self._truth = truth = people if len(rows) == len(people) else people.take(rows)
        self._intake, self._plan = intake, plan
        self._listed = _Listed()
        count = len(truth)
        self._mobile = words.mobiles(truth.mobile, np.zeros(count, np.int8))
        self._landline = words.landlines(truth.landline)
        self._email = words.emails(people, truth.mailbox)
        self._omitted = np.zeros(count, np.bool_)
        self._omitted[plan.faults["omitted_person"].rows] = True

    def table(self, spelt: NDArray[np.int8], *, records_from: int) -> pl.DataFrame:
        """Make the table; `spelt` is how each mobile is spelt, 0 for plain digits."""
        truth, words, intake = self._truth, self._words, self._intake
        names = self.names()
        births = self._births()
        mobile, landline_, email, notes = self._contacts(words.mobiles(truth.mobile, spelt))
        role = self._roles()
        self._whole_records()
        omitted = self._omitted
        by = np.where(omitted, len(words.typists) - 1, intake.typed_by)
        station = np.where(omitted, len(words.stations) - 1, intake.station)
        recorded_on = (FIRST_DAY - _DAY_ZERO).days + (intake.week.astype(np.int32) - 1) * 7
        recorded_on += (truth.born % 7).astype(np.int32)
        ids = self._ids(records_from)
        there = pl.Series(~omitted)
        return pl.DataFrame(
            {
                "record_id": ids["record_id"],
                "person_id": ids["person_id"],
                "occurrence_id": ids["occurrence_id"],
                "role": words.roles.gather(truth.role),
                "given_name": words.given.gather(truth.given),
                "family_name": words.family.gather(truth.family),
                "date_of_birth": pl.Series(truth.born).cast(pl.Date),
                "sex": words.sexes.gather(truth.sex),
                "language": words.languages.gather(truth.language),
                "accessible_format": words.formats.gather(truth.format),
                "vulnerability": words.vulnerabilities.gather(truth.vulnerability),
                "enhanced_rights_reason": words.enhanced.gather(truth.enhanced),
                "safe_to_contact": pl.Series([False, True, None]).gather(
                    truth.safe.astype(np.int64) % 3
                ),
                "safe_how": words.safe_how.gather(truth.safe_how),
                "safe_when": words.safe_when.gather(truth.safe_when),
                "household_id": ids["household_id"],
                "lives_with_suspect": pl.Series(truth.lives_with_suspect),
                "true_mobile": self._mobile,
                "true_landline": self._landline,
                "true_email": self._email,
                "true_role": words.roles.gather(truth.role),
                "recorded_given_name": _blank(names[0], ~omitted),
                "recorded_family_name": _blank(names[1], ~omitted),
                "recorded_date_of_birth": births.zip_with(there, pl.Series([None], dtype=pl.Date)),
                "recorded_mobile": _blank(mobile, ~omitted),
                "recorded_landline": _blank(landline_, ~omitted),
                "recorded_email": _blank(email, ~omitted),
                "recorded_notes": _blank(notes, ~omitted),
                "recorded_role": _blank(role, ~omitted),
                "recorded_on": pl.Series(recorded_on)
                .cast(pl.Date)
                .zip_with(there, pl.Series([None], dtype=pl.Date)),
                "recorded_by_role": words.typists.gather(by),
                "station": words.stations.gather(station),
                "entry_route": words.routes.gather(by),
                "omitted": pl.Series(omitted),
                "faults": self._listed.column(len(truth), self._true_words()),
            }
        )

    def _ids(self, records_from: int) -> pl.DataFrame:
        """Write the numbers of records, persons, occurrences and households."""
        people, truth = self._people, self._truth
        person = _padded(people.first_person + np.arange(len(people)), 9)
        digits = pl.DataFrame(
            {
                "record_id": _padded(records_from + np.arange(len(truth)), 9),
                "person_id": person.gather(self._rows),
                "occurrence_id": person.gather(truth.occurrence - truth.first_person),
                "household_id": person.gather(truth.first),
            }
        )
        letters = {name: pl.lit(name[0].upper()) for name in digits.columns}
        return digits.select(
            pl.concat_str(letter, pl.col(name)).alias(name) for name, letter in letters.items()
        )

    def _drawn(self, kind: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return the rows that have a fault and are recorded at all, and how it comes out."""
        drawn: Drawn = self._plan.faults[kind]
        there = ~self._omitted[drawn.rows]
        return drawn.rows[there], drawn.how[there]

    def names(self) -> tuple[pl.Series, pl.Series]:
        """Write given and family names, and list what is wrong with them."""
        people, truth, words = self._people, self._truth, self._words
        given_words, family_words = words.given_list, words.family_list
        given, family = truth.given.astype(np.int64), truth.family.astype(np.int64)
        new_given: list[str] = []
        new_family: list[str] = []
        for kind in of_group("name"):
            rows, how = self._drawn(kind.name)
            # The family name of someone else, a few people further on.
            others = people.family[(self._rows[rows] + 1 + how % _NEAR) % len(people)]
            true = [
                (given_words[i], family_words[j])
                for i, j in zip(
                    truth.given[rows].tolist(), truth.family[rows].tolist(), strict=True
                )
            ]
            wrong = [
                wrong_name(kind.name, *name, family_words[another], lots)
                for name, another, lots in zip(true, others.tolist(), how.tolist(), strict=True)
            ]
            for at, column, new, known, field in (
                (0, given, new_given, len(given_words), "given_name"),
                (1, family, new_family, len(family_words), "family_name"),
            ):
                differs = [i for i, each in enumerate(wrong) if each[at] != true[i][at]]
                where = rows[differs]
                self._listed.add(where, field, kind.name)
                column[where] = known + len(new) + np.arange(len(where))
                new.extend(wrong[i][at] for i in differs)
        return _more(words.given, new_given).gather(given), _more(words.family, new_family).gather(
            family
        )

    def _true_words(self) -> dict[str, TrueWords]:
        """Return the true words of each field, for some rows."""
        truth, words = self._truth, self._words

        def nothing(rows: NDArray[np.intp]) -> pl.Series:
            return pl.repeat("", len(rows), eager=True, dtype=pl.String)

        return {
            "given_name": lambda rows: words.given.gather(truth.given[rows]),
            "family_name": lambda rows: words.family.gather(truth.family[rows]),
            "date_of_birth": lambda rows: pl.Series(truth.born[rows]).cast(pl.Date).cast(pl.String),
            "mobile": self._mobile.gather,
            "landline": self._landline.gather,
            "email": self._email.gather,
            "role": lambda rows: words.roles.gather(truth.role[rows]),
            "notes": nothing,
            "record": nothing,
        }

    def _births(self) -> pl.Series:
        born = self._truth.born.copy()
        missing = np.zeros(len(born), np.bool_)
        for kind in of_group("birth"):
            rows, _how = self._drawn(kind.name)
            true = [_DAY_ZERO + timedelta(days=each) for each in born[rows].tolist()]
            wrong = [wrong_birth(kind.name, each) for each in true]
            missing[rows] = [each is None for each in wrong]
            born[rows] = [
                ((each or then) - _DAY_ZERO).days for each, then in zip(wrong, true, strict=True)
            ]
            self._listed.add(rows, "date_of_birth", kind.name)
        dates = pl.Series(born).cast(pl.Date)
        return dates.zip_with(pl.Series(~missing), pl.Series([None], dtype=pl.Date))

    def _roles(self) -> pl.Series:
        rows, how = self._drawn("wrong_role")
        role = self._truth.role.astype(np.int64)
        role[rows] = (role[rows] + 1 + how % (len(ROLES) - 1)) % len(ROLES)
        self._listed.add(rows, "role", "wrong_role")
        return self._words.roles.gather(role)

    def _whole_records(self) -> None:
        for kind in ("duplicate_person", "omitted_person"):
            rows = self._plan.faults[kind].rows
            self._listed.add(rows, "record", kind)

    def _contacts(self, spelt: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
        """Write mobile, landline, email and notes; `spelt` is the true mobile as it is spelt."""
        drawn = {each.name: self._drawn(each.name) for each in of_group("moved", "mobile", "email")}
        changes: dict[str, _Changes] = {
            field: ([], []) for field in ("mobile", "landline", "email", "notes")
        }

        def change(kind: str, field: str, rows: NDArray[np.intp], written: list[str]) -> None:
            self._listed.add(rows, field, kind)
            changes[field][0].append(rows)
            changes[field][1].extend(written)

        others = self._split(drawn, (*_OF_OTHERS, *_WITH_ANOTHER), self._others_mobiles)
        self._spoil_moved(drawn, others, spelt, change)
        mobiles = self._split(drawn, MOBILE_FAULTS, self._mobile)
        emails = self._split(drawn, EMAIL_FAULTS, self._email)
        for kind in MOBILE_FAULTS:
            rows, how = drawn[kind]
            names = self._full_names(rows) if kind == "name_in_phone_field" else mobiles[kind]
            another = others.get(kind, mobiles[kind])
            each = zip(mobiles[kind], names, another, how.tolist(), strict=True)
            spoil = MOBILE_FAULTS[kind]
            change(kind, "mobile", rows, [spoil(*every) for every in each])
        for kind in EMAIL_FAULTS:
            rows, how = drawn[kind]
            written = emails[kind]
            other = self._others_emails(rows, how) if kind == "email_of_another" else written
            wrong = EMAIL_FAULTS[kind]
            each_email = zip(written, other, how.tolist(), strict=True)
            change(kind, "email", rows, [wrong(*every) for every in each_email])
        blank = pl.repeat("", len(self._truth), eager=True, dtype=pl.String)
        return (
            _scattered(spelt, changes["mobile"]),
            _scattered(self._landline, changes["landline"]),
            _scattered(self._email, changes["email"]),
            _scattered(blank, changes["notes"]),
        )

    def _split(
        self,
        drawn: Mapping[str, tuple[NDArray[np.intp], NDArray[np.int64]]],
        kinds: Iterable[str],
        column: pl.Series | Callable[[str, NDArray[np.intp], NDArray[np.int64]], NDArray[np.int64]],
    ) -> dict[str, list[str]]:
        """Read a column in the rows of some kinds, or write mobiles for them, all at once."""
        kinds = tuple(kinds)
        if isinstance(column, pl.Series):
            words = column.gather(np.concatenate([drawn[each][0] for each in kinds])).to_list()
        else:
            numbers = np.concatenate([column(each, *drawn[each]) for each in kinds])
            words = self._words.mobiles(numbers, np.zeros(len(numbers), np.int8)).to_list()
        ends = np.cumsum([len(drawn[each][0]) for each in kinds]).tolist()
        starts = [0, *ends[:-1]]
        return {
            kind: words[start:end] for kind, start, end in zip(kinds, starts, ends, strict=True)
        }

    def _spoil_moved(
        self,
        drawn: Mapping[str, tuple[NDArray[np.intp], NDArray[np.int64]]],
        others: Mapping[str, list[str]],
        spelt: pl.Series,
        change: Callable[[str, str, NDArray[np.intp], list[str]], None],
    ) -> None:
        """Write what is in the wrong field."""
        kinds = [each.name for each in of_group("moved")]
        columns = [
            self._split(drawn, kinds, each)
            for each in (self._mobile, spelt, self._landline, self._email)
        ]
        for kind in kinds:
            rows, how = drawn[kind]
            plain, mobile, landline_, email = (each[kind] for each in columns)
            another = others.get(kind, mobile)
            moved = [
                contacts_moved(kind, Contacts(*every[:3]), another=every[3], how=every[4])
                for every in zip(mobile, landline_, email, another, how.tolist(), strict=True)
            ]
            true = {
                "mobile": plain,
                "landline": landline_,
                "email": email,
                "notes": [""] * len(rows),
            }
            for at, field in enumerate(true):
                if field in KINDS[kind].fields:
                    was = true[field]
                    differs = [i for i, each in enumerate(moved) if each[at] != was[i]]
                    change(kind, field, rows[differs], [moved[i][at] for i in differs])

    def _full_names(self, rows: NDArray[np.intp]) -> list[str]:
        given, family = self._words.given_list, self._words.family_list
        return [
            f"{given[i]} {family[j]}"
            for i, j in zip(
                self._truth.given[rows].tolist(), self._truth.family[rows].tolist(), strict=True
            )
        ]

    def _others_mobiles(
        self, kind: str, rows: NDArray[np.intp], how: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Choose the number of someone else that was written down; never the victim's own."""
        truth = self._truth
        person = truth.first_person + self._rows[rows]
        station = self._intake.station[rows].astype(np.int64)
        if kind == "officers_number":
            number = OFFICERS_FIRST + station * 100 + how % 100
        elif kind == "forces_number":
            number = FORCES_FIRST + how % 3
        elif kind == "shared_number":
            number = SHARED_FIRST + station * 10 + how % 10
        elif kind == "stale_number":
            number = OLD_FIRST + person % (SHARED_FIRST - OLD_FIRST)
        else:
            at_home = self._mobiles_at_home(rows)
            # Someone from another home, where nobody else at home has a mobile of their own.
            stranger = STRANGERS_FIRST + person % (FORCES_FIRST - STRANGERS_FIRST)
            number = np.where(at_home >= 0, at_home, stranger)
        if self._words.numbers == "drama":
            count = len(ORDINARY_MOBILES)
            own = truth.mobile[rows] % count
            number = np.where(number % count == own, own + 1, number)
        return np.asarray(number, np.int64)

    def _mobiles_at_home(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Find the mobile of someone who lives with the person, other than theirs; -1 for none."""
        people, person = self._people, self._rows[rows]
        first = people.first[person]
        second = np.minimum(first + 1, len(people) - 1)
        other = np.where(person == first, second, first)
        mobile = np.where(people.first[other] == first, people.mobile[other], -1)
        return np.where(mobile == people.mobile[person], -1, mobile)

    def _others_emails(self, rows: NDArray[np.intp], how: NDArray[np.int64]) -> list[str]:
        people = self._people
        holders = np.flatnonzero(people.mailbox == people.first_person + np.arange(len(people)))
        at = np.searchsorted(holders, self._rows[rows])
        # Nobody has so many people at home.
        chosen = holders[(at + 10 + how % _NEAR) % len(holders)]
        return self._words.emails(people, people.mailbox[chosen]).to_list()


def _more(words: pl.Series, new: list[str]) -> pl.Series:
    return pl.concat([words, pl.Series(new, dtype=pl.String)])


def _scattered(column: pl.Series, changes: _Changes) -> pl.Series:
    """Write other values into some rows of a column."""
    rows, values = np.concatenate([np.zeros(0, np.int64), *changes[0]]), changes[1]
    place = np.arange(len(column))
    place[rows] = len(column) + np.arange(len(rows))
    return _more(column, values).gather(place)


def spell_mobiles(count: int, rates: FaultRates, stream: Stream) -> NDArray[np.int8]:
    """Draw how each mobile is spelt; 0 is plain digits."""
    lots = stream("spelling").random(count)
    share = rates.number_spelt_otherwise.value
    if not share:
        return np.zeros(count, np.int8)
    return np.where(lots < share, 1 + lots / share * (_SPELLINGS - 1), 0).astype(np.int8)


assert OWN_MAX == OLD_FIRST
