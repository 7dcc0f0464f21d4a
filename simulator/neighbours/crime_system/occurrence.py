"""An occurrence as the crime system shows it, and the result of filing something in it.

Shared by the records, which hold occurrences, and the interface, which shows them to a portal.
"""

from datetime import datetime
from enum import Enum

from msgspec import Struct

from reference.contract.events import Officer


class Filed(Enum):
    """The result of filing a stamp or a task, once per key."""

    created = "created"
    known = "known"
    different = "different"
    no_occurrence = "no occurrence"


class LogEntry(Struct, frozen=True, kw_only=True):
    """One entry of the enquiry log; `internal` ones are the force's own and never leave it."""

    at: datetime
    author: str
    text: str
    internal: bool


class Occurrence(Struct, frozen=True, kw_only=True):
    """One crime's record; a team may be in charge instead of an officer."""

    crime_reference: str
    officer_in_charge: Officer | None
    team: str
    enquiry_log: tuple[LogEntry, ...]
