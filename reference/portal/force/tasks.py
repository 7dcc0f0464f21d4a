"""Tasks for the force: each is raised once by its key, for the officer who has the case now.

If the officer in charge is away or has left, or none was named, the task is for the team's queue.
With neither, the crime system knows whose the occurrence is.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec import structs

from reference.contract.events import VictimRecord
from reference.contract.messages import Task, TaskKind
from reference.portal.force.errands import Errands
from reference.portal.rules import victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.recipients import Asked
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Crimes, Victim
from reference.portal.timestamps import moment

_STATEMENTS_OF_HELP = 3  # to find an officer and ask them
_URGENT_HOURS = 24  # messages still go to the person who has the address
_STOPPED_NOTHING = (
    ", and did not prove that it came to them: messages still go there; check the victim's number "
    "or address with them now"
)
_TALK_FIRST = (
    "somebody signed in as the victim asked to talk about no longer supporting the investigation; "
    "another person may hold their phone: speak to the victim safely, and confirm it with them "
    "before you record anything"
)
_UNIT_WAITS = (
    "somebody signed in as the victim asked to talk about no longer supporting the investigation; "
    "the officer in charge speaks to them first: nothing has changed until then"
)


@dataclass(frozen=True, slots=True)
class Tasks:
    """Words, addresses and queues every task."""

    crimes: Crimes
    errands: Errands
    settings: Settings

    async def ask_for_details(
        self, victim: Victim, problem: str, cause: str, now: datetime
    ) -> None:
        """Ask an officer to ask the victim for their contact details, once for each cause."""
        await self._raise(
            "contact_details",
            victim.crime_reference,
            victim.person_id,
            reason=problem,
            named=f"{problem}:{cause}",
            now=now,
        )

    async def look_into_breach(
        self,
        address: str,
        person_id: str,
        now: datetime,
        *,
        is_proved: bool = True,
    ) -> None:
        """Ask the force to look into a message to a stranger, for each crime of the person.

        A report that somebody proved is asked about on its own, whatever anybody said before: the
        officer who looked into that may have found nothing, and the messages went on.
        """
        hours_max = self.settings.breach_hours
        hours = hours_max if is_proved else min(hours_max, _URGENT_HOURS)
        and_then = "" if is_proved else _STOPPED_NOTHING
        for reference in await self.crimes.crimes_of(person_id):
            await self._raise(
                "breach",
                reference,
                person_id,
                reason=f"somebody said a message about this was not for them{and_then}",
                named=address if is_proved else f"{address}:not proved",
                now=now,
                due_at=now + timedelta(hours=hours),
            )

    async def judge_not_for_me(
        self, address: str, person_id: str, now: datetime, *, is_usual: bool
    ) -> None:
        """Ask the force to judge a report that anybody may have made, and that stopped nothing.

        Where more came than is usual, also tell the supervisors of the force, once a day.
        """
        await self.look_into_breach(address, person_id, now, is_proved=False)
        crime = None if is_usual else await self.crimes.newest_crime_of(person_id)
        if crime is not None:
            task = Task(
                key=key_of("breach", crime.force, "", f"too many: {now:%Y-%m-%d}"),
                crime_reference=crime.reference,
                kind="breach",
                person_id=person_id,
                reason="more people than usual said that a message was not for them; check whether "
                "someone does so to cause trouble, or many details are wrong",
                for_team=self.settings.supervisors_of("", crime.force),
                due_at=now + timedelta(hours=self.settings.breach_hours),
            )
            await self.errands.raise_task(task)

    async def say_in_person(
        self,
        victim: Victim,
        reason: str,
        cause: str,
        now: datetime,
        happened_at: datetime | None = None,
    ) -> None:
        """Ask an officer to tell the victim what the portal must not say first."""
        since = min(happened_at or now, now)
        due_at = victims_code.told_in_person_by(since, victim.record, now, self.settings)
        await self._raise(
            "sensitive_contact",
            victim.crime_reference,
            victim.person_id,
            reason=reason,
            named=cause,
            now=now,
            due_at=due_at,
        )

    async def check_reply(
        self, reference: str, person_id: str, what: str, cause: str, now: datetime
    ) -> None:
        """Ask the officer to look again at a reply that may hold another person's data."""
        reason = f"your reply has {what} in it, and was not shown: if it may go, send it as checked"
        await self._raise("reply_check", reference, person_id, reason=reason, named=cause, now=now)

    async def ask_views_on_bail(self, victim: Victim, named: str, now: datetime) -> None:
        """Ask the officer for a victim's views on bail, and to tell them of its conditions."""
        reason = "ask which bail conditions would protect the victim, and tell them of any change"
        about = (victim.crime_reference, victim.person_id)
        hours = self.settings.bail_views_hours
        due_at = now + timedelta(hours=hours) if hours is not None else None
        await self._raise("bail_views", *about, reason=reason, named=named, now=now, due_at=due_at)

    async def check_rights(self, reference: str, person_id: str, now: datetime) -> None:
        """Ask the force once for each crime whether a victim has enhanced rights."""
        reason = "check whether the victim has enhanced rights, which their record lacks"
        await self._raise("rights_check", reference, person_id, reason=reason, named="", now=now)

    async def ask_same_person(self, reference: str, person: str, cause: str, now: datetime) -> None:
        """Ask the force whether two records that it merged are of one person."""
        reason = (
            "this record was merged into another, and the names or dates of birth differ: check "
            "that they are one person; if so, save the other record again; if not, undo the merger"
        )
        about = (reference, person)
        await self._raise("same_person_check", *about, reason=reason, named=cause, now=now)

    async def look_into_merger(self, person_id: str, cause: str, now: datetime) -> None:
        """Ask the force to look into what another person was told by a merger of their records."""
        reason = "their record was merged with another person's, who got messages about this"
        due_at = now + timedelta(hours=self.settings.breach_hours)
        for reference in await self.crimes.crimes_of(person_id):
            about = (reference, person_id)
            await self._raise("breach", *about, reason=reason, named=cause, now=now, due_at=due_at)

    async def ask_about_telling(
        self,
        reference: str,
        record: VictimRecord,
        asked: Asked,
        now: datetime,
        cause: str = "",
        happened_at: datetime | None = None,
    ) -> None:
        """Ask an officer to tell a victim, or to decide who is told: once for each reason.

        For news, which has a `cause`, once for each cause.
        """
        since = min(happened_at or now, now)
        due_at = victims_code.told_in_person_by(since, record, now, self.settings)
        await self._raise(
            asked.kind,
            reference,
            record.person_id,
            reason=asked.reason,
            named=f"{asked.reason}:{cause}" if cause else asked.reason,
            now=now,
            due_at=due_at,
        )

    async def say_contact_ended(
        self, person_id: str, reason: str, cause: str, now: datetime
    ) -> None:
        """Tell the officers that a channel ended: the duty to inform did not."""
        for reference in await self.crimes.crimes_of(person_id):
            if await self.crimes.victim(reference, person_id) is not None:
                await self._raise(
                    "contact_ended", reference, person_id, reason=reason, named=cause, now=now
                )

    async def talk_about_withdrawing(
        self, reference: str, person_id: str, now: datetime, *, is_charged: bool
    ) -> None:
        """Ask an officer to speak to a victim who may no longer support the case, once a day.

        After a charge, tell the witness care unit too.
        """
        victim = await self.crimes.victim(reference, person_id)
        crime = await self.crimes.crime(reference)
        if victim is None or crime is None:
            return
        unit = self.settings.forces[crime.force].witness_care
        for to in ("", unit) if is_charged else ("",):
            await self._raise(
                "withdrawal_discussion",
                reference,
                person_id,
                reason=_UNIT_WAITS if to else _TALK_FIRST,
                named=f"{now:%Y-%m-%d}:{to}",
                now=now,
                due_at=victims_code.informed_within(now, victim.record, self.settings),
                for_team=to,
            )

    async def say_not_sent(
        self, reference: str, person_id: str, reason: str, cause: str, now: datetime
    ) -> None:
        """Ask an officer to tell a victim what could not be sent."""
        await self._raise("not_sent", reference, person_id, reason=reason, named=cause, now=now)

    async def help_to_sign_in(self, person_id: str, cause: str, now: datetime) -> None:
        """Ask the officer to help a person who could not prove who they are.

        A person who is unknown costs the same statements, so that nobody can tell by the time.
        """
        crime = await self.crimes.newest_crime_of(person_id)
        if crime is None:
            for _ in range(_STATEMENTS_OF_HELP):
                await self.crimes.crime("")
            return
        asked = self.settings.proof.replace("_", " ")
        reason = f"could not prove who they are; check the {asked} and contact details"
        await self._raise(
            "identity_not_proved", crime.reference, person_id, reason=reason, named=cause, now=now
        )

    async def _raise(
        self,
        kind: TaskKind,
        reference: str,
        person_id: str,
        *,
        reason: str,
        named: str,
        now: datetime,
        due_at: datetime | None = None,
        for_team: str = "",
    ) -> None:
        crime = await self.crimes.crime(reference)
        task = Task(
            key=key_of(kind, reference, person_id, named),
            crime_reference=reference,
            kind=kind,
            person_id=person_id,
            reason=reason,
            for_team=for_team,
            due_at=due_at,
        )
        if crime is not None and not for_team:
            task = assigned(task, crime, now)
        await self.errands.raise_task(task)


def assigned(task: Task, crime: Crime, now: datetime) -> Task:
    """Address a task to the officer in charge or, if none is at work, to the team."""
    officer = crime.collar_number if officer_is_at_work(crime, now) else ""
    return structs.replace(task, for_officer=officer, for_team=crime.team)


def officer_is_at_work(crime: Crime, now: datetime) -> bool:
    """Say whether a crime has an officer in charge who is not away and has not left."""
    is_back = crime.officer_until is not None and moment(crime.officer_until) <= now
    return bool(crime.officer) and (not crime.officer_is or is_back)


def key_of(kind: str, reference: str, person_id: str, named: str) -> str:
    """Make the key of a task from what it is about: the crime system raises each key once."""
    about = f"{reference}:{person_id}:{named}"
    return f"{kind}:{hashlib.sha256(about.encode()).hexdigest()[:32]}"
