"""What can be said of a portal: verdicts, harms in their order, and whose harm it was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from simulator.errors import CONFORMS, COULD_NOT_JUDGE, DOES_NOT_CONFORM

Kind: TypeAlias = Literal[
    "PASS", "FAIL", "WARNING", "REVIEW", "SKIP", "OMIT", "INCONCLUSIVE", "ERROR"
]
Harm: TypeAlias = Literal[
    "misdirected", "disclosed", "lost", "duplicated", "late", "out of order", "noise"
]
Owner: TypeAlias = Literal["force", "integration", "portal", "gateway", "contact data"]

#: Worst first: somebody else was told; too much was said; nothing was said; and so on.
HARMS: tuple[Harm, ...] = (
    "misdirected",
    "disclosed",
    "lost",
    "duplicated",
    "late",
    "out of order",
    "noise",
)

#: Worst first: what one of a kind makes of the whole.
KINDS: tuple[Kind, ...] = (
    "ERROR",
    "FAIL",
    "INCONCLUSIVE",
    "SKIP",
    "REVIEW",
    "WARNING",
    "OMIT",
    "PASS",
)


class Finding(Struct, frozen=True, kw_only=True):
    """One harm: what was expected, what was observed, and whose it was.

    A FAIL is the portal's. A WARNING is counted beside it: another's harm, or one that nobody
    could have avoided.
    """

    kind: Kind
    harm: Harm
    owner: Owner
    requirement: str
    at: datetime
    person_id: str
    crime_reference: str
    expected: str
    observed: str
    avoidable: bool = True


def worst(kinds: Iterable[Kind]) -> Kind:
    """Roll verdicts up: the worst of them, and INCONCLUSIVE when there were none."""
    found = set(kinds)
    return next((kind for kind in KINDS if kind in found), "INCONCLUSIVE")


def exit_code(kind: Kind) -> int:
    """Give the exit code that says a verdict: only PASS, WARNING and OMIT conform."""
    if kind == "FAIL":
        return DOES_NOT_CONFORM
    return CONFORMS if kind in ("PASS", "WARNING", "OMIT") else COULD_NOT_JUDGE
