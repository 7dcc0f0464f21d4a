"""docs/around_a_portal.md says what is so: how a portal is started, and what is answered to it."""

import os
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from reference.contract.messages import TaskKind
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.crime_system.request_json import BODY_BYTES_MAX
from simulator.processes.asgi import Application
from simulator.world.portal_process import portal_process
from tests.around_a_portal_page import PAGE, rewritten
from tests.simulator.asgi import call
from tests.simulator.neighbours.crime_system.test_api import LOG, STAMP, TASK, TOKEN, _Shelf
from tests.simulator.real_files import BY_URL
from tests.simulator.worlds import START, TWO_FORCES

TEXT = PAGE.read_text(encoding="utf-8")
TASKS = dict(re.findall(r"^\| `(\w+)` \| .+? \| ([^|]+) \|$", TEXT, re.MULTILINE))
STATUSES = {int(each) for each in re.findall(r"^\| (\d{3}) \|", TEXT, re.MULTILINE)}


def test_the_schemas_are_those_of_the_contract() -> None:
    """`python -m tests.around_a_portal_page` writes them."""
    assert rewritten(TEXT) == TEXT


def test_every_kind_of_task_is_told() -> None:
    """With the requirements that fail without it; `not_sent` is asked for by none alone."""
    known = {each.id for each in read_requirements()}
    asked = {kind: set(re.findall(r"[A-Z]+-\d\d", words)) for kind, words in TASKS.items()}

    assert {*get_args(TaskKind)} <= TASKS.keys()
    assert set().union(*(asked[each] for each in get_args(TaskKind))) <= known
    assert all(asked[each] for each in get_args(TaskKind))
    assert TASKS["not_sent"].startswith("may be")


def test_every_requirement_that_is_named_is_there() -> None:
    """In the words below too."""
    known = {each.id for each in read_requirements()}
    named = set(re.findall(r"\b(?:AUTH|COERCE|INT|SAFE|CODE|TWO|PERS)-\d\d\b", TEXT))

    assert len(named) > 12
    assert named <= known


def answers() -> list[tuple[str, int]]:
    """Ask the crime system for each thing that the page has a status for."""
    door = Outage(crime_system_app(_Shelf(), token=TOKEN))
    own = {"authorization": f"Bearer {TOKEN}"}
    nowhere = {**TASK, "key": "t-2", "crime_reference": "43/0/26"}
    asked: list[tuple[str, str, Any, dict[str, str]]] = [
        ("filed", LOG, STAMP, own),
        ("filed again", LOG, STAMP, own),
        ("filed otherwise", LOG, {**STAMP, "text": "Something else"}, own),
        ("not as agreed", "/tasks", {**TASK, "kind": "a favour"}, own),
        ("no token", "/tasks", TASK, {}),
        ("no occurrence", "/tasks", nowhere, own),
        ("too large", "/tasks", {**TASK, "reason": "x" * BODY_BYTES_MAX}, own),
    ]
    found = [(what, _status(door, path, body, headers)) for what, path, body, headers in asked]
    door.is_down = True
    return [*found, ("down", _status(door, LOG, STAMP, own))]


def _status(app: Application, path: str, body: Any, headers: dict[str, str]) -> int:
    return call(app, "POST", path, body=msgspec.json.encode(body), headers=headers).status


def test_the_statuses_are_those_of_the_crime_system() -> None:
    """Each one that it answers is in the table, and no other."""
    found = dict(answers())

    assert found == {
        "filed": HTTPStatus.CREATED,
        "filed again": HTTPStatus.OK,
        "filed otherwise": HTTPStatus.CONFLICT,
        "not as agreed": HTTPStatus.BAD_REQUEST,
        "no token": HTTPStatus.UNAUTHORIZED,
        "no occurrence": HTTPStatus.NOT_FOUND,
        "too large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "down": HTTPStatus.SERVICE_UNAVAILABLE,
    }
    assert {*found.values()} == STATUSES


@pytest.mark.parametrize("what", ["folder", "environment"])
def test_a_portal_that_we_start_is_given_what_the_page_says(what: str, tmp_path: Path) -> None:
    """Its variables are in the table, and the settings are in a folder of its own."""
    told = tmp_path / "told.json"
    program = (
        "import json, os, sys; from http.server import HTTPServer, BaseHTTPRequestHandler\n"
        "open(sys.argv[1], 'w').write(json.dumps({**os.environ, 'HERE': os.getcwd()}))\n"
        "HTTPServer(('127.0.0.1', int(sys.argv[2])), BaseHTTPRequestHandler).serve_forever()"
    )
    target = read_target(BY_URL)
    command = ("{python}", "-c", program, str(told), "{port}")
    target = msgspec.structs.replace(
        target, access=msgspec.structs.replace(target.access, command=command)
    )
    with portal_process(
        target,
        TWO_FORCES,
        secrets=rehearsal_secrets(),
        gateway_url="http://gateway.invalid",
        crime_system_url="http://crime-system.invalid",
        clock_start=START,
    ):
        given = msgspec.json.decode(told.read_bytes())
        settings = Path(given["PORTAL_SETTINGS"])
        assert settings.exists()
    if what == "folder":
        assert given["HERE"] == str(Path.cwd())
        assert not settings.parent.exists()
    else:
        named = set(re.findall(r"`(PORTAL_[A-Z_]+)`", TEXT))
        added = {each for each in given.keys() - os.environ.keys() if each.startswith("PORTAL_")}
        assert added <= named <= given.keys()
