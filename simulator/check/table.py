"""The table of checks: what was tried, what was seen, and the verdict.

A check that fails does not end the table: the next check is tried all the same.
"""

from collections.abc import Callable

from simulator.drivers.base import Refused
from simulator.errors import (
    BadInput,
    CannotVerify,
    PortalNonsense,
    PortalUnreachable,
    SuiteError,
)
from simulator.results.values import CheckRow
from simulator.verdicts import Kind


class CheckFailed(Exception):
    """A check failed. The message says what was seen and how to fix it."""


class CheckTable:
    """The rows so far."""

    def __init__(self) -> None:
        self.rows: list[CheckRow] = []

    def try_check(self, name: str, tried: str, look: Callable[[], str]) -> bool:
        """Try one check, and add what `look` saw; return whether it passed."""
        verdict: Kind = "PASS"
        try:
            seen = look()
        except BadInput:
            raise
        except (CheckFailed, Refused, SuiteError) as error:
            seen, verdict = str(error), _verdict(error)
        self.add(name, tried, seen, verdict)
        return verdict == "PASS"

    def add(self, name: str, tried: str, seen: str, verdict: Kind) -> None:
        """Add a row."""
        self.rows.append(CheckRow(name=name, tried=tried, seen=seen, verdict=verdict))


def _verdict(error: Exception) -> Kind:
    for kind, verdict in _VERDICT_OF_ERROR.items():
        if isinstance(error, kind):
            return verdict
    return "ERROR"


_VERDICT_OF_ERROR: dict[type[Exception], Kind] = {
    CheckFailed: "FAIL",
    Refused: "FAIL",
    PortalNonsense: "FAIL",
    CannotVerify: "SKIP",
    PortalUnreachable: "INCONCLUSIVE",
}
