"""Files as forces send them: any encoding, separator, mark and quotes; or one clear error."""

from pathlib import Path

import duckdb
import pytest

from simulator.errors import BadInput
from tests.simulator.contact_data.extracts import SOUND, check, read, rows_of, write

#: All of them together.
pytestmark = pytest.mark.slow(seconds=10)

QUOTE = "; quote a value that holds the separator, or correct the line"
ADD = "; add a first line with the names of the columns"
CORRECT = "; correct the line"
SAVE = "; save the file as CSV in UTF-8"
ROWS = rows_of({"Surname": "Núñez"}, {"Surname": "O'Neill, the younger", "Notes": 'says "ring"'})


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("utf-16", "|")],
)
def test_any_encoding_and_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    """Names come through whole, with their accents, commas and quotation marks."""
    rows = [list(SOUND), *(list(each.values()) for each in ROWS)]
    text = "\r\n".join(
        separator.join('"' + value.replace('"', '""') + '"' for value in row) for row in rows
    )
    path = tmp_path / "extract.csv"
    path.write_bytes((text + "\r\n").encode(encoding))

    checked = check(tmp_path, path)

    mended = read(tmp_path / "out" / "mended-proposal.csv")
    assert [each["family_name"] for each in mended] == ["Núñez", "O'Neill, the younger"]
    assert checked.readiness.records == 2


def test_rows_of_separators_are_no_records(tmp_path: Path) -> None:
    """A spreadsheet leaves them at the end; as crimes they would spoil the headline."""
    path = tmp_path / "extract.csv"
    path.write_text(
        "Crime No,Surname,Mobile,Safe\nC1,Shah,07700900123,y\n,,,\n,,,\n", encoding="utf-8"
    )

    headline = check(tmp_path, path).readiness.headline

    assert (headline.crimes, headline.reached) == (1, 1)


def test_two_encodings_in_one_file(tmp_path: Path) -> None:
    """A line that another system added spoils no other line; a wrong line is still named."""
    head = "Surname,Mobile,Straße\nÁlvarez,07700900123,\n".encode()
    path = tmp_path / "extract.csv"
    path.write_bytes(head + "Núñez,07700900124,\n".encode("cp1252"))

    checked = check(tmp_path, path)

    mended = read(tmp_path / "out" / "mended-proposal.csv")
    assert [each["family_name"] for each in mended] == ["Álvarez", "Núñez"]
    assert [each.column for each in checked.guessed if not each.field] == ["Straße"]
    path.write_bytes(head + "Núñez,1\n".encode("cp1252"))
    with pytest.raises(BadInput, match="line 3, column 2"):
        check(tmp_path, path, column_map=tmp_path / "out" / "columns.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "line 1: empty; give a first line with the names of the columns"),
        (
            b"Surname,Mobile\n",
            "no rows after the names of the columns; export the records, or leave the file out",
        ),
        (
            b"Shah,07700900123,Shah\nOwen,07700900124,Owen\n",
            "line 1, column 2: it holds a phone, an email or a date, so the line is a record" + ADD,
        ),
        (
            b'{"Surname":"Shah","Mobile":"07700900123"}\n',
            "line 1: JSON; save it as CSV in UTF-8, or as Parquet",
        ),
        (
            b",".join(b"c%d" % number for number in range(20_000)) + b"\n",
            "line 1: it has more than 1,000 columns; export only what the check needs",
        ),
        (b"a,a\n1,2\n", "line 1, column 2: a second column is named 'a'; rename one"),
        (b"a,,b\n1,2,3\n", "line 1, column 2 (after 'a'): no name; give the column one"),
        (
            b"Surname,Mobile\nShah,1\nOwen,2,3\n",
            "line 3, column 2 ('Mobile'): the line has 3 columns and the first line 2" + QUOTE,
        ),
        (
            b"Surname,Mobile\nShah,1\nOwen\n",
            "line 3, column 1 ('Surname'): the line has 1 columns and the first line 2" + QUOTE,
        ),
        (
            b'Surname,Mobile\nShah,1\n"Owen,2\n',
            "line 3: a quotation mark opens here and never closes; correct the line",
        ),
        (
            b'Surname,Mobile\nShah,1\n"Owen"x,2\n',
            "line 3: text follows a closing quotation mark; double the marks inside a value"
            + CORRECT,
        ),
        (
            b"Surname,Mobile\nShah,1\nOw\x00en,2\n",
            "line 3: holds a zero byte, so it is no text file; save it as CSV in UTF-8",
        ),
        (
            "Surname,Mobile\nShah,1\nNúñez,2\n".encode("cp1252") + b"x,\x81\n",
            "line 4, column 2 ('Mobile'): byte 0x81 is neither UTF-8 nor Windows-1252" + SAVE,
        ),
    ],
)
def test_what_cannot_be_read_has_one_error(tmp_path: Path, text: bytes, said: str) -> None:
    """It names the file, the line and the column, and how to mend it; no result is left."""
    path = tmp_path / "extract.csv"
    path.write_bytes(text)

    with pytest.raises(BadInput) as error:
        check(tmp_path, path)

    assert str(error.value) == f"{path}: {said}"
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The path is named."""
    with pytest.raises(BadInput, match=r"x\.csv: not a file; check the path"):
        check(tmp_path, tmp_path / "x.csv")


@pytest.mark.parametrize("suffix", [".jsonl", ".sqlite", ".xlsx", ".zip", ".PDF"])
def test_another_kind_of_file_is_refused_by_its_name(tmp_path: Path, suffix: str) -> None:
    """Nothing of it is read, and no value shown."""
    path = tmp_path / f"extract{suffix}"
    path.write_text('{"Surname":"Never shown"}\n', encoding="utf-8")

    with pytest.raises(BadInput, match="save it as CSV in UTF-8, or as Parquet") as error:
        check(tmp_path, path)

    assert str(path) in str(error.value)
    assert "Never shown" not in str(error.value)


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    """It says so, as a CSV file does."""
    path = tmp_path / "extract.parquet"
    duckdb.execute(f"COPY (SELECT 'x' AS Surname LIMIT 0) TO '{path}' (FORMAT parquet)")

    with pytest.raises(BadInput, match="no rows after the names of the columns"):
        check(tmp_path, path)


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    """It is no Parquet file, whatever its name says."""
    path = tmp_path / "extract.parquet"
    path.write_bytes(b"Surname,Mobile\n")

    with pytest.raises(BadInput, match="not a Parquet file"):
        check(tmp_path, path)


SHAPES = (
    "07/03/1984", "7.3.1984", "1984-03-07", "7 Mar 1984", "07-March-1984", "19840307", "30748",
    "1984-03-07T00:00:00Z", "07/03/1984 00:00:00",
)  # fmt: skip


def test_dates_in_every_shape(tmp_path: Path) -> None:
    """Each is 7 March 1984, and no fault."""
    rows = rows_of(*({"DOB": written} for written in SHAPES), {"DOB": "25/12/1990"})

    check(tmp_path, write(tmp_path / "extract.csv", rows))

    assert read(tmp_path / "out" / "worklist.csv") == []


def test_months_first_where_the_extract_says_so(tmp_path: Path) -> None:
    """In an American extract 12/25/1990 is right, and 25/12/1990 is the swap."""
    rows = rows_of({"DOB": "12/25/1990"}, {"DOB": "11/30/1980"}, {"DOB": "25/12/1990"})

    checked = check(tmp_path, write(tmp_path / "extract.csv", rows))

    assert checked.columns.dates == "month first"
    [work] = read(tmp_path / "out" / "worklist.csv")
    assert (work["row"], work["may_be"]) == ("3", "1990-12-25")
