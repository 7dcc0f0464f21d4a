"""Which values of which edges the scenarios of a run can have: names, numbers, words, records.

Under each of them the order asks for the same as with plain data. They are dealt round, so that a
run meets each at least once; the same seed deals the same, however few scenarios are run.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from features.offences import OFFENCES, Offence
from features.real_words import ONE_CHARACTER, PLACES, WRITINGS
from simulator.explore.force_drawing import offences_by
from simulator.explore.sign_in_drawing import USUAL
from simulator.explore.spellings import (
    MAILBOX_SPELLINGS,
    NOT_NAMES,
    PARTICULAR_NAMES,
    PHONE_SPELLINGS,
)
from simulator.explore.words import STOPS
from simulator.inputs.order import Order
from simulator.inputs.written_scenarios import WrittenScenario
from simulator.results.real_data import DataMet

BLANK = "blank"
GIVEN, FAMILY, NO_NAME = "given name", "family name", "name left out, or no name"
PHONE, MAILBOX = "mobile number", "mailbox"
SPARE_PHONE, SPARE_MAILBOX = "mobile number, of email only", "mailbox, of texts only"
OTHER_PHONE, BORN, FREQUENCY = "other phone", "date of birth", "agreed frequency"
RESTRICTED, CHANNELS, AGAIN = "restricted", "channels asked for", "name in a second record"
TYPED = "number typed at sign-in"
OFFENCE, BYSTANDER, NOTE = "ordered offence", "crime of a bystander", "internal note"
AREA, GRADE, PLACE, TIME = "area", "grade", "place of an appointment", "time of an appointment"
OFFICER, COLLAR, ORGANISATION = "officer's name", "collar number", "organisation"
QUESTION, REPLY, STOPPED = "question", "reply", "text that says STOP"

ORDINARY = ("bicycle theft", "burglary at home", "assault", "public order offence", "robbery")
#: The names by how they are told in the table, and as they are written.
NAMES = {f"{form}: {name}": name for form, names in PARTICULAR_NAMES.items() for name in names}
#: The names that are left out of a record, or given one that is none.
LEFT_OUT: dict[str, tuple[str, ...]] = {
    "given_name blank": ("given_name",),
    "family_name blank": ("family_name",),
    "both blank": ("given_name", "family_name"),
    **dict.fromkeys(NOT_NAMES, ("given_name",)),
}
BIRTHDAYS = ("18 today", "18 since yesterday", "more than 100 years ago")
TIMES = ("14:30", "12:30", "00:15", "12:00", "09:05", "23:45")
COLLARS = ("four digits", "a nought before it", "letters before it")
ORGANISATIONS = {
    "an apostrophe and a sign": "O’Hara & Sons’ Café",
    "another script": "Крамниця «Липа»",
    "digits": "24/7 Stores 2000 Ltd",
    "200 characters": ("The Millrace Society for Walks by the Water and Beside It " * 4)[:199]
    + "s",
}
_MANY_PEOPLE = r"more people than|victims have signed in"
_SECOND_RECORD = r"second record|again, recorded|has the name of|record of \w+ is merged"
_SAME_OR_NAMED = rf"{_SECOND_RECORD}|greets|name was|'s name|in place of|named contact|family name"
_OTHER_FIELDS = (
    r"was written|written (?:as|beside)|corrects|number of \w+, a stranger|new (?:mobile|email)"
)
_AGES = rf"years old|turns|in place of|child|proof|shares|before the portal|{_SECOND_RECORD}"
_OF_ANOTHER = "in place|named contact"
_READ_AND_NOT = r"never sees \""

May = Callable[[str, str], bool]


class Kind(NamedTuple):
    """One kind of edge: its values, and whether a scenario, told as one text, may have one.

    `why_not` says why no scenario of this run has any. What takes the place of other values is
    dealt `once` alone.
    """

    name: str
    values: tuple[str, ...]
    may: May = lambda _told, _value: True
    why_not: str = ""
    once: bool = False


def _full_name(given: str, family: str) -> tuple[str, str]:
    return NAMES[given].strip().casefold(), NAMES[family].strip().casefold()


class Deal:
    """The values of a run: each kind's are dealt round among the scenarios that may have them."""

    def __init__(
        self, kinds: Sequence[Kind] = (), scenarios: Iterable[WrittenScenario] = (), seed: int = 0
    ) -> None:
        self._kinds = {each.name: each for each in kinds}
        self._told = {each.id: _told(each) for each in scenarios}
        self._dealt: dict[tuple[str, str], str] = {}
        self._met: dict[tuple[str, str], list[str]] = {}
        for kind in kinds:
            # An order of cards, and no secret.
            draw = Random(f"real data/{seed}/{kind.name}")  # noqa: S311
            ids, queue = sorted(self._told), [] if kind.why_not else list(kind.values)
            draw.shuffle(ids)
            draw.shuffle(queue)
            # First those that few values suit, or others take what these alone could have.
            for id in sorted(ids, key=lambda each: _choice(kind, self._told[each])):
                value = next((each for each in queue if kind.may(self._told[id], each)), None)
                if value is not None:
                    queue.remove(value)
                    queue += () if kind.once else (value,)
                    self._dealt[kind.name, id] = value
        self._give_names_apart()

    def _give_names_apart(self) -> None:
        """Let no two scenarios' people have one name: born on one day, they would be one person."""
        taken: set[tuple[str, str]] = set()
        for id in sorted(self._told):
            given, family = self._dealt.get((GIVEN, id), ""), self._dealt.get((FAMILY, id), "")
            if not (given and family):
                continue
            kind, told = self._kinds[FAMILY], self._told[id]
            others = (each for each in kind.values if kind.may(told, each) and each != given)
            free = (each for each in (family, *others) if _full_name(given, each) not in taken)
            family = next(free, "")
            taken |= {_full_name(given, family)} if family else set()
            # Where all are taken, the family name is a plain one.
            self._dealt[FAMILY, id] = family

    def value(self, kind: str, scenario: str, place: int = 0) -> str:
        """Give what a scenario was dealt; the next ones have later values ("" for plain data)."""
        dealt = self._dealt.get((kind, scenario), "")
        if not dealt or not place:
            return dealt
        values, told = self._kinds[kind].values, self._told[scenario]
        first = values.index(dealt) + place
        turned = (values[(first + step) % len(values)] for step in range(len(values)))
        return next(each for each in turned if self._kinds[kind].may(told, each))

    def meet(self, kind: str, value: str, scenario: str) -> None:
        """Note that a scenario met a value."""
        met = self._met.setdefault((kind, value), [])
        if scenario not in met:
            met.append(scenario)

    @property
    def table(self) -> tuple[DataMet, ...]:
        """List every value, which scenarios met it, and why none did."""
        return tuple(self._row(kind, each) for kind in self._kinds.values() for each in kind.values)

    def _row(self, kind: Kind, value: str) -> DataMet:
        card = kind.name, value
        met = tuple(self._met.get(card, ()))
        dealt = [id for (name, id), what in self._dealt.items() if (name, what) == card]
        able = sum(kind.may(told, value) for told in self._told.values())
        why = "" if met else _why(kind, dealt, able)
        return DataMet(kind.name, value, met, bool(met or dealt), why)


