"""What a column's contents say: whether they agree with its name, and what it is without one.

"OK to ring" with "after six" in it does not say that contact is safe. A column without a telling
name is an email if most of its values are.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from simulator.contact_data.columns import Words
from simulator.contact_data.dates import as_date, shape_of
from simulator.contact_data.email_rules import as_email
from simulator.contact_data.known_names import known_names
from simulator.contact_data.phone_rules import as_landline, as_mobile

#: Most values are of a kind.
_MOST = 0.6
#: Some values are wrong, or in the wrong field: that is what the check is for.
_SOME = 0.3
#: Of all crimes few may be open, and of all roles few the victim's.
_ANY = 0.01
#: Names of a diverse town are on a list less often than dates look like dates.
_NAMES_LIKE = 0.4
#: Without a telling name, nearly every value must be of the kind.
_NEARLY_ALL = 0.8
#: So few different values are a list to choose from, if there are so many rows to tell.
_CHOICES_MAX, _ROWS_TO_TELL = 0.5, 20
_BIRTH_YEARS_MAX = 2010

_WORDS = Words()
_ENDED = re.compile(r"closed|filed|finali[sz]ed|nfa|complete|charged|detected", re.IGNORECASE)
_PHONE_TYPES = re.compile(r"mob|cell|home|work|tel|land|phone|other", re.IGNORECASE)
_CHANNELS = re.compile(r"text|sms|e-?mail|phone|call|letter|post|any|person|visit", re.IGNORECASE)


def _has_digits(value: str, count: int = 1) -> bool:
    return sum(map(str.isdecimal, value)) >= count


def _is_name(value: str) -> bool:
    letters = sum(map(str.isalpha, value))
    return letters > 0 and letters >= 0.7 * len(value.replace(" ", "")) and "@" not in value


def _is_given(value: str) -> bool:
    return re.split(r"[\s-]", value.casefold())[0] in known_names().given


def _is_family(value: str) -> bool:
    return re.split(r"[\s-]", value.casefold())[-1] in known_names().family


def _is_whole_name(value: str) -> bool:
    return _is_name(value) and len(re.findall(r"[^\W\d_]{2,}", value)) >= 2


def _is_number(value: str) -> bool:
    """Say whether a value can be the number of a crime or a person: no name, date or phone."""
    return not _is_whole_name(value) and _is_words(value)


def _is_crime_number(value: str) -> bool:
    """Say whether a value can be the number of a crime, and not its kind: it has digits."""
    return _is_number(value) and _has_digits(value)


def _is_phone(value: str) -> bool:
    return bool(as_mobile(value) or as_landline(value))


def _is_day(value: str) -> bool:
    return shape_of(value) != ""


def _is_words(value: str) -> bool:
    return not _is_day(value) and not _is_phone(value) and "@" not in value


def _is_role(value: str) -> bool:
    """Say whether a value can be a role: no number of an officer, and nobody's name."""
    is_name = _is_whole_name(value) and _is_given(value) and _is_family(value)
    return _is_words(value) and not _has_digits(value) and not is_name


class _Looks(Struct, frozen=True):
    """What a field's values look like, how many must, and whether they are from a short list."""

    is_so: Callable[[str], bool]
    share: float = _MOST
    are_choices: bool = False


