"""Faults are played at their time and undone; what cannot be played is refused before."""

import os
import resource
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from msgspec import structs

from loadtests import fault_player
from loadtests.burst_run import _with_workers
from loadtests.doubles import Beginning
from loadtests.fault_player import (
    FaultPlayer,
    check_faults,
    clock_environment,
    clock_library,
    faults_played,
)
from loadtests.faults import Fault, FaultKind
from loadtests.gateway_faults import GatewayFaults
from simulator.clock import wall_now, wall_sleep
from simulator.errors import BadInput
from simulator.evidence.records import EvidenceLog, GatewayCameBack, GatewayWentDown
from simulator.inputs.target import read_target
from simulator.neighbours.gateway.inbox import Inbox
from simulator.processes.child_process import child_process
from tests.loadtests.bursts_for_tests import burst
from tests.simulator.neighbours.gateway.double import API_KEY
from tests.simulator.real_files import ROOT

PATH = Path("burst.toml")
TARGET = read_target(ROOT / "scenarios" / "targets" / "reference-for-load.toml")


def _scene(folder: Path, **changes: Any) -> Any:
    inbox = Inbox(wall_now)
    scene = SimpleNamespace(
        beginning=Beginning(),
        evidence=EvidenceLog(),
        gateway=GatewayFaults(inbox, key=API_KEY, per_minute_max=0),
        inbox=inbox,
        folder=folder,
        started=None,
        postgres=None,
    )
    return SimpleNamespace(**{**vars(scene), **changes})


def _fault(kind: FaultKind, **changes: Any) -> Fault:
    values: dict[str, Any] = {"at_seconds": 0.0, "for_seconds": 0.2, **changes}
    return Fault(kind=kind, **values)


def _during(player: FaultPlayer, *faults: Fault) -> threading.Thread:
    thread = threading.Thread(target=player.play, args=(faults,))
    thread.start()
    return thread


def test_faults_of_the_gateway_are_played_in_order_and_undone(tmp_path: Path) -> None:
    """Slowed, limited, down: each lasts as long as it says, and the evidence has the outage."""
    scene = _scene(tmp_path)
    faults = [
        _fault("gateway down", at_seconds=0.5),
        _fault("gateway slowed", seconds=2.0),
        _fault("gateway limited", at_seconds=0.25),
    ]
    scene.beginning.set(wall_now())
    player = FaultPlayer(scene)
    player.play(faults)

    kinds = [each.kind for each in player.played]
    assert kinds == ["gateway slowed", "gateway limited", "gateway down"]
    assert all((each.ended_at - each.began_at).total_seconds() >= 0.2 for each in player.played)
    assert [type(each) for each in scene.evidence.records] == [GatewayWentDown, GatewayCameBack]
    assert (scene.gateway.slower_seconds, scene.gateway.is_limited) == (0.0, False)
    assert not scene.inbox.is_down
    assert not player.why_not


def test_nothing_is_played_in_a_burst_that_never_begins(tmp_path: Path) -> None:
    """The thread ends with the block."""
    with faults_played(_scene(tmp_path), [_fault("gateway down")]) as player:
        pass

    assert player.played == []


def test_a_fault_that_goes_wrong_is_told(tmp_path: Path) -> None:
    """A database that cannot be stopped is no fault of the portal's."""

    def stop() -> None:
        raise OSError("no such server")

    scene = _scene(tmp_path, postgres=SimpleNamespace(stop=stop, start=lambda: None))
    scene.beginning.set(wall_now())
    player = FaultPlayer(scene)
    player.play([_fault("database restarted")])

    assert player.why_not == "database restarted: OSError: no such server"


def test_a_file_cannot_grow_on_a_full_disk(tmp_path: Path) -> None:
    """While it lasts, nothing is written beyond the shortest file; afterwards all is as before."""
    script = (
        "import sys, time\n"
        f"file = open({str(tmp_path / 'file')!r}, 'wb', buffering=0)\n"
        "file.write(bytes(9000))\n"
        f"other = open({str(tmp_path / 'other')!r}, 'wb', buffering=0)\n"
        "other.write(bytes(90_000))\n"
        f"open({str(tmp_path / 'ready')!r}, 'wb').close()\n"
        "time.sleep(30)\n"
    )
    with child_process([sys.executable, "-c", script]) as child:
        while not (tmp_path / "ready").exists():
            wall_sleep(0.01)
        server = SimpleNamespace(pid=child.pid)
        scene = _scene(tmp_path, started=SimpleNamespace(server=server))
        scene.beginning.set(wall_now())
        process = psutil.Process(child.pid)
        before = process.rlimit(resource.RLIMIT_FSIZE)
        thread = _during(FaultPlayer(scene), _fault("disk full", for_seconds=1.0))
        limits = set()
        while thread.is_alive():
            limits.add(process.rlimit(resource.RLIMIT_FSIZE)[0])
        after = process.rlimit(resource.RLIMIT_FSIZE)

    assert 9000 in limits
    assert after == before


