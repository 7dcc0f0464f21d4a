"""What a plan says of call-backs and of a second desk, where a contact centre has them."""

from collections.abc import Mapping
from typing import TypeAlias

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.rehearsal.call_comparison import ForceCalls

#: How the name of the mean wait for a call back ends.
CALL_BACK_WAIT = ": mean wait for a call back"
#: By name: the unit and the value of one year.
Measures: TypeAlias = dict[str, tuple[str, float]]


def centre_measures(calls: Mapping[str, ForceCalls], centres: ContactCentreParameters) -> Measures:
    """Measure one year of each force; nothing where neither is in use."""
    found: Measures = {}
    for force, each in calls.items():
        name = force.replace("_", " ").title()
        if centres.call_backs is not None and centres.call_backs.in_use:
            _urgent, routine = each.levels
            left, called = routine.left_for_call_back, routine.called_back
            found |= {
                f"{name} 101: left the line for a call back": ("calls", float(left)),
                f"{name} 101: called back": ("calls", float(called)),
                f"{name} 101{CALL_BACK_WAIT}": (
                    "seconds",
                    routine.call_back_seconds_mean or 0.0,
                ),
                f"{name} 101: never reached by a call back": ("calls", float(left - called)),
            }
        for level in each.second_desk:
            found |= {
                f"{name} second desk: calls": ("calls", float(level.offered)),
                f"{name} second desk: abandoned": ("share", level.abandoned_share or 0.0),
                f"{name} second desk: mean wait": ("seconds", level.wait_seconds_mean or 0.0),
            }
    return found
