# ruff: noqa: E501, S608  each refusal stands on one line; queries are what is tested
"""The REST API makes, changes, finds and refuses as Salesforce documents.

Each refusal is quoted from published text, named at its test.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from simulator.neighbours.salesforce.record_ids import whole_id
from tests.simulator.asgi import call
from tests.simulator.neighbours.salesforce.double import ROOT, Org, refusal


@pytest.fixture
def org() -> Org:
    """An org without records."""
    return Org()


@pytest.mark.parametrize(
    ("short", "check"),
    [("00190000001pPvH", "AAU"), ("001R00000064wdt", "IAA"), ("005xx000001X83a", "AAC")],
)
def test_ids_have_the_check_characters_of_salesforces_own_docs(short: str, check: str) -> None:
    """As printed in the REST API Developer Guide."""
    assert whole_id(short) == short + check
    assert whole_id(short + "ZZZ") == ""


def test_a_record_is_made_read_changed_and_deleted(org: Org) -> None:
    """By 15 or 18 characters, in any version from 37.0 on, which the addresses then have."""
    made = org.ask("POST", "sobjects/Contact/", {"LastName": "Hill", "FirstName": "Alex"})
    record_id = made.json["id"]
    assert made.json == {"id": record_id, "success": True, "errors": []}
    assert made.headers["location"] == f"{ROOT}/sobjects/Contact/{record_id}"

    assert org.ask("PATCH", f"sobjects/Contact/{record_id[:15]}", {"FirstName": None}).status == 204
    read = org.ask("GET", f"sobjects/Contact/{record_id}?fields=Name,FirstName").json
    assert (read["Name"], read["FirstName"]) == ("Hill", None)
    assert read["attributes"]["url"] == f"{ROOT}/sobjects/Contact/{record_id}"
    assert read["Id"] == record_id

    assert org.ask("DELETE", f"sobjects/Contact/{record_id}").status == 204
    gone = org.ask("GET", f"sobjects/Contact/{record_id}")
    assert gone.json == [{"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED"}]
    assert org.rows("SELECT Id FROM Contact") == []
    assert org.ask("GET", "queryAll?q=SELECT+IsDeleted+FROM+Contact").json["totalSize"] == 1


def test_the_session_is_wanted(org: Org) -> None:
    """An array here: CometD and Marketing Cloud say the same in other shapes (go-sfdc, issue 50)."""
    answer = org.ask("GET", "limits", token="nobody")

    assert answer.status == 401
    assert answer.json == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]
    org.now += timedelta(hours=3)
    assert refusal(org.ask("GET", "limits")) == (401, "INVALID_SESSION_ID")


def test_the_days_calls_end_with_403_and_not_with_429() -> None:
    """REST API Developer Guide, Status Codes and Error Responses: REQUEST_LIMIT_EXCEEDED."""
    org = Org(calls_max=2)

    assert org.ask("GET", "limits").headers["sforce-limit-info"] == "api-usage=1/2"
    assert org.ask("GET", "limits").json["DailyApiRequests"] == {"Max": 2, "Remaining": 0}
    assert refusal(org.ask("GET", "limits")) == (403, "REQUEST_LIMIT_EXCEEDED")
    org.advance(days=1)
    assert org.ask("GET", "limits").status == 200


@pytest.mark.parametrize(
    ("sobject", "values", "code", "message"),
    [
        # Force.com-Toolkit-for-NET, issue 19.
        (
            "Contact",
            {"LastName": "H", "X": 1},
            "INVALID_FIELD",
            "No such column 'X' on sobject of type Contact",
        ),
        # REST API Developer Guide, Create a Record.
        ("Contact", {}, "REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]"),
        # REST API Developer Guide, Composite Subrequest Result.
        (
            "Contact",
            {"LastName": "H", "Email": "x"},
            "INVALID_EMAIL_ADDRESS",
            "Email: invalid email address: x",
        ),
        # community-platform, issue 762: "Billing City: data value too large: … (max length=40)".
        (
            "Contact",
            {"LastName": "H" * 81},
            "STRING_TOO_LONG",
            f"Last Name: data value too large: {'H' * 81} (max length=80)",
        ),
        ("Case", {"ContactId": "x"}, "MALFORMED_ID", "Contact ID: id value of incorrect type: x"),
        (
            "Case",
            {"ContactId": "003Dx0000000009"},
            "INVALID_CROSS_REFERENCE_KEY",
            "invalid cross reference id",
        ),
        (
            "FeedItem",
            {"Visibility": "All"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "Visibility: bad value for restricted picklist field: All",
        ),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_refused(
    org: Org, sobject: str, values: dict[str, Any], code: str, message: str
) -> None:
    """By the words that are quoted beside each, and nothing is made."""
    answer = org.ask("POST", f"sobjects/{sobject}", values)

    assert refusal(answer) == (400, code)
    assert answer.json[0]["message"] == message
    assert org.ask("GET", f"query?q=SELECT+COUNT()+FROM+{sobject}").json["totalSize"] == 0


def test_what_the_org_keeps_itself_cannot_be_written(org: Org) -> None:
    """CaseNumber is an autonumber (Object Reference, Case)."""
    answer = org.ask("POST", "sobjects/Case", {"CaseNumber": "1", "IsClosed": True})

    assert refusal(answer) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE")
    assert answer.json[0]["fields"] == ["CaseNumber", "IsClosed"]


def test_a_comment_is_as_long_as_its_bytes(org: Org) -> None:
    """Object Reference, CaseComment: "maximum size … is 4,000 bytes"."""
    case = org.create("Case", Subject="Theft")

    def status(body: str) -> int:
        return org.ask(
            "POST", "sobjects/CaseComment", {"ParentId": case, "CommentBody": body}
        ).status

    assert [status("a" * 4_000), status("é" * 2_000), status("é" * 2_001)] == [201, 201, 400]


def test_an_upsert_makes_then_changes_and_never_twice(org: Org) -> None:
    """REST API Developer Guide, Insert or Update (Upsert) a Record Using an External ID."""
    path = "sobjects/Case/Crime_Number__c/4326%2F1"
    first, again = (org.ask("PATCH", path, {"Subject": each}) for each in ("Theft", "Robbery"))

    assert (first.status, first.json["created"]) == (201, True)
    assert (again.status, again.json["created"]) == (200, False)
    assert org.rows("SELECT Subject, Crime_Number__c FROM Case") == [
        {"Subject": "Robbery", "Crime_Number__c": "4326/1"}
    ]
    only = org.ask("PATCH", "sobjects/Case/Crime_Number__c/9?updateOnly=true", {"Subject": "x"})
    assert refusal(only) == (404, "NOT_FOUND")


def test_an_external_id_of_several_is_300_with_their_addresses(org: Org) -> None:
    """The guide: "300 … the response body contains the list of records", and nothing is written."""
    ids = [org.create("Case", Incident_Number__c="7") for _ in range(2)]
    answer = org.ask("PATCH", "sobjects/Case/Incident_Number__c/7", {"Subject": "New"})

    assert answer.status == 300
    assert answer.json == [f"{ROOT}/sobjects/Case/{each}" for each in ids]
    assert org.rows("SELECT Subject FROM Case") == [{"Subject": None}] * 2


@pytest.mark.parametrize("name", ["Id", "Crime_Number__c"])
def test_the_key_of_an_upsert_stands_in_the_address_alone(org: Org, name: str) -> None:
    """The guide: specifying it in the body is an error."""
    answer = org.ask("PATCH", "sobjects/Case/Crime_Number__c/1", {name: "1"})

    assert refusal(answer) == (400, "INVALID_FIELD")
    assert org.rows("SELECT Id FROM Case") == []


def test_a_field_that_is_no_external_id_is_not_found(org: Org) -> None:
    """go-sfdc, issue 50; what is no id is answered by the same words."""
    words = "Provided external ID field does not exist or is not accessible: "
    for path, name in (("Case/Subject/x", "Subject"), ("Case/nothing", "nothing")):
        answer = org.ask("PATCH", f"sobjects/{path}", {})
        assert refusal(answer) == (404, "NOT_FOUND")
        assert answer.json[0]["message"] == words + name


def test_a_value_that_must_be_unique_names_who_has_it(org: Org) -> None:
    """Public traces: "duplicate value found: F__c duplicates value on record with id: …"."""
    first = org.create("Case", Crime_Number__c="1")
    answer = org.ask("POST", "sobjects/Case", {"Crime_Number__c": "1"})

    assert refusal(answer) == (400, "DUPLICATE_VALUE")
    assert answer.json[0]["message"] == (
        f"duplicate value found: Crime_Number__c duplicates value on record with id: {first}"
    )


def test_a_parent_is_found_by_its_external_id(org: Org) -> None:
    """The guide: relationships by external id."""
    case = org.create("Case", Crime_Number__c="1")
    note = org.create("CaseComment", Parent={"Crime_Number__c": "1"}, CommentBody="x")

    assert org.ask("GET", f"sobjects/CaseComment/{note}").json["ParentId"] == case
    bad = org.ask("POST", "sobjects/CaseComment", {"Parent": {"Crime_Number__c": "2"}})
    assert refusal(bad) == (400, "INVALID_FIELD")


def test_a_sent_email_cannot_be_rewritten(org: Org) -> None:
    """Object Reference, EmailMessage: only a draft; its visibility and custom fields always."""
    sent = org.create("EmailMessage", Subject="x", Status="3")
    draft = org.create("EmailMessage", Subject="x", Status="5")

    def status(record_id: str, **values: object) -> int:
        return org.ask("PATCH", f"sobjects/EmailMessage/{record_id}", values).status

    assert status(draft, Subject="y") == 204
    assert status(sent, Subject="y") == 400
    assert status(sent, IsExternallyVisible=False, Key__c="k") == 204
    assert status(sent, Status="1") == 400


def test_describe_tells_what_a_write_will_do(org: Org) -> None:
    """Each field that it calls not createable is refused, and no other for that reason."""
    described = org.ask("GET", "sobjects/Case/describe").json
    assert described["keyPrefix"] == "500"
    for field in described["fields"]:
        given = {field["name"]: True if field["type"] == "boolean" else None}
        code = org.ask("POST", "sobjects/Case", given).json
        refused = (
            isinstance(code, list) and code[0]["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
        )
        assert refused is not field["createable"], field["name"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothing", 404, "NOT_FOUND"),
        ("GET", "sobjects/Nothing", 404, "NOT_FOUND"),
        ("GET", "sobjects/Case/CaseNumber/%0A", 404, "NOT_FOUND"),
        ("GET", "search?q=FIND+%7BHill%7D", 404, "NOT_FOUND"),
        ("PUT", "sobjects/Case", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "limits", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "query", 400, "MALFORMED_QUERY"),
        ("GET", "query/01gDx0000099999-2", 400, "INVALID_QUERY_LOCATOR"),
        ("GET", "sobjects/Case/500Dx0000000009", 404, "NOT_FOUND"),
        ("GET", "sobjects/Crime_Update__e/e00Dx0000000001", 404, "NOT_FOUND"),
    ],
)
def test_an_address_that_is_not_there_is_refused(
    org: Org, method: str, path: str, status: int, code: str
) -> None:
    """With an array, as everything is."""
    assert refusal(org.ask(method, path)) == (status, code)


def test_a_body_that_cannot_be_read_or_is_too_large_is_refused(org: Org) -> None:
    """JSON that is none, that is no object, that is nested without end, that is megabytes."""
    for body in (b"{", b"[1]", b"[" * 100_000, b"\xff"):
        assert refusal(org.ask("POST", "sobjects/Case", body)) == (400, "JSON_PARSER_ERROR")
    large = b'{"Subject": "' + b"x" * 4_000_000 + b'"}'
    assert org.ask("POST", "sobjects/Case", large).status == 413


def test_only_versions_that_salesforce_has_are_served(org: Org) -> None:
    """37.0 to 68.0, each listed to anybody."""
    headers = {"host": "double.test", "authorization": f"Bearer {org.token}"}
    listed = call(org.app, "GET", "/services/data/", headers={}).json
    assert (listed[0]["version"], listed[-1]["version"]) == ("37.0", "68.0")
    for version, status in (("v37.0", 200), ("v36.0", 404), ("v69.0", 404), ("68.0", 404)):
        path = f"/services/data/{version}/limits"
        assert call(org.app, "GET", path, headers=headers).status == status


def test_a_victim_in_the_orgs_own_portal_sees_what_is_published_alone(org: Org) -> None:
    """Notes for the force, hidden emails, feeds, tasks and drafts: by no way, a subquery neither."""
    case = org.create("Case", Subject="Theft")
    for is_open in (True, False):
        org.create("CaseComment", ParentId=case, CommentBody="x", IsPublished=is_open)
        org.create("EmailMessage", ParentId=case, IsExternallyVisible=is_open)
        visibility = "AllUsers" if is_open else "InternalUsers"
        org.create("FeedItem", ParentId=case, Body="x", Visibility=visibility)
    hidden = org.create("Task", WhatId=case, Subject="x")
    children = ["CaseComments", "EmailMessages", "Feeds"]
    inner = ", ".join(f"(SELECT Id FROM {each})" for each in children)
    soql = f"query?q=SELECT Id, {inner} FROM Case".replace(" ", "+")

    [seen] = org.ask("GET", soql, token=org.portal_token).json["records"]
    [whole] = org.ask("GET", soql).json["records"]
    assert [seen[each]["totalSize"] for each in children] == [1, 1, 1]
    assert [whole[each]["totalSize"] for each in children] == [2, 2, 2]
    assert org.ask("GET", f"sobjects/Task/{hidden}", token=org.portal_token).status == 404


@pytest.mark.parametrize(
    ("sobject", "values"),
    [
        ("CaseComment", {"CommentBody": "x", "Key__c": "k", "IsPublished": False}),
        ("EmailMessage", {"Subject": "x", "Key__c": "k", "IsExternallyVisible": False}),
        ("FeedItem", {"Body": "x", "Visibility": "InternalUsers"}),
    ],
)
def test_what_is_for_the_force_alone_is_reached_by_no_way(
    org: Org, sobject: str, values: dict[str, Any]
) -> None:
    """By id, key, query, count, semi-join, collection, composite or change: each finds nothing."""
    hidden = org.create(sobject, ParentId=org.create("Case"), **values)
    parts = [{"method": "GET", "url": f"{ROOT}/sobjects/{sobject}/{hidden}", "referenceId": "a"}]

    def portal(method: str, path: str, body: Any = None) -> Any:
        return org.ask(method, path, body, token=org.portal_token)

    def rows(soql: str) -> int:
        return int(portal("GET", f"queryAll?q={quote(soql)}").json["totalSize"])

    by_id = f"sobjects/{sobject}/{hidden}"
    statuses = [portal(each, by_id, {}).status for each in ("GET", "PATCH", "DELETE")]
    assert statuses == [404, 404, 404]
    if "Key__c" in values:
        by_key = f"sobjects/{sobject}/Key__c/k"
        statuses = [portal(each, by_key, {}).status for each in ("GET", "PATCH", "DELETE")]
        assert statuses == [404, 404, 404]
    assert rows(f"SELECT Id FROM {sobject}") == rows(f"SELECT COUNT() FROM {sobject}") == 0
    assert rows(f"SELECT ParentId, COUNT(Id) FROM {sobject} GROUP BY ParentId") == 0
    assert rows(f"SELECT Id FROM Case WHERE Id IN (SELECT ParentId FROM {sobject})") == 0
    asked = {"ids": [hidden], "fields": ["Id"]}
    assert portal("POST", f"composite/sobjects/{sobject}", asked).json == [None]
    [gone] = portal("DELETE", f"composite/sobjects?ids={hidden}").json
    [part] = portal("POST", "composite", {"compositeRequest": parts}).json["compositeResponse"]
    assert (gone["success"], part["httpStatusCode"]) == (False, 404)
    assert org.ask("GET", by_id).status == 200
