"""Serves our doubles on loopback, each in a thread of this process."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from simulator.errors import SuiteError

_START_SECONDS_MAX = 30.0
_STOP_SECONDS_MAX = 10.0
HOST = "127.0.0.1"


def free_port() -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(application: Any, port: int) -> Iterator[str]:
    """Serve an ASGI application in a thread; yields its URL. Raises SuiteError if it cannot."""
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
