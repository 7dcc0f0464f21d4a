"""The map of columns: guessed, saved, corrected and given again; one table or several."""

from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from simulator.contact_data.columns import read_column_map
from simulator.contact_data.terminal import show_data_check
from simulator.errors import BadInput
from tests.simulator.contact_data.extracts import SOUND, check, mapped, read, rows_of, write

#: All of them together.
pytestmark = pytest.mark.slow(seconds=18)

#: A force's own tables: crimes, who is linked to them, persons, and their phones with dates.
CONTACTS = Path("fixtures/contacts")
TABLES = {
    "crimes.csv": [
        {"OccNo": "C1", "State": "open", "Team": "Oxford", "HO Offence": "burglary"},
        {"OccNo": "C2", "State": "open", "Team": "Slough", "HO Offence": "burglary"},
        {"OccNo": "C3", "State": "filed", "Team": "Slough", "HO Offence": "robbery"},
    ],
    "links.csv": [
        {"OccNo": "C1", "Nominal": "N1", "Involvement": "victim"},
        {"OccNo": "C1", "Nominal": "N2", "Involvement": "suspect"},
        {"OccNo": "C3", "Nominal": "N3", "Involvement": "reporter"},
    ],
    "persons.csv": [
        {"Nominal": "N1", "Name": "OKAFOR, Asha", "E-mail": "asha@example.com", "Safe": "Y"},
        {"Nominal": "N2", "Name": "SHAH, Ben", "E-mail": "", "Safe": ""},
        {"Nominal": "N3", "Name": "OWEN, Chloe", "E-mail": "chloe@example.com", "Safe": "Y"},
        {"Nominal": "N4", "Name": "WALKER, Dan", "E-mail": "dan@example.com", "Safe": "Y"},
    ],
    "phones.csv": [
        {"Nominal": "N1", "Number": "07700900101", "Type": "Mobile", "From": "01/02/2020"},
        {"Nominal": "N1", "Number": "07700900102", "Type": "Mobile", "From": "01/02/2026"},
        {"Nominal": "N1", "Number": "01184960101", "Type": "Home", "From": "01/02/2021"},
        {"Nominal": "N4", "Number": "07700900104", "Type": "mob", "From": "01/02/2026"},
    ],
}


def test_several_tables_become_one(tmp_path: Path) -> None:
    """Crimes, links, persons and phones are joined; the newest mobile counts; loose ends show."""
    files = [write(tmp_path / name, rows) for name, rows in TABLES.items()]

    checked = check(tmp_path, *files)

    assert [each.rows for each in checked.columns.table] == [
        "occurrence", "link", "person", "phone",
    ]  # fmt: skip
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    reached = [each for each in told if each["can_be_told"] == "yes"]
    assert [(each["occurrence_id"], each["by_text"]) for each in reached] == [("C1", "07700900102")]
    loose = {
        (each["occurrence_id"], each["person_id"]): each["what_is_wrong"]
        for each in read(tmp_path / "out" / "worklist.csv")
        if each["field"] == "role"
    }
    assert loose == {
        ("C2", ""): "a crime that no victim is linked to",
        ("C3", "N3"): "the crime has no victim: is this person the victim?",
        ("", "N4"): "a person linked to no crime",
    }
    assert checked.readiness.headline.crimes == 2
    assert checked.readiness.headline.reached == 1


def test_columns_without_telling_names_are_guessed_by_contents(tmp_path: Path) -> None:
    """Phones, addresses and dates of birth are recognised; what is unclear is left out."""
    given = ("Mobile", "Home Tel", "Email", "DOB", "Surname")
    renamed = dict(zip(given, ("a1", "a2", "a3", "a4", "Surname"), strict=True))
    rows = [{renamed[name]: row[name] for name in given} for row in rows_of(*[{}] * 5)]

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    [table] = checked.columns.table
    assert table.columns == {
        "family_name": "Surname", "date_of_birth": "a4", "mobile": "a1", "landline": "a2",
        "email": "a3",
    }  # fmt: skip
    assert {each.column for each in checked.guessed if each.why == "its contents"} == {
        "a1", "a2", "a3", "a4",
    }  # fmt: skip


