"""What was found goes into a file of rates, which `generate` and a rehearsal read."""

from pathlib import Path

import pytest

from simulator.contact_data.detection import PLANTED
from simulator.contact_data.kinds import BY_KIND
from simulator.contact_data.measured_rates import _BIRTHS, _CONTACTS
from simulator.population.faults.rates import read_fault_rates
from tests.simulator.contact_data.extracts import check
from tests.simulator.real_files import ROOT

CONTACTS = ROOT / "fixtures" / "contacts"


def test_the_rates_of_the_extract_can_be_rehearsed(tmp_path: Path) -> None:
    """Measured kinds have their count as source; the call-backs give the share of wrong numbers."""
    check(tmp_path, CONTACTS / "extract.csv", audit_results=CONTACTS / "call-backs.csv")

    rates = read_fault_rates(path=tmp_path / "out" / "measured-rates.toml")

    usual = read_fault_rates()
    assert rates.contacts["mobile_in_landline_field"].value == pytest.approx(2 / 121, abs=1e-6)
    assert "2 of 121 records" in rates.contacts["mobile_in_landline_field"].source
    wrong = {"digit_wrong": 1, "digits_transposed": 1, "stale_number": 1, "partners_number": 0.35}
    assert sum(rates.rate(kind) * who_can for kind, who_can in wrong.items()) == pytest.approx(
        0.0181, abs=0.0002
    )
    assert rates.name_wrong == usual.name_wrong
    assert rates.typed_by == usual.typed_by


def test_what_measures_a_kind_is_there() -> None:
    """Each is a planted kind, measured by a kind of finding that may explain it."""
    for kind, (finding, _field) in {**_CONTACTS, **_BIRTHS}.items():
        assert finding in BY_KIND
        assert finding in PLANTED[kind][1]
