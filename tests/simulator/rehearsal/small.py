"""Small rollouts: the real one with a calendar of thirteen weeks, and few crimes followed."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from simulator.rehearsal.run import CompletedRehearsal, rehearse
from tests.simulator.command_line import Said, portal_suite_apart
from tests.simulator.real_files import CENTRE, ORDER, ROLLOUT, TARGET, parsed

GO_LIVE = {
    "phase_1": date(2026, 6, 15),
    "phase_2": date(2026, 6, 29),
    "phase_3": date(2026, 7, 13),
}
CALENDAR = {"warm_up_weeks": 2, "build_weeks": 1, "test_weeks": [1, 1, 1], "quarter_weeks": 1}
FRACTION = 0.002

Changes = Mapping[str, float]


def write_small(
    folder: Path,
    changes: Changes | None = None,
    *,
    order: Callable[[dict[str, Any]], object] = lambda _raw: None,
    rollout: Callable[[dict[str, Any]], object] = lambda _raw: None,
    centre: Callable[[dict[str, Any]], object] = lambda _raw: None,
) -> Path:
    """Write a rollout with its order and contact centre; return the rollout's path.

    `changes` are values of rates by dotted name; the functions may change anything else.
    """
    raw_order, raw_centre, raw = parsed(ORDER), parsed(CENTRE), parsed(ROLLOUT)
    raw_order["go_live"] = dict(GO_LIVE)
    raw["calendar"] = dict(CALENDAR)
    raw["fraction"] = FRACTION
    raw["testers"]["people"]["value"] = 1
    raw["testers"]["crimes_a_week_each"]["value"] = 8
    raw["order"] = str(folder / "order.toml")
    raw.pop("published", None)
    raw["contact_centre"] = str(folder / "centre.toml")
    for name, value in (changes or {}).items():
        table: Any = raw
        for step in name.split("."):
            table = table[step]
        table["value"] = value
    for change, table in ((order, raw_order), (centre, raw_centre), (rollout, raw)):
        change(table)
    (folder / "order.toml").write_text(tomli_w.dumps(raw_order))
    (folder / "centre.toml").write_text(tomli_w.dumps(raw_centre))
    path = folder / "rollout.toml"
    path.write_text(tomli_w.dumps(raw))
    return path


def rehearse_small(
    folder: Path,
    changes: Changes | None = None,
    *,
    seed: int = 1,
    fraction: float = FRACTION,
    rollout: Callable[[dict[str, Any]], object] = lambda _raw: None,
) -> CompletedRehearsal:
    """Rehearse a small rollout."""
    path = write_small(folder, changes, rollout=rollout)
    return rehearse(path, seed=seed, fraction=fraction)


def rehearse_apart(
    folder: Path,
    application: str,
    changes: Changes | None = None,
    *,
    rollout: Callable[[dict[str, Any]], object] = lambda _raw: None,
) -> Said:
    """Rehearse another portal on less, in a process of its own: it patches what it runs in.

    The results are in `out`, within the folder.
    """
    target = parsed(TARGET)
    target["access"]["application"] = application
    (folder / "target.toml").write_text(tomli_w.dumps(target))

    def change(raw: dict[str, Any]) -> None:
        raw["target"] = str(folder / "target.toml")
        rollout(raw)

    path = write_small(folder, changes, rollout=change)
    options = ("--out", folder / "out", "--fraction", "0.002", "--seed", "1")
    return portal_suite_apart("rehearse", path, *options)


def as_json(rehearsed: CompletedRehearsal) -> bytes:
    """Return the contents of `rehearsal.json`."""
    return msgspec.json.encode(rehearsed.result)
