"""Small plans: a study of a few weeks with few crimes in the model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomli_w

from simulator.planning.plan_input import PlanInput, read_plan
from tests.simulator.real_files import ROOT, parsed

STUDY = ROOT / "scenarios" / "planning.toml"
PLANS = ROOT / "scenarios" / "plans"
NUMBERS_KEPT = 2


def write_plan(
    folder: Path,
    plan: dict[str, Any] | None = None,
    study: Callable[[dict[str, Any]], object] = lambda _raw: None,
) -> Path:
    """Write a plan and its study of six weeks; return the plan's path."""
    raw = parsed(STUDY) | {"warm_up_weeks": 2, "weeks": 4, "fraction": 0.02}
    raw |= {"replications_min": 2, "replications_max": 2}
    raw["numbers"] = raw["numbers"][:NUMBERS_KEPT]
    study(raw)
    (folder / "study.toml").write_text(tomli_w.dumps(raw))
    path = folder / "plan.toml"
    asked = {"name": "A plan", "question": "What if?"} | (plan or {})
    path.write_text(tomli_w.dumps(asked | {"study": str(folder / "study.toml")}))
    return path


def small_plan(
    folder: Path, plan: dict[str, Any] | None = None, *, is_brief: bool = True
) -> PlanInput:
    """Read a small plan."""
    path = write_plan(folder, plan)
    return read_plan(path, seed=1, fraction=None, replications=None, is_brief=is_brief)
