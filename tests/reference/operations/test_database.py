"""Whether the database could be opened: told without making, mending or writing anything."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reference.operations.database import check_database
from reference.portal.storage.migrations import MIGRATIONS
from tests.reference.portal.databases import PostgresServer, Storage

CURRENT = len(MIGRATIONS)


def files(folder: Path) -> list[str]:
    """List what is in a folder."""
    return sorted(each.name for each in folder.iterdir())


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """The portal makes it when it starts; a look does not."""
    assert "not there yet" in check_database(str(tmp_path / "portal.db"), "")
    assert files(tmp_path) == []


def test_a_database_of_this_version_is_well(storage: Storage) -> None:
    """Of each kind, also while a portal has it open."""
    storage.open()
    path, url = ("", storage.address) if storage.is_postgres else (storage.address, "")

    assert check_database(path, url).endswith(f"of version {CURRENT}")


def test_an_empty_database_is_made_into_the_portal_s(empty_storage: Storage) -> None:
    """One without tables is nobody's yet, and stays so until the start."""
    if empty_storage.is_postgres:
        said = check_database("", empty_storage.address)
    else:
        Path(empty_storage.address).touch()
        said = check_database(empty_storage.address, "")

    assert f"of version 0: the portal brings it to {CURRENT}" in said
    assert empty_storage.rows() == {}


def test_a_newer_portal_s_database_is_refused(storage: Storage) -> None:
    """An older portal does not write into tables it does not know."""
    database = storage.open()
    number = CURRENT + 1
    storage.run(database.run("INSERT INTO migration VALUES (?, 'newer')", (number,)))
    path, url = ("", storage.address) if storage.is_postgres else (storage.address, "")
    try:
        with pytest.raises(ValueError, match=f"of version {number}.*start the newer portal"):
            check_database(path, url)
    finally:
        storage.run(database.run("DELETE FROM migration WHERE number = ?", (number,)))


def test_what_is_no_portal_s_database_is_refused(tmp_path: Path) -> None:
    """A wrong path does not put the portal's tables among someone else's."""
    other = tmp_path / "accounts.db"
    with closing(sqlite3.connect(other)) as somebody:
        somebody.execute("CREATE TABLE account (id INTEGER)")
    text = tmp_path / "notes.txt"
    text.write_text("These are not the rows you are looking for." * 100, encoding="utf-8")

    for path, why in ((other, "something else"), (text, "cannot read"), (tmp_path, "a folder")):
        with pytest.raises(ValueError, match=why) as refused:
            check_database(str(path), "")

        assert str(path) in str(refused.value)


def test_a_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And the folder is not made."""
    with pytest.raises(ValueError, match="make it"):
        check_database(str(tmp_path / "none" / "portal.db"), "")

    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["with space.db", "with?mark.db", "with#hash.db", "with%20.db"])
def test_an_odd_name_is_a_name(tmp_path: Path, name: str) -> None:
    """A path is not taken for an address with a question in it."""
    with closing(sqlite3.connect(tmp_path / name)) as database:
        database.execute("CREATE TABLE crime (reference TEXT)")

    assert "of version 0" in check_database(str(tmp_path / name), "")
    assert files(tmp_path) == [name]


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    """Host and database are what an operator can mend."""
    with pytest.raises(ValueError, match="nobody answers") as refused:
        check_database("", "postgresql://portal:hunter2@127.0.0.1:1/cases")

    assert "127.0.0.1:1, database cases" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_server_that_lets_nobody_in_is_named_without_its_password(
    postgres: PostgresServer,
) -> None:
    """A wrong password, and a database that is not there."""
    for url in (
        postgres.url_for("stranger", password="hunter2"),
        postgres.url_for("postgres", database="no_such_database"),
    ):
        with pytest.raises(ValueError, match=r"^PORTAL_DATABASE_URL: .* cannot be used") as refused:
            check_database("", url)

        assert "hunter2" not in str(refused.value)


def test_a_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone who listens and says nothing is nobody."""
    monkeypatch.setattr("reference.operations.database._SECONDS_MAX", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"postgresql://portal@127.0.0.1:{silent.getsockname()[1]}/cases?sslmode=disable"
        with pytest.raises(ValueError, match="nobody answers"):
            check_database("", url)
