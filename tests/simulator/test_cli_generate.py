"""`portal-suite generate` writes a crowd in every format; a mistake is a sentence."""

import csv
import json
import sqlite3
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.simulator.command_line import Said, portal_suite

Capsys = pytest.CaptureFixture[str]


def generated(capsys: Capsys, out: Path, *more: str) -> Said:
    """Generate a few people."""
    return portal_suite(capsys, "generate", "--people", "300", "--seed", "4", "--out", out, *more)


def test_every_format_holds_the_same(capsys: Capsys, tmp_path: Path) -> None:
    """Parquet, CSV, JSON lines and SQLite: one crowd, faults as lists or as JSON text."""
    for suffix in ("parquet", "csv", "jsonl", "sqlite"):
        said = generated(capsys, tmp_path / f"people.{suffix}")
        assert said.code == 0, said.words
        assert f"people.{suffix} (" in said.out
    rows = pl.read_parquet(tmp_path / "people.parquet").to_dicts()
    with (tmp_path / "people.csv").open(encoding="utf-8", newline="") as file:
        comma = list(csv.DictReader(file))
    lines = (tmp_path / "people.jsonl").read_text(encoding="utf-8").splitlines()
    connection = sqlite3.connect(tmp_path / "people.sqlite")
    connection.row_factory = sqlite3.Row
    table = connection.execute("SELECT * FROM people").fetchall()
    connection.close()

    assert len(rows) == len(comma) == len(lines) == len(table) > 300
    for row, in_csv, line, in_table in zip(rows, comma, lines, table, strict=True):
        whole = json.loads(line)
        assert row["record_id"] == in_csv["record_id"] == whole["record_id"] == in_table[0]
        assert row["faults"] == json.loads(in_csv["faults"]) == whole["faults"]
        assert json.loads(in_table["faults"]) == row["faults"]
        assert str(row["date_of_birth"]) == in_csv["date_of_birth"] == in_table["date_of_birth"]
        assert row["recorded_mobile"] == in_csv["recorded_mobile"] == in_table["recorded_mobile"]
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_a_file_is_not_written_over(capsys: Capsys, tmp_path: Path) -> None:
    """An existing file stays as it is, unless --replace says otherwise."""
    out = tmp_path / "people.csv"
    out.write_text("a file that somebody needs", encoding="utf-8")

    said = generated(capsys, out)

    assert said.code == 2
    assert f"--out: {out} is there already; name another file, or add --replace" in said.words
    assert out.read_text(encoding="utf-8") == "a file that somebody needs"
    again = generated(capsys, out, "--replace")
    assert again.code == 0
    assert " victims " in again.out
    assert "may be told by a text or an email at any time; not the others: " in again.out
    assert out.read_text(encoding="utf-8").startswith("record_id,")


def test_rates_are_printed(capsys: Capsys, tmp_path: Path) -> None:
    """With training, what it stopped is printed too."""
    said = generated(
        capsys,
        tmp_path / "people.csv",
        *("--rates", "--numbers", "drama", "--force", "hampshire"),
        *("--entry-checks", "scenarios/data-quality/training.toml"),
    )

    assert said.code == 0, said.words
    assert "Kind of fault" in said.out
    assert "Stopped by 'names read back'" in said.out


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        ("people.xlsx", "give a name that ends in one of .parquet, .csv, .jsonl, .sqlite"),
        ("nowhere/people.csv", "is not there; create it"),
        ("people.parqet", "did you mean '.parquet'?"),
    ],
)
def test_a_bad_name_is_a_sentence(capsys: Capsys, tmp_path: Path, out: str, sentence: str) -> None:
    """Before anything is made, it says what to give."""
    assert sentence in generated(capsys, tmp_path / out).misuse
    assert list(tmp_path.iterdir()) == []


def test_rates_with_a_mistake_are_a_sentence(capsys: Capsys, tmp_path: Path) -> None:
    """The file, the field and the mend."""
    path = tmp_path / "rates.toml"
    path.write_text("name_wrong = 3\n", encoding="utf-8")

    said = generated(capsys, tmp_path / "people.csv", "--data-quality", str(path))

    assert str(path) in said.misuse
    assert "name_wrong" in said.misuse


def test_without_polars_it_says_how_to_install_it(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, with the extra."""
    monkeypatch.setitem(sys.modules, "polars", None)

    said = generated(capsys, tmp_path / "people.csv")

    assert "pip install 'portal-suite[data]'" in said.misuse
