"""The OpenAPI document: it has every route, says what the types say, and its examples are good."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from starlette.routing import Route

from reference.contract import events, messages
from reference.contract.events import (
    BATCH_EVENTS_MAX,
    EVENT_BYTES_MAX,
    EVENT_TYPES,
    AnyEvent,
    CloudEvent,
)
from reference.portal.web import api, hooks
from tests.each_of import each_of
from tests.reference.contract.document import (
    DOCUMENT,
    SCHEMAS,
    TEXT,
    contents,
    misfit,
    operations,
    resolved,
)
from tests.reference.portal.scene import Scene

CONTRACT_TYPES = (
    *EVENT_TYPES.values(),
    CloudEvent,
    events.Officer,
    events.ToldInstead,
    events.VictimRecord,
    messages.DeliveryReceipt,
    messages.ReceivedText,
    messages.TimelineEntry,
    messages.CrimeSummary,
    messages.ConversationPost,
    messages.AdvicePage,
)
REQUEST_TYPES = {
    "TestTime": hooks._Now,
    "Invitation": api._Invitation,
    "Address": api._Address,
    "AgreedWord": api._Word,
    "DateOfBirth": api._DateOfBirth,
    "Code": api._Code,
    "Question": api._Question,
    "ContactChoice": api._Contact,
    "Withdrawal": api._Withdrawal,
}
DECODED_AS: dict[str, Any] = {
    **{kind.__name__: kind for kind in CONTRACT_TYPES},
    **REQUEST_TYPES,
    "CrimeEventBatch": list[CloudEvent],
}
BOUND_BY_THEIR_RULE = {"address", "text"}
SCHEMA_KEYS = {
    *("type", "properties", "required", "items", "enum", "const", "anyOf", "allOf", "oneOf"),
    *("$ref", "format", "pattern", "default", "description", "discriminator"),
    *("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems"),
    "additionalProperties",
}


def bare(schema: Any) -> Any:
    """Take away what is only said for people, and what a blank field means."""
    if isinstance(schema, list):
        return sorted((bare(each) for each in schema), key=repr)
    if not isinstance(schema, dict):
        return schema
    said = {"title", "description", "default", "properties"}
    kept = {key: bare(each) for key, each in schema.items() if key not in said}
    for name, each in schema.get("properties", {}).items():
        kept[f"properties.{name}"] = bare(each)
    return kept


def components(*kinds: Any) -> dict[str, Any]:
    """Return the schemas that msgspec reads from types."""
    return msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")[1]


def test_the_document_has_every_route_and_no_other(tmp_path: Path) -> None:
    """What the portal answers to machines and programs is what vendors can read about.

    What only those who run it ask (/ready, /metrics, /docs, /openapi.yaml) is no part of it.
    """
    scene = Scene(tmp_path)
    served = {
        (method, re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path))
        for route in scene.routes
        if isinstance(route, Route)
        and re.match(r"/(api/|crime-|delivery-|received-|test-|health)", route.path)
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert {(method, path) for method, path, _ in operations()} == served


@pytest.mark.parametrize("kind", CONTRACT_TYPES, ids=lambda kind: str(kind.__name__))
def test_a_schema_says_what_the_type_says(kind: Any) -> None:
    """Names, requiredness, limits and choices are those of the contract's type."""
    assert bare(SCHEMAS[kind.__name__]) == bare(components(kind)[kind.__name__])


@pytest.mark.parametrize("kind", CONTRACT_TYPES, ids=lambda kind: str(kind.__name__))
def test_what_a_blank_field_means_is_said_right(kind: Any) -> None:
    """Where the document gives a default, it is the type's."""
    types = components(kind)[kind.__name__]["properties"]
    for name, schema in SCHEMAS[kind.__name__]["properties"].items():
        if "default" in schema:
            said = msgspec.json.encode(schema["default"])

            assert said == msgspec.json.encode(types[name]["default"]), name


@pytest.mark.parametrize("name", REQUEST_TYPES)
def test_a_request_is_described_as_it_is_read(name: str) -> None:
    """What a victim's program or a tester sends has the fields that the portal asks for."""
    kind = REQUEST_TYPES[name]

    assert bare(SCHEMAS[name]) == bare(components(kind)[kind.__name__])


@pytest.mark.parametrize("name", REQUEST_TYPES)
def test_every_field_of_a_request_has_a_length(name: str) -> None:
    """An address and a question have one that is looked at with what they say."""
    for field, said in SCHEMAS[name]["properties"].items():
        if said.get("type") == "string" and field not in BOUND_BY_THEIR_RULE:
            assert said.keys() & {"maxLength", "format"}, field


