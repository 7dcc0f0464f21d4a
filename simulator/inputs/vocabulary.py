"""Checks that an order's offences and safeguarding markers exist.

A misspelt exclusion would exclude no one, without any error. Checked before an acceptance run and
before a rehearsal, against the figures and the journeys.
"""

import difflib
from collections.abc import Collection, Iterator
from pathlib import Path

from simulator.errors import BadInput
from simulator.force.crime_journey import JOURNEY, Journey, read_journey
from simulator.force.figures import load_figures
from simulator.inputs.order import Order

_NEAR_MAX = 3
_SHOWN_MAX = 60


def check_vocabulary(order: Order, name: str, *, journey: Path = JOURNEY) -> None:
    """Refuse an order with an unknown offence subgroup or marker.

    The known markers are those in the journeys: the one given, and all that come with the suite.
    Raises BadInput naming the order's file, the field, the value, and the likely spelling.
    """
    journeys = _journeys(journey)
    markers = {"domestic_abuse"}.union(
        each.marker for journey in journeys for each in journey.safeguarding
    )
    subgroups = load_figures().subgroups
    for field, value in _subgroups_in(order):
        if value not in subgroups:
            raise _unknown(name, field, "offence subgroup", value, subgroups)
    for field in ("safeguarding_exclusions", "safeguarding_of_the_person", "through_a_person"):
        for value in getattr(order.eligibility, field):
            if value not in markers:
                raise _unknown(name, f"eligibility.{field}", "safeguarding marker", value, markers)


def _journeys(path: Path) -> list[Journey]:
    beside = [each for each in sorted(JOURNEY.parent.glob("*.toml")) if each != path]
    return [read_journey(path=each) for each in (path, *beside)]


def _subgroups_in(order: Order) -> Iterator[tuple[str, str]]:
    for field, values in (
        ("eligibility.offence_subgroups", order.eligibility.offence_subgroups),
        ("journey.advice_for", tuple(order.journey.advice_for)),
        ("sensitive_closures.offence_subgroups", order.sensitive_closures.offence_subgroups),
    ):
        for value in values:
            yield field, value


def _unknown(name: str, field: str, what: str, value: str, known: Collection[str]) -> BadInput:
    near = difflib.get_close_matches(value[:_SHOWN_MAX], sorted(known), n=_NEAR_MAX)
    mend = f"did you mean {' or '.join(map(repr, near))}?" if near else None
    shown = value if len(value) <= _SHOWN_MAX else f"{value[:_SHOWN_MAX]}…"
    return BadInput(
        f"{name}: {field}: no {what} {shown!r}; {mend or 'one of ' + ', '.join(sorted(known))}"
    )
