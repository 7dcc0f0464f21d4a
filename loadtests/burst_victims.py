"""The victims of a burst and their crimes, made from a number and the name of the run.

Pure: the runner and the Locust process make the same victims. When the drama range is used up,
victims share numbers; then only the gateway reference shows who a message is for.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct

from reference.contract.events import (
    ClosingOutcome,
    CrimeClosed,
    CrimeRecorded,
    OfficerDeployed,
    VictimRecord,
)
from reference.contract.identity import Proof
from simulator.evidence.records import PersonKnown
from simulator.population.drama_numbers import ORDINARY_MOBILES, mobile_phone
from simulator.population.identity import Identity

NO_SUSPECT_IDENTIFIED: ClosingOutcome = 18


class BurstVictims(Struct, frozen=True, kw_only=True):
    """All victims of one run. `run` keeps them apart from an earlier run's on the same portal.

    `ordered` is the proof of identity that the order asks for.
    """

    run: str
    count: int
    force: str
    reference_prefix: str
    offence_subgroup: str
    ordered: Proof = "agreed_word"

    def person_id(self, number: int) -> str:
        """Return a victim's id."""
        return f"load-{self.run}-{number:05d}"

    def crime_reference(self, number: int) -> str:
        """Return the reference of a victim's crime."""
        return f"{self.reference_prefix}{self.run}{number:05d}"

    def mobile_phone(self, number: int) -> str:
        """Give the victim a telephone from the drama range."""
        return mobile_phone(ORDINARY_MOBILES[number % len(ORDINARY_MOBILES)])

    def proof(self, number: int) -> str:
        """Return the victim's proof at sign-in; it differs for victims who share a number."""
        word, born = f"kingfisher {number}", _born(number)
        return Identity(self.ordered, "").proof_of(agreed_word=word, born=born)

    def known(self, number: int, at: datetime) -> PersonKnown:
        """Return the truth about a victim."""
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
        """Make the event that records a crime of a victim who wants texts."""
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

    def deployed(self, number: int, at: datetime) -> OfficerDeployed:
        """Make the event that an officer is on the way to a victim."""
        return OfficerDeployed(crime_reference=self.crime_reference(number), deployed_at=at)

    def closed(self, number: int, at: datetime) -> CrimeClosed:
        """Make the event that closes a victim's crime, with the usual outcome of a bulk closure."""
        return CrimeClosed(
            crime_reference=self.crime_reference(number),
            outcome=NO_SUSPECT_IDENTIFIED,
            closed_at=at,
            confirmed_at=at,
            decided_by="police",
        )


def _born(number: int) -> date:
    """Make a date of birth; the prime number of days makes few victims share one."""
    return date(1940, 1, 1) + timedelta(days=number % 22_003)


def _name(number: int) -> tuple[str, str]:
    return (
        _GIVEN_NAMES[number % len(_GIVEN_NAMES)],
        _FAMILY_NAMES[number // len(_GIVEN_NAMES) % len(_FAMILY_NAMES)],
    )


_GIVEN_NAMES = ("Alex", "Bethan", "Carl", "Donna", "Elliot", "Fiona", "Graham", "Hollie")
_FAMILY_NAMES = ("Bryant", "Clarke", "Dixon", "Elliott", "Foster", "Gibbs", "Howarth", "Ingram")
