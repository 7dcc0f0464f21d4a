"""Gives a story new people, for a portal that still knows the people of every story before.

Names, ids, numbers, mailboxes, crimes, appointments and officers are new. What the story means
stays: who shares a number, how it is written, and what is wrong with it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

import msgspec
from msgspec import Struct, field

from reference.contract.events import VictimRecord
from simulator.errors import SuiteError
from simulator.explore import steps as told
from simulator.explore.contract_limits import LIMITS
from simulator.explore.limit_drawing import long_text
from simulator.explore.spellings import PARTICULAR_NAMES, form_of_name
from simulator.explore.story import Story, texts_in
from simulator.inputs.order import Order
from simulator.inputs.own_people import OwnPeople
from simulator.population.drama_numbers import LANDLINES, ORDINARY_MOBILES, landline, mobile_phone
from simulator.population.people import AGREED_WORDS, MAIL_DOMAINS
from simulator.world.made_up_records import MadeUpRecords

#: A stranger's guess at an address that nobody has is made at one of the last of the numbers.
_OF_NOBODY = 10
MOBILES = tuple(mobile_phone(each) for each in ORDINARY_MOBILES[:-_OF_NOBODY])
_LANDLINES = tuple(landline(each) for each in range(LANDLINES))
_NAMES_TRIED_MAX = 200
_COLLAR_DIGITS_MIN = 5
#: A name of so many characters is what the story is about, or one of one less.
_NAME_MAX = min(LIMITS[each].most for each in ("given_name", "family_name", "officer name"))
_BETWEEN = r"[ \u00a0.-]?"
#: A mobile of the range, in any spelling, and one whose last digit is missing.
_MOBILE = re.compile(_BETWEEN.join("7700900") + rf"(?:{_BETWEEN}\d){{2,3}}")
_LANDLINE = re.compile(r"0118496\d{4}|01632960\d{3}")
#: What an earlier renaming put before the name of an event.
_EVENTS_OF = re.compile(r"^\d{7}(?=\D)")
#: Fields in which a story, or an event, has a number or a mailbox, in any spelling.
ADDRESS_FIELDS = frozenset(
    {"phone", "own_phone", "mobile_phone", "other_phone", "written"}
    | {"mailbox", "own_mailbox", "email"}
)
#: Where a story names an event, and a person.
_EVENTS = frozenset({"event", "events", "along", "as_event"})
LABELS = frozenset({"label", "person", "other", "people", "giver", "survivor", "same_as"})


class NumbersUsedUp(SuiteError):
    """There are no more of Ofcom's drama numbers for new people."""


class Used(Struct, kw_only=True):
    """What the people of the stories so far had: no later story on the portal has any of it."""

    addresses: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    person_ids: set[str] = field(default_factory=set)
    crimes: set[str] = field(default_factory=set)
    appointments: set[str] = field(default_factory=set)
    officers: set[str] = field(default_factory=set)


def with_new_people(
    story: Story,
    used: Used,
    draw: Random,
    order: Order,
    *,
    all_new: bool = False,
    own: OwnPeople | None = None,
    other_domains: bool = False,
) -> Story:
    """Return a story of which nothing was used before, and note that all of it is used now.

    What nobody has used stays as it was drawn, unless it is `all_new`. New names, ids and mail
    domains are as the target has them in `own`; with `other_domains` each domain is another than
    before. Raises NumbersUsedUp.
    """
    records = MadeUpRecords(f"new people/{story.seed}", own or OwnPeople())
    renaming = _Renaming(used, draw, order, records, all_new=all_new)
    renaming.domains = {} if other_domains else None
    return renaming.renamed(story)


def addresses_of(story: Story) -> set[str]:
    """List every number and mailbox that a story has anywhere, as it is written there."""
    plain = msgspec.to_builtins(story)
    return {text for name, text in texts_in(plain) if name in ADDRESS_FIELDS and text}


