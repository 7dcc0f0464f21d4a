"""Pure: whether an officer's reply holds data that may be another person's."""

import re
from collections.abc import Iterable

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_NUMBER = re.compile(r"(?<![\d+])(?:\+44|0)(?:[ -]?\d){9,10}(?![\d])")
_MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OTHERS = {
    "a postcode": re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"),
    "a registration mark": re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b"),
    "a date of birth": re.compile(
        r"\b(?:born|date of birth|dob)\b.{0,20}?\d{1,2}(?:[./-]\d{1,2}[./-]|(?:st|nd|rd|th)? (?:"
        rf"{_MONTHS}) )\d{{2,4}}",
        re.IGNORECASE,
    ),
}


def data_about_others(text: str, own: Iterable[str], names: Iterable[tuple[str, str]] = ()) -> str:
    """Name what a reply holds that may be another person's, "" for nothing.

    `own` are the victim's phone numbers and mailboxes, as the force wrote them down; `names` the
    given and family names of the other people in the crime. One name alone may be a word.
    """
    mine = {_plain(each) for each in own if each}
    if any(_plain(each) not in mine for each in _NUMBER.findall(text)):
        return "a phone number"
    if any(_plain(each) not in mine for each in _MAILBOX.findall(text)):
        return "a mailbox"
    if any(_name(*each).search(text) for each in names if all(each)):
        return "the name of another person in the crime"
    return next((what for what, found in _OTHERS.items() if found.search(text)), "")


def _name(given: str, family: str) -> re.Pattern[str]:
    first, last = (r"\s+".join(map(re.escape, each.split())) for each in (given, family))
    both = rf"(?:{first}|\b(?:mrs?|ms|miss|mx|dr)\.?)\s+{last}"
    return re.compile(rf"(?<!\w){both}(?!\w)", re.IGNORECASE)


def _plain(address: str) -> str:
    if "@" in address:
        return address.strip(" .").lower()
    return re.sub(r"\D", "", address)[-9:]
