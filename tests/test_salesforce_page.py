"""docs/salesforce.md leads a force through a rehearsal: its commands are run, in their order."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import urllib3

from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventDelivered
from simulator.processes.loopback import free_port
from tests.simulator.doubles.test_curls_of_the_page import _Curl, _filled
from tests.simulator.doubles.test_run import _free_ports, _until
from tests.simulator.integration.org_run import MAPS, NAMED

PAGE = Path(__file__).parents[1] / "docs" / "salesforce.md"
STEPS = re.findall(
    r"^(?:TOKEN=\$\()?((?:curl|portal-suite) .+?)(?: \| python3 .+)?$",
    PAGE.read_text(encoding="utf-8").partition("## What it promises")[0],
    re.MULTILINE,
)
SUITE = [sys.executable, "-m", "simulator.cli"]


class _Reader:
    """Does what the page says, with ports of its own."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._first, self._of_integration = _free_ports(), free_port()
        self._http = stack.enter_context(urllib3.PoolManager(retries=False))
        self._environment = {**os.environ, **NAMED}
        self._known = {f"${name}": value for name, value in NAMED.items()}
        self._integration: subprocess.Popen[bytes] | None = None
        for each in MAPS.glob("*.toml"):
            (folder / each.name).write_text(self._moved(each.read_text(encoding="utf-8")))

    def starts(self, command: str) -> None:
        """Start what goes on until it is stopped, and wait until it says that it runs."""
        words = shlex.split(command)[1:]
        if words[0] == "neighbours":
            words += ["--port", str(self._first)]
        words = [each.replace("scenarios/integration/", "") for each in words]
        process = subprocess.Popen(
            [*SUITE, *words],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._stack.callback(_ended, process)
        assert process.stdout is not None
        assert any(b"Ctrl-C stops" in line for line in process.stdout), command
        self._integration = process

    def kills(self) -> None:
        """End what was started last, the integration, as `kill -9` does."""
        assert self._integration is not None
        self._integration.kill()
        self._integration.wait()

    def asks(self, line: str) -> Any:
        """Do what a curl does; return what was answered."""
        curl = _Curl(line)
        port = self._of_integration if curl.port == 8490 else self._first + curl.port - 8470
        headers = {name: _filled(value, self._known) for name, value in curl.headers.items()}
        body = curl.body and _filled(curl.body, self._known)
        url = f"http://127.0.0.1:{port}{curl.path}"
        answer = self._http.request(curl.method, url, body=body, headers=headers)
        assert answer.status < 300, (line, answer.data)
        found = answer.json()
        if curl.path.endswith("/token"):
            self._known["$TOKEN"] = found["access_token"]
        return found

    def judges(self, command: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        words = shlex.split(command)[1:]
        return subprocess.run(
            [*SUITE, *words], cwd=self._folder, capture_output=True, text=True, check=False
        )

    def _moved(self, text: str) -> str:
        """Write the ports of this run into a map, and let nothing in a plan last for minutes."""
        text = re.sub(r"127\.0\.0\.1:(84\d\d)", self._port, text)
        text = text.replace("[portal]\n", f"[portal]\nport = {self._of_integration}\n", 1)
        return re.sub(r"(late|poll)_seconds = .*", r"\1_seconds = 0.2", text)

    def _port(self, found: re.Match[str]) -> str:
        return f"127.0.0.1:{self._first + int(found[1]) - 8470}"


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    finally:
        process.kill()
        assert process.stdout is not None
        process.stdout.close()


def _eventually(ask: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
    found: list[Any] = []

    def asked() -> bool:
        found[:] = [ask()]
        return is_there(found[0])

    _until(asked)
    return found[0]


@pytest.mark.slow(seconds=20)
def test_who_follows_the_page_has_one_case_one_task_and_a_verdict(tmp_path: Path) -> None:
    """Though each event of the org comes twice, and the integration is killed on the way."""
    neighbours, integrate, crime, sign_in, cases, *after = STEPS
    twice, milestone, as_victim, question, with_faults, tasks, letters, judge = after
    evidence = tmp_path / "out" / "evidence.ndjson"
    with ExitStack() as stack:
        reader = _Reader(tmp_path, stack)
        reader.starts(neighbours)
        reader.starts(integrate)
        reader.asks(crime)
        reader.asks(sign_in)
        _eventually(lambda: reader.asks(cases), lambda found: found["totalSize"] == 1)
        reader.asks(twice)
        reader.kills()
        for each in (milestone, as_victim, question):
            reader.asks(each)
        reader.starts(with_faults)
        asked = _eventually(lambda: reader.asks(tasks), bool)
        dead = _eventually(lambda: reader.asks(letters), lambda at: at["events"]["delivered"] == 2)
        reader.asks(sign_in)
        found = reader.asks(cases)
    judged = reader.judges(judge)

    assert (len(asked), dead["letters"], found["totalSize"]) == (1, [], 1)
    delivered = [each for each in read_evidence([evidence]) if isinstance(each, EventDelivered)]
    assert [each.status for each in delivered] == [202, 202]
    assert "2 events recorded, 2 delivered" in judged.stdout, judged
    # What was promised for later is not due yet.
    assert judged.returncode == 3