def kinds_of(
    order: Order, *, own_given: bool = False, own_family: bool = False
) -> tuple[Kind, ...]:
    """List the kinds of edge under an order; a target that gives its own names keeps them."""
    by_birthday = order.sign_in.proof == "date_of_birth"
    proof = "the order has the date of birth prove who a victim is" if by_birthday else ""
    given = "the target gives the given names" if own_given else ""
    family = "the target gives the family names" if own_family else ""
    excluding = tuple(order.eligibility.safeguarding_exclusions)
    return (
        Kind(GIVEN, tuple(NAMES), _names, given),
        Kind(FAMILY, tuple(NAMES), _names, family),
        Kind(NO_NAME, tuple(LEFT_OUT),
             _without(_SAME_OR_NAMED, _MANY_PEOPLE), given or family, once=True),
        Kind(PHONE, tuple(PHONE_SPELLINGS)),
        Kind(MAILBOX, tuple(MAILBOX_SPELLINGS)),
        Kind(SPARE_PHONE, (BLANK, "one digit missing", "a mailbox"),
             _with(r"Alex wants to hear by email /", rf"number|{_OF_ANOTHER}|texts?\b")),
        Kind(SPARE_MAILBOX, (BLANK, "no mailbox"),
             _with(r"Alex wants to hear by text /", rf"mail|{_OF_ANOTHER}|{_OTHER_FIELDS}")),
        Kind(OTHER_PHONE, ("a landline", BLANK),
             _without("other phone", _OTHER_FIELDS, "details")),
        Kind(BORN, (*BIRTHDAYS, BLANK), _without(_AGES), proof),
        Kind(FREQUENCY, ("60 days", "366 days", BLANK),
             _without("agreed to an", "wants an update")),
        Kind(RESTRICTED, ("false", BLANK), _without("restrict", "police")),
        Kind(CHANNELS, ("text and email", "email and text"),
             _with("Alex wants to hear by text and")),
        Kind(AGAIN, ("the same", "capital letters", "small letters", "spaces around it"),
             _with(r"in a second record|again, recorded")),
        Kind(TYPED, USUAL, _with("again by mobile number|signs in by the number")),
        Kind(OFFENCE, tuple(e.code for e in offences(order)[0]), _offence(order)),
        Kind(BYSTANDER, (*(e.code for e in offences(order)[1]), *excluding)),
        Kind(NOTE, tuple(e for e in WRITINGS if e != ONE_CHARACTER)),
        Kind(AREA, (BLANK, "short", "200 characters")),
        Kind(GRADE, (BLANK, "1", "2", "3", "4")),
        Kind(PLACE, tuple(PLACES), _place),
        Kind(TIME, TIMES, _with(r"appointment (?:is made )?with")),
        Kind(OFFICER, tuple(e for e in NAMES if _is_officers(e)), _with("PC (?:Okafor|Lund)")),
        Kind(COLLAR, COLLARS, _with("PC (?:Okafor|Lund)")),
        Kind(ORGANISATION, tuple(ORGANISATIONS), _with("Kiln Lane Stores")),
        Kind(QUESTION, tuple(WRITINGS), _question),
        Kind(REPLY, tuple(WRITINGS), _reply),
        Kind(STOPPED, tuple(e for e in STOPS if not e.isalpha()),
             _with(r'texts back "(?:STOP|Stop\.)"')),
    )  # fmt: skip


