"""Victims who may be told no longer, or may be again: what is owed no more, and who is asked."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.messages import TaskKind
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.duties import Duties
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.exclusions import ELSEWHERE, is_under_age, task_for
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.weekly_limit import CHANNELS


@dataclass
class ChangedExclusions:
    """Draws what follows when an event, or time, changes why a victim may not be told."""

    book: CaseBook
    duties: Duties
    _asked: set[tuple[str, str, str]] = field(default_factory=set)
    _to_be_told: set[tuple[str, str]] = field(default_factory=set)
    #: What held, at some time, of a crime that was merged then: nobody need be asked.
    _held_while_merged: set[tuple[str, str, str]] = field(default_factory=set)
    _last_owed: dict[tuple[str, str], OwedTask] = field(default_factory=dict)

    def reconsider(self, at: datetime, received: Received | None = None) -> None:
        """Recheck eligibility; owe a task when an officer must tell the victim, or decide."""
        register = self.book.register
        while (turned_at := register.next_turn(at)) is not None:
            # What is due after that is owed no more, although nothing is read until later.
            for person_id in register.grow_up(turned_at):
                self._excuse_those_it_may_forbid(person_id, turned_at)
            self._turn(turned_at, None, owed_from=at)
        self._turn(at, received, owed_from=at)

    def _turn(self, at: datetime, received: Received | None, *, owed_from: datetime) -> None:
        """Draw what follows for each exclusion that changed; tasks are owed from `owed_from`."""
        register = self.book.register
        for crime, victim, was in register.take_turned():
            reference = crime.recorded.crime_reference
            self.book.history.heard(victim.person_id, reference, at)
            last = self._last_owed.get((victim.person_id, reference))
            if last is not None and last.raised_at is None:
                _void_if_it_held_for_no_time(last, crime, victim, owed_from)
            # Advice that waited may have been dropped, and count as sent.
            self.book.history.disturb(victim.person_id, at)
            if not victim.exclusion:
                self.duties.missed.let_tell(victim, reference, at)
                if received is not None:
                    self.duties.owe_invitation(crime, victim, received, is_owed=False)
                continue
            self.duties.forget(victim, reference, at)
            if self._is_told_of_none(victim.person_id):
                # A record may come with a time that has run out before.
                self._end_links(victim.person_id, owed_from)
            elif self._is_told_of_none(victim.person_id, but_of_merged=True):
                self.book.links.may_end(victim.person_id, owed_from)
            task = task_for(victim.exclusion)
            about = (victim.person_id, reference, victim.exclusion)
            if self._is_through_a_person(crime, victim):
                task, about = ("sensitive_contact", "SAFE-09"), (*about[:2], "through a person")
            if crime.gone == "merged":
                self._held_while_merged.add(about)
            if task is None or crime.gone or about in self._asked or was == victim.exclusion:
                continue
            self._asked.add(about)
            is_to_be_told = task[0] == "sensitive_contact"
            if is_to_be_told and (
                about[:2] in self._to_be_told or self._was_asked(task[0], victim, was, last)
            ):
                # An officer was asked already to tell them, for another reason.
                continue
            if is_to_be_told:
                self._to_be_told.add(about[:2])
            owed = OwedTask(
                task[0],
                victim.person_id,
                task[1],
                f"the force is asked to see to it: {victim.exclusion}",
                owed_from,
                received.event_id if received is not None else "",
                reference,
                # A portal may ask who is told for a child although something else forbids it,
                # and may know a record of the same person before it knows that one's crime.
                early_will_do=is_under_age(victim.exclusion)
                or victim.exclusion == ELSEWHERE
                or about in self._held_while_merged,
                # Nobody can speak to a person who has died: who is told is to be decided.
                other_kinds=("who_is_told",) if self._may_have_died(victim) else (),
                parts=frozenset(self.book.events.parts(reference)) - {reference},
            )
            self._last_owed[about[:2]] = owed
            self.book.tasks.owe(owed)

    def _excuse_those_it_may_forbid(self, person_id: str, at: datetime) -> None:
        """Owe nothing to those whose merger with this person's record waits for a look."""
        for other in self.book.register.persons.group(person_id) - {person_id}:
            for channel in CHANNELS if self.book.register.may_be_forbidden(other, at) else ():
                self.book.ledger.excuse(other, channel)

    def _is_told_of_none(self, person_id: str, *, but_of_merged: bool = False) -> bool:
        """Say whether a person is told of no crime of theirs: of any other they may sign in.

        A merged one may count, or only the one in which it goes on.
        """
        gone = {"cancelled", "merged"} if but_of_merged else {"cancelled"}
        theirs = self.book.register.crimes_with(person_id)
        return all(crime.gone in gone or victim.exclusion for crime, victim in theirs)

    def _was_asked(
        self, kind: TaskKind, victim: KnownVictim, was: str, last: OwedTask | None
    ) -> bool:
        """Say whether what held before was asked about by a task that does for this too.

        Who is told of one who died by another record may be asked already: of a child.
        """
        will_do = {kind}
        if self._may_have_died(victim) and not (last is not None and last.is_void):
            will_do.add("who_is_told")
        return not will_do.isdisjoint(task_for(was) or ())

    def _may_have_died(self, victim: KnownVictim) -> bool:
        """Say whether a victim is not told because another record of theirs says that they died."""
        register = self.book.register
        others = register.records_of(victim.person_id) - {victim.person_id}
        is_elsewhere = victim.exclusion == ELSEWHERE
        return is_elsewhere and any(register.record_of(each).has_died for each in others)

    def _end_links(self, person_id: str, at: datetime) -> None:
        """End what lets a person in, unless they still read the crimes of a merged record.

        By an address a person comes in by one of their records there: which, only the portal knows.
        """
        register, links = self.book.register, self.book.links
        for each in register.signed_in_with(person_id):
            links.shut(each)
        merged = register.persons.read_by(person_id)[1:]
        if all(one.exclusion for each in merged for one in register.victims_of(each)):
            links.end(person_id, at)
        else:
            links.may_end(person_id, at)

    def _is_through_a_person(self, crime: KnownCrime, victim: KnownVictim) -> bool:
        """Say whether the crime has a marker by which an officer is the victim's only contact."""
        own, markers = victim.own, {*self.book.order.eligibility.through_a_person}
        is_one_to_speak_to = own.kind == "person" and own.role == "victim" and not own.has_died
        return (
            victim.exclusion.startswith("safeguarding")
            and bool(markers & {*crime.recorded.safeguarding})
            and is_one_to_speak_to
            and own.who_is_told != "nobody"
        )


def _void_if_it_held_for_no_time(
    last: OwedTask, crime: KnownCrime, victim: KnownVictim, owed_from: datetime
) -> None:
    """Need not ask about what held for no time.

    A crime came with what it said before and what it says now, or another task is owed now.
    """
    instead = task_for(victim.exclusion)
    is_replaced = instead is not None and last.kind not in instead
    held_for_no_time = last.begun_at == owed_from
    last.is_void |= held_for_no_time and (crime.known_at == owed_from or is_replaced)
