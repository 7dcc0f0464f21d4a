"""Says whom a portal most likely tells: a guess from a record, before a story is played."""

from datetime import datetime

from reference.contract.events import VictimRecord
from simulator.explore.story import Person

_ADULT_DAYS = 19 * 366


def is_told(person: Person, record: VictimRecord, at: datetime) -> bool:
    """Say whether this record is of an adult victim of whom nothing forbids to tell them."""
    forbids = (
        record.has_died,
        record.is_suspect_in_linked_crime,
        record.is_restricted or (record.is_police_employee and record.is_restricted is None),
        record.kind == "organisation",
        record.told_instead is not None,
        record.who_is_told == "nobody",
    )
    can_be_reached = bool(person.phone or person.mailbox)
    is_safe = record.safe_to_contact is True and not any(forbids)
    return is_safe and can_be_reached and _is_adult(record, at)


def _is_adult(record: VictimRecord, at: datetime) -> bool:
    return record.born is None or (at.date() - record.born).days > _ADULT_DAYS
