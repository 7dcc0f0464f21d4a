"""One message that the portal sent: whose it was, what it answered, and who received it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from msgspec import Struct

from reference.contract.events import Channel
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.obligations import Obligation

MessageKind = Literal[
    "invitation",
    "update",
    "reply",
    "journey",
    "answer",
    "one_time_code",
    "acknowledgement",
    "unknown",
]
Fate = Literal["reached", "undeliverable", "misdirected"]
#: A message that answers nothing: the same words again, or words that nobody was owed.
Surplus = Literal["", "repeated", "unowed"]
Ban = Literal[
    "disowned",
    "former",
    "parted",
    "told_instead",
    "excluded",
    "withheld",
    "milestone_withheld",
    "cancelled",
    "channel_ended",
]


def one(channel: str) -> str:
    """Call a message by its channel: a text, an email."""
    return f"an {channel}" if channel == "email" else f"a {channel}"


class Meant(Struct, frozen=True, kw_only=True):
    """Who a message was about: "" for a person or a crime that cannot be told."""

    person_id: str
    crime_reference: str
    event_id: str


class Reader(NamedTuple):
    """A person a message was meant for; `victim` is None for a person of no known crime."""

    meant: Meant
    victim: KnownVictim | None


class Silence(NamedTuple):
    """Why a message should not have been sent, whatever it answers.

    `was_invited` says whether the victim had been invited before this message.
    """

    ban: Ban
    was_invited: bool = True


class SentMessage(Struct, kw_only=True):
    """One message with whose it was and what became of it.

    `sign` is what told the portal that the address was not the victim's ("" for nothing). `told`
    is what the victim was first told by this message. It `is_avoidable` when the message was
    misdirected and there was a sign.
    """

    at: datetime
    kind: MessageKind
    channel: Channel
    person_id: str
    crime_reference: str
    fate: Fate
    is_avoidable: bool = False
    address: str = ""
    readers: Sequence[Reader] = ()
    silence: Silence | None = None
    told: Sequence[Obligation] = ()
    surplus: Surplus = ""
    sign: str = ""
