"""The portal as a web application: its routes, its life, and what it says when it says no."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.operations import logs
from reference.operations.api_pages import documentation_routes
from reference.operations.health import operations_routes
from reference.operations.logs import log
from reference.portal.clock import Clock, SystemClock, TestClock
from reference.portal.due_work import DueWork
from reference.portal.errors import Problem
from reference.portal.messages.outbound import Outbound
from reference.portal.portal import build
from reference.portal.settings import Secrets, Settings, read_settings
from reference.portal.storage.database import Database, DatabaseDown, open_database
from reference.portal.web.answers import Answers
from reference.portal.web.api import api_routes
from reference.portal.web.forms import Forms
from reference.portal.web.hooks import hook_routes
from reference.portal.web.pages import page_routes
from reference.portal.web.requests import problem_answer
from reference.portal.web.security_headers import SecurityHeaders


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
    outbound, let_go = _reached_by(outbound)
    portal = build(
        settings,
        secrets,
        database=database or open_database(settings.database, secrets.database_url),
        outbound=outbound,
        clock=clock,
        security_clock=security_clock or SystemClock(),
    )

    due_work = None if isinstance(clock, TestClock) else DueWork(portal)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await portal.crimes.database.open()
        if due_work is not None:
            due_work.start()
        log.info("portal_started")
        yield
        log.info("portal_stopping")
        if due_work is not None:
            await due_work.stop()
        await let_go()
        await portal.crimes.database.close()
        log.info("portal_stopped")

    security = SecurityHeaders(is_https=settings.public_url.startswith("https:"))
    application = Starlette(
        routes=[
            *hook_routes(portal),
            *operations_routes(portal, due_work),
            *api_routes(portal),
            *page_routes(portal),
            *documentation_routes(),
        ],
        middleware=[Middleware(Answers, metrics=portal.metrics, security=security)],
        exception_handlers={Problem: _refuse, HTTPException: _nowhere(Forms(portal))},
        lifespan=lifespan,
    )
    # It would lead to whatever host the caller named.
    application.router.redirect_slashes = False
    return application


def create_app_from_environment() -> Starlette:
    """Build the portal as its operator configured it: what a server is pointed at.

    Raises SystemExit with one sentence when it was configured wrongly.
    """
    try:
        logs.configure(os.environ.get("PORTAL_LOG_LEVEL", ""))
        settings, secrets = read_settings()
        # What a server has accepted survives a loss of power too.
        database = open_database(settings.database, secrets.database_url, synchronous="FULL")
        database.serve()
        return create_app(settings, secrets, database=database)
    except (ValueError, DatabaseDown) as error:
        raise SystemExit(f"portal: {error}") from None


def _reached_by(outbound: Outbound | None) -> tuple[Outbound, Callable[[], Awaitable[None]]]:
    """Give what reaches the neighbours, sockets where none is, and what ends what is ours."""
    if outbound is not None:
        return outbound, _let_be
    # What speaks over sockets takes long to load, and in process there are none.
    from reference.portal.messages.http_outbound import HttpOutbound

    sockets = HttpOutbound()
    return sockets, sockets.close


async def _let_be() -> None:
    """Leave what somebody else made to them."""


def _nowhere(forms: Forms) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer where nothing is: whoever reads pages with one, and a program with a problem."""

    async def no_such_page(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if _reads_pages(request):
            title, status = "There is no such page", error.status_code
            answer = forms.show(request, "message.html", status, title=title, text="")
        else:
            answer = problem_answer(Problem(error.status_code, error.detail))
        if error.status_code == 405:
            answer.headers["allow"] = ", ".join(_methods_of(request))
        return answer

    return no_such_page


def _reads_pages(request: Request) -> bool:
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.method == "GET" and not request.url.path.startswith("/api/")


def _methods_of(request: Request) -> list[str]:
    """List the methods that some route takes at this path."""
    path, routes = request.scope["path"], request.app.routes
    at_path = [each for each in routes if isinstance(each, Route) and each.path_regex.match(path)]
    return sorted({method for route in at_path for method in route.methods or ()})


async def _refuse(_request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    if isinstance(problem, DatabaseDown):
        log.error("database_down", **logs.error_fields(problem))
    return problem_answer(problem)
