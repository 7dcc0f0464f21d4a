"""Extracts of strangers: their column names were written before the words that guess them.

Each has what it holds; "" is a trap, which no field may take: a wrong guess is worse than none.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest

from simulator.contact_data.columns import FIELDS
from simulator.contact_data.database import name as in_sql
from simulator.contact_data.guessed_columns import guess_columns

ROWS = 40
GIVEN = ("Sarah", "Tom", "Nia", "Asha", "Kofi", "Chloe", "Daniel", "Priya", "Ewan", "Maya")
FAMILY = ("Bennett", "Clarke", "Shah", "Okafor", "Lewis", "Green", "Walker", "Owen", "Hughes")
#: What a column of a kind holds, row by row.
VALUES: dict[str, Callable[[int], str]] = {
    "given_name": lambda n: GIVEN[n % 10],
    "family_name": lambda n: FAMILY[n % 9],
    "full_name": lambda n: f"{FAMILY[n % 9].upper()}, {GIVEN[n % 10]}",
    "date_of_birth": lambda n: f"{1 + n % 28:02d}/{1 + n % 12:02d}/{1950 + n}",
    "mobile": lambda n: f"07700 900{n:03d}",
    "landline": lambda n: f"0118 496 0{n:03d}" if n % 2 else "",
    "email": lambda n: f"{GIVEN[n % 10]}.{FAMILY[n % 9]}{n}@example.com".lower(),
    "suspect_mobile": lambda n: f"07700 900{n + 500:03d}" if n % 3 else "",
    "suspect_email": lambda n: f"suspect{n}@example.com" if n % 3 else "",
    "notes": lambda n: ("", "prefers evenings", "ask for mum first", "works nights")[n % 4],
    "safe_to_contact": lambda n: ("Y", "Y", "N", "")[n % 4],
    "safe_when": lambda n: ("evenings", "weekdays 09:00-17:00", "")[n % 3],
    "safe_how": lambda n: ("text", "email", "phone call", "")[n % 4],
    "household_id": lambda n: f"1000{n // 2:08d}",
    "occurrence_id": lambda n: f"43{260000000 + n}",
    "person_id": lambda n: f"N{100000 + n}",
    "role": lambda n: ("Victim", "Victim", "Witness")[n % 3],
    "station": lambda n: ("Oxford", "Slough", "Banbury")[n % 3],
    "supervisor": lambda n: f"PS {120 + n % 5} {FAMILY[n % 5]}",
    "officer": lambda n: f"PC {4200 + n % 9} {FAMILY[n % 9]}",
    "recorded_by_role": lambda n: ("call taker", "officer", "clerk")[n % 3],
    "entry_route": lambda n: ("101", "online", "counter", "999")[n % 4],
    "recorded_on": lambda n: f"{1 + n % 28:02d}/{1 + n % 9:02d}/2026",
    "status": lambda n: ("Open", "Filed", "Live")[n % 3],
    "closed_on": lambda n: f"{1 + n % 28:02d}/09/2026" if n % 3 == 1 else "",
    "offence": lambda n: ("Burglary dwelling", "Theft from person", "Assault")[n % 3],
    "yes": lambda n: ("Y", "N")[n % 2],
    "words": lambda n: ("red", "blue", "", "green")[n % 4],
    "number": lambda n: str(17 + n),
}
#: For each stranger: the column, what it must be guessed to be, and for a trap what it holds.
STRANGERS: dict[str, list[tuple[str, str, str]]] = {
    "one word a column": [
        ("Occurrence", "occurrence_id", ""),
        ("Nominal", "person_id", ""),
        ("Forename", "given_name", ""),
        ("Surname", "family_name", ""),
        ("Mobile", "mobile", ""),
        ("E-addr", "email", ""),
        ("Stat", "status", ""),
        ("Rep On", "recorded_on", ""),
        ("Rep Tel", "", "mobile"),
        ("Crime", "", "offence"),
    ],
    "stat is a station": [
        ("Crime", "occurrence_id", ""),
        ("Last Name", "family_name", ""),
        ("Mob", "mobile", ""),
        ("e_add", "email", ""),
        ("Stat", "station", ""),
        ("Occurrence", "", "offence"),
    ],
    "a sergeant's spreadsheet": [
        ("Crime Ref", "occurrence_id", ""),
        ("Vic F/Name", "given_name", ""),
        ("S/Name", "family_name", ""),
        ("DOB (Vic)", "date_of_birth", ""),
        ("Tel (H)", "landline", ""),
        ("Mob", "mobile", ""),
        ("E-mail addr", "email", ""),
        ("Base", "station", ""),
        ("Skipper", "supervisor", ""),
        ("OIC", "officer", ""),
        ("How rptd", "entry_route", ""),
        ("Date rptd", "recorded_on", ""),
        ("Live/Filed", "status", ""),
        ("Date Filed", "closed_on", ""),
        ("Offence", "offence", ""),
        ("OK to call", "safe_to_contact", ""),
        ("Comments", "notes", ""),
        ("Sus Mob", "suspect_mobile", ""),
        ("Sus S/Name", "", "family_name"),
        ("NOK Tel", "", "landline"),
        ("OIC Email", "", "email"),
        ("Age", "", "number"),
        ("Offence date", "", "recorded_on"),
        ("Middle name", "", "given_name"),
    ],
    "a report of the crime system": [
        ("CRIME_NUMBER", "occurrence_id", ""),
        ("NOMINAL_URN", "person_id", ""),
        ("INVOLVEMENT_TYPE", "role", ""),
        ("VICT_FORENAME_1", "given_name", ""),
        ("VICT_SURNAME", "family_name", ""),
        ("VICT_DT_OF_BIRTH", "date_of_birth", ""),
        ("TEL_MOB", "mobile", ""),
        ("TEL_HOME", "landline", ""),
        ("EMAIL_ADDR_1", "email", ""),
        ("OWNING_STN_CD", "station", ""),
        ("SUPERVISING_SGT", "supervisor", ""),
        ("INVESTIGATING_OFFICER", "officer", ""),
        ("CRIME_STATUS_DESC", "status", ""),
        ("FINALISED_DT", "closed_on", ""),
        ("HO_CLASS_DESC", "offence", ""),
        ("DT_CREATED", "recorded_on", ""),
        ("SUSP_SURNAME", "", "family_name"),
        ("SUSP_FORENAME_1", "", "given_name"),
        ("WIT_TEL_MOB", "", "mobile"),
        ("INCIDENT_DT", "", "recorded_on"),
        ("CUSTODY_REF", "", "person_id"),
        ("VICT_MAIDEN_NAME", "", "family_name"),
        ("NEXT_UPDATE_DUE", "", "recorded_on"),
        ("INTERPRETER_REQD", "", "yes"),
        ("HO_CLASS_CODE", "", "number"),
    ],
    "a list from victim support": [
        ("Niche Occ No", "occurrence_id", ""),
        ("Niche nominal id", "person_id", ""),
        ("Aggrieved Forename(s)", "given_name", ""),
        ("Aggrieved's surname", "family_name", ""),
        ("D.O.B.", "date_of_birth", ""),
        ("Mobile (victim)", "mobile", ""),
        ("Landline - home", "landline", ""),
        ("Victim eMail Address", "email", ""),
        ("Safe contact Y/N", "safe_to_contact", ""),
        ("Preferred method of contact", "safe_how", ""),
        ("Best time to contact", "safe_when", ""),
        ("Contact notes", "notes", ""),
        ("Pol Stn", "station", ""),
        ("Line mgr", "supervisor", ""),
        ("Case officer", "officer", ""),
        ("Source of report", "entry_route", ""),
        ("Last updt", "recorded_on", ""),
        ("UPRN", "household_id", ""),
        ("Next of kin phone", "", "mobile"),
        ("Guardian name", "", "full_name"),
        ("Previous surname", "", "family_name"),
        ("Consent to survey", "", "yes"),
        ("Do not contact", "", "yes"),
        ("Last contact", "", "recorded_on"),
        ("Ethnicity", "", "words"),
    ],
    "glued and short": [
        ("crn", "occurrence_id", ""),
        ("vicid", "person_id", ""),
        ("vicfirstname", "given_name", ""),
        ("viclastname", "family_name", ""),
        ("birthdate", "date_of_birth", ""),
        ("vicmob", "mobile", ""),
        ("hometelno", "landline", ""),
        ("vicemailaddr", "email", ""),
        ("lpa", "station", ""),
        ("dutysgt", "supervisor", ""),
        ("oicname", "officer", ""),
        ("crimestatus", "status", ""),
        ("closeddate", "closed_on", ""),
        ("offencetype", "offence", ""),
        ("okaytotext", "safe_to_contact", ""),
        ("enteredon", "recorded_on", ""),
        ("suspectmob", "suspect_mobile", ""),
        ("suspectemail", "suspect_email", ""),
        ("sgtemail", "", "email"),
        ("vicage", "", "number"),
        ("crimecode", "", "number"),
        ("baildate", "", "recorded_on"),
    ],
    "one name, one phone": [
        ("Crime/Inc Ref", "occurrence_id", ""),
        ("Injured party", "full_name", ""),
        ("IP D/O/B", "date_of_birth", ""),
        ("IP contact no.", "mobile", ""),
        ("IP e.mail", "email", ""),
        ("Response Team", "station", ""),
        ("Supervised by", "supervisor", ""),
        ("Officer in the case", "officer", ""),
        ("Rptd via", "entry_route", ""),
        ("Rec'd date", "recorded_on", ""),
        ("Current state", "status", ""),
        ("Crime title", "offence", ""),
        ("Happy to be contacted?", "safe_to_contact", ""),
        ("Witness", "", "full_name"),
        ("Informant tel", "", "mobile"),
        ("Station tel", "", "landline"),
        ("Solicitor email", "", "email"),
        ("Time of incident", "", "recorded_on"),
        ("Survey phone consent", "", "yes"),
    ],
    "a second look": [
        ("Log/Crime no", "occurrence_id", ""),
        ("Vics nominal number", "person_id", ""),
        ("Party type", "role", ""),
        ("Vic 1st name", "given_name", ""),
        ("Vic surname (family name)", "family_name", ""),
        ("Vic born", "date_of_birth", ""),
        ("Mobile tel. number", "mobile", ""),
        ("Alt. number", "landline", ""),
        ("Mail", "email", ""),
        ("Sector", "station", ""),
        ("Team Sgt", "supervisor", ""),
        ("Dealing officer", "officer", ""),
        ("Mode of report", "entry_route", ""),
        ("Entered (date)", "recorded_on", ""),
        ("Case state", "status", ""),
        ("Dt filed", "closed_on", ""),
        ("Offence group", "offence", ""),
        ("Safe to ring", "safe_to_contact", ""),
        ("How to contact (pref)", "safe_how", ""),
        ("Notes re contact", "notes", ""),
        ("Household", "household_id", ""),
        ("Keyed by (role)", "recorded_by_role", ""),
        ("Officer's mob", "", "mobile"),
        ("Father's name", "", "full_name"),
        ("Def. surname", "", "family_name"),
        ("Statement taken", "", "yes"),
        ("Court date", "", "recorded_on"),
        ("Arrest no", "", "person_id"),
        ("Gender", "", "words"),
        ("Home address", "", "words"),
        ("Phone seized", "", "yes"),
        ("Email sent", "", "yes"),
        ("Name of suspect", "", "full_name"),
        ("Date of arrest", "", "recorded_on"),
    ],
    "an export of June": [
        ("CR No", "occurrence_id", ""),
        ("IP F/Name", "given_name", ""),
        ("IP S/Name", "family_name", ""),
        ("IP DOB", "date_of_birth", ""),
        ("Beat Team", "station", ""),
        ("OK to phone?", "safe_to_contact", ""),
        ("Rptd", "recorded_on", ""),
        ("State", "status", ""),
        ("Off Type", "offence", ""),
        ("Officer notes", "notes", ""),
        ("Off Date", "", "recorded_on"),
        ("Officer mobile", "", "mobile"),
        ("Number of victims", "", "number"),
        ("Nickname", "", "words"),
        ("Recorded by", "", "officer"),
        ("Closed by", "", "officer"),
        ("Offence code", "", "number"),
    ],
    "second thoughts": [
        ("Reference (crime)", "occurrence_id", ""),
        ("Person ref.", "person_id", ""),
        ("Capacity", "role", ""),
        ("Given names", "given_name", ""),
        ("Family/last name", "family_name", ""),
        ("B'day", "date_of_birth", ""),
        ("Hand phone", "mobile", ""),
        ("Work tel", "landline", ""),
        ("Electronic mail", "email", ""),
        ("Neighbourhood", "station", ""),
        ("Sup Officer", "supervisor", ""),
        ("Inv Ofcr", "officer", ""),
        ("Method reported", "entry_route", ""),
        ("Details confirmed", "recorded_on", ""),
        ("Disposal state", "status", ""),
        ("NFA'd on", "closed_on", ""),
        ("Class of offence", "offence", ""),
        ("Can be phoned", "safe_to_contact", ""),
        ("Best channel", "safe_how", ""),
        ("Free txt", "notes", ""),
        ("Typist role", "recorded_by_role", ""),
        ("Alias surname", "", "family_name"),
        ("Mobile of suspect", "suspect_mobile", ""),
        ("Date committed", "", "recorded_on"),
        ("Unsafe to phone", "", "yes"),
        ("Parent mobile", "", "mobile"),
        ("Loss value", "", "number"),
    ],
}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_column_is_guessed_wrongly(stranger: str) -> None:
    """Whatever is taken is what the column holds; no trap is taken."""
    assert not guessed(stranger).wrong


def test_nearly_every_column_is_guessed() -> None:
    """Of more than a hundred columns, hardly one is left for a person to name."""
    right = sum(len(guessed(each).right) for each in STRANGERS)
    missed = [column for each in STRANGERS for column in guessed(each).missed]

    assert right > 100
    assert len(missed) <= 0.05 * (right + len(missed)), missed


class Outcome(NamedTuple):
    """The columns of a stranger that were guessed rightly and wrongly, and those missed."""

    right: list[str]
    wrong: dict[str, str]
    missed: list[str]


@cache
def guessed(stranger: str) -> Outcome:
    """Guess the columns of a stranger's extract."""
    columns = STRANGERS[stranger]
    meant = {name: field for name, field, _holds in columns}
    rows = [[VALUES[field or holds](n) for _name, field, holds in columns] for n in range(ROWS)]
    with duckdb.connect() as database:
        named = ", ".join(f"{in_sql(name)} VARCHAR" for name in meant)
        database.execute(f"CREATE TABLE raw ({named})")
        places = ", ".join("?" * len(columns))
        database.executemany(f"INSERT INTO raw VALUES ({places})", rows)  # noqa: S608  its own places
        found, _why = guess_columns(
            database,
            [(Path("extract.csv"), "raw", tuple(meant))],
            half_guess=Path("none/columns.toml"),
        )
    taken = {column: field for field, column in found.table[0].columns.items()}
    return Outcome(
        right=[name for name, field in taken.items() if meant[name] == field],
        wrong={name: field for name, field in taken.items() if meant[name] != field},
        missed=[name for name, field in meant.items() if field and name not in taken],
    )


def test_every_field_of_a_victim_is_in_an_extract() -> None:
    """Strangers have all that the map knows, but for a table of phones and what they never have."""
    tried = {field for columns in STRANGERS.values() for _name, field, _holds in columns}

    assert set(FIELDS) - tried == {"phone_number", "phone_type", "phone_on", "eligible"}
