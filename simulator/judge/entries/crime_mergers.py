"""Crimes that are merged, and mergers that are taken back: who follows which, and what is owed."""

from dataclasses import dataclass

from simulator.judge.case_book import CaseBook
from simulator.judge.entries.duties import Duties
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.exclusions import SAME_PERSON, task_for
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim


@dataclass
class CrimeMergers:
    """Takes a merger of crimes, or that one is taken back."""

    book: CaseBook
    duties: Duties

    def merge(self, crime: KnownCrime, received: Received, *, is_stale: bool) -> None:
        """Carry the victims over to the surviving crime: no message is due by itself.

        A victim who was never invited may be, when the surviving crime is one for the portal. So
        may one who was told of no crime any more: the links that they had have ended.
        """
        shut_out = [each for each in crime.victims if self._follows_none(each)]
        crime.learn(received.event, received.recorded_at)
        self.duties.owe_update(crime, received, is_owed=not is_stale)
        if crime.gone != "merged":
            return
        register, reference = self.book.register, crime.recorded.crime_reference
        crime.out_when_merged = frozenset(e for e, own in crime.victims.items() if own.exclusion)
        carried = register.carry_over(crime, received.received_at)
        if register.current(reference) in register.crimes:
            # A message that names the merger is about the surviving crime.
            register.crime_of_event[received.event_id] = register.current(reference)
        joined = {victim.person_id for _, victim in carried}
        self._forget_untold(crime, received, joined)
        self._let_tell_again(crime, received)
        self._ask_only_of_the_survivor(crime, received)
        self._forget_of_one_that_is_gone(crime, received)
        for person_id in crime.victims:
            self.book.withheld.carry(
                reference, register.current(reference), person_id, has_joined=person_id in joined
            )
            self.book.history.carry(person_id, reference, register.current(reference))
            self.book.tasks.carry(
                person_id, reference, register.current(reference), received.received_at
            )
        for into, victim in carried:
            if into.is_over:
                # Theirs was open all the time: that the other was reopened need not be told.
                victim.joined_at = crime.merged_at
            if not victim.invited or victim.person_id in shut_out:
                self.duties.owe_invitation(into, victim, received, is_owed=False)

    def part(self, crime: KnownCrime, received: Received) -> None:
        """Give a crime back to its victims; those of it alone follow the other no longer.

        No message is due by itself; what was open about the other is owed no more.
        """
        into, at = crime.into, received.received_at
        was_merged = bool(into) and not crime.was_unmerged_since(received.recorded_at)
        shut_out = [each for each in crime.victims if was_merged and self._follows_none(each)]
        crime.learn(received.event, received.recorded_at)
        if not was_merged or crime.into:
            return
        reference, book = crime.recorded.crime_reference, self.book
        leaving = {
            each: book.register.crimes[into].victims[each]
            for each in crime.victims
            if into in book.register.crimes and each in book.register.crimes[into].victims
        }
        leave = book.register.part(crime, into, at)
        book.register.name_by_itself(reference)
        for person_id in crime.victims.keys() - set(leave):
            book.questions.let_be_on_either(person_id, reference, crime.merged_at or at)
        for person_id in leave:
            self.duties.forget(leaving[person_id], into, at)
            own = crime.victims[person_id]
            if leaving[person_id].came_by_merger and own.exclusion:
                # It invited them to the other alone.
                own.needs_no_invitation = True
            elif leaving[person_id].came_by_merger:
                # What invited them to the other invited them to this, if it went.
                own.invited = leaving[person_id].invited | own.invited
            book.history.left(person_id, into)
            book.questions.part(person_id, into, reference, received.recorded_at, at)
            book.withdrawals.part(person_id, into, reference)
        book.history.opened(reference, at)
        for victim in crime.victims.values():
            book.history.heard(victim.person_id, reference, at)
            if victim.person_id in shut_out:
                # The other crime was not theirs to be told of: their links may have ended.
                book.links.may_end(victim.person_id, at)
                victim.invited.clear()
                victim.needs_no_invitation = True
            elif all(each.exclusion for each in book.register.victims_of(victim.person_id)):
                # Only the other crime was theirs to be told of.
                book.links.may_end(victim.person_id, at)
            if into in book.register.crimes and book.register.crimes[into].gone == "cancelled":
                book.ledger.let_tell_after_all(victim.person_id, reference, at)
            self.duties.owe_invitation(crime, victim, received, is_owed=False)

    def invite_to_survivor(
        self, merged: KnownCrime, victim: KnownVictim, received: Received
    ) -> None:
        """Let a victim be invited to the crime that theirs goes on as, when theirs is one no more.

        Their invitation had not gone. As with the merger itself, none is due.
        """
        into = self.book.register.crimes.get(
            self.book.register.current(merged.recorded.crime_reference)
        )
        if merged.gone != "merged" or into is None or into is merged:
            return
        # Somebody who was added to the merged crime since may not follow it.
        survivor = into.victims.get(victim.person_id)
        if survivor is not None and survivor.came_by_merger and not survivor.exclusion:
            self.duties.owe_invitation(into, survivor, received, is_owed=False)

    def _ask_only_of_the_survivor(self, merged: KnownCrime, received: Received) -> None:
        """Waive tasks about a crime that the portal never had before it was merged.

        Of one that it had, waive those set off at the same moment: by an event of one delivery.
        """
        reference, deliveries = merged.recorded.crime_reference, self.book.deliveries
        had_it = not deliveries.came_by_its_crime(received.event_id)
        begun_at = received.received_at if had_it else None
        if self.book.register.current(reference) in self.book.register.crimes:
            for victim in merged.victims.values():
                task = task_for(victim.exclusion)
                if task is not None:
                    about = (task[0], victim.person_id, reference)
                    self.book.tasks.waive(*about, begun_at=begun_at)

    def _forget_untold(self, merged: KnownCrime, received: Received, joined: set[str]) -> None:
        """Owe nothing to victims who may not be told of the crime that theirs goes on as.

        Where the merger came no later than the crime, nobody need look at their details, and
        victims who follow the surviving crime need no invitation to this one.
        """
        register = self.book.register
        reference, at = merged.recorded.crime_reference, received.received_at
        survivor_reference = register.current(reference)
        into = register.crimes.get(survivor_reference)
        came_first = self.book.deliveries.came_by_its_crime(received.event_id)
        if into is None:
            if came_first:
                self._excuse_those_who_follow_the_chain(merged, joined)
            return
        for person_id in merged.victims:
            survivor = into.victims[person_id]
            if survivor.exclusion:
                # So it is with crimes that were merged into this one before.
                for each in register.crimes_of(person_id):
                    if each == survivor_reference or register.current(each) != survivor_reference:
                        continue
                    own = register.crimes[each].victims[person_id]
                    if survivor.exclusion == SAME_PERSON:
                        self.duties.missed.let_other_record_tell(own, each, at)
                    self.duties.forget(own, each, at)
                if survivor.came_by_merger:
                    # An invitation that never went is none to the crime that theirs goes on as.
                    went = merged.victims[person_id].invited
                    survivor.invited = {k: v for k, v in survivor.invited.items() if k in went}
                if came_first:
                    self.book.flags.waive(person_id, reference)
                if self._follows_none(person_id):
                    self.book.links.may_end(person_id, at)
            elif came_first and survivor.invited:
                self.book.ledger.excuse_first_word(person_id, reference)

    def _excuse_those_who_follow_the_chain(self, merged: KnownCrime, joined: set[str]) -> None:
        """Owe no invitation where the victim has that of the crime that theirs goes on as.

        That one was merged too, into a crime that the portal does not know yet. Who `joined` it by
        this merger has none.
        """
        reference = merged.recorded.crime_reference
        for each in self.book.register.goes_on_as(reference)[1:-1]:
            crime = self.book.register.crimes.get(each)
            for person_id, victim in crime.victims.items() if crime is not None else ():
                # Who may be told of that crime has its invitation, or none can reach them.
                if person_id in merged.victims.keys() - joined and not victim.exclusion:
                    self.book.ledger.excuse_first_word(person_id, reference)

    def _let_tell_again(self, merged: KnownCrime, received: Received) -> None:
        """Let victims be told what waits, where a merger ends that nobody may be told of theirs.

        Until then their crime went on as one of which they were not to be told.
        """
        register = self.book.register
        survivor = register.current(merged.recorded.crime_reference)
        if survivor not in register.crimes:
            return
        follow_it = register.crimes[survivor].victims
        for part in register.parts_of(survivor):
            for person_id, own in part.victims.items():
                if person_id in follow_it and not (follow_it[person_id].exclusion or own.exclusion):
                    about = (own, part.recorded.crime_reference, received.received_at)
                    self.duties.missed.let_tell(*about)

    def _forget_of_one_that_is_gone(self, merged: KnownCrime, received: Received) -> None:
        """Owe no news of a crime that goes on as one that was cancelled, or that another force has.

        Of a cancelled record an officer tells it.
        """
        register, ledger = self.book.register, self.book.ledger
        reference = merged.recorded.crime_reference
        into = register.crimes.get(register.current(reference))
        for person_id in merged.victims if into is not None else ():
            if into is not None and into.gone == "cancelled":
                ledger.forget(person_id, reference, received.received_at, for_good=True)
            elif into is not None and into.gone == "transferred":
                ledger.excuse_all_of(person_id, reference)

    def _follows_none(self, person_id: str) -> bool:
        crimes = map(self.book.register.crimes.__getitem__, self.book.register.crimes_of(person_id))
        gone = ("merged", "cancelled")
        return all(each.gone in gone or each.victims[person_id].exclusion for each in crimes)
