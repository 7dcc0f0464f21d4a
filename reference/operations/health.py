"""Whether the portal is up, whether it is ready for work, and what it has done, for its operator.

None of the three routes shows anything of a person. `/ready` writes a row as it is, at most once a
second: a full disk, or a file that is gone, shows in nothing else until a victim writes.
"""

from pathlib import Path
from shutil import disk_usage
from time import monotonic

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.operations import gauges
from reference.operations.due_work import DueWork
from reference.operations.logs import error_fields, log
from reference.operations.metrics import Metrics
from reference.portal.clock import within
from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.storage.migrations import MIGRATIONS
from reference.portal.web.requests import answer, check_bearer

DATABASE_SECONDS_MAX = 2.0
WRITE_SECONDS_MIN = 1.0
#: So full a disk still takes the row that `/ready` writes, and not what victims and the force send.
DISK_BYTES_MIN = 64 * 2**20


def health_routes(
    portal: Portal, due_work: DueWork | None, metrics: Metrics, metrics_token: str
) -> list[Route]:
    """Routes for health, readiness and metrics; a portal with a test clock has no `due_work`.

    Without a `metrics_token` nobody reads the metrics: what they count tells who is known.
    """

    async def health(_request: Request) -> Response:
        return answer({"status": "up"})

    written_at = -WRITE_SECONDS_MIN

    async def ready(_request: Request) -> Response:
        nonlocal written_at
        is_written = monotonic() - written_at < WRITE_SECONDS_MIN
        trouble = await _database_trouble(portal, is_written=is_written)
        if not (trouble or is_written):
            written_at = monotonic()
        if not trouble and due_work is not None:
            trouble = due_work.trouble()
        if trouble:
            raise Problem(503, "Not ready", detail=trouble)
        return answer({"status": "ready"})

    async def show_metrics(request: Request) -> Response:
        check_bearer(request, metrics_token)
        asked = await gauges.text(portal.crimes.database, portal.clock.now())
        return Response(metrics.text() + asked, media_type=CONTENT_TYPE_PLAIN_0_0_4)

    routes = [Route("/health", health), Route("/ready", ready)]
    return [*routes, Route("/metrics", show_metrics)] if metrics_token else routes


async def _database_trouble(portal: Portal, *, is_written: bool) -> str:
    """Explain in one sentence what is wrong with the database ("" for nothing).

    `is_written` says that it was written to just now.
    """
    try:
        async with within(DATABASE_SECONDS_MAX):
            row = await portal.crimes.database.one("SELECT max(number) FROM migration")
            if not is_written:
                await portal.crimes.database.check_writable()
            if not portal.crimes.database.is_shared:
                folder = Path(portal.settings.database).parent
                if disk_usage(folder).free < DISK_BYTES_MIN:
                    return "The disk is nearly full."
    except Exception as error:  # noqa: BLE001  whatever it is, nothing can be done without it
        log.error("database_down", **error_fields(error))
        return "The database does not answer, or cannot be written to."
    # One that is newer is a newer portal's, that takes over: what this one needs is still there.
    is_old = row is None or (row[0] or 0) < len(MIGRATIONS)
    return "The database's tables are older than this portal." if is_old else ""
