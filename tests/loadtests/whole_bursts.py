"""Whole bursts, as the command line runs them, for the tests: begun, ended, and their results."""

import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import tomli_w

from simulator.results.load import LoadResult
from tests.simulator.real_files import ROOT


def begin(*arguments: str, **environment: str) -> "subprocess.Popen[bytes]":
    """Start a run with a process group of its own; the portal has the environment too."""
    return subprocess.Popen(
        [sys.executable, "-m", "loadtests.burst_run", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(process: "subprocess.Popen[bytes]") -> str:
    """Wait for a run to end; return its output."""
    _, words = process.communicate(timeout=120)
    return words.decode()


def result_in(folder: Path) -> LoadResult:
    """Read the result of a run."""
    return msgspec.json.decode((folder / "load.json").read_bytes(), type=LoadResult)


def broken_target(folder: Path, name: str = "create_app") -> Path:
    """Write a target file for a portal of `broken_portal`."""
    path = folder / "target.toml"
    command = ["{python}", "-m", "uvicorn", f"tests.loadtests.broken_portal:{name}"]
    values = {
        "order": "scenarios/orders/burst.toml",
        "claims": {
            "name": "Broken portal",
            "version": "1",
            "phases": [1, 2, 3],
            "capabilities": ["correlates", "receipts", "received_texts", "text"],
            "signatory": "nobody",
        },
        "access": {
            "wait_seconds_max": {"answers_late": 2.0, "lets_in_slowly": 20.0}.get(name, 10.0),
            "portal_url": "http://127.0.0.1:{port}",
            "command": [*command, "--factory", "--port", "{port}", "--log-level", "warning"],
        },
    }
    path.write_text(tomli_w.dumps(values), encoding="utf-8")
    return path


def wait_until_sent(out: Path) -> None:
    """Wait until Locust has counted requests, by the table that it writes as it goes."""
    history, end = out / "locust_stats_history.csv", time.monotonic() + 120
    while time.monotonic() < end:
        rows = history.read_text().splitlines()[1:] if history.exists() else []
        # The 18th column counts the requests so far.
        if any(row.split(",")[17] not in ("", "0") for row in rows if row.count(",") > 20):
            return
        time.sleep(0.1)
    raise AssertionError("nothing was sent")