def test_the_clock_of_the_portal_is_set_by_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ahead by so many seconds while the fault lasts, and right again after it."""
    library = tmp_path / "libfaketimeMT.so.1"
    library.touch()
    monkeypatch.setattr(fault_player, "LIBRARIES", (str(library),))
    jump = _fault("clock jump", seconds=3600.0)
    with_jump = structs.replace(burst(tmp_path), faults=(jump,))
    environment = clock_environment(with_jump, tmp_path)
    clock = Path(environment["FAKETIME_TIMESTAMP_FILE"])
    scene = _scene(tmp_path)
    scene.beginning.set(wall_now())
    assert clock.read_text() == "+0s\n"
    thread = _during(FaultPlayer(scene), jump)
    seen = set()
    while thread.is_alive():
        seen.add(clock.read_text())

    assert "+3600s\n" in seen
    assert clock.read_text() == "+0s\n"
    assert os.path.basename(environment["LD_PRELOAD"]) == "libfaketimeMT.so.1"  # noqa: PTH119
    assert clock_environment(burst(tmp_path), tmp_path) == {}


def test_without_libfaketime_a_clock_cannot_jump() -> None:
    """The sentence says what to install."""
    with pytest.raises(BadInput, match="apt-get install libfaketime"):
        clock_library(("/nowhere/*.so",))


@pytest.mark.parametrize(
    ("kind", "changes", "on_postgres", "said"),
    [
        ("database restarted", {}, False, "needs --database postgresql"),
        ("disk full", {}, True, "leave --database out"),
        ("worker killed", {}, True, "--portal-workers 2"),
        ("portal killed", {"for_seconds": 30.0}, False, "answers nothing for down_seconds_max"),
    ],
)
def test_a_fault_that_cannot_be_played_is_refused(
    tmp_path: Path,
    kind: FaultKind,
    changes: dict[str, Any],
    on_postgres: bool,  # noqa: FBT001
    said: str,
) -> None:
    """The file, the fault and what it needs are named."""
    wrong = structs.replace(burst(tmp_path), faults=(_fault(kind, **changes),))
    with pytest.raises(BadInput, match=rf"burst\.toml: faults: {kind} .*{said}"):
        check_faults(wrong, TARGET, on_postgres=on_postgres, path=PATH)


def test_a_portal_that_runs_already_is_not_killed(tmp_path: Path) -> None:
    """Only what the suite started is stopped; its gateway is always ours."""
    access = structs.replace(
        TARGET.access, command=(), portal_url="http://127.0.0.1:1", neighbours_port=8470
    )
    running = structs.replace(TARGET, access=access)
    killed = structs.replace(burst(tmp_path), faults=(_fault("portal killed"),))
    slowed = structs.replace(burst(tmp_path), faults=(_fault("gateway slowed", seconds=1.0),))

    with pytest.raises(BadInput, match="needs a portal that the suite starts"):
        check_faults(killed, running, on_postgres=False, path=PATH)
    check_faults(slowed, running, on_postgres=False, path=PATH)


def test_a_worker_can_be_killed_where_there_are_two(tmp_path: Path) -> None:
    """The command of the target has its workers."""
    with_two = _with_workers(TARGET, 2, PATH)
    killed = structs.replace(burst(tmp_path), faults=(_fault("worker killed"),))
    check_faults(killed, with_two, on_postgres=True, path=PATH)

    assert with_two.access.command[-2:] == ("--workers", "2")
    assert _with_workers(TARGET, 1, PATH) == TARGET
    other = structs.replace(TARGET, access=structs.replace(TARGET.access, command=("node", "x")))
    with pytest.raises(BadInput, match="portal that uvicorn serves"):
        _with_workers(other, 2, PATH)
