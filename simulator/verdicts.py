"""Verdicts, harms in their order, owners of harms, and the finding that the judge makes of them."""

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

#: Worst first: someone else was told, too much was told, nothing was told, and so on.
HARMS: tuple[Harm, ...] = (
    "misdirected",
    "disclosed",
    "lost",
    "duplicated",
    "late",
    "out of order",
    "noise",
)

#: Worst first: the worst of its parts is the verdict on the whole.
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

#: So many readings are named with a finding; the result has them all.
_NAMED_MAX = 6


class Finding(Struct, frozen=True, kw_only=True):
    """One harm: what was expected, what was observed, and who caused it.

    A FAIL was caused by the portal. A WARNING was caused by someone else, or nobody could have
    avoided it. `rests_on` names the sentence of the order, the contract or the requirements that
    asks for what was expected, as `order: messages.quiet_from`. Results of before it was named
    have "". `readings` are ids of docs/readings.md: where the documents leave a choice that may
    play a part here, and all that may be.
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
    rests_on: str = ""
    readings: tuple[str, ...] = ()

    @property
    def readings_named(self) -> str:
        """Name the first readings, and where to read them all: "" for none."""
        named, more = ", ".join(self.readings[:_NAMED_MAX]), len(self.readings) - _NAMED_MAX
        others = f" and {more} more with {self.requirement}" if more > 0 else ""
        return f"{named}{others} (docs/readings.md)" if named else ""


def worst(kinds: Iterable[Kind]) -> Kind:
    """Return the worst of these verdicts, or INCONCLUSIVE if there are none."""
    found = set(kinds)
    return next((kind for kind in KINDS if kind in found), "INCONCLUSIVE")


def exit_code(kind: Kind) -> int:
    """Return the exit code of a verdict: only PASS, WARNING and OMIT conform."""
    if kind == "FAIL":
        return DOES_NOT_CONFORM
    return CONFORMS if kind in ("PASS", "WARNING", "OMIT") else COULD_NOT_JUDGE