#: A force's own names of columns, none of them listed, with values for three people.
OWN_NAMES = {
    "URN": ("occurrence_id", "C/1/26", "C/2/26", "C/3/26"),
    "Nom Ref": ("person_id", "P1", "P2", "P3"),
    "Vict First": ("given_name", "Sarah", "Tom", "Nia"),
    "VictLast": ("family_name", "Bennett", "Clarke", "Shah"),
    "BIRTH_DT": ("date_of_birth", "01/02/1980", "02/03/1981", "03/04/1982"),
    "OK to ring?": ("safe_to_contact", "Yes", "No", ""),
    "Nick/Stn": ("station", "Banbury", "Oxford", "Oxford"),
    "Sgt in charge": ("supervisor", "PS 12", "PS 13", "PS 13"),
    "Reported via": ("entry_route", "999", "Web", "Web"),
    "State of play": ("status", "Live", "Live", "Filed"),
    "Logged": ("recorded_on", "01/10/2026", "02/10/2026", "02/10/2026"),
    "Date finalised": ("closed_on", "", "", "03/10/2026"),
}
PHONES: dict[str, tuple[str, ...]] = {
    "Cell": ("mobile", "07700900123", "07700900124", "07700900125")
}


def own(columns: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Make rows of columns; what each holds stands before its values."""
    return [{name: each[place] for name, each in columns.items()} for place in (1, 2, 3)]


def test_names_of_a_forces_own_are_guessed_by_their_words(tmp_path: Path) -> None:
    """A column that says that contact is not safe is not missed for its name."""
    columns = OWN_NAMES | PHONES
    checked = check(tmp_path, write(tmp_path / "extract.csv", own(columns)))

    [table] = checked.columns.table
    assert table.columns == {each[0]: name for name, each in columns.items()}
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes", "no", "no"]


def test_tables_with_names_of_their_own_are_joined(tmp_path: Path) -> None:
    """The number that joins persons, links and phones is understood, and so is a kind of phone."""
    names = {
        "OccNo": "Crime Ref No", "State": "State of crime", "Team": "Owning station",
        "Nominal": "Nom URN", "Involvement": "Nominal role", "Safe": "Okay to phone",
        "Number": "Tel number", "Type": "Tel kind", "From": "Since",
    }  # fmt: skip
    files = [
        write(tmp_path / file, [{names.get(name, name): row[name] for name in row} for row in rows])
        for file, rows in TABLES.items()
    ]

    checked = check(tmp_path, *files)

    tables = checked.columns.table
    assert len([each for each in checked.guessed if each.column == "Tel number"]) == 1
    assert [each.rows for each in tables] == ["occurrence", "link", "person", "phone"]
    assert tables[3].columns == {
        "person_id": "Nom URN", "phone_type": "Tel kind", "phone_number": "Tel number",
        "phone_on": "Since",
    }  # fmt: skip
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert told[0]["by_text"] == "07700900102"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("OK to contact for survey", ("Yes", "Yes", "No")),
        ("Not safe to ring", ("Yes", "Yes", "No")),
        ("OK to ring", ("after six", "mornings", "ask first")),
        ("Last contact", ("01/02/2026", "02/02/2026", "03/02/2026")),
        ("Last", ("01/02/2026", "02/02/2026", "03/02/2026")),
        ("First", ("1", "2", "3")),
        ("Vict status", ("well", "well", "injured")),
        ("Amended", ("yes", "no", "no")),
    ],
)
def test_a_name_half_understood_is_left_out(
    tmp_path: Path, name: str, values: tuple[str, ...]
) -> None:
    """A word too many, or values of another kind: what is missing is noticed, what is wrong not."""
    rows = own({name: ("", *values), **PHONES})

    [table] = mapped(tmp_path, write(tmp_path / "extract.csv", rows)).table

    assert table.columns == {"mobile": "Cell"}


def test_of_two_columns_that_may_be_one_field_none_is_taken(tmp_path: Path) -> None:
    """Somebody who knows the extract says which it is."""
    names = ("", "A", "B", "C")
    columns = mapped(
        tmp_path,
        write(
            tmp_path / "extract.csv",
            own({"Sgt in charge": names, "Sergeant name": names, **PHONES}),
        ),
    )

    assert "supervisor" not in columns.table[0].columns


def test_a_column_called_notes_that_warns_is_read(tmp_path: Path) -> None:
    """Whatever else it is called; without a warning, or where two are like it, none is taken."""
    rows = rows_of({}, {"Notes": "lives with offender"})
    for row in rows:
        row["IDVA-ish remarks"] = row.pop("Notes")
    check(tmp_path, write(tmp_path / "extract.csv", rows))
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["yes", "no"]

    for row in rows:
        row["MO-ish notes"] = row["IDVA-ish remarks"]
    (tmp_path / "out" / "columns.toml").unlink()
    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))
    assert not checked.columns.has("notes")
    assert {each.column for each in checked.guessed if each.warnings} == {
        "IDVA-ish remarks",
        "MO-ish notes",
    }


def test_what_is_not_used_is_shown(tmp_path: Path) -> None:
    """A column with a name of the force's own may be what the check misses."""
    rows = rows_of({}, {})
    for row in rows:
        row["Cleared [by] DV unit"] = row.pop("Safe to contact")
        row["Stn"] = row.pop("Station")
    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))
    console = Console(width=80, record=True, file=StringIO())
    show_data_check(checked, console)
    shown = " ".join(console.export_text().split())

    assert "Not used: 'Cleared [by] DV unit'." in shown
    assert "If a column says it, name it in the map." in shown
    assert checked.columns.table[0].columns["station"] == "Stn"


