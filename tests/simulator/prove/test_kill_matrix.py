"""Rules of the kill matrix: it reads as it was written, and every difference is a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.prove.kill_matrix import changes, gone, matrix_csv, read_matrix
from simulator.results.values import ProofRow

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def row(name: str, *failed: str) -> ProofRow:
    """Make the row of a broken portal that failed these scenarios."""
    return ProofRow(
        name=name,
        wrong="",
        requirement="",
        must_be_caught_by="",
        caught=True,
        reason="",
        failed=failed,
        also_failed=(),
    )


@given(st.dictionaries(NAMES, st.sets(NAMES, min_size=1)))
def test_it_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, matrix: dict[str, set[str]]
) -> None:
    """Whatever the names hold, commas and quotes too, nothing is lost and nothing has changed."""
    rows = [row(name, *sorted(failed)) for name, failed in matrix.items()]
    path = tmp_path_factory.mktemp("kept") / "kill-matrix.csv"
    path.write_text(matrix_csv(rows), encoding="utf-8", newline="")

    kept = read_matrix(path)

    assert kept == matrix
    assert changes(kept, rows) == gone(kept, rows) == []


def test_what_is_new_and_what_is_no_more_is_said() -> None:
    """A scenario more, a scenario less, and a portal that is gone are a sentence each."""
    kept = {"sends_twice": {"Once", "Never"}, "sleeps": {"Once"}}
    rows = [row("sends_twice", "Once", "At night")]

    assert changes(kept, rows) == [
        "sends_twice now fails 'At night'",
        "sends_twice no longer fails 'Never'",
    ]
    assert gone(kept, rows) == ["sleeps is kept in kill-matrix.csv, and there is no such portal"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,scenario\n", "line 1: "),
        ("broken_portal,failed_scenario\nsleeps\n", "line 2: ['sleeps']"),
        ('broken_portal,failed_scenario\nsleeps,"Once\n', "cannot be read"),
    ],
)
def test_a_file_that_is_no_matrix_is_named(tmp_path: Path, text: str, said: str) -> None:
    """What is kept is read line by line, and the line that is wrong is named."""
    path = tmp_path / "kill-matrix.csv"
    path.write_text(text)

    with pytest.raises(BadInput) as error:
        read_matrix(path)

    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_without_a_matrix_everything_is_new(tmp_path: Path) -> None:
    """Where none is kept yet, every failure is a difference: nothing passes unseen."""
    kept = read_matrix(tmp_path / "none.csv")

    assert changes(kept, [row("sleeps", "Once")]) == ["sleeps now fails 'Once'"]
