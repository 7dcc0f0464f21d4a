"""No result is signed that is better than its evidence, or was judged by other evidence."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from simulator.accept.features_run import run_features
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.run import messages_reached
from simulator.errors import BadInput
from simulator.inputs.target import Target
from simulator.pack.evidence_check import refuse_other_evidence, refuse_other_findings
from simulator.processes.features_process import Run
from simulator.results.provenance import provenance_of
from simulator.results.values import AcceptanceResult, ScenarioResult
from tests.simulator.papers.made_up import REQUIREMENTS, target
from tests.simulator.real_files import TARGET

BROKEN = "fixtures.broken_portals.announcing:sends_at_night"
SCENARIO = "No message is sent at night"


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory, warm: Run) -> Path:
    """A run of a portal that texts at night, with its evidence."""
    folder = tmp_path_factory.mktemp("failed")
    run_features(TARGET, phase=3, out=folder, only=SCENARIO, application=BROKEN, run=warm)
    return folder


def result_of(folder: Path, **changes: object) -> AcceptanceResult:
    """Work out the result of a run, with each scenario changed."""
    decoder = msgspec.json.Decoder(ScenarioResult)
    lines = (folder / "scenarios.ndjson").read_bytes().splitlines()
    scenarios = [msgspec.structs.replace(decoder.decode(each), **changes) for each in lines]
    made = acceptance_result(
        target(), REQUIREMENTS, scenarios, phase=3, messages=messages_reached(folder), only=SCENARIO
    )
    digests = provenance_of(target(), folder / "evidence.ndjson")
    return msgspec.structs.replace(made, rests_on=digests)


def test_a_failed_run_agrees_with_its_evidence(failed: Path) -> None:
    """Judging it again gives the same result."""
    result = result_of(failed)

    assert {each.verdict for each in result.scenarios} == {"FAIL"}
    refuse_other_evidence(failed, result, target())
    refuse_other_findings(failed, result, target())


def test_a_failure_made_a_pass_is_refused(failed: Path) -> None:
    """The evidence still shows the texts at night, and the first missing finding is named."""
    edited = result_of(failed, verdict="PASS", findings=())

    with pytest.raises(BadInput) as caught:
        refuse_other_findings(failed, edited, target())

    said = str(caught.value)
    assert f"by evidence.ndjson '{SCENARIO} (20:30)' shows noise" in said
    assert "MSG-03" in said
    assert "acceptance.json has no such finding" in said


def test_a_pass_beside_its_own_findings_is_refused(failed: Path) -> None:
    """A verdict must follow from its findings and steps."""
    edited = result_of(failed, verdict="PASS")

    with pytest.raises(BadInput, match=r"failed, but acceptance\.json has PASS"):
        refuse_other_findings(failed, edited, target())


def test_a_scenario_that_is_left_out_is_refused(failed: Path) -> None:
    """A scenario that was judged must be in the result, under its name."""
    nothing = msgspec.structs.replace(result_of(failed), scenarios=[])
    with pytest.raises(BadInput, match=r"was judged, but acceptance\.json has no result"):
        refuse_other_findings(failed, nothing, target())

    made_up = ScenarioResult(
        name="Never run", feature="None", phase=1, requirements=(), verdict="PASS"
    )
    result = result_of(failed)
    more = msgspec.structs.replace(result, scenarios=[*result.scenarios, made_up])
    with pytest.raises(BadInput, match=r"'Never run' was not judged"):
        refuse_other_findings(failed, more, target())


def _without_lines(evidence: Path) -> None:
    lines = evidence.read_bytes().splitlines(keepends=True)
    evidence.write_bytes(b"".join(lines[:10] + lines[20:]))


@pytest.mark.parametrize(
    ("spoil", "judged_for", "said"),
    [
        (_without_lines, target(), "evidence.ndjson: the SHA-256"),
        (lambda _: None, target("2.0"), "claims of --target: the SHA-256"),
        (
            lambda _: None,
            msgspec.structs.replace(target(), order="scenarios/orders/burst.toml"),
            "the order scenarios/orders/burst.toml: the SHA-256",
        ),
    ],
)
def test_other_evidence_claims_or_order_are_refused(
    failed: Path, tmp_path: Path, spoil: Callable[[Path], None], judged_for: Target, said: str
) -> None:
    """Each is refused by name."""
    result = result_of(failed)
    evidence = tmp_path / "evidence.ndjson"
    evidence.write_bytes((failed / "evidence.ndjson").read_bytes())
    spoil(evidence)

    with pytest.raises(BadInput, match=said):
        refuse_other_evidence(tmp_path, result, judged_for)


def test_a_result_without_provenance_is_refused(failed: Path) -> None:
    """Such a result is from an earlier version."""
    bare = msgspec.structs.replace(result_of(failed), rests_on=None)

    with pytest.raises(BadInput, match=r"evidence\.ndjson: the SHA-256"):
        refuse_other_evidence(failed, bare, target())