def test_a_corrected_map_is_used_and_never_written_over(tmp_path: Path) -> None:
    """What a person corrected stays; without --map the next run says so instead of guessing."""
    file = write(tmp_path / "extract.csv", rows_of({"Notes": "07700900555", "Mobile": ""}))
    assert mapped(tmp_path, file).table[0].columns["mobile"] == "Mobile"
    saved = tmp_path / "out" / "columns.toml"
    corrected = saved.read_text().replace('mobile = "Mobile"', 'mobile = "Notes"')
    saved.write_text(corrected.replace('notes = "Notes"\n', ""))

    with pytest.raises(BadInput, match="there is a map already, other than today's guess"):
        check(tmp_path, file)
    check(tmp_path, file, column_map=saved)

    [told] = read(tmp_path / "out" / "who-can-be-told.csv")
    assert told["by_text"] == "07700900555"
    assert 'mobile = "Notes"' in saved.read_text()


@pytest.fixture(scope="module")
def guessed_map(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An extract, and the map that a check of it wrote."""
    folder = tmp_path_factory.mktemp("guessed")
    file = write(folder / "extract.csv", rows_of({}))
    mapped(folder, file)
    return file, folder / "out" / "columns.toml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('mobile = "Mobile"', 'mobile = "Mobil"', "does not have; did you mean 'Mobile'?"),
        ('mobile = "Mobile"', 'mobil = "Mobile"', "mobil: no such field; did you mean 'mobile'?"),
        ('file = "extract.csv"', 'file = "other.csv"', "which is not among the files given"),
        ("green_from = 0.98", "green_from = 98", "limits.green_from"),
        ('rows = "victims"', 'rows = "phone"', "no column is given for phone_number; add it"),
        ("test_mobiles = []", 'test_mobiles = ["077"]', "test numbers begin with 04 or 06"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_map_is_named(
    guessed_map: tuple[Path, Path], tmp_path: Path, old: str, new: str, said: str
) -> None:
    """One sentence with the file, the field, the value and how to mend it."""
    file, guessed = guessed_map
    assert old in guessed.read_text()
    saved = tmp_path / "columns.toml"
    saved.write_text(guessed.read_text().replace(old, new))

    with pytest.raises(BadInput) as error:
        check(tmp_path, file, column_map=saved)

    assert said in str(error.value)
    assert str(error.value).startswith(str(saved))


def test_an_extract_of_no_people_is_refused(tmp_path: Path) -> None:
    """It says which columns there are, and what to do."""
    file = write(tmp_path / "extract.csv", [{"Colour": "red", "Size": "3"}])

    with pytest.raises(BadInput, match=r"no column looks like a name.*Colour, Size.*--map"):
        check(tmp_path, file)


def test_tables_that_nothing_joins_are_refused(tmp_path: Path) -> None:
    """It says which file lacks which column, and what to do."""
    [person] = TABLES["persons.csv"][:1]
    files = [
        write(tmp_path / "crimes.csv", TABLES["crimes.csv"]),
        write(tmp_path / "persons.csv", [{"Who": "N1", **person, "Nominal": ""}]),
    ]
    text = files[1].read_text(encoding="utf-8").replace("Nominal", "Whose")
    files[1].write_text(text, encoding="utf-8")

    said = r"persons.csv: rows are 'person', and no column is given for person_id.*Whose.*--map"
    with pytest.raises(BadInput, match=said):
        check(tmp_path, *files)


def test_the_truth_of_made_up_people_is_never_read(tmp_path: Path) -> None:
    """Columns that begin with true_ are left alone, and the record's own columns win."""
    rows = [
        {"record_id": "R1", "person_id": "P1", "given_name": "Asha", "family_name": "Okafor",
         "true_mobile": "06930000001", "recorded_given_name": "Mrs Asha",
         "recorded_family_name": "Okafor", "recorded_mobile": "06930000001", "faults": "[]"}
    ]  # fmt: skip

    columns = mapped(tmp_path, write(tmp_path / "people.csv", rows))

    [table] = columns.table
    assert table.columns["given_name"] == "recorded_given_name"
    assert table.columns["person_id"] == "record_id"
    assert "true_mobile" not in table.columns.values()
    assert columns.test_mobiles == ("069",)


def test_a_sound_extract_has_every_field_guessed(tmp_path: Path) -> None:
    """Each column of the tests' own extract is named for a reason."""
    mapped(tmp_path, write(tmp_path / "extract.csv", rows_of({})))
    saved = (tmp_path / "out" / "columns.toml").read_text()

    assert all(f'"{column}"' in saved for column in SOUND)


def test_a_warning_in_a_column_that_is_not_used_is_told(tmp_path: Path) -> None:
    """A column that nothing was guessed of, with "do not text" in it, would be missed else."""
    rows = rows_of({}, {}, {})
    for row, text in zip(rows, ("", "do not text, he reads her phone", "fine"), strict=True):
        row["Misc 7"] = text
    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))
    console = Console(width=80, record=True, file=StringIO())
    show_data_check(checked, console)
    shown = " ".join(console.export_text().split())

    assert "'Misc 7' says not to contact in 1 row, and is not used: nobody is told there" in shown
    assert shown.count("says not to contact") == 1


