"""What a planner asks beside calls: the busiest minute, and requests in the mean of the year."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from simulator.planning.answers import SECONDS_A_WEEK, peak_of
from simulator.planning.year import YearOfPortal
from tests.simulator.planning.small_plans import small_plan


def test_requests_are_events_receipts_and_sign_ins(tmp_path: Path) -> None:
    """By hand: of four weeks with a warm-up of one, at a tenth of the crimes.

    Events and receipts are of all four weeks; sign-ins, three requests each, of the three measured.
    """
    sent = SimpleNamespace(at=[0, 30, 59, 60])
    use = SimpleNamespace(sent=sent, visits=9, recorded=8)
    run = cast("YearOfPortal", cast("Any", SimpleNamespace(use=use)))
    files = small_plan(tmp_path).planned

    peak = peak_of(run, files, warm_up_weeks=1, weeks=3, fraction=0.1)

    a_week = (8 + 4) / 4 + 3 * 9 / 3
    assert peak.requests_per_second == pytest.approx(a_week / SECONDS_A_WEEK / 0.1)
    assert peak.messages == pytest.approx(30)
    assert peak.sign_ins_an_hour == pytest.approx(9 / 3 / 168 / 0.1)
