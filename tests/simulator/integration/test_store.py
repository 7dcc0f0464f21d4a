"""What is stored is there again, whoever asks from whatever thread, and after an upgrade too."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from simulator.errors import BadInput
from simulator.integration.store import KeptChange, Settling, Store

#: As the first version of the suite made it.
FIRST_VERSION = """
CREATE TABLE cursor (tab TEXT PRIMARY KEY, link TEXT NOT NULL) STRICT;
CREATE TABLE seen_row (
    tab TEXT NOT NULL, row_id TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (tab, row_id)
) STRICT;
CREATE TABLE event (
    number INTEGER PRIMARY KEY, event_id TEXT NOT NULL UNIQUE, subject TEXT NOT NULL,
    body BLOB NOT NULL, tries INTEGER NOT NULL DEFAULT 0, due_at REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting', answer TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE dead_letter (
    number INTEGER PRIMARY KEY, at REAL NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL
) STRICT;
INSERT INTO event (event_id, subject, body) VALUES ('e-1', 'crime-1', x'7b7d');
INSERT INTO event (event_id, subject, body) VALUES ('e-2', 'crime-1', x'7b7d');
"""


def test_a_file_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    """What waited still waits, in order, and each event is followed by its own id."""
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(FIRST_VERSION)
    with closing(Store(path)) as store:
        [waiting] = store.next_events(0)
        store.delivered(waiting.number, "202")
        [then] = store.next_events(0)
    with closing(Store(path)) as again:
        counts = again.counts()

    assert (waiting.event_id, waiting.correlation_id, then.event_id) == ("e-1", "e-1", "e-2")
    assert counts == {"waiting": 1, "delivered": 1, "dead": 0}


def test_a_file_of_a_later_version_is_not_touched(tmp_path: Path) -> None:
    """The message says what to do."""
    path = tmp_path / "state.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(BadInput, match="of a later version of the suite; give another file"):
        Store(path)


def test_what_is_no_such_file_is_refused(tmp_path: Path) -> None:
    """A text file is no state."""
    path = tmp_path / "state.db"
    path.write_text("not a database, and long enough to be seen as none" * 20, encoding="utf-8")
    with pytest.raises(BadInput, match="give another file for the state"):
        Store(path)


def test_two_threads_do_not_come_into_each_others_changes() -> None:
    """What a push stores while a page is stored is not lost when that page fails."""
    store = Store(None)
    told = threading.Event()

    def push() -> None:
        told.set()
        store.set_cause("incident", "i-1", "webhook-1")

    thread = threading.Thread(target=push)

    def half_a_page() -> None:
        with store.whole():
            store.set_cursor("incident", "half")
            thread.start()
            told.wait()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_a_page()
    thread.join()

    assert store.cursor("incident") == ""
    assert store.take_cause("incident", "i-1") == "webhook-1"
    assert store.take_cause("incident", "i-1") == ""
    store.close()


def test_the_first_state_before_a_change_counts_until_it_has_settled() -> None:
    """A second change within the time does not begin it again."""
    store = Store(None)
    for before, due_at in (({"n": 1}, 10.0), ({"n": 2}, 20.0)):
        store.settle(
            Settling(rule="r", table="t", row_id="1", before=before, correlation_id=""), due_at
        )
    early, settled = store.take_settled(9.0), store.take_settled(10.0)

    assert early == []
    assert [each.before for each in settled] == [{"n": 1}]
    assert store.take_settled(99.0) == []
    store.close()


def test_a_dead_change_is_taken_once_and_in_order() -> None:
    """Its letter is gone with it."""
    store = Store(None)
    for number in (1, 2):
        change = KeptChange(
            table="t", row_id=str(number), before=None, after={"n": number}, correlation_id="c"
        )
        store.add_letter(0, f"t {number}", "why", change)
    assert [each.what for each in store.letters()] == ["t 1", "t 2"]

    assert [each.row_id for each in store.take_dead_changes()] == ["1", "2"]
    assert (store.take_dead_changes(), store.letters()) == ([], [])
    store.close()


def test_an_event_that_is_overtaken_does_not_hold_the_next_back() -> None:
    """Usually the second waits for the first."""
    store = Store(None)
    store.add_event("e-1", "crime-1", b"{}", due_at=100.0, is_overtaken=True)
    store.add_event("e-2", "crime-1", b"{}")
    store.add_event("e-3", "crime-1", b"{}")

    assert [each.event_id for each in store.next_events(0)] == ["e-2"]
    assert [each.event_id for each in store.next_events(100)] == ["e-1", "e-2"]
    assert not store.add_event("e-1", "crime-1", b"{}")
    store.close()
