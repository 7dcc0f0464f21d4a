"""The list of crimes: what each is called, whose it is, and which officer or team has it.

The facts are those of the events, as last recorded. A portal may call an offence by words of its
own, and need not say which officer has a case that has ended.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from reference.contract.events import (
    CrimeAllocated,
    CrimeReclassified,
    CrimeRecorded,
    Officer,
    OfficerUnavailable,
)
from reference.contract.messages import CrimeSummary
from simulator.evidence.records import Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import has_word, squeezed
from simulator.verdicts import Finding

_LETTERS_MIN = 4
_TWO_WAY = 3
_ABOUT_OFFICERS = (CrimeAllocated, OfficerUnavailable)
_OFFENCE, _FORCE = "contract: CrimeSummary.offence", "contract: CrimeSummary.force"
_OFFICER, _TEAM = "contract: CrimeSummary.officer_in_charge", "contract: CrimeSummary.team"


class InCharge(NamedTuple):
    """Who has a crime: the officer, who may be away or have left, or None; and the team."""

    officer: Officer | None = None
    is_away: bool = False
    team: str = ""


@dataclass
class ListedCrimes(PageRule):
    """Judges each row of a list against what the portal has been told."""

    requirements = frozenset(
        {"CASE-01", "CASE-02", "CASE-09", "CASE-10", "CASE-12", "CASE-21", "PERS-05", "CODE-02"}
        | {"PRIV-03"}
    )

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one list."""
        if record.where != "crimes":
            return ()
        return self._rows(record, book)

    def _rows(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        register = book.register
        yield from self._twice(seen)
        for row in seen.crimes:
            person_id = register.as_theirs(seen.person_id, row.crime_reference)
            if not register.owns(person_id, row.crime_reference):
                is_parted = register.was_parted_from(person_id, row.crime_reference)
                broken = "CASE-21" if is_parted else "PRIV-03"
                if register.were_parted(person_id, row.crime_reference):
                    broken = "PERS-05"
                yield from self.fail(
                    seen,
                    broken,
                    "a victim sees only their own crime",
                    "another person's is on their list",
                    harm="disclosed",
                    reference=row.crime_reference,
                )
                continue
            crime = register.crimes[row.crime_reference]
            victim = crime.victims[person_id]
            if victim.exclusion or crime.gone:
                continue
            yield from self._offence(seen, row, crime, book)
            yield from self._force(seen, row, crime)
            yield from self._in_charge(seen, row, crime, book)
            yield from self._team(seen, row, crime, book)
            yield from self._how_to_reach(seen, row, crime, book)

    def _twice(self, seen: Seen) -> Iterator[Finding]:
        times = Counter(row.crime_reference for row in seen.crimes)
        for reference in (each for each, count in times.items() if count > 1):
            yield from self.fail(
                seen,
                "CASE-01",
                "each crime of a victim is on their list once",
                f"one is there {times[reference]} times",
                "twice",
                reference=reference,
                rests_on="contract: listCrimes",
            )

    def _offence(
        self, seen: Seen, row: CrimeSummary, crime: KnownCrime, book: CaseBook
    ) -> Iterator[Finding]:
        reference, shown = row.crime_reference, squeezed(row.offence)
        heard = _of_kind(book.events.of(reference), CrimeRecorded, CrimeReclassified)
        accepted = book.events.readings(heard, seen.at, _offence)
        if shown in accepted:
            return
        expected = f"the crime is called {crime.recorded.offence!r}, or the same in plain words"
        others = {
            squeezed(book.register.crimes[each].recorded.offence)
            for each in book.register.crimes_of(seen.person_id)
        }
        former = {_offence([each]) for each in heard}
        is_a_code = sum(each.isalpha() for each in row.offence) < _LETTERS_MIN
        if is_a_code or shown in (former | others) or _is_cut_off(shown, accepted):
            observed = f"it is called {row.offence!r}"
            yield from self._wrong(seen, row, _OFFENCE, "CASE-09", expected, observed)
        else:
            yield from self.look(
                seen,
                "CASE-09",
                "each crime is called by its offence, or the same in plain words",
                f"{crime.recorded.offence!r} is called {row.offence!r}"
                + sentences.beside_its_look(crime.recorded.offence, [row.offence]),
            )

    def _force(self, seen: Seen, row: CrimeSummary, crime: KnownCrime) -> Iterator[Finding]:
        forces, own = self.order.forces, crime.recorded.force
        shown = squeezed(row.force)
        others = {
            squeezed(each) for key in forces if key != own for each in (key, forces[key].name)
        }
        if shown in others or not (shown or seen.how):
            expected = f"the crime is shown as {forces[own].name}'s"
            observed = f"it is shown as that of {row.force or 'no force'}"
            yield from self._wrong(seen, row, _FORCE, "CASE-01", expected, observed)

    def _in_charge(
        self, seen: Seen, row: CrimeSummary, crime: KnownCrime, book: CaseBook
    ) -> Iterator[Finding]:
        accepted = _accepted(seen, row, book)
        shown = row.officer_in_charge
        heard = _of_kind(book.events.of_all_parts(row.crime_reference), *_ABOUT_OFFICERS)
        former = _officers(heard) - {each.officer for each in accepted if each.officer}
        expected = f"{_said(accepted)} is shown as in charge"
        if any(_is_shown(each, shown, accepted) for each in former):
            observed = f"{shown!r} is, who no longer has the crime"
            yield from self._wrong(seen, row, _OFFICER, "CASE-12", expected, observed)
        elif not crime.is_over and not any(_names(each, shown) for each in accepted):
            names = [each.officer.name for each in accepted if each.officer]
            looks = "".join(sentences.beside_its_look(name, [shown]) for name in names)
            observed = f"{shown!r} is{looks}"
            yield from self._wrong(seen, row, _OFFICER, "CASE-02", expected, observed)

    def _team(
        self, seen: Seen, row: CrimeSummary, crime: KnownCrime, book: CaseBook
    ) -> Iterator[Finding]:
        """Find a team that no longer has the crime, or has another one, or is not shown whole."""
        named = {each.team for each in _accepted(seen, row, book)}
        teams = {squeezed(each) for each in named}
        former = _teams(book.events.of_all_parts(row.crime_reference))
        others = _teams(
            each
            for reference in book.register.crimes_of(seen.person_id)
            for each in book.events.of(reference)
        )
        shown = squeezed(row.team)
        if not shown and seen.how:
            return
        is_lacking = not crime.is_over and (not shown or _is_cut_off(shown, teams))
        if shown not in teams and (is_lacking or shown in former | others):
            cited = "CASE-12" if shown in former else "CASE-10"
            right = " or ".join(sorted(filter(None, named))) or "no team"
            said = (f"{right} is shown to have it", f"{row.team or 'no team'!r} is")
            yield from self._wrong(seen, row, _TEAM, cited, *said)

    def _how_to_reach(
        self, seen: Seen, row: CrimeSummary, crime: KnownCrime, book: CaseBook
    ) -> Iterator[Finding]:
        """Find a way to the officer that lacks a name, or a number; blank proves nothing.

        From phase 3 a victim may write to the officer, and no number need stand there.
        """
        said = row.how_to_reach
        if not said.strip() or crime.is_over:
            return
        accepted = _accepted(seen, row, book)
        if not any(each.is_away or _names(each, said) for each in accepted):
            expected = f"how to reach the officer in charge names {_said(accepted)}"
            yield from self.fail(
                seen, "CODE-02", expected, repr(said), "who", reference=row.crime_reference
            )
        force = self.order.forces[crime.recorded.force]
        host = urlsplit(force.website).hostname or force.website
        lacking = [
            what
            for what, is_there in (
                (force.non_emergency, has_word(said, force.non_emergency)),
                (host, host.removeprefix("www.") in said.lower()),
            )
            if not is_there
        ]
        if lacking and self.order.phase_at(seen.at) < _TWO_WAY:
            expected = f"how to reach the officer in charge names {' and '.join(lacking)}"
            yield from self.fail(
                seen, "CODE-02", expected, repr(said), "by which way", reference=row.crime_reference
            )

    def _wrong(
        self, seen: Seen, row: CrimeSummary, rests_on: str, cited: str, expected: str, observed: str
    ) -> Iterator[Finding]:
        about = (seen, cited, expected, observed, rests_on)
        yield from self.fail(*about, reference=row.crime_reference, rests_on=rests_on)


def _accepted(seen: Seen, row: CrimeSummary, book: CaseBook) -> set[InCharge]:
    """Give all who may be shown as in charge of a crime, by each reading of what was heard."""
    own = _of_kind(book.events.of(row.crime_reference), *_ABOUT_OFFICERS)
    all_parts = _of_kind(book.events.of_all_parts(row.crime_reference), *_ABOUT_OFFICERS)
    # An officer is known by name and collar number, or by the number alone.
    accepted = set[InCharge]()
    for read in (_in_charge, partial(_in_charge, by_number=True)):
        accepted |= book.events.readings(own, seen.at, read)
        if len(all_parts) > len(own):
            accepted |= book.events.readings(all_parts, seen.at, read)
    return accepted


def _of_kind(heard: Iterable[Received], *kinds: type) -> list[Received]:
    return [each for each in heard if isinstance(each.event, kinds)]


def _offence(heard: Sequence[Received]) -> str:
    """Give the offence as last recorded; a crime that is recorded is the first of its events."""
    offence = ""
    for each in sorted(heard, key=lambda received: isinstance(received.event, CrimeReclassified)):
        if isinstance(each.event, CrimeRecorded | CrimeReclassified):
            offence = squeezed(each.event.offence)
    return offence


def _is_cut_off(shown: str, accepted: Iterable[str]) -> bool:
    """Say whether an offence ends within one of its words, with no mark that more follows."""
    return any(
        each.startswith(shown) and shown[-1:].isalnum() and each[len(shown) :][:1].isalnum()
        for each in accepted
    )


def _in_charge(heard: Sequence[Received], *, by_number: bool = False) -> InCharge:
    in_charge = InCharge()
    for each in heard:
        event = each.event
        if isinstance(event, CrimeAllocated):
            in_charge = InCharge(event.officer_in_charge, team=event.team)
        elif isinstance(event, OfficerUnavailable) and in_charge.officer is not None:
            officer, number = in_charge.officer, event.officer.collar_number
            is_theirs = event.officer == officer or (by_number and number == officer.collar_number)
            if is_theirs:
                in_charge = in_charge._replace(is_away=True)
    return in_charge


def _officers(heard: Iterable[Received]) -> set[Officer]:
    found = set()
    for each in heard:
        if isinstance(each.event, CrimeAllocated) and each.event.officer_in_charge is not None:
            found.add(each.event.officer_in_charge)
        elif isinstance(each.event, OfficerUnavailable):
            found.add(each.event.officer)
    return found


def _teams(heard: Iterable[Received]) -> set[str]:
    events = (each.event for each in heard)
    named = {squeezed(each.team) for each in events if isinstance(each, CrimeAllocated)}
    return named - {""}


def _is_shown(former: Officer, shown: str, accepted: Iterable[InCharge]) -> bool:
    """Say whether a former officer is shown by what nobody who may be in charge shares."""
    present = " ".join(f"{e.officer.name} {e.officer.collar_number}" for e in accepted if e.officer)
    return any(
        has_word(shown, said) and not has_word(present, said)
        for said in (former.name, former.collar_number)
    )


def _names(in_charge: InCharge, shown: str) -> bool:
    officer = in_charge.officer
    if officer is None or (in_charge.is_away and not shown.strip()):
        return True
    return has_word(shown, officer.name) and has_word(shown, officer.collar_number)


def _said(accepted: Iterable[InCharge]) -> str:
    said = {
        f"{each.officer.name}, {each.officer.collar_number}," if each.officer else "nobody by name"
        for each in accepted
    }
    return " or ".join(sorted(said))
