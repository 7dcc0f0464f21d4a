"""How far a worker's clock is from the clock of the doubles, on another machine.

It asks a few times what time it is there. The answer came between the question and its end, so the
quickest question tells best.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import urllib3

from simulator.clock import wall_now
from simulator.errors import SuiteError

_QUESTIONS = 5


def clock_offset(handsets_url: str) -> timedelta:
    """Return what must be added to the clock here; raises SuiteError if nothing answers."""
    with urllib3.PoolManager(retries=False, timeout=10) as http:

        def ask() -> datetime:
            try:
                answer = http.request("GET", f"{handsets_url}/time")
            except urllib3.exceptions.HTTPError as error:
                raise SuiteError(
                    f"{handsets_url}: the doubles do not answer ({type(error).__name__}); can this "
                    "machine reach the address that load --master listens at?"
                ) from None
            return datetime.fromisoformat(answer.data.decode())

        return offset_of(ask, wall_now)


def offset_of(ask: Callable[[], datetime], now: Callable[[], datetime]) -> timedelta:
    """Return the offset by the quickest of a few questions."""
    found = []
    for _question in range(_QUESTIONS):
        before = now()
        there = ask()
        took = now() - before
        found.append((took, there - (before + took / 2)))
    return min(found)[1]
