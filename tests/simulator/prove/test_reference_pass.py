"""A pass of the reference is kept with all that it rests on, and holds for nothing else."""

from pathlib import Path

import pytest
from msgspec import structs

from simulator.prove.reference_pass import NAME, content_of_the_suite, keep_pass, kept_pass
from simulator.results.values import ScenarioResult

PASSED = ScenarioResult(
    id="S-901", name="Once", feature="f", phase=1, requirements=("ONCE-01",), verdict="PASS"
)
FAILED = structs.replace(PASSED, verdict="FAIL")


def test_a_pass_is_kept_for_its_content_alone(tmp_path: Path) -> None:
    """With other files or packages it has to run again."""
    keep_pass(tmp_path, "a", [PASSED])

    assert kept_pass(tmp_path, "a") == [PASSED]
    assert kept_pass(tmp_path, "b") == []


@pytest.mark.parametrize("scenarios", [[], [PASSED, FAILED]], ids=len)
def test_nothing_but_a_pass_is_kept(tmp_path: Path, scenarios: list[ScenarioResult]) -> None:
    """A run of nothing is none, and one scenario that failed is enough."""
    keep_pass(tmp_path, "a", scenarios)

    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("written", [b"", b"{", b"\xff", b'{"content": "a", "scenarios": []}'])
def test_what_cannot_be_read_is_no_pass(tmp_path: Path, written: bytes) -> None:
    """A file that was cut, or is another's, makes the reference run."""
    (tmp_path / NAME).write_bytes(written)

    assert kept_pass(tmp_path, "a") == []


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("reference/portal/app.py", True),
        ("features/one.feature", True),
        ("scenarios/orders/two-forces.toml", True),
        ("simulator/judge/fold.py", True),
        ("pyproject.toml", True),
        ("fixtures/danger/held_out.toml", True),
        ("fixtures/broken_portals/sends_twice.py", False),
        ("reference/portal/__pycache__/app.pyc", False),
        ("out/proof/proof.json", False),
    ],
)
@pytest.mark.parametrize("change", ["added", "changed", "renamed"])
def test_the_content_is_what_the_reference_rests_on(
    tmp_path: Path, path: str, change: str, *, counts: bool
) -> None:
    """A broken portal that is changed, or a file that Python writes, leaves the pass as it is."""
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if change != "added":
        file.write_text("before")
    before = content_of_the_suite(tmp_path)
    if change == "renamed":
        file.rename(file.with_name(f"other-{file.name}"))
    else:
        file.write_text("after")

    assert (content_of_the_suite(tmp_path) != before) is counts


def test_the_suite_has_one_content() -> None:
    """It is the same until something is changed."""
    assert content_of_the_suite() == content_of_the_suite()
