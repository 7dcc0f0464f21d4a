"""Servers on loopback: our doubles in threads, and a portal we start as a process of its own."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from simulator.errors import PortalUnreachable, SuiteError
from simulator.files.paths import found_in
from simulator.processes.signals import signals_held

_START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 10.0
HOST = "127.0.0.1"


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(application: Any, port: int) -> Iterator[str]:
    """Serve an ASGI application in a thread; gives its URL. Raises SuiteError when it cannot."""
    config = uvicorn.Config(application, host=HOST, port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name=f"double on port {port}", daemon=True)
    thread.start()
    end = time.monotonic() + _START_SECONDS_MAX
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise SuiteError(f"{HOST}:{port}: our double could not listen there; is it in use?")
        time.sleep(0.01)
    try:
        yield f"http://{HOST}:{port}"
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS_MAX)


@contextmanager
def running(
    command: Sequence[str], *, port: int, environment: Mapping[str, str]
) -> Iterator[Callable[[], None]]:
    """Run a portal until the end; raises PortalUnreachable with its last words if it stops.

    Gives what kills it, as a loss of power does, and starts it again.
    """
    filled = [
        each.replace("{python}", sys.executable).replace("{port}", str(port))
        for each in found_in(command)
    ]
    process = None

    def restart() -> None:
        nonlocal process
        assert process is not None
        process.kill()
        process.wait()
        with signals_held():
            process = _start(filled, environment, words)
        _await_port(process, port, words)

    with tempfile.TemporaryFile() as words:
        try:
            with signals_held():
                process = _start(filled, environment, words)
            _await_port(process, port, words)
            yield restart
        finally:
            if process is not None:
                end(process, seconds_max=_STOP_SECONDS_MAX)


def end(process: "subprocess.Popen[bytes]", *, seconds_max: float) -> None:
    """Ask a process to end, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(seconds_max)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(
    command: Sequence[str], environment: Mapping[str, str], words: Any
) -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  the tester's own command
            command, env={**os.environ, **environment}, stdout=words, stderr=words
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise PortalUnreachable(f"access.command: {command[0]!r} cannot be run ({why})") from None


def _await_port(process: "subprocess.Popen[bytes]", port: int, words: Any) -> None:
    end = time.monotonic() + _START_SECONDS_MAX
    while time.monotonic() < end:
        if process.poll() is not None:
            words.seek(0)
            last = words.read().decode(errors="replace").strip().splitlines()[-1:]
            raise PortalUnreachable(
                f"access.command: the portal stopped at once ({process.returncode}): "
                f"{last[0] if last else 'it said nothing'}"
            )
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise PortalUnreachable(f"access.command: nothing listens on port {port} after 30 s")


def write_settings(folder: Path, values: Mapping[str, Any]) -> Path:
    """Write a portal's settings as TOML; answers the file."""
    import tomli_w

    path = folder / "portal.toml"
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    return path
