"""What is wrong with one written name, judged once for each distinct name of an extract.

Only what no real name does is a fault. What a real name might do is a question: whether "Jhon" is a
misspelling only its bearer knows. A name is compared with the names that the same extract has far
more often, and never with a list of allowed names.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from simulator.contact_data.known_names import KnownNames, known_names, without_accents

PLACEHOLDERS = frozenset({"n/a", "na", "none", "unknown", "not known", "tbc", "x", "xx", "test"})
_MORE_PLACEHOLDERS = frozenset(
    {
        *("xxx", "unk", "unknown unknown", "nk", "n/k", "nil", "not given", "refused"),
        *(
            "anon",
            "anonymous",
            "?",
            "-",
            "--",
            ".",
            "no name",
            "not stated",
            "tba",
            "male",
            "female",
        ),
        *("victim", "mr x", "mrs x", "a n other"),
    }
)
#: Written so, these are names as well: a Chinese given name, a French and an English family name.
_NAMES_TOO = frozenset({"Na", "Male", "Test"})
#: Whole names that people type for fun, or to fill a form.
MADE_UP = frozenset(
    {
        *("mickey mouse", "minnie mouse", "donald duck", "daisy duck", "joe bloggs", "john doe"),
        *("jane doe", "a n other", "an other", "test person", "test test", "mr nobody", "no body"),
        *("homer simpson", "bart simpson", "micky mouse", "darth vader", "john smith-test"),
        *("test user", "test victim", "bugs bunny", "santa claus", "fred flintstone"),
    }
)
_TITLE = r"(?:mr|mrs|ms|miss|mx|dr|prof|professor|rev|sgt|pc|dc|cllr)"
_TITLE_BEFORE = re.compile(rf"^{_TITLE}\.?\s+(?=\S)", re.IGNORECASE)
_TITLE_AFTER = re.compile(rf"[\s,]+\(?{_TITLE}\.?\)?$", re.IGNORECASE)
#: "Rev" alone may be a name.
_TITLE_ALONE = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof)\.?", re.IGNORECASE)
_NOTE = re.compile(
    r"\b(?:deceased|do\s+not|don['’]t|no\s+contact|refused|declined|withheld|anonymous)\b"
)
_MORE_NOTES = re.compile(r"\b(?:via|mother of|father of|see notes|dec'd|c/o|contact)\b|\(")
_DIGIT_OR_SIGN = re.compile(r"[\d_@<>#*=+|\\{}\[\]^~$£%&\";:!?]")
_GARBLED = re.compile("[ÃÂÅÄ][\u0080-\u00bf‚-™€ŸŽžŠšœŒƒˆ˜]|\ufffd")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:[ .]?[^\W\d_]\.?){0,2}")
# Prefixes after which a capital is right, and particles that stay small.
_PREFIX = re.compile(
    r"(?:Mc|Mac|De|Di|Da|Du|Del|Della|La|Le|Lo|Van|Von|Fitz|St|Ap|Ó|Ni|Nic|Uí|Al|El|Bin|Abd|Abu|"
    r"Ter|Ten|Vander|Vande|Dos|Das|Des|O|D|L|N)(?=[A-ZÀ-Þ])"
)
_INNER_CAPITAL = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")
_LOOK_ALIKE = (("rn", "m"), ("cl", "d"), ("vv", "w"), ("m", "rn"), ("d", "cl"), ("w", "vv"))
_SOUND_ALIKE = (
    *(("ph", "f"), ("f", "ph"), ("ck", "k"), ("ee", "ea"), ("ea", "ee"), ("ie", "y"), ("ey", "y")),
    *(("th", "t"), ("y", "ie"), ("ou", "u"), ("gh", "g"), ("ai", "ay")),
)
_DIGITS_AS_LETTERS = str.maketrans({"0": "o", "1": "l", "5": "s", "6": "b", "8": "b", "3": "e"})
#: A name this many times as frequent makes its neighbour doubtful, if nobody knows the neighbour.
_TIMES_AS_FREQUENT = 40
#: Without accents, and on no list of names, it need not be so rare.
_TIMES_IF_UNKNOWN = 4
_FREQUENT_FROM = 25
_LETTERS_MIN = 4


class NameReading(Struct, frozen=True):
    """What is wrong with a name: "" or a kind of finding, and the name it may have been."""

    kind: str
    proposal: str = ""


_SOUND = NameReading("")


class NameBook:
    """The names of one field of an extract, with how often each is written there."""

    def __init__(
        self,
        counts: Mapping[str, int],
        *,
        known: KnownNames | None = None,
        keeps_case: bool = True,
    ) -> None:
        """Take `counts` by name as written; without `keeps_case` the extract has one case alone."""
        self._known = known or known_names()
        self._keeps_case = keeps_case
        self._counts: dict[str, int] = {}
        spelt: dict[str, tuple[int, str]] = {}
        for name, count in counts.items():
            small = name.casefold()
            self._counts[small] = self._counts.get(small, 0) + count
            spelt[small] = max(spelt.get(small, (0, "")), (count, name))
        self._spelt = {small: name for small, (_count, name) in spelt.items()}
        frequent = [
            each
            for each, count in self._counts.items()
            if count >= _FREQUENT_FROM and len(each) >= _LETTERS_MIN and each.isalpha()
        ]
        self._near: dict[str, list[str]] = {}
        for each in frequent:
            for key in {each, *_shortened(each)}:
                self._near.setdefault(key, []).append(each)
        self._frequent = frozenset(frequent)
        self._in_parts: dict[str, str] = {}
        for each, count in self._counts.items():
            whole = "".join(filter(str.isalpha, each))
            if count >= _FREQUENT_FROM and whole != each:
                self._in_parts[whole] = each
        self._accented: dict[str, str] = {}
        for each in frequent:
            if not each.isascii():
                self._accented[without_accents(each)] = each

    def read(self, name: str) -> NameReading:
        """Say what is wrong with a name; a blank one is sound here."""
        if not name:
            return _SOUND
        return _fault_of(name) or self._shape(name) or self._spelling(name) or _SOUND

    def splits(self, name: str, families: "NameBook") -> bool:
        """Say whether one word is a given name and a family name run together."""
        small = name.casefold()
        if small in self._known or self._counts.get(small, 0) >= _FREQUENT_FROM:
            return False
        return any(
            self.is_name(small[:at], given=True) and families.is_name(small[at:], given=False)
            for at in range(3, len(small) - 2)
        )

    def is_name(self, small: str, *, given: bool) -> bool:
        """Say whether a name in small letters is known as a given or a family name."""
        listed = self._known.given if given else self._known.family
        return small in listed or self._counts.get(small, 0) >= _FREQUENT_FROM

    def _shape(self, name: str) -> NameReading | None:
        """Look at capitals and blanks."""
        letters = [each for each in name if each.isalpha()]
        if self._keeps_case and len(letters) > 2:
            as_usual = " ".join(_capitalised(each) for each in name.split(" "))
            # "de souza" may be right; "smith" is not.
            if all(each.isupper() for each in letters):
                return NameReading("case_lost", as_usual)
            if all(each.islower() for each in letters):
                return NameReading("case_lost", as_usual)
        if _INNER_CAPITAL.search(_PREFIX.sub("", name)) and not _is_known_shape(name):
            return NameReading("joined_or_split")
        return self._split(name)

    def _split(self, name: str) -> NameReading | None:
        """Find "Sm ith" and "Oneill": a frequent name is the same letters, joined or apart."""
        small = name.casefold()
        apart = self._in_parts.get(small)
        if apart and self._counts.get(small, 0) * 10 <= self._counts[apart]:
            return NameReading("joined_or_split", self._spelt[apart])
        parts = small.split(" ")
        if len(parts) != 2:
            return None
        if parts[0] == parts[1]:
            return NameReading("same_name_twice", name.partition(" ")[0])
        whole = "".join(parts)
        strangers = [each for each in parts if each not in self._known]
        if strangers and (whole in self._frequent or (whole in self._known and len(whole) > 4)):
            if self._counts.get(name.casefold(), 0) * 10 > self._counts.get(whole, 0):
                return None
            return NameReading("joined_or_split", self._spelt.get(whole, whole.title()))
        return None

    def _spelling(self, name: str) -> NameReading | None:
        small = name.casefold()
        count = self._counts.get(small, 0)
        accented = self._accented.get(small)
        times = _TIMES_AS_FREQUENT if small in self._known else _TIMES_IF_UNKNOWN
        if accented and count * times <= self._counts[accented]:
            return NameReading("accents_lost", self._spelt[accented])
        if small in self._known or not small.isalpha() or len(small) < _LETTERS_MIN:
            return None
        best = max(self._neighbours(small), key=lambda each: self._counts[each], default="")
        if best and count * _TIMES_AS_FREQUENT <= self._counts[best]:
            return NameReading("name_misspelt", self._spelt[best])
        return None

    def _neighbours(self, small: str) -> Iterator[str]:
        """Find frequent names one slip away: a letter more, fewer, other, or two exchanged."""
        for key in {small, *_shortened(small)}:
            for each in self._near.get(key, ()):
                if each != small and one_slip_apart(small, each):
                    yield each
        for pairs in (_LOOK_ALIKE, _SOUND_ALIKE):
            for written, meant in pairs:
                at = small.find(written)
                other = small[:at] + meant + small[at + len(written) :] if at >= 0 else ""
                if other in self._frequent:
                    yield other


def one_slip_apart(one: str, other: str) -> bool:
    """Say whether two words differ by one letter more, fewer or other, or two exchanged."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, its = one[start:], other[start:]
    if len(rest) == len(its):
        return rest[1:] == its[1:] or (rest[:2] == its[1::-1] and rest[2:] == its[2:])
    return rest[1:] == its if len(rest) > len(its) else rest == its[1:]


