"""Which column of an extract holds what: the file `columns.toml`, read, checked and written.

A force keeps its own column names. The map says, table by table, where each of our fields is, and
which of the force's words mean "victim", "open" and "safe to contact".
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

import tomli_w
from msgspec import Meta, field, structs

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.legible import did_you_mean

TableKind: TypeAlias = Literal["victims", "occurrence", "link", "person", "phone"]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]

#: What each field is, as the map and the help explain it.
FIELDS: dict[str, str] = {
    "occurrence_id": "number of the crime or occurrence",
    "person_id": "number of the person's record",
    "role": "victim, witness, reporter, suspect",
    "given_name": "first name",
    "family_name": "last name",
    "full_name": "first and last name in one column",
    "date_of_birth": "date of birth",
    "mobile": "mobile phone",
    "landline": "other phone: home or work",
    "email": "email address",
    "notes": "free text about contact",
    "safe_to_contact": "whether contact is safe",
    "safe_how": "by which channel contact is safe",
    "safe_when": "at what time contact is safe",
    "household_id": "number of the household",
    "station": "station or team that recorded it",
    "supervisor": "who checks that team's records",
    "officer": "who investigates the crime, and can be asked",
    "recorded_by_role": "role of the person who typed it",
    "entry_route": "how the report came in: phone, online, counter",
    "recorded_on": "day the details were written down or last confirmed",
    "status": "whether the crime is open",
    "closed_on": "day the crime was closed; blank while it is open",
    "offence": "offence or offence group",
    "eligible": "whether the portal may tell this victim",
    "suspect_mobile": "the suspect's phone, in the row of a victim",
    "suspect_email": "the suspect's email, in the row of a victim",
    "phone_number": "a phone number, one a row",
    "phone_type": "mobile, home or work",
    "phone_on": "day the number was written down",
}
#: The fields that a file of synthetic people has beside these: the truth, and what was planted.
TRUTH_FIELDS = ("faults", "omitted")

_KEYS: dict[TableKind, tuple[str, ...]] = {
    "victims": (),
    "occurrence": ("occurrence_id",),
    "link": ("occurrence_id", "person_id"),
    "person": ("person_id",),
    "phone": ("person_id", "phone_number"),
}


class Table(Strict, frozen=True, kw_only=True):
    """One file of the extract: what its rows are, and the column of each field.

    A column that says not to contact holds its victims back, unless a field has it or it is
    `ignored`.
    """

    file: str
    rows: TableKind
    columns: dict[str, str]
    ignored: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.columns:
            if name not in FIELDS and name not in TRUTH_FIELDS:
                raise ValueError(f"{name}: no such field{did_you_mean(name, FIELDS)}")
        missing = [each for each in _KEYS[self.rows] if each not in self.columns]
        if missing:
            raise ValueError(
                f"{self.file}: rows are {self.rows!r}, and no column is given for "
                f"{', '.join(missing)}; add it"
            )


class Words(Strict, frozen=True, kw_only=True):
    """The force's own words, in lower case, for what the check must understand.

    A value that is in neither list of its pair is unknown: it is counted, and never closes a crime.
    `unsafe_notes` and `harmless_notes` are phrases of notes about contact, beside those known.
    A phone of a type that is in neither list of types is not used: it may be another person's.
    """

    victim: tuple[str, ...] = (
        "victim",
        "vic",
        "v",
        "aggrieved",
        "complainant",
        "ip",
        "injured party",
    )
    suspect: tuple[str, ...] = ("suspect", "sus", "offender", "accused", "defendant")
    not_victim: tuple[str, ...] = (
        "witness",
        "wit",
        "reporter",
        "informant",
        "caller",
        "third party",
        "household member",
    )
    open: tuple[str, ...] = ("open", "live", "active", "o", "pending", "under investigation")
    closed: tuple[str, ...] = (
        "closed", "c", "filed", "finalised", "finalized", "complete", "completed", "disposed",
        "nfa", "no further action", "cancelled", "no crime", "detected", "undetected",
    )  # fmt: skip
    yes: tuple[str, ...] = ("yes", "y", "true", "t", "1", "safe")
    no: tuple[str, ...] = ("no", "n", "false", "f", "0", "unsafe", "not safe")
    mobile_types: tuple[str, ...] = (
        "mobile", "mob", "mobile phone", "mobile number", "mobile no", "mobile tel", "cell",
        "cellphone", "cell phone", "personal mobile", "own mobile", "main mobile",
        "primary mobile", "mobile personal", "mobile own", "mobile main", "mobile primary",
    )  # fmt: skip
    other_phone_types: tuple[str, ...] = (
        "home", "home phone", "home tel", "home telephone", "home number", "house", "landline",
        "work", "work phone", "work tel", "work telephone", "work number", "office", "business",
        "phone", "tel", "telephone",
    )  # fmt: skip
    eligible_offences: tuple[str, ...] = ()
    forces_own_numbers: tuple[str, ...] = ()
    unsafe_notes: tuple[str, ...] = ()
    harmless_notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for one, other in (
            ("open", "closed"), ("victim", "not_victim"), ("victim", "suspect"), ("yes", "no"),
        ):  # fmt: skip
            both = {each.strip().lower() for each in getattr(self, one)}
            both &= {each.strip().lower() for each in getattr(self, other)}
            if both:
                raise ValueError(
                    f"words.{one} and words.{other} both have {min(both)!r}; leave it in one"
                )


class Limits(Strict, frozen=True, kw_only=True):
    """What the force accepts; each can be changed in the file.

    Defaults are assumed: a portal is helped by nothing less, and no published figure says more.
    `unread_notes` says whether a victim is told whose notes have words that no list explains.
    """

    green_from: Share = 0.98
    amber_from: Share = 0.95
    reachable_min: Share = 0.8
    stale_after_days: Annotated[int, Meta(ge=1)] = 730
    people_per_address_max: Annotated[int, Meta(ge=1)] = 3
    blank_safe_to_contact: Literal["not_safe", "safe"] = "not_safe"
    unread_notes: Literal["hold", "tell"] = "hold"


class ColumnMap(Strict, frozen=True, kw_only=True):
    """The whole file: the tables, the force's words, how dates are written, and its limits.

    `test_mobiles` and `test_landlines` are the first digits of numbers that nobody can dial:
    made-up people have them, and a real extract has none.
    """

    table: tuple[Table, ...]
    dates: Literal["day first", "month first"] = "day first"
    test_mobiles: tuple[str, ...] = ()
    test_landlines: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        kinds = [each.rows for each in self.table]
        if not kinds:
            raise ValueError("no [[table]]; add one for each file")
        for kind in set(kinds):
            if kinds.count(kind) > 1 and kind != "victims":
                raise ValueError(f"two tables have rows = {kind!r}; give each kind once")
        if "victims" not in kinds and "person" not in kinds:
            raise ValueError("no table of victims or of persons; give rows = 'victims' to one")
        tests = self.test_mobiles + self.test_landlines
        if any(not re.fullmatch(r"0[46]\d{0,6}", each) for each in tests):
            raise ValueError("test numbers begin with 04 or 06, which no exchange connects")

    def has(self, name: str) -> bool:
        """Say whether any table of the extract has this field."""
        return any(name in each.columns for each in self.table)


def read_column_map(path: Path, files: Sequence[Path]) -> ColumnMap:
    """Read a map and check that it is about these files.

    Raises BadInput naming the file, the field, the value and how to mend it.
    """
    found = checked_toml.read(path, ColumnMap)
    given, named = [each.name for each in files], [each.file for each in found.table]
    for name in named:
        if name not in given:
            raise BadInput(
                f"{path}: table.file: it is {name!r}, which is not among the files given "
                f"({', '.join(given)}){did_you_mean(name, given)}"
            )
    for name in given:
        if name not in named:
            raise BadInput(f"{path}: no [[table]] has file = {name!r}; add one, or leave it out")
    return found


def write_column_map(path: Path, columns: ColumnMap) -> None:
    """Write a map for a person to correct, with a comment that says what each field is."""
    whole = structs.asdict(columns)
    whole["table"] = [structs.asdict(each) for each in columns.table]
    path.write_text(_as_toml(whole, columns.words, columns.limits), encoding="utf-8")


def keys_without_column(rows: TableKind, columns: Mapping[str, str]) -> list[str]:
    """Return the fields that such a table must have, and has not: nothing would join it."""
    return [each for each in _KEYS[rows] if not columns.get(each)]


def write_half_guess(
    path: Path,
    tables: Sequence[tuple[str, TableKind, Mapping[str, str]]],
    *,
    dates: Literal["day first", "month first"],
) -> None:
    """Write a map that lacks what it must have: a blank stands where a person names the column."""
    whole = {
        "dates": dates,
        "test_mobiles": [],
        "test_landlines": [],
        "table": [
            {
                "file": file,
                "rows": rows,
                "columns": dict.fromkeys(keys_without_column(rows, columns), "") | dict(columns),
            }
            for file, rows, columns in tables
        ],
    }
    path.write_text(_as_toml(whole, Words(), Limits()), encoding="utf-8")


def _as_toml(whole: dict[str, Any], words: Words, limits: Limits) -> str:
    fields = "\n".join(f"#   {name:<18} {what}" for name, what in FIELDS.items())
    head = (
        "# Which column holds what. Guessed from names and contents: check it, correct it, and\n"
        "# give it again with --map. In [table.columns], the left side is a field of this list\n"
        "# and the right side the name of a column in your file:\n"
        f"{fields}\n"
        "# ignored: columns that seem to say not to contact, and that hold nobody back.\n"
        "# rows: victims (one row a victim of a crime), or occurrence, link, person and phone.\n"
        "# words: your own words, in lower case. eligible_offences empty: every offence counts.\n"
        "# A status that is neither open nor closed, a role that is neither victim nor not_victim\n"
        "# nor suspect, and an eligible that is neither yes nor no are unknown: while some are\n"
        "# left, there is no verdict.\n"
        '# A blank is a value too: "" says what it means.\n\n'
    )
    whole["table"] = [{**each, "ignored": list(each.get("ignored", ()))} for each in whole["table"]]
    whole["words"] = {name: list(each) for name, each in structs.asdict(words).items()}
    whole["limits"] = structs.asdict(limits)
    for tests in ("test_mobiles", "test_landlines"):
        whole[tests] = list(whole[tests])
    return head + tomli_w.dumps(whole)
