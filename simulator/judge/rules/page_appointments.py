"""Appointments on a crime's page: each that stands is there with its present time and place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CrimeTransferred,
)
from simulator.clock import LONDON
from simulator.evidence.records import Seen
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.crime_register import Received
from simulator.judge.page_rule import PageRule
from simulator.judge.text.plain_words import squeezed
from simulator.judge.text.times_in_words import says_when
from simulator.verdicts import Finding

_KINDS = (AppointmentMade, AppointmentChanged, AppointmentCancelled)
_Entry = tuple[str, datetime | None]


@dataclass
class PageAppointments(PageRule):
    """Judges the victim's own pages: an appointment counts once its step must be there."""

    requirements = frozenset({"CASE-11", "CASE-19", "PRIV-03"})

    def hear(self, record: Seen, book: CaseBook) -> Iterable[Finding]:
        """Judge one page."""
        if record.where != "timeline" or book.page_views.latest.access != "own":
            return ()
        return self._page(book.page_views.latest.seen, book)

    def _page(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        crime = book.register.crimes.get(seen.crime_reference)
        if crime is None or crime.gone in ("merged", "cancelled"):
            return
        yield from self._of_the_person_before(seen, book)
        owed = book.page_steps.owed(seen.person_id, seen.crime_reference)
        due = {
            detail: each.event_id
            for (kind, detail), each in owed.items()
            if kind in ("AppointmentMade", "AppointmentChanged") and each.shown_by <= seen.at
        }
        readers = book.register.signed_in_with(seen.person_id) & crime.victims.keys()
        if not due or len(readers) > 1:
            return  # which of two records at one number a person reads only the portal knows
        dated = seen.dated if len(seen.dated) == len(seen.texts) else (None,) * len(seen.texts)
        entries: list[_Entry] = list(zip(seen.texts, dated, strict=True))
        if seen.kinds and not any(each.startswith("Appointment") for each in seen.kinds):
            return  # its entry is missing, which is another rule's to find
        heard = book.events.of(seen.crime_reference)
        for appointment_id in due:
            of_it = [each for each in heard if _is_of(each.event, appointment_id, seen.person_id)]
            may_stand = book.events.readings(of_it, seen.at, _newest)
            if crime.gone == "transferred":
                # A change from before that came after it is for the other force to say.
                may_stand |= {_newest([each for each in of_it if each in _until_it_left(heard)])}
            if may_stand and not any(isinstance(each, AppointmentCancelled) for each in may_stand):
                yield from self._appointment(seen, appointment_id, may_stand, entries)

    def _of_the_person_before(self, seen: Seen, book: CaseBook) -> Iterator[Finding]:
        """Find where somebody was to be seen in whose place another is told since."""
        by = book.page_steps.told_by.get(seen.person_id)
        if by is None or book.register.record_of(seen.person_id).kind == "organisation":
            return
        places: dict[bool, set[str]] = {False: set(), True: set()}
        for each in book.events.of(seen.crime_reference):
            event = each.event
            if not isinstance(event, AppointmentMade | AppointmentChanged) or not event.place:
                continue
            if event.person_id == seen.person_id:
                is_before = each.recorded_at < by.recorded_at and each.received_at < by.received_at
                places[is_before].add(squeezed(event.place))
        for place in sorted(places[True] - places[False]):
            if any(place in squeezed(text) for text in seen.texts):
                expected = "who is told next reads of no appointment of the one before"
                observed = "the page says where that one was to be seen"
                found = partial(self.fail, harm="disclosed", rests_on="contract: ToldInstead")
                yield from found(seen, "PRIV-03", expected, observed, place)

    def _appointment(
        self,
        seen: Seen,
        appointment_id: str,
        may_stand: Iterable[AnyEvent | None],
        entries: Sequence[_Entry],
    ) -> Iterator[Finding]:
        """Find an appointment that no entry gives the time of, or none with its place too."""
        kinds = AppointmentMade | AppointmentChanged
        made = (each for each in may_stand if isinstance(each, kinds))
        stand = sorted(made, key=lambda each: each.starts_at)
        at_its_time = [
            (each, text) for each in stand for text, at in entries if _says_when(text, at, each)
        ]
        if not stand:
            return
        newest = stand[-1]
        when = f"{newest.starts_at.astimezone(LONDON):%A %d %B %Y at %H:%M} London time"
        if not at_its_time:
            yield from self.fail(
                seen,
                "CASE-19",
                f"the page says that the appointment is on {when}, by London's clock",
                "no entry does",
                "when",
                appointment_id,
                newest.starts_at.isoformat(),
                rests_on="contract: AppointmentMade.starts_at",
            )
        elif not any(squeezed(each.place) in squeezed(text) for each, text in at_its_time):
            yield from self.fail(
                seen,
                "CASE-11",
                f"the page says that the appointment is at {newest.place}, on {when}",
                "the entry with that time names no such place"
                + sentences.beside_its_look(newest.place, [text for _made, text in at_its_time]),
                "where",
                appointment_id,
                newest.place,
                rests_on="contract: AppointmentMade.place",
            )


def _is_of(event: AnyEvent, appointment_id: str, person_id: str) -> bool:
    return (
        isinstance(event, _KINDS)
        and event.appointment_id == appointment_id
        and event.person_id == person_id
    )


def _until_it_left(heard: Sequence[Received]) -> Sequence[Received]:
    left = [n for n, each in enumerate(heard) if isinstance(each.event, CrimeTransferred)]
    return heard[: left[-1]] if left else heard


def _newest(heard: Sequence[Received]) -> AnyEvent | None:
    return heard[-1].event if heard else None


def _says_when(text: str, at: datetime | None, event: AppointmentMade | AppointmentChanged) -> bool:
    return at == event.starts_at or says_when(text, event.starts_at)