_LOOKS: Mapping[str, _Looks] = MappingProxyType(
    {
        "occurrence_id": _Looks(_is_crime_number),
        "person_id": _Looks(_is_number),
        "role": _Looks(lambda value: value.casefold() in _WORDS.victim, _ANY),
        "given_name": _Looks(_is_given, _NAMES_LIKE),
        "family_name": _Looks(_is_family, _NAMES_LIKE),
        "full_name": _Looks(_is_whole_name),
        "date_of_birth": _Looks(_is_day),
        "mobile": _Looks(lambda value: _has_digits(value, 7), _SOME),
        "landline": _Looks(lambda value: _has_digits(value, 7), _SOME),
        "phone": _Looks(_is_phone, _SOME),
        "email": _Looks(lambda value: "@" in value, _SOME),
        "suspect_mobile": _Looks(lambda value: _has_digits(value, 7), _SOME),
        "suspect_email": _Looks(lambda value: "@" in value, _SOME),
        "notes": _Looks(lambda value: value.casefold() not in {*_WORDS.yes, *_WORDS.no}),
        "safe_to_contact": _Looks(
            lambda value: value.casefold() in {*_WORDS.yes, *_WORDS.no}, _MOST
        ),
        "safe_how": _Looks(lambda value: bool(_CHANNELS.search(value))),
        "safe_when": _Looks(
            lambda value: _is_words(value) and value.casefold() not in {*_WORDS.yes, *_WORDS.no}
        ),
        "household_id": _Looks(_has_digits),
        "station": _Looks(_is_words, are_choices=True),
        "supervisor": _Looks(_is_words),
        "officer": _Looks(_is_words),
        "recorded_by_role": _Looks(_is_role, _NEARLY_ALL, are_choices=True),
        "entry_route": _Looks(_is_words, are_choices=True),
        "recorded_on": _Looks(_is_day),
        "status": _Looks(
            lambda value: value.casefold() in _WORDS.open or bool(_ENDED.search(value)), _ANY
        ),
        "closed_on": _Looks(_is_day),
        "offence": _Looks(_is_name),
        "phone_type": _Looks(lambda value: bool(_PHONE_TYPES.search(value))),
        "phone_number": _Looks(_is_phone, _SOME),
        "phone_on": _Looks(_is_day),
    }
)
#: A name as plain as these needs no list of names to agree.
_PLAIN_RANK = 1


def as_contents(ways: Mapping[str, float], values: Sequence[str]) -> dict[str, float]:
    """Keep the fields that a column's values agree with; a phone is a mobile or another.

    An empty column keeps what its name plainly says.
    """
    found = {}
    for field, rank in ways.items():
        is_plain = rank < _PLAIN_RANK
        if not values:
            if is_plain:
                found[field] = rank
        elif _agrees(field, values, is_plain=is_plain):
            found["mobile" if field == "phone" and _mostly_mobiles(values) else field] = rank
    if "phone" in found:
        found["landline"] = found.pop("phone")
    return found


def _agrees(field: str, values: Sequence[str], *, is_plain: bool) -> bool:
    looks = _LOOKS.get(field)
    if looks is None:
        return True
    if is_plain and field in ("given_name", "family_name"):
        looks = _Looks(_is_name)
    if sum(map(looks.is_so, values)) < looks.share * len(values):
        return False
    few = len({each.casefold() for each in values}) <= _CHOICES_MAX * len(values)
    return few or not looks.are_choices or len(values) < _ROWS_TO_TELL


def _mostly_mobiles(values: Sequence[str]) -> bool:
    return sum(bool(as_mobile(each)) for each in values) >= sum(
        bool(as_landline(each)) for each in values
    )


_TELLING: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("email", lambda value: bool(as_email(value))),
    ("mobile", lambda value: bool(as_mobile(value))),
    ("landline", lambda value: bool(as_landline(value))),
    ("date_of_birth", lambda value: _is_day(value) and _year(value) < _BIRTH_YEARS_MAX),
    ("role", lambda value: value.casefold() in {*_WORDS.victim, *_WORDS.suspect, "witness"}),
)


def by_contents(
    samples: Mapping[str, Sequence[str]], *, taken: Mapping[str, str]
) -> dict[str, str]:
    """Map what no name told, where one column alone has such values.

    Names of people are told from each other by which list has more of them.
    """
    found: dict[str, str] = {}
    for field, is_so in (*_TELLING, *_NAMES_TELLING):
        if field in taken or (field == "mobile" and "phone_number" in taken):
            continue
        like = [
            column
            for column, values in samples.items()
            if column not in found.values()
            and values
            and sum(map(is_so, values)) >= _NEARLY_ALL * len(values)
        ]
        if len(like) == 1:
            found[field] = like[0]
    return found


_NAMES_TELLING: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("given_name", lambda value: _is_given(value) and not _is_family(value)),
    ("family_name", lambda value: _is_family(value) and not _is_given(value)),
)


def _year(value: str) -> int:
    day = as_date(value)
    # A number of five digits is a day only where a name says so.
    return day.year if day and shape_of(value) != "spreadsheet" else 9999
