"""Cut a portal's power and look for what it had accepted: `python -m loadtests.power_cuts`.

A kill of the process loses nothing that was given to the system, so `loadtests.kills` cannot show
whether a commit waits for the disk. Here the portal's own SQL of a burst is carried out again with
each setting of `synchronous`, and its files are looked at as a disk would have them that lost what
was not synced. Exit codes: 0 if FULL loses nothing and the others do, 1 if FULL loses something, 3
if the proof would not have shown it.
"""

import argparse
import hashlib
import random
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args
from unittest import mock

from msgspec import Struct

from loadtests.mailboxes import Mailboxes
from loadtests.unsynced_files import FileOperation, left_after, recorded_database
from simulator.clock import wall_now
from simulator.drivers import in_process
from simulator.drivers.base import Delivery
from simulator.errors import BadInput, SuiteError
from simulator.files.paths import ROOT
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.verdicts import Kind, exit_code
from simulator.world.builder import neighbours

Synchronous = Literal["OFF", "NORMAL", "FULL"]
LEVELS: tuple[Synchronous, ...] = get_args(Synchronous)
TARGET = ROOT / "scenarios" / "targets" / "reference.toml"
ORDER = ROOT / "scenarios" / "orders" / "burst.toml"
EVENTS_MAX = 2000
CUTS_MAX = 10_000
_DATABASE = "portal.db"
#: The state of a database that has no table yet.
_EMPTY = hashlib.sha256().hexdigest()
#: Of so many kinds of cut: everything unsynced is lost, or each write by the toss of a coin.
_KINDS = 2


class Accepted(Struct, frozen=True):
    """The portal answered 202 here: from now on it must not lose the event."""


#: The statements of a portal, in order, with its answers between them.
Recording = Sequence[str | Accepted]


