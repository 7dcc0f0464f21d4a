"""What Microsoft documents of cases, and what it refuses, is so here: each quoted."""

from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from simulator.neighbours.dataverse.errors import wrong_status
from simulator.neighbours.dataverse.tables import TABLES
from tests.simulator.neighbours.dataverse.double import Organisation, refusal

WRONG_PAIR = (400, "0x80048408", wrong_status().message)


def _case(organisation: Organisation, **values: Any) -> str:
    return organisation.made("incidents", title="Burglary", **values)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"statecode": 1, "statuscode": 5}, 5),
        ({"statecode": 1, "statuscode": 1000}, 1000),
        ({"statecode": 1}, 5),
        ({"statecode": 2}, 6),
        ({"statuscode": 3}, 3),
        ({"statecode": 1, "statuscode": 1}, 0),
        ({"statecode": 2, "statuscode": 5}, 0),
        ({"statuscode": 5}, 0),
    ],
)
def test_a_status_is_one_of_its_state(given: dict[str, int], status: int) -> None:
    """Microsoft's reference of the case: a table of StatusCode, value, label and state.

    "|1|In Progress|0| |2|On Hold|0| |3|Waiting for Details|0| |4|Researching|0|
    |5|Problem Solved|1| |6|Cancelled|2| |1000|Information Provided|1| |2000|Merged|2|", and of
    StateCode its DefaultStatus: "|0|Active|1|Active| |1|Resolved|5|Resolved|
    |2|Cancelled|6|Cancelled|". Error 0x80048408, Microsoft KB 923258: "State code is invalid or
    state code is valid but status code is invalid for a specific state code." A refusal leaves the
    case, and its key, as they were.
    """
    organisation = Organisation()
    case = _case(organisation, ticketnumber="43260000001")
    answer = organisation.ask("PATCH", f"incidents({case})", given)
    row = organisation.ask("GET", "incidents(ticketnumber='43260000001')").json

    if status:
        assert (answer.status, row["statuscode"]) == (204, status)
    else:
        assert refusal(answer) == WRONG_PAIR
        assert (row["statecode"], row["statuscode"]) == (0, 1)


def test_a_case_has_a_customer() -> None:
    """Microsoft's reference of the case, CustomerId: "RequiredLevel|SystemRequired".

    Microsoft KB 3094208: "You should specify a parent Contact or Account."
    """
    organisation = Organisation()
    case = _case(organisation)
    nobody = {"customerid_contact@odata.bind": None}
    answers = [
        organisation.ask("POST", "incidents", {"title": "Theft"}),
        organisation.ask("PATCH", "incidents(ticketnumber='43260000009')", {"title": "Theft"}),
        organisation.ask(
            "POST", "incidents/Microsoft.Dynamics.CRM.CreateMultiple", {"Targets": [{"title": "T"}]}
        ),
        organisation.ask("PATCH", f"incidents({case})", nobody),
    ]

    for each in answers:
        assert refusal(each) == (400, "0x0", "You should specify a parent contact or account.")
    assert len(organisation.ask("GET", "incidents").json["value"]) == 1


def test_no_lookup_is_left_dangling() -> None:
    """Microsoft's reference of the case, incident_customer_contacts: "Delete: `Cascade`".

    So it is with the tasks, appointments and notes of a case. Of any other relation, as that
    by `entitlementid`, "Delete: `RemoveLink`".
    """
    organisation = Organisation()
    contact = organisation.made("contacts", lastname="Hill")
    bound = {"customerid_contact@odata.bind": f"/contacts({contact})"}
    case = _case(organisation, **bound)
    other = _case(organisation, **{"csp_mergedinto@odata.bind": f"/incidents({case})"})
    organisation.made(
        "tasks", **{"regardingobjectid_incident_task@odata.bind": f"/incidents({case})"}
    )
    organisation.made("annotations", **{"objectid_incident@odata.bind": f"/incidents({case})"})
    link = organisation.made(
        "csp_involvements", **{"csp_person@odata.bind": f"/contacts({contact})"}
    )

    assert organisation.ask("DELETE", f"contacts({contact})").status == 204
    left = {
        name: [row[TABLES[name].id_column] for row in organisation.rows.all(TABLES[name])]
        for name in ("incident", "task", "annotation", "csp_involvement")
    }
    assert left == {"incident": [other], "task": [], "annotation": [], "csp_involvement": [link]}
    kept = organisation.ask("GET", f"incidents({other})").json
    assert kept["_csp_mergedinto_value"] is None
    assert organisation.ask("GET", f"csp_involvements({link})").json["_csp_person_value"] is None


