"""Our record of the test crime system: everything recorded here, a tester has keyed in there.

We deliver nothing: the portal gets its events from the test crime system.
"""

from collections.abc import Callable
from datetime import datetime

from reference.contract.events import AnyEvent, CrimeRecorded
from simulator.by_hand.console import Tester
from simulator.by_hand.references import References
from simulator.by_hand.wording import NameOf, instruction, note_instruction
from simulator.evidence.records import EvidenceLog
from simulator.neighbours.crime_system.records import CrimeSystem

_REFERENCE_CHARACTERS_MAX = 64


class KeyedCrimeSystem(CrimeSystem):
    """Our records of what was keyed in, at the time the tester says.

    `move_clock` moves the world to that time. `name_of` and `proof_of` describe a person.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        evidence: EvidenceLog,
        source: str,
        tester: Tester,
        references: References,
        move_clock: Callable[[datetime], None],
    ) -> None:
        super().__init__(now=now, evidence=evidence, source=source)
        self._tester = tester
        self._references = references
        self._move_clock = move_clock
        self.name_of: NameOf = lambda person_id: person_id
        self.proof_of: NameOf = lambda _person_id: ""
        #: When the last thing was keyed in. A message about it cannot have come earlier.
        self.keyed_at: datetime | None = None

    def record(
        self, event: AnyEvent, *, happened_at: datetime | None = None, elsewhere: bool = False
    ) -> str:
        """Ask the tester to key in an event, and record it; raises CannotVerify if it cannot be."""
        self.before_record(event)
        words = instruction(
            event,
            reference=self._references.theirs(event.crime_reference),
            name_of=self.name_of,
            proof_of=self.proof_of,
            now=self._now(),
        )
        self._tester.tell(f"\nKEY IN: {self._references.in_theirs(words)}")
        if isinstance(event, CrimeRecorded):
            theirs = self._tester.ask_for("Its reference there?", mistake_in=self._mistake_in)
            self._references.add(event.crime_reference, theirs)
        self._note_time()
        return super().record(event, happened_at=happened_at, elsewhere=elsewhere)

    def write_note(self, crime_reference: str, text: str, *, author: str) -> None:
        """Ask the tester to write a note into the enquiry log that must never leave it."""
        theirs = self._references.theirs(crime_reference)
        self._tester.tell(f"\nKEY IN: {note_instruction(theirs, text, author)}")
        self._note_time()
        super().write_note(crime_reference, text, author=author)

    def _note_time(self) -> None:
        at = self._tester.ask_time("Saved at?")
        self._move_clock(at)
        self.keyed_at = self._now()

    def _mistake_in(self, theirs: str) -> str:
        """Return what is wrong with a reference, or ""."""
        if not theirs or len(theirs) > _REFERENCE_CHARACTERS_MAX or " " in theirs:
            return "Give the reference as it is shown there, in one word."
        if self._references.is_known(theirs):
            return "That is the reference of another crime of this run."
        return ""
