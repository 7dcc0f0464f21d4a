"""A worker on another machine needs the target's secrets, and joins the master it is told."""

import socket
import threading
import time
from pathlib import Path

import pytest

from loadtests.load_worker import main, wait_for_master
from simulator.errors import BadInput
from simulator.processes.loopback import free_port
from tests.simulator.real_files import ROOT

TARGET = str(ROOT / "scenarios" / "targets" / "reference-for-load.toml")


def test_a_target_elsewhere_must_be_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worker is as careful as its master."""
    elsewhere = tmp_path / "target.toml"
    elsewhere.write_text(
        (ROOT / "scenarios" / "targets" / "reference-for-load.toml")
        .read_text(encoding="utf-8")
        .split("[access]")[0]
        + '[access]\nportal_url = "https://portal.example"\nneighbours_port = 8470\n',
        encoding="utf-8",
    )
    code = main(["--master-host", "192.0.2.7", "--target", str(elsewhere)])
    words = capsys.readouterr().err

    assert code == 2
    assert "'portal.example' is another machine" in words
    assert main(["--master-host", "x", "--target", str(elsewhere), "--i-own-this-target"]) == 2
    assert "access.secrets: not in the environment" in capsys.readouterr().err


def test_a_master_that_never_comes_is_not_waited_for_in_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says where it waits and for how long, and ends with 3 and a sentence."""
    port = free_port()
    there = ["--master-host", "127.0.0.1", "--port", str(port), "--wait-seconds-max", "0.1"]
    code = main([*there, "--target", TARGET])
    first, last = capsys.readouterr().err.splitlines()

    assert code == 3
    assert first == f"Waiting for load --master at 127.0.0.1:{port}, for 0 minutes at most"
    assert last.startswith(f"no load --master at 127.0.0.1:{port} after 0 s (Connection refused)")
    assert "--listen 127.0.0.1, and let port" in last


def test_a_master_that_comes_later_is_joined(capsys: pytest.CaptureFixture[str]) -> None:
    """The wait ends as soon as something listens there."""
    port = free_port()

    def listen() -> None:
        time.sleep(0.3)
        with socket.create_server(("127.0.0.1", port)) as server:
            server.accept()[0].close()

    thread = threading.Thread(target=listen)
    thread.start()
    wait_for_master("127.0.0.1", port, seconds_max=20)
    thread.join(20)

    assert (
        capsys.readouterr()
        .err.splitlines()[-1]
        .startswith(f"Joined the master at 127.0.0.1:{port}")
    )


def test_a_host_that_does_not_exist_is_named() -> None:
    """Waiting would not help."""
    with pytest.raises(BadInput, match=r"--master-host no-such-host\.invalid: there is no machine"):
        wait_for_master("no-such-host.invalid", 5557, seconds_max=60)


def test_a_target_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Misuse is one sentence, before anything starts."""
    assert main(["--master-host", "127.0.0.1", "--target", "no-such.toml"]) == 2
    assert "no-such.toml" in capsys.readouterr().err
