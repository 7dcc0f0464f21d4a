"""A force names its records in a file; a mistake in it is one sentence."""

from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.neighbours.force_api.fields import OUR_FIELDS, as_tables, read_fields


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text = OUR_FIELDS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "fields.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_suites_own_names_have_every_pole_entity() -> None:
    """Persons, objects, locations and events; enquiry log, tasks and officers beside them."""
    found = read_fields()

    assert {"person", "object", "location", "occurrence"} <= found.keys()
    assert {"enquiryLogEntry", "task", "officer"} <= found.keys()
    assert found["occurrence"].links["victim"].target == "person"
    assert found["occurrence"].attributes["recordedAt"].is_read_only


def test_another_force_names_its_records_otherwise(tmp_path: Path) -> None:
    """Only the file says what an attribute is called, and where it is kept."""
    path = _changed(tmp_path, 'surname = "lastname"', 'familyName = "lastname"')

    assert "familyName" in read_fields(path)["person"].attributes


def test_a_map_sees_resources_as_tables() -> None:
    """Attributes are columns and relationships are lookups, of which one may lead to another."""
    occurrence = as_tables(read_fields())["occurrence"]

    assert occurrence.by_name["victim"].targets == ("person",)
    assert occurrence.by_name["status"].kind == "String"
    assert (occurrence.id_column, occurrence.keys) == ("id", (("occurrenceNumber",),))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('table = "systemuser"', 'table = "weather"', "officer.table: it is 'weather'; one of"),
        ('path = "officers"', 'path = "changes"', "'path' cannot name it"),
        ('path = "officers"', 'path = "a/b"', "'path' cannot name it"),
        ('path = "officers"', 'path = "persons"', "two of them have one path"),
        ('table = "systemuser"', 'table = "contact"', "two of them show one table"),
        ('name = "fullname"', 'name = "weather"', "systemuser has no column 'weather'; it has"),
        ('name = "fullname"', 'id = "fullname"', "'id' cannot be a name"),
        ('key = "collarNumber"', 'key = "name"', "'name' is over no key of systemuser"),
        ('key = "collarNumber"', 'key = "rank"', "'rank' is no attribute of it; one of name"),
        ('givenName = "firstname"', 'givenName = "csp_homelocation"', "names a row"),
        ("male = 1, female = 2", "male = 1", "gender.codes: give a word for each value"),
        ('town = "csp_town"', 'town = { column = "csp_town", is_date = true }', "is no time"),
        (
            'town = "csp_town"',
            'town = { column = "csp_town", codes = { a = 1 } }',
            "csp_town has no values to name",
        ),
        ('victim = "customerid"', 'victim = "title"', "title names no row of a resource"),
        ('victim = "customerid"', 'team = "customerid"', "team is an attribute and a relation"),
        (
            'required = ["occurrenceNumber", "incidentDescription"]',
            'required = ["occurrenceNumber"]',
            "incident cannot be without title",
        ),
        ("[resources.officer]", "[resource.officer]", "did you mean 'resources'"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    """The sentence names the file, the field and what may stand there."""
    path = _changed(tmp_path, old, new)
    with pytest.raises(BadInput, match=said) as wrong:
        read_fields(path)

    assert str(path) in str(wrong.value)
