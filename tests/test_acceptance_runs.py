"""The features against the reference, in process and by URL, as a tester runs them."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from simulator.inputs.target import read_target
from simulator.pack.contents import gather
from simulator.prove.run import prove
from simulator.results.values import AcceptanceResult

ROOT = Path(__file__).parents[1]


def _accept(*arguments: str, out: Path) -> tuple[int, AcceptanceResult]:
    command = [sys.executable, "-m", "simulator.cli", "accept", "--out", str(out), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=300)
    result = (out / "acceptance.json").read_bytes()
    return done.returncode, msgspec.json.decode(result, type=AcceptanceResult)


@pytest.mark.parametrize("phase", [1, 2, 3])
@pytest.mark.parametrize("target", ["reference", "reference-by-url"])
def test_the_reference_conforms_in_every_phase(target: str, phase: int, tmp_path: Path) -> None:
    """The reference is caught by no scenario, called in process or reached by URL.

    The judge comes to the same by the evidence alone, so the run may be packed.
    """
    path = f"scenarios/targets/{target}.toml"
    code, result = _accept("--target", path, "--phase", str(phase), out=tmp_path)

    assert (code, result.verdict) == (0, "PASS")
    assert not [each.name for each in result.scenarios if each.verdict != "PASS"]
    assert not [each.id for each in result.requirements if each.verdict == "SKIP"]
    assert result.messages > 50
    assert gather(tmp_path, read_target(ROOT / path), number=1).run.verdict == "PASS"


def test_every_broken_portal_is_caught_by_the_scenario_it_names(tmp_path: Path) -> None:
    """Each broken portal is caught for its reason, the reference by none with ten seeds.

    The whole matrix, with what else each fails, takes `portal-suite prove` some minutes.
    """
    result = prove(out=tmp_path, named_only=True, seeds=10)

    assert not [(row.name, row.reason) for row in result.rows if not row.caught]
    assert result.reference_failed == ()
    assert result.verdict == "PASS"
    assert len(result.rows) >= 8
