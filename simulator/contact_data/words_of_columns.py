"""What a column may hold, by the words of its name: `Vict Last` is a family name.

For names that nobody listed. Every word of the name must be understood, and what is in the column
must look like it: "OK to contact for survey" does not say that contact is safe.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from msgspec import Struct

from simulator.contact_data.columns import Words
from simulator.contact_data.dates import shape_of
from simulator.contact_data.known_names import known_names

_LIKE = 0.6
#: The names of a diverse town are on a list less often than dates look like dates.
_NAMES_LIKE = 0.4
#: Of all crimes few may be open.
_SOME = 0.01
#: A number that the police give to a crime, and some systems to a person.
_EITHER = "urn"


class _Meaning(Struct, frozen=True):
    """One word of each group must be there; further words may be."""

    groups: tuple[frozenset[str], ...]
    further: frozenset[str] = frozenset()

    def is_of(self, words: Collection[str]) -> bool:
        """Say whether a name of these words has this meaning."""
        known = self.further.union(_SAYS_NOTHING, *self.groups)
        return known.issuperset(words) and all(group & set(words) for group in self.groups)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _meaning(*groups: str, further: str = "") -> _Meaning:
    return _Meaning(tuple(map(_set, groups)), _set(further))


#: Words that say nothing about what a column holds.
_SAYS_NOTHING = _set(
    "a by charge current details in is main name names of person primary the to type vic vict "
    "victim victims y n"
)
_NUMBER = "no num number ref reference id urn"
_DAY = "date dt on day when time last"
_MEANINGS: Mapping[str, _Meaning] = {
    "occurrence_id": _meaning("crime occurrence occ offence incident", _NUMBER),
    "person_id": _meaning("nominal nom person victim vict", _NUMBER),
    "role": _meaning("role involvement", further="crime occurrence nominal"),
    "given_name": _meaning("first given forename forenames christian"),
    "family_name": _meaning("last family surname"),
    "date_of_birth": _meaning("birth born dob", further="date dt of"),
    "safe_to_contact": _meaning("ok okay safe", "ring call contact phone text", further="it"),
    "station": _meaning("station stn", further="police nick recording owning code"),
    "supervisor": _meaning("sgt sergeant supervisor", further="id collar no"),
    "entry_route": _meaning("reported report received", "via how method channel route"),
    "recorded_on": _meaning(
        "logged recorded created entered updated amended modified", further=_DAY
    ),
    "status": _meaning("status state", further="play crime occurrence investigation case"),
    "phone_type": _meaning("tel phone telephone", "type kind"),
    "phone_on": _meaning("since valid effective", further=f"{_DAY} from"),
    "closed_on": _meaning("closed filed finalised", further=_DAY),
}


_WORDS = Words()


def _is_yes_or_no(value: str) -> bool:
    return value.casefold() in {*_WORDS.yes, *_WORDS.no}


def _is_open(value: str) -> bool:
    return value.casefold() in _WORDS.open


def _is_victim(value: str) -> bool:
    return value.casefold() in _WORDS.victim


def _is_given(value: str) -> bool:
    return re.split(r"[\s-]", value.casefold())[0] in known_names().given


def _is_family(value: str) -> bool:
    return re.split(r"[\s-]", value.casefold())[-1] in known_names().family


def _is_day(value: str) -> bool:
    return shape_of(value) != ""


#: What the values of a field look like, and how large a share of them does.
_LOOKS: Mapping[str, tuple[Callable[[str], bool], float]] = {
    "role": (_is_victim, _SOME),
    "status": (_is_open, _SOME),
    "given_name": (_is_given, _NAMES_LIKE),
    "family_name": (_is_family, _NAMES_LIKE),
    "date_of_birth": (_is_day, _LIKE),
    "safe_to_contact": (_is_yes_or_no, _LIKE),
    "recorded_on": (_is_day, _LIKE),
    "phone_on": (_is_day, _LIKE),
    "closed_on": (_is_day, _LIKE),
}


def by_words(samples: Mapping[str, Sequence[str]], taken: Mapping[str, str]) -> dict[str, str]:
    """Map fields that no whole name told; `samples` has some values of each column.

    A column that may be two fields is left out, and so are two columns that may be one.
    """
    meant: dict[str, list[str]] = {}
    fields = [each for each in _MEANINGS if each not in taken]
    for column in [each for each in samples if each not in taken.values()]:
        words = _words(column)
        means = [each for each in fields if words and _MEANINGS[each].is_of(words)]
        if len(means) == 1 and _looks(means[0], samples[column]):
            meant.setdefault(means[0], []).append(column)
    found = {field: columns[0] for field, columns in meant.items() if len(columns) == 1}
    either = [each for each in samples if _words(each) == [_EITHER]]
    if either and either[0] not in taken.values():
        known = taken.keys() | found.keys()
        wanted = "occurrence_id" if "person_id" in known else "person_id"
        if wanted not in known:
            found[wanted] = either[0]
    return found


def _words(column: str) -> list[str]:
    """Split a name at spaces, signs and capitals: `VictLast`, `VICT_LAST`, `Vict. last`."""
    found = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", column)
    return [each.casefold() for each in found] if column.isascii() else []


def _looks(field: str, values: Sequence[str]) -> bool:
    if field not in _LOOKS:
        return True
    looks, share = _LOOKS[field]
    return bool(values) and sum(map(looks, values)) >= share * len(values)
