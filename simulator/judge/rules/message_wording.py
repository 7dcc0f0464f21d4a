"""What a message says: only that there is an update, and to the person who is told."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import is_a_name, is_given_alone
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import told_by
from simulator.judge.facts.sent_message import Meant, Reader
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.judge.text.disclosure import Disclosure, name_in
from simulator.judge.text.quotations import Quotations
from simulator.verdicts import Finding

#: What news comes in. A code, or the answer to a text, may say nothing else.
_FROM_A_FORCE = frozenset({"invitation", "update", "reply", "journey"})


@dataclass
class MessageWording(Rule):
    """Judges the words of updates, codes and answers alike."""

    requirements = frozenset(
        {"PRIV-01", "MSG-04", "MSG-08", "JOUR-03", "SAFE-03", "SAFE-05", "WHO-02"}
    )
    hears = (MessageAccepted,)

    _disclosure: Disclosure = field(init=False)

    def __post_init__(self) -> None:
        self._disclosure = Disclosure(self.order)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        yield from self._words(record, sent.readers, book)
        is_code = sent.kind == "one_time_code"
        if not (is_code or sent.kind in _FROM_A_FORCE):
            return
        named, theirs = self._forces_named(record), self._forces_of(record, sent.readers, book)
        if not named & theirs:
            others = " and ".join(sorted(self.order.forces[each].name for each in named))
            requirement = "MSG-08" if is_code else "MSG-04"
            expected = f"a {'code' if is_code else 'message'} says which force it is from"
            observed = f"the {record.channel} names {f'{others} alone' if named else 'none'}"
            yield failure("noise", requirement, sent, expected, observed, at=record.at)

    def _forces_named(self, message: MessageAccepted) -> set[str]:
        words = f"{message.sender}\n{message.subject}\n{message.body}"
        return {force for force, each in self.order.forces.items() if each.name in words}

    def _forces_of(
        self, message: MessageAccepted, readers: Iterable[Reader], book: CaseBook
    ) -> set[str]:
        """Find the forces that the readers' crimes are of: a message may name any of them.

        Where people share an address it may be for each of them. Where no crime of theirs is known,
        that is every force of the order.
        """
        register, address_book = book.register, book.reachability.address_book
        people = {one for meant, _v in readers for one in register.records_of(meant.person_id)}
        people |= set(address_book.written_for(message.to))
        crimes = {meant.crime_reference for meant, _victim in readers}
        crimes |= {each for person in people for each in register.crimes_of(person)}
        known = [register.crimes[each] for each in crimes if each in register.crimes]
        forces = {each.recorded.force for each in known}
        if not book.correlates:
            # One that names nothing may be the word that another force has a report of theirs.
            forces |= {e.event.force for e in book.incidents if e.event.victim.person_id in people}
        return forces or set(self.order.forces)

    def _words(
        self, message: MessageAccepted, readers: Iterable[Reader], book: CaseBook
    ) -> Iterator[Finding]:
        own = {name for _meant, victim in readers if victim for name in _names_of(victim)}
        for meant, victim in readers:
            if given := self._given_away(message, meant, victim, own, book):
                yield failure(
                    "disclosed",
                    "PRIV-01",
                    meant,
                    "a message says only that there is an update",
                    f"the {message.channel} has {given}",
                    at=message.at,
                    rests_on=self._sentence(given),
                )
            if victim is not None:
                yield from _names_another(message, meant, victim)
                yield from _greets_by_no_name(message, meant, victim)

    def _sentence(self, given: str) -> str:
        """Name the order's list of words, where what is given away is one of them."""
        is_a_word = given.startswith("the word ")
        denied = [each.casefold() for each in self.order.messages.denied_in_text]
        if is_a_word and any(each in given.casefold() for each in denied):
            return "order: messages.denied_in_text"
        return "requirement: PRIV-01"

    def _given_away(
        self,
        message: MessageAccepted,
        meant: Meant,
        victim: KnownVictim | None,
        own: set[str],
        book: CaseBook,
    ) -> str:
        """Say what a message gives away to a person who reads over a shoulder ("" for nothing)."""
        register = book.register
        crimes = [meant.crime_reference] if meant.event_id else register.crimes_of(meant.person_id)
        known = [register.crimes[each] for each in crimes if each in register.crimes]
        secrets = set[str]().union(*(each.secrets for each in known))
        record = victim.record if victim is not None else None
        names = (record.given_name, record.family_name) if record else ("", "")
        replies = [each for crime in known for each in crime.replies]
        # Who shares the address may be greeted there too.
        there = book.reachability.address_book.written_for(message.to)
        others = [
            e
            for crime in known
            for person_id, e in crime.victims.items()
            if person_id not in there and is_a_name(e.own)
        ]
        named = {name for each in others for name in _names_of(each)}
        named |= set[str]().union(*(each.named for each in known))
        areas = [each.recorded.area for each in known]
        return (
            self._disclosure.in_message(message, secrets, names)
            or self._disclosure.named_in(message, named, areas, own)
            or book.notes.quoted_in(crimes, (message.subject, message.body))
            or _quoted_in(replies, message)
        )


def _names_of(victim: KnownVictim) -> set[str]:
    names = {victim.own.organisation_name}
    for each in (victim.own, victim.record):
        given, family = each.given_name.strip(), each.family_name.strip()
        names |= {f"{given} {family}", given, family}
    return names


def _quoted_in(replies: Iterable[Quotations], message: MessageAccepted) -> str:
    shown = f"{message.subject}\n{message.body}"
    return "words of the officer's reply" if any(each.are_in(shown) for each in replies) else ""


def _names_another(
    message: MessageAccepted, meant: Meant, victim: KnownVictim
) -> Iterator[Finding]:
    """Find the name of an organisation, or of a victim for whom another is told."""
    own, told = victim.own, victim.record
    names = {own.organisation_name}
    if told is not own:
        names |= {own.given_name, own.family_name} - {told.given_name, told.family_name}
    said = f"{message.subject}\n{message.body}"
    for own_name in (told.given_name, told.family_name):
        # The name of the person who is told may hold another's, as Lloyd-Jones holds Lloyd.
        said = said.replace(own_name, "") if own_name else said
    if named := name_in(said, sorted(names)):
        expected = "a message speaks to the person who is told, and names nobody else"
        observed = f"the {message.channel} has {named}"
        yield failure("disclosed", told_by(own), meant, expected, observed, at=message.at)


def _greets_by_no_name(
    message: MessageAccepted, meant: Meant, victim: KnownVictim
) -> Iterator[Finding]:
    """Find a greeting by what stands in the name fields and cannot be a name.

    Nothing is wrong with a given name only because no family name was written.
    """
    if is_a_name(victim.record) or is_given_alone(victim.record):
        return
    for name in (victim.record.given_name, victim.record.family_name):
        if re.search(r"\w\w", name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message.body):
            expected = "no greeting by a name that cannot be one"
            yield failure("noise", "JOUR-03", meant, expected, f"it says {name!r}", at=message.at)