@pytest.mark.parametrize(
    ("given", "status", "said"),
    [
        ("2026-12-01T10:00:00Z", 204, "2026-12-01T10:00:00Z"),
        ("2026-12-01T10:00:00+01:00", 204, "2026-12-01T09:00:00Z"),
        ("1753-01-01T00:00:00Z", 204, "1753-01-01T00:00:00Z"),
        ("2026-12-01T10:00:00", 400, "must contain the time zone information."),
        ("2026-12-01", 400, "must contain the time zone information."),
        ("1752-12-31T23:59:59Z", 400, "A date is from 1753 on"),
        ("0001-01-01T00:00:00+01:00", 400, "A date is from 1753 on"),
    ],
)
def test_a_moment_has_a_zone_and_is_kept_in_utc(given: str, status: int, said: str) -> None:
    """Microsoft's OData library refuses a value as "2012-12-21T15:01:23.1234567".

    Its comment there: "No timezone specified, for example:", and the error that it raises is named
    DateTimeOffsetMustContainTimeZone. A day alone has no zone either. Its documentation of columns:
    "All date and time columns in Dataverse support values as early as 1/1/1753 12:00 AM."
    """
    organisation = Organisation()
    case = _case(organisation)
    answer = organisation.ask("PATCH", f"incidents({case})", {"csp_milestoneat": given})
    kept = organisation.ask("GET", f"incidents({case})").json["csp_milestoneat"]

    assert answer.status == status
    assert said in (kept if status == 204 else refusal(answer)[2])
    assert kept is None or status == 204


@pytest.mark.parametrize("name", ["regardingobjectid_incident_task", "regardingobjectid_incident"])
def test_a_task_is_bound_by_its_documented_name(name: str) -> None:
    """Each is a property by which a client reaches the case.

    Microsoft's reference of tasks has, as "ReferencingEntityNavigationPropertyName",
    "`regardingobjectid_invoice_task`" and so for each table that a task may be about. Without the
    ending it is the property of any activity.
    """
    organisation = Organisation()
    case = _case(organisation)
    task = organisation.made("tasks", **{f"{name}@odata.bind": f"/incidents({case})"})
    found = organisation.ask("GET", f"tasks({task})?$expand={name}($select=title)").json

    assert found["_regardingobjectid_value"] == case
    assert found[name]["title"] == "Burglary"


@pytest.mark.parametrize(("status", "kept"), [(5, 5), (1000, 1000), (-1, 5)])
def test_a_case_is_closed_by_its_action(status: int, kept: int) -> None:
    """Microsoft's clients close it so.

    Its reference: "CloseIncident action is not bound to any entity types. CloseIncident action does
    not return a value." Its parameters: "IncidentResolution", the "Incident resolution (case
    resolution) that is associated with the incident (case) to be closed", and "Status", the "Status
    of the incident".
    """
    organisation = Organisation()
    case = _case(organisation)
    resolution = {"subject": "Solved", "incidentid@odata.bind": f"/incidents({case})"}
    body = {"IncidentResolution": resolution, "Status": status}
    answer = organisation.ask("POST", "CloseIncident", body)
    row = organisation.ask("GET", f"incidents({case})").json

    assert (answer.status, answer.body) == (204, b"")
    assert (row["statecode"], row["statuscode"]) == (1, kept)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"IncidentResolution": {"incidentid@odata.bind": "/incidents(nobody)"}, "Status": 5}, 400),
        (
            {
                "IncidentResolution": {
                    "incidentid@odata.bind": "/incidents(00000000-0000-4000-8000-000000000000)"
                },
                "Status": 5,
            },
            404,
        ),
    ],
)
def test_a_closing_of_no_case_is_refused(body: dict[str, Any], status: int) -> None:
    """Microsoft's reference of its parameters says so of both: "Nullable" is "false".

    The first is "incidentresolution EntityType", which names a case that is there.
    """
    assert Organisation().ask("POST", "CloseIncident", body).status == status


def test_a_case_is_not_closed_with_a_status_of_another_state() -> None:
    """The pair is none."""
    organisation = Organisation()
    case = _case(organisation)
    resolution = {"incidentid@odata.bind": f"/incidents({case})"}
    answer = organisation.ask(
        "POST", "CloseIncident", {"IncidentResolution": resolution, "Status": 6}
    )

    assert refusal(answer) == WRONG_PAIR


