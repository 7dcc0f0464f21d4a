"""Up to 200 records in one call: `composite/sobjects`.

Each is answered in its place; a refusal there says `statusCode` where others say `errorCode`.
Source: REST API Developer Guide, sObject Collections.
"""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.neighbours.salesforce.addresses import id_of, key_of, shown, stored
from simulator.neighbours.salesforce.calls import Answer, Call, Interface
from simulator.neighbours.salesforce.describing import RECORDS_MAX
from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_method, not_found
from simulator.neighbours.salesforce.objects import of_prefix
from simulator.neighbours.salesforce.record_ids import whole_id

ROLLED_BACK = (
    "Record rolled back because not all records were valid and the request was using AllOrNone "
    "header"
)
_Done = Callable[[Any], dict[str, Any]]


class _RolledBack(Exception):
    """A record failed, and none is to be written."""


def answer(rest: Interface, call: Call) -> Answer:
    """Answer a call for several records; raises SalesforceError if the whole cannot be read."""
    match call.method, call.parts[2:]:
        case "POST", ():
            return _each(rest, call, _given(call), lambda each: _create(rest, call, each))
        case "PATCH", ():
            return _each(rest, call, _given(call), lambda each: _update(rest, call, each))
        case "DELETE", ():
            ids = call.parameters.get("ids", "").split(",")
            return _each(rest, call, ids, lambda each: _delete(rest, call, each))
        case (("GET" | "POST"), (name,)):
            return _found(rest, call, name)
        case "PATCH", (name, field):
            sobject = stored(name)
            key = key_of(sobject, field)

            def upsert(each: Any) -> dict[str, Any]:
                record = _named(each)
                value = record.pop(key.name, None)
                if value is None:
                    raise bad("MISSING_ARGUMENT", f"{key.name} not specified", key.name)
                made = rest.upserted(call, sobject, key, str(value), record)
                if made.status == 300:
                    message = f"{key.name}: more than one record found for external id field"
                    raise bad("DUPLICATE_EXTERNAL_ID", message, key.name)
                return dict(made.body)

            return _each(rest, call, _given(call), upsert)
        case _, ():
            raise no_method(call.method, "POST", "PATCH", "DELETE")
        case _, (_,):
            raise no_method(call.method, "GET", "POST")
        case _, (_, _):
            raise no_method(call.method, "PATCH")
    raise not_found()


def _given(call: Call) -> list[Any]:
    records = call.record().get("records")
    if not isinstance(records, list):
        raise bad("JSON_PARSER_ERROR", "Missing required field: records")
    return records


def _each(rest: Interface, call: Call, records: list[Any], do: _Done) -> Answer:
    if len(records) > RECORDS_MAX:
        message = (
            f"record limit reached. cannot submit more than {RECORDS_MAX} records into this call"
        )
        raise bad("EXCEEDED_ID_LIMIT", message)
    body = call.body if isinstance(call.body, dict) else {}
    is_whole = (
        body.get("allOrNone") is True or call.parameters.get("allOrNone", "").lower() == "true"
    )
    answers: list[dict[str, Any]] = []
    try:
        if is_whole:
            with rest.records.whole():
                answers = _done(records, do)
                _check_whole(answers)
        else:
            answers = _done(records, do)
    except _RolledBack:
        halted = bad("ALL_OR_NONE_OPERATION_ROLLED_BACK", ROLLED_BACK).in_collection
        answers = [
            {"success": False, "errors": [halted]} if each["success"] else each for each in answers
        ]
    return Answer(status=200, body=answers)


def _check_whole(answers: list[dict[str, Any]]) -> None:
    if not all(each["success"] for each in answers):
        raise _RolledBack


def _done(records: list[Any], do: _Done) -> list[dict[str, Any]]:
    answers = []
    for each in records:
        try:
            answers.append(do(each))
        except SalesforceError as error:
            answers.append({"success": False, "errors": [error.in_collection]})
    return answers


def _create(rest: Interface, call: Call, each: Any) -> dict[str, Any]:
    return dict(rest.created(call, stored(_type_of(each)), each).body)


def _update(rest: Interface, call: Call, each: Any) -> dict[str, Any]:
    record = _named(each)
    sobject = stored(_type_of(each))
    named = next((name for name in record if name.lower() == "id"), "")
    if not named:
        raise bad("MISSING_ARGUMENT", "Id not specified in an update call", "Id")
    record_id = id_of(sobject, str(record.pop(named)))
    rest.updated(call, sobject, record_id, record)
    return {"id": record_id, "success": True, "errors": []}


def _delete(rest: Interface, call: Call, each: str) -> dict[str, Any]:
    record_id = whole_id(each)
    sobject = of_prefix(record_id)
    if sobject is None or sobject.is_event:
        raise bad("MALFORMED_ID", f"malformed id {each[:80]}", "Id")
    rest.deleted(call, sobject, record_id)
    return {"id": record_id, "success": True, "errors": []}


def _found(rest: Interface, call: Call, name: str) -> Answer:
    """Read several records by their ids: null for one that is not there."""
    sobject = stored(name)
    body = call.record() if call.method == "POST" else {}
    ids = body.get("ids", call.parameters.get("ids", "").split(","))
    fields = body.get("fields", [call.parameters.get("fields", "")])
    if not isinstance(ids, list) or not isinstance(fields, list) or len(ids) > BATCH_MAX:
        raise bad("JSON_PARSER_ERROR", "ids and fields are lists")
    names, view = ",".join(map(str, fields)), call.view
    found = (rest.records.find(sobject.name, whole_id(str(each))) for each in ids)
    return Answer(
        status=200,
        body=[
            shown(sobject, each, view, names) if each and view.shows(sobject.name, each) else None
            for each in found
        ],
    )


def _named(each: Any) -> dict[str, Any]:
    if not isinstance(each, dict):
        raise bad("JSON_PARSER_ERROR", "A record is no object")
    return {name: value for name, value in each.items() if name != "attributes"}


def _type_of(each: Any) -> str:
    attributes = each.get("attributes") if isinstance(each, Mapping) else None
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        raise bad("INVALID_TYPE", "The object type is missing: attributes.type")
    return name


#: As many as a query gives in one answer.
BATCH_MAX = 2_000
