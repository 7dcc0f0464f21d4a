"""How the force of a run writes things down: names, ids of people and crimes, mail domains.

All of it is drawn by the seed, or is the target's own. So no portal can tell by a name, a domain or
the form of an id that the suite is there. Nobody is real: domains are reserved, names are common.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from random import Random
from zlib import crc32

from simulator.inputs.own_people import OwnPeople
from simulator.population.people import (
    AGREED_WORDS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    MAIL_DOMAINS,
)

#: Names that are also words could stand in a message that names nobody.
_LETTERS_MIN = 4
_WORDS = """
Bell Black Bond Bright Brook Brooks Brown Burns Butler Carpenter Carter Case Chamber Chambers
Church Clear Close Coates Cook Cooke Cooper Cross Dawn Drew Faith Field Fields Fisher Fletcher
Foster Fox Frank Freeman Fuller Gardiner Gardner Georgia Glover Grace Grant Gray Green Grey Guy
Harper Heath Heather Hill Hope Hunter Jade Jean King Knight Lane Little Long Marsh Mason Miles
Miller Mills Nash Noble North Norman Page Palmer Parker Patience Piper Poole Pope Potter Power
Price Rice Robin Rose Ross Ruth Saunders Sharp Shaw Short Skinner Smart Spencer Stone Street
Summers Taylor Thorpe Turner Victoria Walker Wall Walls Ward Waters Webb Webster Wells West
White Will Wood Woods Young
"""
_ALSO_WORDS = frozenset(_WORDS.split())
#: How forces write the number of a person's record.
_PERSON_IDS = ("P{number}", "NOM{number}", "{number}", "N-{number}", "{number}V", "PER-{number}")
#: How forces write the number of an occurrence. One force may have both.
_REFERENCES = ("{prefix}{year}{number}", "{prefix}/{number}/{year}", "{prefix}{year}{number}")
_SYSTEMS = ("occurrences", "rms", "records", "crime-records", "cases")


@dataclass(frozen=True)
class MadeUpRecords:
    """What one seed draws, unless the target says it in `own`."""

    seed: str
    own: OwnPeople = field(default_factory=OwnPeople)

    @property
    def mail_domains(self) -> tuple[str, str, str]:
        """Give three domains, one of them at example.com, example.net or example.org."""
        draw = self._draw("domains")
        if self.own.mail_domains:
            first, second, third, *_ = draw.sample(self.own.mail_domains * 3, 3)
            return first, second, third
        word, other = draw.sample(AGREED_WORDS, 2)
        drawn = [draw.choice(MAIL_DOMAINS), f"{word}.example", f"post.{other}.test"]
        draw.shuffle(drawn)
        return drawn[0], drawn[1], drawn[2]

    def mail_domain(self, whose: str) -> str:
        """Give the domain of a person: the same one in every run of a seed."""
        domains = self.mail_domains
        return domains[crc32(f"{self.seed}/{whose}".encode()) % len(domains)]

    @property
    def given_names(self) -> tuple[str, ...]:
        """List given names in an order of the seed's own."""
        return self._shuffled("given names", self.own.given_names or _names(GIVEN_NAMES))

    @property
    def family_names(self) -> tuple[str, ...]:
        """List family names in an order of the seed's own."""
        return self._shuffled("family names", self.own.family_names or _names(FAMILY_NAMES))

    @property
    def agreed_words(self) -> tuple[str, ...]:
        """List words that people may have agreed, in an order of the seed's own."""
        return self._shuffled("words", AGREED_WORDS)

    def person_id(self, number: int) -> str:
        """Write the id of a person's record, whose number differs from all others of the run."""
        pattern = self.own.person_id or self._draw("person ids").choice(_PERSON_IDS)
        return pattern.replace("{number}", f"{number:06d}")

    def crime_reference(self, prefix: str, at: datetime, number: str) -> str:
        """Write an occurrence number from seven digits, the force's prefix and the year."""
        pattern = self.own.crime_reference or _REFERENCES[crc32(number.encode()) % len(_REFERENCES)]
        filled = pattern.replace("{prefix}", prefix).replace("{year}", f"{at:%y}")
        return filled.replace("{number}", number)

    @property
    def first_number(self) -> int:
        """Give the number from which a run counts its people and crimes on."""
        return self._draw("numbers").randrange(100_000, 700_000)

    @property
    def source(self) -> str:
        """Name the force's system that events come from."""
        draw = self._draw("source")
        return f"{draw.choice(_SYSTEMS)}-{draw.randrange(16**6):06x}"

    def _shuffled(self, what: str, names: tuple[str, ...]) -> tuple[str, ...]:
        drawn = list(names)
        self._draw(what).shuffle(drawn)
        return tuple(drawn)

    def _draw(self, what: str) -> Random:
        # Not for secrets: a run must be drawn again from its seed.
        return Random(f"records/{self.seed}/{what}")  # noqa: S311


@cache
def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Keep plain names that are not also words."""
    return tuple(
        each
        for each in dict.fromkeys(names)
        if len(each) >= _LETTERS_MIN and each.isalpha() and each.isascii()
        and each not in _ALSO_WORDS
    )  # fmt: skip
