"""The limits that the contract sets on fields of events: so many characters, from and to a number.

They are read from the contract's own types.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from reference.contract.events import (
    BATCH_EVENTS_MAX,
    AppointmentMade,
    CrimeAllocated,
    CrimeEvent,
    CrimeRecorded,
    CrimeTransferred,
    OfficerDeployed,
    OfficerReplied,
    VictimDetailsChanged,
)

#: Not a field: how many events one delivery has.
EVENTS_TOGETHER = "events in a delivery"


class Limit(NamedTuple):
    """A field of an event, where it is in the event, and the least and the most it may be.

    For a text these are characters.
    """

    event: type[CrimeEvent]
    path: tuple[str, ...]
    least: int | None
    most: int
    is_text: bool

    def beyond(self) -> tuple[int, ...]:
        """List the lengths or numbers that are just not allowed."""
        return (self.most + 1,) if self.least is None else (self.least - 1, self.most + 1)


def _limit(event: type[CrimeEvent], *path: str) -> Limit:
    found: msgspec.inspect.Type = msgspec.inspect.type_info(event)
    for name in path:
        found = _struct_in(found)
        found = next(each.type for each in found.fields if each.name == name)
    kinds = found.types if isinstance(found, msgspec.inspect.UnionType) else (found,)
    for each in kinds:
        if isinstance(each, msgspec.inspect.StrType) and each.max_length is not None:
            return Limit(event, path, None, each.max_length, is_text=True)
        if isinstance(each, msgspec.inspect.IntType) and each.ge is not None and each.le:
            return Limit(event, path, each.ge, each.le, is_text=False)
    raise ValueError(f"{event.__name__}: {'.'.join(path)} has no limit in the contract")


def _struct_in(found: msgspec.inspect.Type) -> msgspec.inspect.StructType:
    kinds = found.types if isinstance(found, msgspec.inspect.UnionType) else (found,)
    return next(each for each in kinds if isinstance(each, msgspec.inspect.StructType))


_OF_A_RECORD = (
    "given_name", "family_name", "organisation_name", "mobile_phone", "email", "person_id",
    "update_frequency_days",
)  # fmt: skip
#: The fields whose limits stories try, by the name that a story has for them.
LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        **{name: _limit(VictimDetailsChanged, "victim", name) for name in _OF_A_RECORD},
        "area": _limit(CrimeRecorded, "area"),
        "offence": _limit(CrimeRecorded, "offence"),
        "grade": _limit(CrimeRecorded, "grade"),
        "place": _limit(AppointmentMade, "place"),
        "team": _limit(CrimeAllocated, "team"),
        "officer name": _limit(CrimeAllocated, "officer_in_charge", "name"),
        "to_force": _limit(CrimeTransferred, "to_force"),
        "reply": _limit(OfficerReplied, "text"),
        "crime_reference": _limit(OfficerDeployed, "crime_reference"),
    }
)
#: The fields of which stories have values at the limit, in what the force records.
FILLED = (
    "given_name", "family_name", "organisation_name", "area", "place", "team", "officer name",
    "to_force",
)  # fmt: skip
#: What else a delivery may have too much of.
BEYOND: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        **{name: limit.beyond() for name, limit in LIMITS.items()},
        EVENTS_TOGETHER: (BATCH_EVENTS_MAX + 1,),
    }
)
