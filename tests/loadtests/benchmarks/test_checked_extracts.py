"""The benchmark measures what it says, in lines that a script can read."""

import re

import pytest

from loadtests.benchmarks.checked_extracts import measure


@pytest.mark.proof
@pytest.mark.slow(seconds=12)
def test_every_number_has_a_line_of_its_own() -> None:
    """Time, processor, memory, detection by group and by kind, and the growth with the size."""
    lines = list(measure(people=1500, times=2, linkage=False))

    names = [line.split()[1] for line in lines]
    assert len(set(names)) == len(names)
    for name in ("seconds", "cpu", "memory", "recall_wrong_field", "precision_malformed",
                 "recall_of_digit_wrong", "repairs_right", "larger_seconds",
                 "cpu_per_record_2_times_as_many"):  # fmt: skip
        assert f"check_data_{name}" in names
    assert all(
        re.fullmatch(r"rate \S+ [\d.]+ (s|MB|records)|ratio \S+ \d+\.\d+", line) for line in lines
    )
