"""One person in several records: what holds one back holds each of them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from simulator.contact_data.kinds import BY_KIND
from tests.simulator.contact_data.extracts import found, read

JO = {"Forename": "Jo", "Surname": "Hall", "DOB": "07/03/1984"}
SAFE_IN_ONE = BY_KIND["safe_in_one_record"].what
BY_ANOTHER = "another record of the same person holds contact back"


@pytest.mark.parametrize(
    "same",
    [
        {"Nominal": "N77"},
        {"Mobile": "07700900777", "Forename": "Jo", "Surname": "Hall"},
        JO,
    ],
    ids=["number", "mobile and name", "name and date of birth"],
)
def test_not_safe_in_one_record_is_not_safe_in_any(tmp_path: Path, same: Mapping[str, str]) -> None:
    """One person with two answers is told in neither crime, and that is a fault."""
    work = found(tmp_path, {**same}, {**same, "Safe to contact": "no"}, {})

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["no", "no", "yes"]
    assert [each["why_not"] for each in told] == [BY_ANOTHER, "contact is not safe", ""]
    asked = [each for each in work if each["what_is_wrong"] == SAFE_IN_ONE]
    assert [(each["row"], each["fault_or_question"]) for each in asked] == [("1", "fault")]


def test_a_warning_holds_for_every_record_of_the_person(tmp_path: Path) -> None:
    """From record to record: by the number of the person, and then by mobile and name."""
    mobile = {"Mobile": "07700900777", "Forename": "Jo", "Surname": "Hall"}

    found(
        tmp_path,
        {"Nominal": "N77", "Notes": "husband checks her phone"},
        {"Nominal": "N77", **mobile},
        {"Nominal": "N78", **mobile},
        {"Nominal": "N79", "Mobile": "07700900777", "Forename": "Ann", "Surname": "Hall"},
    )

    told = read(tmp_path / "out" / "who-can-be-told.csv")
    assert [each["can_be_told"] for each in told] == ["no", "no", "no", "yes"]
