"""Phase 3: the victim writes, and reads the reply.

The words are owed to the crime system in the same transaction that keeps them here. Who is asked
to answer depends on where the case stands; a supervisor sees what is not answered in time.
"""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Literal

from reference.contract.events import OfficerReplied
from reference.contract.messages import QUESTION_CHARACTERS_MAX, ConversationPost, Stamp, Task
from reference.portal.errors import Problem
from reference.portal.force.errands import Errands
from reference.portal.force.tasks import assigned
from reference.portal.rules import timing
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.store import Crime, Store, instant, moment, seconds

Answerer = Literal["officer", "court", "nobody"]


class Conversations:
    """The use case behind a crime's messages."""

    def __init__(
        self,
        *,
        store: Store,
        case_file: CaseFile,
        errands: Errands,
        audit: Audit,
        settings: Settings,
    ) -> None:
        self._store = store
        self._case_file = case_file
        self._audit = audit
        self._database = store.database
        self._errands = errands
        self._settings = settings

    def is_open(self, now: datetime) -> bool:
        """Say whether two-way messaging has gone live."""
        return self._settings.phase_at(now) >= 3

    def answerer(self, crime: Crime, status: str, now: datetime) -> Answerer:
        """Say who answers what is written now about a crime that stands so to its victim."""
        if status == "charged":
            return "court"
        if status == "open":
            return "officer"
        until = moment(crime.ended_at) + timedelta(days=self._settings.closed_case_days)
        return "officer" if status == "closed" and now < until else "nobody"

    async def ask(
        self, crime_reference: str, person_id: str, text: str, now: datetime, *, form: str = ""
    ) -> None:
        """Take a victim's words as they are: kept, to be stamped, and a task raised.

        Sent twice from one `form`, they are taken once.
        """
        _check(text)
        crime = await self._store.crime(crime_reference)
        victim = await self._store.victim(crime_reference, person_id)
        if crime is None or victim is None:
            raise Problem(404, "You have no report with this reference")
        who = self.answerer(crime, await self._case_file.status_of(crime, person_id), now)
        if who == "nobody":
            force = self._settings.forces[crime.force]
            detail = f"Call {force.non_emergency}, or write to us at {force.website}"
            raise Problem(409, "This case takes no more messages", detail=detail)
        key = _question_key(person_id, form, text)
        days = self._settings.answer_working_days
        if victim.record.enhanced_rights:
            days = min(days, self._settings.working_days_enhanced)
        due_at = timing.within_working_days(now, days, self._settings)
        post = ConversationPost(at=now, author="victim", text=text, key=key)
        async with self._database.transaction():
            if await self._add(crime_reference, person_id, post, answer_due_at=seconds(due_at)):
                stamp = Stamp(key=key, person_id=person_id, text=text, written_at=now)
                await self._audit.note(
                    person_id, "wrote a message", now, person=person_id, crime=crime_reference
                )
                await self._errands.stamp(crime_reference, stamp)
                await self._errands.raise_task(self._task(key, crime, person_id, who, due_at, now))

    async def receive_reply(self, event: OfficerReplied, said_at: datetime) -> bool:
        """Keep what the officer marked as a reply to this victim: what was asked is answered.

        Other words in a reply that is there already replace them, unless they are older. Answers
        whether nothing in it is new.
        """
        post = ConversationPost(
            at=event.replied_at,
            author="officer",
            name=f"{event.officer.name}, {event.officer.collar_number}" if event.officer else "",
            text=event.text,
            key=_reply_key(event),
        )
        reference, person_id, at = event.crime_reference, event.person_id, instant(said_at)
        is_new = await self._add(reference, person_id, post, said_at=at)
        await self._database.run(
            "UPDATE post SET answer_due_at = NULL WHERE crime_reference = ? AND person_id = ?"
            " AND at <= ?",
            (event.crime_reference, event.person_id, seconds(event.replied_at)),
        )
        return not (is_new or await self._correct(post, at))

    async def read(self, crime_reference: str, person_id: str) -> list[ConversationPost]:
        """List one victim's conversation about a crime, oldest first.

        What was written before is not for whoever is told in a person's place since.
        """
        rows = await self._database.all(
            "SELECT p.at, p.author, p.name, p.text, p.key, e.done FROM post p"
            " LEFT JOIN errand e ON e.key = 'stamp:' || p.key"
            " LEFT JOIN person w ON w.person_id = p.person_id"
            " WHERE p.crime_reference = ? AND p.person_id = ? AND p.at > coalesce(w.told_since, 0)"
            " ORDER BY p.at, p.key",
            (crime_reference, person_id),
        )
        return [
            ConversationPost(
                at=moment(r[0]),
                author=r[1],
                name=r[2],
                text=r[3],
                key=r[4],
                is_with_force=r[5] != 0,
            )
            for r in rows
        ]

    async def run_due(self, now: datetime) -> None:
        """Let a supervisor see what has not been answered in time, once."""
        rows = await self._database.all(
            "SELECT key, crime_reference, person_id FROM post WHERE answer_due_at <= ?"
            " ORDER BY answer_due_at, key LIMIT 500",
            (seconds(now),),
        )
        for key, reference, person_id in rows:
            crime = await self._store.crime(reference)
            task = Task(
                key=f"late:{key}",
                crime_reference=reference,
                kind="late_answer",
                person_id=person_id,
                reason="for a supervisor: the victim's question has not been answered in time",
                for_team=self._settings.supervisors_of(crime.team, crime.force) if crime else "",
            )
            async with self._database.transaction():
                await self._errands.raise_task(task)
                await self._database.run(
                    "UPDATE post SET answer_due_at = NULL WHERE key = ?", (key,)
                )

    def _task(
        self,
        key: str,
        crime: Crime,
        person_id: str,
        who: Answerer,
        due_at: datetime,
        now: datetime,
    ) -> Task:
        reason = "the victim has written through the portal"
        task = Task(
            key=key,
            crime_reference=crime.reference,
            kind="victim_question",
            person_id=person_id,
            reason=reason,
            for_team=self._settings.forces[crime.force].witness_care,
            due_at=due_at,
        )
        return task if who == "court" else assigned(task, crime, now)

    async def _correct(self, post: ConversationPost, said_at: int) -> bool:
        """Let an officer's words be other ones now, and say so: the first may have been read."""
        name = f"{post.name or 'Your officer'} (corrected)"
        touched = await self._database.run(
            "UPDATE post SET text = ?, name = ?, at = ?, said_at = ?"
            " WHERE key = ? AND text <> ? AND said_at <= ?",
            (post.text, name, seconds(post.at), said_at, post.key, post.text, said_at),
        )
        return touched == 1

    async def _add(
        self,
        crime_reference: str,
        person_id: str,
        post: ConversationPost,
        *,
        answer_due_at: int | None = None,
        said_at: int = 0,
    ) -> bool:
        touched = await self._database.run(
            "INSERT INTO post (key, crime_reference, person_id, at, author, name, text,"
            " answer_due_at, said_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                *(post.key, crime_reference, person_id, seconds(post.at)),
                *(post.author, post.name, post.text, answer_due_at, said_at),
            ),
        )
        return touched == 1


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
    """Name a question: by the form it came from and its words, or as one of its own.

    Whoever goes back to a form and writes something else asks something else.
    """
    if not form:
        return uuid.uuid4().hex
    return hashlib.sha256(f"{person_id}:{form}:{text}".encode()).hexdigest()[:32]


def _reply_key(event: OfficerReplied) -> str:
    """Name a reply within its crime, however long the references are."""
    named = f"{event.crime_reference}:{event.reply_id}"
    return f"reply:{hashlib.sha256(named.encode()).hexdigest()[:32]}"
