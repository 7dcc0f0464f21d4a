"""Measure a bare route with `wrk`, a load generator in C, installed from Debian if missing."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from simulator.processes.child_process import NOTHING, CannotRun, run_to_end

_SCRIPT = """
local file = io.open("{body}", "rb")
wrk.method = "{method}"
wrk.body = file:read("*a")
{headers}
"""
_BRING = (
    ("apt-get", "update", "-qq"),
    ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "wrk"),
)
_BRING_SECONDS_MAX = 180
_CONNECTIONS = 32


def bring() -> str:
    """Find wrk, or install it from Debian if we are root; return its path, or ""."""
    found = shutil.which("wrk")
    if found or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return found or ""
    for command in _BRING:
        try:
            code = run_to_end(
                command,
                environment={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdout=NOTHING,
                stderr=NOTHING,
                seconds_max=_BRING_SECONDS_MAX,
            )
        except CannotRun:
            return ""
        if code != 0:
            return ""
    return shutil.which("wrk") or ""


def requests_a_second(
    wrk: str,
    url: str,
    body: bytes,
    *,
    folder: Path,
    seconds: int,
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> float:
    """Send this request as fast as it is answered; raises ValueError with why it cannot."""
    if not wrk:
        raise ValueError("wrk is missing; install Debian's package wrk")
    (folder / "body.json").write_bytes(body)
    named = {"content-type": "application/json", **(headers or {})}
    lines = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in named.items())
    script = folder / "post.lua"
    text = _SCRIPT.format(body=folder / "body.json", method=method, headers=lines)
    script.write_text(text, encoding="utf-8")
    command = [wrk, "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
    words = folder / "wrk.txt"
    with words.open("wb") as said:
        run_to_end(command, stdout=said, stderr=said, seconds_max=seconds + 30)
    return read(words.read_text(encoding="utf-8"))


def read(said: str) -> float:
    """Read the rate from wrk's output; raises ValueError if requests failed or there is no rate."""
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    if found is None or "Non-2xx" in said or "Socket errors" in said:
        raise ValueError(f"wrk said {said.strip()[:200]!r}")
    return float(found[1])
