"""Two-way messages (phase 3): the victim writes, and reads the reply.

The transaction that saves the words here also owes them to the crime system. The status of the
case decides who answers; a supervisor learns what is not answered in time.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from reference.contract.events import OfficerReplied
from reference.contract.messages import QUESTION_CHARACTERS_MAX, ConversationPost, Stamp, Task
from reference.portal.errors import Problem
from reference.portal.force.errands import Errands
from reference.portal.force.tasks import assigned, officer_is_at_work
from reference.portal.rules import victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.posts import Posts
from reference.portal.timestamps import instant, moment, seconds
from reference.portal.words.danger import speaks_of_danger

A_DAY_MAX, _DAY_SECONDS = 20, 86_400
_FOR_THE_OFFICER = frozenset({"threats", "property", "bail"})
Answerer = Literal["officer", "court", "nobody"]


@dataclass(frozen=True, slots=True)
class Conversations:
    """The use case behind a crime's messages."""

    crimes: Crimes
    case_file: CaseFile
    posts: Posts
    errands: Errands
    audit: Audit
    settings: Settings

    def is_open(self, now: datetime) -> bool:
        """Say whether two-way messaging has gone live."""
        return self.settings.phase_at(now) >= 3

    def answerer(self, crime: Crime, status: str, now: datetime) -> Answerer:
        """Say who answers what is written now about a crime with this status to its victim."""
        if status == "charged":
            return "court"
        if status == "open":
            return "officer"
        days = self.settings.closed_case_days
        if crime.may_review:
            days = max(days, self.settings.review_days)
        until = moment(crime.ended_at) + timedelta(days=days)
        return "officer" if status == "closed" and now < until else "nobody"

    async def ask(
        self,
        crime_reference: str,
        person_id: str,
        text: str,
        now: datetime,
        *,
        form: str = "",
        about: str = "",
    ) -> None:
        """Take a victim's words as they are: saved, stamped, and a task raised.

        Words that are sent twice from one `form` are taken once. What is `about` threats, property
        or bail is for the officer, also after a charge.
        """
        _check(text)
        crime = await self.crimes.crime(crime_reference)
        victim = await self.crimes.victim(crime_reference, person_id)
        if crime is None or victim is None:
            raise Problem(404, "You have no report with this reference")
        who = self.answerer(crime, await self.case_file.status_of(crime, person_id), now)
        if who == "nobody":
            force = self.settings.forces[crime.force]
            detail = f"Call {force.non_emergency}, or write to us at {force.website}"
            raise Problem(409, "This case takes no more messages", detail=detail)
        if who == "court" and about in _FOR_THE_OFFICER:
            who = "officer"
        key = _question_key(person_id, form, text)
        days = self.settings.answer_working_days
        if victim.record.enhanced_rights:
            days = min(days, self.settings.working_days_enhanced)
        due_at = victims_code.within_working_days(now, days, self.settings)
        post = ConversationPost(at=now, author="victim", text=text, key=key)
        async with self.crimes.database.transaction():
            if await self.posts.add(
                crime_reference, person_id, post, answer_due_at=seconds(due_at)
            ):
                written = await self.posts.written_since(person_id, seconds(now) - _DAY_SECONDS)
                if written > A_DAY_MAX:
                    force = self.settings.forces[crime.force]
                    title = f"You can send {A_DAY_MAX} messages a day"
                    raise Problem(429, title, detail=f"Call {force.non_emergency}, or 999.")
                stamp = Stamp(key=key, person_id=person_id, text=text, written_at=now)
                await self.audit.note(
                    person_id, "wrote a message", now, person=person_id, crime=crime_reference
                )
                await self.errands.stamp(crime_reference, stamp)
                await self.errands.raise_task(self._task(key, crime, person_id, who, due_at, now))
                if speaks_of_danger(text):
                    await self.errands.raise_task(self._look_at_once(key, crime, person_id, now))

    async def ask_again(
        self, post: ConversationPost, crime: Crime, person_id: str, event_id: str, now: datetime
    ) -> None:
        """Stamp an unanswered question on the crime that is its victim's again, with a task."""
        key, queue = post.key, self.errands.queue
        await queue.forget(f"stamp:{key}", f"task:{key}", f"task:safety:{key}")
        stamp = Stamp(key=key, person_id=person_id, text=post.text, written_at=post.at)
        await self.errands.stamp(crime.reference, stamp)
        who = self.answerer(crime, await self.case_file.status_of(crime, person_id), now)
        days = self.settings.answer_working_days
        due_at = victims_code.within_working_days(now, days, self.settings)
        # A key is as short as the crime system takes, whatever its ids are.
        again = hashlib.sha256(f"{key}:{event_id}".encode()).hexdigest()[:32]
        await self.errands.raise_task(self._task(again, crime, person_id, who, due_at, now))
        if speaks_of_danger(post.text):
            await self.errands.raise_task(self._look_at_once(again, crime, person_id, now))

    async def receive_reply(
        self, event: OfficerReplied, said_at: datetime, came_by: str = ""
    ) -> bool:
        """Save an officer's reply, which answers what the victim asked; return whether it is new.

        Another wording of a reply that is there replaces it, unless it is older.
        """
        post = ConversationPost(
            at=event.replied_at,
            author="officer",
            name=f"{event.officer.name}, {event.officer.collar_number}" if event.officer else "",
            text=event.text,
            key=_reply_key(event),
        )
        reference, person_id, at = event.crime_reference, event.person_id, instant(said_at)
        is_new = await self.posts.add(reference, person_id, post, said_at=at, came_by=came_by)
        # What the victim asked went on with a merger, where the reply itself may not be told.
        asked_about = await self.crimes.surviving(reference)
        asked_in = asked_about.reference if asked_about is not None else reference
        await self.posts.set_answered(asked_in, person_id, seconds(event.replied_at))
        if is_new:
            return True
        # The victim may have read the first words, and must see that they were corrected.
        name = f"{post.name or 'Your officer'} (corrected)"
        return await self.posts.correct(post, name, at)

    async def read(self, crime_reference: str, person_id: str) -> list[ConversationPost]:
        """List one victim's conversation about a crime, oldest first."""
        return await self.posts.of(crime_reference, person_id)

    async def run_due(self, now: datetime) -> None:
        """Tell a supervisor once what has not been answered in time."""
        for key, reference, person_id in await self.posts.unanswered(seconds(now)):
            crime = await self.crimes.crime(reference)
            task = Task(
                key=f"late:{key}",
                crime_reference=reference,
                kind="late_answer",
                person_id=person_id,
                reason="for a supervisor: the victim's question has not been answered in time",
                for_team=self.settings.supervisors_of(crime.team, crime.force) if crime else "",
            )
            async with self.crimes.database.transaction():
                await self.errands.raise_task(task)
                await self.posts.set_reported(key)

    def _task(
        self, key: str, crime: Crime, person_id: str, who: Answerer, due_at: datetime, now: datetime
    ) -> Task:
        reason = "the victim has written through the portal"
        task = Task(
            key=key,
            crime_reference=crime.reference,
            kind="victim_question",
            person_id=person_id,
            reason=reason,
            for_team=self.settings.forces[crime.force].witness_care,
            due_at=due_at,
        )
        return task if who == "court" else assigned(task, crime, now)

    def _look_at_once(self, key: str, crime: Crime, person_id: str, now: datetime) -> Task:
        is_at_work = officer_is_at_work(crime, now)
        room = self.settings.control_room_of(crime.team, crime.force)
        return Task(
            key=f"safety:{key}",
            crime_reference=crime.reference,
            kind="safety_concern",
            person_id=person_id,
            reason="the victim's words may speak of danger, self-harm or intimidation: read them "
            "now, and act as for a call to 999 or 101",
            for_officer=crime.collar_number if is_at_work else "",
            for_team="" if is_at_work else room,
            due_at=now + timedelta(minutes=self.settings.danger_minutes),
        )


def _check(text: str) -> None:
    if not text.strip():
        raise Problem(422, "Write your message", field="text")
    if len(text) > QUESTION_CHARACTERS_MAX:
        raise Problem(
            422,
            f"Your message must be {QUESTION_CHARACTERS_MAX} characters or fewer",
            field="text",
        )


def _question_key(person_id: str, form: str, text: str) -> str:
    """Make the key of a question: by its form and words, or unique if it has no form.

    A victim who goes back to a form and writes other words asks another question.
    """
    if not form:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{person_id}:{form}:{text}".encode()).hexdigest()[:32]


def _reply_key(event: OfficerReplied) -> str:
    named = f"{event.crime_reference}:{event.reply_id}"
    return f"reply:{hashlib.sha256(named.encode()).hexdigest()[:32]}"
