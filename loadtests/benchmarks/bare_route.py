"""The least that Starlette can do: one route that reads a body and answers.

`/crime-events` answers 202 with nothing, as the minimal portal. `/answered/{size}` answers with a
body of that many bytes, as a double of a neighbour has to: a server writes it by itself.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def create_app() -> Starlette:
    """Make the application."""
    return Starlette(
        routes=[
            Route("/crime-events", _take, methods=["POST"]),
            Route("/answered/{size:int}", _answer, methods=["GET", "POST"]),
        ]
    )


async def _take(request: Request) -> Response:
    await request.body()
    return Response(status_code=202)


async def _answer(request: Request) -> Response:
    await request.body()
    body = b" " * request.path_params["size"]
    return Response(body, 200, media_type="application/json")
