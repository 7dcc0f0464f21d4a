"""The benchmark of the integration into an org writes real records, twice over."""

import pytest

from loadtests.benchmarks import into_an_org
from simulator.errors import SuiteError
from simulator.integration.org_delivery import OrgDelivery


def test_every_number_has_a_line() -> None:
    """A rate for each side, and how many times as long ours takes."""
    ours, bare, ratio = into_an_org.measure(events=10, rounds=1)

    assert ours.split()[:2] == ["rate", "into_an_org"]
    assert bare.split()[:2] == ["rate", "into_an_org_bare_calls"]
    assert ratio.split()[:2] == ["ratio", "into_an_org"]
    assert float(ratio.split()[2]) > 1


def test_what_the_org_does_not_take_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is refused would be quick, and no measure."""
    monkeypatch.setattr(OrgDelivery, "deliver", lambda *_of, **_named: (422, "refused"))

    with pytest.raises(SuiteError, match="422 refused; not measured"):
        list(into_an_org.measure(events=1, rounds=1))
