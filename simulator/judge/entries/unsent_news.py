"""News that is not safe to send: an officer tells the victim how a case ended, and of a charge.

The duty to inform does not end with the channel. A force has several names for such a task. Where
the approval of a channel has run out, an officer is asked already whether contact is safe.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from reference.contract.events import CrimeClosed, OutcomeRecorded
from reference.contract.messages import TaskKind
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.exclusions import NOT_SAFE
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask


@dataclass
class UnsentNews:
    """Owes the tasks for what a portal may not send."""

    book: CaseBook

    def take(self, crime: KnownCrime, received: Received) -> None:
        """Owe a task for each victim whom it is not safe to write to, of an end or a charge."""
        event, book, at = received.event, self.book, received.received_at
        if not isinstance(event, CrimeClosed | OutcomeRecorded):
            return
        trigger = book.order.trigger_for(type(event).__name__, book.order.phase_at(at))
        if trigger is None or trigger.phase > book.phases.owed_at(at):
            return
        ended_at = event.closed_at if isinstance(event, CrimeClosed) else None
        for victim in crime.victims.values():
            if self._is_for_an_officer(crime, victim, received, ended_at):
                about = "how the case ended" if ended_at else "that a suspect was charged"
                expected = f"an officer is asked to tell the victim {about}: "
                expected += "it is not safe to send it"
                owed = ("SAFE-07", expected, at, received.event_id)
                others: tuple[TaskKind, ...] = ("not_sent", "contact_ended")
                task = OwedTask("sensitive_contact", victim.person_id, *owed, other_kinds=others)
                book.tasks.owe(task)

    def _is_for_an_officer(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        ended_at: datetime | None,
    ) -> bool:
        """Say whether only an officer can tell a victim this, and none has told them already."""
        came_later = victim.joined_at and received.recorded_at <= victim.joined_at
        told_at = self.book.withheld.told_at(crime.recorded.crime_reference, victim.person_id)
        is_told = ended_at is not None and told_at is not None and told_at >= ended_at
        return self._is_unsafe_alone(crime, victim, received) and not came_later and not is_told

    def _is_unsafe_alone(self, crime: KnownCrime, victim: KnownVictim, received: Received) -> bool:
        own = victim.own
        if victim.exclusion != NOT_SAFE or own.who_is_told == "another":
            return False
        safe = structs.replace(own, safe_to_contact=True)
        return not self.book.register.why_not(crime.recorded, safe, received.received_at)
