# ruff: noqa: E501  each refusal stands on one line
"""Several calls, and several records, in one: what fails in them is told, and nothing is half done."""

from typing import Any

import pytest

from tests.simulator.neighbours.salesforce.double import ROOT, Org, refusal


@pytest.fixture
def org() -> Org:
    """An org without records."""
    return Org()


def _part(name: str, body: Any = None, path: str = "sobjects/Case", method: str = "POST") -> Any:
    url = f"{ROOT}/{path}"
    return {"method": method, "url": url, "referenceId": name, "body": body}


def _composite(org: Org, *parts: Any, whole: bool = False) -> list[Any]:
    answer = org.ask("POST", "composite", {"allOrNone": whole, "compositeRequest": list(parts)})
    assert answer.status == 200, answer.body
    answers: list[Any] = answer.json["compositeResponse"]
    return answers


def test_a_part_uses_what_an_earlier_one_made(org: Org) -> None:
    """In its address and in its body."""
    made, read, note = _composite(
        org,
        _part("case", {"Subject": "Theft"}),
        _part("read", path="sobjects/Case/@{case.id}?fields=Subject", method="GET"),
        _part("note", {"ParentId": "@{read.Id}", "CommentBody": "x"}, "sobjects/CaseComment"),
    )

    assert [each["httpStatusCode"] for each in (made, read, note)] == [201, 200, 201]
    assert made["httpHeaders"]["Location"] == f"{ROOT}/sobjects/Case/{made['body']['id']}"
    assert read["body"]["Subject"] == "Theft"


def test_a_failure_inside_is_200_outside(org: Org) -> None:
    """What depends on it is not done, and the rest is: allOrNone is false unless it is asked for."""
    bad, follows, other = _composite(
        org,
        _part("bad", {"Nothing": 1}),
        _part("follows", {"ParentId": "@{bad.id}"}, "sobjects/CaseComment"),
        _part("other", {"Subject": "Theft"}),
    )

    assert [each["httpStatusCode"] for each in (bad, follows, other)] == [400, 400, 201]
    assert (bad["httpHeaders"], bad["body"][0]["errorCode"]) == ({}, "INVALID_FIELD")
    assert follows["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_with_all_or_none_nothing_stays(org: Org) -> None:
    """The words for the innocent: public test suites pinned to version 67 quote them."""
    events: list[Any] = []
    org.records.listeners.append(events.append)
    first, bad, last = _composite(
        org,
        _part("first", {"Subject": "Theft"}),
        _part("bad", {"Nothing": 1}),
        _part("last", {"Subject": "Theft"}),
        whole=True,
    )

    for innocent in (first, last):
        assert innocent["httpStatusCode"] == 400
        assert innocent["body"] == [
            {
                "errorCode": "PROCESSING_HALTED",
                "message": "The transaction was rolled back since another operation in the same "
                "transaction failed.",
            }
        ]
    assert bad["body"][0]["errorCode"] == "INVALID_FIELD"
    assert org.rows("SELECT Id FROM Case") == []
    assert events == []
    # The number that was given back is used again.
    assert org.create("Case", Subject="Next").startswith("500Dx0000000001")


@pytest.mark.parametrize(
    "parts",
    [
        [_part(f"p{n}", {"Subject": "x"}) for n in range(26)],
        [_part("a", {}), {"method": "GET", "url": f"{ROOT}/limits"}],
        [_part("a b", {})],
        [_part("a", {}), _part("a", {})],
        [{**_part("a", {}), "method": "post"}],
        *(
            [{**_part("a", {}), "httpHeaders": {name: "x"}}]
            for name in ("Accept", "Authorization", "content-type")
        ),
        {"not": "a list"},
    ],
)
def test_a_composite_that_is_wrong_as_a_whole_is_refused(org: Org, parts: Any) -> None:
    """REST API Developer Guide, Composite: 25 parts; no such headers; a referenceId each."""
    answer = org.ask("POST", "composite", {"compositeRequest": parts})

    assert answer.status == 400
    assert org.rows("SELECT Id FROM Case") == []


def test_a_composite_within_a_composite_is_not_there(org: Org) -> None:
    """Otherwise one request could make as many as it likes."""
    [answer] = _composite(org, _part("a", {}, "composite"))

    assert answer["httpStatusCode"] == 404


def _records(*subjects: Any) -> list[Any]:
    return [{"attributes": {"type": "Case"}, "Subject": each} for each in subjects]


def test_each_record_of_a_collection_is_answered_in_its_place(org: Org) -> None:
    """There a code is called statusCode: REST API Developer Guide, sObject Collections."""
    answer = org.ask("POST", "composite/sobjects", {"records": _records("a", "x" * 256, "c")})

    assert [each["success"] for each in answer.json] == [True, False, True]
    assert set(answer.json[1]["errors"][0]) == {"statusCode", "message", "fields"}
    assert answer.json[1]["errors"][0]["statusCode"] == "STRING_TOO_LONG"


def test_a_collection_is_written_wholly_or_not_at_all(org: Org) -> None:
    """If it asks so."""
    given = {"allOrNone": True, "records": _records("a", "x" * 256)}
    answer = org.ask("POST", "composite/sobjects", given)

    codes = [each["errors"][0]["statusCode"] for each in answer.json]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "STRING_TOO_LONG"]
    assert org.rows("SELECT Id FROM Case") == []


def test_a_collection_has_200_records_at_most(org: Org) -> None:
    """The guide: "up to 200"; the words are those that clients meet."""
    assert org.ask("POST", "composite/sobjects", {"records": _records(*"a" * 200)}).status == 200
    over = org.ask("POST", "composite/sobjects", {"records": _records(*"a" * 201)})

    assert refusal(over) == (400, "EXCEEDED_ID_LIMIT")


def test_several_are_changed_upserted_read_and_deleted_at_once(org: Org) -> None:
    """Each by its own id or key; null for one that is not there."""
    ids = [org.create("Case", Subject=each) for each in "ab"]
    patches = [{"attributes": {"type": "Case"}, "id": each, "Subject": "c"} for each in ids]
    assert org.ask("PATCH", "composite/sobjects", {"records": patches}).json[1]["id"] == ids[1]
    keyed = [{"attributes": {"type": "Case"}, "Crime_Number__c": each} for each in ("1", "1", None)]
    upserts = org.ask("PATCH", "composite/sobjects/Case/Crime_Number__c", {"records": keyed}).json
    assert [each.get("created") for each in upserts] == [True, False, None]
    asked = {"ids": [ids[0], "500Dx0000000099"], "fields": ["Subject"]}
    found = org.ask("POST", "composite/sobjects/Case", asked).json
    assert [each and each["Subject"] for each in found] == ["c", None]
    gone = org.ask("DELETE", f"composite/sobjects?ids={','.join(ids)},x").json
    assert [each["success"] for each in gone] == [True, True, False]
