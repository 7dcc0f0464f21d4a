"""The OpenAPI document of the doubles' own interface, so that a script in any language can use it.

Tests send what fits it and what does not (Schemathesis).
"""

from collections.abc import Mapping
from typing import Any

from reference.contract.events import EVENT_TYPES
from reference.contract.messages import ReceivedText, Task
from simulator.doubles.front import Request
from simulator.doubles.to_portal import SetAside
from simulator.doubles.to_subscribers import Called
from simulator.doubles.unsaid import ShownUnsaid
from simulator.neighbours.crime_system.openapi import (
    REF,
    document,
    object_of,
    operation,
    schemas,
)

_ID = {"type": "string"}


def control_openapi(
    *,
    faults: type,
    webhooks: type,
    person: type,
    text_back: type,
    signed_in: type,
    question: type,
    of_message: type,
) -> dict[str, Any]:
    """Make the document; the types are what the interface reads."""
    read: dict[str, type] = {
        "faults": faults,
        "webhooks": webhooks,
        "person": person,
        "textBack": text_back,
    }
    read |= {"signedIn": signed_in, "question": question, "ofMessage": of_message}
    shown: dict[str, type] = {
        "task": Task,
        "request": Request,
        "setAside": SetAside,
        "receivedText": ReceivedText,
    }
    shown |= {"unsaid": ShownUnsaid}
    refs, components = schemas({**read, **shown, "call": Called, **EVENT_TYPES})
    components["event"] = {
        "anyOf": [object_of({"type": {"const": name}, "data": refs[name]}) for name in EVENT_TYPES]
    }
    described = document(
        "Control of the doubles",
        "Play the force and the victims, and switch faults on.",
        _paths(refs),
        components,
    )
    return {**described, "security": [{}, {"token": []}]}


def _paths(refs: Mapping[str, Any]) -> dict[str, Any]:
    waiting = object_of(
        {
            "unsaid": _list(refs["unsaid"]),
            "waiting": _list(_ID),
            "set_aside": _list(refs["setAside"]),
        }
    )
    hook = object_of({"url": _ID, "tables": _list(_ID), "auth": _ID})
    hooks = object_of({"webhooks": _list(hook), "last_calls": _list(refs["call"])})
    event = {"$ref": REF.format(name="event")}
    made = object_of({"id": _ID})
    known = object_of({"person_id": _ID})
    return {
        "/events": {
            "get": _does("Show which events wait, were refused, or cannot be told.", waiting),
            "post": _does("Record an event, as the force.", made, event, refused=(409,)),
        },
        "/tasks": {"get": _does("Show the tasks that the portal raised.", _list(refs["task"]))},
        "/people": {"post": _does("Say who truly holds a number.", known, refs["person"])},
        "/signed-in": {"post": _says("Say that a person signed in.", refs["signedIn"])},
        "/complaints": {"post": _calls_back("Let a reader mark an email as spam.", refs)},
        "/returned-letters": {"post": _calls_back("Let a letter come back.", refs)},
        "/questions": {"post": _says("Say what a person asked.", refs["question"])},
        "/texts-back": {
            "post": _does("Let a person text back.", refs["receivedText"], refs["textBack"])
        },
        "/faults": {
            "get": _does("Show the faults that are on.", refs["faults"]),
            "put": _does(
                "Replace all faults; one that is not named ends.",
                refs["faults"],
                refs["faults"],
                status=200,
                refused=(409,),
            ),
        },
        "/requests": {
            "get": _does("Show the last requests to the doubles.", _list(refs["request"]))
        },
        "/webhooks": {
            "get": _does("Show the webhooks of Dynamics, and their last calls.", hooks),
            "put": _does("Replace the webhooks.", hooks, refs["webhooks"], status=200),
        },
    }


def _says(summary: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Describe what a tester says of a person; 409 where nobody recorded them."""
    return _does(summary, said, said, refused=(409,))


def _calls_back(summary: str, refs: Mapping[str, Any]) -> dict[str, Any]:
    return _does(summary, {"type": "object"}, refs["ofMessage"], refused=(404,))


def _does(
    summary: str,
    shown: Mapping[str, Any],
    asked: Mapping[str, Any] | None = None,
    *,
    status: int = 201,
    refused: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Describe an operation; one that is asked nothing answers 200."""
    is_asked = asked is not None
    return operation(
        summary,
        {status if is_asked else 200: shown},
        body=asked,
        refused=(401, *((400, 413) if is_asked else ()), *refused),
    )


def _list(items: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
