"""How far victims come with a live portal: eligible, invited, registered, reading, asking.

Each step counts people of the step before only, of crimes recorded since go-live.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from simulator.inputs.order import Order
from simulator.judge.facts.sent_message import SentMessage
from simulator.rehearsal.intervals import scaled
from simulator.rehearsal.traces import RecordedVictim, Traces
from simulator.results.portal_life import FunnelStep, Scaled

#: Only while phase 3 is live can anybody ask.
ASKED = "Asked an officer"


def funnel(
    order: Order, traces: Traces, messages: Sequence[SentMessage], fraction: float
) -> list[FunnelStep]:
    """Count the victims of followed crimes, step by step; nothing without any."""
    steps = _steps(traces, messages)
    of_all, of_phase_3 = (
        _narrowing(traces.victims, steps, order.go_live_at(phase), fraction) for phase in (1, 3)
    )
    return [
        FunnelStep(
            name=name,
            since_go_live=None if name == ASKED else of_all[name],
            since_phase_3=of_phase_3[name],
        )
        for name in of_all
        if traces.victims
    ]


def _steps(traces: Traces, messages: Sequence[SentMessage]) -> dict[str, AbstractSet[str]]:
    """Find who took each step after being eligible."""
    invited = [each for each in messages if each.kind == "invitation"]
    return {
        "Invited": {each.person_id for each in invited},
        "Reached by an invitation": {each.person_id for each in invited if each.fate == "reached"},
        "Registered": traces.signed_in.keys(),
        "Read again later": {person for person, times in traces.signed_in.items() if times > 1},
        ASKED: traces.asked,
    }


def _narrowing(
    victims: Sequence[RecordedVictim],
    steps: Mapping[str, AbstractSet[str]],
    since: datetime,
    fraction: float,
) -> dict[str, Scaled]:
    here = [each for each in victims if each.recorded_at >= since]
    left = {each.person_id for each in here if each.is_eligible}
    counts = {
        "Victims of crimes recorded": len({each.person_id for each in here}),
        "Eligible": len(left),
    }
    for name, people in steps.items():
        left &= people
        counts[name] = len(left)
    return {name: scaled(number, fraction) for name, number in counts.items()}
