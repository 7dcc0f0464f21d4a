"""The turns that a recorded crime can take, as officers and records staff record them.

Each has a method, and causes an event like any other.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from reference.contract.events import (
    AnyEvent,
    CrimeCancelled,
    CrimeMerged,
    CrimeReclassified,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    Milestone,
    MilestoneReached,
    Officer,
    OfficerUnavailable,
    VictimContacted,
)


class Turns(ABC):
    """The turns of an occurrence; each method returns the id of its event."""

    def __init__(self, *, now: Callable[[], datetime]) -> None:
        self._now = now

    @abstractmethod
    def record(self, event: AnyEvent, *, happened_at: datetime | None = None) -> str:
        """Record a fact."""

    def reach_milestone(
        self, crime_reference: str, milestone: Milestone, *, person_id: str | None = None
    ) -> str:
        """Note that the investigation passed a milestone, that of one person or of the crime."""
        return self.record(
            MilestoneReached(
                crime_reference=crime_reference,
                milestone=milestone,
                reached_at=self._now(),
                person_id=person_id,
            )
        )

    def reopen(self, crime_reference: str) -> str:
        """Reopen a closed crime."""
        return self.record(CrimeReopened(crime_reference=crime_reference, reopened_at=self._now()))

    def reclassify(
        self,
        crime_reference: str,
        *,
        offence_code: str,
        offence_subgroup: str,
        offence: str,
        safeguarding: tuple[str, ...] = (),
    ) -> str:
        """Record the crime as another offence; `safeguarding` is its full list of markers."""
        return self.record(
            CrimeReclassified(
                crime_reference=crime_reference,
                offence_code=offence_code,
                offence_subgroup=offence_subgroup,
                offence=offence,
                safeguarding=safeguarding,
                reclassified_at=self._now(),
            )
        )

    def merge(self, crime_reference: str, *, into: str) -> str:
        """Merge an occurrence into another."""
        return self.record(
            CrimeMerged(crime_reference=crime_reference, into=into, merged_at=self._now())
        )

    def unmerge(self, crime_reference: str) -> str:
        """Take a merger back: the occurrence stands by itself again."""
        return self.record(CrimeUnmerged(crime_reference=crime_reference, unmerged_at=self._now()))

    def transfer(self, crime_reference: str, *, to_force: str) -> str:
        """Transfer the crime to another force, by its name for victims."""
        return self.record(
            CrimeTransferred(
                crime_reference=crime_reference, to_force=to_force, transferred_at=self._now()
            )
        )

    def cancel(self, crime_reference: str) -> str:
        """Cancel the record: it was not a crime, or was recorded twice."""
        return self.record(
            CrimeCancelled(crime_reference=crime_reference, cancelled_at=self._now())
        )

    def note_contact(self, crime_reference: str, person_id: str) -> str:
        """Record that an officer has just spoken to a victim."""
        return self.record(
            VictimContacted(
                crime_reference=crime_reference, person_id=person_id, contacted_at=self._now()
            )
        )

    def be_unavailable(
        self,
        crime_reference: str,
        officer: Officer,
        *,
        why: Literal["away", "left"] = "away",
        until: datetime | None = None,
    ) -> str:
        """Record that an officer is away, perhaps until a known time, or has left the force."""
        return self.record(
            OfficerUnavailable(
                crime_reference=crime_reference,
                officer=officer,
                why=why,
                unavailable_at=self._now(),
                until=until,
            )
        )
