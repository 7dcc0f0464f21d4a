"""The features against the reference by its own pages, as a tester runs them: a few of them here.

All of them take some minutes: `portal-suite accept` with the same target. Without a Chromium this
is skipped, and where one is required it fails: see `browser.chromium`.
"""

from pathlib import Path

import pytest

from simulator.accept.run import accept
from simulator.evidence.files import read_evidence
from simulator.judge.accessibility import paths_met
from tests.reference.portal.browser import chromium

TARGET = Path("scenarios/targets/reference-pages.toml")
MET = {"/", "/invitation", "/invitation/…", "/sign-in/word", "/crimes", "/crimes/…"}


# The scenario by pages that the docs show is run by tests/test_installed_suite.py.
@pytest.mark.proof
@pytest.mark.slow(seconds=30)
def test_the_reference_does_by_its_pages_what_it_does_by_its_interfaces(tmp_path: Path) -> None:
    """Nothing of a quick look fails, and every page that was met can be used by everybody."""
    chromium()
    result = accept(TARGET, phase=3, out=tmp_path, quick=True)

    assert [(each.name, each.observed) for each in result.scenarios if each.verdict != "PASS"] == []
    assert len(result.scenarios) >= 12
    assert result.reached == "by its pages, in a browser"
    assert {each.id for each in result.requirements if each.verdict == "PASS"} >= {
        "TWO-01", "PRIV-03", "A11Y-01", "A11Y-02", "A11Y-03",
    }  # fmt: skip
    assert set(paths_met(read_evidence([tmp_path / "evidence.ndjson"]))) >= MET
