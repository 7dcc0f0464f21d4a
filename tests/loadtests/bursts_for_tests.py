"""A burst file to change: small, valid, and the same for every test."""

import copy
from pathlib import Path
from typing import Any

import tomli_w

from loadtests.bursts import Burst, read_burst


def burst_values(**changes: Any) -> dict[str, Any]:
    """Give the values of a burst file; an amount may be changed by its number alone."""
    values = copy.deepcopy(_VALUES)
    for name, value in changes.items():
        known = values.get(name)
        if isinstance(known, dict) and not isinstance(value, dict):
            known["value"] = value
        else:
            values[name] = value
    return values


def write_burst(folder: Path, **changes: Any) -> Path:
    """Write a burst file; gives its path."""
    path = folder / "burst.toml"
    path.write_text(tomli_w.dumps(burst_values(**changes)), encoding="utf-8")
    return path


def burst(folder: Path, **changes: Any) -> Burst:
    """Read a burst as it would be from its file."""
    return read_burst(write_burst(folder, **changes))


def _amount(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "assumed": "a test"}


_VALUES: dict[str, Any] = {
    "name": "A small burst",
    "target": "scenarios/targets/reference-for-load.toml",
    "batch_events": 10,
    "senders": 2,
    "silence_seconds": 2.0,
    "drain_seconds_max": 20.0,
    "repeats_seconds": 1.0,
    "crimes": _amount(100, "crimes"),
    "closures_per_second": _amount(100, "closures a second"),
    "visitors": _amount(5, "victims"),
    "visits_per_second": _amount(5, "visits a second"),
}
