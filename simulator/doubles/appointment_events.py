"""What an appointment in the records means: made, changed, or not to take place after all.

An appointment of an officer that is about no crime is nobody's news.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
)
from simulator.doubles.said_by_record import SaidByRecord

#: Open and scheduled; completed ones are over.
_IS_ON = (0, 3)
_CANCELLED = 2


def appointment_events(
    said: SaidByRecord, before: Mapping[str, Any] | None, crime: Mapping[str, Any], person_id: Any
) -> Iterator[AnyEvent]:
    """Give what an appointment says about a crime that is recorded, to this person of it."""
    row = said.row
    about: dict[str, Any] = {
        "crime_reference": crime["ticketnumber"],
        "appointment_id": row.get("csp_key") or row["activityid"],
        "person_id": person_id,
        "waits_for": (crime["incidentid"], row.get("csp_person")),
    }
    where: dict[str, Any] = {"starts_at": _starts_at(row), "place": row.get("location") or ""}
    is_on = row.get("statecode") in _IS_ON
    was_on = before is not None and before.get("statecode") in _IS_ON
    if is_on and (before is None or AppointmentMade.__name__ in said.unsaid):
        yield from said.made(AppointmentMade, **about, **where)
    elif (
        is_on and was_on and said.is_new(AppointmentChanged, before, ("scheduledstart", "location"))
    ):
        yield from said.made(AppointmentChanged, **about, **where)
    elif was_on and row.get("statecode") == _CANCELLED and not said.unsaid:
        yield from said.made(AppointmentCancelled, **about)


def may_be_new(said: SaidByRecord, before: Mapping[str, Any] | None) -> bool:
    """Say whether an appointment was made, about a crime, and is not told yet."""
    is_about_one = bool(said.row.get("regardingobjectid")) and said.row.get("statecode") in _IS_ON
    return is_about_one and (before is None or AppointmentMade.__name__ in said.unsaid)


def _starts_at(row: Mapping[str, Any]) -> str | None:
    text = row.get("scheduledstart")
    # Times of the records are UTC where they say nothing else.
    return text if not text or text[-1:] == "Z" or text[-6:-5] in {"+", "-"} else f"{text}Z"
