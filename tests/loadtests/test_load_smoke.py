"""`make load-smoke`: two bursts by two workers each. Verdicts are asserted, times are not."""

import re
import shlex
from pathlib import Path

import msgspec
import pytest

from simulator.results.load import LoadResult
from tests.simulator.command_line import portal_suite
from tests.simulator.real_files import ROOT

RECIPE = re.findall(
    r"^\t\$\(BIN\)/portal-suite (load .*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
)


def test_two_bursts_are_run() -> None:
    """Both by two workers, each into a folder of its own."""
    assert len(RECIPE) == len(set(RECIPE)) == 2
    assert all("--workers 2" in each for each in RECIPE)


# Two workers send a smaller burst in tests/loadtests/test_burst_run.py.
@pytest.mark.proof
@pytest.mark.slow(seconds=14, waits=True)
@pytest.mark.parametrize("command", RECIPE)
def test_each_burst_is_no_failure(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All who can be told are told once; the force's wrong details are its own."""
    words = shlex.split(command)
    words[words.index("--out") + 1] = str(tmp_path)
    said = portal_suite(capsys, *words)

    assert said.code == 0, said.words
    result = msgspec.json.decode((tmp_path / "load.json").read_bytes(), type=LoadResult)
    assert result.verdict in ("PASS", "WARNING")
    assert result.ordered.workers == 2
    assert result.failures == []
    assert 0 < result.messages == result.obligations
