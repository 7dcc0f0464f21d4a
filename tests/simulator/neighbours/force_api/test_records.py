"""Records are listed, made once by their key, changed, and changed together or not at all."""

from typing import Any

import pytest

from tests.simulator.neighbours.force_api.double import ForceApi, refusal, resource


def test_a_list_goes_on_to_the_last_record() -> None:
    """Each page leads to the next; the last leads nowhere."""
    force = ForceApi()
    made = [force.occurrence(f"4326000000{n}") for n in range(5)]
    target, pages = "/occurrences?page[size]=2&filter[status]=open&include=victim", []
    for each in made:
        force.changed("occurrences", "occurrence", each, status="open")
    while target:
        page = force.ask("GET", target).json
        pages.append([each["id"] for each in page["data"]])
        target = page["links"]["next"]

    assert pages == [made[:2], made[2:4], made[4:]]


def test_a_list_is_filtered_by_key_code_and_relationship() -> None:
    """The victim's crimes, the crime of a number, the tasks that are open."""
    force = ForceApi()
    person = force.person()
    mine, other = force.occurrence("1", person), force.occurrence("2")
    force.made("tasks", "task", title="Ring back", status="open")
    force.made("tasks", "task", title="Done", status="completed")

    def ids(target: str) -> list[str]:
        return [each["id"] for each in force.ask("GET", target).json["data"]]

    assert ids(f"/occurrences?filter[victim]={person}") == [mine]
    assert ids("/occurrences?filter[occurrenceNumber]=2") == [other]
    assert ids("/occurrences?filter[occurrenceNumber]=3") == []
    tasks = force.ask("GET", "/tasks?filter[status]=open").json["data"]
    assert [each["attributes"]["title"] for each in tasks] == ["Ring back"]


def test_related_records_are_included_once() -> None:
    """Two crimes of one victim show the victim once."""
    force = ForceApi()
    person = force.person()
    force.occurrence("1", person)
    crime = force.occurrence("2", person)
    listed = force.ask("GET", "/occurrences?include=victim,officerInCharge").json
    one = force.ask("GET", f"/occurrences/{crime}?include=victim").json

    assert [each["id"] for each in listed["included"]] == [person]
    assert [each["id"] for each in one["included"]] == [person]


def test_a_record_with_a_key_is_made_once() -> None:
    """The same again is answered 200; something else under the same key is refused."""
    force = ForceApi()
    crime = force.occurrence()
    link = {"occurrence": ("occurrence", crime)}
    said = resource("enquiryLogEntry", link, externalKey="k-1", text="Is there news?")
    first, again = (force.ask("POST", "/enquiry-log-entries", {"data": said}) for _ in range(2))
    said["attributes"]["text"] = "Something else"
    other = force.ask("POST", "/enquiry-log-entries", {"data": said})

    assert (first.status, again.status) == (201, 200)
    assert first.json == again.json
    assert refusal(other) == (409, "/data/attributes/externalKey")
    assert len(force.ask("GET", "/enquiry-log-entries").json["data"]) == 1


def test_a_change_needs_the_version_that_was_read() -> None:
    """One who read an older version changes nothing."""
    force = ForceApi()
    person = force.person()
    read = force.ask("GET", f"/persons/{person}").headers["etag"]
    force.changed("persons", "person", person, givenName="Sam")
    data = {"type": "person", "id": person, "attributes": {"givenName": "Alex"}}
    stale = force.ask("PATCH", f"/persons/{person}", {"data": data}, {"if-match": read})
    fresh = force.ask("GET", f"/persons/{person}")
    done = force.ask(
        "PATCH", f"/persons/{person}", {"data": data}, {"if-match": fresh.headers["etag"]}
    )

    assert refusal(stale) == (412, "if-match")
    assert fresh.json["data"]["attributes"]["givenName"] == "Sam"
    assert (done.status, done.json["data"]["attributes"]["givenName"]) == (200, "Alex")
    assert done.json["data"]["attributes"]["surname"] == "Hill"


