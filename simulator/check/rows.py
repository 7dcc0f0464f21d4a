"""The table of a check: what was tried, what was seen, and what that means.

Nothing that goes wrong ends the table: the next thing is tried all the same.
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


class NotSo(Exception):
    """What was claimed or needed is not so; says what was seen, and the mend."""


class Rows:
    """The rows so far."""

    def __init__(self) -> None:
        self.rows: list[CheckRow] = []

    def tried(self, name: str, tried: str, look: Callable[[], str]) -> bool:
        """Try one thing, and note what `look` saw of it; says whether it is as it should be."""
        verdict: Kind = "PASS"
        try:
            seen = look()
        except BadInput:
            raise
        except (NotSo, Refused, SuiteError) as error:
            seen, verdict = str(error), _verdict(error)
        self.note(name, tried, seen, verdict)
        return verdict == "PASS"

    def note(self, name: str, tried: str, seen: str, verdict: Kind) -> None:
        """Note a row as it is."""
        self.rows.append(CheckRow(name=name, tried=tried, seen=seen, verdict=verdict))


def _verdict(error: Exception) -> Kind:
    for kind, verdict in _MEANS.items():
        if isinstance(error, kind):
            return verdict
    return "ERROR"


_MEANS: dict[type[Exception], Kind] = {
    NotSo: "FAIL",
    Refused: "FAIL",
    PortalNonsense: "FAIL",
    CannotVerify: "SKIP",
    PortalUnreachable: "INCONCLUSIVE",
}
