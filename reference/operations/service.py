"""The portal as a service: the application a server runs, with its database, monitoring and routes.

`create_app` is for uvicorn and takes everything from the environment; `create_service` is the same
service for a caller that has its configuration already.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette

from reference.catalogue_check.check import check_catalogue
from reference.operations import logs
from reference.operations.api_pages import documentation_routes
from reference.operations.database import open_database
from reference.operations.due_work import DueWork
from reference.operations.environment import read_configuration
from reference.operations.health import health_routes
from reference.operations.http_outbound import HttpOutbound
from reference.operations.logs import log
from reference.operations.monitoring import Monitoring
from reference.portal import app as portal_app
from reference.portal.clock import Clock, TestClock
from reference.portal.messages.outbound import Outbound
from reference.portal.settings import Secrets, Settings
from reference.portal.storage.database import Database, DatabaseDown


def create_app() -> Starlette:
    """Build the service as its operator configured it.

    Raises SystemExit with one sentence when the configuration or the catalogue is wrong.
    """
    try:
        logs.configure(os.environ.get("PORTAL_LOG_LEVEL", ""))
        given = read_configuration()
        check_catalogue()
        database = open_database(given.settings.database, given.database_url)
        database.serve()
        return create_service(
            given.settings, given.secrets, database=database, metrics_token=given.metrics_token
        )
    except (ValueError, DatabaseDown) as error:
        raise SystemExit(f"portal: {error}") from None


def create_service(
    settings: Settings,
    secrets: Secrets,
    *,
    outbound: Outbound | None = None,
    security_clock: Clock | None = None,
    database: Database | None = None,
    metrics_token: str = "",
) -> Starlette:
    """Build the portal, monitored, with the routes that an operator needs beside it.

    It does due work as it falls due, or leaves it to a tester's clock. The default `outbound` uses
    sockets. Without a `metrics_token` nobody reads the metrics. The other arguments are the
    portal's.
    """
    monitoring, sockets = Monitoring(), HttpOutbound()
    application = portal_app.create_app(
        settings,
        secrets,
        outbound=outbound or sockets,
        security_clock=security_clock,
        database=database,
        observer=monitoring,
    )
    portal = application.state.portal
    due_work = None if isinstance(portal.clock, TestClock) else DueWork(portal, monitoring)
    health = health_routes(portal, due_work, monitoring.metrics, metrics_token)
    application.router.routes.extend([*health, *documentation_routes()])
    portal_lifespan = application.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with portal_lifespan(app):
            if due_work is not None:
                due_work.start()
            log.info("portal_started")
            yield
            log.info("portal_stopping")
            if due_work is not None:
                await due_work.stop()
            await sockets.close()
        log.info("portal_stopped")

    application.router.lifespan_context = lifespan
    return application
