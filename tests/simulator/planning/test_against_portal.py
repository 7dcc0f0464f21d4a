"""The model sends what the reference portal sends: the same cases through both, compared."""

from pathlib import Path
from typing import Any

import pytest
import tomli_w

from simulator.planning.against_portal import compare
from simulator.planning.model_run import ENDING_CHANGES, LEFT_OUT, LEFT_OUT_CHANGES
from tests.simulator.real_files import ROOT, parsed
from tests.simulator.rehearsal.small import write_small

#: With as many seeds, 10,000 cases: `make proof` runs them all.
CASES, SEEDS = 900, 12


def rollout_of_what_is_modelled(folder: Path, weeks: int) -> Path:
    """Write a small rollout of what the model follows, live for so many weeks at the end."""

    def change(raw: dict[str, Any]) -> None:
        journey = parsed(ROOT / raw["journey"])
        journey["further"] = [e for e in journey["further"] if is_modelled(e)]
        (folder / "journey.toml").write_text(tomli_w.dumps(journey))
        raw["journey"] = str(folder / "journey.toml")
        raw["calendar"]["quarter_weeks"] = weeks
        for name in ("texts_stop", "chooses_channel", "withdraws_support"):
            raw["victims"][name]["value"] = 0.0

    return write_small(folder, rollout=change)


def is_modelled(further: dict[str, Any]) -> bool:
    """Say whether the model follows this to the end, as docs/planning.md says."""
    event, change = further["event"], further.get("change")
    return not (
        event in {"CrimeMerged", "CrimeCancelled", *LEFT_OUT}
        or change in {*LEFT_OUT_CHANGES, *ENDING_CHANGES}
    )


def test_a_few_cases_are_the_same(tmp_path: Path) -> None:
    """Every message at its second, who registered, and which worry became a call."""
    compared = compare(rollout_of_what_is_modelled(tmp_path, 1), seed=7, cases=60)

    assert compared.differing == []
    assert compared.messages > 100
    assert compared.rang < compared.worries


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(1, SEEDS + 1))
def test_random_cases_are_the_same(tmp_path: Path, seed: int) -> None:
    """No case differs, of thousands with wrong details, late events, questions and outcomes."""
    compared = compare(rollout_of_what_is_modelled(tmp_path, 14), seed=seed, cases=CASES)

    assert compared.differing == []
    assert compared.cases == CASES
