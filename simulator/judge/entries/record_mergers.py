"""What follows for the portal when the force merges two records of a person, or parts them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reference.contract.events import PersonsMerged, PersonsUnmerged, VictimDetailsChanged
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.duties import Duties
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.record_mergers import PersonsMerger
from simulator.judge.facts.weekly_limit import CHANNELS


@dataclass
class PersonMergers:
    """Lets the crimes of a merged record be told by the details of the one that survives."""

    book: CaseBook
    duties: Duties

    def receive(self, received: Received) -> bool:
        """Take an event about two records; say whether it was one."""
        match received.event:
            case PersonsMerged():
                self._merge(received.event, received)
            case PersonsUnmerged():
                self._unmerge(received.event, received)
            case _:
                return False
        return True

    def reconsider(self, received: Received) -> None:
        """Begin the mergers that waited for what the portal has just learned."""
        event, register = received.event, self.book.register
        for merger in register.mergers_to_begin():
            is_checked = (
                isinstance(event, VictimDetailsChanged)
                and event.victim.person_id == merger.into
                and received.recorded_at > merger.said_at
            )
            if not merger.is_held:
                self._begin_or_hold(merger, received)
            elif is_checked:
                self._begin(merger, received)

    def _merge(self, event: PersonsMerged, received: Received) -> None:
        register = self.book.register
        before = register.persons.of(event.person_id)
        merger = register.persons.merge(event, received.recorded_at)
        if merger is None:
            return
        if before is not None:
            self._give_back(before, received)
        self._begin_or_hold(merger, received)

    def _begin_or_hold(self, merger: PersonsMerger, received: Received) -> None:
        """Begin a merger of two records that are known; the force is asked if they differ."""
        book, at = self.book, received.received_at
        if not book.register.are_known(merger):
            return
        if not book.register.may_be_two_people(merger):
            self._begin(merger, received)
            return
        merger.is_held = True
        book.register.reconsider_with(merger.person_id, at)
        self._share_choices(merger, at)
        for each in (merger.person_id, merger.into):
            self._let_be_silent(each, at)
        expected = "the force is asked whether two records that differ are of one person"
        about = ("PERS-04", expected, at, received.event_id)
        book.tasks.owe(OwedTask("same_person_check", merger.person_id, *about))

    def _let_be_silent(self, person_id: str, at: datetime) -> None:
        """Owe nothing where what forbids a record alike to the other may forbid this one too."""
        book = self.book
        if book.register.may_be_forbidden(person_id, at):
            for channel in CHANNELS:
                book.ledger.excuse(person_id, channel)
            book.links.may_end(person_id, at)
            book.history.disturb(person_id, at)

    def _begin(self, merger: PersonsMerger, received: Received) -> None:
        book, at = self.book, received.received_at
        book.register.persons.begin(merger, at)
        book.ledger.week.join(merger.person_id, merger.into)
        waiting = [e for of in CHANNELS for e in book.ledger.open_for(merger.person_id, of)]
        self._write(merger.person_id, received)
        for each in waiting:
            if each.announces == "invitation" and each.is_void and not each.told_at:
                # It was for who was told until now, and may go (READ-203).
                about = (each.crime_reference, each.channel, each.announces, each.event_id)
                book.ledger.owe(each.person_id, *about, at, is_owed=False, is_first_word=True)
        self._share_choices(merger, at)
        book.links.may_end(merger.person_id, at)

    def _unmerge(self, event: PersonsUnmerged, received: Received) -> None:
        """Give a record its own details back, and owe a look at what was sent meanwhile."""
        register, at = self.book.register, received.received_at
        merger = register.persons.unmerge(event, received.recorded_at, at)
        if merger is None:
            return
        both = (merger.person_id, merger.into)
        were_out = [each for each in both if self._is_out(each)]
        register.parted_by[received.event_id] = merger.into
        if merger.begun_at is None:
            register.reconsider_with(merger.person_id, at)
            register.reconsider_with(merger.into, at)
        else:
            self._give_back(merger, received)
        self._share_choices(merger, at, is_over=True)
        for each in were_out:
            self._let_invite(each, received)
        for each in both:
            self._let_tell_untold(each, received)

    def _is_out(self, person_id: str) -> bool:
        """Say whether a person was told of no crime of theirs: their links had ended."""
        return all(each.exclusion for each in self.book.register.victims_of(person_id))

    def _let_invite(self, person_id: str, received: Received) -> None:
        """Let a person who has never come in be invited anew, to each crime of theirs.

        By another record of theirs they came in only if the portal reaches both at one address.
        """
        register = self.book.register
        if self.book.links.has_come_in(person_id):
            return
        register.registered.discard(person_id)
        for victim in register.victims_of(person_id):
            # One who may not be told now may be invited later, and was before.
            victim.needs_no_invitation |= bool(victim.invited and victim.exclusion)
            victim.invited.clear()
        for crime, victim in register.crimes_with(person_id):
            self.duties.owe_invitation(crime, victim, received, is_owed=False)

    def _let_tell_untold(self, person_id: str, received: Received) -> None:
        """Let a person who has come in be told of crimes of theirs that no message told.

        A long outage may have kept that from them, or a channel that the other record did not have;
        and they are looked at anew.
        """
        register, ledger = self.book.register, self.book.ledger
        if person_id not in register.registered:
            return
        for crime, victim in register.crimes_with(person_id):
            if ledger.last_told_at(person_id, crime.recorded.crime_reference) is None:
                victim.invited.clear()
                self.duties.owe_invitation(crime, victim, received, is_owed=False)

    def _give_back(self, merger: PersonsMerger, received: Received) -> None:
        """Give a record its own details back, and those that were merged into it go with it."""
        book, at, person_id = self.book, received.received_at, merger.person_id
        persons = book.register.persons
        whole = persons.read_by(person_id)
        own, theirs = self._addresses(whole), self._addresses(persons.whole(merger.into))
        self._write(person_id, received)
        book.register.reconsider_with(merger.into, at)
        book.links.may_end(merger.into, at)
        self._let_invite(person_id, received)
        for each in whole:
            persons.parted_from.setdefault(each, set()).update(theirs - own)
            book.links.may_end(each, at)
            book.questions.part_persons(each)
            # What came meanwhile came to the other: it filled nothing of this person's week.
            book.ledger.week.begin_anew(each)
            for reference in book.register.crimes_of(each):
                # What waited for the morning when the records were merged may go all the same.
                book.ledger.let_tell_after_all(each, reference, at, invitations=True)
            self._look_into(each, merger, own, received)

    def _addresses(self, people: Iterable[str]) -> set[str]:
        return {one for each in people for one in addresses_in(self.book.register.record_of(each))}

    def _look_into(
        self, person_id: str, merger: PersonsMerger, own: set[str], received: Received
    ) -> None:
        """Owe a breach where what was sent of a record's crimes went to another person."""
        if any(
            each.person_id == person_id
            and merger.begun_at is not None
            and each.at > merger.begun_at
            # Without a name for its crime a message may be the survivor's own.
            and each.crime_reference
            and each.kind in ("update", "journey", "reply")
            and each.fate != "undeliverable"
            and each.address.lower() not in own
            for each in self.book.messages.sent
        ):
            expected = "the force is asked to look into what another person was sent"
            about = ("PERS-06", expected, received.received_at, received.event_id)
            self.book.tasks.owe(OwedTask("breach", person_id, *about))

    def _write(self, person_id: str, received: Received) -> None:
        register = self.book.register
        self.duties.write_merged(person_id, received)
        for merger in register.persons.into(person_id):
            if merger.begun_at is not None:
                self._write(merger.person_id, received)

    def _share_choices(self, merger: PersonsMerger, at: datetime, *, is_over: bool = False) -> None:
        """Let what either ended hold for both and those merged into them, or not if `is_over`."""
        preferences, register = self.book.reachability.preferences, self.book.register
        asked = {
            each: {*register.record_of(each).preferred_channels}
            for side in (merger.person_id, merger.into)
            for each in register.persons.read_by(side)
            if register.crimes_of(each)
        }
        if is_over:
            preferences.part(asked)
        else:
            numbers = {each: addresses_in(register.record_of(each)) for each in asked}
            preferences.share(asked, numbers)
            # With whom a merger is held it may be the same person too.
            held = register.persons.group(merger.into) - asked.keys()
            for each in held:
                for channel in preferences.ended_by(asked):
                    preferences.may_end(each, channel)
            victims = [one for each in (*asked, *sorted(held)) for one in register.victims_of(each)]
            for victim in (one for one in victims if not one.exclusion):
                self.duties.channels.close_unusable(victim, at)
