"""docs/running.md does what it says: its file, its table, its commands, its figures."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomli_w

from reference.contract.signing import sign
from reference.operations.environment import VARIABLES
from reference.portal.clock import SystemClock
from reference.portal.settings import Settings, settings_from
from tests.reference.portal.crimes import enveloped, recorded
from tests.reference.portal.portal_process import (
    ENVIRON,
    ROOT,
    await_that,
    portal_process,
    slow_gateway,
)
from tests.reference.portal.scene import EVENTS_SECRET, Scene

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
TOML = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
CHECK, START, *OFFICE = (line for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
                         for line in block.splitlines())  # fmt: skip
TOKEN = "a-token-that-must-not-be-logged"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The page's file in a folder of its own, and secrets."""
    return environment(tmp_path)


def environment(folder: Path, **changes: Any) -> dict[str, str]:
    """Write the page's file, with changes; return the environment that names it."""
    values = {**tomllib.loads(TOML), "database": str(folder / "portal.db"), **changes}
    file = folder / "portal.toml"
    file.write_text(tomli_w.dumps(values), encoding="utf-8")
    return {**ENVIRON, "PORTAL_SETTINGS": str(file)}


def test_the_page_s_file_is_complete() -> None:
    """An operator who copies it has every setting, but for the tester's clock and numbers."""
    values = tomllib.loads(TOML)

    assert settings_from(values).public_url == "https://portal.example"
    assert set(values) == set(Settings.__struct_fields__) - {"test_clock_start", "crowd_numbers"}


@pytest.mark.parametrize("command", OFFICE)
def test_what_staff_may_ask_is_answered(
    command: str, tmp_path: Path, environ: dict[str, str]
) -> None:
    """The page's commands for staff run on the database of a portal that has started."""
    Scene(tmp_path)
    done = subprocess.run(
        [sys.executable, *shlex.split(command)[1:]],
        env={**os.environ, **environ}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_page_s_table_is_what_the_portal_reads() -> None:
    """Every variable, whether it is needed, and whether it is secret; in the code no other."""
    rows = re.findall(r"^\| `(PORTAL_\w+)` \| (yes|no) \| (yes|no) \| (.+) \|$", PAGE, re.MULTILINE)
    said = [(each.name, each.is_required, each.is_secret, each.meaning) for each in VARIABLES]
    code = "".join(
        re.sub(r'Variable\(\s*"PORTAL_\w+"', "", file.read_text(encoding="utf-8"))
        for file in (ROOT / "reference").rglob("*.py")
    )

    assert [(row[0], row[1] == "yes", row[2] == "yes", row[3]) for row in rows] == said
    assert set(re.findall(r"\bPORTAL_[A-Z_]+[A-Z]\b", code)) == {each.name for each in VARIABLES}


def test_the_page_s_figures_are_there(scene: Scene) -> None:
    """A rule for a warning that names a figure nobody gives would never warn."""
    named = set(re.findall(r"`(portal_[a-z_]+)`", PAGE))
    given = scene.figures().body.decode()

    assert named
    assert not [name for name in named if f"# TYPE {name.removesuffix('_total')}" not in given]


def test_the_check_says_that_all_is_well(environ: dict[str, str]) -> None:
    """The page's file and all its secrets are what a portal needs; nothing is made by looking."""
    done = run(CHECK, environ)

    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    assert "problem" not in done.stdout
    assert [file.name for file in Path(environ["PORTAL_SETTINGS"]).parent.iterdir()] == [
        "portal.toml"
    ]
    assert not any(secret in done.stdout for secret in ENVIRON.values())


def run(command: str, environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    """Run one of the page's commands with this Python."""
    _python, *words = shlex.split(command)
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [[], ["--access-log"], ["--access-log", "--log-level", "trace"]],
    ids=["", "log", "trace"],
)
def test_a_served_portal_watches_logs_and_stops(environ: dict[str, str], more: list[str]) -> None:
    """Up, ready, with figures; a line a request and no token, whatever the server is told."""
    command = shlex.split(START) + more
    if more:
        command.remove("--no-access-log")
    with portal_process(command, environ) as portal:
        assert portal.get("/ready") == (200, '{"status":"ready"}')
        assert portal.get("/metrics")[0] == (401 if "PORTAL_METRICS_TOKEN" in environ else 404)
        assert portal.get(f"/invitation/{TOKEN}")[0] == 200
        assert portal.get("/static/portal.css")[0] == 200
        assert portal.stop() in {0, -15}

        events = [line["event"] for line in portal.lines]
        routes = [line["route"] for line in portal.lines if line["event"] == "request_answered"]

        assert events[0] == "portal_started"
        assert events[-2:] == ["portal_stopping", "portal_stopped"]
        assert "/invitation/{token}" in routes
        assert TOKEN not in portal.output
        assert "Traceback" not in portal.output


def test_a_portal_that_is_stopped_settles_what_it_is_sending(tmp_path: Path) -> None:
    """The message that was on its way when SIGTERM came is sent once, and known to have been."""
    now = SystemClock().now()
    with slow_gateway(seconds=0.5) as (gateway, url):
        environ = environment(
            tmp_path,
            gateway_url=url,
            crime_system_url=url,
            go_live=[now - timedelta(days=3 - n) for n in range(3)],
            quiet_from=now.time().replace(microsecond=0),
            quiet_until=now.time().replace(microsecond=0),
        )
        with portal_process(shlex.split(START), environ) as portal:
            body = msgspec.json.encode(enveloped(recorded(recorded_at=now), time=now))
            headers = sign(EVENTS_SECRET, delivery_id="1", at=now, body=body)

            assert portal.post("/crime-events", body, headers) == 202

            await_that(gateway.begun.is_set)

            assert portal.stop() in {0, -15}
            assert len(gateway.taken) == 1
            assert "due_work_cut_off" not in portal.output
    with_rows = Scene(tmp_path).rows()["outbox"]

    assert len(with_rows) == 1
    assert "sent" in with_rows[0]
    assert "message-1" in with_rows[0]


def test_a_portal_that_cannot_start_says_why_in_one_line(environ: dict[str, str]) -> None:
    """The server's own words end with the sentence that the check gives too."""
    command = shlex.split(START)
    done = run(f"python -m {shlex.join(command)}", environ | {"PORTAL_IDENTITY_KEY": ""})

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "portal: not in the environment: PORTAL_IDENTITY_KEY; set them"
    )
