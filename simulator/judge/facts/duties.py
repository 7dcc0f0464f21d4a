"""Who is to be told what, once the portal has an event: opened here, kept in the ledger.

What ends, reopens or moves a crime is in turns.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import (
    Channel,
    CrimeRecorded,
    OfficerReplied,
    VictimDetailsChanged,
)
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import Directory, JudgedMessage
from simulator.judge.facts.automatic_messages import Journeys
from simulator.judge.facts.contact_fields import ChannelReading
from simulator.judge.facts.crime_register import Cases, Received
from simulator.judge.facts.deadlines import informed_by
from simulator.judge.facts.doubtful_addresses import Addresses
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.obligations import Announces, Ledger
from simulator.judge.facts.preferences import CHANNELS, Choices
from simulator.judge.facts.questions import Questions
from simulator.judge.rules.page_contents import Steps


@dataclass
class Owing:
    """Opens obligations and flags as events are received and messages bounce."""

    order: Order
    cases: Cases
    ledger: Ledger
    directory: Directory
    questions: Questions
    journeys: Journeys
    addresses: Addresses
    choices: Choices
    steps: Steps
    registered: set[str] = field(default_factory=set)
    bounced: set[str] = field(default_factory=set)

    def receive(self, received: Received) -> None:
        """Take an event the portal has."""
        event = received.event
        crime = self.cases.crimes[event.crime_reference]
        crime.learn(event, received.recorded_at)
        if isinstance(event, CrimeRecorded):
            self._begin_anew(received.received_at)
            for victim in crime.victims.values():
                self._write(victim)
                self.owe_invitation(crime, victim, received)
        elif isinstance(event, VictimDetailsChanged):
            self.ledger.details_changed(event.victim.person_id)
            self.journeys.advice.disturb(event.victim.person_id)
            changes = self.cases.change_details(event, received)
            self._begin_anew(received.received_at)
            for changed, victim in changes:
                self._write(victim)
                reference = changed.recorded.crime_reference
                self.journeys.on_news(victim.person_id, reference, received.received_at)
                if victim.exclusion:
                    self.ledger.forget(
                        victim.person_id, changed.recorded.crime_reference, received.received_at
                    )
                else:
                    self._close_unusable(victim)
                    self.owe_invitation(changed, victim, received)
        else:
            self.owe_update(crime, received)

    def _begin_anew(self, at: datetime) -> None:
        """Let who was told in somebody's place be owed nothing more: another is invited now."""
        for person_id in self.cases.take_replaced():
            self.registered.discard(person_id)
            self.choices.forget(person_id)
            self.questions.forget_replies(person_id)
            for reference in self.cases.crimes_of(person_id):
                self.ledger.forget(person_id, reference, at)

    def owe_invitation(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        *,
        is_owed: bool = True,
    ) -> None:
        """Owe somebody an invitation to follow a crime, or word of it if they are there already.

        With it comes a look at what stands where an address should.
        """
        trigger = self.order.trigger_for("CrimeRecorded", self.order.phase_at(received.received_at))
        if victim.exclusion or crime.gone or trigger is None:
            return
        announces = "update" if victim.person_id in self.registered else trigger.announces
        self.owe(crime, victim, received, announces, invites=True, is_owed=is_owed)
        usable = self.usable(victim)
        victim.invited |= {each.channel: each.address for each in usable}
        for reading in self.choices.readings(victim):
            reason = self._fault(reading, is_only=not usable)
            if reason and self.choices.is_owed(victim, reading):
                self._flag(victim, crime.recorded.crime_reference, received.received_at, reason)

    def owe_update(self, crime: KnownCrime, received: Received, *, is_owed: bool = True) -> None:
        """Owe every victim whom an event concerns what the order has it announced by."""
        phase = self.order.phase_at(received.received_at)
        trigger = self.order.trigger_for(type(received.event).__name__, phase)
        if trigger is None:
            return
        concerned = getattr(received.event, "person_id", "")
        if isinstance(received.event, OfficerReplied):
            self._replied(crime, received.event, received.received_at, is_owed=is_owed)
        for victim in crime.victims.values():
            if not victim.exclusion and concerned in ("", victim.person_id):
                self.owe(crime, victim, received, trigger.announces, is_owed=is_owed)

    def _replied(
        self, crime: KnownCrime, event: OfficerReplied, at: datetime, *, is_owed: bool
    ) -> None:
        self.questions.replied(event)
        victim = crime.victims.get(event.person_id)
        if is_owed and victim is not None and not victim.exclusion:
            within = timedelta(minutes=self.order.messages.minutes_max)
            self.questions.owe_reply(event, at, within)

    def usable(self, victim: KnownVictim) -> list[ChannelReading]:
        """List the channels by which a victim must hear: nothing speaks against their addresses."""
        return [
            reading
            for reading in self.choices.readings(victim)
            if reading.state == "usable"
            and reading.address not in self.bounced
            and not self.addresses.why_not(reading.address)
            and not self.addresses.is_doubtful(reading.address)
            and self.choices.is_owed(victim, reading)
        ]

    def owe(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        announces: Announces,
        *,
        invites: bool = False,
        is_owed: bool = True,
    ) -> None:
        """Owe a victim news on every channel that can be used.

        What stands in another field, or is in doubt, may be used, and is not owed.
        """
        reference = crime.recorded.crime_reference
        if not (invites and victim.invited):
            self.journeys.news(victim.person_id, reference, received.received_at)
        if announces == "update" and is_owed and not invites:
            self.steps.owe(victim.person_id, reference, received)
        usable = self.usable(victim)
        is_enhanced = victim.record.enhanced_rights
        no_later_than = informed_by(self.order, received.received_at) if is_enhanced else None
        for reading in self.choices.readings(victim):
            if reading not in usable and not self._may_be_used(reading):
                continue
            if invites and reading.channel in victim.invited:
                if not self._has_moved(victim, reading):
                    continue
                self.journeys.moved(victim.person_id, reference, reading.channel)
            self.ledger.owe(
                victim.person_id,
                crime.recorded.crime_reference,
                reading.channel,
                announces,
                received.event_id,
                received.received_at,
                is_owed=is_owed and reading in usable and not (invites and victim.invited),
                no_later_than=no_later_than,
            )
            reason = self.addresses.fault(reading.address)
            if reason and self.choices.is_owed(victim, reading):
                self._flag(victim, reference, received.received_at, f"{reading.channel}: {reason}")

    def _has_moved(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        """Say whether somebody may be invited anew: not where they were, and they never came in."""
        is_another = victim.invited[reading.channel] != reading.address
        return is_another and victim.person_id not in self.registered

    def bounce(self, message: JudgedMessage, at: datetime) -> None:
        """Take that a message did not arrive: its channel is no longer owed, a look is."""
        self.bounced.add(message.address)
        for person_id in sorted(self.directory.written_for(message.address)):
            victims = self.cases.victims_of(person_id)
            readings = [each for victim in victims for each in self.choices.readings(victim)]
            if not any(each.address == message.address for each in readings):
                continue
            self._close(person_id, message.channel, message.at, at)
            for crime_reference, victim in zip(
                self.cases.crimes_of(person_id), victims, strict=True
            ):
                if message.kind == "invitation":
                    victim.invited.pop(message.channel, None)
                if not victim.exclusion:
                    reason = f"{message.channel}: a message did not arrive"
                    self._flag(victim, crime_reference, at, reason)

    def give_up(self, person_id: str, channel: Channel, address: str, at: datetime) -> None:
        """Take that an address is not this person's: what waits for them there is owed no more.

        Who has not come in by an invitation that went there is to be invited anew elsewhere.
        """
        self._close(person_id, channel, at, at)
        for victim in self.cases.victims_of(person_id):
            if person_id not in self.registered and victim.invited.get(channel) == address:
                victim.invited.pop(channel)

    def _close(self, person_id: str, channel: Channel, sent_at: datetime, at: datetime) -> None:
        """Owe nothing more on a channel; where the order falls back, another may tell it."""
        self.journeys.advice.disturb(person_id)
        self.ledger.close_channel(person_id, channel)
        for other in self._falls_back_on(self.cases.victims_of(person_id), channel):
            self.ledger.move(person_id, channel, other, sent_at, at)

    def _falls_back_on(self, victims: list[KnownVictim], bounced: Channel) -> list[Channel]:
        """List the channels that may be used instead of one that bounced, where the order has it.

        What goes by them is told, and not owed.
        """
        found = {
            reading.channel
            for victim in victims
            for reading in self.choices.readings(victim)
            if reading.channel not in (*victim.record.preferred_channels, bounced)
        }
        return sorted(found) if self.order.contact.falls_back else []

    def _write(self, victim: KnownVictim) -> None:
        """Learn a victim's addresses; of one that too many share, nobody is owed anything there."""
        self.directory.write(victim)
        self.addresses.write(victim)
        for reading in self.choices.readings(victim):
            if self.addresses.is_doubtful(reading.address):
                for person_id in self.addresses.people_at(reading.address):
                    self.ledger.excuse(person_id, reading.channel)

    def _close_unusable(self, victim: KnownVictim) -> None:
        usable = {each.channel for each in self.usable(victim)}
        for channel in CHANNELS:
            if channel not in usable:
                self.ledger.close_channel(victim.person_id, channel)

    def _may_be_used(self, reading: ChannelReading) -> bool:
        return reading.state == "elsewhere" or (
            reading.state == "usable" and reading.address not in self.bounced
        )

    def _fault(self, reading: ChannelReading, *, is_only: bool) -> str:
        """Say what about a channel somebody should look at ("" for nothing)."""
        if reading.address in self.bounced:
            return f"{reading.channel}: a message did not arrive"
        if reading.state in ("elsewhere", "unusable") or (reading.state == "empty" and is_only):
            return f"{reading.channel}: {_REASONS[reading.state]}"
        return ""

    def _flag(self, victim: KnownVictim, crime_reference: str, at: datetime, reason: str) -> None:
        """Owe a look at a victim's details, once until it has been asked for."""
        due_at = at + timedelta(minutes=self.order.messages.minutes_max)
        self.ledger.flag(victim.person_id, crime_reference, reason, due_at)


_REASONS = {
    "elsewhere": "in the wrong field",
    "unusable": "cannot be used",
    "empty": "missing",
}
