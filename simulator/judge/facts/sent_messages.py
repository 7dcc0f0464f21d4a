"""Every message that the portal sent, in the order in which the gateway accepted them."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel
from simulator.evidence.records import MessageAccepted
from simulator.judge.facts.sent_message import SentMessage


@dataclass
class SentMessages:
    """All messages of a run, and the last words that went to each address."""

    sent: list[SentMessage] = field(default_factory=list)
    _by_id: dict[str, SentMessage] = field(default_factory=dict)
    _sent_to: dict[tuple[str, Channel], list[SentMessage]] = field(default_factory=dict)
    _last_body: dict[str, str] = field(default_factory=dict)
    _went_to: dict[str, list[MessageAccepted]] = field(default_factory=dict)

    def keep(self, record: MessageAccepted, sent: SentMessage) -> None:
        """Write down a message."""
        self.sent.append(sent)
        self._sent_to.setdefault((sent.person_id, sent.channel), []).append(sent)
        self._by_id[record.message_id] = sent
        self._last_body[record.to] = record.body
        self._went_to.setdefault(record.to, []).append(record)

    def of(self, record: MessageAccepted) -> SentMessage:
        """Give what is known of a message that the gateway accepted."""
        return self._by_id[record.message_id]

    def sent_to(self, person_id: str, channel: Channel) -> list[SentMessage]:
        """List what went to a person by a channel: a long run has many others."""
        return self._sent_to.get((person_id, channel), [])

    def find(self, message_id: str) -> SentMessage | None:
        """Find a message by its id; None when the gateway accepted no such message."""
        return self._by_id.get(message_id)

    def had_another(
        self, record: MessageAccepted, since: datetime, by: datetime, *, by_name: bool
    ) -> bool:
        """Say whether a message went to the same address between two times, with the same name."""
        return any(
            since <= each.at <= by
            and (not by_name or (each.reference == record.reference and not each.carries))
            for each in self._went_to[record.to]
        )

    def repeats_the_last(self, record: MessageAccepted) -> bool:
        """Say whether the last message to the same address had the same words."""
        return self._last_body.get(record.to) == record.body
