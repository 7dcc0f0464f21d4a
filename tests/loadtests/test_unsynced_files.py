"""Rules of files as a loss of power leaves them: what was synced is there, the rest is luck."""

from pathlib import Path

from loadtests.unsynced_files import FileOperation, left_after, recorded_database


def write(data: bytes, offset: int = 0) -> FileOperation:
    """Write to the one file."""
    return FileOperation("a", "write", offset, data)


SYNC = FileOperation("a", "sync")


def lost() -> bool:
    """Keep nothing that was not synced."""
    return False


def test_what_was_synced_is_there_and_the_rest_is_not() -> None:
    """A write counts from the next sync of its own file."""
    operations = [write(b"one"), SYNC, write(b"two", 3), FileOperation("b", "sync")]

    assert left_after(operations, is_kept=lost)["a"] == b"one"
    assert left_after([*operations, SYNC], is_kept=lost)["a"] == b"onetwo"


def test_a_disk_may_keep_a_later_write_and_lose_an_earlier_one() -> None:
    """Each write that was not synced is asked about by itself; what was not written is zeros."""
    answers = iter((False, True))

    assert left_after([write(b"one"), write(b"two", 3)], is_kept=lambda: next(answers)) == {
        "a": b"\0\0\0two"
    }


def test_a_file_is_cut_and_deleted_as_it_was() -> None:
    """Cutting a file needs a sync too; a file that was never synced is there and empty."""
    cut = FileOperation("a", "truncate", 1)

    assert left_after([write(b"one"), SYNC, cut], is_kept=lost) == {"a": b"one"}
    assert left_after([write(b"one"), SYNC, cut, SYNC], is_kept=lost) == {"a": b"o"}
    assert left_after([write(b"one"), SYNC, FileOperation("a", "delete")], is_kept=lost) == {}
    assert left_after([write(b"one")], is_kept=lost) == {"a": b""}


def test_every_write_of_sqlite_is_recorded(tmp_path: Path) -> None:
    """All that was recorded makes the very file that is there."""
    path = tmp_path / "some.db"
    with recorded_database(path) as (connection, log):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a); INSERT INTO t VALUES (randomblob(9000))")
        assert {each.file for each in log} >= {"some.db", "some.db-wal"}
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert left_after(log, is_kept=lambda: True)["some.db"] == path.read_bytes()
