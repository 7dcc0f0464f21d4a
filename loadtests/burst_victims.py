"""The victims of a burst and their crimes, made from a number and the name of the run.

The runner and the Locust process make the same victims. When the drama range is used up, victims
share numbers; then only the gateway reference shows who a message is for.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct, structs

from loadtests.victim_records import TrueVictim, victim_records
from reference.contract.events import (
    ClosingOutcome,
    CrimeClosed,
    CrimeRecorded,
    OfficerDeployed,
    VictimRecord,
)
from reference.contract.identity import Proof
from simulator.evidence.records import PersonKnown
from simulator.population.identity import Identity
from simulator.population.recorded import Recorded, Written

NO_SUSPECT_IDENTIFIED: ClosingOutcome = 18


class BurstVictims(Struct, frozen=True, kw_only=True):
    """All victims of one run. `run` keeps them apart from an earlier run's on the same portal.

    `ordered` is the proof of identity that the order asks for. With `data_quality`, a file of
    rates, the force's records of victims have faults. Those of the first `rightly_recorded` have
    none: they visit the portal, and can only do so if it reaches them. Crimes that are known before
    the burst were recorded before `known_since`, each in a second of its own.
    """

    run: str
    count: int
    force: str
    reference_prefix: str
    offence_subgroup: str
    ordered: Proof = "agreed_word"
    data_quality: str = ""
    seed: int = 1
    rightly_recorded: int = 0
    known_since: datetime | None = None

    def person_id(self, number: int) -> str:
        """Return a victim's id."""
        return f"load-{self.run}-{number:05d}"

    def crime_reference(self, number: int) -> str:
        """Return the reference of a victim's crime."""
        return f"{self.reference_prefix}{self.run}{number:05d}"

    def number_of(self, crime_reference: str) -> int | None:
        """Return the number of the victim of a crime, None for a crime that is not of this run."""
        run = f"{self.reference_prefix}{self.run}"
        number = crime_reference.removeprefix(run)
        is_ours = crime_reference.startswith(run) and number.isdecimal()
        return int(number) if is_ours and int(number) < self.count else None

    def recorded_at(self, number: int, now: datetime) -> datetime:
        """Say when a crime was recorded that is known before the burst."""
        if self.known_since is None:
            return now
        return self.known_since - timedelta(seconds=number)

    def mobile_phone(self, number: int) -> str:
        """Give the victim a telephone from the drama range."""
        return TrueVictim(number).mobile_phone

    def proof(self, number: int) -> str:
        """Return the victim's proof at sign-in; it differs for victims who share a number."""
        word, born = f"kingfisher {number}", TrueVictim(number).born
        return Identity(self.ordered, "").proof_of(agreed_word=word, born=born)

    def known(self, number: int, at: datetime) -> PersonKnown:
        """Return the truth about a victim."""
        victim, records = TrueVictim(number), self._records_of(number)
        return PersonKnown(
            at=at,
            person_id=self.person_id(number),
            role="victim",
            given_name=victim.given_name,
            family_name=victim.family_name,
            mobile_phone=victim.mobile_phone,
            faults=records.faults(number) if records else (),
        )

    def known_records(self, number: int, at: datetime) -> Iterator[PersonKnown]:
        """Return the truth about a victim for each record that there is of them."""
        known, records = self.known(number, at), self._records_of(number)
        yield known
        if records and (second := records.second(number)):
            again, place = second
            yield structs.replace(
                known,
                person_id=_again(known.person_id),
                faults=again.faults(place),
                same_as=known.person_id,
            )

    def recorded(self, number: int, at: datetime, identity_key: str) -> CrimeRecorded:
        """Make the event that records a crime of a victim who wants texts, as it was typed."""
        return CrimeRecorded(
            crime_reference=self.crime_reference(number),
            force=self.force,
            offence_code="",
            offence_subgroup=self.offence_subgroup,
            offence=self.offence_subgroup,
            recorded_at=at,
            victims=tuple(self._written_down(number, identity_key)),
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

    def _written_down(self, number: int, identity_key: str) -> Iterator[VictimRecord]:
        """Give the records of a victim: none if they were omitted, two if recorded twice."""
        person_id, records = self.person_id(number), self._records_of(number)
        identity, proof = Identity(self.ordered, identity_key), self.proof(number)
        if records is None:
            yield identity.written_down(_record(person_id, _rightly(number)), proof)
            return
        if records.omitted[number]:
            return
        first = _record(person_id, records.record(number))
        yield identity.written_down(structs.replace(first, role=records.role(number)), proof)
        if second := records.second(number):
            again, place = second
            other = _record(_again(person_id), again.record(place))
            yield identity.written_down(structs.replace(other, role=again.role(place)), proof)

    def _records_of(self, number: int) -> Recorded | None:
        """Give the records that have faults; None for a victim whose record is right."""
        if not self.data_quality or number < self.rightly_recorded:
            return None
        return victim_records(self.count, self.data_quality, self.seed)


def _rightly(number: int) -> Written:
    victim = TrueVictim(number)
    return Written(
        given_name=victim.given_name,
        family_name=victim.family_name,
        born=victim.born,
        mobile_phone=victim.mobile_phone,
        other_phone="",
        email="",
    )


def _record(person_id: str, written: Written) -> VictimRecord:
    return VictimRecord(
        person_id=person_id,
        given_name=written.given_name,
        family_name=written.family_name,
        born=written.born,
        mobile_phone=written.mobile_phone,
        other_phone=written.other_phone,
        email=written.email,
        preferred_channels=("text",),
        safe_to_contact=True,
    )


def _again(person_id: str) -> str:
    """Give the id of a second record of a person."""
    return f"{person_id}-again"
