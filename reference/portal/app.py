"""The portal as a web application: its routes, its life, and what it says when it says no."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reference.portal.api import api_routes
from reference.portal.assembly import build
from reference.portal.clock import Clock, SystemClock, TestClock
from reference.portal.database import Database, open_database
from reference.portal.documentation import documentation_routes
from reference.portal.errors import Problem
from reference.portal.hooks import hook_routes
from reference.portal.outbound import HttpOutbound, Outbound
from reference.portal.pages import page_routes
from reference.portal.requests import problem_answer
from reference.portal.settings import Secrets, Settings, read_settings


def create_app(
    settings: Settings,
    secrets: Secrets,
    *,
    outbound: Outbound | None = None,
    security_clock: Clock | None = None,
    database: Database | None = None,
) -> Starlette:
    """Build the portal.

    With `test_clock_start` its time is a tester's and due work waits for `POST /test-clock`;
    otherwise it keeps the time of day and works as things fall due. `security_clock` stamps and
    checks signatures: the time of day, unless both ends share another clock.
    """
    clock: Clock = SystemClock()
    if settings.test_clock_start is not None:
        clock = TestClock(settings.test_clock_start)
    outbound = outbound or HttpOutbound()
    portal = build(
        settings,
        secrets,
        database=database or open_database(settings.database, secrets.database_url),
        outbound=outbound,
        clock=clock,
        security_clock=security_clock or SystemClock(),
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await portal.store.database.open()
        worker = None
        if not isinstance(clock, TestClock):
            worker = asyncio.create_task(portal.run_forever())
        yield
        if worker is not None:
            worker.cancel()
        if isinstance(outbound, HttpOutbound):
            await outbound.close()
        await portal.store.database.close()

    return Starlette(
        routes=[
            *hook_routes(portal),
            *api_routes(portal),
            *page_routes(portal),
            *documentation_routes(),
        ],
        exception_handlers={Problem: _refuse, HTTPException: _no_such_page},
        lifespan=lifespan,
    )


def create_app_from_environment() -> Starlette:
    """Build the portal as its operator configured it: what a server is pointed at."""
    settings, secrets = read_settings()
    # What a server has accepted survives a loss of power too.
    database = open_database(settings.database, secrets.database_url, synchronous="FULL")
    return create_app(settings, secrets, database=database)


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem_answer(Problem(error.status_code, error.detail))


async def _refuse(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem_answer(problem)