@cache
def _by_subgroups(subgroups: tuple[str, ...]) -> tuple[tuple[Offence, ...], tuple[Offence, ...]]:
    ordered, others = offences_by(subgroups)
    within, without = (
        tuple(Offence(e.subgroup, e.offence_code, e.offence_description) for e in part)
        for part in (ordered, others)
    )
    return within, without


def offences(order: Order) -> tuple[tuple[Offence, ...], tuple[Offence, ...]]:
    """List the published offences: those that the order has, and the others."""
    return _by_subgroups(tuple(order.eligibility.offence_subgroups))


def is_alike(order: Order, one: Offence, other: Offence) -> bool:
    """Say whether an order asks for the same of two offences."""
    return all(
        (one.subgroup in named) == (other.subgroup in named)
        for named in (
            order.eligibility.offence_subgroups,
            order.sensitive_closures.offence_subgroups,
            order.journey.advice_for,
        )
    )


def _told(scenario: WrittenScenario) -> str:
    return " / ".join((*(each.text for each in scenario.steps), *sorted(scenario.tags), ""))


def _choice(kind: Kind, told: str) -> int:
    return sum(kind.may(told, each) for each in kind.values)


def _why(kind: Kind, dealt: Collection[str], able: int) -> str:
    if kind.why_not:
        return kind.why_not
    if dealt:
        return f"dealt to {', '.join(sorted(dealt))}, which did not come so far"
    if able:
        return f"{able} scenarios can have it, and had other values of this kind"
    return "no scenario of this phase and of these claims can have it"


def _without(*patterns: str) -> May:
    wrong = re.compile("|".join(patterns))
    return lambda told, _value: wrong.search(told) is None


def _with(pattern: str, without: str = r"(?!)") -> May:
    right, wrong = re.compile(pattern), re.compile(without)
    return lambda told, _value: bool(right.search(told)) and wrong.search(told) is None


def _names(told: str, value: str) -> bool:
    """A portal need not greet by one letter, nor by what its checks may not know for a name."""
    is_odd = value.startswith(("one letter", "another script", "capital", "small", "a long"))
    is_odd |= NAMES[value][0].islower()
    return not re.search(rf"{_MANY_PEOPLE}|name was", told) and not (is_odd and "greets" in told)


def _is_officers(value: str) -> bool:
    return not value.startswith(("one letter", "spaces"))


def _place(told: str, value: str) -> bool:
    if not re.search(r"appointment (?:is made )?with", told):
        return False
    return value != BLANK or "where the appointment is" not in told


def _offence(order: Order) -> May:
    by_code = {each.code: each for each in offences(order)[0]}

    def may(told: str, code: str) -> bool:
        named = [OFFENCES[each] for each in ORDINARY if each in told]
        return "advice begins" not in told and any(
            is_alike(order, each, by_code[code]) for each in named
        )

    return may


def _question(told: str, value: str) -> bool:
    """Words that speak of danger, and those whose spelling is the point, stay as they are."""
    if not re.search(r"\b(?:asks|asked|writes)(?: about [^\"/]*)? \"", told):
        return False
    if re.search(r"internal note|TWO-16|TWO-18|<script>|Zażółć|spaces   in|№ 5", told):
        return False
    return value != ONE_CHARACTER or not re.search(_READ_AND_NOT, told)


def _reply(told: str, value: str) -> bool:
    """A reply that nobody is shown says nothing of how it is shown."""
    if not re.search(r"replie[sd] \"", told) or re.search("asked to check the reply|before_", told):
        return False
    return value != ONE_CHARACTER or not re.search(rf"{_READ_AND_NOT}|check the reply", told)
