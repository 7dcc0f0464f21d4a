"""Refuses what a plan would make nothing of: what is switched off, or the model does not follow."""

from collections.abc import Sequence

from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.errors import BadInput
from simulator.planning.assumed_number import Number
from simulator.planning.scenario import Change, YearFiles

_SWITCH = "in_use"
#: What victims do in a rehearsal, and in no plan's model of the portal.
_REHEARSED_ALONE = frozenset(
    f"victims.{each}"
    for each in (
        "texts_stop",
        "chooses_channel",
        "withdraws_support",
        "changes_mobile",
        "tells_force_days_mean",
    )
)


def check_changes(changes: Sequence[Change | Number], files: YearFiles, said_in: str) -> None:
    """Refuse changes that `files`, which have them, make nothing of; raises BadInput."""
    if files.order.contact.falls_back:
        raise BadInput(
            f"{said_in}: order: contact.falls_back is true: a plan's model of the portal sends "
            "nothing by a channel that a victim did not ask for; change it to false"
        )
    for each in changes:
        steps = each.field.split(".")
        value = f" is {each.value}" if isinstance(each, Change) else ""
        said = f"{said_in}: {each.file}: {each.field}{value}"
        if each.file == "order" and steps[0] == "go_live":
            raise BadInput(
                f"{said}: all phases are live from the first days of a plan's year, so it changes "
                "nothing; leave it out"
            )
        if each.file == "rollout" and each.field in _REHEARSED_ALONE:
            raise BadInput(
                f"{said}: victims do it in a rehearsal and not in a plan, so it changes nothing; "
                "leave it out"
            )
        if each.file == "contact_centre" and steps[-1] != _SWITCH:
            switch = _switched_off(steps, files.centres)
            if switch:
                raise BadInput(
                    f"{said}: it changes nothing while {switch} is false; change that to true "
                    "too, or leave it out"
                )


def _switched_off(steps: Sequence[str], centres: ContactCentreParameters) -> str:
    """Name the switch that keeps a field from deciding anything; "" if none does."""
    tables = {
        "shifts": centres.shifts_of,
        "call_backs": centres.call_backs_of,
        "second_desk": centres.second_desk_of,
    }
    if steps[0] in tables:
        of = tables[steps[0]]
        is_used = any(of(force) is not None for force in centres.forces)
        return "" if is_used else f"{steps[0]}.{_SWITCH}"
    if steps[0] == "forces" and len(steps) > 3 and steps[2] in tables:
        is_used = tables[steps[2]](steps[1]) is not None
        return "" if is_used else ".".join([*steps[:3], _SWITCH])
    return ""
