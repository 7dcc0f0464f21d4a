"""What may be where the documents leave a choice: one table, `readings.toml`, that all can read.

A reading is a question that order, contract and requirements leave open, with all that may be. The
judge finds no harm in any of it, and names with each finding the readings of its requirement that
may play a part. `docs/readings.md` prints the table, and that of the tolerances. Ids are permanent.
"""

from collections.abc import Set
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

FILE = Path(__file__).with_name("readings.toml")
TOLERANCES = Path(__file__).with_name("tolerances.toml")
_Sentence = Annotated[str, Meta(min_length=1)]
_Requirement = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]+-[0-9]{2}$")]
_Decision = Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?$")]


#: What may play a part beside events and records.
SITUATIONS = {
    "AnotherIsTold": "another person is told in the victim's place",
    "ApprovedChannel": "an officer approved one channel",
    "Bounced": "an address of theirs does not work",
    "EnhancedRights": "they have enhanced rights, or had them",
    "OlderThanPhase2": "a crime of theirs was recorded before phase 2 went live",
    "OneMoment": "two events came in one moment",
    "Organisation": "the victim is an organisation",
    "OutOfOrder": "an event came after one that was recorded later",
    "SameAgain": "two events of one crime are of one kind",
    "SeveralCrimes": "they have more than one crime",
    "SeveralRecords": "the force has more than one record of them",
    "SharedAddress": "more than one person gave an address of theirs",
}


class Reading(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One open question, and what may be; `decisions` are numbers of docs/decisions.

    `touches` names what must have happened to the person or their crimes: events of the contract,
    records of the evidence, or `SITUATIONS`; of those joined by "or" one is enough. Where one is
    missing the question does not come up. `unnamed` says why no finding names it ("" if some do).
    """

    id: Annotated[str, Meta(pattern=r"^READ-[0-9]{3}$")]
    about: _Sentence
    question: _Sentence
    may_be: Annotated[tuple[_Sentence, ...], Meta(min_length=1)]
    must_not_be: tuple[_Sentence, ...] = ()
    why: _Sentence
    requirements: Annotated[tuple[_Requirement, ...], Meta(min_length=1)]
    decisions: Annotated[tuple[_Decision, ...], Meta(min_length=1)]
    touches: tuple[str, ...] = ()
    unnamed: str = ""

    def comes_up_with(self, facts: Set[str]) -> bool:
        """Say whether the question comes up where these things happened."""
        return all(facts & set(each.split(" or ")) for each in self.touches)


class Tolerance(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By how much the judge forgives: `size` goes by what it is `of`.

    `where` is its name in the code of the judge. `rests_on` names readings or requirements, and
    `tests` those that have evidence just outside it and just inside.
    """

    where: _Sentence
    size: _Sentence
    of: _Sentence
    rests_on: Annotated[tuple[_Sentence, ...], Meta(min_length=1)]
    tests: Annotated[tuple[_Sentence, ...], Meta(min_length=1)]


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    reading: tuple[Reading, ...]


class _Tolerances(Struct, frozen=True, forbid_unknown_fields=True):
    tolerance: tuple[Tolerance, ...]


@cache
def readings() -> tuple[Reading, ...]:
    """Read the table, in the order of the ids; raises ValueError for one that is not in order."""
    found = msgspec.toml.decode(FILE.read_bytes(), type=_Table).reading
    for number, reading in enumerate(found, 1):
        if reading.id != f"READ-{number:03}":
            raise ValueError(f"{FILE.name}: {reading.id} stands where READ-{number:03} should")
    return found


def tolerances() -> tuple[Tolerance, ...]:
    """Read the table of tolerances."""
    return msgspec.toml.decode(TOLERANCES.read_bytes(), type=_Tolerances).tolerance
