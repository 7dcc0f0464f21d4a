"""Messages that should not have been sent, whatever they answer.

They go to a person who said that they are not for them, or in whose place another is told; to a
victim who is not to be told; about news an officer tells first; about a crime that was cancelled;
or by a channel that the victim ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.evidence.records import MessageAccepted
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.exclusions import requirement_of
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import told_by
from simulator.judge.facts.sent_message import Ban, Reader, Silence, one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm

#: What harm a message does, which requirement it breaks, what was expected and what observed.
_Harmed = tuple[Harm, str, str, str]
#: By what a message is unwanted, where that is closer than a requirement.
_RESTS_ON: dict[Ban, str] = {
    "told_instead": "contract: VictimRecord.told_instead",
    "withheld": "order: sensitive_closures",
    "milestone_withheld": "order: sensitive_milestones",
    "cancelled": "contract: CrimeCancelled",
}


#: What a message breaks that goes to a victim of a crime with a marker, and to nobody else.
_SAFE = frozenset({"INV-03", "SAFE-02"})


@dataclass
class UnwantedMessages(Rule):
    """Judges messages that the case book says should not have been sent."""

    requirements = frozenset(
        {"NOTME-01", "WHO-01", "WHO-02", "WHO-03", "WHO-04", "INV-03", "INV-04", "CONT-01"}
        | {"SAFE-02", "SAFE-03", "SAFE-04", "SAFE-05", "SAFE-06", "SENS-01", "SENS-06"}
        | {"CASE-05", "SAFE-09", "PERS-05"}
    )
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        if sent.silence is None:
            return ()
        [reader] = sent.readers
        crime = book.register.crimes.get(reader.meant.crime_reference)
        if sent.silence.ban in ("disowned", "former", "told_instead", "parted"):
            broken = _at_address(sent.silence, record, reader)
        else:
            broken = _about(sent.silence, record, reader, crime)
        markers = {*self.order.eligibility.through_a_person}
        if crime is not None and markers & {*crime.recorded.safeguarding} and broken[1] in _SAFE:
            broken = ("disclosed", "SAFE-09", *broken[2:])
        rests_on = _RESTS_ON.get(sent.silence.ban, "")
        if sent.silence.ban == "excluded" and reader.victim is not None:
            rests_on = sentences.about_exclusion(reader.victim.exclusion, broken[1])
        harm, requirement, *said = broken
        return [failure(harm, requirement, reader.meant, *said, at=record.at, rests_on=rests_on)]


def _at_address(silence: Silence, message: MessageAccepted, reader: Reader) -> _Harmed:
    assert reader.victim is not None
    if silence.ban == "disowned":
        requirement, whose = "NOTME-01", "the person who said that it was not for them"
    elif silence.ban == "parted":
        requirement, whose = "PERS-05", "a person with whom they were merged by mistake"
    elif silence.ban == "former":
        requirement, whose = "WHO-03", "the person who was told until another was"
    else:
        requirement, whose = told_by(reader.victim.own), "the victim, for whom another is told"
    observed = f"{one(message.channel)} went there"
    return "misdirected", requirement, f"nothing goes to {whose}", observed


def _about(
    silence: Silence, message: MessageAccepted, reader: Reader, crime: KnownCrime | None
) -> _Harmed:
    channel, sent = message.channel, f"{one(message.channel)} was sent"
    if silence.ban == "excluded":
        assert reader.victim is not None
        harm, requirement = _instead_of_silence(reader.victim, silence, crime)
        return harm, requirement, "no message: " + reader.victim.exclusion, sent
    if silence.ban == "withheld":
        expected = "an officer tells the victim first that the case has ended, and why"
        observed = f"{one(channel)} sent them to read it before anybody had spoken to them"
        return "disclosed", "SENS-01", expected, observed
    if silence.ban == "milestone_withheld":
        expected = "an officer tells the victim first that a suspect was released or bailed"
        observed = f"{one(channel)} sent them to read it before anybody had spoken to them"
        return "disclosed", "SENS-06", expected, observed
    if silence.ban == "cancelled":
        expected = "no message: the record was cancelled, and an officer tells the victim"
        return "noise", "CASE-05", expected, sent
    expected = f"nothing more by {channel}: the victim ended it"
    return "noise", "CONT-01", expected, f"{sent} all the same"


def _instead_of_silence(
    victim: KnownVictim, silence: Silence, crime: KnownCrime | None
) -> tuple[Harm, str]:
    if victim.exclusion == "recorded before the portal went live":
        return "noise", "INV-04"
    if requirement := requirement_of(victim.exclusion):
        return "disclosed", requirement
    if not silence.was_invited:
        return "disclosed", "INV-03"
    left = crime is not None and crime.is_reclassified and victim.exclusion.startswith("offence")
    return "disclosed", "CASE-05" if left else "SAFE-02"