class Survival(Struct, frozen=True, kw_only=True):
    """What was left after the cuts with one setting of `synchronous`."""

    synchronous: Synchronous
    syncs: int
    cuts: int
    #: Cuts after which an accepted event was gone, and the most that were gone after one.
    losing: int
    lost_max: int
    #: Cuts after which the database could not be read, or held what it never had.
    damaged: int

    @property
    def holds(self) -> bool:
        """Whether every accepted event was there after every cut."""
        return not (self.losing or self.damaged)

    def line(self) -> str:
        """Describe it."""
        return (
            f"synchronous={self.synchronous}: {self.syncs} syncs, {self.cuts} cuts: "
            f"{self.losing} lost accepted events (at most {self.lost_max}), "
            f"{self.damaged} left a damaged database"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Cut the power in a burst on SQLite, with each setting of synchronous."""
    parser = argparse.ArgumentParser(
        prog="python -m loadtests.power_cuts",
        description=main.__doc__,
        epilog="Example: python -m loadtests.power_cuts --events 200 --cuts 1000 --seed 7",
    )
    parser.add_argument("--events", type=int, default=100, help="events that are delivered (100)")
    parser.add_argument("--cuts", type=int, default=200, help="cuts with each setting (200)")
    parser.add_argument("--seed", type=int, default=1, help="seed for the moments (1)")
    asked = parser.parse_args(arguments)
    try:
        _check("--events", asked.events, 2, EVENTS_MAX)
        _check("--cuts", asked.cuts, 2, CUTS_MAX)
        sys.stdout.write(f"seed {asked.seed}\n")
        recording = record(asked.events)
        survivals = []
        for level in LEVELS:
            survivals.append(survive(recording, level, cuts=asked.cuts, seed=asked.seed))
            sys.stdout.write(f"{survivals[-1].line()}\n")
            sys.stdout.flush()
    except SuiteError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    verdict = verdict_of(survivals)
    sys.stdout.write(f"FULL keeps what OFF and NORMAL lose: {verdict}\n")
    return exit_code(verdict)


def verdict_of(survivals: Sequence[Survival]) -> Kind:
    """FAIL if FULL lost anything; INCONCLUSIVE if these cuts would not have shown it."""
    by_level = {each.synchronous: each for each in survivals}
    if not by_level["FULL"].holds:
        return "FAIL"
    shown = by_level["OFF"].losing and by_level["NORMAL"].losing
    return "PASS" if shown else "INCONCLUSIVE"


def record(events: int) -> Recording:
    """Deliver events to the reference portal one by one; return the SQL that it carried out.

    Raises SuiteError if it does not accept one.
    """
    recording: list[str | Accepted] = []
    connect = sqlite3.connect

    def connect_and_record(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.set_trace_callback(recording.append)
        return connection

    order = read_order(ORDER).staying_in(1)
    secrets, start = rehearsal_secrets(), wall_now()
    around = neighbours(source="power-cuts", now=wall_now, security_now=wall_now, secrets=secrets)
    mailboxes = Mailboxes(around.crime_system, order, identity_key=secrets.identity)
    with (
        tempfile.TemporaryDirectory(prefix="power-cuts-") as folder,
        mock.patch.object(sqlite3, "connect", connect_and_record),
        # Made table by table: what is copied from an empty one has no statements to record.
        mock.patch.dict("reference.portal.storage.sqlite_database._EMPTY", clear=True),
    ):
        driver = in_process.start(
            read_target(TARGET),
            order,
            secrets=secrets,
            gateway=around.gateway_app,
            crime_system=around.outage,
            clock_start=start,
            now=wall_now,
            database=str(Path(folder) / _DATABASE),
        )
        with closing(driver):
            for number in range(events):
                [batch] = mailboxes.record([number])
                [outgoing] = batch.events
                status = driver.deliver(Delivery(outgoing.event_id, [outgoing.body]))
                if status != 202:
                    raise SuiteError(f"the portal answered an event {status}; run accept first")
                recording.append(Accepted())
    return recording


def survive(recording: Recording, synchronous: Synchronous, *, cuts: int, seed: int) -> Survival:
    """Carry a recording out with a setting, and look at its files after cuts at random moments."""
    draw = random.Random(f"{seed} power cuts")  # noqa: S311  no secret
    with tempfile.TemporaryDirectory(prefix="power-cuts-") as name:
        folder = Path(name)
        operations, accepted, states = _carried_out(recording, synchronous, folder / _DATABASE)
        losing = lost_max = damaged = 0
        first = accepted[0]
        for number in range(cuts):
            at = draw.randint(first, len(operations))
            is_kept = partial(draw.choice, (True, False)) if number % _KINDS else bool
            found = _state_of(left_after(operations[:at], is_kept=is_kept), folder / "cut")
            owed = sum(each <= at for each in accepted)
            kept = states.get(found)
            if kept is None:
                damaged += 1
            elif kept < owed:
                losing += 1
                lost_max = max(lost_max, owed - kept)
        return Survival(
            synchronous=synchronous,
            syncs=sum(each.kind == "sync" for each in operations),
            cuts=cuts,
            losing=losing,
            lost_max=lost_max,
            damaged=damaged,
        )


def _carried_out(
    recording: Recording, synchronous: Synchronous, path: Path
) -> tuple[list[FileOperation], list[int], dict[str, int]]:
    """Carry a recording out on a new file.

    Returns the file operations, how many there were at each answer 202, and how many events had
    been accepted when the database was in each state that it ever was in between transactions.
    """
    accepted: list[int] = []
    states = {_EMPTY: 0}
    with recorded_database(path) as (connection, log):
        for each in recording:
            if isinstance(each, Accepted):
                accepted.append(len(log))
                # The state of the commit before is that of this event.
                states[_digest(connection.execute)] = len(accepted)
                continue
            connection.execute(_with_level(each, synchronous))
            if not connection.in_transaction and not each.startswith("PRAGMA"):
                states.setdefault(_digest(connection.execute), len(accepted))
        operations = list(log)
    return operations, accepted, states


def _with_level(statement: str, synchronous: Synchronous) -> str:
    """Replace the setting that the portal gave itself."""
    is_setting = statement.startswith("PRAGMA synchronous=")
    return f"PRAGMA synchronous={synchronous}" if is_setting else statement


def _state_of(files: Mapping[str, bytes], folder: Path) -> str:
    """Open the files as a portal that starts again does; return its state ("" if it cannot)."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        try:
            with closing(sqlite3.connect(Path(name) / _DATABASE)) as connection:
                [(found,)] = connection.execute("PRAGMA integrity_check").fetchall()
                return _digest(connection.execute) if found == "ok" else ""
        except (sqlite3.Error, ValueError):
            return ""


def _digest(execute: Any) -> str:
    """Reduce every row of every table to one word."""
    digest = hashlib.sha256()
    for table in _tables(execute):
        digest.update(table.encode())
        rows = execute(f'SELECT * FROM "{table}"')  # noqa: S608  its own name
        digest.update("".join(sorted(map(repr, rows))).encode())
    return digest.hexdigest()


def _tables(execute: Any) -> Iterator[str]:
    for (name,) in execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        yield name


def _check(option: str, given: int, least: int, most: int) -> None:
    if not least <= given <= most:
        raise BadInput(f"{option} is {given}; give a number from {least} to {most:,}")


if __name__ == "__main__":
    sys.exit(main())
