"""The counts of one small rehearsal, kept in `fixtures/golden`: `make golden` writes them anew.

tests/test_installed_suite.py rehearses it from the wheel.
"""

from pathlib import Path
from typing import Any

import msgspec

from simulator.files.paths import ROOT
from simulator.rehearsal.run import rehearse
from simulator.results.values import RehearsalResult

GOLDEN = ROOT / "fixtures" / "golden" / "small-rehearsal.json"
ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"
FRACTION = 0.002


def counts(result: RehearsalResult) -> dict[str, Any]:
    """Give what a rehearsal counted, without names, parameters and notes."""
    return {
        "verdict": result.verdict,
        "obligations": result.obligations,
        "harms": [msgspec.to_builtins(each) for each in result.harms],
        "periods": [msgspec.to_builtins(each) for each in result.periods],
    }


def write(path: Path = GOLDEN) -> None:
    """Rehearse and keep the counts."""
    result = rehearse(ROLLOUT, seed=1, fraction=FRACTION).result
    path.write_bytes(msgspec.json.format(msgspec.json.encode(counts(result)), indent=1) + b"\n")


if __name__ == "__main__":
    write()
