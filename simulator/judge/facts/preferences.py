"""The channels that victims chose or ended themselves: by texting STOP, or on the portal.

Ending a channel never ends the duty to inform: the officer is asked to find another way. Nothing
is lost on a channel that was ended. The contract says what STOP is: the first word, or UNSUBSCRIBE
and the like alone. A text that may mean STOP, and may not, ends what is owed there, and forbids
nothing. Where the force later writes down other channels for a person, an officer may have asked
them: each of these channels may be used or not, even if they had ended it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from reference.contract.events import Channel

CHANNELS: tuple[Channel, ...] = ("text", "email")
_ALONE = frozenset({"stopall", "unsubscribe", "opt out", "optout"})
_NOT_ME = frozenset({"not me", "not for me", "wrong number", "wrong person"})
_MAY_BE_STOP = re.compile(r"\b(stop|unsubscribe|opt ?out)|^(end|quit|cancel)$")


@dataclass
class Preferences:
    """What victims chose, as the portal heard it: by person on the portal, by number in a text."""

    _chosen: dict[str, frozenset[Channel]] = field(default_factory=dict)
    _stopped: dict[str, set[str]] = field(default_factory=dict)
    _of_others: set[str] = field(default_factory=set)
    _in_doubt: set[str] = field(default_factory=set)
    _without_texts: set[str] = field(default_factory=set)
    _anew: set[tuple[str, Channel]] = field(default_factory=set)
    _ended_by_another_record: set[tuple[str, Channel]] = field(default_factory=set)
    _chosen_by_another_record: dict[str, frozenset[Channel]] = field(default_factory=dict)

    def stop(self, number: str, people: Iterable[str], *, is_disowned: bool = False) -> None:
        """Write down that the holder of a number, which is these people's, wants no more texts.

        For a person who is recorded there later it may count or not; so may what was said from a
        number that was disowned, for a record that is taken for theirs.
        """
        if is_disowned:
            self._of_others.add(number)
        self._stopped.setdefault(number, set()).update(people)
        self._without_texts.update(people)
        self._anew -= {(person_id, "text") for person_id in people}

    def written_anew(self, person_id: str, channels: Iterable[Channel]) -> None:
        """Write down that by a newer record of the force a person wants these channels."""
        self._anew |= {(person_id, channel) for channel in channels}

    def doubt(self, number: str, people: Iterable[str]) -> None:
        """Write down that the holder of a number, these people's, may want no more texts."""
        self._in_doubt.add(number)
        self._without_texts.update(people)

    def choose(self, person_id: str, channels: Iterable[Channel], numbers: Iterable[str]) -> None:
        """Write down a choice made on the portal; when text is among it, it undoes a STOP."""
        self._chosen[person_id] = frozenset(channels)
        self._anew -= {(person_id, channel) for channel in CHANNELS}
        self._ended_by_another_record -= {(person_id, channel) for channel in CHANNELS}
        self._chosen_by_another_record.pop(person_id, None)
        if "text" in self._chosen[person_id]:
            self._without_texts.discard(person_id)
            for number in numbers:
                self._stopped.pop(number, None)
                self._in_doubt.discard(number)

    def may_hold_for(
        self, person_id: str, ended: Iterable[Channel], chosen: Iterable[Channel]
    ) -> None:
        """Note that another record, taken for this person's, ended channels and chose others."""
        self._ended_by_another_record |= {(person_id, channel) for channel in ended}
        self._chosen_by_another_record[person_id] = frozenset(chosen)
        # What they had ended themselves may be chosen again by that.
        self._anew |= {(person_id, channel) for channel in chosen}

    def may_end(self, person_id: str, channel: Channel) -> None:
        """Note that a record merged with this person's ended a channel."""
        self._ended_by_another_record.add((person_id, channel))

    def ended_by(self, asked: Mapping[str, Collection[Channel]]) -> set[Channel]:
        """Give the channels that any of these people `asked` for, and do not want any more."""
        return {
            channel
            for person_id, channels in asked.items()
            for channel in channels
            if channel not in self._chosen.get(person_id, frozenset(channels))
        }

    def may_have_chosen(self, person_id: str) -> frozenset[Channel]:
        """Give the channels a person chose, or may have chosen by another record of theirs."""
        own = self._chosen.get(person_id, frozenset())
        return own | self._chosen_by_another_record.get(person_id, frozenset())

    def share(
        self, asked: Mapping[str, Collection[Channel]], numbers: Mapping[str, Collection[str]]
    ) -> None:
        """Let what one of these people ended hold for all: their records were merged.

        `asked` has the channels that each of them asked the force for, `numbers` what is on record.
        STOP from a number of somebody who was told nothing may hold for the other or not.
        """
        of_others = self._of_others
        for one, other in permutations(asked, 2):
            if any(self.is_stopped(each) for each in numbers[one]):
                self._ended_by_another_record.add((other, "text"))
            chosen = self._chosen.get(one)
            ended = {e for e in asked[one] if chosen is not None and e not in chosen}
            own = (people for number, people in self._stopped.items() if number not in of_others)
            # STOP from one who asked for no texts any more may hold for the other, or not.
            if "text" in asked[one] and any(one in people for people in own):
                ended.add("text")
            if one in self._without_texts:
                self._without_texts.add(other)
            # What a newer record asks for again may have ended for the other, or not.
            asked_anew = {each for each in ended if (one, each) in self._anew}
            self._ended_by_another_record |= {(other, each) for each in asked_anew}
            ended -= asked_anew
            # Who never chose is told as the other chose.
            before = self._chosen.get(other, frozenset(asked[other]) | (chosen or frozenset()))
            if ended:
                self._chosen[other] = before - ended
                self._anew -= {(other, channel) for channel in ended}

    def part(self, people: Iterable[str]) -> None:
        """Note that a merger of these people's records was taken back.

        What one of them ended may hold for the other or not: nobody knows whose choice it was.
        """
        for person_id in people:
            ended = {*CHANNELS} - self._chosen.get(person_id, frozenset(CHANNELS))
            self._anew |= {(person_id, channel) for channel in ended}

    def forget(self, person_id: str) -> None:
        """Drop a choice: another person is told from now on, and has chosen nothing yet."""
        self._chosen.pop(person_id, None)

    def chosen_by(self, person_id: str) -> frozenset[Channel] | None:
        """Give the channels a person chose on the portal; None when they never chose."""
        return self._chosen.get(person_id)

    def is_stopped(self, number: str) -> bool:
        """Say whether the holder of a number wants no more texts."""
        return number in self._stopped

    def is_written_anew(self, person_id: str, channel: Channel) -> bool:
        """Say whether by a record since their last choice a person wants this channel."""
        return (person_id, channel) in self._anew

    def may_want_no_texts(self, person_id: str) -> bool:
        """Say whether a person texted STOP, or what may mean it, from any number of theirs."""
        return person_id in self._without_texts

    def has_ended(self, person_id: str, channel: Channel, address: str) -> bool:
        """Say whether a person ended this channel: nothing more may go there."""
        return (
            self._was_ended(person_id, channel, address) and (person_id, channel) not in self._anew
        )

    def is_doubtful(self, person_id: str, channel: Channel, address: str) -> bool:
        """Say whether a person may have ended this channel: something may go there, or nothing."""
        if address in self._in_doubt or (person_id, channel) in self._ended_by_another_record:
            return True
        if self._was_ended(person_id, channel, address):
            return (person_id, channel) in self._anew
        # What was said from an older number may hold for the newer one.
        return address in self._stopped or (channel == "text" and person_id in self._without_texts)

    def _was_ended(self, person_id: str, channel: Channel, address: str) -> bool:
        chosen = self._chosen.get(person_id)
        is_stopped = person_id in self._stopped.get(address, ())
        return is_stopped or (chosen is not None and channel not in chosen)


def is_stop(words: str) -> bool:
    """Say whether a text says STOP before all else, or only that texts are to end."""
    said = _plain(words)
    return said.partition(" ")[0] == "stop" or said in _ALONE


def is_not_me(words: str) -> bool:
    """Say whether a text says only that it reached the wrong person."""
    return _plain(words) in _NOT_ME


def may_be_stop(words: str) -> bool:
    """Say whether a text may mean STOP."""
    return _MAY_BE_STOP.search(_plain(words)) is not None


def _plain(words: str) -> str:
    """Give a text as one line of words, without marks and without forms of letters."""
    letters = unicodedata.normalize("NFKC", words)
    return " ".join(re.sub(r"[^\w\s]", " ", letters).casefold().split())
