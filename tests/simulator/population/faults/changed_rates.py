"""Fault rates for tests: the default ones with some changed."""

import msgspec

from simulator.files.checked_toml import Amount, Share
from simulator.population.faults.kinds import KINDS
from simulator.population.faults.rates import FaultRates, read_fault_rates

RATES = read_fault_rates()


def share(value: float) -> Share:
    """Give a share."""
    return Share(value, "share", assumed="a test")


def amount(value: float) -> Amount:
    """Give an amount."""
    return Amount(value, "times", assumed="a test")


def only(rates: FaultRates = RATES, *, names: float = 0, **kinds: float) -> FaultRates:
    """Give rates with these kinds alone: weights for names, shares for the rest."""
    of = {
        group: {name: value for name, value in kinds.items() if KINDS[name].group in groups}
        for group, groups in (
            ("names", {"name"}),
            ("births", {"birth"}),
            ("contacts", {"moved", "mobile", "email"}),
            ("records", {"record"}),
        )
    }
    return msgspec.structs.replace(
        rates,
        name_wrong=share(names),
        names={kind: amount(value) for kind, value in (of["names"] or {"case_lost": 1}).items()},
        births={kind: share(value) for kind, value in of["births"].items()},
        contacts={kind: share(value) for kind, value in of["contacts"].items()},
        records={kind: share(value) for kind, value in of["records"].items()},
    )


def evenly(rates: FaultRates = RATES) -> FaultRates:
    """Give rates at which every typist and station makes as many faults."""
    by = [msgspec.structs.replace(each, errors=amount(1), times={}) for each in rates.typed_by]
    return msgspec.structs.replace(
        rates, typed_by=by, stations=dict.fromkeys(rates.stations, amount(1))
    )
