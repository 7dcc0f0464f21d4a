"""What an event makes the portal owe: news to victims, and looks at details that cannot be used.

Events that end, reopen or move a crime are in case_events.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias

from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    Channel,
    CrimeRecorded,
    IncidentReported,
    MilestoneReached,
    OfficerReplied,
    PersonsUnmerged,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.lost_channels import LostChannels
from simulator.judge.entries.missed_news import MissedNews
from simulator.judge.facts.contact_fields import ChannelReading
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.deadlines import Announces, is_named_by_code
from simulator.judge.facts.detail_flags import MISSING
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import told_instead
from simulator.judge.facts.obligations import CodeClock
from simulator.judge.facts.preferences import CHANNELS
from simulator.judge.facts.withheld_milestones import WithheldMilestone

_Change: TypeAlias = Callable[[], object]


@dataclass
class Duties:
    """Opens obligations and flags in the book as events are received and messages bounce."""

    book: CaseBook
    missed: MissedNews = field(init=False)
    channels: LostChannels = field(init=False)

    def __post_init__(self) -> None:
        self.missed = MissedNews(self.book)
        self.channels = LostChannels(self.book)

    def receive(self, received: Received) -> None:
        """Take an event the portal has."""
        event, book = received.event, self.book
        crime = book.register.crimes[event.crime_reference]
        crime.learn(event, received.recorded_at)
        if isinstance(event, CrimeRecorded):
            self._begin_anew(received)
            for victim in crime.victims.values():
                self.channels.write(victim)
                # Its record of a person who is known may have fewer channels than the last.
                for each in book.register.victims_of(victim.person_id):
                    if not each.exclusion:
                        self.channels.close_unusable(each, received.received_at)
                self._hasten(victim.person_id, received.received_at)
                self._let_go(victim.person_id, received.received_at)
                for merged in book.register.persons.read_by(victim.person_id)[1:]:
                    self.write_merged(merged, received)
                self.owe_invitation(crime, victim, received)
                self.let_invite_anew(victim.person_id, received)
                for part in book.register.parts_of(event.crime_reference):
                    if victim.exclusion and victim.person_id in part.victims:
                        self.forget(victim, part.recorded.crime_reference, received.received_at)
        elif isinstance(event, VictimDetailsChanged):
            self.change_details(event, received)
        else:
            self.owe_update(crime, received)

    def report(self, event: IncidentReported, received: Received) -> None:
        """Take a report: what it brings of its person holds for all their crimes.

        No invitation need come of it.
        """
        take = partial(self.book.incidents.take, received)
        self._with_new_record(event.victim, received, take, invites=False)

    def let_invite_anew(self, person_id: str, received: Received) -> None:
        """Let the portal invite a person to their other crimes by what a newer record brings.

        They have moved since, or ask for another channel. Another may be told in their place since,
        whom nobody has invited.
        """
        register = self.book.register
        for other, victim in register.crimes_with(person_id):
            usable = {each.channel for each in self.book.reachability.usable(victim)}
            is_reached_anew = not victim.invited or not usable <= victim.invited.keys()
            is_other = other.recorded.crime_reference != received.event.crime_reference
            if is_other and (is_reached_anew or self._has_another_address(victim)):
                self.owe_invitation(other, victim, received, is_owed=False)

    def change_details(self, event: VictimDetailsChanged, received: Received) -> None:
        """Take a person's new record, for all their crimes, and those merged into it."""
        change = partial(self.book.register.change_details, event, received)
        self._with_new_record(event.victim, received, change)

    def _with_new_record(
        self, record: VictimRecord, received: Received, change: _Change, *, invites: bool = True
    ) -> None:
        """Take what `change` writes down of a person, for their crimes and those merged into it."""
        register, person_id = self.book.register, record.person_id
        merged = register.persons.group(person_id) - {person_id}
        is_known = bool(register.crimes_of(person_id))
        if is_known and self._has_new_proof(register.record_of(person_id), record):
            # What the old one opened ends, and so may the links that somebody else may have.
            self.book.links.may_end(person_id, received.received_at)
            for reference in register.crimes_of(person_id):
                for channel in CHANNELS:
                    # Who is invited anew may be advised anew: another may have read it before.
                    self.book.automatic.moved(person_id, reference, channel)
        if is_known and record.safe_channel is not None:
            # A link that went by another channel may have ended.
            self.book.links.may_end(person_id, received.received_at)
        wanted = register.record_of(person_id).preferred_channels if is_known else ()
        self.change_records(person_id, received, change, invites=invites)
        asked = record.preferred_channels
        for each in merged if wanted != asked else ():
            # What one ended holds for the records merged with theirs, and so does this.
            self.book.reachability.preferences.written_anew(each, asked)
        for each in register.persons.read_by(person_id)[1:]:
            self.write_merged(each, received)

    def _has_new_proof(self, known: VictimRecord, record: VictimRecord) -> bool:
        """Say whether a record has another word or date of birth for sign-in: COERCE-03."""
        proof = f"{self.book.order.sign_in.proof}_digest"
        before, now = (getattr(told_instead(each) or each, proof) for each in (known, record))
        return bool(now) and now != before

    def write_merged(self, person_id: str, received: Received) -> None:
        """Write down by which details a record is told that was merged, or is no longer.

        No message need come of it: the victim has the invitation of the record that survives.
        """
        about = (person_id, received.received_at)
        change = partial(self.book.register.write_merged, *about)
        self.change_records(person_id, received, change, invites=False)

    def change_records(
        self, person_id: str, received: Received, change: _Change, *, invites: bool = True
    ) -> None:
        """Take what `change` writes down of a person, in all their crimes.

        A new address is owed an invitation if it `invites`; otherwise it may have one.
        """
        book, at = self.book, received.received_at
        book.history.disturb(person_id, at)
        for reference in book.register.crimes_of(person_id):
            # Until now the victim waited for as long as was agreed before.
            book.history.heard(person_id, reference, at)
        asked_before, details_before = self._asked_for(person_id), self._details(person_id)
        change()
        is_asked_anew = person_id in book.register.take_asked_anew()
        if (details := self._details(person_id)) != details_before:
            back = details if isinstance(received.event, PersonsUnmerged) else None
            book.flags.details_changed(person_id, details_before, back, at)
        if is_asked_anew or self._asked_for(person_id) != asked_before:
            asked = {*self._asked_for(person_id)}
            if book.register.crimes_of(person_id):
                asked |= {*book.register.record_of(person_id).preferred_channels}
            book.reachability.preferences.written_anew(person_id, asked)
        self._begin_anew(received)
        self._hasten(person_id, at)
        self._let_go(person_id, at)
        for crime, victim in book.register.crimes_with(person_id):
            self.channels.write(victim)
            reference = crime.recorded.crime_reference
            if victim.exclusion:
                self.forget(victim, reference, at)
            else:
                self.channels.close_unusable(victim, at)
                usable = {each.channel for each in book.reachability.usable(victim)}
                book.ledger.let_more_channels_tell(person_id, usable, at)
                self.channels.let_tell_again(victim, at)
                self.owe_invitation(crime, victim, received, is_owed=invites)

    def _asked_for(self, person_id: str) -> set[Channel]:
        victims = self.book.register.victims_of(person_id)
        return {channel for each in victims for channel in each.record.preferred_channels}

    def _details(self, person_id: str) -> frozenset[tuple[object, ...]]:
        records = [each.record for each in self.book.register.victims_of(person_id)]
        return frozenset(
            (
                each.mobile_phone,
                each.other_phone,
                each.email,
                each.preferred_channels,
                each.who_is_told,
                # By another word they are reached as before.
                each.told_instead and structs.replace(each.told_instead, agreed_word_digest=""),
            )
            for each in records
        )

    def _hasten(self, person_id: str, at: datetime) -> None:
        """Count the working days of what is owed anew, if a record has just changed rights."""
        victims = self.book.register.victims_of(person_id)
        if any(each.rights_changed_at == at for each in victims):
            is_enhanced = all(each.record.enhanced_rights for each in victims)
            self.book.ledger.count_anew(person_id, at, is_enhanced=is_enhanced)

    def _let_go(self, person_id: str, at: datetime) -> None:
        """Let milestones be told that no officer tells first any more: rights were taken back."""
        for each in self.book.milestones.let_go(person_id):
            now = replace(each.received, received_at=at)
            self.tell_of_milestone(each, now, is_owed=False)

    def _begin_anew(self, received: Received) -> None:
        """Owe nothing more to a person who was told in a victim's place: another is told now."""
        book, at = self.book, received.received_at
        for person_id in book.register.take_replaced():
            book.page_steps.told_by[person_id] = received
            book.register.registered.discard(person_id)
            book.ledger.week.begin_anew(person_id)
            book.reachability.preferences.forget(person_id)
            book.questions.begin_anew(person_id, at)
            book.links.shut(person_id)
            for reference in book.register.crimes_of(person_id):
                book.ledger.forget(person_id, reference, at, for_good=True)
                for channel in CHANNELS:
                    # The person who is told now has had no advice.
                    book.automatic.moved(person_id, reference, channel)
        for person_id in book.register.take_asked_anew():
            asked = book.register.record_of(person_id).preferred_channels
            book.reachability.preferences.written_anew(person_id, asked)

    def forget(self, victim: KnownVictim, crime_reference: str, at: datetime) -> None:
        """Owe a victim nothing more about a crime of which they must not be told now.

        If they are told of it again, they are invited where no invitation had come.
        """
        self.missed.note_waiting(victim, crime_reference)
        for channel in self.book.ledger.forget(victim.person_id, crime_reference, at):
            victim.invited.pop(channel, None)
        self.book.history.ended(victim.person_id, crime_reference)

    def owe_invitation(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        *,
        is_owed: bool = True,
    ) -> None:
        """Owe a victim an invitation to a crime, or news of it when they are registered already.

        The details that cannot be used must be looked at.
        """
        book, at = self.book, received.received_at
        trigger = book.order.trigger_for("CrimeRecorded", book.order.phase_at(at))
        if victim.exclusion or trigger is None:
            return
        if crime.gone:
            # Where the other crime of a merger is not known yet, the portal may wait for it.
            is_owed = False
            survivor = book.register.current(crime.recorded.crime_reference)
            may_wait = crime.gone == "merged" and survivor not in book.register.crimes
            if not may_wait and not _came_before_its_transfer(crime, received):
                return
        is_registered = book.register.is_registered(victim.person_id)
        is_registered &= is_owed or not self._needs_a_link_again(victim.person_id)
        announces: Announces = "update" if is_registered else trigger.announces
        self.owe(crime, victim, received, announces, invites=True, is_owed=is_owed)
        usable = book.reachability.usable(victim)
        victim.invited |= {each.channel: each.address for each in usable}
        can_be_told = bool(usable) or self._may_be_told(victim)
        for reading in book.reachability.readings(victim) if is_owed else ():
            reason = self._fault(reading, is_only=not can_be_told)
            is_asked_for = book.reachability.is_asked_for(victim, reading)
            if reason and is_asked_for and not self._wants_no_texts(victim, reading):
                self.channels.flag(victim, crime.recorded.crime_reference, at, reason)

    def _may_be_told(self, victim: KnownVictim) -> bool:
        preferences, whose = self.book.reachability.preferences, victim.person_id
        return any(
            self.channels.may_be_used(each)
            and (
                preferences.is_doubtful(whose, each.channel, each.address)
                or each.channel in preferences.may_have_chosen(whose)
            )
            for each in self.book.reachability.readings(victim)
        )

    def _wants_no_texts(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        preferences = self.book.reachability.preferences
        return reading.channel == "text" and preferences.may_want_no_texts(victim.person_id)

    def owe_update(
        self,
        crime: KnownCrime,
        received: Received,
        *,
        is_owed: bool = True,
        is_shown: bool | None = None,
    ) -> None:
        """Owe the news that the order announces to every victim whom an event concerns.

        The page owes what `is_shown`: what is owed, unless told otherwise.
        """
        order, event, at = self.book.order, received.event, received.received_at
        if isinstance(event, OfficerReplied):
            self.book.questions.wrote(event)
        trigger = order.trigger_for(type(event).__name__, order.phase_at(at))
        if trigger is None or order.is_switched_off(event):
            return
        is_live = trigger.phase <= self.book.phases.owed_at(at)
        is_owed = is_owed and is_live and not _is_of_nobody_known(event)
        concerned = getattr(event, "person_id", None) or ""
        if isinstance(event, OfficerReplied):
            self._replied(crime, event, received, is_owed=is_owed)
        for victim in crime.victims.values():
            if concerned not in ("", victim.person_id):
                continue
            if not victim.exclusion:
                about = (crime, victim, received, trigger.announces)
                # What waited for the crime may be older than the merger that brought the victim.
                came_later = victim.joined_at and received.recorded_at <= victim.joined_at
                is_theirs = is_owed and not came_later
                fate = is_live and self.book.milestones.take(
                    crime, victim, received, is_owed=is_theirs
                )
                if fate == "withheld":
                    continue
                is_theirs = is_theirs and fate != "told in person"
                self.owe(*about, is_owed=is_theirs, is_shown=is_shown)
            elif is_owed:
                reference = crime.recorded.crime_reference
                self.book.page_steps.turn(victim.person_id, reference, received)
                self.missed.note(victim, reference, received, trigger.announces)

    def tell_of_milestone(
        self, withheld: WithheldMilestone, received: Received, *, is_owed: bool
    ) -> None:
        """Let a victim be told of a milestone that had waited for an officer."""
        register, at = self.book.register, received.received_at
        crime = register.crimes[register.current(withheld.event.crime_reference)]
        victim = crime.victims.get(withheld.victim.person_id)
        trigger = self.book.order.trigger_for(
            MilestoneReached.__name__, self.book.order.phase_at(at)
        )
        if victim is not None and not victim.exclusion and trigger is not None:
            # Of a crime that has ended or left since, the portal may say so, or nothing.
            is_owed = is_owed and withheld.is_owed and not (withheld.crime.gone or crime.is_over)
            about = (crime, victim, received, trigger.announces)
            self.owe(*about, is_owed=is_owed, was_told_in_person=True)

    def _replied(
        self, crime: KnownCrime, event: OfficerReplied, received: Received, *, is_owed: bool
    ) -> None:
        questions, messages = self.book.questions, self.book.order.messages
        questions.replied(event, received.received_at)
        victim = crime.victims.get(event.person_id)
        if victim is not None and victim.exclusion:
            questions.unreadable.add(received.event_id)
        elif is_owed and victim is not None and not questions.may_be_of_another(event, received):
            shown_by = received.received_at + timedelta(minutes=messages.minutes_max)
            questions.owe_reply(received.event_id, event, shown_by)

    def owe(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        announces: Announces,
        *,
        invites: bool = False,
        is_owed: bool = True,
        is_shown: bool | None = None,
        was_told_in_person: bool = False,
    ) -> None:
        """Owe a victim news on every channel that can be used.

        An address in another field, or in doubt, may be used, and nothing is owed there. Of news
        that an officer told first the Victims' Code asks no more.
        """
        book, at = self.book, received.received_at
        person_id, reference = victim.person_id, crime.recorded.crime_reference
        reachability = book.reachability
        usable = reachability.usable(victim)
        is_owed = is_owed and not book.register.may_be_forbidden(person_id, at, reference)
        if not is_owed or (invites and not usable):
            book.history.heard(person_id, reference, at)
        elif not (invites and victim.invited):
            book.history.news(person_id, reference, at)
        is_shown = is_owed if is_shown is None else is_shown
        if announces == "update" and not invites:
            show = book.page_steps.owe if is_shown else book.page_steps.may_turn
            show(person_id, reference, received)
        clock = self._clock(received, is_told=invites or was_told_in_person)
        may_invite_all = invites and self._needs_new_links(victim)
        was_invited = self._was_invited(victim, reference, announces)
        if not invites and self._nothing_works(victim):
            self.channels.keep(person_id, reference, announces, received.event_id)
        for reading in reachability.readings(victim):
            if reading not in usable and not self.channels.may_be_used(reading):
                continue
            again = (person_id, reading.channel, at)
            if invites and self._is_new_there(victim, reading):
                book.automatic.moved(person_id, reference, reading.channel)
            elif invites and not (may_invite_all or self._may_invite_again(*again)):
                continue
            book.ledger.owe(
                person_id,
                reference,
                reading.channel,
                announces,
                received.event_id,
                at,
                is_owed=is_owed and reading in usable and not (invites and was_invited),
                is_first_word=invites,
                is_usable=reading in usable,
                clock=clock,
                is_enhanced=victim.record.enhanced_rights,
            )
            reason = reachability.doubtful.fault(reading.address)
            is_asked = self._was_asked_about(person_id, reading.address)
            if reason and not is_asked and reachability.is_asked_for(victim, reading):
                self.channels.flag(victim, reference, at, f"{reading.channel}: {reason}")

    def _was_invited(self, victim: KnownVictim, reference: str, announces: Announces) -> bool:
        """Say whether a victim had the first word of a crime, as far as it must be sent.

        What a message to one who had come in did not bring, the page may say.
        """
        told_at = self.book.ledger.last_told_at(victim.person_id, reference)
        may_say_so = announces == "update" and told_at is not None
        return bool(victim.invited) or victim.needs_no_invitation or may_say_so

    def _nothing_works(self, victim: KnownVictim) -> bool:
        """Say whether no channel of a victim can be used, or only those that they have ended."""
        reachability = self.book.reachability
        return all(
            reachability.preferences.has_ended(victim.person_id, each.channel, each.address)
            or not self.channels.may_be_used(each)
            or reachability.doubtful.is_disowned(each.address)
            for each in reachability.readings(victim)
        )

    def _was_asked_about(self, person_id: str, address: str) -> bool:
        """Say whether a breach was to be looked into: the holder disowned a person's messages."""
        return self.book.reachability.doubtful.was_disowned(address) and any(
            each.person_id == person_id and each.address == address
            for each in self.book.messages.sent
        )

    def _clock(self, received: Received, *, is_told: bool) -> CodeClock:
        """Say from when the Code's working days run: they ask nothing of what `is_told`."""
        happened_at = received.happened_at
        is_named = not is_told and is_named_by_code(self.book.order, received.event, happened_at)
        runs_from = happened_at if is_named else received.received_at
        return CodeClock(happened_at, received.recorded_at, runs_from, is_named)

    def _is_new_there(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        """Say whether an invitation is the first by its channel, or goes to another address.

        Advice before it was another's, who had the address as well.
        """
        return reading.channel not in victim.invited or self._has_moved(victim, reading)

    def _has_moved(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        """Say whether a victim may be invited anew, who never registered.

        They have another address, had none for a time, or could not be reached at any.
        """
        is_another = (
            victim.invited[reading.channel] != reading.address
            or reading.channel in victim.left
            or victim.was_out_of_reach
        )
        is_in = victim.person_id in self.book.register.registered
        return is_another and (not is_in or self._needs_a_link_again(victim.person_id))

    def _needs_a_link_again(self, person_id: str) -> bool:
        """Say whether a person signed in by a record that is merged into one by which they did not.

        From then on they come in by that one, and may need its link.
        """
        register = self.book.register
        merger = register.persons.of(person_id)
        if merger is None:
            return False
        is_in = person_id in register.registered and not register.is_registered(merger.into)
        return is_in or self._needs_a_link_again(merger.into)

    def _needs_new_links(self, victim: KnownVictim) -> bool:
        has_none = self.book.links.all_may_have_ended(victim.person_id)
        return has_none and self._has_another_address(victim)

    def _has_another_address(self, victim: KnownVictim) -> bool:
        readings = self.book.reachability.readings(victim)
        return any(
            each.channel in victim.invited and self._has_moved(victim, each) for each in readings
        )

    def _may_invite_again(self, person_id: str, channel: Channel, at: datetime) -> bool:
        """Say whether a victim may be invited anew: no link came this way, or none works now."""
        book = self.book
        lasts = timedelta(days=book.order.sign_in.invitation_days)
        is_registered = person_id in book.register.registered
        is_registered &= not self._needs_a_link_again(person_id)
        came = book.ledger.was_invited(person_id, channel)
        have_ended = book.links.all_may_have_ended(person_id)
        has_none = have_ended or book.links.have_expired(person_id, at, lasts)
        return not is_registered and (not came or has_none)

    def _fault(self, reading: ChannelReading, *, is_only: bool) -> str:
        """Say what the force should look at in a channel ("" for nothing)."""
        if reading.address in self.book.reachability.bounced:
            return f"{reading.channel}: a message did not arrive"
        if reading.state in ("elsewhere", "unusable") or (reading.state == "empty" and is_only):
            return f"{reading.channel}: {_REASONS[reading.state]}"
        return ""


_REASONS = {
    "elsewhere": "in the wrong field",
    "unusable": "cannot be used",
    "empty": MISSING,
}


def _is_of_nobody_known(event: AnyEvent) -> bool:
    """Say whether it is a statement, and the crime system does not say whose: none need be told."""
    is_statement = isinstance(event, MilestoneReached) and event.milestone == "statement_taken"
    return is_statement and getattr(event, "person_id", None) is None


def _came_before_its_transfer(crime: KnownCrime, received: Received) -> bool:
    """Say whether an event was recorded before another force took a crime over, and came after."""
    turned_at = crime.turned_at if crime.gone == "transferred" else None
    return turned_at is not None and received.recorded_at <= turned_at