def test_several_operations_happen_wholly_or_not_at_all() -> None:
    """A crime is not reallocated if another of the same request cannot be; one cause is theirs."""
    force = ForceApi()
    crimes = [force.occurrence(str(n)) for n in range(3)]
    before = force.rows.version

    def moved(*ids: str) -> Any:
        operations = [
            {
                "op": "update",
                "data": {"type": "occurrence", "id": each, "attributes": {"team": "Team B"}},
            }
            for each in ids
        ]
        headers = {"x-correlation-id": "move-1"}
        return force.ask("POST", "/operations", {"atomic:operations": operations}, headers)

    unknown = "0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01"
    failed = moved(*crimes, unknown)
    unchanged = force.rows.version
    done = moved(*crimes)

    assert refusal(failed) == (404, "/atomic:operations/3/data/id")
    assert (unchanged, force.rows.version) == (before, before + 3)
    assert [each["data"]["attributes"]["team"] for each in done.json["atomic:results"]] == [
        "Team B"
    ] * 3
    assert {each.cause for each in force.rows.changes_after(before)} == {"move-1"}


def test_a_record_that_no_other_names_is_removed_and_the_feed_says_so() -> None:
    """What names it is told, and so is one who read an older version."""
    force = ForceApi()
    person = force.person()
    crime = force.occurrence(victim=person)
    named = force.ask("DELETE", f"/persons/{person}")
    stale = force.ask("DELETE", f"/occurrences/{crime}", headers={"if-match": '"1"'})
    done = force.ask("DELETE", f"/occurrences/{crime}", headers={"x-correlation-id": "wrong-1"})
    again = force.ask("DELETE", f"/occurrences/{crime}")
    removal = {"op": "remove", "ref": {"type": "person", "id": person}}
    both = force.ask("POST", "/operations", {"atomic:operations": [removal]})
    gone, last = force.ask("GET", "/changes").json["data"][-2:]

    assert refusal(named)[0] == 409
    assert "victim of a record of occurrences" in named.json["errors"][0]["detail"]
    assert refusal(stale) == (412, "if-match")
    assert (done.status, done.body, done.headers["x-correlation-id"]) == (204, b"", "wrong-1")
    assert again.status == 404
    assert both.json == {"atomic:results": [{}]}
    assert (gone["type"], gone["correlationid"]) == ("occurrence.deleted", "wrong-1")
    assert (last["type"], last["data"]["id"]) == ("person.deleted", person)


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("/occurrences?weather=1", "weather"),
        ("/occurrences?filter[team]=x", "filter[team]"),
        ("/occurrences?filter[status]=x", "filter[status]"),
        ("/occurrences?filter[occurrenceNumber]=", "filter[occurrenceNumber]"),
        ("/occurrences?page[size]=0", "page[size]"),
        ("/occurrences?page[size]=101", "page[size]"),
        ("/occurrences?page[size]=x", "page[size]"),
        ("/occurrences?page[after]=x", "page[after]"),
        ("/occurrences?include=weather", "include"),
        ("/occurrences?include=victim&include=victim", ""),
    ],
)
def test_a_query_that_cannot_be_met_names_the_parameter(target: str, place: str) -> None:
    """A misspelt parameter is not ignored: the list would be another."""
    assert refusal(ForceApi().ask("GET", target)) == (400, place)


@pytest.mark.parametrize(
    ("operations", "status", "place"),
    [
        ({}, 400, "/atomic:operations"),
        ([], 400, "/atomic:operations"),
        ([{}] * 1001, 400, "/atomic:operations"),
        ([{"op": "add"}], 400, "/atomic:operations/0"),
        ([{"op": "add", "data": []}], 422, "/atomic:operations/0/data/type"),
        ([{"op": "add", "data": {"type": "weather"}}], 422, "/atomic:operations/0/data/type"),
        ([{"op": "remove", "data": {"type": "task"}}], 422, "/atomic:operations/0/op"),
        ([{"op": "add", "ref": {"type": "task"}}], 422, "/atomic:operations/0/op"),
        ([{"op": "remove", "ref": {"type": "task"}}], 422, "/atomic:operations/0/ref"),
        ([{"op": "remove", "ref": None}], 422, "/atomic:operations/0/ref/type"),
        ([{"op": "update", "data": {"type": "task"}}], 422, "/atomic:operations/0/data/id"),
    ],
)
def test_an_operation_that_cannot_be_done_names_its_place(
    operations: Any, status: int, place: str
) -> None:
    """The place leads to the one of a thousand."""
    answer = ForceApi().ask("POST", "/operations", {"atomic:operations": operations})

    assert refusal(answer) == (status, place)
