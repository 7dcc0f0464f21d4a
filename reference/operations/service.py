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
from reference.operations.environment import read_configuration
from reference.operations.health import health_routes
from reference.operations.logs import log
from reference.operations.monitoring import Monitoring
from reference.portal import app as portal_app
from reference.portal.clock import Clock
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

    Without a `metrics_token` anyone may read the metrics. The other arguments are the portal's.
    """
    monitoring = Monitoring()
    application = portal_app.create_app(
        settings,
        secrets,
        outbound=outbound,
        security_clock=security_clock,
        database=database,
        observer=monitoring,
    )
    state = application.state
    health = health_routes(state.portal, state.due_work, monitoring.metrics, metrics_token)
    application.router.routes.extend([*health, *documentation_routes()])
    portal_lifespan = application.router.lifespan_context

    @asynccontextmanager
    async def logged_lifespan(app: Any) -> AsyncIterator[None]:
        async with portal_lifespan(app):
            log.info("portal_started")
            yield
            log.info("portal_stopping")
        log.info("portal_stopped")

    application.router.lifespan_context = logged_lifespan
    return application