class _Renaming:
    """Old values of one story, and the new ones that they become."""

    def __init__(
        self, used: Used, draw: Random, order: Order, records: MadeUpRecords, *, all_new: bool
    ) -> None:
        self._used = used
        self._draw = draw
        self._records = records
        self._given_names, self._family_names = records.given_names, records.family_names
        self._all_new = all_new
        #: What each domain has become; None where it need not be another one.
        self.domains: dict[str, str] | None = None
        self._not_a_victims = {_digits(each) for each in order.contact.not_a_victims}
        self._mobiles: dict[str, str] = {}
        self._landlines: dict[str, str] = {}
        self._mailboxes: dict[str, str] = {}
        self._names: dict[tuple[str, str], tuple[str, str]] = {}
        self._labels: dict[str, str] = {}
        #: New ids by the kind that `Used` has them of.
        self._ids: dict[str, dict[str, str]] = {"person_ids": {}, "crimes": {}, "appointments": {}}
        self._officers: dict[str, tuple[str, str]] = {}
        self._events_of = ""

    def renamed(self, story: Story) -> Story:
        """Return the story with everything new."""
        self._name_people(story)
        self._take_addresses(story)
        for each in story.people:
            self._one("person_ids", each.record.person_id, self._person_id)
        for step in story.steps:
            claim = step.claim if isinstance(step, told.Forge) else step
            # A crime that is recorded of a report keeps its reference.
            if isinstance(claim, told.RecordCrime | told.ReportIncident):
                self._one("crimes", claim.crime, lambda: self._number(7))
        # The crime system names a reply by its event: no two stories may have the same ones.
        self._events_of = next(iter(self._ids["crimes"].values()), "")
        plain = self._walk(msgspec.to_builtins(story), "")
        return msgspec.convert(plain, Story)

    def _name_people(self, story: Story) -> None:
        for record in _records(story):
            self._name(record.given_name, record.family_name)
            if record.told_instead is not None:
                self._name(record.told_instead.given_name, record.told_instead.family_name)
        labels = {person.label for person in story.people}
        for person in story.people:
            named = person.record.told_instead or person.record
            given = self._names[named.given_name, named.family_name][0]
            if person.label == named.given_name and given not in labels:
                self._labels[person.label] = given
                labels.add(given)

    def _name(self, given: str, family: str) -> None:
        old = (given, family)
        if old in self._names or not given + family:
            self._names.setdefault(old, old)
            return
        labels = {new[0] for new in self._names.values()}
        if self._all_new:
            self._used.names.add("\n".join(old))
        own = self._records.own
        for _try in range(_NAMES_TRIED_MAX):
            new = old
            if self._all_new or "\n".join(new) in self._used.names:
                new = (
                    self._other(given, self._given_names, own.given_names),
                    self._other(family, self._family_names, own.family_names),
                )
            if "\n".join(new) not in self._used.names and new[0] not in labels - {given}:
                break
        self._used.names |= {"\n".join(old), "\n".join(new)}
        self._names[old] = new

    def _other(self, name: str, usual: tuple[str, ...], own: tuple[str, ...]) -> str:
        """Draw another name of the same form, one of the target's own if it has any of that form.

        What is no name stays.
        """
        form = form_of_name(name)
        if form in ("blank", "no name"):
            return name
        same_form = [each for each in own if form_of_name(each) == form]
        return _as_long(self._draw.choice(same_form or PARTICULAR_NAMES.get(form, usual)), name)

    def _take_addresses(self, story: Story) -> None:
        written = sorted(addresses_of(story))
        for each in written:
            self._take_numbers(each)
        for person in story.people:
            for mailbox in (person.mailbox, person.own_mailbox):
                self._take_mailbox(mailbox, self._labels.get(person.label, person.label))
        for stranger in story.strangers:
            self._take_mailbox(stranger.mailbox, "mail")
        for each in written:
            if "@" in each and not self._known_mailbox(each):
                self._take_mailbox(each.strip().lower(), "mail")

    def _take_numbers(self, written: str) -> None:
        for found in _MOBILE.findall(written):
            number = "0" + _digits(found)
            if len(number) == len(MOBILES[0]) and number not in self._mobiles:
                self._mobiles[number] = self._free(number, MOBILES)
        for found in _LANDLINE.findall(written):
            if found not in self._not_a_victims and found not in self._landlines:
                self._landlines[found] = self._free(found, _LANDLINES)

    def _free(self, old: str, every: tuple[str, ...]) -> str:
        addresses, new = self._used.addresses, old
        if self._all_new or old in addresses or old not in every:
            free = [each for each in every if each not in addresses and each != old]
            free = [each for each in free if each not in self._not_a_victims]
            if not free:
                raise NumbersUsedUp(
                    "the people so far have had all of Ofcom's drama numbers, and no number is "
                    "left for new people"
                )
            new = self._draw.choice(free)
        addresses |= {old, new}
        return new

    def _take_mailbox(self, mailbox: str, given: str) -> None:
        if not mailbox or mailbox in self._mailboxes:
            return
        local, _at, domain = mailbox.partition("@")
        end = "".join(re.findall(r"[+'].*", local))
        stem = re.sub(r"[^a-z0-9]", "", given.lower()) or "mail"
        to = self._domain(domain)

        def other() -> str:
            family = re.sub(r"[^a-z]", "", self._draw.choice(self._family_names).lower())
            return f"{stem}.{family}{self._draw.randrange(10, 99)}{end}@{to}"

        self._mailboxes[mailbox] = self._unused(mailbox, self._used.addresses, other)

    def _domain(self, before: str) -> str:
        own = self._records.own.mail_domains
        if self.domains is None:
            return before if before in own or not own else self._draw.choice(own)
        if before not in self.domains:
            unusual = [f"{self._draw.choice(AGREED_WORDS)}.test"]
            others = [each for each in own if each != before]
            others = others or (unusual if before in MAIL_DOMAINS else [*MAIL_DOMAINS])
            self.domains[before] = self._draw.choice(others)
        return self.domains[before]

    def _known_mailbox(self, written: str) -> bool:
        locals_ = (_whole(each.partition("@")[0]) for each in self._mailboxes)
        return any(re.search(each, written.lower()) for each in locals_)

    def _unused(self, old: str, used: set[str], other: Callable[[], str]) -> str:
        new = other() if self._all_new else old
        while new in used or (self._all_new and new == old):
            new = other()
        used |= {old, new}
        return new

    def _number(self, digits: int) -> str:
        return f"{self._draw.randrange(10**digits):0{digits}d}"

    def _walk(self, value: Any, key: str) -> Any:
        if isinstance(value, list | tuple):
            return [self._walk(each, key) for each in value]
        if isinstance(value, dict):
            if key == "officer":
                return self._officer(value)
            plain = {name: self._walk(each, name) for name, each in value.items()}
            if "given_name" in value and "family_name" in value:
                names = (value["given_name"], value["family_name"])
                plain["given_name"], plain["family_name"] = self._names.get(names, names)
            return plain
        return self._value(value, key) if isinstance(value, str) and value else value

    def _value(self, value: str, key: str) -> str:
        if key in ADDRESS_FIELDS:
            return self._address(value)
        if key in _EVENTS:
            return self._events_of + _EVENTS_OF.sub("", value)
        if key == "appointment":
            return self._one("appointments", value, lambda: f"appointment-{self._number(6)}")
        new: Mapping[str, str] = {}
        if key in LABELS:
            new = self._labels
        elif key in ("crime", "into"):
            new = self._ids["crimes"]
        elif key == "person_id":
            new = self._ids["person_ids"]
        return new.get(value, value)

    def _one(self, kind: str, old: str, other: Callable[[], str]) -> str:
        new = self._ids[kind]
        if old not in new:
            new[old] = self._unused(old, getattr(self._used, kind), other)
        return new[old]

    def _person_id(self) -> str:
        return self._records.person_id(self._draw.randrange(10**6, 10**7))

    def _officer(self, officer: dict[str, str]) -> dict[str, str]:
        collar, written = officer["collar_number"], officer["name"]
        if collar not in self._officers:
            used, rank = self._used.officers, written.partition(" ")[0]
            # Three digits may be a number to call, such as 101, and four a year.
            digits = max(len(collar), _COLLAR_DIGITS_MIN)

            def other() -> str:
                return f"{self._draw.randrange(10 ** (digits - 1), 10**digits)}"

            new = self._unused(collar, used, other)
            name = ""
            if new != collar:
                given = self._draw.choice(self._given_names)
                family = self._draw.choice(self._family_names)
                name = f"{rank} {given if written.isascii() else 'Móira'} {family}"
            self._officers[collar] = (new, name)
        new, name = self._officers[collar]
        return {"name": _as_long(name, written) if name else written, "collar_number": new}

    def _address(self, written: str) -> str:
        for old, new in self._mailboxes.items():
            local = re.compile(_whole(old.partition("@")[0]), re.IGNORECASE)
            if local.search(written):
                changed = local.sub(new.partition("@")[0], written)
                # The domain is another one only if the target has its own.
                before, after = old.partition("@")[2], new.partition("@")[2]
                if before and before != after:
                    changed = re.sub(re.escape(before), after, changed, flags=re.IGNORECASE)
                return _as_capital(changed, like=written)
        written = _MOBILE.sub(lambda found: self._mobile(found[0]), written)
        return _LANDLINE.sub(lambda found: self._landlines.get(found[0], found[0]), written)

    def _mobile(self, written: str) -> str:
        number = "0" + _digits(written)
        whole = next((each for each in self._mobiles if each.startswith(number)), "")
        digits = iter(self._mobiles.get(whole, number)[1 : len(number)])
        return "".join(next(digits) if each.isdigit() else each for each in written)


def _whole(local: str) -> str:
    return rf"(?<![\w.]){re.escape(local)}(?![\w.])"


def _records(story: Story) -> Iterator[VictimRecord]:
    yield from (each.record for each in story.people)
    for step in story.steps:
        claim = step.claim if isinstance(step, told.Forge) else step
        if isinstance(claim, told.ChangeDetails):
            yield claim.record


def _as_long(name: str, written: str) -> str:
    """Write a name with as many characters as the one before it, if that is as long as any."""
    return long_text(name, len(written)) if len(written) >= _NAME_MAX - 1 else name


def _as_capital(written: str, *, like: str) -> str:
    if like == like.upper():
        return written.upper()
    return written.title() if like == like.title() else written


def _digits(written: str) -> str:
    return re.sub(r"\D", "", written)
