"""News that nobody could be told of when it came: it may be told once somebody can be.

Whether a portal sends it then, or lets the page say it, is left to the portal (decision 0034).
"""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.deadlines import Announces
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.weekly_limit import CHANNELS


@dataclass
class MissedNews:
    """What each victim was not told of each crime, by event."""

    book: CaseBook
    _missed: dict[tuple[str, str], dict[str, Announces]] = field(default_factory=dict)

    def note(
        self, victim: KnownVictim, crime_reference: str, received: Received, announces: Announces
    ) -> None:
        """Write down news that came while a victim was not to be told."""
        missed = self._missed.setdefault((victim.person_id, crime_reference), {})
        missed[received.event_id] = announces

    def note_waiting(self, victim: KnownVictim, crime_reference: str) -> None:
        """Write down what waits as a victim is not to be told from now on."""
        for channel in CHANNELS:
            for each in self.book.ledger.open_for(victim.person_id, channel):
                waits = each.told_at is None and each.announces != "invitation"
                if waits and each.crime_reference == crime_reference:
                    of = (victim.person_id, crime_reference)
                    self._missed.setdefault(of, {})[each.event_id] = each.announces

    def let_other_record_tell(
        self, victim: KnownVictim, crime_reference: str, at: datetime
    ) -> None:
        """Let a person be told by the record that survives what waits for one merged into it."""
        merger = self.book.register.persons.of(victim.person_id)
        if merger is None:
            return
        about = self.book.register.current(crime_reference)
        for channel in CHANNELS:
            for each in self.book.ledger.open_for(victim.person_id, channel):
                if each.told_at is None and each.crime_reference == crime_reference:
                    self.book.ledger.owe(
                        *(merger.into, about, channel, each.announces, each.event_id, at),
                        is_owed=False,
                        is_first_word=each.is_first_word,
                    )

    def let_tell(self, victim: KnownVictim, crime_reference: str, at: datetime) -> None:
        """Let a victim who may be told again be told what they missed."""
        missed = self._missed.pop((victim.person_id, crime_reference), {})
        reachability, whose = self.book.reachability, victim.person_id
        usable = reachability.usable(victim)
        for reading in reachability.readings(victim) if missed else ():
            of = (whose, reading.channel, reading.address)
            # What they may have ended, or not, may be used all the same.
            may_end = reading.state == "usable" and reachability.preferences.is_doubtful(*of)
            if not may_end and reading not in usable:
                continue
            for event_id, announces in missed.items():
                about = (crime_reference, reading.channel, announces, event_id)
                self.book.ledger.owe(whose, *about, at, is_owed=False)
            # One message tells it all.
            for each in self.book.ledger.open_for(victim.person_id, reading.channel):
                each.is_void |= each.event_id in missed and not each.is_owed
