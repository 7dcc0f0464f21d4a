"""Turn rows of the population into what the force records: contract events, and the truth.

Stage 4 of a rehearsal. Columns stay columns until an event or a person is needed.
"""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from reference.contract.events import (
    AnyEvent,
    AppointmentMade,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    Officer,
    OfficerDeployed,
    OutcomeRecorded,
    Role,
    VictimRecord,
)
from simulator.clock import LONDON
from simulator.evidence.records import PersonKnown
from simulator.force.crime_journey import EVENT_KINDS
from simulator.force.crime_mix import DECIDERS
from simulator.force.crimes import Crimes
from simulator.force.london_days import DAY_SECONDS, LondonDays
from simulator.inputs.order import Order
from simulator.population.drama_numbers import NONE
from simulator.population.identity import Identity
from simulator.population.people import People, Person
from simulator.population.phone_numbers import Numbers, write_mobile
from simulator.population.recorded import Recorded, Written
from simulator.world.victims import Victim


class Casework:
    """Events, victims and references of one population. One row always gives the same answer."""

    def __init__(
        self,
        crimes: Crimes,
        people: People,
        recorded: Recorded,
        *,
        order: Order,
        is_safe: NDArray[np.bool_],
        has_named_officer: NDArray[np.bool_],
        has_enhanced_rights: NDArray[np.bool_] | None = None,
        identity_key: str,
    ) -> None:
        self.crimes = crimes
        self._people = people
        self._recorded = recorded
        self._order = order
        self._is_safe = is_safe
        self._is_named = has_named_officer
        none = np.zeros(len(crimes), dtype=np.bool_)
        self._is_enhanced = none if has_enhanced_rights is None else has_enhanced_rights
        self._identity = Identity(order.sign_in.proof, identity_key)

    def is_one_victim(self) -> NDArray[np.bool_]:
        """Return for every row whether its victim was recorded, as a victim, and once."""
        once: NDArray[np.bool_] = ~self._recorded.omitted & (self._recorded.wrong_role == 0)
        once[list(self._recorded.twice)] = False
        return once

    @property
    def numbers(self) -> Numbers:
        """The ranges of the people's phone numbers."""
        return self._people.numbers

    @property
    def recorded(self) -> Recorded:
        """What the force wrote down about everybody."""
        return self._recorded

    def reference(self, row: int) -> str:
        """Give the crime reference of a row: force, year, and the row."""
        force = self._order.forces[self.force(row)]
        year = self.crimes.start + timedelta(seconds=int(self.crimes.seconds["CrimeRecorded"][row]))
        return f"{force.reference_prefix}{year:%y}{row:07d}"

    def force(self, row: int) -> str:
        """Give the force of a row."""
        return self.crimes.figures.forces[int(self.crimes.force[row])]

    def victim(self, row: int) -> Victim:
        """Give a row's victim: the true details, and what the force wrote down.

        Of somebody who was not recorded at all it is what would have been written down.
        """
        person = self._people.person(row)
        faults, role = self._recorded.faults(row), self._recorded.role(row)
        return self._written_down(row, person, self._recorded.record(row), faults, role)

    def second_record(self, row: int) -> Victim | None:
        """Give the second record of a person who was recorded twice, under an id of its own."""
        found = self._recorded.second(row)
        if found is None:
            return None
        recorded, place = found
        person = self._people.person(row)
        person = replace(person, person_id=f"{person.person_id}-again")
        written, role = recorded.record(place), recorded.role(place)
        second = self._written_down(row, person, written, recorded.faults(place), role)
        known = structs.replace(second.known, same_as=self._people.person(row).person_id)
        return replace(second, known=known)

    def is_told(self, row: int, victim: Victim) -> bool:
        """Return whether a victim of a row's crime is told of it, by what is written of them."""
        recorded = self._recorded_event(row, self.reference(row), None)
        of_one = structs.replace(recorded, victims=(victim.record,))
        return not self._order.exclusion(of_one, victim.person_id)

    def victims(self, row: int) -> list[Victim]:
        """List the records of a row's victim: none if they were omitted, two if recorded twice."""
        if self._recorded.omitted[row]:
            return []
        second = self.second_record(row)
        return [self.victim(row), *([second] if second else [])]

    def _written_down(
        self, row: int, person: Person, written: Written, faults: tuple[str, ...], role: Role
    ) -> Victim:
        known = person.known(self.crimes.start, faults=faults)
        record = VictimRecord(
            person_id=person.person_id,
            role=role,
            given_name=written.given_name,
            family_name=written.family_name,
            born=written.born,
            mobile_phone=written.mobile_phone,
            other_phone=written.other_phone,
            email=written.email,
            preferred_channels=person.preferred_channels,
            safe_to_contact=True if self._is_safe[row] else None,
            enhanced_rights=bool(self._is_enhanced[row]),
        )
        proof = self._identity.proof_of(agreed_word=person.agreed_word, born=person.born)
        return Victim(known, self._identity.written_down(record, proof), proof)

    def shares_an_address(self, row: int, other: int) -> bool:
        """Return whether two people share an address, true or written down."""
        return bool(self._addresses(row) & self._addresses(other))

    def _addresses(self, row: int) -> set[str]:
        records = [self.victim(row), *self.victims(row)[1:]]
        found = {address for each in records for address in each.addresses}
        for each in records:
            found |= {each.record.mobile_phone, each.record.other_phone, each.record.email}
        return found - {""}

    def strangers(self, row: int) -> list[PersonKnown]:
        """Give the people who hold a valid address that was written down for a row in error."""
        found = []
        second = self._recorded.second(row)
        for recorded, place in [(self._recorded, row), *([second] if second else [])]:
            number = recorded.reaches_mobile(place)
            if number != NONE:
                mobile = write_mobile(number, self._people.numbers)
                found.append(self._stranger(f"holder of {number}", mobile=mobile))
            owner = recorded.reaches_email_of(place)
            if owner != NONE:
                email = recorded.people.person(owner).email
                found.append(self._stranger(f"owner of mailbox {email}", email=email))
        return found

    def _stranger(self, person_id: str, *, mobile: str = "", email: str = "") -> PersonKnown:
        return PersonKnown(
            at=self.crimes.start,
            person_id=person_id,
            role="stranger",
            given_name="",
            family_name="",
            mobile_phone=mobile,
            email=email,
        )

    def event(
        self, row: int, kind: int, *, beside: int | None = None, officer: Officer | None = None
    ) -> AnyEvent:
        """Give the event of a row by its kind, an index of EVENT_KINDS.

        With `beside`, the person of that row is a second victim of this crime. `officer` is who is
        given the crime, or None where a team is.
        """
        name = EVENT_KINDS[kind]
        crimes, reference = self.crimes, self.reference(row)
        at = crimes.start + timedelta(seconds=int(crimes.seconds[name][row]))
        match name:
            case "CrimeRecorded":
                return self._recorded_event(row, reference, beside)
            case "OfficerDeployed":
                return OfficerDeployed(crime_reference=reference, deployed_at=at)
            case "CrimeAllocated":
                return CrimeAllocated(
                    crime_reference=reference,
                    allocated_at=at,
                    officer_in_charge=officer,
                    team="" if officer else "Investigation Team",
                )
            case "AppointmentMade":
                starts = crimes.start + timedelta(seconds=int(crimes.appointment_starts[row]))
                return AppointmentMade(
                    crime_reference=reference,
                    appointment_id=f"{reference}-1",
                    person_id=self._people.person(row).person_id,
                    starts_at=starts,
                )
            case "OutcomeRecorded":
                return OutcomeRecorded(
                    crime_reference=reference,
                    outcome=1,
                    decided_at=at,
                    decided_by=DECIDERS[crimes.decided_by[row]],
                    interviewed_under_caution=_interviewed(crimes, row),
                )
            case _:
                return self.closed(row, reference, at)

    def closed(self, row: int, reference: str, at: datetime) -> CrimeClosed:
        """Give the event by which a crime is closed."""
        return CrimeClosed(
            crime_reference=reference,
            outcome=int(self.crimes.outcome[row]),  # type: ignore[arg-type]
            closed_at=at,
            confirmed_at=at,
            decided_by=DECIDERS[self.crimes.decided_by[row]],
            interviewed_under_caution=_interviewed(self.crimes, row),
        )

    @property
    def has_named_officer(self) -> NDArray[np.bool_]:
        """Return for every row whether it is given to a named officer, and not to a team."""
        return self._is_named

    @property
    def people(self) -> People:
        """The victims as they truly are."""
        return self._people

    @property
    def is_safe(self) -> NDArray[np.bool_]:
        """Return for every row whether it is recorded that contact is safe."""
        return self._is_safe

    @property
    def has_enhanced_rights(self) -> NDArray[np.bool_]:
        """Return for every row whether its victim has enhanced rights."""
        return self._is_enhanced

    def would_be_invited(self) -> NDArray[np.bool_]:
        """Return for every row whether the order invites its victim, if phase 1 is live.

        This works on columns, for the whole population, not only for the crimes followed.
        """
        return self.would_be_invited_if_safe() & self._is_safe

    def would_be_invited_if_safe(self) -> NDArray[np.bool_]:
        """Return for every row whether the order invites its victim, were contact safe."""
        crimes, rules = self.crimes, self._order.eligibility
        barred = set(rules.safeguarding_exclusions)
        offences = np.array(
            [
                each.subgroup in rules.offence_subgroups
                and not barred.intersection(crimes.markers_of(each))
                for each in crimes.figures.offences
            ]
        )
        invited = offences[crimes.offence] & crimes.has_individual_victim
        if "domestic_abuse" in barred:
            invited &= ~crimes.domestic_abuse
        invited &= ~self._recorded.omitted & (self._recorded.wrong_role == 0)
        born = self._recorded.born(self._people.born)
        found: NDArray[np.bool_] = invited & (
            np.isnat(born) | (self._age_months(born) >= 12 * rules.age_min_years)
        )
        return found

    def _age_months(self, born: NDArray[np.datetime64]) -> NDArray[np.int64]:
        """Count each person's age in whole months on the day the crime was recorded."""
        recorded = self.crimes.seconds["CrimeRecorded"]
        days = LondonDays.of(self.crimes.start, int(recorded.max(initial=0)) // DAY_SECONDS + 2)
        first = self.crimes.start.astimezone(LONDON).date()
        day = np.datetime64(first, "D") + np.searchsorted(days.midnights, recorded, "right") - 1
        months = day.astype("datetime64[M]") - born.astype("datetime64[M]")
        of_month = day - day.astype("datetime64[M]").astype("datetime64[D]")
        born_of_month = born - born.astype("datetime64[M]").astype("datetime64[D]")
        whole: NDArray[np.int64] = months.astype(np.int64) - (of_month < born_of_month)
        return whole

    def _recorded_event(self, row: int, reference: str, beside: int | None) -> CrimeRecorded:
        people = self.victims(row)
        if beside is not None:
            people += self.victims(beside)
        offence = self.crimes.offence_of(row)
        seconds = int(self.crimes.seconds["CrimeRecorded"][row])
        return CrimeRecorded(
            crime_reference=reference,
            force=self.force(row),
            offence_code=offence.offence_code,
            offence_subgroup=offence.subgroup,
            offence=offence.offence_description,
            grade=int(self.crimes.grade[row]),
            recorded_at=self.crimes.start + timedelta(seconds=seconds),
            safeguarding=self.crimes.safeguarding(row),
            victims=tuple(each.record for each in people),
        )


def _interviewed(crimes: Crimes, row: int) -> bool | None:
    written = int(crimes.interviewed_under_caution[row])
    return None if written < 0 else bool(written)
