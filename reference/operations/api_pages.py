"""The portal's API as documentation: `/docs` for people, `/openapi.yaml` for programs.

`pages/docs.html` shows what `described` reads out of `reference/contract/portal.openapi.yaml`:
plain HTML without a script, so that it works under the same policy as every page.
"""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from reference.portal.web.rendering import render

_FILE = Path(__file__).parents[1] / "contract" / "portal.openapi.yaml"
_METHODS = ("get", "post", "put", "patch", "delete")
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'none'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Content(Struct, frozen=True):
    """One way a body is written: its media type, its schema, and examples as (name, text)."""

    media: str
    schema: dict[str, Any]
    examples: list[tuple[str, str]]


class Answer(Struct, frozen=True):
    """One answer an operation gives."""

    status: str
    description: Markup
    contents: list[Content]


class Operation(Struct, frozen=True, kw_only=True):
    """One thing that can be asked; `security` has a list of schemes for each way to be let in."""

    id: str
    method: str
    path: str
    summary: str
    description: Markup
    security: list[list[dict[str, Any]]]
    parameters: list[dict[str, Any]]
    body: list[Content]
    answers: list[Answer]


class Part(Struct, frozen=True):
    """Operations that belong together, as the document's tags have them."""

    id: str
    name: str
    description: Markup
    operations: list[Operation]


def documentation_routes() -> list[Route]:
    """Routes of the documentation, which anyone may read."""
    return [Route("/docs", _page), Route("/openapi.yaml", _file)]


async def _page(_request: Request) -> Response:
    return HTMLResponse(_html(), headers=_HEADERS)


async def _file(_request: Request) -> Response:
    return Response(_text(), media_type="application/yaml", headers=_HEADERS)


@cache
def _text() -> str:
    return _FILE.read_text(encoding="utf-8")


@cache
def _html() -> str:
    import yaml  # type: ignore[import-untyped]

    # The C loader takes a tenth of the time, and the first reader waits for it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return documentation_page(yaml.load(_text(), Loader=loader))  # noqa: S506  both are safe


def documentation_page(document: dict[str, Any]) -> str:
    """Show an OpenAPI 3.1 document as a page; raises KeyError for a reference to nowhere."""
    schemas = document.get("components", {}).get("schemas", {})
    return render(
        "docs.html",
        version=document["info"]["version"],
        description=_rich(document["info"].get("description", "")),
        parts=described(document),
        schemas=[(name, schema) for name, schema in schemas.items()],
        rich=_rich,
        limits=limits,
    )


def described(document: dict[str, Any]) -> list[Part]:
    """Read the operations out of a document, by tag and in its order."""
    operations = list(_operations(document))
    return [
        Part(
            id=f"part-{number}",
            name=tag["name"],
            description=_rich(tag.get("description", "")),
            operations=[each for tags, each in operations if tag["name"] in tags],
        )
        for number, tag in enumerate(document.get("tags", []))
    ]


def limits(schema: dict[str, Any]) -> list[tuple[str, str]]:
    """List what a value must keep to, as keys of the words of `docs` and their value."""
    return [(word, str(schema[name])) for name, word in LIMITS.items() if name in schema]


LIMITS = {
    "minLength": "docs.least_length",
    "maxLength": "docs.most_length",
    "minimum": "docs.least",
    "maximum": "docs.most",
    "minItems": "docs.least_items",
    "maxItems": "docs.most_items",
    "format": "docs.format",
    "pattern": "docs.pattern",
}


def _operations(document: dict[str, Any]) -> Iterator[tuple[list[str], Operation]]:
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                found = item[method]
                yield found.get("tags", []), _operation(document, path, method, item, found)


def _operation(
    document: dict[str, Any], path: str, method: str, item: dict[str, Any], found: dict[str, Any]
) -> Operation:
    parameters = [*item.get("parameters", []), *found.get("parameters", [])]
    ways_in = found.get("security", document.get("security", []))
    schemes = document.get("components", {}).get("securitySchemes", {})
    return Operation(
        id=found["operationId"],
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=_rich(found.get("description", "")),
        security=[[schemes[name] for name in way] for way in ways_in],
        parameters=[_resolved(document, each) for each in parameters],
        body=_contents(document, found.get("requestBody", {})),
        answers=[
            Answer(
                status,
                _rich(_resolved(document, answer).get("description", "")),
                _contents(document, answer),
            )
            for status, answer in found.get("responses", {}).items()
        ],
    )


def _contents(document: dict[str, Any], body: dict[str, Any]) -> list[Content]:
    return [
        Content(
            media,
            content.get("schema", {}),
            [
                (example.get("summary", name), _written(example.get("value")))
                for name, example in content.get("examples", {}).items()
            ],
        )
        for media, content in _resolved(document, body).get("content", {}).items()
    ]


def _resolved(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document to what it names."""
    while "$ref" in value:
        place: Any = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            place = place[part]
        value = place
    return value


def _written(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _rich(text: str) -> Markup:
    return Markup(_MARKDOWN.render(text))  # noqa: S704  our own contract, and no HTML of its


_MARKDOWN = MarkdownIt("commonmark", {"html": False})
