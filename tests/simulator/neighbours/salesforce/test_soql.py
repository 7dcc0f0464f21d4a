# ruff: noqa: E501, S608  each refusal stands on one line; queries are what is tested
"""SOQL is read whole, checked against the objects, and finds what Salesforce would."""

import tomllib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.neighbours.salesforce.errors import SalesforceError
from simulator.neighbours.salesforce.objects import OBJECTS, Record
from simulator.neighbours.salesforce.soql import plan_of, rows_of, shown_rows
from simulator.neighbours.salesforce.soql_conditions import View
from tests.simulator.neighbours.salesforce.double import ROOT, Org, refusal

CORPUS = tomllib.loads((Path(__file__).parent / "soql_corpus.toml").read_text(encoding="utf-8"))[
    "query"
]


@pytest.fixture(scope="module")
def org() -> Org:
    """Three cases on three days: Alex's theft, Sam's closed robbery, and one of nobody."""
    made = Org()
    alex = made.create("Contact", FirstName="Alex", LastName="Hill", Person_Id__c="alex")
    sam = made.create("Contact", FirstName="Sam", LastName="Dale", Person_Id__c="sam")
    theft = made.create("Case", Subject="Theft", ContactId=alex, Crime_Number__c="1")
    for n, is_published in enumerate((True, False)):
        made.create(
            "CaseComment", ParentId=theft, CommentBody="x", IsPublished=is_published, Key__c=f"{n}"
        )
    made.advance(days=1)
    made.create("Case", Subject="robbery 50%", ContactId=sam, Status="Closed", Crime_Number__c="2")
    made.advance(days=1)
    made.create("Case", Crime_Number__c="3")
    return made


@pytest.mark.parametrize("each", CORPUS, ids=lambda each: each["soql"] or "nothing")
def test_the_corpus_is_taken_and_refused_as_another_parser_does(each: dict[str, Any]) -> None:
    """The other is @jetstreamapp/soql-parser-js; `python -m tests.clients` asks it itself."""
    if each["taken"]:
        assert plan_of(each["soql"]).query.text == each["soql"]
        return
    with pytest.raises(SalesforceError) as refused:
        plan_of(each["soql"])
    assert refused.value.code == "MALFORMED_QUERY"


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Subject = 'THEFT'", "1"),
        ("Subject != 'theft'", "23"),
        ("Subject LIKE 'r_bb%'", "2"),
        ("Subject LIKE '%50\\%'", "2"),
        ("Subject LIKE '%\\_%'", ""),
        ("Subject LIKE '%t%t%'", "1"),
        ("Subject LIKE '%t%t%t%'", ""),
        ("NOT Subject LIKE 'r%'", "13"),
        ("Subject = null", "3"),
        ("Subject != null AND Contact.LastName > 'E'", "1"),
        ("Contact.Person_Id__c IN ('sam', 'nobody')", "2"),
        ("Crime_Number__c NOT IN ('1', '2')", "3"),
        ("Contact.Name = null", "3"),
        ("IsClosed = true OR (Subject = null AND Status = 'New')", "23"),
        ("Id IN (SELECT ParentId FROM CaseComment WHERE IsPublished = false)", "1"),
        ("Id NOT IN (SELECT ParentId FROM CaseComment)", "23"),
        ("CreatedDate = TODAY", "3"),
        ("CreatedDate = YESTERDAY", "2"),
        ("CreatedDate = LAST_N_DAYS:1", "23"),
        ("CreatedDate < TODAY", "12"),
        ("CreatedDate <= YESTERDAY", "12"),
        ("CreatedDate > YESTERDAY", "3"),
        ("CreatedDate >= 2026-11-28T09:00:00Z", "23"),
        ("CreatedDate < 2026-11-28T09:00:00+00:30", "1"),
        ("ClosedDate = null", "13"),
    ],
)
def test_a_condition_finds_its_records(org: Org, where: str, found: str) -> None:
    """Text without regard to case; nothing is more or less than null."""
    rows = org.rows(f"SELECT Crime_Number__c FROM Case WHERE {where} ORDER BY Crime_Number__c")

    assert "".join(each["Crime_Number__c"] for each in rows) == found


def test_an_inner_query_is_read_once_for_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """And anew by the next call, within a composite too."""
    org = Org()
    case, *_ = (org.create("Case") for _ in range(5))
    seen: list[str] = []
    read_all = org.records.all

    def noted(name: str) -> Iterable[Record]:
        seen.append(name)
        return read_all(name)

    monkeypatch.setattr(org.records, "all", noted)
    soql = "SELECT Id FROM Case WHERE Id IN (SELECT ParentId FROM CaseComment)"
    query: dict[str, Any] = {"method": "GET", "url": f"{ROOT}/query?q={quote(soql)}"}
    comment = {"ParentId": case, "CommentBody": "x"}
    made = {"method": "POST", "url": f"{ROOT}/sobjects/CaseComment", "body": comment}
    parts = [{**each, "referenceId": f"p{n}"} for n, each in enumerate((query, made, query))]
    before, _, after = org.ask("POST", "composite", {"compositeRequest": parts}).json[
        "compositeResponse"
    ]

    assert (before["body"]["totalSize"], after["body"]["totalSize"]) == (0, 1)
    assert seen == ["Case", "CaseComment"] * 2


