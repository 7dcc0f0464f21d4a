"""The Web API creates, reads, changes, finds and pages rows, and refuses as Dataverse does."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.simulator.neighbours.dataverse.double import START, Organisation, refusal

MISMATCH = (
    412,
    "0x80060882",
    "The version of the existing record doesn't match the RowVersion property provided.",
)
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def _crimes(count: int) -> tuple[Organisation, list[str]]:
    organisation = Organisation()
    ids = [
        organisation.made("incidents", title=f"Crime {n}", ticketnumber=f"4326{n:07d}")
        for n in range(count)
    ]
    return organisation, ids


def test_a_row_that_was_made_is_read_with_its_version() -> None:
    """A new row has an id, times and an ETag; a column that was not given is null."""
    organisation, [crime] = _crimes(1)
    answer = organisation.ask("GET", f"incidents({crime})")
    row = answer.json

    assert row["title"] == "Crime 0"
    assert row["csp_outcome"] is None
    assert row["createdon"] == row["modifiedon"] == START.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer.headers["etag"] == row["@odata.etag"] == f'W/"{row["versionnumber"]}"'
    assert row["@odata.context"].endswith("/$metadata#incidents/$entity")


@pytest.mark.parametrize("target", ["WhoAmI", "WhoAmI()"])
def test_a_caller_is_told_who_it_is(target: str) -> None:
    """The ids are the same each time, and no two of them are alike."""
    organisation = Organisation()
    said = organisation.ask("GET", target)
    ids = [said.json[each] for each in ("BusinessUnitId", "UserId", "OrganizationId")]

    assert said.status == 200
    assert said.json["@odata.context"].endswith("$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse")
    assert len({UUID(each) for each in ids}) == 3
    assert organisation.ask("GET", target).json == said.json


def test_the_service_says_its_version() -> None:
    """It is that of the address, 9.2."""
    said = Organisation().ask("GET", "RetrieveVersion()")

    assert said.status == 200
    assert said.json["Version"].startswith("9.2.")


@pytest.mark.parametrize("target", ["", "http://org.test/api/data/v9.2"])
def test_the_service_document_lists_the_tables(target: str) -> None:
    """Each is named by the address under which its rows are."""
    organisation = Organisation()
    sets = [each["url"] for each in organisation.ask("GET", target).json["value"]]

    assert {"incidents", "contacts", "annotations"} <= set(sets)
    assert {organisation.ask("GET", each).status for each in sets} == {200}


def test_what_is_asked_may_not_be_changed() -> None:
    """A POST to a function is no request that the service knows."""
    assert Organisation().ask("POST", "WhoAmI", {}).status == 404


def test_a_lookup_is_compared_by_the_id_of_its_row() -> None:
    """With the property that Dataverse names after the lookup."""
    organisation = Organisation()
    alex, sam = (organisation.made("contacts", firstname=each) for each in ("Alex", "Sam"))
    for number, person in (("1", alex), ("2", sam)):
        bound = {"customerid_contact@odata.bind": f"/contacts({person})"}
        organisation.made("incidents", title="Theft", ticketnumber=number, **bound)
    found = organisation.ask(
        "GET", f"incidents?$filter={quote(f'_customerid_value eq {sam}')}&$select=ticketnumber"
    )

    assert [each["ticketnumber"] for each in found.json["value"]] == ["2"]


def test_a_client_that_wants_the_row_back_gets_it() -> None:
    """With return=representation a create is 201 and a change 200, with the row."""
    organisation = Organisation()
    wanted = {"prefer": "return=representation"}
    made = organisation.ask("POST", "contacts", {"firstname": "Sam", "lastname": "Hill"}, wanted)
    changed = organisation.ask(
        "PATCH", f"contacts({made.json['contactid']})", {"lastname": "Moss"}, wanted
    )

    assert (made.status, made.json["fullname"]) == (201, "Sam Hill")
    assert (changed.status, changed.json["fullname"]) == (200, "Sam Moss")


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        (f"incidents({UNKNOWN})", {}, 204),
        (f"incidents({UNKNOWN})", {"if-match": "*"}, 404),
        ("incidents(ticketnumber='43269999999')", {}, 204),
        ("incidents(ticketnumber='43269999999')", {"if-match": "*"}, 404),
        ("incidents(ticketnumber='43260000000')", {}, 204),
        ("incidents(ticketnumber='43260000000')", {"if-none-match": "*"}, 412),
        ("incidents(ticketnumber='43260000000')", {"if-match": 'W/"1"'}, 412),
    ],
)
def test_a_patch_creates_or_changes_as_its_conditions_allow(
    target: str, headers: dict[str, str], status: int
) -> None:
    """Without a condition a PATCH is an upsert; conditions make it only one of the two."""
    organisation, _ = _crimes(1)
    body = {"title": "Another", **organisation.of_customer}
    answer = organisation.ask("PATCH", target, body, headers)

    assert answer.status == status
    if status == 412:
        assert refusal(answer) == MISMATCH
    if status == 204 and "ticketnumber" in target:
        # The address repeats the key, not the id.
        assert answer.headers["odata-entityid"].endswith(target)


def test_a_key_in_the_body_is_ignored_on_update() -> None:
    """A change by key does not move the row to another key."""
    organisation, [crime] = _crimes(1)
    organisation.ask(
        "PATCH", "incidents(ticketnumber='43260000000')", {"ticketnumber": "1", "title": "B"}
    )

    row = organisation.ask("GET", f"incidents({crime})").json
    assert (row["ticketnumber"], row["title"]) == ("43260000000", "B")


def test_two_rows_never_share_a_key() -> None:
    """A create or change that would make a second row of a key is 412."""
    organisation, [_, second] = _crimes(2)
    body = {"title": "C", "ticketnumber": "43260000000", **organisation.of_customer}
    again = organisation.ask("POST", "incidents", body)
    moved = organisation.ask("PATCH", f"incidents({second})", {"ticketnumber": "43260000000"})

    for answer in (again, moved):
        assert refusal(answer) == (
            412,
            "0x80040237",
            "A record with matching key values already exists.",
        )


def test_a_stale_version_changes_and_deletes_nothing() -> None:
    """Who has not seen the last change cannot overwrite it."""
    organisation, [crime] = _crimes(1)
    stale = organisation.ask("GET", f"incidents({crime})").json["@odata.etag"]
    organisation.ask("PATCH", f"incidents({crime})", {"title": "Changed"})
    patched = organisation.ask("PATCH", f"incidents({crime})", {"title": "X"}, {"if-match": stale})
    deleted = organisation.ask("DELETE", f"incidents({crime})", headers={"if-match": stale})
    row = organisation.ask("GET", f"incidents({crime})").json

    assert (patched.status, deleted.status, row["title"]) == (412, 412, "Changed")
    fresh = organisation.ask(
        "GET", f"incidents({crime})", headers={"if-none-match": row["@odata.etag"]}
    )
    assert (fresh.status, fresh.body) == (304, b"")


def test_a_row_that_is_gone_is_404() -> None:
    """A deleted row cannot be read, and a second delete says so."""
    organisation, [crime] = _crimes(1)
    gone = organisation.ask("DELETE", f"incidents({crime})")

    assert gone.status == 204
    assert refusal(organisation.ask("GET", f"incidents({crime})")) == (
        404,
        "0x80040217",
        f"incident With Id = {crime} Does Not Exist",
    )
    assert organisation.ask("DELETE", f"incidents({crime})").status == 404


def test_a_lookup_is_bound_by_id_or_key_and_expanded() -> None:
    """A victim is bound to a case, shown as an id, and whole where that is asked for."""
    organisation = Organisation()
    contact = organisation.made("contacts", firstname="Sam", lastname="Hill", csp_personid="p-1")
    crime = organisation.made(
        "incidents", title="A", **{"customerid_contact@odata.bind": f"/contacts({contact})"}
    )
    other = organisation.made(
        "incidents", title="B", **{"customerid_contact@odata.bind": "/contacts(csp_personid='p-1')"}
    )
    expanded = organisation.ask(
        "GET", f"incidents({crime})?$select=title&$expand=customerid_contact($select=lastname)"
    ).json
    formatted = organisation.ask(
        "GET",
        f"incidents({other})",
        headers={"prefer": 'odata.include-annotations="*"'},
    ).json

    assert expanded["customerid_contact"]["lastname"] == "Hill"
    assert "description" not in expanded
    assert formatted["_customerid_value"] == contact
    name = "_customerid_value@OData.Community.Display.V1.FormattedValue"
    assert formatted[name] == "Sam Hill"


def test_pages_go_on_to_the_last_row() -> None:
    """Every row is on one page, and only the last page has no next link."""
    organisation, ids = _crimes(7)
    prefer = {"prefer": "odata.maxpagesize=3"}
    target, seen, pages = "incidents?$select=title&$orderby=title desc&$count=true", [], 0
    while target:
        page = organisation.ask("GET", target, headers=prefer)
        assert page.headers["preference-applied"] == "odata.maxpagesize=3"
        assert page.json["@odata.count"] == 7
        seen += [each["incidentid"] for each in page.json["value"]]
        target, pages = page.json.get("@odata.nextLink", ""), pages + 1

    assert (seen, pages) == (ids[::-1], 3)


def test_changes_since_a_delta_link_are_given_once() -> None:
    """New and changed rows come first, deleted ones last; the next link gives nothing more."""
    organisation, [first, second, third] = _crimes(3)
    whole = organisation.ask(
        "GET", "incidents?$select=title", headers={"prefer": "odata.track-changes"}
    )
    link = whole.json["@odata.deltaLink"]
    organisation.ask("DELETE", f"incidents({second})")
    organisation.ask("PATCH", f"incidents({first})", {"title": "Changed"})
    organisation.ask("PATCH", f"incidents({first})", {"title": "Changed again"})
    new = organisation.made("incidents", title="New")
    delta = organisation.ask("GET", link).json
    again = organisation.ask("GET", delta["@odata.deltaLink"]).json
    count = organisation.ask("GET", link.replace("incidents?", "incidents/$count?")).json

    assert whole.headers["preference-applied"] == "odata.track-changes"
    assert [each.get("incidentid", each.get("id")) for each in delta["value"]] == [
        first,
        new,
        second,
    ]
    assert delta["value"][0]["title"] == "Changed again"
    assert delta["value"][2]["reason"] == "deleted"
    assert delta["value"][2]["@odata.context"].endswith("#incidents/$deletedEntity")
    assert (again["value"], count) == ([], 3)
    assert third not in str(delta)


def test_a_delta_link_lasts_seven_days() -> None:
    """An old token is refused, so that a reader never misses what was forgotten."""
    organisation, _ = _crimes(1)
    link = organisation.ask("GET", "incidents", headers={"prefer": "odata.track-changes"}).json[
        "@odata.deltaLink"
    ]
    organisation.wait(days=6.9)
    organisation.token = organisation.sign_in().json["access_token"]
    fresh = organisation.ask("GET", link)
    organisation.wait(days=0.2)
    organisation.token = organisation.sign_in().json["access_token"]

    assert fresh.status == 200
    assert organisation.ask("GET", link).status == 400


@pytest.mark.parametrize(
    ("filter_text", "found"),
    [
        ("title eq 'Crime 3'", [3]),
        ("title eq 'CRIME 3'", [3]),
        ("title ne 'Crime 3' and ticketnumber gt '43260000003'", [4]),
        ("contains(title,'rime 1') or startswith(title,'Crime 2')", [1, 2]),
        ("not endswith(title,'0') and title in ('Crime 0','Crime 4')", [4]),
        ("statuscode eq 1 and csp_outcome eq null", [0, 1, 2, 3, 4]),
        (
            "createdon ge 2026-06-01T08:59:59Z and createdon lt 2026-06-01T09:00:01Z",
            [0, 1, 2, 3, 4],
        ),
        ("createdon gt 2026-06-02", []),
        ("title eq 'It''s'", []),
    ],
)
def test_a_filter_finds_what_it_asks_for(filter_text: str, found: list[int]) -> None:
    """Comparisons, functions, lists, dates, null and quotation marks work as in Dataverse."""
    organisation, ids = _crimes(5)
    answer = organisation.ask("GET", f"incidents?$filter={quote(filter_text)}").json

    assert [ids.index(each["incidentid"]) for each in answer["value"]] == found


@pytest.mark.parametrize(
    ("filter_text", "types", "kind"),
    [
        ("statecode eq 'Active'", ("Int32", "String"), "Equal"),
        ("title ne 5", ("String", "Int32"), "NotEqual"),
        ("_customerid_value eq 'x'", ("Guid", "String"), "Equal"),
        ("createdon lt '2026-06-01'", ("DateTimeOffset", "String"), "LessThan"),
        ("statuscode in (1,'two')", ("Int32", "String"), "Equal"),
        ("title eq statuscode", ("String", "Int32"), "Equal"),
    ],
)
def test_a_filter_of_two_types_is_refused(
    filter_text: str, types: tuple[str, str], kind: str
) -> None:
    """It could never find anything, and a client would not know why."""
    organisation, _ = _crimes(1)
    status, code, words = refusal(
        organisation.ask("GET", f"incidents?$filter={quote(filter_text)}")
    )

    assert (status, code) == (400, "0x0")
    assert words == (
        "A binary operator with incompatible types was detected. Found operand types "
        f"'Edm.{types[0]}' and 'Edm.{types[1]}' for operator kind '{kind}'."
    )


@pytest.mark.parametrize(
    ("method", "target", "body", "status"),
    [
        ("GET", "weather", None, 404),
        ("GET", "incidents?$filter=weather eq 1", None, 400),
        ("GET", "incidents?$filter=title eq", None, 400),
        ("GET", "incidents?$filter=title eq 'a' garbage", None, 400),
        ("GET", "incidents?$filter=length(title) eq 3", None, 400),
        ("GET", "incidents?$select=weather", None, 400),
        ("GET", "incidents?$orderby=title sideways", None, 400),
        ("GET", "incidents?$expand=weather", None, 400),
        ("GET", "incidents?$skip=5", None, 400),
        ("GET", "incidents?$top=0", None, 400),
        ("GET", "incidents?$skiptoken=nonsense", None, 400),
        ("GET", "incidents?$deltatoken=nonsense", None, 400),
        ("GET", "incidents(not-an-id)", None, 400),
        ("GET", "incidents(weather='1')", None, 400),
        ("GET", "incidents(ticketnumber='1)", None, 400),
        ("GET", "incidents/weather", None, 404),
        ("GET", "EntityDefinitions(LogicalName='weather')", None, 404),
        ("POST", "incidents", b"no JSON", 400),
        ("POST", "incidents", [1], 400),
        ("POST", "incidents", {}, 400),
        ("POST", "incidents", {"title": 5}, 400),
        ("POST", "incidents", {"title": "x" * 201}, 400),
        ("POST", "incidents", {"title": "x", "weather": 1}, 400),
        ("POST", "incidents", {"title": "x", "statuscode": 99}, 400),
        ("POST", "incidents", {"title": "x", "incidentid": "no"}, 400),
        ("POST", "incidents", {"title": "x", "ownerid@odata.bind": "/contacts(1)"}, 400),
        ("POST", "incidents", {"title": "x", "title@odata.bind": "/contacts(1)"}, 400),
        ("POST", "contacts", {"birthdate": "yesterday"}, 400),
        ("POST", "incidents/Microsoft.Dynamics.CRM.CreateMultiple", {"Targets": 5}, 400),
        ("POST", "incidents/Microsoft.Dynamics.CRM.Weather", {"Targets": [{}]}, 404),
        ("PUT", "incidents", {}, 405),
        ("DELETE", "incidents", None, 405),
        ("POST", "incidents", b" " * 4_000_001, 413),
    ],
)
def test_a_request_that_cannot_be_met_is_refused_in_one_shape(
    method: str, target: str, body: Any, status: int
) -> None:
    """Each refusal has a code and a sentence, and nothing was changed."""
    organisation, _ = _crimes(1)
    version = organisation.rows.version
    answer = organisation.ask(method, target.replace(" ", "%20"), body)
    found, code, words = refusal(answer)

    assert (found, organisation.rows.version) == (status, version)
    assert code.startswith("0x")
    assert words


@pytest.mark.parametrize("name", ["$filter", "$orderby", "$expand", "$top"])
def test_tracked_changes_are_of_all_rows(name: str) -> None:
    """A query with change tracking may not leave rows out."""
    organisation, _ = _crimes(1)
    answer = organisation.ask(
        "GET", f"incidents?{name}=title", headers={"prefer": "odata.track-changes"}
    )

    assert refusal(answer)[2] == (
        f'The "{name}" query parameter isn\'t supported when Change Tracking is enabled.'
    )


def test_an_action_on_several_rows_is_whole_or_not_at_all() -> None:
    """CreateMultiple gives the ids in order; one bad row keeps all out."""
    organisation = Organisation()
    action = "tasks/Microsoft.Dynamics.CRM.CreateMultiple"
    good = organisation.ask("POST", action, {"Targets": [{"subject": "A"}, {"subject": "B"}]})
    bad = organisation.ask("POST", action, {"Targets": [{"subject": "C"}, {"weather": 1}]})
    found = organisation.ask("GET", "tasks?$select=subject").json["value"]

    assert [each["subject"] for each in found] == ["A", "B"]
    assert [each["activityid"] for each in found] == good.json["Ids"]
    assert bad.status == 400


def _job(**condition: Any) -> dict[str, Any]:
    given = {"AttributeName": "incidentid", "Operator": "In", "Values": [], **condition}
    query = {"EntityName": "incident", "Criteria": {"Conditions": [given]}}
    return {"JobName": "Bulk delete", "QuerySet": [query]}


def test_a_bulk_delete_removes_what_its_query_finds() -> None:
    """Microsoft's client asks so for a list of ids: the rest stays."""
    organisation, [first, second, third] = _crimes(3)
    values = [{"Value": each.upper(), "Type": "System.Guid"} for each in (first, second)]
    answer = organisation.ask("POST", "BulkDelete", _job(Values=values))
    left = organisation.ask("GET", "incidents").json["value"]

    assert (answer.status, len(answer.json["JobId"])) == (200, 36)
    assert [each["incidentid"] for each in left] == [third]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"JobName": "x", "QuerySet": []},
        {"JobName": "x", "QuerySet": [1]},
        {"JobName": "x", "QuerySet": [{"EntityName": "weather"}]},
        {"JobName": "x", "QuerySet": [{"EntityName": "incident", "Criteria": {}}]},
        _job(Operator="Like"),
        _job(AttributeName="weather"),
        _job(),
    ],
)
def test_a_bulk_delete_that_cannot_be_read_removes_nothing(body: dict[str, Any]) -> None:
    """The sentence says what is missing; a query without conditions would take every row."""
    organisation, ids = _crimes(2)
    status, _code, message = refusal(organisation.ask("POST", "BulkDelete", body))

    assert status == 400
    assert message
    assert len(organisation.ask("GET", "incidents").json["value"]) == len(ids)
