"""What the integration must not forget, in one SQLite file: cursors, rows seen, events, letters.

A row that was read and the events that it makes are stored in one transaction with the cursor, so
that a kill between two of them loses and doubles nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from simulator.errors import BadInput

_TABLES = """
CREATE TABLE IF NOT EXISTS cursor (tab TEXT PRIMARY KEY, link TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS seen_row (
    tab TEXT NOT NULL, row_id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (tab, row_id)
) STRICT;
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
    body BLOB NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting', answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS event_waiting ON event (state, number);
CREATE TABLE IF NOT EXISTS dead_letter (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
"""


class WaitingEvent(Struct, frozen=True, kw_only=True):
    """An event that the portal has not taken yet; `due_at` is in seconds since 1970."""

    number: int
    event_id: str
    subject: str
    body: bytes
    tries: int
    due_at: float


class DeadLetter(Struct, frozen=True, kw_only=True):
    """What could not be passed on: an event, or a change that makes none."""

    number: int
    at: float
    what: str
    why: str


class Store:
    """The file, opened by one integration; raises BadInput if it is no such file."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
        self._database = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        try:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise BadInput(f"{path}: {error}; give another file for the state") from None

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Store several things wholly or not at all."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def cursor(self, table: str) -> str:
        """The link from which to read a table on, "" for the first time."""
        found = self._one("SELECT link FROM cursor WHERE tab = ?", table)
        return "" if found is None else found[0]

    def set_cursor(self, table: str, link: str) -> None:
        """Keep the link from which to read on."""
        self._do(
            "INSERT INTO cursor VALUES (?, ?) ON CONFLICT DO UPDATE SET link = excluded.link",
            table,
            link,
        )

    def row(self, table: str, row_id: str) -> dict[str, Any] | None:
        """A row as it was last seen."""
        found = self._one(
            "SELECT content FROM seen_row WHERE tab = ? AND row_id = ?", table, row_id
        )
        return None if found is None else msgspec.json.decode(found[0])

    def rows_naming(self, table: str, column: str, row_id: str) -> list[dict[str, Any]]:
        """The rows of a table whose column holds an id."""
        found = self._database.execute(
            "SELECT content FROM seen_row WHERE tab = ? AND json_extract(content, ?) = ? "
            "ORDER BY row_id",
            (table, f"$.{column}", row_id),
        )
        return [msgspec.json.decode(content) for (content,) in found]

    def set_row(self, table: str, row_id: str, row: dict[str, Any] | None) -> None:
        """Keep a row as it is now; None forgets it."""
        if row is None:
            self._do("DELETE FROM seen_row WHERE tab = ? AND row_id = ?", table, row_id)
            return
        self._do(
            "INSERT INTO seen_row VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET content = "
            "excluded.content",
            table,
            row_id,
            msgspec.json.encode(row),
        )

    def add_event(self, event_id: str, subject: str, body: bytes) -> bool:
        """Keep an event to be delivered; return whether it is new."""
        done = self._do(
            "INSERT INTO event (event_id, subject, body) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            event_id,
            subject,
            body,
        )
        return done.rowcount == 1

    def next_events(self, now: float) -> list[WaitingEvent]:
        """The first waiting event of each subject, if it is due: one crime's stay in order."""
        found = self._database.execute(
            "SELECT number, event_id, subject, body, tries, due_at FROM event WHERE number IN "
            "(SELECT min(number) FROM event WHERE state = 'waiting' GROUP BY subject) "
            "AND due_at <= ? ORDER BY number",
            (now,),
        )
        return [
            WaitingEvent(
                number=row[0],
                event_id=row[1],
                subject=row[2],
                body=row[3],
                tries=row[4],
                due_at=row[5],
            )
            for row in found
        ]

    def delivered(self, number: int, answer: str) -> None:
        """Note that the portal has an event."""
        self._do(
            "UPDATE event SET state = 'delivered', answer = ? WHERE number = ?", answer, number
        )

    def try_again(self, number: int, due_at: float, answer: str) -> None:
        """Note that a delivery failed, and when it is tried again."""
        self._do(
            "UPDATE event SET tries = tries + 1, due_at = ?, answer = ? WHERE number = ?",
            due_at,
            answer,
            number,
        )

    def give_up(self, number: int, answer: str, at: float) -> None:
        """Put an event among the dead letters: the next of its crime goes on."""
        with self.whole():
            self._do("UPDATE event SET state = 'dead', answer = ? WHERE number = ?", answer, number)
            event_id = self._one("SELECT event_id FROM event WHERE number = ?", number)
            assert event_id is not None
            self._add_letter(at, f"event {event_id[0]}", answer)

    def add_letter(self, at: float, what: str, why: str) -> None:
        """Keep what could not be passed on."""
        self._add_letter(at, what, why)

    def letters(self) -> list[DeadLetter]:
        """List the dead letters."""
        found = self._database.execute(
            "SELECT number, at, what, why FROM dead_letter ORDER BY number"
        )
        return [DeadLetter(number=n, at=at, what=what, why=why) for n, at, what, why in found]

    def replay(self) -> int:
        """Let every dead event wait for delivery again; return how many."""
        with self.whole():
            done = self._do(
                "UPDATE event SET state = 'waiting', tries = 0, due_at = 0 WHERE state = 'dead'"
            )
            self._do("DELETE FROM dead_letter WHERE what LIKE 'event %'")
        return done.rowcount

    def counts(self) -> dict[str, int]:
        """How many events wait, were delivered, or are dead."""
        found = self._database.execute("SELECT state, count(*) FROM event GROUP BY state")
        return {"waiting": 0, "delivered": 0, "dead": 0, **dict(found)}

    def _add_letter(self, at: float, what: str, why: str) -> None:
        self._do("INSERT INTO dead_letter (at, what, why) VALUES (?, ?, ?)", at, what, why)

    def _one(self, statement: str, *values: Any) -> Any:
        return self._database.execute(statement, values).fetchone()

    def _do(self, statement: str, *values: Any) -> sqlite3.Cursor:
        return self._database.execute(statement, values)