def test_parents_children_groups_and_counts_are_shown(org: Org) -> None:
    """A parent that is not there is null, and so is a list of no children."""
    rows = org.rows(
        "SELECT Subject, Contact.Name, (SELECT Key__c FROM CaseComments ORDER BY Key__c DESC) "
        "FROM Case WHERE Crime_Number__c IN ('1', '3') ORDER BY Crime_Number__c"
    )
    assert [each["Contact"] and each["Contact"]["Name"] for each in rows] == ["Alex Hill", None]
    assert [each["Key__c"] for each in rows[0]["CaseComments"]["records"]] == ["1", "0"]
    assert rows[1]["CaseComments"] is None
    assert org.rows("SELECT Status, COUNT(Id) n, MIN(Subject) FROM Case GROUP BY Status") == [
        {"Status": "New", "n": 2, "expr0": "Theft"},
        {"Status": "Closed", "n": 1, "expr0": "robbery 50%"},
    ]
    counted = org.query("SELECT COUNT() FROM Case").json
    assert (counted["totalSize"], counted["records"]) == (3, [])


def test_records_come_in_the_order_that_is_asked_for(org: Org) -> None:
    """Nulls come first unless they are asked for last."""

    def numbers(order: str) -> str:
        rows = org.rows(f"SELECT Crime_Number__c FROM Case ORDER BY {order}")
        return "".join(each["Crime_Number__c"] for each in rows)

    assert numbers("Subject") == "321"
    assert numbers("Subject DESC NULLS LAST") == "123"
    assert numbers("IsClosed DESC, CreatedDate DESC LIMIT 2") == "23"
    assert numbers("CreatedDate LIMIT 2 OFFSET 1") == "23"


def _told(org: Org, soql: str) -> tuple[str, str]:
    [error] = org.query(soql).json
    return error["errorCode"], error["message"]


