"""The counts of two small rehearsals, kept in `fixtures/golden`: `make golden` writes them anew.

tests/test_installed_suite.py rehearses both from the wheel: `make test` the thirteen weeks of the
tests' own rollout, `make proof` the year and more of the real one.
"""

import tempfile
from pathlib import Path
from typing import Any

import msgspec

from simulator.files.paths import ROOT
from simulator.rehearsal.run import rehearse
from simulator.results.values import RehearsalResult
from tests.simulator.rehearsal.small import write_small

_GOLDEN = ROOT / "fixtures" / "golden"
#: Of the real rollout.
GOLDEN = _GOLDEN / "small-rehearsal.json"
#: Of thirteen weeks, which take a tenth of the time.
GOLDEN_OF_WEEKS = _GOLDEN / "thirteen-weeks.json"
ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"
SEED, FRACTION = 1, 0.002


def counts(result: RehearsalResult) -> dict[str, Any]:
    """Give what a rehearsal counted, without names, parameters and notes."""
    return {
        "verdict": result.verdict,
        "obligations": result.obligations,
        "harms": [msgspec.to_builtins(each) for each in result.harms],
        "periods": [msgspec.to_builtins(each) for each in result.periods],
    }


def write(golden: Path, rollout: Path) -> None:
    """Rehearse and keep the counts."""
    result = rehearse(rollout, seed=SEED, fraction=FRACTION).result
    golden.write_bytes(msgspec.json.format(msgspec.json.encode(counts(result)), indent=1) + b"\n")


def main() -> None:
    """Write the counts of both rehearsals."""
    with tempfile.TemporaryDirectory() as folder:
        write(GOLDEN_OF_WEEKS, write_small(Path(folder)))
    write(GOLDEN, ROLLOUT)


if __name__ == "__main__":
    main()
