"""The portal as a web application: its routes, its start and stop, and its answers to errors.

`reference.operations.service` runs it as a service, does its due work and gives it sockets.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.portal.clock import Clock, SystemClock, TestClock
from reference.portal.errors import Problem
from reference.portal.messages.outbound import Outbound
from reference.portal.observer import Observer
from reference.portal.portal import build
from reference.portal.settings import Secrets, Settings
from reference.portal.storage.database import Database, DatabaseDown
from reference.portal.storage.sqlite_database import SqliteDatabase
from reference.portal.web.api import api_routes
from reference.portal.web.forms import Forms
from reference.portal.web.hooks import hook_routes
from reference.portal.web.middleware import Answers, SecurityHeaders
from reference.portal.web.pages import page_routes
from reference.portal.web.requests import problem_answer

Handler = Callable[[Request, Exception], Awaitable[Response]]


def create_app(
    settings: Settings,
    secrets: Secrets,
    *,
    outbound: Outbound,
    security_clock: Clock | None = None,
    database: Database | None = None,
    observer: Observer | None = None,
) -> Starlette:
    """Build the portal, which is the application's `state.portal`.

    With `test_clock_start` a tester moves the clock, and `POST /test-clock` does the due work;
    otherwise the portal keeps the time of day, and the service around it does the due work.
    `security_clock` stamps and checks signatures: it keeps the time of day, unless both ends share
    another clock. The default `database` is the settings' SQLite file.
    """
    start = settings.test_clock_start
    observer = observer or Observer()
    portal = build(
        settings,
        secrets,
        database=database or SqliteDatabase(settings.database),
        outbound=outbound,
        clock=SystemClock() if start is None else TestClock(start),
        security_clock=security_clock or SystemClock(),
        observer=observer,
    )

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await portal.crimes.database.open()
        yield
        await portal.crimes.database.close()

    security = SecurityHeaders(is_https=settings.public_url.startswith("https:"))
    application = Starlette(
        routes=[*hook_routes(portal), *api_routes(portal), *page_routes(portal)],
        middleware=[Middleware(Answers, observer=observer, security=security)],
        exception_handlers={Problem: _refuse(observer), HTTPException: _not_found(Forms(portal))},
        lifespan=lifespan,
    )
    # A redirect would lead to whatever host the caller named.
    application.router.redirect_slashes = False
    application.state.portal = portal
    return application


def _not_found(forms: Forms) -> Handler:
    """Answer where there is no route: a reader of pages with a page, a program with a problem."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if _reads_pages(request):
            title, status = "There is no such page", error.status_code
            response = forms.show(request, "message.html", status, title=title, text="")
        else:
            response = problem_answer(Problem(error.status_code, error.detail))
        if error.status_code == 405:
            response.headers["allow"] = ", ".join(_methods_of(request))
        return response

    return answer


def _reads_pages(request: Request) -> bool:
    wants_page = "text/html" in request.headers.get("accept", "")
    return wants_page and request.method == "GET" and not request.url.path.startswith("/api/")


def _methods_of(request: Request) -> list[str]:
    path, routes = request.scope["path"], request.app.routes
    at_path = [each for each in routes if isinstance(each, Route) and each.path_regex.match(path)]
    return sorted({method for route in at_path for method in route.methods or ()})


def _refuse(observer: Observer) -> Handler:

    async def answer(_request: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        if isinstance(problem, DatabaseDown):
            observer.database_failed(problem)
        return problem_answer(problem)

    return answer
