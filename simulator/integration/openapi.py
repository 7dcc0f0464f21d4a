"""The OpenAPI document of an integration, at /openapi.json: what the crime system has, and more.

The portal files and reads as at a crime system; a tester looks at dead letters, and plans faults;
the force's system pushes.
"""

from collections.abc import Collection
from typing import Any

from reference.contract.messages import Stamp, Task
from simulator.integration.faults import FaultPlan
from simulator.integration.layers import (
    CASES_PATH,
    RECORDS_PATH,
    ROWS_PATH,
    Events,
    ForceRow,
    LayerTokens,
    Records,
)
from simulator.integration.sent_messages import MESSAGES_PATH, Handshake, Notification
from simulator.integration.store import DeadLetter
from simulator.neighbours.crime_system.occurrence import Occurrence
from simulator.neighbours.crime_system.openapi import (
    document,
    filing_paths,
    object_of,
    operation,
    schemas,
)

_NUMBER = {"type": "integer"}
_TESTERS = ("/dead-letters", "/dead-letters/replay", "/faults")


def integration_openapi(
    pushes_path: str, *, has_pushes: bool, layer_paths: Collection[str] = ()
) -> dict[str, Any]:
    """Make the document; pushes and the other layers are there only where the map says so."""
    refs, components = schemas(
        {
            "stamp": Stamp,
            "task": Task,
            "occurrence": Occurrence,
            "letter": DeadLetter,
            "plan": FaultPlan,
        }
    )
    counts = object_of(dict.fromkeys(("waiting", "delivered", "dead"), _NUMBER))
    letters = object_of({"events": counts, "letters": {"type": "array", "items": refs["letter"]}})
    health = object_of({"status": {"const": "up"}, "events": counts})
    paths = _with_outages(filing_paths(refs))
    paths |= {
        "/dead-letters": {
            "get": operation("Show what was not delivered.", {200: letters}, refused=(401,))
        },
        "/dead-letters/replay": {
            "post": operation(
                "Deliver again what was not.",
                {200: object_of({"replayed": _NUMBER})},
                refused=(401,),
            )
        },
        "/faults": {
            "get": operation("Show the faults.", {200: refs["plan"]}, refused=(401,)),
            "put": operation(
                "Replace the faults.",
                {200: refs["plan"]},
                body=refs["plan"],
                refused=(400, 401, 413),
            ),
        },
        "/health": {"get": {**operation("Say that it runs.", {200: health}), "security": []}},
    }
    for described in (each for path in _TESTERS for each in paths[path].values()):
        described["security"] = [{"tester": []}]
    if has_pushes:
        paths[pushes_path] = {
            "post": operation(
                "Hear of changes in the force's system, which signs them or knows a key.",
                {202: None},
                body={},
                refused=(400, 401, 413),
            )
        }
    paths |= {path: of for path, of in _layer_paths(components).items() if path in layer_paths}
    made = document(
        "Integration",
        "In the crime system's place to a portal, with what it could not deliver.",
        paths,
        components,
    )
    for layer in LayerTokens.__struct_fields__ if layer_paths else ("tester",):
        made["components"]["securitySchemes"][layer] = {"type": "http", "scheme": "bearer"}
    return made


def _layer_paths(components: dict[str, Any]) -> dict[str, Any]:
    """Describe the process and system layers, and add what they take to the components."""
    taken = {"events": Events, "records": Records, "row": ForceRow}
    refs, more = schemas({**taken, "handshake": Handshake, "told": list[Notification]})
    components |= more
    asked = [
        {"name": name, "in": "query", "required": True, "schema": {"type": "string"}}
        for name in ("table", "key", "value")
    ]
    read = operation(
        "Read a row of the force's system by a key.",
        {200: {"type": "object"}},
        parameters=asked,
        refused=(400, 401, 404, 422, 503),
    )
    make = operation(
        "Make a row of the force's system, once by its key: 200 if it is there.",
        {201: None, 200: None},
        body=refs["row"],
        refused=(400, 401, 413, 422, 503),
    )
    hear = operation(
        "Hear what became of messages: signed batches, and the handshake of a new callback.",
        {200: None},
        body={"oneOf": [refs["handshake"], refs["told"]]},
        refused=(400, 401, 413, 502, 503),
    )
    of_process: dict[str, Any] = {"security": [{"process": []}]}
    of_system: dict[str, Any] = {"security": [{"system": []}]}
    cases = _written("Write events into the org, once.", 202, refs["events"])
    records = _written("Write records, all or none.", 204, refs["records"])
    return {
        MESSAGES_PATH: {"post": {**hear, "security": []}},
        CASES_PATH: {"post": cases | of_process},
        RECORDS_PATH: {"post": records | of_system},
        ROWS_PATH: {"get": read | of_system, "post": make | of_system},
    }


def _written(summary: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    refused = (400, 401, 413, 422, 503)
    return operation(summary, {status: None}, body=body, refused=refused)


def _with_outages(paths: dict[str, Any]) -> dict[str, Any]:
    """Add what is answered for a force's system that refuses or is away, and where no rule is."""
    problem = paths["/tasks"]["post"]["responses"]["400"]
    for path, item in paths.items():
        for described in item.values():
            described["responses"] |= {"502": problem, "503": problem}
            if path != "/occurrences/{reference}":
                described["responses"]["501"] = problem
    return paths
