"""A table of phones: whose a number is, by its type, and which of several is used."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from simulator.contact_data.columns import ColumnMap, Table, Words, write_column_map
from simulator.contact_data.kinds import BY_KIND
from tests.simulator.contact_data.extracts import SOUND, check, mapped, read, write

MINE = ("mobile", "Mob", "MOBILE", "Mobile phone", "cell", "Personal mobile", "mobile - personal")
OTHERS = (
    "Old mobile", "Partner mobile", "Ex mobile", "Mum's mobile", "Mobile (do not use)",
    "Mobile - stolen", "Suspect mobile", "Solicitor mobile", "OIC mobile", "Mobile invalid",
    "Not mobile", "mobbing", "other", "",
)  # fmt: skip
PERSON = {each: SOUND[each] for each in ("Crime No", "Nominal", "Role", "Forename", "Surname",
                                         "DOB", "Safe to contact", "Status")}  # fmt: skip


def told(
    folder: Path, phones: list[Mapping[str, str]], words: Words | None = None
) -> list[dict[str, str]]:
    """Check a person for each nominal of the phones; return who is told."""
    ids = list(dict.fromkeys(each["Nominal"] for each in phones))
    people = [
        {**PERSON, "Crime No": f"C{number}", "Nominal": each, "DOB": f"07/03/19{60 + number}"}
        for number, each in enumerate(ids)
    ]
    files = write(folder / "people.csv", people), write(folder / "phones.csv", phones)
    fields = {"occurrence_id": "Crime No", "person_id": "Nominal", "role": "Role",
              "given_name": "Forename", "family_name": "Surname", "date_of_birth": "DOB",
              "safe_to_contact": "Safe to contact", "status": "Status"}  # fmt: skip
    tables = (
        Table(file="people.csv", rows="victims", columns=fields),
        Table(
            file="phones.csv",
            rows="phone",
            columns={"person_id": "Nominal", "phone_number": "No", "phone_type": "Type",
                     "phone_on": "From"},
        ),
    )  # fmt: skip
    write_column_map(folder / "map.toml", ColumnMap(table=tables, words=words or Words()))
    check(folder, *files, column_map=folder / "map.toml")
    by_id = {each["person_id"]: each for each in read(folder / "out" / "who-can-be-told.csv")}
    return [by_id[each] for each in ids]


def phone(nominal: str, kind: str, last: int, since: str = "01/02/2026") -> dict[str, str]:
    """Make one row of phones."""
    return {"Nominal": nominal, "No": f"07700900{last:03d}", "Type": kind, "From": since}


def test_only_a_listed_type_is_the_victims_mobile(tmp_path: Path) -> None:
    """Each other type that says mobile is a question, and is never used."""
    kinds = (*MINE, *OTHERS)

    rows = told(tmp_path, [phone(f"N{place}", kind, place) for place, kind in enumerate(kinds)])

    assert [each["can_be_told"] for each in rows] == ["yes"] * len(MINE) + ["no"] * len(OTHERS)
    asked = [each for each in read(tmp_path / "out" / "worklist.csv")
             if each["what_is_wrong"] == BY_KIND["phone_type_unknown"].what]  # fmt: skip
    assert sorted(each["written"] for each in asked) == sorted(
        kind.lstrip("'") or "no type" for kind in OTHERS
    )
    assert {each["fault_or_question"] for each in asked} == {"question"}


def test_the_newest_listed_number_counts(tmp_path: Path) -> None:
    """A newer number of somebody else's does not take its place, and one in doubt is not used."""
    rows = told(
        tmp_path,
        [
            phone("N1", "mobile", 1, "01/02/2024"), phone("N1", "mobile", 2, "01/02/2020"),
            phone("N1", "Partner mobile", 3, "01/02/2026"), phone("N1", "home", 4),
            phone("N2", "mobile", 5, "01/02/2020"), phone("N2", "Suspect mobile", 5),
        ],
    )  # fmt: skip

    assert [each["by_text"] for each in rows] == ["07700900001", ""]


def test_a_force_has_types_of_its_own(tmp_path: Path) -> None:
    """The map's words say which types are the victims' mobiles."""
    rows = told(
        tmp_path,
        [phone("N1", "Handy", 1), phone("N2", "mobile", 2)],
        Words(mobile_types=("handy",)),
    )

    assert [each["by_text"] for each in rows] == ["07700900001", ""]


@pytest.mark.parametrize("column", ["Other Party Mobile", "2nd person mobile", "OtherPartyMob"])
def test_another_partys_mobile_is_not_the_victims(tmp_path: Path, column: str) -> None:
    """A column of somebody else's numbers is not guessed, though it has mobiles alone."""
    row = {each: value for each, value in SOUND.items() if each not in ("Mobile", "Home Tel")}
    columns = mapped(tmp_path, write(tmp_path / "people.csv", [{**row, column: SOUND["Mobile"]}]))

    used = columns.table[0].columns
    assert "email" in used
    assert column not in used.values()
