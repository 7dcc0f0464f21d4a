"""The people of the scenarios: who they are, what the force wrote down, and what they have seen.

The force has a mobile number and a mailbox of everybody; what they want to hear by is another
matter. Nobody is used twice, so that a world may be shared.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from reference.contract.events import Channel, Officer, VictimRecord
from reference.contract.identity import agreed_word_digest
from simulator.drivers.base import Session
from simulator.evidence import PersonKnown
from simulator.gateway.inbox import Accepted
from simulator.victims import Victim

OKAFOR = Officer("PC Okafor", "4271")
OFFICERS = {each.name: each for each in (OKAFOR, Officer("PC Lund", "1193"))}
TEAM = "Burglary Team"
WORD = "kingfisher"
#: People made one after another take these in turn.
FAMILY_NAMES = ("Blythe", "Corran", "Dunmore", "Ellwood", "Farrow", "Garside", "Hexham", "Ilmore")


@dataclass
class Actor:
    """One person of a scenario, as the sentences have built them so far."""

    name: str
    known: PersonKnown
    record: VictimRecord
    crime_reference: str = ""
    #: The references of all their crimes, by the words of the features.
    crimes: dict[str, str] = field(default_factory=dict)
    session: Session | None = None
    session_at: datetime | None = None
    asked: list[str] = field(default_factory=list)
    #: The crime's page as it was when this person last took note of it.
    page: list[str] = field(default_factory=list)
    #: Messages that an earlier step was about.
    noted: set[str] = field(default_factory=set)
    told: list[Accepted] = field(default_factory=list)

    @property
    def victim(self) -> Victim:
        """This person, as the functions of the simulator want them."""
        return Victim(self.known, self.record, WORD)

    @property
    def address(self) -> str:
        """What they sign in with: the number or mailbox they want to hear by."""
        by_text = "text" in self.record.preferred_channels
        return self.record.mobile_phone if by_text else self.record.email


class Register:
    """Numbers, names and references that a run has not used yet."""

    def __init__(self, identity_key: str) -> None:
        self._identity_key = identity_key
        self._people = 0
        self._crimes = 0

    def person(self, name: str, channels: tuple[Channel, ...], at: datetime) -> Actor:
        """Make a person with a phone and a mailbox of their own, who asked for these channels."""
        self._people += 1
        number = self._people
        person_id = f"person-{number:05d}"
        known = PersonKnown(
            at=at,
            person_id=person_id,
            role="victim",
            given_name=name,
            family_name=FAMILY_NAMES[number % len(FAMILY_NAMES)],
            mobile_phone=self._mobile(number),
            email=f"{name.lower()}.{number}@example.com",
        )
        record = VictimRecord(
            person_id=person_id,
            given_name=known.given_name,
            family_name=known.family_name,
            born=date(1984, 5, 1),
            mobile_phone=known.mobile_phone,
            email=known.email,
            preferred_channels=channels,
            safe_to_contact=True,
            agreed_word_digest=agreed_word_digest(self._identity_key, person_id, WORD),
        )
        return Actor(name, known, record)

    def crime_reference(self, prefix: str, at: datetime) -> str:
        """Make an occurrence number nobody has."""
        self._crimes += 1
        return f"{prefix}{at:%y}{self._crimes:07d}"

    @staticmethod
    def _mobile(number: int) -> str:
        """Ofcom's drama mobiles, without those to which Notify gives a meaning."""
        usable = [n for n in range(1000) if n not in _MAGIC]
        if number >= len(usable):
            raise RuntimeError("a run has at most 994 people with a phone of their own")
        return f"07700900{usable[number]:03d}"


def channels_of(words: str) -> tuple[Channel, ...]:
    """Read "text", "email" or "text and email"; raises ValueError for anything else."""
    asked = words.split(" and ")
    if not set(asked) <= set(_CHANNELS):
        raise ValueError(f"{words!r} names no channels: text, email, or text and email")
    return tuple(channel for channel in _CHANNELS if channel in asked)


_CHANNELS: tuple[Channel, ...] = ("text", "email")
_MAGIC = {0, 1, 2, 3, 111, 222}
