"""The force's own notes on each crime, which must never leave the crime system."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from simulator.evidence.records import InternalNoteWritten
from simulator.judge.text.quotations import Quotations


@dataclass
class InternalNotes:
    """Every note, by crime."""

    _notes: dict[str, list[Quotations]] = field(default_factory=dict)

    def write(self, record: InternalNoteWritten) -> None:
        """Keep a note."""
        self._notes.setdefault(record.crime_reference, []).append(Quotations(record.text))

    def quoted_in(self, crimes: Iterable[str], texts: Iterable[str]) -> str:
        """Tell whether a note on one of these crimes appears in the texts; "" if none does."""
        notes = [note for crime in crimes for note in self._notes.get(crime, ())]
        shown = " ".join(texts) if notes else ""
        return "an internal enquiry-log entry" if any(note.are_in(shown) for note in notes) else ""
