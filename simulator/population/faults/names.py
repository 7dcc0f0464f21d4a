"""How a name gets wrong: pure functions of strings.

`how` is a whole number of 0 or more, drawn once for the fault, which decides every choice. The
result always differs from the input: where a fault would change nothing, a letter is mistyped.
"""

import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from simulator.population.misspelling import (
    misspell,
    other_form,
)

#: Given and family name, a family name of someone else, and `how`: to given and family name.
NameFault: TypeAlias = Callable[[str, str, str, int], tuple[str, str]]

PLACEHOLDERS = ("N/A", "Unknown", "Not known", "TBC", "X", "None")
FAKE_NAMES = (
    *(("Mickey", "Mouse"), ("Minnie", "Mouse"), ("Donald", "Duck"), ("Joe", "Bloggs")),
    *(("John", "Doe"), ("Jane", "Doe"), ("A N", "Other"), ("Test", "Person")),
    *(("Test", "Test"), ("Mr", "Nobody")),
)
TITLES = ("Mr", "Mrs", "Miss", "Ms", "Dr")
# As it sounds, then as it is written down by someone who hears it.
_SOUNDS = (
    *(("ph", "f"), ("gh", "g"), ("ck", "k"), ("ee", "ea"), ("ea", "ee"), ("ie", "y"), ("ey", "y")),
    *(("th", "t"), ("sh", "ch"), ("ou", "u"), ("ai", "ay"), ("y", "ie"), ("k", "c"), ("c", "k")),
    *(("f", "ph"), ("z", "s"), ("s", "z"), ("i", "y"), ("v", "w"), ("w", "v"), ("j", "g")),
    *(("e", "i"), ("a", "e"), ("o", "a"), ("u", "o"), ("n", "nn"), ("l", "ll"), ("t", "tt")),
)
# As it is printed, then as a scanner reads it.
_LOOKS = (
    *(("rn", "m"), ("cl", "d"), ("vv", "w"), ("m", "rn"), ("d", "cl"), ("w", "vv"), ("l", "1")),
    *(("i", "l"), ("o", "0"), ("e", "c"), ("a", "o"), ("s", "5"), ("b", "6"), ("h", "b")),
    *(("n", "u"), ("u", "v"), ("t", "f"), ("g", "q"), ("y", "v"), ("r", "n")),
)


def without_marks(name: str) -> str:
    """Write a name without accents, as a form that takes plain letters alone does."""
    plain = name.translate(_PLAIN_LETTERS)
    if plain.isascii():
        return plain
    apart = unicodedata.normalize("NFD", plain)
    return "".join(each for each in apart if not unicodedata.combining(each))


_PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ß": "ss", "đ": "d", "Đ": "D", "ı": "i"}
)


def has_marks(name: str) -> bool:
    """Say whether a name has accents that can be lost."""
    return not name.isascii() and without_marks(name) != name


def is_joinable(name: str) -> bool:
    """Say whether a name has parts that can be written as one."""
    return any(each in name for each in " -'’")


