"""The links and codes in a message: found for whoever it was for, struck out of what is kept.

Nobody may use them from a log. Read by the world, and by the doubles of a load test.
"""

import re

from simulator.evidence.records import MessageAccepted
from simulator.inputs.target import Patterns
from simulator.neighbours.gateway.inbox import Accepted


class MessageSecrets:
    """Reads messages by the patterns of a target."""

    def __init__(self, patterns: Patterns) -> None:
        self._link = re.compile(patterns.invitation_link)
        self._code = re.compile(patterns.one_time_code)

    def link_in(self, message: Accepted) -> str:
        """Find the invitation's link in a message ("" where there is none)."""
        found = self._link.search(message.body)
        return found[1] if found else ""

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code in a message ("" where there is none)."""
        found = self._code.search(message.body)
        return found[1] if found else ""

    def as_evidence(self, message: Accepted) -> MessageAccepted:
        """Write a message down without its links and codes, and say which it carried."""
        link, code = self.link_in(message), self.code_in(message)
        return MessageAccepted(
            at=message.accepted_at,
            message_id=message.message_id,
            channel=message.channel,
            to=message.to,
            subject=self.struck_out(message.subject),
            body=self.struck_out(message.body),
            sender=message.sender,
            reference=message.reference,
            carries="invitation" if link else "one_time_code" if code else "",
            how=message.how,
            correlation_id=message.correlation_id,
        )

    def struck_out(self, words: str) -> str:
        """Give words without the links and codes in them."""
        for found in self._link.findall(words):
            shown = re.match(r"https?://[^/\s]+(?:/invitation)?", found)
            words = words.replace(found, f"{shown[0]}/…" if shown else "(link)")
        for found in self._code.findall(words):
            words = words.replace(found, "······")
        return words
