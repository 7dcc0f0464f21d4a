"""What one force has otherwise: its own shifts, call-backs and second desk over the common ones.

A table of a force in `scenarios/contact-centre.toml` names only what differs, such as `in_use`.
"""

from typing import TypeVar

from msgspec import Struct, structs

from simulator.contact_centre.handling import Handling
from simulator.contact_centre.shifts import ShiftPattern
from simulator.files.checked_toml import Amount, OneOrMore, Share, Strict

T = TypeVar("T", bound=Struct)


class OwnShifts(Strict, frozen=True, kw_only=True):
    """The shifts of one force, where they differ: see `Shifts`."""

    in_use: bool | None = None
    pattern: ShiftPattern | None = None
    break_minutes: Amount | None = None
    break_free_hours: Amount | None = None
    shrinkage: Share | None = None


class OwnCallBacks(Strict, frozen=True, kw_only=True):
    """The call-backs of one force, where they differ: see `CallBackOffers`."""

    in_use: bool | None = None
    offered_after_minutes: Amount | None = None
    accepted: Share | None = None
    picked_up: Share | None = None
    attempts_max: OneOrMore | None = None
    attempt_seconds: Amount | None = None
    retry_minutes: Amount | None = None


class OwnSecondDesk(Strict, frozen=True, kw_only=True):
    """The second desk of one force, where it differs: see `SecondDesk`."""

    in_use: bool | None = None
    passed_on: Share | None = None
    passed_on_updates: Share | None = None
    operator: Handling | None = None
    patience_seconds_mean: Amount | None = None
    occupancy_target: Share | None = None
    handlers_min: OneOrMore | None = None


def with_own(common: T | None, own: Struct | None, name: str) -> T | None:
    """Put a force's own values in place of the common ones; raises ValueError."""
    if own is None:
        return common
    if common is None:
        raise ValueError(f"a force differs in {name}, which the file lacks; add the table [{name}]")
    values = {n: v for n, v in structs.asdict(own).items() if v is not None}
    return structs.replace(common, **values)
