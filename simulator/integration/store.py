"""What the integration must not forget, in one SQLite file.

Cursors, rows as they were last seen, changes that may still be corrected, events, dead letters.

A row that was read and the events that it makes are stored in one transaction with the cursor, so
that a kill between two of them loses and doubles nothing.
"""

import sqlite3
import threading
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
#: What each later version of the file has more; its number is in `user_version`.
_LATER = (
    """
    ALTER TABLE event ADD COLUMN correlation_id TEXT NOT NULL DEFAULT '';
    ALTER TABLE event ADD COLUMN queue TEXT NOT NULL DEFAULT '';
    UPDATE event SET queue = subject;
    CREATE INDEX event_queue ON event (state, queue, number);
    ALTER TABLE dead_letter ADD COLUMN change BLOB;
    CREATE TABLE settling (
        rule TEXT NOT NULL, tab TEXT NOT NULL, row_id TEXT NOT NULL, before BLOB,
        due_at REAL NOT NULL, correlation_id TEXT NOT NULL, PRIMARY KEY (rule, tab, row_id)
    ) STRICT;
    CREATE TABLE cause (
        tab TEXT NOT NULL, row_id TEXT NOT NULL, correlation_id TEXT NOT NULL,
        PRIMARY KEY (tab, row_id)
    ) STRICT;
    """,
    "CREATE INDEX dead_letter_what ON dead_letter (what);",
)


class WaitingEvent(Struct, frozen=True, kw_only=True):
    """An event that the portal has not taken yet; `due_at` is in seconds since 1970."""

    number: int
    event_id: str
    subject: str
    body: bytes
    tries: int
    due_at: float
    correlation_id: str


class DeadLetter(Struct, frozen=True, kw_only=True):
    """What could not be passed on: an event, or a change that makes none."""

    number: int
    at: float
    what: str
    why: str


class KeptChange(Struct, frozen=True, kw_only=True):
    """A change of a row as it was read: to be mapped again when the map or the row was corrected.

    `rule` is the only one whose event could not be made; "" where the row's creation made none.
    """

    table: str
    row_id: str
    before: dict[str, Any] | None
    after: dict[str, Any]
    correlation_id: str
    rule: str = ""
    is_deleted: bool = False


class Settling(Struct, frozen=True, kw_only=True):
    """A row that changed and may still be corrected: how it was before, by one rule of the map."""

    rule: str
    table: str
    row_id: str
    before: dict[str, Any] | None
    correlation_id: str


