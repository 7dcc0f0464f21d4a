"""The table post: what victims and officers wrote to each other about a crime."""

from dataclasses import dataclass

from reference.contract.messages import ConversationPost
from reference.portal.storage.database import Database
from reference.portal.storage.mergers import CAME_BY, merger_of
from reference.portal.timestamps import moment, seconds


@dataclass(frozen=True, slots=True)
class Posts:
    """Each victim's conversation about each crime."""

    database: Database

    async def add(
        self,
        crime_reference: str,
        person_id: str,
        post: ConversationPost,
        *,
        answer_due_at: int | None = None,
        said_at: int = 0,
        came_by: str = "",
    ) -> bool:
        """Add a post, once by its key; False if it is there already."""
        touched = await self.database.run(
            "INSERT INTO post (key, crime_reference, person_id, at, author, name, text,"
            " answer_due_at, said_at, came_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (
                *(post.key, crime_reference, person_id, seconds(post.at)),
                *(post.author, post.name, post.text, answer_due_at, said_at, came_by),
            ),
        )
        return touched == 1

    async def correct(self, post: ConversationPost, name: str, said_at: int) -> bool:
        """Replace a post's words, unless they are the same or these are older."""
        touched = await self.database.run(
            "UPDATE post SET text = ?, name = ?, at = ?, said_at = ?"
            " WHERE key = ? AND text <> ? AND said_at <= ?",
            (post.text, name, seconds(post.at), said_at, post.key, post.text, said_at),
        )
        return touched == 1

    async def set_answered(self, crime_reference: str, person_id: str, until: int) -> None:
        """Expect no answer any more to what a victim wrote until then."""
        await self.database.run(
            "UPDATE post SET answer_due_at = NULL WHERE crime_reference = ? AND person_id = ?"
            " AND at <= ?",
            (crime_reference, person_id, until),
        )

    async def of(self, crime_reference: str, person_id: str) -> list[ConversationPost]:
        """List one victim's conversation about a crime, oldest first.

        A person who is told in the victim's place since does not read what was written before.
        """
        rows = await self.database.all(
            "SELECT p.at, p.author, p.name, p.text, p.key, e.done FROM post p"
            " LEFT JOIN errand e ON e.key = 'stamp:' || p.key"
            " LEFT JOIN person w ON w.person_id = p.person_id"
            " WHERE p.crime_reference = ? AND p.person_id = ? AND p.at > coalesce(w.told_since, 0)"
            " ORDER BY p.at, p.key",
            (crime_reference, person_id),
        )
        return [
            ConversationPost(
                at=moment(at), author=author, name=name, text=text, key=key, is_with_force=done != 0
            )
            for at, author, name, text, key, done in rows
        ]

    async def written_since(self, person_id: str, at: int) -> int:
        """Count what a victim wrote after a time."""
        sql = "SELECT count(*) FROM post WHERE person_id = ? AND author = 'victim' AND at > ?"
        row = await self.database.one(sql, (person_id, at))
        return int(row[0]) if row else 0

    async def unanswered(self, until: int) -> list[tuple[str, str, str]]:
        """List what should have been answered by then: key, crime and person."""
        rows = await self.database.all(
            "SELECT key, crime_reference, person_id FROM post WHERE answer_due_at <= ?"
            " ORDER BY answer_due_at, key LIMIT 500",
            (until,),
        )
        return [(str(row[0]), str(row[1]), str(row[2])) for row in rows]

    async def set_reported(self, key: str) -> None:
        """Save that a supervisor knows of an unanswered post."""
        await self.database.run("UPDATE post SET answer_due_at = NULL WHERE key = ?", (key,))

    async def give_back(self, writer: str, person_id: str, since: int) -> None:
        """Let what another person wrote about a victim's crimes be read by nobody else."""
        sql = "UPDATE post SET person_id = ? WHERE person_id = ? AND author = 'victim' AND at >= ?"
        await self.database.run(sql, (writer, person_id, since))

    async def move(
        self, from_reference: str, into: str, person_id: str, *, author: str = ""
    ) -> None:
        """Let a conversation be about the crime that it was merged into, or what one side wrote.

        What an earlier merger brought to it goes on too.
        """
        await self.database.run(
            "UPDATE post SET crime_reference = ?, came_by = ? || came_by"
            " WHERE crime_reference = ? AND person_id = ? AND (? IN ('', author) OR came_by <> '')",
            (into, merger_of(from_reference), from_reference, person_id, author),
        )

    async def move_back(
        self, from_reference: str, step: str, to: str, person_id: str, *, leaves: bool
    ) -> list[ConversationPost]:
        """Let what came from a victim's own crime be about that again; all of it if one `leaves`.

        Returns what that victim wrote about the other crime, and nobody has answered.
        """
        unanswered = await self.database.all(
            "SELECT at, text, key FROM post p WHERE crime_reference = ? AND person_id = ?"
            " AND author = 'victim' AND came_by = '' AND NOT EXISTS (SELECT 1 FROM post a"
            " WHERE a.crime_reference = p.crime_reference AND a.person_id = p.person_id"
            " AND a.author = 'officer' AND a.at >= p.at) ORDER BY at, key",
            (from_reference, person_id),
        )
        await self.database.run(
            f"UPDATE post SET crime_reference = ?, came_by = CASE WHEN {CAME_BY}"  # noqa: S608
            " THEN substr(came_by, ?) ELSE came_by END"
            f" WHERE crime_reference = ? AND person_id = ? AND (? = 1 OR {CAME_BY})",
            (
                *(to, len(step), step, len(step) + 1),
                *(from_reference, person_id, int(leaves), len(step), step),
            ),
        )
        return [
            ConversationPost(at=moment(at), author="victim", text=text, key=key)
            for at, text, key in (unanswered if leaves else [])
        ]