@pytest.mark.parametrize("version", ["v9.0", "v9.1", "v9.2"])
def test_each_version_of_the_api_is_served(version: str) -> None:
    """Microsoft's reference of the case: "PATCH [*org URI*]/api/data/v9.0/incidents(*incidentid*)".

    Its links stay in the version that was asked.
    """
    organisation = Organisation()
    organisation.made("contacts", lastname="Hill")
    root = f"http://org.test/api/data/{version}"
    answer = organisation.ask("GET", f"{root}/contacts", headers={"prefer": "odata.track-changes"})
    other = organisation.ask("GET", "http://org.test/api/data/v8.2/contacts")

    assert answer.json["@odata.deltaLink"].startswith(f"{root}/contacts?")
    assert organisation.ask("GET", answer.json["@odata.deltaLink"]).json["value"] == []
    assert other.status == 404


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("", ["Ring", "Write"]),
        ("($select=subject;$orderby=subject desc)", ["Write", "Ring"]),
        ("($filter=subject eq 'Ring')", ["Ring"]),
        ("($top=1;$orderby=subject)", ["Ring"]),
        ("($expand=regardingobjectid_incident_task($select=title))", ["Ring", "Write"]),
    ],
)
def test_the_rows_that_name_a_row_are_expanded(options: str, found: list[str]) -> None:
    """A client reads a case with its tasks at once.

    Microsoft, joining tables: "To control what data is returned from related table records, use the
    $expand query option with navigation properties." And "$filter For collection-valued navigation
    properties, limit the records returned."
    """
    organisation = Organisation()
    case, bare = _case(organisation), _case(organisation)
    for subject in ("Ring", "Write"):
        bound = {"regardingobjectid_incident_task@odata.bind": f"/incidents({case})"}
        organisation.made("tasks", subject=subject, **bound)
    target = f"incidents?$select=title&$expand={quote(f'Incident_Tasks{options}')}"
    rows = {each["incidentid"]: each for each in organisation.ask("GET", target).json["value"]}

    assert [each["subject"] for each in rows[case]["Incident_Tasks"]] == found
    assert rows[bare]["Incident_Tasks"] == []


@pytest.mark.parametrize(
    "expand",
    [
        "Incident_Weather",
        "Incident_Tasks($skip=1)",
        "customerid_contact($filter=lastname eq 'Hill')",
        "Incident_Tasks(",
        ",".join(["Incident_Tasks"] * 16),
    ],
)
def test_what_cannot_be_expanded_is_refused(expand: str) -> None:
    """Microsoft: "You can include up to 15 $expand options in a query."."""
    assert Organisation().ask("GET", f"incidents?$expand={quote(expand)}").status == 400


def test_the_schema_names_both_sides_of_a_relation() -> None:
    """A client that reads it finds the lookup and the collection, each by the other's name."""
    organisation = Organisation()
    schema = ET.fromstring(organisation.ask("GET", "$metadata").body)  # noqa: S314  ours
    ends = {
        (each.get("Name"), each.get("Partner"))
        for each in schema.iter()
        if each.tag.endswith("NavigationProperty") and each.get("Partner")
    }
    names = {each.get("Name") for each in schema.iter() if each.tag.endswith("NavigationProperty")}
    relations = organisation.ask(
        "GET", "EntityDefinitions(LogicalName='incident')/OneToManyRelationships"
    ).json["value"]

    assert ("Incident_Tasks", "regardingobjectid_incident_task") in ends
    assert ("incident_customer_contacts", "customerid_contact") in ends
    assert {partner for _name, partner in ends} <= names
    assert "Incident_Annotation" in {each["SchemaName"] for each in relations}


def test_a_client_asks_which_messages_a_table_has() -> None:
    """dataverse-api does, before it writes its first row."""
    target = quote("(sdkmessageid/name eq 'CreateMultiple') and primaryobjecttypecode eq 'contact'")
    found = Organisation().ask(
        "GET", f"sdkmessagefilters?$expand=sdkmessageid($select=name)&$filter={target}"
    )

    assert {each["sdkmessageid"]["name"] for each in found.json["value"]} >= {"CreateMultiple"}
    assert {each["primaryobjecttypecode"] for each in found.json["value"]} == {"contact"}
