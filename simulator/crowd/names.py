"""The names of a crowd, at the frequency and in the diversity of the two forces' areas.

Each person belongs to one of the census's ethnic groups, which decides from which lists of Faker
the names come. British first names follow the rank they had among the births of the decade.
"""

import csv
import importlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from simulator.files import checked_toml
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.force.figures import FIGURES
from simulator.population.faults.kinds import Has
from simulator.population.faults.names import has_marks, is_joinable
from simulator.population.misspelling import has_other_form

FORCES = ("thames-valley", "hampshire")
SEXES = ("male", "female")
# A fixed seed: which double names there are does not depend on the crowd's.
_DOUBLE_SEED = 2021
_DOUBLES = 4_000
_DOUBLE_GIVEN = (
    *("Anne-Marie", "Mary Jane", "Sarah-Jane", "Mary-Ann", "Emma-Louise", "Amy-Leigh"),
    *("Billie-Jo", "Jean-Paul", "John-Paul", "Tommy-Lee", "James Lee", "Bobby-Joe"),
)
Part = Annotated[float, Meta(ge=0, le=1)]


class GroupNames(Strict, frozen=True, kw_only=True):
    """Where the names of one ethnic group come from."""

    given: list[str]
    family: list[str]
    british_given: Part
    other_language: Part


class NameSources(Strict, frozen=True, kw_only=True):
    """What `fixtures/figures/names.toml` holds."""

    rank_shape: Amount
    common_names: Share
    rare_family_names: Share
    double_barrelled: Share
    double_given: Share
    groups: dict[str, GroupNames]


@dataclass(frozen=True)
class AliasTables:
    """Several distributions over one list of words, each drawn from in one step (Walker 1977)."""

    first: NDArray[np.int64]
    size: NDArray[np.int64]
    keep: NDArray[np.float64]
    other: NDArray[np.int32]
    word: NDArray[np.int32]

    def draw(self, table: NDArray[np.int64], lots: NDArray[np.float64]) -> NDArray[np.int32]:
        """Draw a word for each row, from the table of its row."""
        scaled = lots * self.size[table]
        place = scaled.astype(np.int64)
        rest = scaled - place
        place += self.first[table]
        return np.where(rest < self.keep[place], self.word[place], self.other[place])


