"""The daily summary: the runs, results and defects of each London day with a run."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from simulator.papers.defects import Defect
from simulator.papers.runs import Run


class Day(Struct, frozen=True, kw_only=True):
    """One day of a test period. Scenarios count once a run; `not_judged` is neither of the two."""

    day: date
    builds: tuple[str, ...]
    phases: tuple[int, ...]
    runs: int
    scenarios: int
    passed: int
    failed: int
    not_judged: int
    found: tuple[str, ...]
    fixed: tuple[str, ...]


def summarise_days(runs: Sequence[Run], defects: Sequence[Defect]) -> list[Day]:
    """Sum up runs, oldest first, by day. A defect is found on the day that first showed it."""
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
                fixed=tuple(
                    each.id
                    for each in defects
                    if each.retest == "passed" and each.retest_day == day
                ),
            )
        )
    return days
