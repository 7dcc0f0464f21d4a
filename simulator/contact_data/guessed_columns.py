"""Guesses which column holds what, from its name and then from what is in it.

A guess is shown and saved; a person corrects it. A column that could be two things is left out: a
missing field is noticed, a wrong one is not.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from simulator.contact_data.columns import FIELDS, TRUTH_FIELDS, ColumnMap, Table, TableKind
from simulator.contact_data.database import name
from simulator.contact_data.dates import month_comes_first, shape_of
from simulator.contact_data.email_rules import as_email
from simulator.contact_data.phone_rules import as_landline, as_mobile
from simulator.contact_data.words_of_columns import by_words
from simulator.errors import BadInput

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAMPLE_ROWS = 2_000
#: So large a share of the values must look like what the column is guessed to be.
_LIKE = 0.6
#: Names of columns in real extracts, as letters and digits alone. The first of a line is best.
_NAMES: Mapping[str, str] = {
    "occurrence_id": "occurrenceid occurrenceno occurrencenumber crimeno crimenumber crimeref "
    "crimereference crimeid offenceno oenumber occno occref crn incidentno reference ref",
    "person_id": "recordedpersonid personid personno personnumber nominalid nominalno nominalref "
    "nominal victimid victimno personurn pid partyid recordid id",
    "role": "recordedrole role involvement involvementtype linktype classification linkreason "
    "partytype personrole",
    "given_name": "recordedgivenname givenname given1 given firstname forename forenames fname "
    "forename1 firstnames christianname victimforename victimfirstname",
    "family_name": "recordedfamilyname familyname surname lastname sname lname secondname "
    "victimsurname victimlastname",
    "full_name": "recordedfullname fullname name victimname personname nominalname",
    "date_of_birth": "recordeddateofbirth dateofbirth dob birthdate born birthday victimdob "
    "bdate dofb",
    "mobile": "recordedmobile mobile mobilephone mobileno mobilenumber mob cell cellphone "
    "telmobile mobiletel mobphone phonemobile phone1 phonemob victimmobile contactnumber contactno "
    "telephone phone tel",
    "landline": "recordedlandline landline otherphone homephone hometel telhome homeno "
    "telephonehome phonehome phone2 othertel worktel workphone phoneother landlineno altphone",
    "email": "recordedemail email emailaddress mail eml emailadd victimemail emailaddr",
    "notes": "recordednotes notes note comments comment freetext contactnotes remarks oel",
    "safe_to_contact": "safetocontact safecontact safe oktocontact contactsafe issafe "
    "safetocall safetophone safetotext oktocall oktophone oktotext safe2contact",
    "safe_how": "safehow safechannel safemethod preferredcontact contactmethod preferredchannel",
    "household_id": "householdid household addressid uprn",
    "station": "station stationname stn stncode stationcode team lpa bcu area policestation unit "
    "division owningunit",
    "supervisor": "supervisor sergeant sgt supervisorid linemanager reviewer supervisingofficer",
    "recorded_by_role": "recordedbyrole enteredbyrole typedbyrole createdbyrole typedby enteredby",
    "entry_route": "entryroute route source howreported reportingmethod channel reportedby origin "
    "sourceofreport reportmethod howreceived",
    "recorded_on": "recordedon daterecorded recordeddate createdon created datecreated entered "
    "dateentered lastupdated lastupd lastupdate lastamended amendedon modifiedon updatedon "
    "reporteddate reported lastconfirmed",
    "status": "status crimestatus state occurrencestatus openclosed",
    "closed_on": "closedon dateclosed closeddate closed filedon finaliseddate",
    "offence": "offence offencetype offencegroup crimetype offencesubgroup offencedescription "
    "hooffence hoclass hoclassification",
    "eligible": "eligible portaleligible iseligible",
    "phone_number": "phonenumber number telephonenumber phoneno telno contactvalue value phone tel",
    "phone_type": "phonetype numbertype teltype contacttype type",
    "phone_on": "phoneon phonedate datefrom from startdate effectivefrom recordedon date validfrom",
    "faults": "faults",
    "omitted": "omitted",
}
_OF_PHONES = ("phone_number", "phone_type", "phone_on")


class Guessed(Struct, frozen=True):
    """One column of the guess: its file, the field, its name, and why.

    A column of which nothing was guessed has no field.
    """

    file: str
    field: str
    column: str
    why: str


def guess_columns(
    database: "DuckDBPyConnection", tables: Sequence[tuple[Path, str, tuple[str, ...]]]
) -> tuple[ColumnMap, list[Guessed]]:
    """Guess the map of an extract: `tables` has each file's path, its table and its columns.

    Raises BadInput if no file has names or contact details of people.
    """
    made: list[tuple[str, TableKind, dict[str, str]]] = []
    reasons: list[Guessed] = []
    month_first = False
    for path, table, columns in tables:
        samples = _samples(database, table, columns)
        found = _by_name(columns)
        if "faults" not in found:
            found |= by_words(samples, found)
        contents = _by_content(samples, taken=found)
        found |= contents
        rows = _kind(found, alone=len(tables) == 1)
        found = _of_kind(found, rows)
        reasons += [
            Guessed(
                path.name,
                field,
                column,
                "its contents" if column in contents.values() else "its name",
            )
            for field, column in found.items()
        ]
        # Made-up people have the truth beside what was recorded, which is no part of an extract.
        left = () if "faults" in found else columns
        used = set(found.values())
        reasons += [Guessed(path.name, "", each, "") for each in left if each not in used]
        month_first |= any(
            month_comes_first(samples[column])
            for field, column in found.items()
            if field in ("date_of_birth", "recorded_on", "closed_on", "phone_on")
        )
        made.append((path.name, rows, found))
    files = ", ".join(str(each[0]) for each in tables)
    known = sorted({column for _path, _table, columns in tables for column in columns})
    to_do = (
        f"(columns: {', '.join(known)[:300]}); write a map as in docs/contact_data.md, and give it "
        "with --map"
    )
    if not any(_is_about_people(rows, found) for _name, rows, found in made):
        raise BadInput(f"{files}: no column looks like a name, a phone or an email {to_do}")
    try:
        guess = ColumnMap(
            table=tuple(Table(file=file, rows=rows, columns=found) for file, rows, found in made),
            dates="month first" if month_first else "day first",
        )
    except ValueError as error:
        raise BadInput(f"{files}: the columns cannot be guessed: {error} {to_do}") from None
    return guess, reasons


def _is_about_people(rows: TableKind, found: Mapping[str, str]) -> bool:
    return rows in ("victims", "person") and any(
        each in found for each in ("family_name", "full_name", "mobile", "email")
    )


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]", "", column.casefold())


def _by_name(columns: Sequence[str]) -> dict[str, str]:
    """Map fields to columns by their names; the best name of a field wins."""
    plain = {
        _plain(each): each for each in reversed(columns) if not _plain(each).startswith("true")
    }
    found: dict[str, str] = {}
    for field, names in _NAMES.items():
        # Made-up people have the true person's number beside that of each record.
        is_made_up = field == "person_id" and "faults" in plain
        for each in ("recordid",) if is_made_up else names.split():
            if each in plain and plain[each] not in found.values():
                found[field] = plain[each]
                break
    return found


def _samples(
    database: "DuckDBPyConnection", table: str, columns: Sequence[str]
) -> dict[str, list[str]]:
    listed = ", ".join(name(each) for each in columns)
    rows = database.execute(f"SELECT {listed} FROM {table} LIMIT {_SAMPLE_ROWS}").fetchall()
    return {
        column: [str(row[place]).strip() for row in rows if row[place] and str(row[place]).strip()]
        for place, column in enumerate(columns)
    }


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda value: bool(as_email(value))),
    ("mobile", lambda value: bool(as_mobile(value))),
    ("landline", lambda value: bool(as_landline(value))),
    ("date_of_birth", lambda value: shape_of(value) != "" and _year(value) < 2010),
)


def _by_content(samples: Mapping[str, list[str]], *, taken: Mapping[str, str]) -> dict[str, str]:
    """Map what no name told: a column most of whose values are emails is the email."""
    found: dict[str, str] = {}
    for field, looks in _LOOKS:
        if field in taken or (field == "mobile" and "phone_number" in taken):
            continue
        for column, values in samples.items():
            is_free = column not in taken.values() and not _plain(column).startswith("true")
            if is_free and values and sum(map(looks, values)) >= _LIKE * len(values):
                found[field] = column
                break
    return found


def _year(value: str) -> int:
    years = re.findall(r"(?:19|20)\d\d", value)
    return int(years[0]) if years else 9999


def _kind(found: Mapping[str, str], *, alone: bool) -> TableKind:
    is_named = "family_name" in found or "full_name" in found
    has_contact = is_named or "mobile" in found or "email" in found
    if alone:
        return "victims"
    if not is_named and "person_id" in found and "phone_type" in found:
        return "phone"
    if has_contact:
        return "victims" if "occurrence_id" in found else "person"
    if "occurrence_id" in found:
        return "link" if "person_id" in found else "occurrence"
    return "phone" if "person_id" in found else "person"


def _of_kind(found: Mapping[str, str], rows: TableKind) -> dict[str, str]:
    """Keep the fields that such a table has; in a table of phones, `phone` is the number."""
    kept = dict(found)
    if rows == "phone":
        number = kept.get("phone_number") or kept.get("mobile") or kept.get("landline")
        when = kept.get("phone_on") or kept.get("recorded_on")
        kept = {each: kept[each] for each in ("person_id", "phone_type") if each in kept}
        kept |= {"phone_number": number} if number else {}
        kept |= {"phone_on": when} if when else {}
        return kept
    if "full_name" in kept and "family_name" in kept:
        del kept["full_name"]
    return {
        field: kept[field]
        for field in (*FIELDS, *TRUTH_FIELDS)
        if field in kept and field not in _OF_PHONES
    }
