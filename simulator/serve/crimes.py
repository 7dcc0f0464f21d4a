"""The crimes of a demonstration, each with a made-up victim whom every message reaches.

They are made again on every run, so that nobody relies on a word or a number.
"""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from reference.contract.events import CrimeRecorded, IncidentReported, Officer, VictimRecord
from simulator.errors import BadInput
from simulator.files.checked_toml import Share
from simulator.force.figures import Offence, load_figures
from simulator.inputs.order import Order
from simulator.inputs.working_days import WorkingDays
from simulator.population.identity import Identity
from simulator.population.people import (
    PeopleParameters,
    Person,
    make_people,
    read_people_parameters,
)
from simulator.streams import Streams
from simulator.world.victims import Victim

# The number of mobiles that only one person holds.
CRIMES_MAX = 994
OFFICERS = (Officer("PC Okafor", "4271"), Officer("PC Lund", "1193"))
TEAM = "Investigation Team"


class NotPossible(Exception):
    """The request is not possible now. The message is one sentence that says what to do."""


@dataclass
class Crime:
    """One crime and its state. The user refers to it by `number`."""

    number: int
    recorded: CrimeRecorded
    victim: Victim
    working_days: WorkingDays
    officer: Officer | None = None
    allocations: int = 0
    appointments: int = 0
    replies: int = 0
    record: VictimRecord = field(init=False)

    def __post_init__(self) -> None:
        self.record = self.victim.record

    @property
    def reference(self) -> str:
        """The crime reference."""
        return self.recorded.crime_reference

    @property
    def reported(self) -> IncidentReported:
        """What was reported of it before it was recorded as a crime."""
        return IncidentReported(
            crime_reference=self.reference,
            force=self.recorded.force,
            received_at=self.recorded.recorded_at,
            victim=self.victim.record,
        )


class Caseload:
    """The crimes reported so far, all eligible by the order."""

    def __init__(self, order: Order, *, identity_key: str, seed: int) -> None:
        """Raises BadInput if the figures have no offence that is eligible by the order."""
        self._order = order
        self._identity = Identity(order.sign_in.proof, identity_key)
        self._offences = _offences(order)
        self._people = make_people(CRIMES_MAX, parameters=_reached_by_all(), streams=Streams(seed))
        self.crimes: list[Crime] = []

    def report(self, at: datetime) -> Crime:
        """Report a crime of the next victim; offences and forces rotate. Raises NotPossible."""
        i = len(self.crimes)
        if i == CRIMES_MAX:
            raise NotPossible(f"All {CRIMES_MAX} victims have a crime; quit and start again.")
        victim = self._victim(self._people.person(i), at)
        forces = list(self._order.forces)
        force = forces[i % len(forces)]
        offence = self._offences[i % len(self._offences)]
        recorded = CrimeRecorded(
            crime_reference=f"{self._order.forces[force].reference_prefix}{at:%y}{i + 1:07d}",
            force=force,
            offence_code=offence.offence_code,
            offence_subgroup=offence.subgroup,
            offence=offence.offence_description,
            recorded_at=at,
            victims=(victim.record,),
        )
        crime = Crime(i + 1, recorded, victim, self._order.working_days)
        self.crimes.append(crime)
        return crime

    def numbered(self, number: int) -> Crime:
        """Find a crime by its number; raises NotPossible."""
        if not 1 <= number <= len(self.crimes):
            last = len(self.crimes)
            numbers = f"1 to {last}" if last > 1 else "only 1; type new to report another"
            raise NotPossible(f"There is no crime {number}: there is {numbers}.")
        return self.crimes[number - 1]

    def _victim(self, person: Person, at: datetime) -> Victim:
        known = person.known(at)
        record = VictimRecord(
            person_id=person.person_id,
            given_name=person.given_name,
            family_name=person.family_name,
            born=person.born,
            mobile_phone=person.mobile_phone,
            email=person.email,
            preferred_channels=person.preferred_channels,
            safe_to_contact=True,
        )
        proof = self._identity.proof_of(agreed_word=person.agreed_word, born=person.born)
        return Victim(known, self._identity.written_down(record, proof), proof)


def _offences(order: Order) -> list[Offence]:
    """Give the most common offence of each eligible subgroup, in the order's order."""
    found = []
    figures = load_figures().offences
    for subgroup in order.eligibility.offence_subgroups:
        among = [each for each in figures if each.subgroup == subgroup]
        if among:
            found.append(max(among, key=lambda each: each.count))
    if not found:
        raise BadInput(
            "eligibility.offence_subgroups: none is in fixtures/figures/offences.csv; "
            "name one that is"
        )
    return found


def _reached_by_all() -> PeopleParameters:
    """Give the rates for adults who can be reached by text and email."""
    rates = read_people_parameters()

    def share(value: float) -> Share:
        return Share(value=value, unit="share of victims", assumed="a demonstration needs them")

    return structs.replace(
        rates,
        has_mobile=share(1),
        has_email=share(1),
        wants_text_only=share(0),
        wants_email_only=share(0),
        under_18=share(0),
    )
