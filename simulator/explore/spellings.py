"""The ways in which people write numbers, mailboxes and names, with the name of each way.

Cast draws from them; the table of edges counts which were met.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

#: How a mobile such as 07700900123 may be written so that a careful reader still knows it.
PHONE_SPELLINGS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "11 digits": lambda n: n,
        "5 and 6 digits": lambda n: f"{n[:5]} {n[5:]}",
        "5, 3 and 3 digits": lambda n: f"{n[:5]} {n[5:8]} {n[8:]}",
        "4, 3 and 4 digits": lambda n: f"{n[:4]} {n[4:7]} {n[7:]}",
        "with hyphens": lambda n: f"{n[:5]}-{n[5:8]}-{n[8:]}",
        "+44": lambda n: f"+44{n[1:]}",
        "+44 with spaces": lambda n: f"+44 {n[1:5]} {n[5:]}",
        "+44 (0)": lambda n: f"+44 (0){n[1:]}",
        "(+44) 0": lambda n: f"(+44) {n}",
        "0044": lambda n: f"0044{n[1:]}",
        "44 without a plus": lambda n: f"44{n[1:]}",
        "spaces around it": lambda n: f" {n} ",
        "a hard space in it": lambda n: f"{n[:5]}\u00a0{n[5:]}",
        "a label before it": lambda n: f"Mob: {n}",
    }
)
_OTHER_PHONES = ("blank", "one digit missing", "a mailbox", "none of these")
PHONE_FORMS = (*PHONE_SPELLINGS, *_OTHER_PHONES[:3])

MAILBOX_SPELLINGS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "lower case": str.lower,
        "upper case": str.upper,
        "capital letters in it": str.title,
        "a space before it": lambda m: f" {m}",
        "a space after it": lambda m: f"{m} ",
        "a plus sign in it": lambda m: m.replace("@", "+home@"),
        "an apostrophe in it": lambda m: m.replace("@", "'home@"),
    }
)
MAILBOX_FORMS = (*MAILBOX_SPELLINGS, "blank", "no mailbox")

#: Names as they are, with what is particular about each.
PARTICULAR_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "an apostrophe": ("D'Arcy", "O'Brien", "O’Neill"),
        "a hyphen": ("Anne-Marie", "Lloyd-Jones"),
        "an accent": ("Zoë", "Siân", "Núñez"),
        "two words": ("Mary Jane", "van der Berg"),
        "one letter": ("J", "O"),
        "another script": ("محمد", "Олена", "王"),
        "capital letters": ("SMITH", "PRIYA"),
        "small letters": ("jones", "ayesha"),
        "spaces around it": (" Sam ", " Patel"),
        "a long one": ("Wolfeschlegelsteinhausenbergerdorff",),
    }
)
NAME_FORMS = (*PARTICULAR_NAMES, "a plain one", "blank", "no name")
#: What officers write beside a number that must not be used.
WARNINGS = ("{} do not text, husband reads it", "DO NOT TEXT {}", "{} is the ex", "{} (old)")
#: What stands in name fields and is no name.
NOT_NAMES = ("Unknown", "N/A", "TEST", "Deceased", "Do not contact", "-", "07700 900123")


def form_of_phone(written: str) -> str:
    """Name the way in which a mobile is written."""
    if not written.strip():
        return "blank"
    if "@" in written:
        return "a mailbox"
    digits = re.sub(r"\D", "", written)
    national = "0" + re.sub(r"^(00)?44(0)?", "", digits) if re.match(r"(00)?44", digits) else digits
    if len(national) == 10 and national.startswith("07"):
        return "one digit missing"
    if not re.fullmatch(r"07\d{9}", national):
        return "none of these"
    forms = (name for name, spell in PHONE_SPELLINGS.items() if spell(national) == written)
    return next(forms, "none of these")


def form_of_mailbox(written: str) -> str:
    """Name the way in which a mailbox is written."""
    if not written.strip():
        return "blank"
    if "@" not in written:
        return "no mailbox"
    plain = written.strip().lower()
    if sign := re.search(r"[+']", plain):
        return "a plus sign in it" if sign[0] == "+" else "an apostrophe in it"
    forms = (name for name, spell in MAILBOX_SPELLINGS.items() if spell(plain) == written)
    return next(forms, "capital letters in it")


def form_of_name(written: str) -> str:
    """Name what is particular about a name."""
    if not written:
        return "blank"
    if written in NOT_NAMES:
        return "no name"
    forms = (form for form, names in PARTICULAR_NAMES.items() if written in names)
    return next(forms, "a plain one" if _is_plain(written) else "an accent")


def _is_plain(name: str) -> bool:
    return all(unicodedata.category(each)[0] in "LPZ" and ord(each) < 128 for each in name)