def test_two_columns_that_may_both_be_it_are_told(tmp_path: Path) -> None:
    """Whether contact is safe is too grave to be left out without a word."""
    rows = rows_of({}, {})
    for row in rows:
        row["OK to text"] = row["OK to ring"] = row.pop("Safe to contact")
        row["Typed by"] = "PC 412 Green"
    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))
    console = Console(width=80, record=True, file=StringIO())
    show_data_check(checked, console)
    shown = " ".join(console.export_text().split())

    assert "'OK to text' and 'OK to ring' may be safe_to_contact (whether contact is safe)" in shown
    assert not checked.columns.has("safe_to_contact")
    assert not checked.columns.has("recorded_by_role")


def test_one_column_that_says_it_of_all_channels_is_taken(tmp_path: Path) -> None:
    """Beside "OK to text", "Safe to contact" is the one."""
    rows = rows_of({}, {})
    for row in rows:
        row["OK to text"] = "no"
    columns = mapped(tmp_path, write(tmp_path / "extract.csv", rows))

    assert columns.table[0].columns["safe_to_contact"] == "Safe to contact"


def four_tables(folder: Path, *, crime: str) -> list[Path]:
    """Write the four tables with other names; the crimes' own number is called `crime`."""
    names = {"crimes.csv": {"OccNo": crime}, "links.csv": {"OccNo": "Crime URN"}}
    return [
        write(
            folder / file,
            [{names.get(file, {}).get(name, name): row[name] for name in row} for row in rows],
        )
        for file, rows in TABLES.items()
    ]


def test_a_urn_is_a_crimes_where_nobody_is_named(tmp_path: Path) -> None:
    """A table of crimes is one by its status and offence, and its bare number joins it."""
    checked = check(tmp_path, *four_tables(tmp_path, crime="URN"))

    tables = checked.columns.table
    assert [each.rows for each in tables] == ["occurrence", "link", "person", "phone"]
    assert tables[0].columns["occurrence_id"] == "URN"
    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert told[0]["by_text"] == "07700900102"


def test_a_half_guess_is_saved_to_be_filled_in(tmp_path: Path) -> None:
    """The error names the one file and its own columns; the saved map has a blank to fill in."""
    files = four_tables(tmp_path, crime="Main thing")
    with pytest.raises(BadInput) as error:
        check(tmp_path, *files)

    saved = tmp_path / "out" / "columns.toml"
    said = str(error.value)
    assert said.startswith(
        "crimes.csv: rows are 'occurrence', and no column is given for occurrence_id (its columns: "
    )
    assert "Nominal" not in said
    assert f"What was guessed is saved in {saved}: name the columns that are blank there" in said
    with pytest.raises(BadInput, match=r"There is a map already: give it with --map"):
        check(tmp_path, *files)
    with pytest.raises(BadInput, match=r"crimes.csv: columns.occurrence_id: it is ''"):
        check(tmp_path, *files, column_map=saved)

    text = saved.read_text(encoding="utf-8")
    assert text.count('occurrence_id = ""') == 1
    saved.write_text(text.replace('occurrence_id = ""', 'occurrence_id = "Main thing"'))
    checked = check(tmp_path, *files, column_map=saved)
    assert [each.rows for each in checked.columns.table] == [
        "occurrence", "link", "person", "phone",
    ]  # fmt: skip


def test_the_map_of_several_tables_in_the_docs_is_the_fixtures(tmp_path: Path) -> None:
    """The page shows the whole file that its command gives, and it says what the guess says."""
    shown = (CONTACTS / "tables.toml").read_text(encoding="utf-8")
    page = Path("docs/contact_data.md").read_text(encoding="utf-8")
    files = [CONTACTS / file for file in TABLES]

    assert f"```toml\n{shown}```" in page
    assert read_column_map(CONTACTS / "tables.toml", files) == mapped(tmp_path, *files)
