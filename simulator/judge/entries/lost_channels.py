"""Channels that bring a victim nothing: what is owed there no more, and who must look at it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import Channel
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import ChannelReading
from simulator.judge.facts.deadlines import Announces
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.facts.weekly_limit import CHANNELS


@dataclass
class LostChannels:
    """Writes addresses down, and closes the channels that do not work or were ended."""

    book: CaseBook
    #: By person, of which crime, how it is announced, and by which event.
    _undelivered: dict[str, list[tuple[str, Announces, str]]] = field(default_factory=dict)

    def write(self, victim: KnownVictim) -> None:
        """Write down a victim's addresses; where too many share one, owe nobody anything there."""
        reachability = self.book.reachability
        reachability.address_book.write(victim)
        reachability.doubtful.write(victim)
        self.doubt(reading.address for reading in reachability.readings(victim))

    def doubt(self, addresses: Iterable[str]) -> None:
        """Owe nobody anything where too many share an address, or it was disowned before."""
        doubtful = self.book.reachability.doubtful
        for address in addresses:
            channel: Channel = "email" if "@" in address else "text"
            if doubtful.is_doubtful(address):
                for person_id in doubtful.people_at(address):
                    self.book.ledger.excuse(person_id, channel)

    def close_unusable(self, victim: KnownVictim, at: datetime) -> None:
        """Owe nothing on channels that no longer work; their news may go by the others."""
        reachability, ledger, whose = self.book.reachability, self.book.ledger, victim.person_id
        usable = {each.channel for each in reachability.usable(victim)}
        reachable = {e.channel for e in reachability.readings(victim) if e.address}
        victim.left |= victim.invited.keys() - reachable
        doubtful = {
            each.channel
            for each in reachability.readings(victim)
            if reachability.preferences.is_doubtful(whose, each.channel, each.address)
            or reachability.doubtful.is_doubtful(each.address)
        }
        # What they chose on the portal, or the order falls back on, may be used.
        asked = victim.record.preferred_channels
        read = [each for each in reachability.readings(victim) if each.channel not in asked]
        doubtful |= {each.channel for each in read if self.may_be_used(each)} - usable
        for channel in CHANNELS:
            if channel in doubtful:
                ledger.excuse(whose, channel)
            elif channel not in usable:
                ledger.let_others_tell(whose, channel, usable, at)
                ledger.close_channel(whose, channel)

    def may_be_used(self, reading: ChannelReading) -> bool:
        """Say whether a portal may send by a channel, though nothing is owed there."""
        has_bounced = reading.address in self.book.reachability.bounced
        return reading.state == "elsewhere" or (reading.state == "usable" and not has_bounced)

    def bounce(self, message: SentMessage, at: datetime) -> None:
        """Write down that a message did not arrive: owe no news by its channel, but a look."""
        book = self.book
        book.reachability.bounced.add(message.address)
        for each in message.told:
            self.keep(message.person_id, each.crime_reference, each.announces, each.event_id)
        for person_id in book.reachability.people_at(message.address):
            self._keep_waiting(person_id, message.channel)
            self._close(person_id, message.channel, message.at, at)
            for crime, victim in book.register.crimes_with(person_id):
                if message.kind == "invitation":
                    victim.invited.pop(message.channel, None)
                # A channel that the victim ended has a task of its own already.
                about = person_id, message.channel, message.address
                preferences = book.reachability.preferences
                is_over = preferences.has_ended(*about) or preferences.is_doubtful(*about)
                # The force was asked already to look into who has an address that was reported.
                is_over |= book.reachability.doubtful.is_only_reported(message.address)
                if not (victim.exclusion or crime.gone == "cancelled" or is_over):
                    reason = f"{message.channel}: a message did not arrive"
                    self.flag(victim, crime.recorded.crime_reference, at, reason)

    def give_up(self, person_id: str, channel: Channel, address: str, at: datetime) -> None:
        """Write down that an address is not this person's: owe nothing more there.

        A victim who has not used the invitation sent there is invited anew elsewhere.
        """
        is_registered = person_id in self.book.register.registered
        self._close(person_id, channel, at if is_registered else None, at)
        for reference in self.book.register.crimes_of(person_id):
            self.book.automatic.moved(person_id, reference, channel)  # another read that advice
        for victim in self.book.register.victims_of(person_id):
            if not is_registered and victim.invited.get(channel) == address:
                victim.invited.pop(channel)
            victim.was_out_of_reach |= not self.book.reachability.can_be_told(victim)

    def _keep_waiting(self, person_id: str, channel: Channel) -> None:
        """Keep the news that waits for a channel that does not work: it may go when one does."""
        for each in self.book.ledger.open_for(person_id, channel):
            if each.told_at is None:
                self.keep(person_id, each.crime_reference, each.announces, each.event_id)

    def keep(
        self, person_id: str, crime_reference: str, announces: Announces, event_id: str
    ) -> None:
        """Keep news that no channel brings: it may go when one works."""
        if announces != "invitation":
            kept = self._undelivered.setdefault(person_id, [])
            kept.append((crime_reference, announces, event_id))

    def let_tell_again(self, victim: KnownVictim, at: datetime) -> None:
        """Let news that did not arrive be told once more, at details that may be used."""
        reachability = self.book.reachability
        read = [
            *reachability.usable(victim),
            *filter(self.may_be_used, reachability.readings(victim)),
        ]
        channels = sorted({each.channel for each in read})
        kept = self._undelivered.pop(victim.person_id, ()) if channels else ()
        for crime_reference, announces, event_id in kept:
            for channel in channels:
                about = (crime_reference, channel, announces, event_id)
                self.book.ledger.owe(victim.person_id, *about, at, is_owed=False)

    def flag(self, victim: KnownVictim, crime_reference: str, at: datetime, reason: str) -> None:
        """Owe a look at a victim's details, once until the force is asked for it."""
        due_at = at + timedelta(minutes=self.book.order.messages.minutes_max)
        self.book.flags.owe(victim.person_id, crime_reference, reason, due_at)

    def _close(
        self, person_id: str, channel: Channel, sent_at: datetime | None, at: datetime
    ) -> None:
        """Owe nothing more on a channel; where the order falls back, another may tell it."""
        book = self.book
        book.history.disturb(person_id, at)
        book.ledger.close_channel(person_id, channel)
        for other in self._falls_back_on(book.register.victims_of(person_id), channel):
            book.ledger.move(person_id, channel, other, sent_at, at)

    def _falls_back_on(self, victims: list[KnownVictim], bounced: Channel) -> list[Channel]:
        """List the channels that may be used instead of one that bounced.

        What bounced is not owed there; what happens later is.
        """
        found = {
            reading.channel
            for victim in victims
            for reading in self.book.reachability.readings(victim)
            if reading.channel not in (*victim.record.preferred_channels, bounced)
        }
        return sorted(found) if self.book.order.contact.falls_back else []
