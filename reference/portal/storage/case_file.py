"""The tables entry and appointment, and what a victim reads: summaries, timeline, appointments.

Every question names the person, and returns only what that person may see. A closure that an
officer tells first is left out until then.
"""

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from reference.contract.messages import CrimeSummary, TimelineEntry
from reference.portal.rules.crime_state import Crime, Status
from reference.portal.storage.database import Database
from reference.portal.storage.mergers import CAME_BY, merger_of
from reference.portal.timestamps import moment, seconds


class Appointment(Struct, frozen=True, kw_only=True):
    """One appointment of one victim, as it was last reported."""

    crime_reference: str
    appointment_id: str
    person_id: str
    starts_at: int
    place: str
    status: Literal["made", "cancelled"]
    said_at: int


_TOLD: dict[str, Literal["open", "charged", "closed"]] = {
    "OutcomeRecorded": "charged",
    "CrimeClosed": "closed",
    "CrimeReopened": "open",
}


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Written by the timeline; read by pages and API."""

    database: Database

    async def add_entry(
        self, reference: str, person_id: str, entry: TimelineEntry, came_by: str = ""
    ) -> None:
        """Add to a crime's timeline, for one victim or ("") for all."""
        at = seconds(entry.at)
        await self.database.run(
            "INSERT INTO entry (crime_reference, person_id, at, kind, title, text, came_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (reference, person_id, at, entry.kind, entry.title, entry.text, came_by),
        )

    async def entries(self, reference: str, person_id: str) -> list[TimelineEntry]:
        """List what a victim may see of a crime, oldest first; of appointments, only their own.

        Of two crimes that were merged, "recorded" is shown once if the words are the same.
        """
        rows = await self.database.all(
            "SELECT e.at, e.kind, e.title, e.text FROM entry e LEFT JOIN person w"
            " ON w.person_id = e.person_id"
            " AND e.kind IN ('AppointmentMade', 'AppointmentChanged', 'AppointmentCancelled')"
            " WHERE e.crime_reference = ? AND e.person_id IN ('', ?)"
            " AND e.at >= coalesce(w.told_from, 0) / 1000000 ORDER BY e.at, e.id",
            (reference, person_id),
        )
        begun: set[tuple[str, str]] = set()
        shown = []
        for at, kind, title, text in rows:
            if kind == "CrimeRecorded":
                if (title, text) in begun:
                    continue
                begun.add((title, text))
            shown.append(TimelineEntry(at=moment(at), kind=kind, title=title, text=text))
        return shown

    async def move(
        self, from_reference: str, into: str, person_id: str, *, only_brought: bool = False
    ) -> None:
        """Show a victim, on the crime that theirs was merged into, what they could read before.

        Where they could not be told of theirs, that is only what an earlier merger brought to it.
        Entries for all are copied for this victim alone: other victims of the crime never see them.
        """
        step = merger_of(from_reference)
        await self.database.run(
            "INSERT INTO entry (crime_reference, person_id, at, kind, title, text, came_by)"
            " SELECT ?, ?, at, kind, title, text, ? || came_by FROM entry"
            " WHERE crime_reference = ? AND person_id IN ('', ?) AND (? = 0 OR came_by <> '')"
            " ORDER BY id",
            (into, person_id, step, from_reference, person_id, int(only_brought)),
        )
        await self.database.run(
            "UPDATE appointment SET crime_reference = ?, came_by = ? || came_by"
            " WHERE crime_reference = ?"
            " AND person_id = ? AND (? = 0 OR came_by <> '')"
            " AND NOT EXISTS (SELECT 1 FROM appointment a"
            " WHERE a.crime_reference = ? AND a.person_id = appointment.person_id"
            " AND a.appointment_id = appointment.appointment_id)",
            (into, step, from_reference, person_id, int(only_brought), into),
        )

    async def move_back(self, from_reference: str, step: str, to: str, person_id: str) -> None:
        """Show a victim on their own crime again what came from it, or under its reference.

        It came to the other crime by `step`.
        """
        await self.database.run(
            "INSERT INTO entry (crime_reference, person_id, at, kind, title, text, came_by)"  # noqa: S608
            " SELECT ?, person_id, at, kind, title, text, substr(came_by, ?) FROM entry e"
            f" WHERE crime_reference = ? AND person_id = ? AND {CAME_BY}"
            " AND NOT (kind = 'CrimeMerged' AND came_by = ?) AND NOT EXISTS (SELECT 1 FROM entry o"
            " WHERE o.crime_reference = ? AND o.person_id IN ('', e.person_id)"
            " AND o.at = e.at AND o.kind = e.kind AND o.text = e.text) ORDER BY id",
            (to, len(step) + 1, from_reference, person_id, len(step), step, step, to),
        )
        await self.database.run(
            f"DELETE FROM entry WHERE crime_reference = ? AND person_id = ? AND {CAME_BY}",  # noqa: S608
            (from_reference, person_id, len(step), step),
        )
        await self.database.run(
            "UPDATE appointment SET crime_reference = ?, came_by = substr(came_by, ?)"  # noqa: S608
            f" WHERE crime_reference = ? AND person_id = ? AND {CAME_BY}"
            " AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.crime_reference = ? AND"
            " a.person_id = appointment.person_id"
            " AND a.appointment_id = appointment.appointment_id)",
            (to, len(step) + 1, from_reference, person_id, len(step), step, to),
        )

    async def summaries(self, person_id: str, reference: str = "") -> list[CrimeSummary]:
        """List the crimes a person may see, newest news first; or the one of that reference."""
        rows = await self.database.all(
            "SELECT c.reference, c.offence, c.status, c.force, c.officer, c.collar_number,"
            # A victim who was told of a closure later than others has their news later too.
            " CASE WHEN h.person_id IS NULL AND c.status = 'closed'"
            " AND v.last_news_at > c.updated_at THEN v.last_news_at ELSE c.updated_at END AS at,"
            " h.person_id IS NOT NULL AND c.status = 'closed', c.team FROM victim v"
            " JOIN crime c ON c.reference = v.crime_reference LEFT JOIN closure_held h"
            " ON h.crime_reference = v.crime_reference AND h.person_id = v.person_id"
            " WHERE v.person_id = ? AND v.exclusion = '' AND (? = '' OR c.reference = ?)"
            " ORDER BY at DESC, c.reference",
            (person_id, reference, reference),
        )
        return [
            CrimeSummary(
                crime_reference=row[0],
                offence=row[1],
                status=await self._told(row[0], person_id) if row[7] else row[2],
                force=row[3],
                officer_in_charge=f"{row[4]}, {row[5]}" if row[4] else "",
                team=row[8],
                updated_at=moment(row[6]),
            )
            for row in rows
        ]

    async def status_of(self, crime: Crime, person_id: str) -> Status:
        """Find the status of a crime as this victim knows it."""
        held = await self.database.one(
            "SELECT 1 FROM closure_held WHERE crime_reference = ? AND person_id = ?",
            (crime.reference, person_id),
        )
        if held is None or crime.status != "closed":
            return crime.status
        return await self._told(crime.reference, person_id)

    async def _told(self, reference: str, person_id: str) -> Literal["open", "charged", "closed"]:
        """Find the status of a crime by its own entries that this victim can read.

        Those that came from a crime that was merged into it are not its own.
        """
        row = await self.database.one(
            "SELECT kind FROM entry WHERE crime_reference = ? AND person_id IN ('', ?)"
            " AND came_by = '' AND kind IN ('OutcomeRecorded', 'CrimeClosed', 'CrimeReopened')"
            " ORDER BY at DESC, id DESC",
            (reference, person_id),
        )
        return "open" if row is None else _TOLD[row[0]]

    async def keep_appointment(self, appointment: Appointment, came_by: str = "") -> None:
        """Save the newest report of an appointment; an older one that is late undoes nothing.

        A cancellation that is received first leaves time and place to the late report.
        """
        kept = appointment
        await self.database.run(
            _KEEP_APPOINTMENT,
            (
                *(kept.crime_reference, kept.appointment_id, kept.person_id),
                *(kept.starts_at, kept.place, kept.status, kept.said_at),
                *(kept.said_at if kept.starts_at > 0 else 0, came_by),
            ),
        )

    async def appointments(self, reference: str, person_id: str) -> list[Appointment]:
        """List a victim's appointments about a crime, earliest first."""
        rows = await self.database.all(
            "SELECT crime_reference, appointment_id, person_id, starts_at, place, status, said_at"
            " FROM appointment WHERE crime_reference = ? AND person_id = ? AND starts_at > 0"
            " AND NOT EXISTS (SELECT 1 FROM person w WHERE w.person_id = appointment.person_id"
            " AND w.told_from > placed_at) ORDER BY starts_at, appointment_id",
            (reference, person_id),
        )
        fields = Appointment.__struct_fields__
        return [Appointment(**dict(zip(fields, row, strict=True))) for row in rows]

    async def interests_of(self, person_id: str) -> tuple[list[str], list[str]]:
        """List the offence subgroups and the forces of the crimes a person may see."""
        rows = await self.database.all(
            "SELECT DISTINCT c.offence_subgroup, c.force FROM victim v"
            " JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? AND v.exclusion = '' ORDER BY c.offence_subgroup, c.force",
            (person_id,),
        )
        return [str(row[0]) for row in rows], sorted({str(row[1]) for row in rows})


_PLACED = "excluded.starts_at > 0 AND excluded.placed_at >= appointment.placed_at"
_NEWEST = "excluded.said_at >= appointment.said_at"
_KEEP_APPOINTMENT = (
    "INSERT INTO appointment (crime_reference, appointment_id, person_id, starts_at,"  # noqa: S608
    " place, status, said_at, placed_at, came_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (crime_reference, appointment_id, person_id) DO UPDATE SET"
    f" starts_at = CASE WHEN {_PLACED} THEN excluded.starts_at ELSE appointment.starts_at END,"
    f" place = CASE WHEN {_PLACED} THEN excluded.place ELSE appointment.place END,"
    f" placed_at = CASE WHEN {_PLACED} THEN excluded.placed_at ELSE appointment.placed_at END,"
    f" status = CASE WHEN {_NEWEST} THEN excluded.status ELSE appointment.status END,"
    f" said_at = CASE WHEN {_NEWEST} THEN excluded.said_at ELSE appointment.said_at END"
)
