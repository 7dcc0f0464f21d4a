"""A portal with one thing wrong fails a rehearsal: the judge finds it among many victims."""

from pathlib import Path

import msgspec
import pytest

from simulator.evidence.files import read_evidence
from simulator.results.values import RehearsalResult
from tests.simulator.command_line import Said
from tests.simulator.rehearsal.small import rehearse_apart


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """Rehearse a portal that sends twice, in a process of its own: it patches what it runs in."""
    folder = tmp_path_factory.mktemp("broken")
    run = rehearse_apart(folder, "fixtures.broken_portals.sending:sends_twice")
    return folder / "out", run


@pytest.mark.proof
def test_it_fails(done: tuple[Path, Said]) -> None:
    """The exit code says that it does not conform."""
    _out, run = done

    assert run.code == 1, run.err
    assert "Traceback" not in run.words


def test_what_is_wrong_is_said(done: tuple[Path, Said]) -> None:
    """The harm is the portal's, it is the right one, and it is said in words."""
    out, _run = done
    result = msgspec.json.decode((out / "rehearsal.json").read_bytes(), type=RehearsalResult)

    assert result.verdict == "FAIL"
    failed = [each for each in result.harms if each.kind == "FAIL"]
    assert {each.owner for each in failed} == {"portal"}
    assert sum(each.count for each in failed if each.harm == "duplicated") > 10
    assert result.life is not None
    assert 0 < result.life.headline.portal_harms.counted <= sum(each.count for each in failed)
    assert result.failures
    assert all(each.observed and each.expected for each in result.failures)


def test_the_evidence_of_it_is_kept(done: tuple[Path, Said]) -> None:
    """Everybody who was told twice is in the evidence that is left, and the report is there."""
    out, _run = done
    result = msgspec.json.decode((out / "rehearsal.json").read_bytes(), type=RehearsalResult)
    people = {getattr(each, "person_id", "") for each in read_evidence([out / "evidence.ndjson"])}

    assert {each.person_id for each in result.failures} <= people
    assert (out / "report.html").stat().st_size > 1000