@dataclass(frozen=True)
class Names:
    """All names of a crowd: words, and the distributions over them.

    `given_tables` has a table for each decade and sex of British births, then for each group and
    sex; `family_tables` one for each group. `…_has` holds flags of `Has` for each word.
    """

    groups: tuple[str, ...]
    shares: Mapping[str, NDArray[np.float64]]
    british_given: NDArray[np.float64]
    other_language: NDArray[np.float64]
    decades: tuple[int, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    given_tables: AliasTables
    family_tables: AliasTables
    given_has: NDArray[np.uint16]
    family_has: NDArray[np.uint16]
    given_weights: tuple[Mapping[int, float], ...]
    family_weights: tuple[Mapping[int, float], ...]


@lru_cache(maxsize=1)
def read_names() -> Names:
    """Read the sources and make the tables."""
    sources = checked_toml.read(FIGURES / "names.toml", NameSources)
    births, census = _births(FIGURES / "birth_names.csv"), _census(FIGURES / "ethnic_groups.csv")
    given, family = _Words(), _Words()
    decades = tuple(sorted({decade for decade, _sex in births}))
    rare = {sex: _of_locale("en", f"first_names_{sex}") for sex in SEXES}
    given_tables = [
        _british_given(births[decade, sex], rare[sex], sources)
        for decade in decades
        for sex in SEXES
    ]
    groups = tuple(census)
    given_tables += [
        _mixed(_given_of(each, sex) for each in sources.groups[group].given)
        for group in groups
        for sex in SEXES
    ]
    family_tables = [
        _mixed(_family_of(each, sources) for each in sources.groups[group].family)
        for group in groups
    ]
    coded_given = tuple(given.coded(each) for each in given_tables)
    coded_family = tuple(family.coded(each) for each in family_tables)
    return Names(
        groups=groups,
        shares={force: _force_shares(census, force) for force in FORCES},
        british_given=np.array([sources.groups[each].british_given for each in groups]),
        other_language=np.array([sources.groups[each].other_language for each in groups]),
        decades=decades,
        given=tuple(given.words),
        family=tuple(family.words),
        given_tables=_alias_tables(coded_given),
        family_tables=_alias_tables(coded_family),
        given_has=_has(given.words),
        family_has=_has(family.words),
        given_weights=coded_given,
        family_weights=coded_family,
    )


class _Words:
    """One list of words, each with its place."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._places: dict[str, int] = {}

    def coded(self, weights: Mapping[str, float]) -> dict[int, float]:
        coded: dict[int, float] = {}
        for word, weight in weights.items():
            if word not in self._places:
                self._places[word] = len(self.words)
                self.words.append(word)
            coded[self._places[word]] = weight
        return coded


def _has(words: Iterable[str]) -> NDArray[np.uint16]:
    return np.array(
        [
            Has.ACCENTS * has_marks(each)
            | Has.PARTS * is_joinable(each)
            | Has.OTHER_FORM * has_other_form(each)
            for each in words
        ],
        np.uint16,
    )


def _births(path: Path) -> dict[tuple[int, str], list[str]]:
    """Read the names of each year's births in the order of their rank, by year and sex."""
    with path.open(encoding="utf-8", newline="") as file:
        sexes = {"M": "male", "F": "female"}
        return {
            (int(row["year"]), sexes[row["sex"]]): row["names"].split()
            for row in csv.DictReader(file)
        }


def _census(path: Path) -> dict[str, dict[str, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["group"]: {name: float(row[name]) for name in row if name != "group"}
            for row in csv.DictReader(file)
        }


def _force_shares(census: Mapping[str, Mapping[str, float]], force: str) -> NDArray[np.float64]:
    """Return each group's share: the force's of 2011, grown as the group grew until 2021."""
    grown = [each[force] * each["percent_2021"] / each["percent_2011"] for each in census.values()]
    return np.cumsum(grown) / sum(grown)


def _british_given(
    ranked: list[str], rare: Mapping[str, float], sources: NameSources
) -> dict[str, float]:
    shape, common = sources.rank_shape.value, sources.common_names.value
    falling = [1 / (rank + shape) for rank in range(1, len(ranked) + 1)]
    weights = {
        name: common * each / sum(falling) for name, each in zip(ranked, falling, strict=True)
    }
    others = [name for name in rare if name not in weights]
    return (
        weights
        | {name: (1 - common) / len(others) for name in others}
        | {name: sources.double_given.value / len(_DOUBLE_GIVEN) for name in _DOUBLE_GIVEN}
    )


def _mixed(lists: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Mix lists evenly."""
    mixed: dict[str, float] = {}
    for each in lists:
        total = sum(each.values())
        for name, weight in each.items():
            mixed[name] = mixed.get(name, 0) + weight / total
    return mixed


def _given_of(locale: str, sex: str) -> dict[str, float]:
    romanized = _of_locale(locale, f"first_romanized_names_{sex}") or _of_locale(
        locale, "first_romanized_names"
    )
    return (
        romanized or _of_locale(locale, f"first_names_{sex}") or _of_locale(locale, "first_names")
    )


def _family_of(locale: str, sources: NameSources) -> dict[str, float]:
    if locale == "en_GB":
        return _british_family(sources)
    found: dict[str, float] = {}
    for each in ("last_romanized_names", "unisex_last_names", "male_last_names", "last_names"):
        found = _of_locale(locale, each)
        if found:
            break
    return found


def _british_family(sources: NameSources) -> dict[str, float]:
    common = _of_locale("en_GB", "last_names")
    total = sum(common.values())
    rare_share = sources.rare_family_names.value
    weights = {name: (1 - rare_share) * each / total for name, each in common.items()}
    rare = {
        name
        for locale in ("en_US", "en_IE", "en")
        for name in _of_locale(locale, "last_names")
        if name not in weights
    }
    weights |= dict.fromkeys(sorted(rare), rare_share / len(rare))
    pick = np.random.default_rng(_DOUBLE_SEED)
    names, chances = list(weights), np.array(list(weights.values()))
    pairs = pick.choice(len(names), size=(_DOUBLES, 2), p=chances / chances.sum())
    doubles = {f"{names[a]}-{names[b]}" for a, b in pairs.tolist() if a != b}
    return weights | dict.fromkeys(sorted(doubles), sources.double_barrelled.value / len(doubles))


#: What American registrars wrote where a child had no name yet, and Faker has from them.
_NO_NAMES = frozenset({"Unknown"})


def _of_locale(locale: str, attribute: str) -> dict[str, float]:
    """Return a list of Faker's with its weights, all 1 if it has none; empty if it is not there."""
    provider: Any = importlib.import_module(f"faker.providers.person.{locale}").Provider
    found = getattr(provider, attribute, ())
    weights = found.items() if isinstance(found, dict) else ((each, 1.0) for each in found)
    named: dict[str, float] = {}
    for each, weight in weights:
        name = each.title() if each.isupper() else each
        if name in _NO_NAMES:
            continue
        if name.isascii() or all(letter in " -'’" or _is_latin(letter) for letter in name):
            named[name] = named.get(name, 0) + float(weight)
    return named


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def _alias_tables(tables: tuple[Mapping[int, float], ...]) -> AliasTables:
    sizes = [len(each) for each in tables]
    keep, other, word = [], [], []
    for each in tables:
        kept, alias = _alias(np.array(list(each.values())))
        words = np.array(list(each), np.int32)
        keep.append(kept)
        other.append(words[alias])
        word.append(words)
    return AliasTables(
        first=np.cumsum([0, *sizes[:-1]]),
        size=np.array(sizes),
        keep=np.concatenate(keep),
        other=np.concatenate(other),
        word=np.concatenate(word),
    )


def _alias(weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Pair each word that is too rare for its place with one that is too frequent."""
    count = len(weights)
    scaled: list[float] = (weights * (count / weights.sum())).tolist()
    alias = list(range(count))
    rare = [i for i in range(count) if scaled[i] < 1]
    frequent = [i for i in range(count) if scaled[i] >= 1]
    keep = [1.0] * count
    while rare and frequent:
        i, j = rare.pop(), frequent[-1]
        keep[i], alias[i] = scaled[i], j
        scaled[j] -= 1 - scaled[i]
        if scaled[j] < 1:
            rare.append(frequent.pop())
    return np.array(keep), np.array(alias)


def expected_collision(names: Names, force: str, ages: Mapping[int, float]) -> float:
    """Return the chance that two people have the same given and family name.

    `ages` holds the share of people born in each of the decades.
    """
    shares = np.diff(np.concatenate([[0.0], names.shares[force]]))
    parts: list[tuple[float, int, int]] = []
    british = len(names.decades) * 2
    for group, share in enumerate(shares.tolist()):
        for sex in range(2):
            own = share / 2 * (1 - names.british_given[group])
            parts.append((own, british + group * 2 + sex, group))
            for i, decade in enumerate(names.decades):
                part = share / 2 * names.british_given[group] * ages.get(decade, 0)
                parts.append((part, i * 2 + sex, group))
    given = _overlaps(names.given_weights, len(names.given))
    family = _overlaps(names.family_weights, len(names.family))
    chances = np.array([each[0] for each in parts])
    of_given = np.array([each[1] for each in parts])
    of_family = np.array([each[2] for each in parts])
    same = given[np.ix_(of_given, of_given)] * family[np.ix_(of_family, of_family)]
    return float(chances @ same @ chances)


def _overlaps(tables: tuple[Mapping[int, float], ...], words: int) -> NDArray[np.float64]:
    """Return the chance that draws from two tables are the same word, for each pair of tables."""
    dense = np.zeros((len(tables), words))
    for i, each in enumerate(tables):
        dense[i, list(each)] = list(each.values())
    dense /= dense.sum(axis=1, keepdims=True)
    return np.asarray(dense @ dense.T)
