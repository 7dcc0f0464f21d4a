"""A case that an officer saves in Dynamics is a Case in Salesforce, over real connections."""

from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.evidence.files import read_evidence
from simulator.evidence.records import EventDelivered, EventRecorded
from simulator.integration.run import running_integration
from tests.simulator.integration import org_run


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
        monkeypatch.setenv(name, "a secret")
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
