"""Names that are known to be names: Faker's lists of every country that writes in Latin letters.

They only ever acquit: a name on no list is no fault. How frequent a name is comes from the extract
itself, so that a force's own population decides.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from msgspec import Struct

_GIVEN_LISTS = ("first_names", "first_names_male", "first_names_female")
_FAMILY_LISTS = ("last_names", "last_names_male", "last_names_female")


class KnownNames(Struct, frozen=True):
    """Given and family names, without case."""

    given: frozenset[str]
    family: frozenset[str]

    def __contains__(self, name: str) -> bool:
        return name in self.given or name in self.family


@cache
def known_names() -> KnownNames:
    """Read the lists, once."""
    from faker.providers import person

    given: set[str] = set()
    family: set[str] = set()
    for module in iter_modules(person.__path__):
        provider = import_module(f"{person.__name__}.{module.name}").Provider
        given.update(_latin(provider, _GIVEN_LISTS))
        family.update(_latin(provider, _FAMILY_LISTS))
    return KnownNames(frozenset(given), frozenset(family))


def without_accents(name: str) -> str:
    """Write a name in small letters without accents."""
    apart = unicodedata.normalize("NFD", name.casefold().translate(_OTHER_LETTERS))
    return "".join(each for each in apart if not unicodedata.combining(each))


_OTHER_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def _latin(provider: type, lists: Iterable[str]) -> Iterable[str]:
    for each in lists:
        found = getattr(provider, each, ())
        if isinstance(found, property):
            continue
        for name in found:
            if name.isascii() or all(map(_is_latin, name)):
                yield str(name).casefold()


def _is_latin(letter: str) -> bool:
    return not letter.isalpha() or unicodedata.name(letter, "").startswith("LATIN")