def test_an_unknown_field_is_pointed_at(org: Org) -> None:
    """soql-tooling, issue 86: fragment, caret, row and column, then what is wrong."""
    code, message = _told(org, "SELECT Id, Body FROM Case")

    assert code == "INVALID_FIELD"
    assert message == (
        "\nSELECT Id, Body FROM Case\n           ^\nERROR at Row:1:Column:12\n"
        "No such column 'Body' on entity 'Case'. If you are attempting to use a custom field, be "
        "sure to append the '__c' after the custom field name. Please reference your WSDL or the "
        "describe call for the appropriate names."
    )


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        # pyforce, issue 25.
        ("SELECT Id FROM X", "INVALID_TYPE", "sObject type 'X' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name."),
        # SublimeApex, issue 23; restforce, issue 559.
        ("SELECT Id FROM Case WHERE Subject IS NULL", "MALFORMED_QUERY", "unexpected token: 'IS'"),
        ("SELECT Id FROM Case c garbage", "MALFORMED_QUERY", "unexpected token: 'garbage'"),
        ("SELECT Id FROM Case WHERE Subject = 'it's'", "MALFORMED_QUERY", "unexpected token: "),
        # SOQL and SOSL Reference, Date Formats: a date filters no date-time, nor text either.
        ("SELECT Id FROM Case WHERE CreatedDate > '2026-11-27'", "INVALID_FIELD", "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes"),
        ("SELECT Id FROM Case WHERE CreatedDate > 2026-11-27", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM Task WHERE ActivityDate > 2026-11-27T00:00:00Z", "INVALID_FIELD", "must be of type date and"),
        ("SELECT Id FROM Case WHERE Subject = 1", "INVALID_FIELD", "must be of type string and should be enclosed in quotes"),
        ("SELECT Id FROM CaseComment WHERE CommentBody = 'x'", "INVALID_FIELD", "field 'CommentBody' can not be filtered in a query call"),
        ("SELECT Id FROM Case WHERE Id = 'x'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: x"),
        ("SELECT Id FROM Case WHERE IsClosed LIKE 'x'", "INVALID_FIELD", "must be of type boolean"),
        ("SELECT Id FROM Case WHERE IsClosed > true", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator"),
        ("SELECT Nobody.Name FROM Case", "INVALID_FIELD", "Didn't understand relationship 'Nobody' in field path."),
        ("SELECT (SELECT Id FROM Nothings) FROM Case", "INVALID_TYPE", "Didn't understand relationship 'Nothings' in FROM part of query call."),
        ("SELECT Subject, COUNT(Id) FROM Case", "MALFORMED_QUERY", "Field must be grouped or aggregated: Subject"),
        ("SELECT FIELDS(ALL) FROM Case", "MALFORMED_QUERY", "The SOQL FIELDS function must have a LIMIT of at most 200"),
        ("SELECT Id FROM Case OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed is 2000"),
        ("SELECT Id FROM Crime_Update__e", "INVALID_TYPE", "sObject type 'Crime_Update__e' is not supported."),
        ("SELECT Id FROM Case WITH DATA CATEGORY Topic__c AT Safety__c", "MALFORMED_QUERY", "WITH DATA CATEGORY"),
        ("SELECT Id FROM Knowledge__kav WITH DATA CATEGORY Topic__c AT X__c", "MALFORMED_QUERY", "Invalid data category"),
        ("SELECT Id FROM Case WHERE " + "(" * 100 + "Subject = 'a'" + ")" * 100, "MALFORMED_QUERY", "nested too deeply"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_answered_says_why(
    org: Org, soql: str, code: str, words: str
) -> None:
    """By the words that are quoted beside each."""
    found, message = _told(org, soql)

    assert found == code
    assert words in message


def test_a_query_is_as_long_as_it_may_be(org: Org) -> None:
    """django-salesforce, issue 164; an address is at its end before, and a composite is not."""
    soql = f"SELECT Id FROM Case WHERE Subject = '{'x' * 100_000}'"
    url = f"{ROOT}/query?q={quote(soql)}"
    part = {"method": "GET", "url": url, "referenceId": "a"}
    [done] = org.ask("POST", "composite", {"compositeRequest": [part]}).json["compositeResponse"]

    assert refusal(org.query(soql)) == (414, "URI_TOO_LONG")
    assert done["body"][0]["errorCode"] == "MALFORMED_QUERY"
    words = "SOQL statements can not be longer than 100000 characters"
    assert words in done["body"][0]["message"]


def test_a_result_comes_in_pages_that_are_followed() -> None:
    """The org may give fewer than were asked for; what was found first is what is paged through."""
    org = Org(page_rows=2)
    for n in range(5):
        org.create("Task", Subject=str(n))
    page, found = org.query("SELECT Subject FROM Task").json, []
    org.create("Task", Subject="late")
    while True:
        found += [each["Subject"] for each in page["records"]]
        assert page["totalSize"] == 5
        if page["done"]:
            break
        page = org.ask("GET", page["nextRecordsUrl"].removeprefix("/services/data/v68.0/")).json

    assert found == ["0", "1", "2", "3", "4"]
    assert refusal(org.ask("GET", "query/01gDx0000000009-2")) == (400, "INVALID_QUERY_LOCATOR")


_NAMES = sorted(
    {each.name for sobject in OBJECTS.values() for each in sobject.fields}
    | {each.name for each in OBJECTS.values()}
)
_TEXT = (
    "SELECT FROM WHERE AND OR NOT IN LIKE NULLS FIRST LAST ORDER BY GROUP LIMIT OFFSET WITH ( ) , = "
    "!= < >= null true 'a%' 1 2026-11-27 2026-11-27T06:00:00Z TODAY COUNT() DATA Case CaseComments "
    "Contact.Name LAST_N_DAYS:3 FIELDS(ALL) MAX AT '\\' \\x é 0 -1 1e9"
)
_WORDS = _TEXT.split()


@given(
    words=st.lists(
        st.one_of(st.sampled_from(_WORDS), st.sampled_from(_NAMES), st.text(max_size=4))
    ),
    begins=st.sampled_from(["", "SELECT Id FROM Case ", "SELECT Id FROM Case WHERE "]),
)
@settings(max_examples=400, deadline=None)
def test_no_query_breaks_the_org(words: list[str], begins: str) -> None:
    """Whatever is asked is answered, or refused by a SalesforceError."""
    org = _SOME
    with suppress(SalesforceError):
        plan = plan_of(begins + " ".join(words))
        view = View(records=org.records, now=org.now, version="v68.0")
        shown_rows(plan, rows_of(plan, view), view)


_SOME = Org()
_SOME.create("CaseComment", ParentId=_SOME.create("Case", Subject="Theft"), CommentBody="x")


@given(
    field=st.sampled_from(["Subject", "CreatedDate", "IsClosed", "ContactId", "Contact.Name"]),
    operator=st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "LIKE"]),
    value=st.one_of(
        st.sampled_from(["null", "true", "TODAY", "LAST_N_DAYS:9999", "9999-12-31T23:59:59Z"]),
        st.text(max_size=20).map(lambda text: f"'{text}'"),
        st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}+01:00"),
    ),
)
@settings(max_examples=200, deadline=None)
def test_no_comparison_breaks_the_org(field: str, operator: str, value: str) -> None:
    """Any value with any field, by HTTP."""
    answer = _SOME.query(f"SELECT Id FROM Case WHERE {field} {operator} {value}")

    assert answer.status in {200, 400}
