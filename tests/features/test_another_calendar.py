"""Rules of an order with other bank holidays: features, judge and portal reckon by its list.

The invented force has two local holidays each week and none of England's, so that most deadlines
fall on another day than by England's list. It also orders the date of birth as the proof: the
features name none, and prove as much by either.
"""

import re
from pathlib import Path
from typing import Any

import pytest

from simulator.accept.features_run import run_features
from simulator.inputs.order import read_order
from simulator.inputs.written_scenarios import read_written
from simulator.processes.features_process import Run
from tests.features.portals_of_another_calendar import LOCAL, by_a_longer_list, by_england_s_list
from tests.simulator.real_files import ORDER, TARGET, spoiled


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the reference's target with an order that names the local holidays alone."""
    folder = tmp_path_factory.mktemp("calendar")
    named = f"bank_holidays = [{', '.join(map(str, LOCAL))}]"
    order = folder / "order.toml"
    text = ORDER.read_text().replace('proof = "agreed_word"', 'proof = "date_of_birth"')
    order.write_text(re.sub(r"bank_holidays = \[[^]]*\]", named, text))
    read = read_order(order)
    assert list(read.working_days.bank_holidays) == LOCAL
    assert read.sign_in.proof == "date_of_birth"
    return spoiled(folder, TARGET, ("scenarios/orders/two-forces.toml", str(order)))


@pytest.mark.proof
@pytest.mark.slow(seconds=8)
def test_portal_features_and_judge_reckon_alike(target: Path, tmp_path: Path, warm: Run) -> None:
    """The reference meets such an order: no step and no rule of the judge has another list.

    Whatever a victim does in any phase, they have signed in by the proof that the order names.
    """
    scenarios = run_features(target, phase=3, out=tmp_path, run=warm)

    met = {id for each in scenarios for id in each.requirements}
    assert {"DUE-01", "DUE-02", "SENS-04", "SENS-05", "JOUR-09", "TWO-08"} <= met
    assert [(each.name, each.observed) for each in scenarios if each.verdict != "PASS"] == []
    evidence = (tmp_path / "evidence.ndjson").read_text(encoding="utf-8")
    assert re.search('"date_of_birth_digest":"[0-9a-f]{64}"', evidence)
    assert not re.search('"agreed_word_digest":"[0-9a-f]', evidence)


@pytest.mark.parametrize(
    ("application", "requirement", "observed"),
    [
        (by_england_s_list, "DUE-02", "1 do"),
        (by_a_longer_list, "SENS-04", "the task says by"),
    ],
)
def test_a_portal_with_another_list_is_caught(
    target: Path, tmp_path: Path, warm: Run, application: Any, requirement: str, observed: str
) -> None:
    """What it reckons by England's list, or by any other than the order's, is too soon or late."""
    scenario = next(each for each in read_written() if requirement in each.requirements)

    found = run_features(
        target,
        phase=3,
        out=tmp_path,
        run=warm,
        only=scenario.name,
        application=f"{application.__module__}:{application.__name__}",
    )

    failed = [each for each in found if each.verdict == "FAIL"]
    assert failed, [(each.verdict, each.observed, each.reason, each.failed_step) for each in found]
    assert all(observed in each.observed for each in failed)
