"""The benchmark over sockets measures what it says, and says so where it cannot."""

import re

import pytest

from loadtests.benchmarks import wrk
from loadtests.benchmarks.over_sockets import SETTINGS, measure


@pytest.mark.proof
def test_every_number_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both databases have their rates and latencies; without wrk that is said, and no ratio is."""
    monkeypatch.setattr(wrk, "bring", lambda: "")
    lines = list(measure(events=40, runs=1, seconds=1))
    kinds = [line.split()[:2] for line in lines]

    assert kinds[0] == ["rate", "disk_synced_writes"]
    for setting in SETTINGS:
        name = f"over_sockets_{setting.name}"
        assert ["note", name] in kinds
        for way in ("one_at_a_time", "in_batches_of_100"):
            assert ["rate", f"{name}_{way}"] in kinds
            assert ["note", f"bare_route_{setting.workers}_workers_{way}"] in kinds
        for which in ("at", "p50", "p95", "p99"):
            assert ["rate", f"{name}_202_to_gateway_{which}"] in kinds
    assert not [line for line in lines if line.startswith("ratio")]
    assert all(
        re.fullmatch(
            r"rate \S+ \d+(\.\d)? (events/s|writes/s|ms)"
            r"|note \S+ (could not be .*|with \S+: every commit waits for the disk)",
            line,
        )
        for line in lines
    )
