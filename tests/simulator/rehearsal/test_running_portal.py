"""A portal that runs already, at a real socket, is rehearsed as the live portal of the rollout."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from simulator.errors import BadInput
from simulator.evidence.records import MessageAccepted, SignedIn
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.processes.loopback import free_port
from simulator.rehearsal.preconditions import order_for_shared_numbers
from simulator.rehearsal.run import CompletedRehearsal, rehearse
from simulator.world.portal_process import portal_process
from tests.simulator.real_files import BY_URL, parsed
from tests.simulator.rehearsal.small import write_small

pytestmark = pytest.mark.slow(seconds=25)
FRACTION = 0.001
BEFORE, AFTER = datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 16, tzinfo=UTC)


@contextmanager
def running(folder: Path, patch: pytest.MonkeyPatch, clock: datetime) -> Iterator[Path]:
    """Start the reference portal as its vendor would; give a small rollout of it by its URL."""
    port, secrets = free_port(), rehearsal_secrets()
    started = read_target(BY_URL)
    names = msgspec.structs.asdict(started.access.secrets)
    for name, value in msgspec.structs.asdict(secrets).items():
        patch.setenv(names[name], value)

    def by_url(raw: dict[str, Any]) -> None:
        raw["target"] = str(folder / "target.toml")
        raw["numbers"] = "drama"

    path = write_small(folder, rollout=by_url)
    with portal_process(
        started,
        order_for_shared_numbers(read_order(folder / "order.toml")),
        secrets=secrets,
        gateway_url=f"http://127.0.0.1:{port}",
        crime_system_url=f"http://127.0.0.1:{port + 1}",
        clock_start=clock,
        in_memory=True,
    ) as (url, _restart):
        target = parsed(BY_URL)
        target["access"] = {"portal_url": url, "neighbours_port": port}
        target["order"] = str(folder / "order.toml")
        (folder / "target.toml").write_text(tomli_w.dumps(target))
        yield path


@pytest.fixture(scope="module")
def by_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[CompletedRehearsal, Path]]:
    """Rehearse once; its portal goes on running."""
    with (
        pytest.MonkeyPatch.context() as patch,
        running(tmp_path_factory.mktemp("by-url"), patch, BEFORE) as path,
    ):
        yield rehearse(path, seed=1, fraction=FRACTION), path


@pytest.mark.proof
def test_a_running_portal_is_rehearsed_as_the_live_one(
    by_url: tuple[CompletedRehearsal, Path],
) -> None:
    """Victims are told and sign in over the socket; a note says that no test was rehearsed."""
    found, _path = by_url
    live = found.evidence["live"]

    assert list(found.evidence) == ["live"]
    assert found.result.verdict in ("PASS", "WARNING")
    assert not any(each.is_test for each in found.result.periods)
    assert any("rehearsed as the live portal alone" in each for each in found.result.notes)
    for kind in (MessageAccepted, SignedIn):
        assert sum(isinstance(each, kind) for each in live) > 5


@pytest.mark.proof
def test_it_is_the_same_as_in_process(
    by_url: tuple[CompletedRehearsal, Path], tmp_path: Path
) -> None:
    """Who is told, registers, asks and rings in each live period is the same, count by count."""
    path = write_small(tmp_path, rollout=lambda raw: raw.update(numbers="drama"))
    here = rehearse(path, seed=1, fraction=FRACTION).result.periods

    assert by_url[0].result.periods == [each for each in here if not each.is_test]


@pytest.mark.proof
def test_a_portal_whose_clock_has_gone_on_is_refused(
    by_url: tuple[CompletedRehearsal, Path],
) -> None:
    """A second rehearsal of the same portal would set its clock back: it says to start it again."""
    _found, path = by_url

    with pytest.raises(BadInput, match="the portal's clock is beyond 15 June 2026"):
        rehearse(path, seed=1, fraction=FRACTION)
