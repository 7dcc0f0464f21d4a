"""The links and codes in a message: found for its recipient, removed from the evidence.

Nobody can use a link or a code out of a log. Used by the world and by the load test's doubles.
"""

import re
from functools import lru_cache

from simulator.evidence.records import MessageAccepted
from simulator.inputs.target import Patterns
from simulator.neighbours.gateway.inbox import Accepted


class MessageSecrets:
    """Reads messages by the patterns in a target file."""

    def __init__(self, patterns: Patterns) -> None:
        self._link = re.compile(patterns.invitation_link)
        self._code = re.compile(patterns.one_time_code)
        self._not_for_me = re.compile(patterns.not_for_me_link)

    def link_in(self, message: Accepted) -> str:
        """Find the invitation link in a message ("" if there is none)."""
        return _first(self._link, message.body)

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code in a message ("" if there is none)."""
        return _first(self._code, message.body)

    def brings_code(self, words: str) -> bool:
        """Say whether a message of these words brings a one-time code."""
        return bool(_first(self._code, words)) and not _first(self._link, words)

    def not_for_me_link_in(self, message: Accepted) -> str:
        """Find the link by which a stranger stops a message ("" if there is none)."""
        return _first(self._not_for_me, message.body)

    def as_evidence(self, message: Accepted) -> MessageAccepted:
        """Make the evidence of a message: without its link or code, but saying which it carried."""
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
        """Replace the links and codes in these words."""
        for found in (*self._link.findall(words), *self._not_for_me.findall(words)):
            shown = re.match(r"https?://[^/\s]+(?:/invitation|/not-for-me)?", found)
            words = words.replace(found, f"{shown[0]}/…" if shown else "(link)")
        for found in self._code.findall(words):
            words = words.replace(found, "······")
        return words


# A victim reads their messages again at each sign-in.
@lru_cache(8192)
def _first(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[1] if found else ""
