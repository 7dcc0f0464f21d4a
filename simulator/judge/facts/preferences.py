"""Channels that victims end themselves: by texting STOP, or on the portal.

It ends a channel, never the duty to inform: the officer is asked to find another way. Nothing is
lost on a channel that was ended. The contract says what STOP is: the first word, or UNSUBSCRIBE
and the like alone. A text that may mean STOP, and may not, ends what is owed there, and forbids
nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

import msgspec

from reference.contract.events import Channel
from simulator.judge.facts.contact_fields import ChannelReading, read_channels
from simulator.judge.facts.known_victim import KnownVictim

CHANNELS: tuple[Channel, ...] = ("text", "email")
_ALONE = frozenset({"stopall", "unsubscribe", "opt out", "optout"})
_MAY_BE_STOP = re.compile(r"\b(stop|unsubscribe|opt ?out)|^(end|quit|cancel)$")


class Choices:
    """What victims chose, as the portal heard it.

    With `falls_back` another channel may be used where none that was asked for works; `works` says
    of an address whether it does.
    """

    def __init__(self, *, falls_back: bool, works: Callable[[str], bool]) -> None:
        self._falls_back = falls_back
        self._address_works = works
        self._chosen: dict[str, frozenset[Channel]] = {}
        self._stopped: set[str] = set()
        self._in_doubt: set[str] = set()

    def stop(self, number: str) -> None:
        """Take that whoever has this number wants no more texts."""
        self._stopped.add(number)

    def doubt(self, number: str) -> None:
        """Take that whoever has this number may want no more texts."""
        self._in_doubt.add(number)

    def choose(self, person_id: str, channels: Iterable[Channel], numbers: Iterable[str]) -> None:
        """Take a choice made on the portal; with text among it, it undoes a STOP."""
        self._chosen[person_id] = frozenset(channels)
        if "text" in self._chosen[person_id]:
            self._stopped.difference_update(numbers)
            self._in_doubt.difference_update(numbers)

    def forget(self, person_id: str) -> None:
        """Take it that somebody else reads: what they choose is not known yet."""
        self._chosen.pop(person_id, None)

    def has_ended(self, person_id: str, channel: Channel, address: str) -> bool:
        """Say whether nothing more may go to somebody by this channel."""
        chosen = self._chosen.get(person_id)
        return address in self._stopped or (chosen is not None and channel not in chosen)

    def readings(self, victim: KnownVictim) -> list[ChannelReading]:
        """Read every channel that a victim asked the force or the portal for.

        Or, where the order has it, any that works when none of these does.
        """
        chosen = self._chosen.get(victim.person_id)
        added = (chosen or frozenset()).difference(victim.record.preferred_channels)
        if not added:
            asked = read_channels(victim.record)
            if chosen is not None or not self._falls_back or any(map(self._works, asked)):
                return asked
            every = msgspec.structs.replace(victim.record, preferred_channels=CHANNELS)
            others = [each for each in read_channels(every) if each.channel not in _of(asked)]
            return asked + [each for each in others if self._works(each)]
        wanted = (*victim.record.preferred_channels, *sorted(added))
        return read_channels(msgspec.structs.replace(victim.record, preferred_channels=wanted))

    def _works(self, reading: ChannelReading) -> bool:
        is_ours = reading.state == "usable" and reading.address not in self._stopped
        return is_ours and self._address_works(reading.address)

    def is_owed(self, victim: KnownVictim, reading: ChannelReading) -> bool:
        """Say whether a victim must hear by a channel they asked the force for."""
        return (
            reading.channel in victim.record.preferred_channels
            and reading.address not in self._in_doubt
            and not self.has_ended(victim.person_id, reading.channel, reading.address)
        )


def _of(readings: Iterable[ChannelReading]) -> set[Channel]:
    return {each.channel for each in readings}


def is_stop(words: str) -> bool:
    """Say whether a text says STOP before all else, or only that texts are to end."""
    said = _plain(words)
    return said.partition(" ")[0] == "stop" or said in _ALONE


def may_be_stop(words: str) -> bool:
    """Say whether a text may mean STOP."""
    return _MAY_BE_STOP.search(_plain(words)) is not None


def _plain(words: str) -> str:
    """Give what was written as one line of words, without marks and without forms of letters."""
    letters = unicodedata.normalize("NFKC", words)
    return " ".join(re.sub(r"[^\w\s]", " ", letters).casefold().split())
