"""What the sessions of the database wait for is named, so that a slow one is no riddle."""

import asyncio
import time

import asyncpg  # type: ignore[import-untyped]
import pytest
from msgspec import structs

from loadtests.database_waits import DatabaseWaits, database_waits
from loadtests.postgres import postgres_server
from simulator.report.load_tables import surroundings
from tests.simulator.report.samples import MACHINE, load


def test_sessions_are_counted_at_a_time() -> None:
    """Work, each kind of wait, and transactions in which the portal has the turn."""
    waits = DatabaseWaits()
    waits.note([("active", None, None), ("active", "Lock", "transactionid")])
    waits.note([("active", None, None), ("idle in transaction", "Client", "ClientRead")])

    assert waits.at_a_time == {
        "working": 1.0,
        "waiting for Lock transactionid": 0.5,
        "waiting for the portal in a transaction": 0.5,
    }
    assert DatabaseWaits().at_a_time == {}


def test_the_report_names_them_the_most_first() -> None:
    """Where the time went is one sentence."""
    waits = {"working": 0.4, "waiting for Lock transactionid": 3.5}
    result = load(machine=structs.replace(MACHINE, database_waits=waits))
    [said] = [each for each in surroundings(result) if each.startswith("Sessions of the database")]

    assert said == (
        "Sessions of the database at a time: waiting for Lock transactionid 3.50, working 0.40."
    )


@pytest.mark.slow(seconds=6, waits=True)
def test_a_portal_whose_sessions_wait_for_one_lock_is_seen() -> None:
    """One holds it and does nothing; three want it."""

    async def fight(url: str) -> None:
        sessions = [await asyncpg.connect(url) for _ in range(4)]
        await sessions[0].execute("create table t (n int); insert into t values (1)")
        holder = sessions[0].transaction()
        await holder.start()
        await sessions[0].execute("update t set n = 2")
        wanting = [
            asyncio.create_task(each.execute("update t set n = n + 1")) for each in sessions[1:]
        ]
        await asyncio.sleep(1.5)
        await holder.commit()
        await asyncio.gather(*wanting)
        for each in sessions:
            await each.close()

    with postgres_server() as server, database_waits(server.url) as waits:
        time.sleep(0.1)
        asyncio.run(fight(server.url))

    assert next(iter(waits.at_a_time)).startswith("waiting for Lock ")
    assert waits.at_a_time["waiting for the portal in a transaction"] > 0
