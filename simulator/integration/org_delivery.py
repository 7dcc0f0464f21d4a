"""The process layer from a crime to a Case: each event is written into an org, once by its id.

All that one event writes is one transaction, with a record of the event that cannot be made twice:
so an answer that was lost, or a delivery that comes again, changes nothing.
"""

import msgspec

from reference.contract.events import CloudEvent
from simulator.integration.map_file import OrgMap
from simulator.integration.mapping import CannotMap
from simulator.integration.salesforce_system import NotWritten, SalesforceSystem
from simulator.integration.source import SourceUnreachable
from simulator.integration.written_rows import EVENT, rows_of

_TAKEN, _NOT_TAKEN, _BUSY = 202, 422, 503
_KNOWN = "DUPLICATE_VALUE"
#: The same may go well a moment later: another writes the row, or the crime is on its way.
TRANSIENT = frozenset({_KNOWN, "UNABLE_TO_LOCK_ROW", "NO_SUCH_PARENT"})


class OrgDelivery:
    """An org in which a portal lives, in a portal's place."""

    def __init__(self, rules: OrgMap, system: SalesforceSystem) -> None:
        self._rules = rules
        self._system = system

    def close(self) -> None:
        """Close the connections."""
        self._system.close()

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Write a batch, one event after the other; return what became of the first that failed."""
        for each in events:
            status, said = self._write(each, correlation_id)
            if status != _TAKEN:
                return status, said
        return _TAKEN, ""

    def _write(self, event: bytes, correlation_id: str) -> tuple[int | None, str]:
        try:
            written = rows_of(self._rules, msgspec.json.decode(event, type=CloudEvent))
            self._system.write(written, correlation_id=correlation_id)
        except SourceUnreachable as trouble:
            return None, str(trouble)
        except (CannotMap, msgspec.DecodeError) as cannot:
            return _NOT_TAKEN, str(cannot)
        except NotWritten as refused:
            if refused.part == EVENT and refused.code == _KNOWN:
                return _TAKEN, ""
            return _BUSY if refused.code in TRANSIENT else _NOT_TAKEN, str(refused)
        return _TAKEN, ""
