"""A sample result of a phase's test weeks."""

from datetime import timedelta
from typing import Any

import msgspec

from simulator.results.window import WindowDay, WindowResult
from tests.simulator.report.samples import START, finding, harms


def window(**changes: Any) -> WindowResult:
    """Make the weeks in which phase 2 was tested, with a failure on the second day."""
    days = [
        WindowDay(
            day=START + timedelta(days=each),
            updates=20,
            messages=18,
            not_reached=1,
            sign_ins=7,
            questions=0,
            tasks=2,
            failures=int(each == 1),
        )
        for each in range(28)
    ]
    result = WindowResult(
        name="Phase 2 test",
        portal="Reference portal",
        order="Two forces",
        phase=2,
        seed=7,
        starts=START,
        ends=START + timedelta(days=28),
        crimes=423,
        verdict="FAIL",
        obligations=789,
        days=days,
        harms=harms(),
        failures=[finding()],
        untried=["nobody registered"],
    )
    return msgspec.structs.replace(result, **changes)
