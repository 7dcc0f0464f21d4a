"""Small programs for these tests: each is Python, and answers as a test tells it."""

import sys
from collections.abc import Callable
from pathlib import Path

from simulator.drivers.program import ProgramDriver
from simulator.drivers.surroundings import Surroundings

_HEAD = """
import json, os, subprocess, sys, time

def say(answer):
    print(json.dumps(answer), flush=True)

def complain(words):
    print(words, file=sys.stderr, flush=True)

def gives(asked, what):
    say({"id": asked["id"], "gives": what})

def refuses(asked, status, title, detail=""):
    say({"id": asked["id"], "refused": {"status": status, "title": title, "detail": detail}})

for line in sys.stdin:
    asked = json.loads(line)
    given = asked["with"]
    if asked["do"] == "hello":
        greeting = {"protocol": 1, "capabilities": given["capabilities"]}
"""
GREETS = "gives(asked, greeting)"
Start = Callable[..., ProgramDriver]


def written(folder: Path, *, does: str, hello: str = GREETS) -> list[str]:
    """Write a program; `does` is what it does with all but the first request. Gives its command."""
    lines = [f"        {each}" for each in hello.splitlines()]
    lines += ["        continue", *(f"    {each}" for each in does.splitlines())]
    path = folder / "driver.py"
    path.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return [sys.executable, str(path)]


def started(
    folder: Path,
    surroundings: Surroundings,
    *,
    does: str = "pass",
    hello: str = GREETS,
    environment: dict[str, str] | None = None,
) -> ProgramDriver:
    """Start a driver that is such a program."""
    return ProgramDriver(
        written(folder, does=does, hello=hello),
        surroundings,
        order_path="/an/order.toml",
        environment=environment or {},
    )
