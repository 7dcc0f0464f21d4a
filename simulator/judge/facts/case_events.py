"""What ends, reopens or moves a crime, and what a person says first: owed as each is received."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import (
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeReopened,
    CrimeTransferred,
    OfficerReplied,
    VictimContacted,
    VictimDetailsChanged,
)
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.duties import Owing
from simulator.judge.facts.eligibility import task_for
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask, Tasks
from simulator.judge.facts.withheld_news import Closures


@dataclass
class Turns:
    """Takes every event the portal has: most go straight on to what is owed."""

    owing: Owing
    closures: Closures
    tasks: Tasks
    _asked: set[tuple[str, str, str]] = field(default_factory=set)

    def receive(self, received: Received) -> None:
        """Take an event the portal has, and what it means for who is told of other crimes."""
        self._take(received)
        self.reconsider(received.received_at, received)

    def reconsider(self, at: datetime, received: Received | None = None) -> None:
        """Owe no more to whom nobody is told for now, and have a person tell them, or decide it."""
        cases = self.owing.cases
        cases.grow_up(at)
        for crime, victim, was in cases.take_turned():
            reference = crime.recorded.crime_reference
            if not victim.exclusion:
                if received is not None:
                    self.owing.owe_invitation(crime, victim, received, is_owed=False)
                continue
            self.owing.ledger.forget(victim.person_id, reference, at)
            task = task_for(victim.exclusion)
            about = (victim.person_id, reference, victim.exclusion)
            if task is None or crime.gone or about in self._asked or was == victim.exclusion:
                continue
            self._asked.add(about)
            self.tasks.owe(
                OwedTask(
                    kind=task[0],
                    person_id=victim.person_id,
                    crime_reference=reference,
                    begun_at=at,
                    requirement=task[1],
                    expected=f"the force is asked to see to it: {victim.exclusion}",
                )
            )

    def _take(self, received: Received) -> None:
        event = received.event
        crime = self.owing.cases.crimes[event.crime_reference]
        was_gone, was_closed = crime.gone, crime.is_closed
        is_stale = crime.is_stale(received.recorded_at)
        match event:
            case CrimeClosed() if not was_gone and self.closures.is_sensitive(event, crime):
                crime.learn(event, received.recorded_at)
                self._hold_back(crime, received, was_closed=was_closed, is_stale=is_stale)
            case CrimeCancelled() if was_gone != "cancelled":
                crime.learn(event, received.recorded_at)
                self._cancel(crime, received)
            case CrimeReclassified():
                self._reclassify(crime, event, received)
            case VictimContacted():
                self._contacted(crime, event, received)
            case CrimeMerged() if not was_gone:
                self._merge(crime, received, is_stale=is_stale)
            case CrimeTransferred() if not was_gone:
                crime.learn(event, received.recorded_at)
                self.owing.owe_update(crime, received, is_owed=not is_stale)
            case _ if was_gone and not isinstance(event, CrimeReopened):
                self._after_it_was_gone(crime, received)
            case _:
                self._go_on(crime, received, is_stale=is_stale)

    def _go_on(self, crime: KnownCrime, received: Received, *, is_stale: bool) -> None:
        """Take anything else: an old closure that comes after a reopening is no news."""
        event = received.event
        held_from: list[str] = []
        if isinstance(event, CrimeReopened) and not is_stale:
            held_from = self.closures.forget(event.crime_reference)
            for person_id in held_from:
                self.tasks.waive("sensitive_contact", person_id, event.crime_reference)
        if isinstance(event, CrimeClosed):
            self.closures.tell(crime)
        if isinstance(event, CrimeClosed | CrimeReopened) and (is_stale or held_from):
            # Whoever never heard that the case had ended need not hear that it goes on.
            crime.learn(event, received.recorded_at)
            self.owing.owe_update(crime, received, is_owed=False)
        else:
            self.owing.receive(received)

    def _after_it_was_gone(self, crime: KnownCrime, received: Received) -> None:
        """Take what is said of a crime that was merged, transferred or cancelled.

        Details change for all crimes of a victim. Nothing else is owed here any more; what is said
        of a merged crime may be told, and an officer may answer who asked before a transfer.
        """
        if isinstance(received.event, VictimDetailsChanged):
            self.owing.receive(received)
            return
        crime.learn(received.event, received.recorded_at)
        answers = isinstance(received.event, OfficerReplied) and crime.gone == "transferred"
        if crime.gone == "merged" or answers:
            self.owing.owe_update(crime, received, is_owed=False)

    def _hold_back(
        self, crime: KnownCrime, received: Received, *, was_closed: bool, is_stale: bool
    ) -> None:
        """Have an officer speak to each victim first."""
        if is_stale:
            self.owing.owe_update(crime, received, is_owed=False)
            return
        for victim in crime.victims.values():
            before = self.closures.held(received.event.crime_reference, victim.person_id)
            if not self.closures.hold(crime, victim.person_id, received, was_closed=was_closed):
                self._tell_of_closure(crime, victim, received, is_owed=False)
            elif before is None and self._is_told(victim, received):
                self._owe_contact(crime, victim, received, "how the case ended")

    def _cancel(self, crime: KnownCrime, received: Received) -> None:
        """Say nothing more automatically: an officer tells whoever follows it in the portal."""
        for victim in crime.victims.values():
            self.owing.ledger.forget(
                victim.person_id, crime.recorded.crime_reference, received.received_at
            )
            is_held = self.closures.hold(crime, victim.person_id, received, was_closed=False)
            if is_held and victim.invited and self._is_told(victim, received):
                self._owe_contact(crime, victim, received, "that the record was cancelled")

    def _merge(self, crime: KnownCrime, received: Received, *, is_stale: bool) -> None:
        """Let the victims follow their crime: no message is due by itself, and none is new to it.

        Whoever was never invited may be, where the surviving crime is one for the portal.
        """
        crime.learn(received.event, received.recorded_at)
        self.owing.owe_update(crime, received, is_owed=not is_stale)
        if crime.gone != "merged":
            return
        cases, reference = self.owing.cases, crime.recorded.crime_reference
        followers = cases.follow(crime, received.received_at)
        if cases.current(reference) in cases.crimes:
            # A message that names the merger is about the crime it goes on as.
            cases.crime_of_event[received.event_id] = cases.current(reference)
        for into, victim in followers:
            self.closures.carry(reference, into.recorded.crime_reference, victim.person_id)
            if not victim.invited:
                self.owing.owe_invitation(into, victim, received, is_owed=False)

    def _reclassify(self, crime: KnownCrime, event: CrimeReclassified, received: Received) -> None:
        """Judge anew who is told of the crime: who now is, is invited; who no longer is, is not."""
        was_out = {each.person_id for each in crime.victims.values() if each.exclusion}
        if not self.owing.cases.reclassify(crime, event, received):
            return
        self.owing.owe_update(crime, received)
        for victim in crime.victims.values():
            if victim.exclusion:
                self.owing.ledger.forget(
                    victim.person_id, event.crime_reference, received.received_at
                )
            elif victim.person_id in was_out:
                self.owing.owe_invitation(crime, victim, received, is_owed=not crime.is_over)

    def _contacted(self, crime: KnownCrime, event: VictimContacted, received: Received) -> None:
        """Owe the update that had waited for an officer to speak to the victim."""
        held = self.closures.contacted(event)
        victim = crime.victims.get(event.person_id)
        if held is None or victim is None:
            return
        self.tasks.waive("sensitive_contact", event.person_id, event.crime_reference)
        if isinstance(held.what, CrimeClosed):
            self.owing.ledger.release(held.event_id, received.event_id)
            released = Received(
                held.event_id, held.what, received.recorded_at, received.received_at
            )
            # Spoken to before the case ended, and written down after it: either reading is careful.
            # And of a crime that was merged since it is said where that goes on, or not at all.
            is_about_it = event.contacted_at >= held.what.closed_at and crime.gone != "merged"
            self._tell_of_closure(crime, victim, released, is_owed=is_about_it)

    def _tell_of_closure(
        self, crime: KnownCrime, victim: KnownVictim, received: Received, *, is_owed: bool
    ) -> None:
        phase = self.owing.order.phase_at(received.received_at)
        trigger = self.owing.order.trigger_for("CrimeClosed", phase)
        if trigger is not None and not victim.exclusion:
            self.owing.owe(crime, victim, received, trigger.announces, is_owed=is_owed)

    def _is_told(self, victim: KnownVictim, received: Received) -> bool:
        """Say whether this victim follows the crime in the portal, which is live."""
        return not victim.exclusion and self.owing.order.phase_at(received.received_at) > 0

    def _owe_contact(
        self, crime: KnownCrime, victim: KnownVictim, received: Received, of_what: str
    ) -> None:
        self.tasks.owe(
            OwedTask(
                kind="sensitive_contact",
                person_id=victim.person_id,
                crime_reference=crime.recorded.crime_reference,
                begun_at=received.received_at,
                requirement="SENS-02",
                expected=f"an officer is asked to tell the victim {of_what}",
            )
        )
