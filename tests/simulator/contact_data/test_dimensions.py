"""The colours by dimension: none where it was not measured, and each explained by its share."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from simulator.contact_data.terminal import show_data_check
from simulator.contact_data.words_of_columns import ways_named
from simulator.results.share_interval import wilson
from tests.simulator.contact_data.extracts import check, read, rows_of, write


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("Forename",), "first names"),
        (("Forename", "Surname"), "last names"),
        (("DOB",), "dates of birth"),
        (("Safe to contact",), "whether contact is safe"),
    ],
)
def test_nothing_is_complete_unseen(tmp_path: Path, columns: tuple[str, ...], said: str) -> None:
    """Where no column has what must be there, completeness is not measured, and that is said."""
    rows = rows_of({}, {})
    for row in rows:
        for each in columns:
            del row[each]

    result = check(tmp_path, write(tmp_path / "extract.csv", rows)).readiness

    of_all = [result.dimensions, *(each.dimensions for each in result.stations)]
    colours = [{each.dimension: each.colour for each in some} for some in of_all]
    assert [each["completeness"] for each in colours] == ["not measured"] * 2
    assert [each["validity"] for each in colours] == ["green"] * 2
    assert [each for each in result.not_in_extract if each.startswith(said)]


def test_one_column_of_whole_names_is_enough(tmp_path: Path) -> None:
    """It is guessed from a short form, and split. A last name before the first one is left out."""
    rows = rows_of({"Surname": "Wright"}, {"Surname": "Stone"})
    for row in rows:
        row["Vctm Forename/Surname"] = f"{row.pop('Forename')} {row.pop('Surname')}"

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    assert checked.columns.table[0].columns["full_name"] == "Vctm Forename/Surname"
    assert checked.readiness.dimensions[0].dimension == "completeness"
    assert checked.readiness.dimensions[0].colour == "green"
    assert not [each for each in checked.readiness.not_in_extract if "names" in each]
    [first, _second] = read(tmp_path / "out" / "mended-proposal.csv")
    assert (first["given_name"], first["family_name"]) == ("Asha", "Wright")
    assert "full_name" not in ways_named("Surname / Forename")


def test_the_colour_of_accuracy_is_that_of_its_share(tmp_path: Path) -> None:
    """After clean call-backs the share is what the interval leaves sure, and the words say so."""
    file = write(tmp_path / "extract.csv", rows_of(*[{}] * 40))
    check(tmp_path, file, audit_sample=40)
    drawn = read(tmp_path / "out" / "call-back-list.csv")
    rung = write(tmp_path / "rung.csv", [{**each, "right_person": "yes"} for each in drawn])

    checked = check(tmp_path, file, audit_results=rung)

    [accuracy] = [each for each in checked.readiness.dimensions if each.dimension == "accuracy"]
    assert accuracy.colour == "red"
    assert accuracy.sound == int(40 * (1 - wilson(0, 40)[1]))
    console = Console(width=80, record=True, file=StringIO())
    show_data_check(checked, console)
    assert "by the worse end of the interval" in " ".join(console.export_text().split())
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "at least so many, by the worse end of the interval" in page
