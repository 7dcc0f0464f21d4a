"""What the portal remembers: whole transactions, and times and persons as they were kept."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.database import SqliteDatabase
from reference.portal.store import Store, moment, seconds
from tests.reference.portal.crimes import CRIME, MOBILE, alex, recorded
from tests.reference.portal.scene import Scene

whole_seconds = st.datetimes(
    datetime(1950, 1, 1),  # noqa: DTZ001  Hypothesis adds the zone
    datetime(2150, 1, 1),  # noqa: DTZ001
    timezones=st.timezones(),
    allow_imaginary=False,
).map(lambda at: at.replace(microsecond=0))


@given(whole_seconds)
def test_a_moment_comes_back_as_it_was(at: datetime) -> None:
    """Whatever zone a time was said in, the same moment comes back, in UTC."""
    assert moment(seconds(at)) == at.astimezone(UTC)
    assert moment(seconds(at)).tzinfo == UTC


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """What fails half way leaves nothing behind, and the next one works."""
    database = SqliteDatabase(str(tmp_path / "portal.db"))
    keep = "INSERT INTO event_seen VALUES ('source', ?)"

    async def fail() -> None:
        async with database.transaction():
            await database.run(keep, ("1",))
            async with database.transaction():
                await database.run(keep, ("2",))
            raise LookupError

    async def succeed() -> list[object]:
        async with database.transaction():
            await database.run(keep, ("3",))
        return [row[0] for row in await database.all("SELECT id FROM event_seen")]

    with pytest.raises(LookupError):
        asyncio.run(fail())

    assert asyncio.run(succeed()) == ["3"]

    database.close()


def test_many_rows_go_in_at_once(tmp_path: Path) -> None:
    """One statement for many rows keeps each of them."""
    database = SqliteDatabase(str(tmp_path / "portal.db"))
    rows = [("source", str(n)) for n in range(50)]

    async def keep() -> int:
        await database.run_many("INSERT INTO event_seen VALUES (?, ?)", rows)
        return len(await database.all("SELECT * FROM event_seen"))

    assert asyncio.run(keep()) == 50

    database.close()


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    """A portal that was stopped and started again goes on where it was."""
    Scene(tmp_path).deliver(recorded())
    again = Scene(tmp_path)
    session = again.session(address=MOBILE)

    assert [
        each["crime_reference"]
        for each in again.api("GET", "/crimes", session=session).json["crimes"]
    ] == [CRIME]


def test_a_person_s_record_is_kept_as_it_came(scene: Scene) -> None:
    """What the force wrote down is not put right by the portal, only what it uses of it."""
    record = alex(mobile_phone=" 07700-900 123 ", given_name="Sian\u0302", email="N/A")
    scene.deliver(recorded(record))
    [row] = scene.rows()["person"]

    assert Store.decode_record(row[1]) == record
    assert row[3:5] == (MOBILE, "")
