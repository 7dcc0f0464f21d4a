"""How far victims come with a live portal: eligible, invited, registered, reading, asking.

Each step counts people of the step before only, of crimes recorded since go-live.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from reference.contract.events import CrimeRecorded
from simulator.evidence.records import EventRecorded, QuestionAsked, Record, SignedIn
from simulator.inputs.order import Order
from simulator.judge.fold import Judgement
from simulator.rehearsal.intervals import scaled
from simulator.results.portal_life import FunnelStep, Scaled

#: Only while phase 3 is live can anybody ask.
ASKED = "Asked an officer"


def funnel(
    order: Order, records: Sequence[Record], judgement: Judgement, fraction: float
) -> list[FunnelStep]:
    """Count the victims of followed crimes, step by step; nothing without any."""
    victims = list(_victims(order, records))
    if not victims:
        return []
    steps = _steps(records, judgement)
    of_all = _narrowing(victims, steps, order.go_live_at(1), fraction)
    of_phase_3 = _narrowing(victims, steps, order.go_live_at(3), fraction)
    return [
        FunnelStep(
            name=name,
            since_go_live=None if name == ASKED else of_all[name],
            since_phase_3=of_phase_3[name],
        )
        for name in of_all
    ]


def _steps(records: Sequence[Record], judgement: Judgement) -> dict[str, set[str]]:
    """Find who took each step after being eligible."""
    invited = [each for each in judgement.messages if each.kind == "invitation"]
    signed_in = Counter(each.person_id for each in records if isinstance(each, SignedIn))
    return {
        "Invited": {each.person_id for each in invited},
        "Reached by an invitation": {each.person_id for each in invited if each.fate == "reached"},
        "Registered": set(signed_in),
        "Read again later": {person for person, times in signed_in.items() if times > 1},
        ASKED: {each.person_id for each in records if isinstance(each, QuestionAsked)},
    }


def _narrowing(
    victims: Sequence[tuple[datetime, str, bool]],
    steps: dict[str, set[str]],
    since: datetime,
    fraction: float,
) -> dict[str, Scaled]:
    here = [each for each in victims if each[0] >= since]
    left = {person for _at, person, _is_eligible in here}
    counts = {"Victims of crimes recorded": len(left)}
    left = {person for _at, person, is_eligible in here if is_eligible}
    counts["Eligible"] = len(left)
    for name, people in steps.items():
        left &= people
        counts[name] = len(left)
    return {name: scaled(number, fraction) for name, number in counts.items()}


def _victims(order: Order, records: Sequence[Record]) -> Iterator[tuple[datetime, str, bool]]:
    """Give each victim of each crime, when it was recorded, and whether the order has them told."""
    for each in records:
        if isinstance(each, EventRecorded) and each.event_type == "CrimeRecorded":
            crime = msgspec.json.decode(each.data, type=CrimeRecorded)
            for victim in crime.victims:
                is_eligible = not order.exclusion(crime, victim.person_id)
                yield crime.recorded_at, victim.person_id, is_eligible
