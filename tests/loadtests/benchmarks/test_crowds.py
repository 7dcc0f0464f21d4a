"""The benchmark of crowds measures ours and Faker, and says so where it cannot measure others."""

import re
from pathlib import Path

import pytest

from loadtests.benchmarks import crowds
from loadtests.benchmarks.crowds import HERE, measure


@pytest.mark.slow(seconds=15)
def test_every_number_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours, Faker's, and a line where the others' environment cannot be made."""
    monkeypatch.setattr(crowds, "HERE", tmp_path)
    (tmp_path / "other_makers.txt").write_text("nothing-of-this-name @ file:///nowhere\n")
    lines = list(measure(people=2_000, others=tmp_path / "others"))

    assert [each.split()[1] for each in lines[:3]] == [
        "crowd_people_to_parquet",
        "crowd_faults_in_names",
        "crowd_to_faker",
    ]
    assert all(re.fullmatch(r"(rate|ratio) \S+ [\d.]+( \w+/s)?", each) for each in lines[:3])
    assert lines[3].startswith("not measured crowd_to_mimesis")


def test_the_others_are_pinned() -> None:
    """Each has one version, so that a ratio means the same tomorrow."""
    pins = [
        line
        for line in (HERE / "other_makers.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]

    assert pins
    assert all(re.fullmatch(r"[\w-]+==[\w.]+", each) for each in pins)
