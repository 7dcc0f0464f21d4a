"""Persons recorded twice, found by likeness: Splink learns from the extract itself."""

from pathlib import Path

import pytest

from tests.simulator.command_line import portal_suite
from tests.simulator.contact_data.extracts import check, read, rows_of, write

Capsys = pytest.CaptureFixture[str]


@pytest.mark.proof
@pytest.mark.slow(seconds=15)
def test_linkage_finds_what_exact_keys_do_not(tmp_path: Path, capsys: Capsys) -> None:
    """On made-up people it finds more of the duplicates, and most of what it says is so."""
    people = tmp_path / "people.parquet"
    made = portal_suite(
        capsys, "generate", "--people", "3000", "--seed", "11", "--out", str(people)
    )
    assert made.code == 0, made.words

    found = check(tmp_path, people, linkage=True).readiness

    assert found.detection is not None
    [kind] = [each for each in found.detection.kinds if each.kind == "duplicate_person"]
    said = {each.kind: each for each in found.detection.said}
    assert kind.planted > 100
    assert kind.found > said["person_twice"].right
    assert kind.found >= 0.85 * kind.planted
    assert said["person_twice"].precision > 0.97
    # Exact keys have found nine in ten of them: what is left to likeness is the hardest.
    both = (said["person_twice"], said["person_twice_perhaps"])
    assert sum(each.right for each in both) > 0.9 * sum(each.said for each in both)
    assert said["person_twice_perhaps"].precision > 0.4
    assert found.linkage_seconds is not None
    assert capsys.readouterr().err == ""
    questions = [
        each
        for each in read(tmp_path / "out" / "worklist.csv")
        if each["what_is_wrong"].startswith("likely a second record")
    ]
    assert {each["fault_or_question"] for each in questions} == {"question"}
    assert all(each["detail"].startswith("likely the same person as R") for each in questions)


def test_too_few_records_to_learn_from(tmp_path: Path, capsys: Capsys) -> None:
    """Linkage needs something to learn from: the error says so, and shows no traceback."""
    file = write(tmp_path / "extract.csv", rows_of({}))

    told = portal_suite(
        capsys, "check-data", str(file), "--linkage", "--out", str(tmp_path / "results")
    )

    assert told.code == 3
    assert "--linkage: the records could not be linked" in told.words
    assert "Traceback" not in told.words
