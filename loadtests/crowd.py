"""The victims of a burst and their crimes, made from a number and the name of the run.

Pure: the runner and the Locust process make the same crowd. Numbers are shared once the drama range
is used up; what is told to whom is then known by the gateway reference alone.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct

from reference.contract.events import ClosingOutcome, CrimeClosed, CrimeRecorded, VictimRecord
from reference.contract.identity import Proof
from simulator.evidence.records import PersonKnown
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.population.identity import Identity

NO_SUSPECT_IDENTIFIED: ClosingOutcome = 18


class Crowd(Struct, frozen=True, kw_only=True):
    """Everybody of one run. `run` keeps them apart from those of an earlier run on one portal.

    `ordered` is what the order has them prove who they are by.
    """

    run: str
    count: int
    force: str
    reference_prefix: str
    offence_subgroup: str
    ordered: Proof = "agreed_word"

    def person_id(self, number: int) -> str:
        """Name a victim."""
        return f"load-{self.run}-{number:05d}"

    def crime_reference(self, number: int) -> str:
        """Number the crime that happened to a victim."""
        return f"{self.reference_prefix}{self.run}{number:05d}"

    def mobile_phone(self, number: int) -> str:
        """Give the victim a telephone from the drama range."""
        return mobile_phone(ORDINARY_MOBILES[number % len(ORDINARY_MOBILES)])

    def proof(self, number: int) -> str:
        """Say what the victim gives at sign-in: nobody gives the same who has the same number."""
        word, born = f"kingfisher {number}", _born(number)
        return Identity(self.ordered, "").proof_of(agreed_word=word, born=born)

    def known(self, number: int, at: datetime) -> PersonKnown:
        """Tell the truth about a victim."""
        given_name, family_name = _name(number)
        return PersonKnown(
            at=at,
            person_id=self.person_id(number),
            role="victim",
            given_name=given_name,
            family_name=family_name,
            mobile_phone=self.mobile_phone(number),
        )

    def recorded(self, number: int, at: datetime, identity_key: str) -> CrimeRecorded:
        """Record the crime of a victim who wants texts."""
        given_name, family_name = _name(number)
        person_id = self.person_id(number)
        victim = VictimRecord(
            person_id=person_id,
            given_name=given_name,
            family_name=family_name,
            born=_born(number),
            mobile_phone=self.mobile_phone(number),
            preferred_channels=("text",),
            safe_to_contact=True,
        )
        identity = Identity(self.ordered, identity_key)
        return CrimeRecorded(
            crime_reference=self.crime_reference(number),
            force=self.force,
            offence_code="",
            offence_subgroup=self.offence_subgroup,
            offence=self.offence_subgroup,
            recorded_at=at,
            victims=(identity.written_down(victim, self.proof(number)),),
        )

    def closed(self, number: int, at: datetime) -> CrimeClosed:
        """Close the crime of a victim, as most that are closed in bulk are."""
        return CrimeClosed(
            crime_reference=self.crime_reference(number),
            outcome=NO_SUSPECT_IDENTIFIED,
            closed_at=at,
            decided_by="police",
        )


def _born(number: int) -> date:
    """Give a birthday within a lifetime of adults; a prime number of days, so that few share it."""
    return date(1940, 1, 1) + timedelta(days=number % 22_003)


def _name(number: int) -> tuple[str, str]:
    return (
        _GIVEN_NAMES[number % len(_GIVEN_NAMES)],
        _FAMILY_NAMES[number // len(_GIVEN_NAMES) % len(_FAMILY_NAMES)],
    )


_GIVEN_NAMES = ("Alex", "Bethan", "Carl", "Donna", "Elliot", "Fiona", "Graham", "Hollie")
_FAMILY_NAMES = ("Bryant", "Clarke", "Dixon", "Elliott", "Foster", "Gibbs", "Howarth", "Ingram")
