"""What a spreadsheet would run is written as text, in every file of a check."""

import duckdb
import pytest

from simulator.contact_data.database import safe_cell, safe_text

RUNS = ["=1", "@a", "+1+cmd|'/C calc'!A0", "-2+3+cmd|x", "＝1", " =1", "\tx", "+a"]
TEXT = ["07700 900123", "+44 7700 900123", "-5", "a=b", "", "Alex"]


@pytest.mark.parametrize("value", [*RUNS, *TEXT])
def test_a_formula_has_a_quote_before_it(value: str) -> None:
    """A sign is a number's where digits and spaces alone follow; SQL and Python agree."""
    [(cell,)] = duckdb.execute(f"SELECT {safe_cell('$1')}", [value]).fetchall()

    assert cell == (f"'{value}" if value in RUNS else value)
    assert safe_text(value) == cell
