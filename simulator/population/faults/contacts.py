"""How phone numbers and email addresses get wrong: pure functions of strings.

No fault makes a number or an address that could belong to a real person. Only the last digits of a
number change, within its range; an address keeps a reserved domain.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from simulator.population.crowd_numbers import TAIL_DIGITS
from simulator.population.drama_numbers import MAGIC_MOBILES
from simulator.population.misspelling import misspell, misspell_address

DEAD_DOMAIN = "closed.invalid"
_MAGIC = frozenset(f"{each:03d}" for each in MAGIC_MOBILES)
_WORDS = (
    "{} (mum's, ring after six)",
    "{} ask for Sam",
    "mob {} do not text",
    "{} - work, not evenings",
    "partner {}",
)
_RESERVED_ENDS = (".example", ".test", ".invalid")


class Contacts(NamedTuple):
    """What is in the contact fields of a record."""

    mobile: str
    landline: str
    email: str
    notes: str = ""


def contacts_moved(kind: str, truth: Contacts, *, another: str, how: int) -> Contacts:
    """Write contact details with a fault of a kind that touches more than one field.

    `another` is someone else's number.
    """
    return _MOVES[kind](truth, another, how)


def _two_in_one(truth: Contacts, another: str, how: int) -> Contacts:
    between = (" / ", " or ", ", ")[how % 3]
    both = f"{truth.mobile}{between}{truth.landline or another}"
    return Contacts(both, "", truth.email, truth.notes)


def _in_notes(truth: Contacts, _another: str, _how: int) -> Contacts:
    notes = f"{truth.notes} Email: {truth.email}".strip()
    return Contacts(truth.mobile, truth.landline, "", notes)


Move = Callable[[Contacts, str, int], Contacts]
_MOVES: Mapping[str, Move] = MappingProxyType(
    {
        "mobile_in_landline_field": lambda true, _another, _how: Contacts(
            true.landline, true.mobile, true.email, true.notes
        ),
        "phone_in_email": lambda true, _another, _how: Contacts(
            "", true.landline, true.mobile, true.notes
        ),
        "email_in_notes": _in_notes,
        "two_in_one_field": _two_in_one,
        "email_in_mobile_field": lambda true, _another, _how: Contacts(
            true.email, true.mobile or true.landline, "", true.notes
        ),
        "anothers_in_landline_field": lambda true, another, _how: Contacts(
            "", another, true.email, true.notes
        ),
        "mobile_and_email_missing": lambda true, _another, _how: Contacts(
            "", true.landline, "", true.notes
        ),
    }
)


def wrong_mobile(kind: str, mobile: str, *, name: str, another: str, how: int) -> str:
    """Write a mobile with a fault of this kind; `another` is someone else's number."""
    return MOBILE_FAULTS[kind](mobile, name, another, how)


def wrong_email(kind: str, email: str, *, another: str, how: int) -> str:
    """Write an address with a fault of this kind; `another` is someone else's address."""
    return EMAIL_FAULTS[kind](email, another, how)


def _tail(mobile: str) -> int:
    """Count the last digits of a mobile that a fault may change."""
    return 3 if mobile.startswith("07700900") else TAIL_DIGITS


def _digit_wrong(mobile: str, _name: str, _another: str, how: int) -> str:
    count = _tail(mobile)
    how, place = divmod(how, count)
    at = len(mobile) - count + place
    for step in range(how % 9, how % 9 + 9):
        digit = str((int(mobile[at]) + 1 + step % 9) % 10)
        wrong = mobile[:at] + digit + mobile[at + 1 :]
        if not (count == 3 and wrong[-3:] in _MAGIC):
            return wrong
    raise AssertionError(mobile)


def _transposed(mobile: str, name: str, another: str, how: int) -> str:
    count = _tail(mobile)
    first = len(mobile) - count
    places = [at for at in range(first, len(mobile) - 1) if mobile[at] != mobile[at + 1]]
    if places:
        at = places[how % len(places)]
        wrong = mobile[:at] + mobile[at + 1] + mobile[at] + mobile[at + 2 :]
        if not (count == 3 and wrong[-3:] in _MAGIC):
            return wrong
    return _digit_wrong(mobile, name, another, how)


def _digit_lost(mobile: str, _name: str, _another: str, how: int) -> str:
    at = len(mobile) - 1 - how % _tail(mobile)
    return mobile[:at] + mobile[at + 1 :]


def _digit_doubled(mobile: str, _name: str, _another: str, how: int) -> str:
    at = len(mobile) - 1 - how % _tail(mobile)
    longer = mobile[:at] + mobile[at] + mobile[at:]
    # Without its first 0, a drama number with a digit more would be one in Kazakhstan.
    return f"+44{longer[1:]}" if mobile.startswith("07") else longer


def _spaced(mobile: str, _name: str, _another: str, how: int) -> str:
    gap = ("", " ")[how % 2]
    return f"+44 (0){mobile[1:5]}{gap}{mobile[5:]}"


def _another(_mobile: str, _name: str, another: str, _how: int) -> str:
    return another


MobileFault = Callable[[str, str, str, int], str]
MOBILE_FAULTS: Mapping[str, MobileFault] = MappingProxyType(
    {
        "mobile_missing": lambda _mobile, _name, _another, _how: "",
        "name_in_phone_field": lambda _mobile, name, _another, _how: name,
        "number_with_words": lambda mobile, _name, _another, how: _WORDS[how % len(_WORDS)].format(
            mobile
        ),
        "digit_wrong": _digit_wrong,
        "digits_transposed": _transposed,
        "digit_lost": _digit_lost,
        "digit_doubled": _digit_doubled,
        "leading_zero_lost": lambda mobile, _name, _another, _how: mobile[1:],
        "plus_44_zero": _spaced,
        "stale_number": _another,
        "partners_number": _another,
        "suspects_number": _another,
        "officers_number": _another,
        "forces_number": _another,
        "shared_number": _another,
    }
)


def _domain_typo(email: str, _another: str, how: int) -> str:
    local, _at, domain = email.partition("@")
    label, dot, end = domain.rpartition(".")
    if f".{end}" in _RESERVED_ENDS:
        return f"{local}@{misspell(label, 'transpose', how)}{dot}{end}"
    # Another name ending in .com could be someone's; none under .example can.
    return f"{local}@{misspell(label, 'transpose', how)}.example"


def _comma(email: str, _another: str, how: int) -> str:
    places = [at for at, each in enumerate(email) if each == "."]
    at = places[how % len(places)]
    return f"{email[:at]},{email[at + 1 :]}"


def _space(email: str, _another: str, how: int) -> str:
    at = email.index("@") if how % 2 else 1 + how % max(1, email.index("@") - 1)
    return f"{email[:at]} {email[at:]}"


EmailFault = Callable[[str, str, int], str]
EMAIL_FAULTS: Mapping[str, EmailFault] = MappingProxyType(
    {
        "email_missing": lambda _email, _another, _how: "",
        "email_misspelt": lambda email, _another, how: misspell_address(email, how),
        "email_domain_typo": _domain_typo,
        "email_at_missing": lambda email, _another, _how: email.replace("@", "", 1),
        "email_comma": _comma,
        "email_space": _space,
        "email_dead_domain": lambda email, _another, _how: (
            f"{email.partition('@')[0]}@{DEAD_DOMAIN}"
        ),
        "email_of_another": lambda _email, another, _how: another,
    }
)
