"""Finds why a message should not have been sent, whatever it answers.

The book needs to know, since such a message meets nothing that is owed. A rule says which harm it
is.
"""

from dataclasses import dataclass

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import not_to
from simulator.judge.facts.sent_message import Meant, Reader, Silence


@dataclass
class Silences:
    """Reads the book: whose address it is, who is told, what is withheld, what has ended."""

    book: CaseBook

    def at_address(self, message: MessageAccepted, victim: KnownVictim | None) -> Silence | None:
        """Say whether a message goes to the phone or mailbox of another person."""
        is_code, doubtful = message.carries == "one_time_code", self.book.reachability.doubtful
        if victim is None:
            return None
        if doubtful.is_disowned(message.to, signs_in=is_code):
            return Silence("disowned")
        if self.book.register.is_of_parted(victim, message.to):
            return Silence("parted")
        if message.to in victim.former:
            return Silence("former")
        return Silence("told_instead") if message.to in not_to(victim.own) else None

    def about(self, message: MessageAccepted, reader: Reader) -> Silence | None:
        """Say whether a message is about what its reader is not to be told, or not by it."""
        meant, victim = reader
        if victim is not None and victim.exclusion and self._is_excluded(meant):
            return Silence("excluded", bool(victim.invited))
        withheld = self.book.withheld.of(meant.crime_reference, meant.person_id)
        if withheld is not None and message.reference == withheld.event_id:
            return Silence("withheld")
        milestones = self.book.milestones.of(meant.person_id)
        if message.reference in {each.received.event_id for each in milestones}:
            return Silence("milestone_withheld")
        if self._is_cancelled(meant):
            return self.names_nothing_withheld(meant) or Silence("cancelled")
        preferences = self.book.reachability.preferences
        if preferences.has_ended(meant.person_id, message.channel, message.to):
            return Silence("channel_ended")
        return None

    def names_nothing_withheld(self, meant: Meant) -> Silence | None:
        """Say whether a message names nothing while news is withheld from its reader."""
        if meant.event_id:
            return None
        if any(
            self.book.withheld.of(reference, meant.person_id) is not None
            for reference in self.book.register.crimes_of(meant.person_id)
        ):
            return Silence("withheld")
        return Silence("milestone_withheld") if self.book.milestones.of(meant.person_id) else None

    def _is_excluded(self, meant: Meant) -> bool:
        """Say whether a message names the crime, or its reader is told of no crime at all."""
        victims = self.book.register.victims_of(meant.person_id)
        return bool(meant.event_id) or all(each.exclusion for each in victims)

    def _is_cancelled(self, meant: Meant) -> bool:
        """Say whether a message is about a cancelled crime, or its reader has no other."""
        register = self.book.register
        people = register.persons.read_by(meant.person_id)
        named = [meant.crime_reference] if meant.event_id else []
        about = named or [crime for person in people for crime in register.crimes_of(person)]
        crimes = [register.crimes[each] for each in about if each in register.crimes]
        own = [(each, each.victims.get(person)) for each in crimes for person in people]
        told = [crime for crime, victim in own if victim is not None and not victim.exclusion]
        return bool(told) and all(each.gone == "cancelled" for each in told)
