"""How many wrong names can be known to be wrong at all: a limit for every rule, on made-up people.

It reads a record as one would who knows every name that `generate` gives and how frequent it is,
how each fault comes about and how often, and what the recorded email spells. A name is knowably
wrong if that is likelier than not. No check of a real extract knows so much.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from msgspec import Struct

from simulator.contact_data.name_rules import one_slip_apart
from simulator.crowd.names import Names, read_names
from simulator.crowd.words import in_mail
from simulator.population.faults.names import wrong_names
from simulator.population.misspelling import other_form

_EMAIL = re.compile(r"([a-z]*)\.([a-z]*)[0-9]+@.*")
#: Faults that make another name of the lists: the letters of a frequent name, or another form.
_ONE_SIDE = (
    *("letter_inserted", "letter_deleted", "letter_substituted", "letters_transposed"),
    *("keyboard_neighbour", "phonetic", "misread_by_scanner"),
)
_SAME_LETTERS = ("accents_lost", "names_joined")
#: A rare name comes out of a slip in a frequent one alone; slips are tried so often in each.
_FREQUENT, _SLIPS_TRIED = 250, 120
_FORMS_TRIED = 8
_Shares = Mapping[str, float]


class Written(Struct, frozen=True):
    """A name as it was written down, with the email of the record, "" for none."""

    given: str
    family: str
    email: str


class _Lists(Struct, frozen=True):
    """How frequent each name is, in all and by ethnic group, and as an email spells it."""

    given: _Shares
    family: _Shares
    by_group: tuple[tuple[float, _Shares, _Shares], ...]
    given_in_mail: frozenset[str]
    family_in_mail: frozenset[str]


class Knower:
    """Says of which names it can be known that they are wrong; `rates` is how often each is so."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        self._rates = rates
        self._lists = _lists()

    def knows(self, name: Written) -> bool:
        """Say whether a name is likelier wrong than right."""
        lists = self._lists
        if name.given not in lists.given or name.family not in lists.family:
            return True
        by_email = self._by_email(name)
        if by_email is not None:
            return by_email
        kinds = (*_ONE_SIDE, *_SAME_LETTERS, "nickname")
        return self._odds(name, kinds, with_another=True) > 1

    def _by_email(self, name: Written) -> bool | None:
        """Compare with what the email spells; None where it spells no name of the lists."""
        found = _EMAIL.fullmatch(name.email)
        lists = self._lists
        if not found or found[1] not in lists.given_in_mail or found[2] not in lists.family_in_mail:
            return None
        given, family = in_mail(name.given), in_mail(name.family)
        if (given, family) == (found[1], found[2]):
            return self._odds(name, _SAME_LETTERS, with_another=False) > 1
        if (given, family) == (found[2], found[1]) or given == found[1]:
            return True
        if family != found[2]:
            # The address is another person's, and says nothing of this one's name.
            return None
        # A household may share a mailbox: it is a slip only where one name comes of the other.
        return _is_alike(found[1], given) or given in _other_forms(found[1])

    def _odds(self, name: Written, kinds: Iterable[str], *, with_another: bool) -> float:
        """Return how much likelier a fault explains the written name than that it is right."""
        lists, given, family = self._lists, name.given, name.family
        by_chance = lists.given[given] * lists.family[family]
        together = sum(
            share * first.get(given, 0.0) * last.get(family, 0.0)
            for share, first, last in lists.by_group
        )
        if not together:
            return float("inf")
        # A slip leaves names of one group together, as they are where nothing is wrong.
        alike = max(1.0, together / by_chance)
        wrong = 0.0
        for kind in kinds:
            of_given, of_family = _comes_out(kind)
            wrong += (
                self._rates.get(kind, 0.0)
                * alike
                * (
                    of_given.get(given, 0.0) * lists.family[family]
                    + of_family.get(family, 0.0) * lists.given[given]
                )
            )
        if with_another:
            swapped = lists.given.get(family, 0.0) * lists.family.get(given, 0.0)
            wrong += self._rates.get("married_name", 0.0) * by_chance
            wrong += self._rates.get("names_swapped", 0.0) * swapped
        return wrong / (max(1e-3, 1 - sum(self._rates.values())) * together)