def is_made_up(given: str, family: str) -> bool:
    """Say whether a whole name is on the list of names typed to fill a form."""
    whole = " ".join(f"{given} {family}".casefold().replace(".", " ").split())
    return whole in MADE_UP


def mended_garble(name: str) -> str:
    """Undo a change of encoding, "" where it cannot be undone."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return name.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return ""


def _fault_of(name: str) -> NameReading | None:
    """Find what no name has; the first of these that is so."""
    small = " ".join(name.casefold().split())
    if name in _NAMES_TOO:
        return NameReading("name_or_filler")
    if small in PLACEHOLDERS or small in _MORE_PLACEHOLDERS or not any(map(str.isalpha, name)):
        return NameReading("placeholder_name")
    if _GARBLED.search(name):
        return NameReading("letters_garbled", mended_garble(name))
    if _NOTE.search(small) or _MORE_NOTES.search(small):
        return NameReading("note_in_name")
    if _DIGIT_OR_SIGN.search(name):
        letters = name.translate(_DIGITS_AS_LETTERS)
        return NameReading("digits_in_name", letters.capitalize() if letters.isalpha() else "")
    return NameReading("initials") if _is_initials(name) else _title_in(name)


def _title_in(name: str) -> NameReading | None:
    if _TITLE_ALONE.fullmatch(name):
        return NameReading("title_in_name")
    bare = _TITLE_AFTER.sub("", _TITLE_BEFORE.sub("", name, count=1))
    return NameReading("title_in_name", bare) if bare != name else None


def _is_initials(name: str) -> bool:
    """One letter, or letters with full stops; "Jo", "Ng" and "AJ" are names.

    Some real names are one letter, such as the Korean family name O and the Burmese U.
    """
    if not _INITIAL.fullmatch(name):
        return False
    letters = [each for each in name if each.isalpha()]
    return "." in name or (len(letters) == 1 and name.casefold() not in {"o", "u", "e", "ó"})


def _is_known_shape(name: str) -> bool:
    """Say whether the inner capital follows an apostrophe or a hyphen."""
    halves = re.findall(r"[A-ZÀ-Þ][^A-ZÀ-Þ]*", name)
    return len(halves) == 2 and any(each in name for each in "'’-")


def _capitalised(word: str) -> str:
    """Write a word with capitals where British records have them; "" of one is itself."""
    if not word:
        return word
    parts = re.split(r"([-'’])", word.lower())
    written = "".join(each[:1].upper() + each[1:] for each in parts)
    return re.sub(r"^Mc([a-z])", lambda found: "Mc" + found[1].upper(), written)


def _shortened(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}
