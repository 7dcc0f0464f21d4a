"""The test crime system as we know of it: whatever is recorded here a tester has keyed in there.

Nothing is delivered by us: the portal hears from the test crime system itself.
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


class KeyedIn(CrimeSystem):
    """Our records of what was keyed in, at the time that the tester says.

    `move_clock` makes it that time in the world; `name_of` and `proof_of` say who somebody is.
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
        #: When the last thing was keyed in: what came meanwhile came no earlier.
        self.keyed_at: datetime | None = None

    def record(self, event: AnyEvent, *, happened_at: datetime | None = None) -> str:
        """Have a fact keyed in, and record it; raises CannotVerify where that cannot be done."""
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
            theirs = self._tester.ask_for("Its reference there?", needed=self._wanting)
            self._references.keyed_in(event.crime_reference, theirs)
        self._done()
        return super().record(event, happened_at=happened_at)

    def write_note(self, crime_reference: str, text: str, *, author: str) -> None:
        """Have something written into the enquiry log that must never leave it."""
        theirs = self._references.theirs(crime_reference)
        self._tester.tell(f"\nKEY IN: {note_instruction(theirs, text, author)}")
        self._done()
        super().write_note(crime_reference, text, author=author)

    def _done(self) -> None:
        at = self._tester.done_at("Saved at?")
        self._move_clock(at)
        self.keyed_at = self._now()

    def _wanting(self, theirs: str) -> str:
        """Say what is wrong with a reference ("" for nothing)."""
        if not theirs or len(theirs) > _REFERENCE_CHARACTERS_MAX or " " in theirs:
            return "Give the reference as it stands there, in one word."
        if self._references.is_known(theirs):
            return "That is another crime's of this run."
        return ""