def test_every_event_has_an_envelope_that_names_it() -> None:
    """Each type of event is one of those a message may be, told apart by its name."""
    message = SCHEMAS["CrimeEventMessage"]
    expected = {name: f"#/components/schemas/{name}Event" for name in EVENT_TYPES}

    assert message["discriminator"] == {"propertyName": "type", "mapping": expected}
    assert [each["$ref"] for each in message["oneOf"]] == list(expected.values())
    for name in EVENT_TYPES:
        envelope, own = SCHEMAS[f"{name}Event"]["allOf"]

        assert envelope == {"$ref": "#/components/schemas/CloudEvent"}
        assert own["properties"] == {
            "type": {"const": name},
            "data": {"$ref": f"#/components/schemas/{name}"},
        }


def test_the_limits_are_the_contract_s() -> None:
    """How many events and how many bytes are taken is said in the document."""
    assert SCHEMAS["CrimeEventBatch"]["maxItems"] == BATCH_EVENTS_MAX
    assert f"{EVENT_BYTES_MAX:,}" in DOCUMENT["info"]["description"]
    assert (
        f"{messages.QUESTION_CHARACTERS_MAX:,}"
        in SCHEMAS["Question"]["properties"]["text"]["description"]
    )


def media() -> list[tuple[str, dict[str, Any]]]:
    """List every body of the document with where it stands."""
    return [
        (f"{method} {path} {status}", content)
        for method, path, operation in operations()
        for status, body in [
            ("request", operation.get("requestBody", {})),
            *operation["responses"].items(),
        ]
        for content in contents(body)
    ]


@each_of(media())
def test_examples_fit_their_schemas_and_decode(where: str, content: dict[str, Any]) -> None:
    """A vendor may copy an example: it fits, and the contract's own types read it."""
    name = content["schema"]["$ref"].rpartition("/")[2]
    for example in content.get("examples", {}).values():
        value = example["value"]

        assert misfit(content["schema"], value) == "", where

        if name in DECODED_AS:
            decoded = msgspec.json.decode(msgspec.json.encode(value), type=DECODED_AS[name])
            for envelope in decoded if name == "CrimeEventBatch" else ():
                assert read(envelope).crime_reference


def read(envelope: CloudEvent) -> AnyEvent:
    """Decode what an envelope holds."""
    return msgspec.json.decode(envelope.data, type=EVENT_TYPES[envelope.type])


def test_every_event_has_an_example() -> None:
    """A vendor who builds against the document has seen each kind once."""
    operation = DOCUMENT["paths"]["/crime-events"]["post"]
    batch = operation["requestBody"]["content"]["application/cloudevents-batch+json"]
    shown = {event["type"] for each in batch["examples"].values() for event in each["value"]}

    assert shown == EVENT_TYPES.keys()


def test_every_body_has_an_example() -> None:
    """Only the single event, which is one of a batch, has none of its own."""
    without = {where for where, content in media() if not content.get("examples")}

    assert without == {"POST /crime-events request"}


def test_examples_have_numbers_and_addresses_that_are_nobodys() -> None:
    """Every number is one of Ofcom's for drama, and every address at a reserved domain."""
    numbers = re.findall(r"(?<![\w.-])(?:\+44|0)[ ]?\d{4}[ ]?\d{6}(?!\d)", TEXT)
    addresses = re.findall(r"[\w.+-]+@[\w.-]+", TEXT)

    assert len(numbers) >= 3
    assert all("7700900" in re.sub(r"\D", "", number) for number in numbers)
    assert addresses
    assert all(each.rstrip(".").endswith((".example", ".test")) for each in addresses)


def test_the_document_leads_nowhere_else() -> None:
    """Every reference leads to something, and every schema is led to or is part of another."""
    targets = set(re.findall(r"'#/([\w/]+)'", TEXT))
    for target in targets:
        assert resolved({"$ref": f"#/{target}"})

    unused = {f"components/schemas/{name}" for name in SCHEMAS} - targets

    assert not unused


def test_schemas_use_only_words_that_mean_something() -> None:
    """A comma in a line of the document may not have become a key."""

    def check(schema: Any) -> None:
        assert schema.keys() <= SCHEMA_KEYS, schema
        for each in [
            *schema.get("properties", {}).values(),
            *schema.get("allOf", []),
            *schema.get("anyOf", []),
            *schema.get("oneOf", []),
            *([schema["items"]] if "items" in schema else []),
        ]:
            check(each)

    for schema in SCHEMAS.values():
        check(schema)


def test_who_may_call_is_said_of_every_operation() -> None:
    """Each names its key, or says that it needs none; and ids are told apart."""
    known = DOCUMENT["components"]["securitySchemes"]
    ids = [operation["operationId"] for _, _, operation in operations()]

    assert len(ids) == len(set(ids))
    for _, path, operation in operations():
        named = {name for each in operation["security"] for name in each}

        assert named <= known.keys()
        is_for_all = path == "/health" or {"Sign-in", "Not for me"} & {*operation["tags"]}
        assert bool(named) != bool(is_for_all) or path == "/api/sign-out"
        assert operation["summary"]
