"""What the force's records say, and no event can tell: a column that the contract needs is missing.

Each is kept by its record and the event that it would be, until the record is completed, says it no
longer, or is gone. Names of tables and columns are kept, never what stands in them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias, get_args

import msgspec
from msgspec import Struct, structs

from reference.contract.events import ClosingOutcome, CrimeEvent, Milestone

_Row: TypeAlias = tuple[str, str]
#: The column from which each field of an event comes.
_COLUMNS: Mapping[str, str] = {
    "crime_reference": "ticketnumber",
    "force": "csp_force",
    "offence_code": "csp_offencecode",
    "offence_subgroup": "csp_offencegroup",
    "offence": "title",
    "safeguarding": "csp_safeguarding",
    "recorded_at": "csp_reportedat",
    "officer_in_charge": "ownerid",
    "team": "csp_team",
    "milestone": "csp_milestone",
    "reached_at": "csp_milestoneat",
    "into": "csp_mergedinto.ticketnumber",
    "outcome": "csp_outcome",
    "closed_at": "csp_closedat",
    "person_id": "csp_person",
    "text": "notetext",
    "deployed_at": "csp_deployedat",
    "starts_at": "scheduledstart",
    "place": "location",
    "appointment_id": "csp_key",
    "victims": "customerid.csp_personid",
}
#: What the event of a record needs that is gone.
DELETED = "the row that was deleted"
_TAKEN: Mapping[str, Iterable[Any]] = {
    "csp_milestone": get_args(Milestone),
    "csp_outcome": get_args(ClosingOutcome),
}


class UnsaidEvent(Struct, frozen=True, kw_only=True):
    """An event that a record says, and the columns without which it cannot be told.

    `waits_for` are other records that may complete it.
    """

    table: str
    record_id: str
    event_type: str
    crime_reference: str
    needs: tuple[str, ...]
    waits_for: tuple[str, ...] = ()


class ShownUnsaid(Struct, frozen=True, kw_only=True):
    """As control shows it; `mend` says what to write into the record."""

    table: str
    record_id: str
    event_type: str
    crime_reference: str
    needs: tuple[str, ...]
    mend: str


class UnsaidEvents:
    """What no event can tell yet, by record.

    `on_change` hears of each, and again, without `needs`, once it ends.
    """

    def __init__(self) -> None:
        self._found: dict[_Row, dict[str, UnsaidEvent]] = {}
        self._waiting: defaultdict[str, dict[_Row, None]] = defaultdict(dict)
        self.on_change: Callable[[UnsaidEvent], None] = lambda _unsaid: None

    def all(self) -> list[UnsaidEvent]:
        """List what no event can tell, in the order in which it was found."""
        return [each for found in self._found.values() for each in found.values()]

    def kinds_of(self, table: str, record_id: str) -> frozenset[str]:
        """Give the events that a record cannot tell yet."""
        return frozenset(self._found.get((table, record_id), ()))

    def waiting_for(self, record_id: str) -> list[_Row]:
        """List the records that a change of this one may complete."""
        return list(self._waiting.get(record_id, ()))

    def replace(self, table: str, record_id: str, found: Iterable[UnsaidEvent]) -> None:
        """Know what a record cannot tell now: what it could not tell before, and can, ends."""
        before = self._found.get((table, record_id), {})
        after = {each.event_type: each for each in found}
        for event_type, each in before.items():
            if event_type not in after:
                self.set(structs.replace(each, needs=(), waits_for=()))
        for event_type, each in after.items():
            if before.get(event_type) != each:
                self.set(each)

    def set(self, unsaid: UnsaidEvent) -> None:
        """Keep one; with no `needs` it ends."""
        self.restore(unsaid)
        self.on_change(unsaid)

    def restore(self, unsaid: UnsaidEvent) -> None:
        """Keep one of an earlier run."""
        row = (unsaid.table, unsaid.record_id)
        found = self._found.get(row, {})
        kept = {name: each for name, each in found.items() if name != unsaid.event_type}
        if unsaid.needs:
            kept[unsaid.event_type] = unsaid
        for each in {waited for one in found.values() for waited in one.waits_for}:
            self._waiting[each].pop(row, None)
            if not self._waiting[each]:
                del self._waiting[each]
        for each in {waited for one in kept.values() for waited in one.waits_for}:
            self._waiting[each][row] = None
        self._found.pop(row, None)
        if kept:
            self._found[row] = kept


def columns_needed(kind: type[CrimeEvent], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the columns whose values the contract does not take, of those that an event needs."""
    found = []
    for each in structs.fields(kind):
        if each.name in values:
            try:
                msgspec.convert(values[each.name], each.type)
            except msgspec.ValidationError:
                found.append(_COLUMNS.get(each.name, each.name))
    return tuple(found)


def as_shown(unsaid: UnsaidEvent) -> ShownUnsaid:
    """Show what no event can tell, and how to mend it."""
    return ShownUnsaid(
        table=unsaid.table,
        record_id=unsaid.record_id,
        event_type=unsaid.event_type,
        crime_reference=unsaid.crime_reference,
        needs=unsaid.needs,
        mend=how_to_complete(unsaid.needs),
    )


def how_to_complete(needs: Iterable[str]) -> str:
    """Say what to write into a record, so that its event can be told."""
    said = []
    for each in needs:
        taken = _TAKEN.get(each)
        said.append(f"{each} (one of {', '.join(map(str, taken))})" if taken else each)
    return f"Give {' and '.join(said)}, or take back what says it."