def _is_alike(one: str, other: str) -> bool:
    """Say whether two names are one slip apart, or two of which each shortens the other."""
    shorter = {one[:at] + one[at + 1 :] for at in range(len(one))}
    return one_slip_apart(one, other) or any(one_slip_apart(each, other) for each in shorter)


@cache
def _other_forms(given: str) -> frozenset[str]:
    """List the nicknames of a name as an email spells it."""
    return frozenset(in_mail(other_form(given.capitalize(), how)) for how in range(_FORMS_TRIED))


@cache
def _lists() -> _Lists:
    """Read the names; of the two forces' areas half each, and of every decade as many people."""
    names = read_names()
    shares = np.mean(
        [np.diff(np.concatenate([[0.0], each])) for each in names.shares.values()], axis=0
    )
    groups = []
    for group, share in enumerate(shares.tolist()):
        family = _shares(names.family_weights[group], names.family)
        groups.append((share, _given_of_group(names, group), family))
    return _Lists(
        given=_mixed((share, given) for share, given, _family in groups),
        family=_mixed((share, family) for share, _given, family in groups),
        by_group=tuple(groups),
        given_in_mail=frozenset(map(in_mail, names.given)),
        family_in_mail=frozenset(map(in_mail, names.family)),
    )


def _given_of_group(names: Names, group: int) -> _Shares:
    british = float(names.british_given[group])
    births = len(names.decades) * 2
    tables = [(british / births, table) for table in range(births)]
    tables += [((1 - british) / 2, births + group * 2 + sex) for sex in range(2)]
    return _mixed(
        (share, _shares(names.given_weights[table], names.given)) for share, table in tables
    )


def _shares(weights: Mapping[int, float], words: tuple[str, ...]) -> _Shares:
    total = sum(weights.values())
    return {words[place]: weight / total for place, weight in weights.items()}


def _mixed(parts: Iterable[tuple[float, _Shares]]) -> dict[str, float]:
    mixed: dict[str, float] = {}
    for share, names in parts:
        for name, weight in names.items():
            mixed[name] = mixed.get(name, 0.0) + share * weight
    return mixed


@cache
def _comes_out(kind: str) -> tuple[_Shares, _Shares]:
    """Return how often each listed name comes out of a fault, as a given and as a family name."""
    lists = _lists()
    return _of_side(kind, lists.given, is_given=True), _of_side(kind, lists.family, is_given=False)


def _of_side(kind: str, shares: _Shares, *, is_given: bool) -> _Shares:
    if kind in _ONE_SIDE:
        names, tries = _most_frequent(shares), _SLIPS_TRIED
        whole = 1.0
    else:
        # Only what changes can be wrong so: a name with accents, with parts, or with a nickname.
        names, tries = list(shares), _FORMS_TRIED if kind == "nickname" else 1
        whole = 0.0
    if kind == "nickname" and not is_given:
        return {}
    true = [each for each in names for _try in range(tries)]
    # The last bit chooses the side that is wrong.
    rng = np.random.default_rng(1)
    how = (rng.integers(2**30, size=len(true)) * 2 + is_given).tolist()
    still = ["Smith" if is_given else "Anna"] * len(true)
    sides = (true, still) if is_given else (still, true)
    came = wrong_names(kind, *sides, ["Jones"] * len(true), how)[0 if is_given else 1]
    found: dict[str, float] = {}
    for name, written in zip(true, came, strict=True):
        if written != name:
            found[written] = found.get(written, 0.0) + shares[name] / tries
    whole = whole or sum(found.values()) or 1.0
    # Of a slip in either name, each is as likely.
    side = 0.5 if kind != "nickname" else 1.0
    return {name: side * share / whole for name, share in found.items() if name in shares}


def _most_frequent(shares: _Shares) -> list[str]:
    return sorted(shares, key=lambda each: (-shares[each], each))[:_FREQUENT]


def known_share(knower: Knower, names: Sequence[Written]) -> float:
    """Return the share of names that are knowably wrong; 0 for none."""
    return sum(map(knower.knows, names)) / len(names) if names else 0.0
