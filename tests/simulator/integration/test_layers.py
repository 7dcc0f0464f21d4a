"""The addresses of the process and system layers: what comes twice is done once."""

from typing import Any

import msgspec
import pytest

from reference.contract.events import CloudEvent, CrimeRecorded, VictimRecord
from simulator.integration.experience import experience_app
from simulator.integration.layers import CASES_PATH, RECORDS_PATH
from simulator.integration.source import SourceUnreachable
from tests.simulator.asgi import Answer, call
from tests.simulator.integration.forces import START
from tests.simulator.integration.orgs import Joined

TOKEN = "a-token-of-the-tests"
CASES, EVENTS = "SELECT Crime_Number__c FROM Case", "SELECT Event_Id__c FROM Crime_Event__c"
CASE = {"name": "row", "table": "Case", "row": {"Subject": "Burglary"}}
KEYED = {**CASE, "key": "Crime_Number__c", "value": "1"}


class _Layers(Joined):
    """The integration, asked by a force's own tool."""

    def __init__(self) -> None:
        super().__init__()
        org = (self.portal, self.sforce)
        parts = (self.rules, self.system, self.store, self.flow, self.faults)
        self.app = experience_app(*parts, token=TOKEN, org=org)

    def post(self, path: str, body: Any, *, follows: str = "c-1", token: str = TOKEN) -> Answer:
        headers = {"authorization": f"Bearer {token}", "x-correlation-id": follows}
        return call(self.app, "POST", path, msgspec.json.encode(body), headers=headers)


def _recorded(event_id: str, crime: str = "1", person_id: str = "p-1") -> CloudEvent:
    said = CrimeRecorded(
        crime_reference=crime,
        force="thames_valley",
        offence_code="28A",
        offence_subgroup="Burglary",
        offence="Burglary",
        recorded_at=START,
        victims=(VictimRecord(person_id=person_id),),
    )
    return CloudEvent(
        specversion="1.0",
        id=event_id,
        source="force",
        type="CrimeRecorded",
        time=START,
        data=msgspec.Raw(msgspec.json.encode(said)),
    )


_ENVELOPE: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_recorded("e-1")))


def test_a_delivery_that_is_replayed_makes_one_case_by_whatever_id_it_follows() -> None:
    """The event's id is the key; a correlation id follows a cause, and is no key of anything."""
    layers = _Layers()
    for follows in ("c-1", "c-1", "c-2"):
        answer = layers.post(CASES_PATH, [_recorded("e-1")], follows=follows)
        assert (answer.status, answer.headers["x-correlation-id"]) == (202, follows)

    assert [each["Crime_Number__c"] for each in layers.org.rows(CASES)] == ["1"]
    assert len(layers.org.rows(EVENTS)) == 1


def test_two_events_that_follow_one_id_are_both_written() -> None:
    """A bulk change has one cause: its second event is no copy of the first."""
    layers = _Layers()
    for number in ("1", "2"):
        layers.post(CASES_PATH, [_recorded(f"e-{number}", number)], follows="c-1")

    assert len(layers.org.rows(CASES)) == len(layers.org.rows(EVENTS)) == 2


@pytest.mark.parametrize("follows", ["", "c" * 65])
def test_an_id_that_is_absent_or_too_long_is_replaced_on_the_whole_way(follows: str) -> None:
    """The org is told by the id that the caller is answered with."""
    layers = _Layers()
    answer = layers.post(CASES_PATH, [_recorded("e-1")], follows=follows)
    [sent] = [each for _, path, each, _ in layers.http.asked if path.endswith("/composite")]

    assert answer.headers["x-correlation-id"] == sent["x-correlation-id"] != follows


def test_a_record_that_comes_twice_by_its_key_is_there_once() -> None:
    """The system layer writes by external ids."""
    layers = _Layers()
    assert [layers.post(RECORDS_PATH, {"rows": [KEYED]}).status for _ in range(2)] == [204, 204]
    assert len(layers.org.rows(CASES)) == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        (CASES_PATH, [{**_ENVELOPE, "type": "Lost"}], 400, "[0].type"),
        (CASES_PATH, [{**_ENVELOPE, "data": []}], 400, ""),
        (CASES_PATH, [], 400, ""),
        (RECORDS_PATH, {"rows": [{**CASE, "table": "Account"}]}, 400, "rows[0].table"),
        (RECORDS_PATH, {"rows": [{**KEYED, "key": "Id?x=1"}]}, 400, "rows[0].key"),
        (RECORDS_PATH, {"rows": [{**CASE, "name": "a b"}]}, 400, "rows[0].name"),
        (RECORDS_PATH, {"rows": [KEYED, KEYED]}, 400, "rows[1].name"),
        (RECORDS_PATH, {"rows": [{**KEYED, "row": {"Sbject": "x"}}]}, 422, ""),
    ],
)
def test_what_cannot_be_written_is_named_and_leaves_nothing(
    path: str, body: Any, status: int, field: str
) -> None:
    """A mistake in a call is 400 with its field; what the org refuses is 422."""
    layers = _Layers()
    answer = layers.post(path, body)

    assert (answer.status, answer.json.get("field", "")) == (status, field)
    assert layers.org.rows(CASES) == []


@pytest.mark.parametrize(
    ("path", "body"), [(CASES_PATH, [_recorded("e-1")]), (RECORDS_PATH, {"rows": [KEYED]})]
)
def test_an_org_that_is_away_means_later_and_a_stranger_never(path: str, body: Any) -> None:
    """503 may be asked again; 401 without the token."""
    layers = _Layers()

    def away(_when: str, _target: str) -> None:
        raise SourceUnreachable("Salesforce: away")

    assert layers.post(path, body, token="another").status == 401
    layers.http.strike = away
    assert layers.post(path, body).status == 503
    assert layers.org.rows(CASES) == []
