"""Phase 3: the victim writes to the officer in charge, and reads the reply.

The words are owed to the crime system in the same transaction that keeps them here.
"""

import hashlib
import uuid
from datetime import datetime

from reference.contract.events import OfficerReplied
from reference.contract.messages import QUESTION_CHARACTERS_MAX, ConversationPost, Stamp, Task
from reference.portal.errands import Errands
from reference.portal.errors import Problem
from reference.portal.settings import Settings
from reference.portal.store import Store, moment, seconds


class Conversations:
    """The use case behind a crime's messages."""

    def __init__(self, *, store: Store, errands: Errands, settings: Settings) -> None:
        self._store = store
        self._database = store.database
        self._errands = errands
        self._settings = settings

    def is_open(self, now: datetime) -> bool:
        """Say whether two-way messaging has gone live."""
        return self._settings.phase_at(now) >= 3

    async def ask(self, crime_reference: str, person_id: str, text: str, now: datetime) -> None:
        """Take a victim's words as they are: kept, to be stamped, and a task raised."""
        if not text.strip():
            raise Problem(422, "Write your message", field="text")
        if len(text) > QUESTION_CHARACTERS_MAX:
            raise Problem(
                422,
                f"Your message must be {QUESTION_CHARACTERS_MAX} characters or fewer",
                field="text",
            )
        key = uuid.uuid4().hex
        post = ConversationPost(at=now, author="victim", text=text, key=key)
        stamp = Stamp(key=key, person_id=person_id, text=text, written_at=now)
        task = Task(
            key=key,
            crime_reference=crime_reference,
            kind="victim_question",
            person_id=person_id,
            reason="the victim has written through the portal",
        )
        async with self._database.transaction():
            await self._add(crime_reference, person_id, post)
            await self._errands.stamp(crime_reference, stamp)
            await self._errands.raise_task(task)

    async def receive_reply(self, event: OfficerReplied) -> None:
        """Keep what the officer marked as a reply to this victim."""
        post = ConversationPost(
            at=event.replied_at,
            author="officer",
            name=f"{event.officer.name}, {event.officer.collar_number}" if event.officer else "",
            text=event.text,
            key=_reply_key(event),
        )
        await self._add(event.crime_reference, event.person_id, post)

    async def read(self, crime_reference: str, person_id: str) -> list[ConversationPost]:
        """List one victim's conversation about a crime, oldest first."""
        rows = await self._database.all(
            "SELECT at, author, name, text, key FROM post"
            " WHERE crime_reference = ? AND person_id = ? ORDER BY at, key",
            (crime_reference, person_id),
        )
        return [
            ConversationPost(at=moment(r[0]), author=r[1], name=r[2], text=r[3], key=r[4])
            for r in rows
        ]

    async def _add(self, crime_reference: str, person_id: str, post: ConversationPost) -> None:
        await self._database.run(
            "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                post.key,
                crime_reference,
                person_id,
                seconds(post.at),
                post.author,
                post.name,
                post.text,
            ),
        )


def _reply_key(event: OfficerReplied) -> str:
    """Name a reply within its crime, however long the references are."""
    named = f"{event.crime_reference}:{event.reply_id}"
    return f"reply:{hashlib.sha256(named.encode()).hexdigest()[:32]}"
