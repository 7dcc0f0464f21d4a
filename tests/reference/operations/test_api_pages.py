"""The API as documentation: the whole contract on one page, without a script."""

import re
from html import unescape
from typing import Any

import pytest

from reference.operations.api_pages import described, documentation_page, limits
from tests.reference.contract.document import DOCUMENT, SCHEMAS, TEXT, operations
from tests.reference.portal.scene import Scene

PAGE = documentation_page(DOCUMENT)
SMALL: dict[str, Any] = {
    "info": {"title": "Small", "version": "1", "description": "It is *small*."},
    "tags": [{"name": "All"}],
    "paths": {
        "/things": {
            "parameters": [{"$ref": "#/components/parameters/Page"}],
            "get": {
                "tags": ["All"],
                "operationId": "list",
                "security": [],
                "parameters": [{"name": "q", "in": "query", "schema": {}}],
                "responses": {"200": {"$ref": "#/components/responses/Things"}},
            },
        }
    },
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "schema": {"type": "integer"}}},
        "responses": {
            "Things": {
                "description": "Some.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/Thing"},
                        },
                        "examples": {"none": {"value": []}},
                    }
                },
            }
        },
        "schemas": {
            "Thing": {"type": "object", "properties": {"on": {"type": ["string", "null"]}}}
        },
    },
}


def test_every_operation_is_there_with_every_answer() -> None:
    """Whatever the contract asks of a vendor can be read on the page."""
    shown = {
        (operation.method, operation.path): [answer.status for answer in operation.answers]
        for part in described(DOCUMENT)
        for operation in part.operations
    }

    assert shown == {
        (method, path): list(operation["responses"]) for method, path, operation in operations()
    }
    for method, path, operation in operations():
        assert f"<code>{method} {path}</code>" in unescape(PAGE)
        assert f'id="{operation["operationId"]}">{operation["summary"]}<' in unescape(PAGE)


def test_every_type_is_there_with_every_field() -> None:
    """Each schema has its heading, and each of its fields its name."""
    for name, schema in SCHEMAS.items():
        assert f'<h3 id="type-{name}">{name}</h3>' in PAGE
        for field in schema.get("properties", {}):
            assert f"<dt><code>{field}</code></dt>" in PAGE


def test_every_link_on_the_page_leads_to_a_place_on_it() -> None:
    """A type that is named is a link, and no link is to nowhere."""
    ids = set(re.findall(r'id="([^"]+)"', PAGE))
    targets = set(re.findall(r'href="#([^"]+)"', PAGE))

    assert targets <= ids
    assert len(re.findall(r'id="([^"]+)"', PAGE)) == len(ids)
    assert {f"type-{name}" for name in SCHEMAS} - targets <= {"type-CrimeEventBatch"}


def test_every_example_is_there_as_json() -> None:
    """A vendor can copy what is sent and what is answered."""
    examples = [
        text
        for part in described(DOCUMENT)
        for operation in part.operations
        for content in [*operation.body, *(c for each in operation.answers for c in each.contents)]
        for _, text in content.examples
    ]

    assert examples
    for text in examples:
        assert f"<pre>{text}</pre>" in unescape(PAGE)


def test_a_reference_is_followed_and_what_is_left_out_is_no_mistake() -> None:
    """A document may be short, and share parameters and answers."""
    (part,) = described(SMALL)
    (operation,) = part.operations
    page = documentation_page(SMALL)

    assert [each["name"] for each in operation.parameters] == ["page", "q"]
    assert operation.answers[0].contents[0].examples == [("none", "[]")]
    assert 'list of <a href="#type-Thing">Thing</a>, as application/json' in page
    assert "<code>string</code> or <code>null</code>" in page
    assert "It is <em>small</em>." in page


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"type": "string", "minLength": 1}, "at least 1 characters"),
        ({"type": "integer", "maximum": 9}, "9 or less"),
        ({"type": "string", "format": "date"}, "written as date"),
        ({"const": "up"}, "always <code>up</code>"),
        ({"enum": [1, "b"]}, "one of <code>1</code>, <code>b</code>"),
        ({"type": "boolean", "default": False}, "false where it is left out"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "</code> or <code>null"),
        ({"type": "string", "pattern": "<b>"}, "in the form &lt;b&gt;"),
        ({"properties": {"in": {"type": "integer"}}}, "<dt><code>in</code></dt>"),
        ({}, "anything"),
    ],
)
def test_what_a_schema_says_is_said_in_words(schema: dict[str, Any], said: str) -> None:
    """Kinds, limits, choices and defaults are on the page, and only ever text."""
    document = {**SMALL, "components": {**SMALL["components"], "schemas": {"Thing": {}}}}
    document["components"]["schemas"]["Thing"] = {"properties": {"it": schema}}

    assert said in documentation_page(document)


def test_limits_are_in_the_order_of_reading() -> None:
    """The least before the most, whatever order the document has them in."""
    assert limits({"maxLength": 5, "minLength": 1}) == [
        ("docs.least_length", "1"),
        ("docs.most_length", "5"),
    ]


def test_anybody_may_read_it_under_the_strictest_policy(scene: Scene) -> None:
    """No session, no script, and the file itself as it is kept."""
    page, file = scene.page("/docs"), scene.page("/openapi.yaml")

    assert page.status == file.status == 200
    assert page.body.decode() == PAGE
    assert file.body.decode() == TEXT
    assert file.headers["content-type"].startswith("application/yaml")
    for answer in (page, file):
        assert answer.headers["content-security-policy"].startswith(
            "default-src 'none'; style-src 'self'"
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
