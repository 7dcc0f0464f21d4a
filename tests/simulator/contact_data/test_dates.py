"""Dates in the shapes that forces write: a column and one value are read alike."""

import random
from datetime import date
from pathlib import Path

import duckdb
import pytest

from simulator.contact_data.columns import ColumnMap, Table
from simulator.contact_data.contact_readings import insert
from simulator.contact_data.dates import as_date, shape_of, sql_date, sql_is_shaped
from tests.simulator.contact_data.extracts import found

THE_DAY = date(1991, 8, 14)
#: One day in every shape.
WRITTEN = (
    "1991-08-14", "1991/08/14", "1991.8.14", "1991-08-14T00:00:00", "1991-08-14 00:00:00.000",
    "14/08/1991", "14.08.1991", "14-8-1991", "14/08/1991 00:00", "14 Aug 1991", "14-AUG-1991",
    "14Aug1991", "14 August, 1991", "14th August 1991", "14th of August 1991", "Wed 14 Aug 1991",
    "Wednesday, 14 August 1991", "August 14 1991", "Aug 14, 1991", "August 14th, 1991", "14081991",
    "19910814", "33464",
)  # fmt: skip
DAYS = ("14", "3", "03", "31", "30", "29", "3rd", "1st", "13")
MONTHS = ("08", "2", "13", "00", "Aug", "sept", "February", "May", "June", "Foo")
YEARS = ("1991", "1992", "2001", "19")
OTHERS = ("of", "Wed", "Sunday,", "12:30", "T00:00", "44000", "20", "1")
BETWEEN = ("", " ", "-", "/", ".", ", ", ",", "  ")


@pytest.mark.parametrize("written", WRITTEN)
def test_a_day_in_every_shape(written: str) -> None:
    """Each is the same day; a day before its month is so wherever the map says nothing else."""
    assert as_date(written) == THE_DAY


def a_text(draw: random.Random) -> str:
    """Write something like a date: its parts in some order, with signs between, or others too."""
    parts = [draw.choice(DAYS), draw.choice(MONTHS), draw.choice(YEARS)]
    if draw.random() < 0.3:
        draw.shuffle(parts)
    elif draw.random() < 0.3:
        parts.reverse()
    if draw.random() < 0.3:
        parts.insert(draw.randrange(4), draw.choice(OTHERS))
    between = draw.choice(BETWEEN)
    last = between if draw.random() < 0.6 else draw.choice(BETWEEN)
    return last.join((between.join(parts[:-1]), parts[-1])).strip()


@pytest.mark.parametrize("order", ["day first", "month first"])
def test_a_column_and_one_value_are_read_alike(order: str) -> None:
    """On 20,000 texts, nearly dates and dates, with the day or the month first."""
    draw = random.Random(14081991)  # noqa: S311  no secret
    texts = sorted({*WRITTEN, *(a_text(draw) for _text in range(20_000))} - {""})
    database = duckdb.connect()
    database.execute("CREATE TABLE record (written VARCHAR)")
    insert(database, "record", ((each,) for each in texts))
    columns = ColumnMap(
        table=(Table(file="x.csv", rows="victims", columns={"mobile": "m"}),),
        dates="month first" if order == "month first" else "day first",
    )

    rows = database.execute(
        f"SELECT written, {sql_date('written', columns)}, "  # noqa: S608  SQL of the suite's own
        f"{sql_is_shaped('written')} FROM record"
    ).fetchall()

    unlike = [
        (text, day, as_date(text, columns.dates), shaped, shape_of(text))
        for text, day, shaped in rows
        if (day, shaped) != (as_date(text, columns.dates), shape_of(text) != "")
    ]
    assert unlike[:5] == []
    assert sum(day is not None for _text, day, _shaped in rows) > 300
    assert sum(shaped and day is None for _text, day, shaped in rows) > 100


def test_what_is_not_read_is_told_from_what_there_is_not(tmp_path: Path) -> None:
    """A shape that nobody here reads is a question; a day that there is not is a fault."""
    odd = {
        "29/02/1991": "no such date of birth",
        "31 June 1991": "no such date of birth",
        "08/14/1991": "day and month swapped",
        "Aug-91": "a date of birth in a shape that is not read",
        "summer of 1991": "a date of birth in a shape that is not read",
        "1991": "a date of birth in a shape that is not read",
    }
    told = found(tmp_path, *[{"DOB": each, "Surname": ""} for each in (*WRITTEN, *odd)])

    said = {
        each["written"]: (each["what_is_wrong"], each["fault_or_question"])
        for each in told
        if each["field"] == "date_of_birth"
    }
    assert {written: what for written, (what, _which) in said.items()} == odd
    assert {which for what, which in said.values() if "shape" in what} == {"question"}
