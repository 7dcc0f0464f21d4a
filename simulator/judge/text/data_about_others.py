"""Data in an officer's reply that may be another person's, as the contract names them."""

import re
from collections.abc import Iterable

from reference.contract.events import ToldInstead, VictimRecord

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_PHONE = re.compile(r"(?<![\d+])(?:\+44|0)(?:[ -]?\d){9,10}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ALWAYS = (
    re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
    re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    re.compile(
        r"(?i)\b(?:born|date of birth|dob)\b.{0,20}?\d{1,2}"
        rf"(?:[./-]\d{{1,2}}[./-]|(?:st|nd|rd|th)? {_MONTH} )\d{{2,4}}"
    ),
)


_TITLES = "mr|mrs|ms|miss|mx|dr"


def holds_others_data(text: str, victim: VictimRecord, others: Iterable[VictimRecord] = ()) -> bool:
    """Say whether a reply to a victim holds what must be looked at again before it is shown.

    `others` are the records of the other people in the crime.
    """
    if any(_names(each, text) for each in others if _full_name(each) != _full_name(victim)):
        return True
    own = {_alike(each) for each in _own(victim)}
    found = {_alike(each) for kind in (_PHONE, _MAIL) for each in kind.findall(text)}
    return bool(found - own) or any(each.search(text) for each in _ALWAYS)


def _full_name(record: VictimRecord) -> tuple[str, ...]:
    return tuple(" ".join(each.split()) for each in (record.given_name, record.family_name))


def _names(person: VictimRecord, text: str) -> bool:
    given, family = map(re.escape, _full_name(person))
    if not (given and family):
        return False
    squeezed = " ".join(text.split())
    before = rf"(?:{given}|\b(?:{_TITLES})\.?)"
    return re.search(rf"(?i)(?<!\w){before} {family}(?!\w)", squeezed) is not None


def _own(victim: VictimRecord) -> Iterable[str]:
    told: list[VictimRecord | ToldInstead] = [victim]
    if victim.told_instead is not None:
        told.append(victim.told_instead)
    return (each for who in told for each in (who.mobile_phone, who.other_phone, who.email) if each)


def _alike(address: str) -> str:
    """Write an address so that two ways of writing it are equal: a mailbox, or nine digits."""
    return address.strip(" .").lower() if "@" in address else re.sub(r"\D", "", address)[-9:]
