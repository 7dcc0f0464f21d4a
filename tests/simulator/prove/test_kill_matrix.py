"""Rules of the kill matrix: it reads as it was written, and every difference is a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import BadInput
from simulator.inputs.permanent_ids import Names, Portal, Scenario, read_names
from simulator.prove.kill_matrix import changes, gone, matrix_csv, read_matrix
from simulator.results.values import ProofRow

LABELS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="."), min_size=1)
NAMES = Names(
    scenario=(
        Scenario(id="S-901", name="Once", former=("Only once",)),
        Scenario(id="S-902", name="Never"),
        Scenario(id="S-903", name="At night"),
    ),
    broken_portal=(
        Portal(id="B-901", name="sends_twice", former=("stammers",)),
        Portal(id="B-902", name="sleeps"),
    ),
)
#: Written before there were ids: each scenario and each portal of then stands in it.
OLD = Path(__file__).parents[2] / "fixtures" / "before_ids" / "kill-matrix.csv"


def row(id: str, name: str, failed: dict[str, str]) -> ProofRow:
    """Make the row of a broken portal that failed these scenarios, by id and name."""
    return ProofRow(
        id=id,
        name=name,
        wrong="",
        requirement="",
        must_be_caught_by="",
        caught=True,
        reason="",
        failed=tuple(failed.values()),
        failed_ids=tuple(failed),
        also_failed=(),
    )


@given(st.dictionaries(LABELS, st.dictionaries(LABELS, LABELS, min_size=1)))
def test_it_reads_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, matrix: dict[str, dict[str, str]]
) -> None:
    """Whatever the names hold, commas and quotes too, nothing is lost and nothing has changed."""
    rows = [row(id, f"portal {id}", failed) for id, failed in matrix.items()]
    path = tmp_path_factory.mktemp("kept") / "kill-matrix.csv"
    path.write_text(matrix_csv(rows), encoding="utf-8", newline="")

    kept = read_matrix(path)

    assert kept == {id: set(failed) for id, failed in matrix.items()}
    assert changes(kept, rows) == gone(kept, rows) == []


def test_examples_stand_in_the_order_of_their_rows() -> None:
    """The tenth example comes after the second."""
    failed = {"S-901.10": "Once (j)", "S-901.2": "Once (b)", "S-900": "Never"}

    lines = matrix_csv([row("B-901", "sends_twice", failed)]).splitlines()

    assert [each.split(",")[1] for each in lines[1:]] == ["S-900", "S-901.2", "S-901.10"]


def test_what_is_new_and_what_is_no_more_is_said() -> None:
    """A scenario more, a scenario less, and a portal that is gone are a sentence each."""
    kept = {"B-901": {"S-901", "S-902"}, "B-902": {"S-901"}}
    rows = [row("B-901", "sends_twice", {"S-901": "Once", "S-903": "At night"})]

    assert changes(kept, rows, NAMES) == [
        "B-901 sends_twice now fails S-903 'At night'",
        "B-901 sends_twice no longer fails S-902 'Never'",
    ]
    assert gone(kept, rows, NAMES) == [
        "B-902 sleeps is kept in kill-matrix.csv, and there is no such portal"
    ]


def test_a_rename_is_no_difference(tmp_path: Path) -> None:
    """A matrix with names that scenario and portal no longer have is of the same two."""
    path = tmp_path / "kill-matrix.csv"
    path.write_text("broken_portal,failed_scenario\nstammers,Only once\n")

    kept = read_matrix(path, NAMES)

    assert kept == {"B-901": {"S-901"}}
    assert changes(kept, [row("B-901", "sends_twice", {"S-901": "Once"})], NAMES) == []


def test_a_matrix_of_before_there_were_ids_is_read() -> None:
    """Every name in it, of a scenario or of a portal, leads to an id that is known today."""
    names = read_names()

    kept = read_matrix(OLD)

    assert len(kept) == len({line.split(",")[0] for line in OLD.read_text().splitlines()[1:]})
    assert all(names.portal_name(portal) for portal in kept)
    assert all(names.scenario_name(each) for failed in kept.values() for each in failed)


#: A portal that is two today: B-118 had the Victims' Code's days in UTC too, not only quiet hours.
SPLIT = {"B-118": ("B-118", "B-309")}


#: What is no longer failed: where the day of asking counts, its day is not too soon (decision 18);
#: a row has other flags; the first invitation to a person may tell them the news too; a scenario is
#: played in January now, when London's time is UTC; a portal that goes on writing to a mailbox asks
#: the force all the same; a scenario about privacy no longer asks when an appointment is; a text no
#: longer shuts its number (decision 63).
NO_LONGER = {
    "B-305": {"S-226.1"},
    "B-102": {"S-078.3"},
    "B-258": {"S-183"},
    "B-118": {"S-041"},
    "B-257": {"S-098.3"},
    "B-230": {"S-067"},
    "B-010": {"S-114.1", "S-114.2"},
    "B-139": {"S-114.1", "S-114.2"},
    "B-214": {"S-114.1", "S-114.2"},
}


def test_the_matrix_of_today_holds_what_the_one_of_before_held() -> None:
    """A rename has changed no entry: what was failed by name then is failed by id now."""
    kept = read_matrix()
    today = {
        portal: set[str]().union(*(kept[each] for each in SPLIT.get(portal, (portal,))))
        for portal in read_matrix(OLD)
    }

    assert [
        portal
        for portal, failed in read_matrix(OLD).items()
        if not failed - NO_LONGER.get(portal, set()) <= today[portal]
    ] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,scenario\n", "line 1: "),
        ("broken_portal,failed_scenario\nsleeps\n", "line 2: ['sleeps']"),
        ('broken_portal,failed_scenario\nsleeps,"Once\n', "cannot be read"),
        ("broken_portal,failed_scenario\nsleeps,Twice\n", "line 2: ['sleeps', 'Twice']"),
    ],
)
def test_a_file_that_is_no_matrix_is_named(tmp_path: Path, text: str, said: str) -> None:
    """What is kept is read line by line, and the line that is wrong is named."""
    path = tmp_path / "kill-matrix.csv"
    path.write_text(text)

    with pytest.raises(BadInput) as error:
        read_matrix(path, NAMES)

    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


def test_without_a_matrix_everything_is_new(tmp_path: Path) -> None:
    """Where none is kept yet, every failure is a difference: nothing passes unseen."""
    kept = read_matrix(tmp_path / "none.csv")

    assert changes(kept, [row("B-902", "sleeps", {"S-901": "Once"})]) == [
        "B-902 sleeps now fails S-901 'Once'"
    ]
