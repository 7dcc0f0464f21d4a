"""Whether a delivery says what the force recorded: both in one form, field by field.

Left out are ids and times of saying, which are an integration's own. What stands in no column of
the records an integration cannot know: it may be blank. docs/neighbours.md lists what is compared.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from msgspec import Struct

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeCancelled,
    CrimeClosed,
    CrimeReopened,
    Officer,
    VictimDetailsChanged,
    VictimRecord,
)

#: The thing that an event is about: kind, crime and, where it is about one, person.
About: TypeAlias = tuple[str, str, str]
#: What an event says: the value of each field, blank ones left out. A person's begin with their id.
Contents: TypeAlias = dict[tuple[str, ...], Any]

#: One state of a record: a closure may be taken back before it was ever read.
_STATES = (CrimeClosed, CrimeCancelled, CrimeReopened)
#: So is an appointment, whatever an integration calls it: a victim sees one officer at a time.
_APPOINTMENTS = (AppointmentMade, AppointmentChanged, AppointmentCancelled)
#: Ids, which are an integration's own, and what a match goes by already.
_IDS = frozenset({"crime_reference", "reply_id", "appointment_id", "in_reply_to"})
#: When something was said. No column has it, so that an integration gives a time of its own.
_TIMES_OF_SAYING = frozenset(
    {
        "allocated_at",
        "cancelled_at",
        "contacted_at",
        "decided_at",
        "merged_at",
        "reclassified_at",
        "reopened_at",
        "replied_at",
        "transferred_at",
        "unavailable_at",
        "unmerged_at",
    }
)
#: In no column of the records: an integration may leave these blank.
_IN_NO_COLUMN = {
    "CrimeRecorded": frozenset({"area", "grade"}),
    "CrimeClosed": frozenset(
        {"confirmed_at", "interviewed_under_caution", "to_body", "to_body_contact"}
    ),
    "OutcomeRecorded": frozenset({"interviewed_under_caution"}),
    "MilestoneReached": frozenset({"person_id"}),
    "OfficerReplied": frozenset({"officer"}),
}
_IN_NO_COLUMN_OF_A_PERSON = frozenset(
    {
        "date_of_birth_digest",
        "is_suspect_in_linked_crime",
        "kind",
        "organisation_name",
        "safe_channel",
        "safe_until",
        "told_instead",
        "update_frequency_days",
        "who_is_told",
    }
)
#: What such a field holds if nobody gave it.
_NOT_GIVEN = (None, False, "person")
#: These columns are shorter than the field.
_CHARACTERS_MAX = {
    "given_name": 50,
    "family_name": 50,
    "email": 100,
    "agreed_word_digest": 100,
    "offence_code": 20,
    "offence_subgroup": 100,
    "collar_number": 100,
}
_PHONES = frozenset({"mobile_phone", "other_phone"})
#: A time this near to that of recording is the records' own: nobody wrote down another.
_JUST_NOW = timedelta(seconds=5)


def about(event: AnyEvent) -> About:
    """Give the thing that an event is about."""
    person_id = event.victim.person_id if isinstance(event, VictimDetailsChanged) else ""
    kind = "state" if isinstance(event, _STATES) else type(event).__name__
    if isinstance(event, _APPOINTMENTS):
        kind, person_id = "appointment", event.person_id
    return kind, event.crime_reference, person_id


def contents(event: AnyEvent) -> Contents:
    """Give all that an event says, in a form in which the same is equal however it is written."""
    found: Contents = {}
    for name in event.__struct_fields__:
        if name not in _IDS | _TIMES_OF_SAYING:
            found |= _of_field((name,), getattr(event, name))
    if isinstance(event, _STATES):
        found["state",] = type(event).__name__
    elif isinstance(event, AppointmentCancelled):
        found["starts_at",] = "cancelled"
    # The records have a title for each crime: its reference, where there is no other.
    if found.get(("offence",)) == event.crime_reference:
        del found["offence",]
    return found


def contents_of_person(victim: VictimRecord) -> Contents:
    """Give what is written down of a person, as in a change of their details."""
    return _of_field(("victim",), victim)


def differing(
    recorded: Contents, delivered: Contents, *, at: datetime
) -> tuple[tuple[str, ...], ...]:
    """List the fields in which a delivery is not what was recorded at a time.

    A time that is the records' own, since nobody wrote down another, is not compared.
    """
    return tuple(
        path
        for path in sorted(recorded.keys() | delivered.keys())
        if recorded.get(path) != delivered.get(path)
        and not _is_own_time(recorded.get(path), delivered.get(path), at)
    )


def is_knowable(kind: str, path: tuple[str, ...], delivered: Any) -> bool:
    """Say whether an integration can know this field; what it cannot know it may leave blank."""
    is_person = path[0] in {"victim", "victims"}
    field = next((each for each in path[1:] if each in _IN_NO_COLUMN_OF_A_PERSON), "")
    in_no_column = bool(field) if is_person else path[0] in _IN_NO_COLUMN.get(kind, ())
    return not (in_no_column and delivered in _NOT_GIVEN)


def field_names(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Name fields without saying whose they are; a person who is missing or added is one field."""
    found = list(paths)
    people = {path[:2] for path in found if path[0] == "victims" and path[2] == "person_id"}
    named = ("victims" if path[:2] in people else _named(path) for path in found)
    return tuple(dict.fromkeys(named))


def _named(path: tuple[str, ...]) -> str:
    return ".".join(path if path[0] != "victims" else (path[0], *path[2:]))


def _is_own_time(recorded: Any, delivered: Any, at: datetime) -> bool:
    both = isinstance(recorded, datetime) and isinstance(delivered, datetime)
    return both and abs(recorded - at) <= _JUST_NOW


def _of_field(path: tuple[str, ...], value: Any) -> Contents:
    name = path[-1]
    if name == "victims":
        return {
            inner: each
            for victim in value
            for inner, each in _of_field((*path, victim.person_id), victim).items()
        }
    if isinstance(value, Officer) and not value.collar_number:
        return {}
    if isinstance(value, Struct):
        found: Contents = {}
        for each in value.__struct_fields__:
            found |= _of_field((*path, each), getattr(value, each))
        return found
    plain = _plain(name, value)
    return {} if plain in (None, "", ()) else {path: plain}


def _plain(name: str, value: Any) -> Any:
    """Give a value as it is compared."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return tuple(sorted({part for each in value if (part := each.strip())}))
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if name in _PHONES:
        # Words in a field for a number are no number: they are compared as they are.
        return _dialled(text) or text
    if name == "email":
        text = text.lower()
    return text[: _CHARACTERS_MAX.get(name)].strip()


def _dialled(number: str) -> str:
    """A number as it is dialled at home: an integration may write it otherwise."""
    return re.sub(r"^(?:00)?44", "0", re.sub(r"\D", "", number.replace("(0)", "")))
