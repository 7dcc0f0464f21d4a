"""The rows of the Victims' Code as data, `scenarios/victims-code.toml`: measured, and not."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias, get_args

from msgspec import Meta

from reference.contract.events import EVENT_TYPES, Milestone
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict

Right = Annotated[int, Meta(ge=1, le=12)]
#: Whose clock runs: the order's working days, none, or one that no event starts.
Clock: TypeAlias = Literal["order", "none", "others"]


class MeasuredRow(Strict, frozen=True, kw_only=True):
    """A row that events carry: from `from_event`, or from when the event itself happened.

    `events` are event types and milestones. `outcomes` are those of its closures; without any, it
    is of all closures that no other row has. `is_told_by_invitation` says that the first word about
    a crime tells it. What nobody is `told_by` is done, not told.
    """

    right: Right
    what: str
    events: Annotated[tuple[str, ...], Meta(min_length=1)]
    from_event: str = ""
    outcomes: tuple[int, ...] = ()
    is_told_by_invitation: bool = False
    time: Clock
    others_time: str = ""
    told_by: str = ""
    source: str

    def __post_init__(self) -> None:
        known = {*EVENT_TYPES, *get_args(Milestone)}
        if unknown := {*self.events, self.from_event} - known - {""}:
            raise ValueError(f"events has {min(unknown)!r}; name events and milestones")
        if (self.time == "others") != bool(self.others_time):
            raise ValueError(
                f"time is {self.time!r} and others_time is {self.others_time!r}; "
                "give others_time where time is 'others', and only there"
            )


class RowNotMeasured(Strict, frozen=True, kw_only=True):
    """A row that no event of a rehearsal carries, and why."""

    right: Right
    what: str
    told_by: str
    reason: str
    others_time: str = ""


class RowsOfTheCode(Strict, frozen=True, kw_only=True):
    """All rows of the Code, by Right."""

    name: str
    measured: tuple[MeasuredRow, ...]
    not_measured: tuple[RowNotMeasured, ...]

    def row_of(self, name: str, outcome: int | None = None) -> MeasuredRow | None:
        """Find the row of an event or milestone, and of a closure with its outcome."""
        rows = [each for each in self.measured if name in each.events and not each.from_event]
        chosen = [each for each in rows if outcome in each.outcomes]
        return next(iter(chosen or [each for each in rows if not each.outcomes]), None)


def read_rows_of_the_code(path: Path) -> RowsOfTheCode:
    """Read and check the rows; raises BadInput naming the field."""
    return checked_toml.read(path, RowsOfTheCode)
