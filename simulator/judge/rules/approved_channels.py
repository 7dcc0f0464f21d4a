"""Nothing goes by another channel than the one that an officer approved as safe."""

from collections.abc import Iterable
from dataclasses import dataclass

from reference.contract.events import VictimRecord
from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import told_instead
from simulator.judge.facts.sent_message import one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class ApprovedChannels(Rule):
    """Judges every message, codes too; what is sent after the approval ran out is judged as any."""

    requirements = frozenset({"SAFE-06"})
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        readers = book.messages.of(record).readers
        unsafe = [each for each in readers if _is_not_by(record, each.victim)]
        if len(unsafe) < len(readers):
            # The answer to a text may be to another person who has the phone.
            return
        for meant, victim in unsafe:
            own = victim.own if victim is not None else None
            if own is None:
                continue
            if record.to not in addresses_in(own) or _may_be_a_code(record, own, book):
                continue
            yield failure(
                "disclosed",
                "SAFE-06",
                meant,
                f"only {one(own.safe_channel or 'text')} is safe: no other is approved",
                f"{one(record.channel)} was sent",
                at=record.at,
                rests_on="contract: VictimRecord.safe_channel",
            )


def _is_not_by(record: MessageAccepted, victim: KnownVictim | None) -> bool:
    own = victim.own if victim is not None else None
    return (
        own is not None
        and own.safe_channel not in (None, record.channel)
        and told_instead(own) is None
    )


def _may_be_a_code(record: MessageAccepted, own: VictimRecord, book: CaseBook) -> bool:
    """Say whether it is a code for another record of theirs, or one from before the approval."""
    register = book.register
    if any(each.approved_at == record.at for each in register.victims_of(own.person_id)):
        # A code that was asked for as the approval came: either came first.
        return record.carries == "one_time_code"
    others = register.signed_in_with(own.person_id) - {own.person_id}
    return record.carries == "one_time_code" and any(
        victim.own.safe_channel in (None, record.channel) and record.to in addresses_in(victim.own)
        for each in others
        for victim in register.victims_of(each)
    )
