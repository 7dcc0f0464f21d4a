"""docs/neighbours.md says of each double what it does, leaves out, and what proved it."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from simulator.doubles.run import PORTS

PAGE = Path(__file__).parents[1] / "docs" / "neighbours.md"
CLIENTS = Path(__file__).parents[1] / "fixtures" / "clients"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (84\d\d) \| \[([^\]]+)\]\(#([a-z-]+)\)", TEXT, re.MULTILINE)
SECTIONS = dict(re.findall(r"^### (.+?)\n\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))
#: The clients whose exchanges are kept, by the section that says when they were run.
RECORDED = {
    "notify-node": "GOV.UK Notify",
    "notify-node-5": "GOV.UK Notify",
    "notify-python-8": "GOV.UK Notify",
    "mailpit-node": "What was sent",
    "dataverse-python": "Dynamics",
    "dynamics-client": "Dynamics",
    "python-odata": "Dynamics",
    "dynamics-web-api": "Dynamics",
    "odata-client": "Dynamics",
    "dataverse-phone": "Dynamics",
    "sfmc-node": "Marketing Cloud",
    "fuelsdk-python": "Marketing Cloud",
    "salesforce-python": "Salesforce",
    "salesforce-node": "Salesforce",
}

#: It is run with the lock of dataverse-python.
LOCKED_ELSEWHERE = {"dataverse-phone"}


def test_every_port_has_a_double_with_a_section() -> None:
    """Nothing listens of which the page does not speak."""
    anchors = {re.sub(r"[^a-z -]", "", each.lower()).replace(" ", "-"): each for each in SECTIONS}

    assert [int(port) for port, _name, _anchor in ROWS] == list(range(8470, 8470 + PORTS))
    assert {anchor for _port, _name, anchor in ROWS} == set(anchors)


@pytest.mark.parametrize("name", sorted(SECTIONS))
def test_a_section_says_what_a_double_does_and_leaves_out_and_what_proved_it(name: str) -> None:
    """A vendor knows what to rely on."""
    for words in ("**Does:**", "**Leaves out", "**Proved by**"):
        assert words in SECTIONS[name], (name, words)


@pytest.mark.parametrize("client", sorted(RECORDED))
def test_the_day_of_a_client_is_that_of_its_recording(client: str) -> None:
    """Who runs the clients anew writes down when."""
    recorded = json.loads((CLIENTS / client / "exchanges.json").read_text(encoding="utf-8"))
    on = date.fromisoformat(recorded["recorded_on"])

    assert f"{on.day} {on:%B} {on.year}" in SECTIONS[RECORDED[client]]


@pytest.mark.parametrize("client", sorted(each.name for each in CLIENTS.iterdir()))
def test_each_client_has_a_lock_of_its_own_and_the_page_names_it(client: str) -> None:
    """Whoever looks for a client finds its folder; the phone's officer has Microsoft's client."""
    locks = ("requirements.txt", "package-lock.json")

    assert f"`fixtures/clients/{client}/`" in TEXT
    assert any((CLIENTS / client / each).is_file() for each in locks) or client in LOCKED_ELSEWHERE
