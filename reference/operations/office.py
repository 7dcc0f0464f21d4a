"""The office's commands: messages held back, overdue work, and a person's rights over their data.

Each request about a person names who asks, and the audit keeps it.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec

from reference.operations import advice_review, office_queries
from reference.operations.database import open_database
from reference.operations.environment import Configuration, read_configuration
from reference.operations.personal_data import Held, PersonalData
from reference.portal.clock import SystemClock
from reference.portal.people.tokens import Tokens
from reference.portal.rules import contact_details
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import Database, DatabaseDown
from reference.portal.storage.holds import Holds
from reference.portal.storage.people import People
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.received_events import Received
from reference.portal.storage.sign_in_records import SignInRecords
from reference.portal.timestamps import moment, seconds
from reference.portal.words.advice import load_advice

_Ask = Callable[[Database, Configuration, datetime], Awaitable[Any]]
BY = click.option("--by", required=True, help="Who asks: a name or a role, for the audit.")


@click.command()
def held() -> None:
    """List messages that were held back or not sent, and why: the newest first."""

    async def ask(database: Database, _given: Configuration, _now: datetime) -> None:
        found = await office_queries.held_back(database)
        for each in found:
            due = f"{moment(each.due_at):%Y-%m-%d %H:%M}"
            about = f"{each.crime_reference} {each.person_id} {each.channel} {each.notice}"
            click.echo(f"{due} {each.status:9} {about}: {each.held_because}")
        click.echo(f"{len(found)} held back or not sent")

    _do(ask)


@click.command(name="overdue")
def overdue_waits() -> None:
    """List closures that an officer has yet to tell the victim, and advice to review or fill in."""

    async def ask(database: Database, _given: Configuration, now: datetime) -> None:
        found = await office_queries.overdue_closures(database, seconds(now))
        for each in found:
            due = f"{moment(each.due_at):%Y-%m-%d}"
            click.echo(f"{due} {each.crime_reference} {each.person_id}: nobody has told the victim")
        pages = advice_review.overdue(load_advice(), now.date())
        for slug, day in pages.items():
            click.echo(f"{day} advice {slug!r}: was to be reviewed")
        for slug in advice_review.to_fill_in(load_advice()):
            click.echo(f"advice {slug!r}: is for your force to fill in")
        click.echo(f"{len(found)} closures and {len(pages)} pages overdue")

    _do(ask)


@click.command()
@click.argument("person")
@BY
def export(person: str, by: str) -> None:
    """Write all that is held on PERSON as JSON."""

    async def ask(data: PersonalData, now: datetime) -> None:
        found = await data.export(person, now, by=by)
        if found is None:
            _refuse(f"nobody is known as {person!r}; give the crime system's id of the person")
        click.echo(msgspec.json.format(msgspec.json.encode(found)).decode())

    _of_data(ask)


@click.command()
@click.argument("person")
@BY
def erase(person: str, by: str) -> None:
    """Erase all that is held on PERSON, unless they or one of their crimes is held."""

    async def ask(data: PersonalData, now: datetime) -> None:
        if not await data.erase(person, now, by=by):
            _refuse(f"nobody is known as {person!r}; give the crime system's id of the person")
        click.echo(f"{person}: nothing is held any more")

    _of_data(ask)


@click.command()
@click.argument("whose")
@click.option("--why", required=True, help="Why it must be kept.")
@BY
def hold(whose: str, why: str, by: str) -> None:
    """Keep a person or a crime (WHOSE), against erasure and retention."""

    async def ask(data: PersonalData, now: datetime) -> None:
        await data.hold(whose, why, now, by=by)
        click.echo(f"{whose}: held")

    _of_data(ask)


@click.command()
@click.argument("whose")
@BY
def release(whose: str, by: str) -> None:
    """End the hold on a person or a crime (WHOSE)."""

    async def ask(data: PersonalData, now: datetime) -> None:
        if not await data.release(whose, now, by=by):
            _refuse(f"{whose} is not held")
        click.echo(f"{whose}: no longer held")

    _of_data(ask)


@click.command()
@click.argument("address")
@BY
def allow(address: str, by: str) -> None:
    """Allow messages again to ADDRESS, which bounced or was reported as not the victim's.

    Have the force write the victim's details once more afterwards, for it to be used.
    """

    async def ask(data: PersonalData, now: datetime) -> None:
        if not await data.allow(contact_details.address(address), now, by=by):
            _refuse(f"nothing has stopped {address!r}; give the number or address as it was")
        click.echo("messages may go there again")

    _of_data(ask)


COMMANDS = (held, overdue_waits, export, erase, hold, release, allow)


def _of_data(ask: Callable[[PersonalData, datetime], Awaitable[None]]) -> None:
    async def asked(database: Database, given: Configuration, now: datetime) -> None:
        await ask(personal_data(database, given.settings, given.secrets.identity), now)

    _do(asked)


def personal_data(database: Database, settings: Settings, identity_key: str) -> PersonalData:
    """Build the use case on a portal's database."""
    tokens = Tokens(records=SignInRecords(database), key=identity_key, settings=settings)
    people = People(database=database, digest=tokens.digest)
    return PersonalData(
        records=PersonalRecords(database=database, people=people),
        people=people,
        crimes=Crimes(database),
        received=Received(database),
        holds=Holds(database),
        audit=Audit(database),
    )


def _do(ask: _Ask) -> None:
    """Ask the portal's database; an error is one sentence and exit code 2."""
    try:
        asyncio.run(_ask(read_configuration(), ask))
    except (ValueError, Held) as error:
        _refuse(str(error))
    except DatabaseDown as down:
        _refuse(f"the database cannot be used ({down.reason}); try again")


async def _ask(given: Configuration, ask: _Ask) -> None:
    path, url = given.settings.database, given.database_url
    if not url and not Path(path).is_file():
        raise ValueError(f"database is {path}, which is not there; start the portal")
    database = open_database(path, url)
    await database.open()
    try:
        await ask(database, given, SystemClock().now())
    finally:
        await database.close()


def _refuse(why: str) -> NoReturn:
    click.echo(why, err=True)
    sys.exit(2)
