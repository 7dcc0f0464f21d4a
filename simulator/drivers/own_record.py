"""A vendor's own record of its messages and stamps, if they cannot come to our doubles.

A cloud portal may send by its own aggregator. Its driver then claims `messages_since` or
`stamps_since`, and lists what the portal sent. Such a record shows what was sent to whom, never
that nothing else was sent.
"""

from typing import Annotated, Protocol

from msgspec import Meta, Struct

from reference.contract.events import Channel, Reference
from reference.contract.messages import Stamp, Task

RECORDS_MAX = 1000


class SentMessage(Struct, frozen=True, kw_only=True):
    """A message in the vendor's record; `id` is unique.

    `to` is in any spelling, `body` word for word with its link or code: the victim needs them.
    """

    id: Reference
    channel: Channel
    to: Annotated[str, Meta(max_length=320)]
    body: str
    subject: str = ""
    sender: str = ""
    reference: str = ""


class SentMessages(Struct, frozen=True):
    """Messages after a cursor, oldest first, and the cursor to ask by next."""

    messages: Annotated[list[SentMessage], Meta(max_length=RECORDS_MAX)]
    cursor: str


class OwnStamp(Stamp, frozen=True, kw_only=True):
    """A victim's words as the vendor stamped them on the occurrence of this reference."""

    crime_reference: Reference


class OwnStamps(Struct, frozen=True):
    """Stamps and tasks after a cursor, oldest first, and the cursor to ask by next."""

    stamps: Annotated[list[OwnStamp], Meta(max_length=RECORDS_MAX)]
    tasks: Annotated[list[Task], Meta(max_length=RECORDS_MAX)]
    cursor: str


class KeepsOwnRecord(Protocol):
    """What a driver also has, if it claims the capability of the same name."""

    def messages_since(self, cursor: str) -> SentMessages:
        """List what the portal sent after `cursor`; "" is the beginning of its record."""

    def stamps_since(self, cursor: str) -> OwnStamps:
        """List what the portal wrote into a crime system that is not ours, after `cursor`."""
