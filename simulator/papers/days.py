"""The daily summary: for each day in London on which something was run, what that day changed."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from simulator.papers.defects import Defect
from simulator.papers.runs import Run


class Day(Struct, frozen=True, kw_only=True):
    """One day of a test period. Scenarios are counted once a run; `not_judged` is all but both."""

    day: date
    builds: tuple[str, ...]
    phases: tuple[int, ...]
    runs: int
    scenarios: int
    passed: int
    failed: int
    not_judged: int
    found: tuple[str, ...]
    mended: tuple[str, ...]


def daily_summary(runs: Sequence[Run], defects: Sequence[Defect]) -> list[Day]:
    """Sum up runs, oldest first, day by day; a defect is found on the day that showed it first."""
    days = []
    for day, group in groupby(runs, key=lambda each: each.day):
        of_day = list(group)
        kinds = Counter(one.verdict for run in of_day for one in run.result.scenarios)
        passed = kinds["PASS"] + kinds["WARNING"]
        days.append(
            Day(
                day=day,
                builds=tuple(dict.fromkeys(run.build for run in of_day)),
                phases=tuple(sorted({run.result.phase for run in of_day})),
                runs=len(of_day),
                scenarios=kinds.total(),
                passed=passed,
                failed=kinds["FAIL"],
                not_judged=kinds.total() - passed - kinds["FAIL"],
                found=tuple(each.id for each in defects if each.found_day == day),
                mended=tuple(
                    each.id
                    for each in defects
                    if each.retest == "passed" and each.retest_day == day
                ),
            )
        )
    return days