class Store:
    """The file, opened by one integration; raises BadInput if it is no such file."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o600)
        self._database = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        # The flow and the interface for the portal are two threads.
        self._lock = threading.RLock()
        try:
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_TABLES)
            self._bring_up_to_date()
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise BadInput(f"{path}: {error}; give another file for the state") from None

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Store several things wholly or not at all; another thread waits meanwhile."""
        with self._lock:
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
        found = self._all(
            "SELECT content FROM seen_row WHERE tab = ? AND json_extract(content, ?) = ? "
            "ORDER BY row_id",
            table,
            f"$.{column}",
            row_id,
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

    def set_cause(self, table: str, row_id: str, correlation_id: str) -> None:
        """Keep the correlation id with which a change of a row was told, until it is read."""
        self._do(
            "INSERT INTO cause VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET correlation_id = "
            "excluded.correlation_id",
            table,
            row_id,
            correlation_id,
        )

    def take_cause(self, table: str, row_id: str) -> str:
        """Take the correlation id of a row's change; "" if it was not told."""
        found = self._one(
            "DELETE FROM cause WHERE tab = ? AND row_id = ? RETURNING correlation_id",
            table,
            row_id,
        )
        return "" if found is None else found[0]

    def settle(self, settling: Settling, due_at: float) -> None:
        """Keep how a row was before a change that may still be corrected; the first one counts."""
        before = None if settling.before is None else msgspec.json.encode(settling.before)
        self._do(
            "INSERT INTO settling VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            settling.rule,
            settling.table,
            settling.row_id,
            before,
            due_at,
            settling.correlation_id,
        )

    def settling_of(self, table: str, row_id: str) -> dict[str, float]:
        """When each change of a row that waits will have settled, by the name of its rule."""
        query = "SELECT rule, due_at FROM settling WHERE tab = ? AND row_id = ?"
        return dict(self._all(query, table, row_id))

    def first_settling(self, table: str, row_id: str) -> tuple[bool, dict[str, Any] | None]:
        """Say whether a change of a row waits, and how the row was before the first that does."""
        found = self._one(
            "SELECT before FROM settling WHERE tab = ? AND row_id = ? ORDER BY rowid LIMIT 1",
            table,
            row_id,
        )
        if found is None or found[0] is None:
            return found is not None, None
        return True, msgspec.json.decode(found[0])

    def next_settled_at(self) -> float | None:
        """When the next change will have settled; None if none waits."""
        [(due_at,)] = self._all("SELECT MIN(due_at) FROM settling")
        return None if due_at is None else float(due_at)

    def take_settled(self, now: float) -> list[Settling]:
        """Take the changes that have settled, in order."""
        return self._take_settling("due_at <= ?", now)

    def take_settling_of(self, table: str, row_id: str) -> list[Settling]:
        """Take the changes of a row that wait, in order."""
        return self._take_settling("tab = ? AND row_id = ?", table, row_id)

    def _take_settling(self, where: str, *values: Any) -> list[Settling]:
        found = self._all(
            f"DELETE FROM settling WHERE {where} "  # noqa: S608  written here
            "RETURNING rule, tab, row_id, before, correlation_id, due_at, rowid",
            *values,
        )
        return [
            Settling(
                rule=rule,
                table=table,
                row_id=row_id,
                before=None if before is None else msgspec.json.decode(before),
                correlation_id=correlation_id,
            )
            for rule, table, row_id, before, correlation_id, *_ in sorted(
                found, key=lambda each: each[-2:]
            )
        ]

    def add_event(
        self,
        event_id: str,
        subject: str,
        body: bytes,
        *,
        correlation_id: str = "",
        due_at: float = 0.0,
        is_overtaken: bool = False,
    ) -> bool:
        """Keep an event to be delivered; return whether it is new.

        The events of one subject wait for each other, unless one is to be overtaken.
        """
        done = self._do(
            "INSERT INTO event (event_id, subject, body, correlation_id, due_at, queue) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            event_id,
            subject,
            body,
            correlation_id or event_id,
            due_at,
            event_id if is_overtaken else subject,
        )
        return done.rowcount == 1

    def next_events(self, now: float) -> list[WaitingEvent]:
        """The first waiting event of each queue, if it is due: one crime's stay in order."""
        found = self._all(
            "SELECT number, event_id, subject, body, tries, due_at, correlation_id FROM event "
            "WHERE number IN "
            "(SELECT min(number) FROM event WHERE state = 'waiting' GROUP BY queue) "
            "AND due_at <= ? ORDER BY number",
            now,
        )
        return [
            WaitingEvent(
                number=row[0],
                event_id=row[1],
                subject=row[2],
                body=row[3],
                tries=row[4],
                due_at=row[5],
                correlation_id=row[6] or row[1],
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

    def add_letter(self, at: float, what: str, why: str, change: KeptChange) -> None:
        """Keep a change that makes no event, so that it can be mapped again."""
        self._add_letter(at, what, why, msgspec.json.encode(change))

    def add_words(self, at: float, what: str, why: str) -> None:
        """Keep that something in the org could not be filed; it stands there still."""
        with self.whole():
            self._do("DELETE FROM dead_letter WHERE change IS NULL AND what = ?", what)
            self._add_letter(at, what, why)

    def letters(self) -> list[DeadLetter]:
        """List the dead letters."""
        found = self._all("SELECT number, at, what, why FROM dead_letter ORDER BY number")
        return [DeadLetter(number=n, at=at, what=what, why=why) for n, at, what, why in found]

    def replay(self) -> int:
        """Let every dead event wait for delivery again; return how many."""
        with self.whole():
            done = self._do(
                "UPDATE event SET state = 'waiting', tries = 0, due_at = 0 WHERE state = 'dead'"
            )
            self._do("DELETE FROM dead_letter WHERE change IS NULL AND what LIKE 'event %'")
            words = self._do("DELETE FROM dead_letter WHERE change IS NULL").rowcount
            if words:
                # They are in the org still: what is read from the beginning is filed once.
                self._do("DELETE FROM cursor WHERE tab LIKE '/%'")
        return done.rowcount + words

    def take_dead_changes(self) -> list[KeptChange]:
        """Take the changes that made no event, in order, to be mapped again."""
        found = self._all(
            "DELETE FROM dead_letter WHERE change IS NOT NULL RETURNING number, change"
        )
        return [msgspec.json.decode(change, type=KeptChange) for _, change in sorted(found)]

    def take_dead_changes_of(self, what: str) -> list[KeptChange]:
        """Take the changes of one row that made no event: the row has changed since.

        What neither is of one rule nor of a new row stays: it is for a map that was corrected.
        """
        found = self._all(
            "SELECT number, change FROM dead_letter WHERE change IS NOT NULL AND what = ? "
            "ORDER BY number",
            what,
        )
        changes = [(number, msgspec.json.decode(raw, type=KeptChange)) for number, raw in found]
        taken = [each for each in changes if each[1].rule or each[1].before is None]
        for number, _change in taken:
            self._do("DELETE FROM dead_letter WHERE number = ?", number)
        return [change for _number, change in taken]

    def counts(self) -> dict[str, int]:
        """How many events wait, were delivered, or are dead."""
        found = self._all("SELECT state, count(*) FROM event GROUP BY state")
        return {"waiting": 0, "delivered": 0, "dead": 0, **dict(found)}

    def _bring_up_to_date(self) -> None:
        """Give a file of an earlier version what later ones have; raises BadInput."""
        [version] = self._one("PRAGMA user_version")
        if version > len(_LATER):
            raise BadInput("the file is of a later version of the suite; give another file")
        for number, statements in enumerate(_LATER[version:], start=version + 1):
            self._database.executescript(
                f"BEGIN; {statements} PRAGMA user_version = {number}; COMMIT;"
            )

    def _add_letter(self, at: float, what: str, why: str, change: bytes | None = None) -> None:
        self._do(
            "INSERT INTO dead_letter (at, what, why, change) VALUES (?, ?, ?, ?)",
            at,
            what,
            why,
            change,
        )

    def _one(self, statement: str, *values: Any) -> Any:
        with self._lock:
            return self._database.execute(statement, values).fetchone()

    def _all(self, statement: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()

    def _do(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with self._lock:
            return self._database.execute(statement, values)
