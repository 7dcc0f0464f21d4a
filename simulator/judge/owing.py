"""Who is to be told what, once the portal has an event: opened here, kept in the ledger."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import Channel, CrimeRecorded, OfficerReplied, VictimDetailsChanged
from simulator.judge.cases import Cases, KnownCrime, KnownVictim, Received
from simulator.judge.journeys import Journeys
from simulator.judge.obligations import Announces, Ledger
from simulator.judge.observations import Directory, JudgedMessage
from simulator.judge.questions import Questions
from simulator.judge.reading import ChannelReading, read_channels
from simulator.order import Order


@dataclass
class Owing:
    """Opens obligations and flags as events are received and messages bounce."""

    order: Order
    cases: Cases
    ledger: Ledger
    directory: Directory
    questions: Questions
    journeys: Journeys
    registered: set[str] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)

    def receive(self, received: Received) -> None:
        """Take an event the portal has."""
        event = received.event
        crime = self.cases.crimes[event.crime_reference]
        crime.learn(event)
        if isinstance(event, CrimeRecorded):
            for victim in crime.victims.values():
                self.directory.write(victim)
                self._owe_invitation(crime, victim, received)
        elif isinstance(event, VictimDetailsChanged):
            self.ledger.details_changed(event.victim.person_id)
            for changed, victim in self.cases.change_details(event.victim):
                self.directory.write(victim)
                if victim.exclusion:
                    self.ledger.forget(victim.person_id, changed.recorded.crime_reference)
                else:
                    usable = {each.channel for each in self._usable(victim)}
                    for channel in _CHANNELS:
                        if channel not in usable:
                            self.ledger.close_channel(victim.person_id, channel)
                    self._owe_invitation(changed, victim, received)
        else:
            self._owe_update(crime, received)

    def _owe_invitation(self, crime: KnownCrime, victim: KnownVictim, received: Received) -> None:
        trigger = self.order.trigger_for("CrimeRecorded", self.order.phase_at(received.received_at))
        if victim.exclusion or trigger is None:
            return
        announces = "update" if victim.person_id in self.registered else trigger.announces
        self._owe(crime, victim, received, announces, invites=True)
        usable = self._usable(victim)
        victim.invited |= {each.channel for each in usable}
        for reading in read_channels(victim.record):
            if reading.address in self.bounced:
                reason = f"{reading.channel}: a message did not arrive"
                self._flag(victim, crime.recorded.crime_reference, received.received_at, reason)
            elif reading.state in ("elsewhere", "unusable") or (
                reading.state == "empty" and not usable
            ):
                reason = f"{reading.channel}: {_REASONS[reading.state]}"
                self._flag(victim, crime.recorded.crime_reference, received.received_at, reason)

    def _owe_update(self, crime: KnownCrime, received: Received) -> None:
        phase = self.order.phase_at(received.received_at)
        trigger = self.order.trigger_for(type(received.event).__name__, phase)
        if trigger is None:
            return
        concerned = getattr(received.event, "person_id", "")
        if isinstance(received.event, OfficerReplied):
            self.questions.replied(received.event)
        for victim in crime.victims.values():
            if not victim.exclusion and concerned in ("", victim.person_id):
                self._owe(crime, victim, received, trigger.announces)

    def _usable(self, victim: KnownVictim) -> list[ChannelReading]:
        return [
            reading
            for reading in read_channels(victim.record)
            if reading.state == "usable" and reading.address not in self.bounced
        ]

    def _owe(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        announces: Announces,
        *,
        invites: bool = False,
    ) -> None:
        """Owe a victim news on every channel that can be used.

        What stands in another field may be used, and is not owed.
        """
        reference = crime.recorded.crime_reference
        if not (invites and victim.invited):
            self.journeys.news(victim.person_id, reference, received.received_at)
        usable = self._usable(victim)
        elsewhere = [each for each in read_channels(victim.record) if each.state == "elsewhere"]
        for reading in [*usable, *elsewhere]:
            if invites and reading.channel in victim.invited:
                continue
            self.ledger.owe(
                victim.person_id,
                crime.recorded.crime_reference,
                reading.channel,
                announces,
                received.event_id,
                received.received_at,
                is_owed=reading in usable and not (invites and victim.invited),
            )

    def bounce(self, message: JudgedMessage, at: datetime) -> None:
        """Take that a message did not arrive: its channel is no longer owed, a look is."""
        self.bounced.add(message.address)
        for person_id in sorted(self.directory.written_for(message.address)):
            victims = self.cases.victims_of(person_id)
            readings = [each for victim in victims for each in read_channels(victim.record)]
            if not any(each.address == message.address for each in readings):
                continue
            self.ledger.close_channel(person_id, message.channel)
            for crime_reference, victim in zip(
                self.cases.crimes_of(person_id), victims, strict=True
            ):
                if message.kind == "invitation":
                    victim.invited.discard(message.channel)
                if not victim.exclusion:
                    reason = f"{message.channel}: a message did not arrive"
                    self._flag(victim, crime_reference, at, reason)

    def _flag(self, victim: KnownVictim, crime_reference: str, at: datetime, reason: str) -> None:
        """Owe a look at a victim's details, once until it has been asked for."""
        due_at = at + timedelta(minutes=self.order.messages.minutes_max)
        self.ledger.flag(victim.person_id, crime_reference, reason, due_at)


_CHANNELS: tuple[Channel, ...] = ("text", "email")
_REASONS = {
    "elsewhere": "in the wrong field",
    "unusable": "cannot be used",
    "empty": "missing",
}
