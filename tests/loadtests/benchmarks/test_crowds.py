"""The benchmark of crowds measures ours and Faker, and says so where it cannot measure others."""

import re
from pathlib import Path

import pytest

from loadtests.benchmarks.crowds import HERE, measure


@pytest.mark.proof
@pytest.mark.slow(seconds=15)
def test_every_number_has_a_line(tmp_path: Path) -> None:
    """Ours, Faker's, and a line where the others' environment cannot be made."""
    others = tmp_path / "others"
    others.mkdir()
    for each in ("other_makers", "pseudopeople"):
        (others / each).write_text("a file, so that no environment can be made here")
    *lines, makers, census = measure(people=2_000, names=100_000, others=others)

    assert [each.split()[1] for each in lines] == [
        f"{name}{how}"
        for name in ("crowd_people_to_parquet", "crowd_faults_in_names", "crowd_to_faker")
        for how in ("", "_by_the_clock")
    ]
    assert all(re.fullmatch(r"(rate|ratio) \S+ [\d.]+( \w+/s)?", each) for each in lines)
    assert makers.startswith("not measured crowd_to_mimesis")
    assert census.startswith("not measured crowd_to_pseudopeople")


@pytest.mark.parametrize("file", ["other_makers.txt", "pseudopeople.txt", "ciw.txt"])
def test_the_others_are_pinned(file: str) -> None:
    """Each has one version, so that a ratio means the same tomorrow."""
    pins = [
        line
        for line in (HERE / file).read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]

    assert pins
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", each) for each in pins)
