"""Events that end, reopen or move a crime, and news that an officer tells first."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from reference.contract.events import (
    AppointmentMade,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    MilestoneReached,
    OfficerDeployed,
    OfficerReplied,
    OutcomeRecorded,
    VictimContacted,
    VictimDetailsChanged,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.changed_exclusions import ChangedExclusions
from simulator.judge.entries.crime_mergers import CrimeMergers
from simulator.judge.entries.duties import Duties
from simulator.judge.entries.record_mergers import PersonMergers
from simulator.judge.entries.unsent_news import UnsentNews
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.exclusions import SAME_PERSON
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.weekly_limit import CHANNELS
from simulator.judge.facts.withheld_news import Withheld

_OF_BAIL = frozenset({"suspect_on_bail", "bail_changed"})
#: What is told where a merged crime goes on, though it comes under the old reference.
_TOLD_AFTER_A_MERGER = (AppointmentMade, CrimeAllocated, OfficerDeployed)


@dataclass
class CaseEvents:
    """Takes every event the portal has; most go straight on to what is owed."""

    book: CaseBook
    duties: Duties
    _closure_told: dict[tuple[str, str], Withheld] = field(default_factory=dict)
    _may_not_be_told: set[str] = field(default_factory=set)
    _talks: dict[tuple[str, str], OwedTask] = field(default_factory=dict)
    persons: PersonMergers = field(init=False)
    exclusions: ChangedExclusions = field(init=False)
    _mergers: CrimeMergers = field(init=False)
    _unsent: UnsentNews = field(init=False)

    def __post_init__(self) -> None:
        self.persons = PersonMergers(self.book, self.duties)
        self.exclusions = ChangedExclusions(self.book, self.duties)
        self._mergers = CrimeMergers(self.book, self.duties)
        self._unsent = UnsentNews(self.book)

    def receive(self, received: Received) -> None:
        """Take an event the portal has, and what it changes for the victims of other crimes."""
        if self.persons.receive(received):
            self.exclusions.reconsider(received.received_at, received)
            return
        if isinstance(received.event, CrimeReopened):
            self.book.history.opened(received.event.crime_reference, received.received_at)
        if received.event.crime_reference in self.book.register.crimes:
            self._take(received)
        elif isinstance(received.event, VictimDetailsChanged):
            self.duties.change_details(received.event, received)
        self.persons.reconsider(received)
        self.exclusions.reconsider(received.received_at, received)

    def _take(self, received: Received) -> None:
        event, withheld = received.event, self.book.withheld
        crime = self.book.register.crimes[event.crime_reference]
        was_gone, was_closed = crime.gone, crime.is_closed
        is_stale = crime.is_stale(received.recorded_at)
        is_last = not is_stale and not crime.is_in_doubt(event, received.recorded_at)
        match event:
            case CrimeClosed() if not was_gone and withheld.is_sensitive(event, crime):
                crime.learn(event, received.recorded_at)
                if is_stale:
                    self.duties.owe_update(crime, received, is_owed=False)
                    self._leave_reopening_unsaid(crime, received)
                    withheld.tell_of_stale(event, crime)
                else:
                    self._withhold(crime, received, was_closed=was_closed, is_last=is_last)
            case CrimeCancelled() if self._stands_by_itself(crime):
                for person_id in crime.victims:
                    reference, at = event.crime_reference, received.received_at
                    self.book.tasks.waive_all(person_id, reference, begun_at=at)
                crime.learn(event, received.recorded_at)
                self._cancel(crime, received, was_closed=was_closed, is_last=is_last)
            case CrimeReclassified():
                self._reclassify(crime, event, received)
            case VictimContacted():
                self._contacted(crime, event, received)
            case CrimeMerged() | CrimeUnmerged():
                self._merge_or_part(crime, received, is_stale=is_stale)
            case CrimeTransferred() if not was_gone:
                crime.learn(event, received.recorded_at)
                self._leave_unsaid(crime, received)
                self.duties.owe_update(crime, received, is_owed=not is_stale)
            case _ if was_gone and not isinstance(event, CrimeReopened):
                self._after_it_was_gone(crime, received)
            case _:
                self._go_on(crime, received, is_stale=is_stale)
                if was_gone and not crime.gone:
                    self._invite_back(crime, received)

    def _leave_unsaid(self, crime: KnownCrime, received: Received) -> None:
        """Owe no update that waits as another force takes a crime over, and is not late."""
        if crime.gone != "transferred":
            return
        reference, at = crime.recorded.crime_reference, received.received_at
        for person_id in crime.victims:
            for each in (crime, *self.book.register.parts_of(reference)):
                about = each.recorded.crime_reference
                self.book.ledger.excuse_updates_in_time(person_id, about, at)

    def _stands_by_itself(self, crime: KnownCrime) -> bool:
        """Say whether a crime can be cancelled: no known crime goes on in its place."""
        register = self.book.register
        survivor = register.current(crime.recorded.crime_reference)
        is_carried_on = crime.gone == "merged" and survivor in register.crimes
        return crime.gone != "cancelled" and not is_carried_on

    def _invite_back(self, crime: KnownCrime, received: Received) -> None:
        for victim in crime.victims.values():
            if not victim.invited:
                self.duties.owe_invitation(crime, victim, received, is_owed=False)

    def _go_on(self, crime: KnownCrime, received: Received, *, is_stale: bool) -> None:
        """Take any other event: an old fact that comes after a newer one need not be announced.

        Nor need one that says again what the portal has heard.
        """
        event, withheld = received.event, self.book.withheld
        is_repeated = crime.is_repeated(event)
        is_superseded = crime.is_superseded(event, received.recorded_at)
        withheld_from: list[str] = []
        if isinstance(event, CrimeReopened) and not is_stale:
            withheld_from = withheld.release(event.crime_reference)
            for person_id in withheld_from:
                self.book.tasks.waive("sensitive_contact", person_id, event.crime_reference)
        is_reopening = isinstance(event, CrimeReopened)
        is_untold = is_reopening and event.crime_reference in self._may_not_be_told
        if is_reopening:
            self._may_not_be_told.discard(event.crime_reference)
            is_untold |= self._went_on_before_talk(crime, received)
        if isinstance(event, CrimeClosed):
            withheld.tell(crime)
        if isinstance(event, CrimeClosed | CrimeReopened) and (
            is_stale or is_repeated or withheld_from or is_untold
        ):
            # A victim who was never told that the case ended need not be told that it goes on.
            crime.learn(event, received.recorded_at)
            self.duties.owe_update(crime, received, is_owed=False)
        elif is_superseded or is_repeated:
            crime.learn(event, received.recorded_at)
            # A charge before the end is a step of the case; after a reopening it need not be shown.
            is_shown = isinstance(event, OutcomeRecorded) and crime.is_over
            self.duties.owe_update(crime, received, is_owed=False, is_shown=is_shown)
            for person_id in crime.victims if is_repeated else ():
                self.book.page_steps.repeat(person_id, event.crime_reference, received)
        else:
            self.duties.receive(received)
            self._unsent.take(crime, received)
            self._ask_about_bail(crime, received)
            self._owe_talk_about_milestone(received)

    def _leave_reopening_unsaid(self, crime: KnownCrime, received: Received) -> None:
        """Owe no word that a case goes on whose end, which nobody told, came before that word."""
        reference, book = received.event.crime_reference, self.book
        allowance = timedelta(minutes=book.order.messages.minutes_max)
        for each in book.events.of(reference):
            is_late = received.received_at > each.received_at + allowance
            if is_late or not isinstance(each.event, CrimeReopened):
                continue
            for person_id in crime.victims:
                if not any(book.ledger.told_at(person_id, of, each.event_id) for of in CHANNELS):
                    book.ledger.excuse_news(person_id, each.event_id)
                    book.page_steps.excuse(person_id, reference, each.event_id)

    def _went_on_before_talk(self, crime: KnownCrime, received: Received) -> bool:
        """Excuse an end of which an officer spoke after the case went on, by the record."""
        reference = crime.recorded.crime_reference
        spoken = [
            (person_id, told)
            for (of, person_id), told in self._closure_told.items()
            if of == reference
            and self.book.withheld.was_noted_after(reference, person_id, received.recorded_at)
        ]
        for person_id, told in spoken:
            self.book.ledger.excuse_news(person_id, told.event_id)
            self.book.page_steps.excuse(person_id, reference, told.event_id)
        return bool(spoken)

    def _ask_about_bail(self, crime: KnownCrime, received: Received) -> None:
        event, book = received.event, self.book
        if not isinstance(event, MilestoneReached) or event.milestone not in _OF_BAIL:
            return
        phase = book.phases.owed_at(received.received_at)
        if book.order.trigger_for(MilestoneReached.__name__, phase) is None:
            return
        for victim in crime.victims.values():
            came_later = victim.joined_at and received.recorded_at <= victim.joined_at
            if victim.exclusion or came_later:
                continue
            expected = "the officer is asked for the victim's views on conditions of bail"
            about = ("BAIL-01", expected, received.received_at, received.event_id)
            book.tasks.owe(OwedTask("bail_views", victim.person_id, *about))

    def _owe_talk_about_milestone(self, received: Received) -> None:
        for each in self.book.milestones.by_event(received.event_id):
            expected = "an officer is asked to tell the victim that a suspect left custody"
            about = ("SENS-06", expected, received.received_at, received.event_id)
            task = OwedTask("sensitive_contact", each.victim.person_id, *about)
            if each.is_owed:
                self._talks[received.event_id, task.person_id] = task
                self.book.tasks.owe(task)

    def _spoke_of_milestones(self, event: VictimContacted, received: Received) -> None:
        for each in self.book.milestones.let_go_of(event):
            self.book.ledger.release(each.received.event_id, received.event_id)
        for each in self.book.milestones.contacted(event):
            event_id = each.received.event_id
            if talk := self._talks.get((event_id, event.person_id)):
                talk.is_void = talk.raised_at is None
            self.book.ledger.release(event_id, received.event_id)
            now = replace(
                each.received, recorded_at=received.recorded_at, received_at=received.received_at
            )
            self.duties.tell_of_milestone(each, now, is_owed=True)

    def _after_it_was_gone(self, crime: KnownCrime, received: Received) -> None:
        """Take an event of a crime that was merged, transferred or cancelled.

        Details change for all crimes of a victim. Nothing else is owed here any more; news of a
        merged crime may be told, and so may news and an officer's answer from before a transfer.
        """
        if isinstance(received.event, VictimDetailsChanged):
            self.duties.receive(received)
            return
        event, withheld = received.event, self.book.withheld
        if isinstance(event, CrimeClosed) and not withheld.is_sensitive(event, crime):
            if crime.gone == "transferred":
                # The page of a crime that another body has may still show how it ended.
                withheld.tell(crime)
            elif crime.gone == "merged":
                withheld.tell_of_part(crime, self.book.register.current(event.crime_reference))
        is_owed = self._is_owed_after_a_merger(crime, received)
        crime.learn(received.event, received.recorded_at)
        is_transferred = crime.gone == "transferred"
        answers = isinstance(received.event, OfficerReplied) and is_transferred
        # What was recorded before the transfer and arrives after it may still be told.
        is_from_before = is_transferred and crime.is_stale(received.recorded_at)
        if crime.gone == "merged" or answers or is_from_before:
            self.duties.owe_update(crime, received, is_owed=is_owed, is_shown=False)

    def _is_owed_after_a_merger(self, crime: KnownCrime, received: Received) -> bool:
        """Say whether news under the old reference is certainly told where the crime goes on.

        It is an appointment, or a step from before the merger that arrives late: CASE-20.
        """
        event, register = received.event, self.book.register
        if crime.gone != "merged" or not isinstance(event, _TOLD_AFTER_A_MERGER):
            return False
        is_late = crime.joined_at is not None and received.happened_at < crime.joined_at
        is_of_one = isinstance(event, AppointmentMade)
        into = register.crimes.get(register.current(event.crime_reference))
        if into is None or into.gone or into.is_over or not (is_late or is_of_one):
            return False
        told = [each for each in crime.victims.values() if not each.exclusion]
        is_told = all(
            each.invited
            and each.person_id in into.victims
            and not into.victims[each.person_id].exclusion
            for each in told
        )
        is_old = crime.is_repeated(event) or crime.is_superseded(event, received.recorded_at)
        return is_told and not is_old

    def _withhold(
        self, crime: KnownCrime, received: Received, *, was_closed: bool, is_last: bool
    ) -> None:
        """Have an officer speak to each victim first, if the case did end with this closure."""
        withheld = self.book.withheld
        if is_last:
            self._unsent.take(crime, received)
        for victim in crime.victims.values():
            if victim.joined_at is not None and received.recorded_at <= victim.joined_at:
                # It came late: they joined a case that had ended, as anyone does who joins one.
                continue
            before = withheld.of(received.event.crime_reference, victim.person_id)
            is_withheld = withheld.withhold(
                *(crime, victim.person_id, received),
                was_closed=was_closed,
                is_last=is_last,
                came_unheard=bool(victim.exclusion),
            )
            if not is_withheld:
                is_told = withheld.was_told_after(victim.person_id, received)
                is_owed = is_last and is_told and before is None
                self._tell_of_closure(crime, victim, received, is_owed=is_owed, was_told=is_told)
            elif is_last and before is None and self._is_told(victim, received):
                self._owe_contact(crime, victim, received, "how the case ended")

    def _cancel(
        self, crime: KnownCrime, received: Received, *, was_closed: bool, is_last: bool
    ) -> None:
        """Send no more messages: an officer tells the victims who follow it in the portal.

        If it came before the crime, or together with it, nobody followed that.
        """
        came_first = self.book.deliveries.came_by_its_crime(received.event_id)
        for victim in crime.victims.values():
            person_id, withheld = victim.person_id, self.book.withheld
            if came_first:
                self.book.flags.waive(person_id, crime.recorded.crime_reference)
                at = received.received_at
                self.book.tasks.waive("bail_views", person_id, "", begun_at=at)
                # Nobody need decide who is told of a crime that is none.
                reference = crime.recorded.crime_reference
                self.book.tasks.waive("who_is_told", person_id, reference, begun_at=at)
            follows = self._follows(crime, victim) and not came_first
            for each in (crime, *self.book.register.parts_of(crime.recorded.crime_reference)):
                self.book.ledger.forget(
                    person_id, each.recorded.crime_reference, received.received_at, for_good=True
                )
            is_withheld = withheld.withhold(
                crime, person_id, received, was_closed=was_closed, is_last=is_last
            )
            if is_withheld and is_last and follows and self._is_told(victim, received):
                self._owe_contact(crime, victim, received, "that the record was cancelled")
            register = self.book.register
            theirs = register.crimes_with(person_id)
            if all(each.gone == "cancelled" or as_one.exclusion for each, as_one in theirs):
                # By which of their records at one address a person came in, only the portal knows.
                for record in register.signed_in_with(person_id):
                    self.book.links.shut(record)
                self.book.links.end(person_id, received.received_at)

    def _follows(self, crime: KnownCrime, victim: KnownVictim) -> bool:
        """Say whether a victim was told of a crime in the portal, or was owed that.

        Who may be told of it again, and need not be, knows of it once a message came, or once they
        can see their crimes.
        """
        reference = crime.recorded.crime_reference
        may_know = self.book.register.is_registered(victim.person_id)
        may_know |= self.book.ledger.may_have_first_word(victim.person_id, reference)
        return bool(victim.invited) and may_know and not self._counts_as_uninvited(victim)

    def _counts_as_uninvited(self, victim: KnownVictim) -> bool:
        """Say whether an address of a victim was disowned, or is in doubt, who has no other."""
        reachability = self.book.reachability
        return victim.was_out_of_reach or (
            not reachability.can_be_told(victim)
            and any(
                reachability.doubtful.was_disowned(each) or reachability.doubtful.is_doubtful(each)
                for each in addresses_in(victim.record)
            )
        )

    def _merge_or_part(self, crime: KnownCrime, received: Received, *, is_stale: bool) -> None:
        """Take a merger, or that one is taken back; one that was taken back already is nothing."""
        if isinstance(received.event, CrimeUnmerged):
            self._mergers.part(crime, received)
        elif crime.was_unmerged_since(received.recorded_at):
            return
        elif crime.gone in ("merged", "cancelled"):
            self._after_it_was_gone(crime, received)
        else:
            self._mergers.merge(crime, received, is_stale=is_stale)

    def _reclassify(self, crime: KnownCrime, event: CrimeReclassified, received: Received) -> None:
        """Recheck who is told of the crime: invite the victims who now are, forget the others."""
        was_out = {each.person_id for each in crime.victims.values() if each.exclusion}
        if not self.book.register.reclassify(crime, event, received):
            return
        self.duties.owe_update(crime, received)
        for victim in crime.victims.values():
            if victim.exclusion == SAME_PERSON and victim.person_id in was_out:
                # The record that survives goes on telling what waits for this one.
                continue
            if victim.exclusion:
                # The crime that it was merged into is one of which they may be told all the same.
                waited = {*victim.invited}
                self.duties.forget(victim, event.crime_reference, received.received_at)
                if waited - {*victim.invited}:
                    self._mergers.invite_to_survivor(crime, victim, received)
                for part in self.book.register.parts_of(event.crime_reference):
                    about = part.recorded.crime_reference
                    self.duties.forget(victim, about, received.received_at)
            elif victim.person_id in was_out:
                self.duties.owe_invitation(crime, victim, received, is_owed=not crime.is_over)

    def _contacted(self, crime: KnownCrime, event: VictimContacted, received: Received) -> None:
        self._spoke_of_milestones(event, received)
        withheld = self.book.withheld.contacted(event, received.recorded_at)
        victim = crime.victims.get(event.person_id)
        told = (event.crime_reference, event.person_id)
        if withheld is None and told in self._closure_told:
            # Of two talks, a message may name either, or a milestone. At the first they may be out.
            first = self._closure_told[told]
            if self.book.ledger.news_of(received.event_id) == received.event_id:
                self.book.ledger.release(first.event_id, received.event_id)
            if victim is not None and not self._was_announced(victim, first.event_id):
                again = Received(
                    first.event_id, first.what, received.recorded_at, received.received_at
                )
                self._tell_of_closure(crime, victim, again, is_owed=False)
        if withheld is None or victim is None:
            return
        self._closure_told[told] = withheld
        self.book.tasks.waive("sensitive_contact", event.person_id, event.crime_reference)
        if isinstance(withheld.what, CrimeClosed):
            self.book.ledger.release(withheld.event_id, received.event_id)
            released = Received(
                withheld.event_id, withheld.what, withheld.said_at, received.received_at
            )
            # An officer may have spoken before the case ended, and the closure was recorded later:
            # either reading is careful. Of a crime merged since, the portal says where it goes on,
            # or nothing.
            is_after_it = event.contacted_at >= withheld.what.closed_at
            is_about_it = is_after_it and withheld.is_last and crime.gone != "merged"
            is_about_it &= not withheld.came_unheard
            is_about_it &= not self._ended_anew(victim, event.crime_reference, withheld)
            if not is_after_it:
                self._may_not_be_told.add(event.crime_reference)
            self._tell_of_closure(crime, victim, released, is_owed=is_about_it, was_told=True)

    def _ended_anew(self, victim: KnownVictim, reference: str, withheld: Withheld) -> bool:
        return any(
            isinstance(each.event, CrimeClosed)
            and each.recorded_at > withheld.said_at
            and self._was_announced(victim, each.event_id)
            for each in self.book.events.of(reference)
        )

    def _was_announced(self, victim: KnownVictim, event_id: str) -> bool:
        about, ledger = victim.person_id, self.book.ledger
        return any(ledger.announced_by(about, each, event_id) for each in CHANNELS)

    def _tell_of_closure(
        self,
        crime: KnownCrime,
        victim: KnownVictim,
        received: Received,
        *,
        is_owed: bool,
        was_told: bool = False,
    ) -> None:
        order, at = self.book.order, received.received_at
        trigger = order.trigger_for("CrimeClosed", order.phase_at(at))
        if trigger is not None and not victim.exclusion:
            is_owed = is_owed and trigger.phase <= self.book.phases.owed_at(at)
            self.duties.owe(
                *(crime, victim, received, trigger.announces),
                is_owed=is_owed,
                was_told_in_person=was_told,
            )
        reference = crime.recorded.crime_reference
        if trigger is not None and victim.exclusion:
            # Once they may be told, a message may say what the officer has said.
            self.duties.missed.note(victim, reference, received, trigger.announces)
        if not is_owed:
            self.book.page_steps.may_turn(victim.person_id, reference, received)

    def _is_told(self, victim: KnownVictim, received: Received) -> bool:
        return not victim.exclusion and self.book.order.phase_at(received.received_at) > 0

    def _owe_contact(
        self, crime: KnownCrime, victim: KnownVictim, received: Received, of_what: str
    ) -> None:
        expected = f"an officer is asked to tell the victim {of_what}"
        about = ("SENS-02", expected, received.received_at, received.event_id)
        reference = crime.recorded.crime_reference
        self.book.tasks.owe(OwedTask("sensitive_contact", victim.person_id, *about, reference))
