"""The minimal portal: one Starlette route that reads a body and answers 202."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def create_app() -> Starlette:
    """Make the application."""
    return Starlette(routes=[Route("/crime-events", _take, methods=["POST"])])


async def _take(request: Request) -> Response:
    await request.body()
    return Response(status_code=202)
