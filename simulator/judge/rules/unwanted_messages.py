"""Messages where there should be none, whatever they answer.

About what a person says first, of a crime that has left the portal, by a channel that the victim
ended, or to somebody else.
"""

from dataclasses import dataclass

from simulator.evidence.records import MessageAccepted
from simulator.judge.facts.address_book import Meant, one
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.doubtful_addresses import Addresses
from simulator.judge.facts.eligibility import not_to, told_by
from simulator.judge.facts.known_crime import Gone
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.preferences import Choices
from simulator.judge.facts.withheld_news import Closures
from simulator.judge.findings import Findings


@dataclass
class Silences:
    """Judges messages by what should not be said, or not there, or not yet."""

    cases: Cases
    closures: Closures
    choices: Choices
    addresses: Addresses
    findings: Findings

    def is_broken_where_it_goes(
        self, message: MessageAccepted, meant: Meant, victim: KnownVictim
    ) -> bool:
        """Find a message to the phone or mailbox of somebody else.

        That is whoever said so, or in whose place another is told.
        """
        if self.addresses.is_disowned(message.to):
            requirement, whose = "NOTME-01", "whoever said that it was not for them"
        elif message.to in victim.former:
            requirement, whose = "WHO-03", "whoever was told until another was"
        elif message.to in not_to(victim.own):
            requirement, whose = told_by(victim.own), "the victim, for whom another is told"
        else:
            return False
        expected, observed = f"nothing goes to {whose}", f"{one(message.channel)} went there"
        self.findings.fail_message(message, meant, "misdirected", requirement, expected, observed)
        return True

    def is_broken_by(self, message: MessageAccepted, meant: Meant) -> bool:
        """Find a message that should not be, whatever it answers; says whether it is one."""
        held = self.closures.held(meant.crime_reference, meant.person_id)
        if held is not None and message.reference == held.event_id:
            return self._told_first(message, meant)
        if self._is_cancelled(meant):
            if not meant.event_id and self.tells_too_early(message, meant):
                return True
            expected, observed = _OF_A_CANCELLED, f"{one(message.channel)} was sent"
            self.findings.fail_message(message, meant, "noise", "CASE-05", expected, observed)
            return True
        if self.choices.has_ended(meant.person_id, message.channel, message.to):
            expected = f"nothing more by {message.channel}: the victim ended it"
            observed = f"{one(message.channel)} was sent all the same"
            self.findings.fail_message(message, meant, "noise", "CONT-01", expected, observed)
            return True
        return False

    def tells_too_early(self, message: MessageAccepted, meant: Meant) -> bool:
        """Find a message that names nothing, answers nothing, and has something held back."""
        if meant.event_id:
            return False
        for reference in self.cases.crimes_of(meant.person_id):
            if self.closures.held(reference, meant.person_id) is not None:
                return self._told_first(message, meant)
        return False

    def why_too_many(self, meant: Meant) -> tuple[str, str]:
        """Say which requirement a message breaks that answers nothing, and what was expected."""
        crime = self.cases.crimes.get(meant.crime_reference) if meant.event_id else None
        if crime is not None and crime.gone in _AFTER:
            return "CASE-05", _AFTER[crime.gone]
        return "ONCE-01", "one message for each piece of news"

    def _is_cancelled(self, meant: Meant) -> bool:
        """Say whether a message is of a cancelled crime, or of a victim who has no other."""
        about = [meant.crime_reference] if meant.event_id else self.cases.crimes_of(meant.person_id)
        crimes = [self.cases.crimes[each] for each in about if each in self.cases.crimes]
        told = [each for each in crimes if not each.victims[meant.person_id].exclusion]
        return bool(told) and all(each.gone == "cancelled" for each in told)

    def _told_first(self, message: MessageAccepted, meant: Meant) -> bool:
        self.findings.fail_message(
            message,
            meant,
            "disclosed",
            "SENS-01",
            "an officer tells the victim first that the case has ended, and why",
            f"{one(message.channel)} sent them to read it before anybody had spoken to them",
        )
        return True


_OF_A_CANCELLED = "no message: the record was cancelled, and an officer tells the victim"
_AFTER: dict[Gone, str] = {
    "transferred": "nothing more is sent of a crime that another force looks into",
    "cancelled": _OF_A_CANCELLED,
}
