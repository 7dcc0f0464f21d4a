"""The choice of channels as it is shown: what the victim chose last, and addresses that are masked.

A text with STOP counts for the number it came from. While another person may be told in a victim's
place, or a number or the channels on record were changed
since, nothing is certain.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import (
    Channel,
    CrimeRecorded,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.evidence.records import ContactChosen, Seen, TextReceived
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import as_told
from simulator.judge.facts.preferences import CHANNELS, is_stop, may_be_stop
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import squeezed
from simulator.verdicts import Finding

_DIGITS_SHOWN_MAX = 9


@dataclass
class Wish:
    """Whether a person wants a channel, by their own last word; None when that is in doubt.

    A STOP is for one number. `was_ended` says that they had ended the channel before. `said_at` is
    when they said it, and `recorded` are the channels that the force had written down then.
    """

    is_wanted: bool | None
    said_at: datetime | None = None
    recorded: frozenset[Channel] = frozenset()
    number: str = ""
    was_ended: bool = False


@dataclass
class ContactPages(PageRule):
    """Judges what the page on contact says; `_wishes` has what each person said last."""

    requirements = frozenset({"CONT-01", "CONT-04", "INV-01", "PRIV-03"})
    hears = (Seen, ContactChosen, TextReceived)

    _wishes: dict[tuple[str, Channel], Wish] = field(default_factory=dict)

    def hear(
        self, record: Seen | ContactChosen | TextReceived, book: CaseBook
    ) -> Iterable[Finding]:
        """Judge one page, or take what a person said of their channels."""
        if isinstance(record, ContactChosen):
            for channel in CHANNELS:
                self._take(record, book, record.person_id, channel, channel in record.channels)
        elif isinstance(record, TextReceived):
            self._texted(record, book)
        elif record.where == "contact":
            return self._page(record, book)
        return ()

    def _take(
        self,
        record: ContactChosen | TextReceived,
        book: CaseBook,
        person_id: str,
        channel: Channel,
        is_wanted: bool | None,  # noqa: FBT001
    ) -> None:
        before = self._wishes.get((person_id, channel), Wish(None))
        was_ended = before.was_ended or before.is_wanted is False
        victims = book.register.victims_of(person_id)
        recorded = frozenset(e for each in victims for e in each.record.preferred_channels)
        number = record.number if isinstance(record, TextReceived) else ""
        self._wishes[person_id, channel] = Wish(is_wanted, record.at, recorded, number, was_ended)

    def _texted(self, record: TextReceived, book: CaseBook) -> None:
        if not may_be_stop(record.words) and not is_stop(record.words):
            return
        for person_id in book.reachability.people_at(record.number):
            is_wanted = False if is_stop(record.words) else None
            self._take(record, book, person_id, "text", is_wanted)

    def _page(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        victims = book.register.victims_of(seen.person_id)
        yield from self._masked(seen, victims)
        if not victims or any(each.former for each in victims):
            return
        if book.register.records_of(seen.person_id) != {seen.person_id}:
            # They may read the choice that they made in another record of theirs.
            return
        for channel in CHANNELS:
            wish = self._wishes.get((seen.person_id, channel), Wish(None))
            is_shown = channel in seen.channels
            if wish.said_at is not None and _is_rewritten(wish, seen.person_id, book):
                continue
            anew = book.reachability.preferences.is_written_anew(seen.person_id, channel)
            is_ended = wish.is_wanted is False and not anew
            if is_ended and is_shown and self._is_certain(wish, victims, book):
                expected = f"{channel} is shown as stopped: the victim ended it"
                yield from self.fail(
                    seen, "CONT-01", expected, "it is shown as in use", channel, harm="noise"
                )
            elif (
                wish.is_wanted
                and not anew
                and not is_shown
                and self._is_usable(channel, victims, book)
            ):
                requirement = "CONT-04" if wish.was_ended else "INV-01"
                expected = f"{channel} is shown as in use: the victim chose it"
                yield from self.fail(seen, requirement, expected, "it is not", channel)

    def _is_certain(self, wish: Wish, victims: list[KnownVictim], book: CaseBook) -> bool:
        if not wish.number:
            return True
        return all(
            reading.address == wish.number
            for victim in victims
            for reading in book.reachability.readings(victim)
            if reading.channel == "text"
        )

    def _is_usable(self, channel: Channel, victims: list[KnownVictim], book: CaseBook) -> bool:
        usable = [{e.channel for e in book.reachability.usable(each)} for each in victims]
        return all(channel in each for each in usable) and not any(e.exclusion for e in victims)

    def _masked(self, seen: Seen, victims: list[KnownVictim]) -> Iterator[Finding]:
        own = {each for victim in victims for each in addresses_in(victim.record)}
        for _channel, shown in seen.addresses:
            digits = re.sub(r"\D", "", shown)
            if squeezed(shown) in own or len(digits) > _DIGITS_SHOWN_MAX:
                expected = "addresses are masked on the page on contact"
                observed = "one is shown whole"
                yield from self.look(seen, "PRIV-03", expected, observed, harm="disclosed")


def _is_rewritten(wish: Wish, person_id: str, book: CaseBook) -> bool:
    """Say whether the force wrote down other channels since: the later word may be the victim's."""
    assert wish.said_at is not None
    return any(
        frozenset(as_told(record).preferred_channels) != wish.recorded
        for reference in book.register.crimes_of(person_id)
        for each in book.events.of(reference)
        if each.received_at >= wish.said_at
        for record in _records(each.event)
        if record.person_id == person_id
    )


def _records(event: object) -> tuple[VictimRecord, ...]:
    if isinstance(event, VictimDetailsChanged):
        return (event.victim,)
    return event.victims if isinstance(event, CrimeRecorded) else ()