def _in_one(change: Callable[[str, int], str]) -> NameFault:
    """Change the given or the family name, by the last bit of `how`."""

    def fault(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
        how, in_given = divmod(how, 2)
        if in_given or not family:
            return change(given, how), family
        return given, change(family, how)

    return fault


def _replaced(pairs: tuple[tuple[str, str], ...]) -> NameFault:
    def change(name: str, how: int) -> str:
        small = name.lower()
        first = how % len(pairs)
        for old, new in (*pairs[first:], *pairs[:first]):
            # The first letter is seldom wrong: Pollock and Zamora 1984.
            at = small.find(old, 1)
            if at > 0:
                return name[:at] + new + name[at + len(old) :]
        return misspell(name, "substitute", how)

    return _in_one(change)


def _any_letter(name: str, how: int) -> str:
    """Write another letter for one of a name, wherever it is on the keyboard."""
    if not name:
        return "x"
    how, at = divmod(how, len(name))
    letter = "abcdefghijklmnopqrstuvwxyz"[how % 26]
    if letter == name[at].lower():
        letter = "q" if letter == "z" else chr(ord(letter) + 1)
    return name[:at] + (letter.upper() if name[at].isupper() else letter) + name[at + 1 :]


def _nickname(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    return other_form(given, how), family


def _swapped(given: str, family: str, _another: str, _how: int) -> tuple[str, str]:
    return family, given


def _married(given: str, _family: str, another: str, _how: int) -> tuple[str, str]:
    return given, another


def _initial(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    return given[:1] + ("." if how % 2 else ""), family


def _joined(given: str, family: str, _another: str, _how: int) -> tuple[str, str]:
    if is_joinable(family):
        return given, _one_word(family)
    if is_joinable(given):
        return _one_word(given), family
    return f"{given}{family.lower()}", ""


def _one_word(name: str) -> str:
    parts = name.replace("-", " ").replace("'", " ").replace("’", " ").split()
    return "".join([*parts[:1], *(each.lower() for each in parts[1:])])


def _split(name: str, how: int) -> str:
    if len(name) < 4:
        return f"{name} {name[-1]}"
    at = 2 + how % (len(name) - 3)
    return f"{name[:at]} {name[at:].lstrip().capitalize()}"


def _case_lost(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    if how % 3:
        return given.upper(), family.upper()
    return given.lower(), family.lower()


def _marks_lost(given: str, family: str, _another: str, _how: int) -> tuple[str, str]:
    return without_marks(given), without_marks(family)


def _title(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    return f"{TITLES[how % len(TITLES)]} {given}", family


def _placeholder(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    how, in_given = divmod(how, 2)
    word = PLACEHOLDERS[how % len(PLACEHOLDERS)]
    return (word, family) if in_given else (given, word)


def _fake(_given: str, _family: str, _another: str, how: int) -> tuple[str, str]:
    return FAKE_NAMES[how % len(FAKE_NAMES)]


def _missing(given: str, family: str, _another: str, how: int) -> tuple[str, str]:
    return ("", family) if how % 4 == 0 else (given, "")


NAME_FAULTS: Mapping[str, NameFault] = MappingProxyType(
    {
        "letter_inserted": _in_one(lambda name, how: misspell(name, "insert", how)),
        "letter_deleted": _in_one(lambda name, how: misspell(name, "delete", how)),
        "letter_substituted": _in_one(_any_letter),
        "letters_transposed": _in_one(lambda name, how: misspell(name, "transpose", how)),
        "keyboard_neighbour": _in_one(lambda name, how: misspell(name, "substitute", how)),
        "phonetic": _replaced(_SOUNDS),
        "misread_by_scanner": _replaced(_LOOKS),
        "nickname": _nickname,
        "names_swapped": _swapped,
        "married_name": _married,
        "initial_only": _initial,
        "names_joined": _joined,
        "name_split": _in_one(_split),
        "case_lost": _case_lost,
        "accents_lost": _marks_lost,
        "title_in_name": _title,
        "placeholder": _placeholder,
        "fake_name": _fake,
        "name_missing": _missing,
    }
)


def wrong_name(kind: str, given: str, family: str, another: str, how: int) -> tuple[str, str]:
    """Write a name with a fault of this kind; `another` is a family name of someone else."""
    (written,), (family,) = wrong_names(kind, [given], [family], [another], [how])
    return written, family


def wrong_names(
    kind: str, given: list[str], family: list[str], another: list[str], how: list[int]
) -> tuple[list[str], list[str]]:
    """Write many names with a fault of one kind; return the given and the family names."""
    fault = NAME_FAULTS[kind]
    written_given, written_family = [], []
    for each in zip(given, family, another, how, strict=True):
        first, last = fault(*each)
        if first == each[0] and last == each[1]:
            last = misspell(last, "substitute", each[3])
        written_given.append(first)
        written_family.append(last)
    return written_given, written_family
