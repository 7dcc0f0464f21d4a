"""A case that an officer saves in Dynamics is a Case in Salesforce, over real connections."""

import re
from pathlib import Path

import pytest

from simulator.doubles.settings import VARIABLES
from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventDelivered, EventRecorded
from simulator.integration.run import running_integration
from tests.simulator.integration import org_run

PAGE = Path(__file__).parents[3] / "docs" / "salesforce.md"


def test_a_case_of_dynamics_is_read_in_salesforce_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As docs/neighbours.md says; the program of the page is run by tests/clients.py."""
    for name in org_run.NAMED:
        monkeypatch.setenv(name, "")
    with org_run.joined(tmp_path) as parts:
        parts.record()
        [case] = parts.cases()

    records = read_evidence([tmp_path / "evidence.ndjson"])
    assert (case["Subject"], case["Contact"]["Name"]) == ("Burglary in a dwelling", "Sam Hill")
    [recorded] = [each for each in records if isinstance(each, EventRecorded)]
    [delivered] = [each for each in records if isinstance(each, EventDelivered)]
    assert (delivered.event_id, delivered.status) == (recorded.event_id, 202)


def test_without_the_secret_of_the_org_it_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named, with the map that names it."""
    for name in org_run.NAMED:
        monkeypatch.setenv(name, f"a secret for {name}")
    monkeypatch.delenv("SALESFORCE_CLIENT_SECRET")
    text = (org_run.MAPS / "force_api.toml", org_run.MAPS / "salesforce.toml")
    monkeypatch.setenv("FORCE_API_TOKEN", "a token")
    with (
        pytest.raises(
            BadInput, match=r"salesforce\.toml: not in the environment: SALESFORCE_CLIENT"
        ),
        running_integration(text[0], state=None, org_map=text[1]),
    ):
        pass


@pytest.mark.parametrize(
    ("tokens", "said"),
    [
        ({"PROCESS_LAYER_TOKEN": "p"}, "not in the environment: SYSTEM_LAYER_TOKEN"),
        ({"PROCESS_LAYER_TOKEN": "p", "SYSTEM_LAYER_TOKEN": "p"}, "give each a token of its own"),
        (
            {"PROCESS_LAYER_TOKEN": "p", "SYSTEM_LAYER_TOKEN": "the portal's"},
            "give each a token of its own",
        ),
        (
            {
                "PROCESS_LAYER_TOKEN": "p",
                "SYSTEM_LAYER_TOKEN": "s",
                "INTEGRATION_TESTER_TOKEN": "the portal's",
            },
            "give each a token of its own",
        ),
    ],
)
def test_a_layer_wants_a_token_that_opens_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tokens: dict[str, str], said: str
) -> None:
    """As the page names them; else the portal's token would write records: it does not start."""
    named = {**org_run.NAMED, VARIABLES["crime_system"]: "the portal's", **tokens}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    [layers] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    text = (org_run.MAPS / "dynamics.toml").read_text(encoding="utf-8")
    path = tmp_path / "dynamics.toml"
    text = text.replace('authority_file = "out/neighbours/authority.pem"\n', "")
    path.write_text(text.replace("[portal]\n", f"{layers}\n[portal]\n", 1), encoding="utf-8")
    with (
        pytest.raises(BadInput, match=said),
        running_integration(path, state=None, org_map=org_run.MAPS / "salesforce.toml"),
    ):
        pass
