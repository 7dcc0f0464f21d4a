"""A row is shown as a resource, and a resource is read into the values of a row."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.force_api.refusals import Refusal
from simulator.neighbours.force_api.resources import is_guid, read_resource
from tests.simulator.neighbours.force_api.double import TYPES, ForceApi, resource

PERSON = TYPES["person"]


def test_a_record_is_shown_whole() -> None:
    """Empty attributes are there too; codes are words, and times have their zone."""
    force = ForceApi()
    person = force.person(gender="female", dateOfBirth="1980-02-29", safeToContact="yes")
    crime = force.occurrence(victim=person)
    shown = force.ask("GET", f"/persons/{person}").json["data"]
    occurrence = force.ask("GET", f"/occurrences/{crime}").json["data"]

    assert shown["attributes"] == {
        "personNumber": "P-1",
        "givenName": None,
        "middleName": None,
        "surname": "Hill",
        "dateOfBirth": "1980-02-29",
        "gender": "female",
        "personalTelephone": None,
        "otherTelephone": None,
        "personalEmail": None,
        "contactPreference": None,
        "safeToContact": "yes",
        "enhancedRights": None,
        "hasDied": None,
        "isPoliceEmployee": None,
        "isRestricted": None,
        "agreedWordDigest": None,
    }
    assert occurrence["relationships"]["victim"] == {"data": {"type": "person", "id": person}}
    assert occurrence["relationships"]["mergedInto"] == {"data": None}
    assert occurrence["attributes"]["recordedAt"] == "2026-06-01T09:00:00Z"


def test_what_dynamics_wrote_is_shown_in_the_forces_words() -> None:
    """One set of records: a time of another zone is kept and shown in UTC."""
    force = ForceApi()
    kind = TYPES["occurrence"]
    crime = force.rows.create(
        kind.table,
        {
            "title": "Theft",
            "ticketnumber": "1",
            "csp_closedat": "2026-05-01T01:00:00+01:00",
            "statecode": 1,
        },
    )
    shown = force.ask("GET", f"/occurrences/{crime}").json["data"]["attributes"]

    assert (shown["closedAt"], shown["status"]) == ("2026-05-01T00:00:00Z", "closed")


def _read(given_resource: Any, *, is_new: bool = True) -> Any:
    return read_resource(PERSON, given_resource, "/data", row_id="x", is_new=is_new)


@pytest.mark.parametrize(
    ("given_resource", "status", "place"),
    [
        ([], 400, "/data"),
        ({**resource("person", personNumber="1"), "x": 1}, 422, "/data"),
        (resource("task", personNumber="1"), 409, "/data/type"),
        ({**resource("person", personNumber="1"), "id": "x"}, 422, "/data/id"),
        ({"type": "person", "attributes": []}, 400, "/data/attributes"),
        (resource("person"), 422, "/data/attributes/personNumber"),
        (resource("person", personNumber=""), 422, "/data/attributes/personNumber"),
        (resource("person", personNumber=None), 422, "/data/attributes/personNumber"),
        (resource("person", personNumber=7), 422, "/data/attributes/personNumber"),
        (resource("person", personNumber="1" * 101), 422, "/data/attributes/personNumber"),
        (resource("person", personNumber="1", weather="x"), 422, "/data/attributes/weather"),
        (resource("person", personNumber="1", gender="x"), 422, "/data/attributes/gender"),
        (resource("person", personNumber="1", gender=1), 422, "/data/attributes/gender"),
        (
            resource("person", personNumber="1", dateOfBirth="1980-02-30"),
            422,
            "/data/attributes/dateOfBirth",
        ),
        (
            resource("person", personNumber="1", enhancedRights="yes"),
            422,
            "/data/attributes/enhancedRights",
        ),
        (resource("person", {"friend": None}, personNumber="1"), 422, "/data/relationships/friend"),
        (
            resource("person", {"currentAddress": ("person", "x")}, personNumber="1"),
            409,
            "/data/relationships/currentAddress/data/type",
        ),
        (
            resource("person", {"currentAddress": ("location", "x")}, personNumber="1"),
            422,
            "/data/relationships/currentAddress/data/id",
        ),
        (
            {
                "type": "person",
                "attributes": {"personNumber": "1"},
                "relationships": {"currentAddress": {"data": "x"}},
            },
            400,
            "/data/relationships/currentAddress/data",
        ),
        (
            {
                "type": "person",
                "attributes": {"personNumber": "1"},
                "relationships": {"currentAddress": None},
            },
            400,
            "/data/relationships/currentAddress",
        ),
    ],
)
def test_a_resource_that_is_wrong_is_refused_with_its_place(
    given_resource: Any, status: int, place: str
) -> None:
    """The pointer leads to the fault."""
    with pytest.raises(Refusal) as wrong:
        _read(given_resource)

    assert (wrong.value.status, wrong.value.source) == (status, {"pointer": place})


@pytest.mark.parametrize("name", ["recordedAt", "changedAt"])
def test_what_the_system_sets_is_not_given(name: str) -> None:
    """Nobody writes when a record was made."""
    given_resource = resource("occurrence", **{name: "2026-06-01T09:00:00Z"})
    with pytest.raises(Refusal, match="sets this itself"):
        read_resource(TYPES["occurrence"], given_resource, "/data", is_new=True)


@given(value=st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists))
def test_any_value_is_read_or_refused(value: Any) -> None:
    """Whatever stands in a resource, there is an answer and no crash."""
    for name in PERSON.attributes:
        given_resource = resource("person", **{"personNumber": "1", name: value})
        with contextlib.suppress(Refusal):
            assert set(_read(given_resource)) >= {PERSON.attributes[name].column.name}


@pytest.mark.parametrize(
    "text", ["", "x", "{0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01}", "0f3c1d527a554f0e9f3e0d8f3b1c2a01"]
)
def test_only_one_form_is_an_id(text: str) -> None:
    """An id is written in one way, so that it can be compared."""
    assert not is_guid(text)
    assert is_guid("0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01")
