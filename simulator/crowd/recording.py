"""What the force wrote down about a batch of people, as a table of words with the truth beside it.

Truth and record differ exactly where a fault is listed. A number counts as the same in any usual
spelling: spaces, or +44 for the first 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    LANDLINE_PREFIX,
    MOBILE_PREFIX,
    OFFICERS_FIRST,
    OLD_FIRST,
    OWN_MAX,
    SHARED_FIRST,
)
from simulator.population.drama_numbers import LANDLINES, ORDINARY_MOBILES, landline, mobile_phone
from simulator.population.faults.births import wrong_birth
from simulator.population.faults.contacts import Contacts, contacts_moved, wrong_email, wrong_mobile
from simulator.population.faults.drawing import Drawn, Intake, Plan, Stream
from simulator.population.faults.kinds import of_group
from simulator.population.faults.names import without_marks, wrong_name
from simulator.population.faults.rates import FaultRates

Numbers: TypeAlias = Literal["crowd", "drama"]
FAULT = pl.Struct({"field": pl.String, "kind": pl.String, "true_value": pl.String})
#: The first day of the weeks in which people are recorded.
FIRST_DAY = date(2026, 1, 5)
_HEAD = 5
_SPELLINGS = 4
_FIELDS = (
    *("given_name", "family_name", "date_of_birth", "mobile", "landline", "email"),
    *("notes", "role", "record"),
)
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
        heads = [f"{MOBILE_PREFIX}{each:02d}" for each in range(100)]
        self.heads = pl.Series(
            [
                *heads,
                *(f"{each} " for each in heads),
                *(f"+44{each[1:]}" for each in heads),
                *(f"+44 {each[1:]} " for each in heads),
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
            written = self.heads.gather(spelling.astype(np.int64) * 100 + head) + _padded(tail, 6)
        return _blank(written, there)

    def landlines(self, number: NDArray[np.int64]) -> pl.Series:
        """Write landlines, counted from 0; -1 is none."""
        if self.numbers == "drama":
            written = self.drama_landlines.gather(number % LANDLINES)
        else:
            written = LANDLINE_PREFIX + _padded(np.maximum(number, 0), 8)
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


@dataclass
class _Listed:
    """The faults found, as columns: row, field, kind, true value."""

    rows: list[NDArray[np.int64]]
    fields: list[NDArray[np.int64]]
    kinds: list[str]
    counts: list[int]
    true: list[pl.Series]

    def add(self, rows: Sequence[int], field: str, kind: str, true: Sequence[str]) -> None:
        self.rows.append(np.asarray(rows, np.int64))
        self.fields.append(np.full(len(rows), _FIELDS.index(field)))
        self.kinds.append(kind)
        self.counts.append(len(rows))
        self.true.append(pl.Series(true, dtype=pl.String))

    def column(self, count: int) -> pl.Series:
        """Make the column of lists, one a row."""
        kinds = pl.Series(self.kinds, dtype=pl.String).gather(
            np.repeat(np.arange(len(self.kinds)), self.counts)
        )
        rows = np.concatenate([np.zeros(0, np.int64), *self.rows])
        fields = np.concatenate([np.zeros(0, np.int64), *self.fields])
        listed = (
            pl.DataFrame(
                {
                    "row": rows,
                    "field": pl.Series(_FIELDS).gather(fields),
                    "kind": kinds,
                    "true_value": pl.concat([pl.Series([], dtype=pl.String), *self.true]),
                }
            )
            .sort("row", maintain_order=True)
            .group_by("row", maintain_order=True)
            .agg(pl.struct("field", "kind", "true_value").alias("faults"))
        )
        place = np.full(count, len(listed), np.int64)
        place[listed["row"].to_numpy()] = np.arange(len(listed))
        empty = pl.Series("faults", [[]], dtype=pl.List(FAULT))
        return pl.concat([listed["faults"].cast(pl.List(FAULT)), empty]).gather(place)


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
        self._listed = _Listed([], [], [], [], [])
        count = len(truth)
        self._mobile = words.mobiles(truth.mobile, np.zeros(count, np.int8))
        self._landline = words.landlines(truth.landline)
        self._email = words.emails(people, truth.mailbox)
        self._omitted = np.zeros(count, np.bool_)
        self._omitted[plan.faults["omitted_person"].rows] = True

    def table(self, spelt: NDArray[np.int8], *, records_from: int) -> pl.DataFrame:
        """Make the table; `spelt` is how each mobile is spelt, 0 for plain digits."""
        truth, words, intake = self._truth, self._words, self._intake
        names = self._names()
        births = self._births()
        mobile, landline_, email, notes = self._contacts(words.mobiles(truth.mobile, spelt))
        role = self._roles()
        self._whole_records()
        omitted = self._omitted
        by = np.where(omitted, len(words.typists) - 1, intake.typed_by)
        station = np.where(omitted, len(words.stations) - 1, intake.station)
        recorded_on = (FIRST_DAY - _DAY_ZERO).days + (intake.week.astype(np.int32) - 1) * 7
        recorded_on += (truth.born % 7).astype(np.int32)
        person = truth.first_person + self._rows
        there = pl.Series(~omitted)
        return pl.DataFrame(
            {
                "record_id": _id("R", records_from + np.arange(len(truth))),
                "person_id": _id("P", person),
                "occurrence_id": _id("O", truth.occurrence),
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
                "household_id": _id("H", truth.household),
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
                "faults": self._listed.column(len(truth)),
            }
        )

    def _drawn(self, kind: str) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return the rows that have a fault and are recorded at all, and how it comes out."""
        drawn: Drawn = self._plan.faults[kind]
        there = ~self._omitted[drawn.rows]
        return drawn.rows[there], drawn.how[there]

    def _names(self) -> tuple[pl.Series, pl.Series]:
        truth, words = self._truth, self._words
        given_words, family_words = words.given_list, words.family_list
        given, family = truth.given.astype(np.int64), truth.family.astype(np.int64)
        new_given: list[str] = []
        new_family: list[str] = []
        for kind in of_group("name"):
            rows, how = self._drawn(kind.name)
            of_given, of_family = truth.given[rows].tolist(), truth.family[rows].tolist()
            # The family name of someone else of the batch.
            others = truth.family[(rows + 1 + how % (len(truth) - 1)) % len(truth)].tolist()
            changed: tuple[list[int], list[str], list[int], list[str]] = ([], [], [], [])
            for row, i, j, k, lots in zip(
                rows.tolist(), of_given, of_family, others, how.tolist(), strict=True
            ):
                true = given_words[i], family_words[j]
                written = wrong_name(kind.name, *true, family_words[k], lots)
                if written[0] != true[0]:
                    changed[0].append(row)
                    changed[1].append(written[0])
                if written[1] != true[1]:
                    changed[2].append(row)
                    changed[3].append(written[1])
            for column, new, known, field, at in (
                (given, new_given, given_words, "given_name", 0),
                (family, new_family, family_words, "family_name", 2),
            ):
                where = np.array(changed[at], np.int64)
                true_words = [known[each] for each in column[where].tolist()]
                self._listed.add(where.tolist(), field, kind.name, true_words)
                column[where] = len(known) + len(new) + np.arange(len(where))
                new.extend(changed[at + 1])  # type: ignore[arg-type]
        return (
            _extended(words.given, new_given).gather(given),
            _extended(words.family, new_family).gather(family),
        )

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
            self._listed.add(
                rows.tolist(), "date_of_birth", kind.name, [each.isoformat() for each in true]
            )
        dates = pl.Series(born).cast(pl.Date)
        return dates.zip_with(pl.Series(~missing), pl.Series([None], dtype=pl.Date))

    def _roles(self) -> pl.Series:
        rows, how = self._drawn("wrong_role")
        role = self._truth.role.astype(np.int64)
        true = self._words.roles.gather(role[rows])
        role[rows] = (role[rows] + 1 + how % (len(ROLES) - 1)) % len(ROLES)
        self._listed.add(rows.tolist(), "role", "wrong_role", true.to_list())
        return self._words.roles.gather(role)

    def _whole_records(self) -> None:
        for kind in ("duplicate_person", "omitted_person"):
            rows = self._plan.faults[kind].rows
            self._listed.add(rows.tolist(), "record", kind, [""] * len(rows))

    def _contacts(self, spelt: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series, pl.Series]:
        """Write mobile, landline, email and notes; `spelt` is the true mobile as it is spelt."""
        changes: dict[str, tuple[list[int], list[str]]] = {
            field: ([], []) for field in ("mobile", "landline", "email", "notes")
        }
        for kind in of_group("moved", "mobile", "email"):
            rows, how = self._drawn(kind.name)
            if len(rows):
                self._spoil(kind.name, kind.group, rows, how, spelt, changes)
        blank = pl.repeat("", len(self._truth), eager=True, dtype=pl.String)
        return (
            _scattered(spelt, *changes["mobile"]),
            _scattered(self._landline, *changes["landline"]),
            _scattered(self._email, *changes["email"]),
            _scattered(blank, *changes["notes"]),
        )

    def _spoil(
        self,
        kind: str,
        group: str,
        rows: NDArray[np.intp],
        how: NDArray[np.int64],
        spelt: pl.Series,
        changes: dict[str, tuple[list[int], list[str]]],
    ) -> None:
        before = {
            "mobile": self._mobile.gather(rows).to_list(),
            "landline": self._landline.gather(rows).to_list(),
            "email": self._email.gather(rows).to_list(),
            "notes": [""] * len(rows),
        }
        lots = how.tolist()
        if group == "mobile":
            others = self._others_mobiles(kind, rows, how)
            who = self._full_names(rows) if kind == "name_in_phone_field" else lots
            after = {
                "mobile": [
                    wrong_mobile(kind, mobile, name=str(name), another=other, how=lot)
                    for mobile, name, other, lot in zip(
                        before["mobile"], who, others, lots, strict=True
                    )
                ]
            }
        elif group == "email":
            others = self._others_emails(kind, rows, how)
            after = {
                "email": [
                    wrong_email(kind, email, another=other, how=lot)
                    for email, other, lot in zip(before["email"], others, lots, strict=True)
                ]
            }
        else:
            others = self._others_mobiles("stale_number", rows, how)
            written = spelt.gather(rows).to_list()
            moved = [
                contacts_moved(kind, Contacts(*fields), another=other, how=lot)
                for *fields, other, lot in zip(
                    written, before["landline"], before["email"], others, lots, strict=True
                )
            ]
            after = {
                field: [getattr(each, field) for each in moved]
                for field in before
                if field in of_group_fields(kind)
            }
        places = rows.tolist()
        for field, values in after.items():
            true = before[field]
            wrong = [i for i, each in enumerate(values) if each != true[i]]
            self._listed.add([places[i] for i in wrong], field, kind, [true[i] for i in wrong])
            changes[field][0].extend(places[i] for i in wrong)
            changes[field][1].extend(values[i] for i in wrong)

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
    ) -> list[str]:
        """Choose the number of someone else that was written down; never the victim's own."""
        truth = self._truth
        person = truth.first_person + self._rows[rows]
        station = self._intake.station[rows].astype(np.int64)
        if kind in {"partners_number", "suspects_number"}:
            at_home = self._mobiles_at_home(rows)
            # Somebody from another home, where nobody else at home has a mobile of their own.
            number = np.where(at_home >= 0, at_home, OLD_FIRST + 10**7 + person)
        elif kind == "officers_number":
            number = OFFICERS_FIRST + station * 100 + how % 100
        elif kind == "forces_number":
            number = FORCES_FIRST + how % 3
        elif kind == "shared_number":
            number = SHARED_FIRST + station * 10 + how % 10
        elif kind == "stale_number":
            number = OLD_FIRST + person % (SHARED_FIRST - OLD_FIRST - 10**7)
        else:
            return [""] * len(rows)
        if self._words.numbers == "drama":
            count = len(ORDINARY_MOBILES)
            own = truth.mobile[rows] % count
            number = np.where(number % count == own, own + 1, number)
        return self._words.mobiles(
            np.asarray(number, np.int64), np.zeros(len(rows), np.int8)
        ).to_list()

    def _mobiles_at_home(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """Find the mobile of someone who lives with the person, other than theirs; -1 for none."""
        people, person = self._people, self._rows[rows]
        first = people.first[person]
        second = np.minimum(first + 1, len(people) - 1)
        other = np.where(person == first, second, first)
        mobile = np.where(people.first[other] == first, people.mobile[other], -1)
        return np.where(mobile == people.mobile[person], -1, mobile)

    def _others_emails(
        self, kind: str, rows: NDArray[np.intp], how: NDArray[np.int64]
    ) -> list[str]:
        if kind != "email_of_another":
            return [""] * len(rows)
        truth = self._truth
        holders = np.flatnonzero(truth.mailbox == truth.first_person + self._rows)
        at = np.searchsorted(holders, rows)
        chosen = holders[(at + 1 + how % max(1, len(holders) // 2)) % len(holders)]
        own = truth.mailbox[chosen] == truth.mailbox[rows]
        chosen = np.where(own, holders[(at + 7) % len(holders)], chosen)
        return self._email.gather(chosen).to_list()


def of_group_fields(kind: str) -> tuple[str, ...]:
    """Return the fields that a kind touches."""
    return next(each.fields for each in of_group("moved") if each.name == kind)


def _extended(words: pl.Series, new: list[str]) -> pl.Series:
    return pl.concat([words, pl.Series(new, dtype=pl.String)])


def _scattered(column: pl.Series, rows: list[int], values: list[str]) -> pl.Series:
    if not rows:
        return column
    place = np.arange(len(column))
    place[rows] = len(column) + np.arange(len(rows))
    return _extended(column, values).gather(place)


def _id(letter: str, number: NDArray[np.int64]) -> pl.Series:
    return letter + _padded(number, 9)


def spell_mobiles(count: int, rates: FaultRates, stream: Stream) -> NDArray[np.int8]:
    """Draw how each mobile is spelt; 0 is plain digits."""
    lots = stream("spelling").random(count)
    share = rates.number_spelt_otherwise.value
    if not share:
        return np.zeros(count, np.int8)
    return np.where(lots < share, 1 + lots / share * (_SPELLINGS - 1), 0).astype(np.int8)


assert OWN_MAX == OLD_FIRST
