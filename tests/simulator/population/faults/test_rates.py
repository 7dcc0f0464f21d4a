"""Fault rates: every kind has one with its source, and a mistake is one sentence."""

from pathlib import Path

import msgspec
import pytest
import tomli_w

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.population.faults.kinds import KINDS
from simulator.population.faults.rates import (
    DEFAULT_RATES,
    FaultRates,
    read_fault_rates,
    with_entry_checks,
)
from tests.simulator.real_files import ROOT, parsed

RATES = read_fault_rates()
TRAINING = ROOT / "scenarios" / "data-quality" / "training.toml"


def test_names_are_wrong_as_the_practice_note_says() -> None:
    """One name in ten is wrong, and the practice note is named."""
    assert RATES.name_wrong.value == 0.10
    assert "College of Policing" in RATES.name_wrong.source


def test_every_kind_has_a_rate_and_says_where_from() -> None:
    """No kind is left out of the default; what has no source says that it is assumed."""
    given = RATES.names | RATES.births | RATES.contacts | RATES.records

    assert set(given) == set(KINDS)
    assert all(RATES.rate(kind) > 0 for kind in KINDS)
    assert all(bool(each.source) != bool(each.assumed) for each in given.values())


@pytest.mark.parametrize(
    ("table", "changes", "said"),
    [
        ("names", {"leter_deleted": {"value": 1, "unit": "w", "assumed": "a"}}, "letter_deleted"),
        ("contacts", {"nickname": {"value": 0.1, "unit": "w", "assumed": "a"}}, "contacts: there"),
        ("stations", {}, "stations is empty"),
        ("name_wrong", {"value": 2, "unit": "share", "assumed": "a"}, "between 0 and 1"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, table: str, changes: dict[str, object], said: str
) -> None:
    """It names the file, the table, and what is known."""
    path = tmp_path / "rates.toml"
    path.write_text(tomli_w.dumps(parsed(DEFAULT_RATES) | {table: changes}), encoding="utf-8")

    with pytest.raises(BadInput, match=said) as raised:
        read_fault_rates(path=path)
    assert str(path) in str(raised.value)


def test_training_is_added() -> None:
    """The checks of another file join those of the rates."""
    trained = with_entry_checks(RATES, TRAINING)

    assert not RATES.entry_checks
    assert {each.does for each in trained.entry_checks} == {"trained", "refused"}
    assert all(bool(each.question) == (each.does == "refused") for each in trained.entry_checks)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("roles", ["call_takr"], "did you mean 'call_taker'"),
        ("stations", ["Nowhere"], "there is no 'Nowhere'"),
        ("kinds", [], "kinds is empty"),
        ("question", "What?", "training has none"),
    ],
)
def test_a_mistake_in_training_is_one_sentence(
    tmp_path: Path, field: str, value: object, said: str
) -> None:
    """An unknown role, station or kind, or a question that nobody asks."""
    checks = parsed(TRAINING)
    checks["entry_checks"][0][field] = value
    path = tmp_path / "training.toml"
    path.write_text(tomli_w.dumps(checks), encoding="utf-8")

    with pytest.raises(BadInput, match=said):
        with_entry_checks(RATES, path)


def test_shares_of_typists_add_up() -> None:
    """Half of the records cannot be typed by nobody."""
    raw = parsed(DEFAULT_RATES)
    raw["typed_by"] = raw["typed_by"][:1]

    with pytest.raises(BadInput, match=r"add up to 0\.48"):
        checked_toml.convert(raw, FaultRates, DEFAULT_RATES)


def test_a_mix_of_nothing_is_refused() -> None:
    """A kind of name fault needs a weight."""
    nothing = {kind: msgspec.structs.replace(each, value=0.0) for kind, each in RATES.names.items()}

    with pytest.raises(ValueError, match="every weight in names is 0"):
        msgspec.structs.replace(RATES, names=nothing)
