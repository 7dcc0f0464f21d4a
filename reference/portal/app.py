"""Puts the portal together: the only place that knows the concrete classes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from reference.portal import advice, catalogue
from reference.portal.api import api_routes
from reference.portal.cases import Cases
from reference.portal.clock import Clock, SystemClock, TestClock
from reference.portal.conversations import Conversations
from reference.portal.crime_system import CrimeSystem
from reference.portal.database import SqliteDatabase
from reference.portal.errands import Errands
from reference.portal.errors import Problem
from reference.portal.gateway import Gateway
from reference.portal.hooks import hook_routes
from reference.portal.journey_plan import JourneyPlan
from reference.portal.outbound import HttpOutbound, Outbound
from reference.portal.outbox import Outbox
from reference.portal.pages import page_routes
from reference.portal.portal import Portal
from reference.portal.received import Received
from reference.portal.requests import problem_answer
from reference.portal.settings import Secrets, Settings, read_settings
from reference.portal.sign_in import SignIn
from reference.portal.store import Store
from reference.portal.timeline import Timeline
from reference.portal.tokens import Tokens


def create_app(
    settings: Settings,
    secrets: Secrets,
    *,
    outbound: Outbound | None = None,
    security_clock: Clock | None = None,
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
        outbound=outbound,
        clock=clock,
        security_clock=security_clock or SystemClock(),
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        worker = None
        if not isinstance(clock, TestClock):
            worker = asyncio.create_task(portal.run_forever())
        yield
        if worker is not None:
            worker.cancel()
        if isinstance(outbound, HttpOutbound):
            await outbound.close()
        portal.store.database.close()

    return Starlette(
        routes=[*hook_routes(portal), *api_routes(portal), *page_routes(portal)],
        exception_handlers={Problem: _refuse, HTTPException: _no_such_page},
        lifespan=lifespan,
    )


def create_app_from_environment() -> Starlette:
    """Build the portal as its operator configured it: what a server is pointed at."""
    settings, secrets = read_settings()
    return create_app(settings, secrets)


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    outbound: Outbound,
    clock: Clock,
    security_clock: Clock,
) -> Portal:
    """Join the parts."""
    database = SqliteDatabase(settings.database)
    store = Store(database)
    words = catalogue.load()
    tokens = Tokens(database=database, key=secrets.identity, settings=settings)
    gateway = Gateway(
        outbound=outbound, key=secrets.gateway, security_clock=security_clock, settings=settings
    )
    outbox = Outbox(store=store, gateway=gateway, catalogue=words, tokens=tokens, settings=settings)
    crime_system = CrimeSystem(outbound=outbound, token=secrets.crime_system, settings=settings)
    errands = Errands(database=database, crime_system=crime_system)
    conversations = Conversations(store=store, errands=errands, settings=settings)
    sign_in = SignIn(
        store=store,
        gateway=gateway,
        catalogue=words,
        tokens=tokens,
        identity_key=secrets.identity,
        settings=settings,
    )
    plan = JourneyPlan(database)
    cases = Cases(
        store=store,
        received=Received(database),
        plan=plan,
        timeline=Timeline(store=store, catalogue=words, settings=settings),
        outbox=outbox,
        errands=errands,
        conversations=conversations,
        sign_in=sign_in,
        settings=settings,
    )
    return Portal(
        settings=settings,
        secrets=secrets,
        clock=clock,
        security_clock=security_clock,
        store=store,
        cases=cases,
        plan=plan,
        outbox=outbox,
        errands=errands,
        sign_in=sign_in,
        conversations=conversations,
        advice=advice.load_advice(),
    )


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem_answer(Problem(error.status_code, error.detail))


async def _refuse(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem_answer(problem)
