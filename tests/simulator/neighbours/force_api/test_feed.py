"""The feed gives each change once from a cursor on, and several of one record as one."""

import pytest

from tests.simulator.neighbours.force_api.double import TYPES, ForceApi, refusal


def test_changes_are_read_from_a_cursor_on() -> None:
    """Nothing is given twice, nothing is left out, and `more` says to ask again at once."""
    force = ForceApi()
    people = [force.person(f"P-{n}") for n in range(5)]
    seen, cursor, pages = [], "", 0
    while True:
        page = force.ask("GET", f"/changes?limit=2{cursor and f'&after={cursor}'}").json
        seen += [each["subject"] for each in page["data"]]
        cursor, pages = page["cursor"], pages + 1
        if not page["more"]:
            break
    force.changed("persons", "person", people[1], givenName="Sam")
    last = force.ask("GET", f"/changes?after={cursor}").json
    none = force.ask("GET", f"/changes?after={last['cursor']}").json

    assert (seen, pages) == (people, 3)
    assert [(each["type"], each["subject"]) for each in last["data"]] == [
        ("person.updated", people[1])
    ]
    assert (none["data"], none["cursor"]) == ([], last["cursor"])


def test_two_unread_changes_of_a_record_appear_as_one() -> None:
    """The record is given in the state that it has, once, at the place of its last change."""
    force = ForceApi()
    first, second = force.person("P-1"), force.person("P-2")
    force.changed("persons", "person", first, surname="Hil")
    force.changed("persons", "person", first, surname="Hill-Moss")
    page = force.ask("GET", "/changes").json
    cut = force.ask("GET", "/changes?limit=1").json

    assert [each["subject"] for each in page["data"]] == [second, first]
    assert page["data"][1]["data"]["attributes"]["surname"] == "Hill-Moss"
    assert [each["subject"] for each in cut["data"]] == [second]


def test_an_event_is_a_cloud_event_with_its_cause() -> None:
    """Id, order, time and the correlation id of the request that made the change."""
    force = ForceApi()
    data = {"type": "person", "attributes": {"personNumber": "P-1"}}
    headers = {"x-correlation-id": "officer-7"}
    made = force.ask("POST", "/persons", {"data": data}, headers)
    [event] = force.ask("GET", "/changes").json["data"]

    assert made.headers["x-correlation-id"] == "officer-7"
    assert event == {
        "specversion": "1.0",
        "id": "1000001",
        "source": "force-records",
        "type": "person.created",
        "subject": made.json["data"]["id"],
        "time": "2026-06-01T09:00:00Z",
        "sequence": "000001000001",
        "datacontenttype": "application/json",
        "correlationid": "officer-7",
        "data": made.json["data"],
    }


def test_a_record_that_is_gone_is_told() -> None:
    """Dynamics can delete a row: the feed says which, and when."""
    force = ForceApi()
    person = force.person()
    cursor = force.ask("GET", "/changes").json["cursor"]
    force.wait(minutes=5)
    force.rows.delete(TYPES["person"].table, person)
    [event] = force.ask("GET", f"/changes?after={cursor}").json["data"]

    assert (event["type"], event["time"]) == ("person.deleted", "2026-06-01T09:05:00Z")
    assert event["data"] == {"type": "person", "id": person}


@pytest.mark.parametrize(
    ("given", "status"), [("cffffff", 410), ("c1", 410), ("1000001", 410), ("x" * 21, 400)]
)
def test_a_cursor_of_other_records_is_refused(given: str, status: int) -> None:
    """A reader learns that it has to begin again: nothing is left out in silence."""
    force = ForceApi()
    force.person()

    assert refusal(force.ask("GET", f"/changes?after={given}")) == (status, "after")


def test_a_cause_that_cannot_be_used_is_replaced() -> None:
    """A correlation id that is too long or not plain text gets one of the force's own."""
    force = ForceApi()
    for number, given in enumerate(("x" * 65, "", "ä")):
        data = {"type": "person", "attributes": {"personNumber": f"P-{number}"}}
        force.ask("POST", "/persons", {"data": data}, {"x-correlation-id": given})
    causes = [each["correlationid"] for each in force.ask("GET", "/changes").json["data"]]

    assert len(set(causes)) == 3
    assert {len(each) for each in causes} == {36}
