"""Which texts are UK phone numbers: as columns for millions, one by one for the odd few.

The same reading as the portal's, proved equal on 100,000 texts by a test. The usual shapes are read
as SQL, with the ranges of the `phonenumbers` library. A text with a shape of its own goes through
that library. A number with words beside it is never a number: the words may say not to use it.
"""

import re
from functools import cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberType

from simulator.contact_data.database import literal

_LABEL = r"^\s*(?:tel|mob|mobile)\s*[.:]"
_A_LABEL = re.compile(_LABEL, re.IGNORECASE)
#: One number, of 9 or 10 digits after the 0 or 44, in groups or not.
_USUAL = r" *(?:(?:\+|00)44|\(\+44\)|44)?[ -]*(?:\(0\)|0)?[ -]*[1-9](?: ?-? ?\d){8,9} *"
_REGIONS = ("GB", "GG", "IM", "JE")
_DRAMA_MOBILE = "7700900[0-9]{3}"
_DRAMA_LANDLINE = "1632960[0-9]{3}"
_ONE_DIGIT = re.compile(r"0?7?(\d)\1{6,}")


def as_mobile(written: str, test_mobiles: tuple[str, ...] = ()) -> str:
    """Give a UK mobile as 07…, or "" where the text is none.

    `test_mobiles` are the first digits of ranges that made-up people have; drama numbers always
    count.
    """
    number = _A_LABEL.sub("", written)
    if any(each.isalpha() for each in number):
        return ""
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException:
        return ""
    national = f"0{parsed.national_number}"
    digits = "".join(str(int(each)) for each in written if each.isdecimal())
    if parsed.country_code != 44 or not digits.endswith(national[1:]):
        return ""
    if re.fullmatch("0" + _DRAMA_MOBILE, national) or _is_test(national, test_mobiles):
        return national
    if _ONE_DIGIT.fullmatch(national):
        return ""
    is_mobile = phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE
    return national if is_mobile and phonenumbers.is_valid_number(parsed) else ""


def as_landline(written: str, test_landlines: tuple[str, ...] = ()) -> str:
    """Give a UK landline in a usual shape as 01… or 02…, or ""."""
    if not re.fullmatch(_USUAL, _A_LABEL.sub("", written)):
        return ""
    national = re.sub(r"^(?:0{0,2}44)?0?", "", re.sub(r"[^0-9]", "", written))
    is_one = re.fullmatch(_landlines(), national) or _is_test(f"0{national}", test_landlines)
    return f"0{national}" if is_one else ""


def sql_national(column: str) -> str:
    """Return SQL for the digits after 0 or 44 of a usual number; "" for any other text."""
    number = f"regexp_replace({column}, {literal(_LABEL)}, '', 'i')"
    digits = f"regexp_replace({number}, '[^0-9]', '', 'g')"
    return (
        f"CASE WHEN length({column}) < 9 OR NOT regexp_full_match({number}, {literal(_USUAL)}) "
        f"THEN '' ELSE regexp_replace({digits}, '^(?:0{{0,2}}44)?0?', '') END"
    )


def sql_mobile(national: str, test_mobiles: tuple[str, ...] = ()) -> str:
    """Return SQL for the mobile that national digits are, as 07…; "" where they are none."""
    allowed = f"regexp_full_match({national}, '{_DRAMA_MOBILE}{_or_tests(test_mobiles)}')"
    # RE2 has no backreference: the ten texts of one digit are written out.
    repeats = "|".join(f"7?{each}{{7,}}" for each in "0123456789")
    return (
        f"CASE WHEN length({national}) <> 10 OR {national}[1] NOT IN ('7', '6', '4') THEN '' "
        f"WHEN {allowed} THEN '0' || {national} "
        f"WHEN regexp_full_match({national}, {literal(repeats)}) THEN '' "
        f"WHEN regexp_full_match({national}, {literal(_mobiles())}) THEN '0' || {national} "
        "ELSE '' END"
    )


def sql_landline(national: str, test_landlines: tuple[str, ...] = ()) -> str:
    """Return SQL for the landline that national digits are, as 01… or 02…; "" for none."""
    pattern = literal(_landlines() + _or_tests(test_landlines))
    return (
        f"CASE WHEN {national} = '' OR {national}[1] NOT IN ('1', '2', '4', '6') THEN '' "
        f"WHEN regexp_full_match({national}, {pattern}) THEN '0' || {national} ELSE '' END"
    )


def sql_is_odd(column: str) -> str:
    """Return SQL that says whether a text may hold a number in a shape that SQL does not read."""
    number = f"regexp_replace({column}, {literal(_LABEL)}, '', 'i')"
    return (
        f"(length({column}) >= 10 AND NOT regexp_matches({number}, '[a-zA-Z@]') "
        f"AND NOT regexp_full_match({number}, {literal(_USUAL)}))"
    )


def _is_test(national: str, test_mobiles: tuple[str, ...]) -> bool:
    return len(national) == 11 and any(
        national.startswith("0" + each.removeprefix("0")) for each in test_mobiles
    )


def _or_tests(first_digits: tuple[str, ...]) -> str:
    """Return an alternative for each range of made-up people: ten digits after the 0."""
    ranges = (each.removeprefix("0") for each in first_digits)
    return "".join(f"|{each}[0-9]{{{10 - len(each)}}}" for each in ranges)


@cache
def _mobiles() -> str:
    return _pattern("mobile")


@cache
def _landlines() -> str:
    return f"{_pattern('fixed_line')}|{_DRAMA_LANDLINE}"


def _pattern(kind: str) -> str:
    """Join the library's patterns for one kind of number in all regions of +44."""
    found = []
    for region in _REGIONS:
        metadata = PhoneMetadata.metadata_for_region(region)
        assert metadata is not None
        found.append(getattr(metadata, kind).national_number_pattern)
    return "|".join(f"(?:{each})" for each in found)
