"""The addresses of the process and system layers: a token each, and what comes twice is once."""

from typing import Any

import msgspec
import pytest

from reference.contract.events import CloudEvent, CrimeRecorded, VictimRecord
from simulator.integration.experience import experience_app
from simulator.integration.layers import (
    CASES_PATH,
    RECORDS_PATH,
    ROWS_PATH,
    LayerTokens,
)
from simulator.integration.source import SourceRefused, SourceUnreachable
from tests.simulator.asgi import Answer, call
from tests.simulator.integration.forces import START
from tests.simulator.integration.orgs import Joined

PORTALS = "the-portals-token"
TESTERS = "a-token-of-a-tester"
TOKENS = LayerTokens(
    tester=TESTERS, process="a-token-of-the-process-layer", system="a-token-of-the-system-layer"
)
OF = {CASES_PATH: TOKENS.process, RECORDS_PATH: TOKENS.system, ROWS_PATH: TOKENS.system}
CASES, EVENTS = "SELECT Crime_Number__c FROM Case", "SELECT Event_Id__c FROM Crime_Event__c"
CASE = {"name": "row", "table": "Case", "row": {"Subject": "Burglary"}}
KEYED = {**CASE, "key": "Crime_Number__c", "value": "1"}
_TASKED = {"key": "t-1", "kind": "contact_details", "person_id": "p-1", "reason": "They moved."}
TASK = {"table": "task", "key": "csp_key", "value": "t-1", "row": {"subject": "Call the victim"}}
READ = f"{ROWS_PATH}?table=task&key=csp_key&value=t-1"


class _Layers(Joined):
    """The integration, asked by a force's own tool."""

    def __init__(self, layers: LayerTokens = TOKENS, *, has_org: bool = True) -> None:
        super().__init__()
        org = (self.portal, self.sforce) if has_org else None
        parts = (self.rules, self.system, self.store, self.flow, self.faults)
        self.app = experience_app(*parts, token=PORTALS, org=org, layers=layers)

    def post(self, path: str, body: Any, *, follows: str = "c-1", token: str = "") -> Answer:
        headers = {"authorization": f"Bearer {token or OF[path]}", "x-correlation-id": follows}
        return call(self.app, "POST", path, msgspec.json.encode(body), headers=headers)

    def get(self, target: str, token: str = TOKENS.system) -> Answer:
        return call(self.app, "GET", target, headers={"authorization": f"Bearer {token}"})


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


def test_a_row_of_the_force_that_comes_twice_by_its_key_is_there_once_and_is_read() -> None:
    """The system layer of the force's own records makes rows by keys, and reads them."""
    layers = _Layers(has_org=False)
    before = layers.get(READ)
    assert [layers.post(ROWS_PATH, TASK).status for _ in range(2)] == [201, 200]

    assert (before.status, before.json["field"]) == (404, "value")
    assert layers.get(READ).json["subject"] == "Call the victim"
    assert len(layers.found("task")) == 1


@pytest.mark.parametrize(
    ("path", "body", "others"),
    [
        (CASES_PATH, [], (PORTALS, TOKENS.system)),
        (RECORDS_PATH, {"rows": [KEYED]}, (PORTALS, TOKENS.process)),
        (ROWS_PATH, TASK, (PORTALS, TOKENS.process)),
    ],
)
def test_a_token_opens_its_own_layer_and_no_other(
    path: str, body: Any, others: tuple[str, ...]
) -> None:
    """A portal files and reads by the experience layer: with its token nothing else is written."""
    layers = _Layers()
    assert [layers.post(path, body, token=each).status for each in others] == [401, 401]
    assert layers.get(READ, token=others[0]).status == 401
    assert (layers.org.rows(CASES), layers.found("task")) == ([], [])

    for other in (PORTALS, TOKENS.process, TOKENS.system):
        assert [layers.get(each, token=other).status for each in ("/dead-letters", "/faults")] == [
            401,
            401,
        ]
        for method, its in (("POST", "/dead-letters/replay"), ("PUT", "/faults")):
            headers = {"authorization": f"Bearer {other}"}
            assert call(layers.app, method, its, b"{}", headers=headers).status == 401
    assert layers.get("/dead-letters", token=TESTERS).status == 200


@pytest.mark.parametrize(
    ("layers", "has_org", "paths"),
    [
        (LayerTokens(tester="t"), True, set()),
        (LayerTokens(tester="t", process="p"), True, {CASES_PATH}),
        (LayerTokens(tester="t", system="s"), True, {RECORDS_PATH, ROWS_PATH}),
        (TOKENS, False, {ROWS_PATH}),
    ],
)
def test_a_layer_without_a_token_has_no_address(
    layers: LayerTokens, paths: set[str], *, has_org: bool
) -> None:
    """Nor is it in the document; what writes into an org is there only with an org."""
    made = _Layers(layers, has_org=has_org)
    described = {each for each in made.get("/openapi.json").json["paths"] if each in OF}

    assert described == paths
    for path in OF.keys() - paths:
        assert made.post(path, {}).status == 404


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
        (ROWS_PATH, {**TASK, "table": "account"}, 400, "table"),
        (ROWS_PATH, {**TASK, "key": "subject"}, 400, "key"),
        (ROWS_PATH, {**TASK, "value": ""}, 400, "value"),
        (ROWS_PATH, {**TASK, "row": {"sbject": "x"}}, 400, "row.sbject"),
        (ROWS_PATH, {**TASK, "row": {"subject": 5}}, 422, ""),
    ],
)
def test_what_cannot_be_written_is_named_and_leaves_nothing(
    path: str, body: Any, status: int, field: str
) -> None:
    """A mistake in a call is 400 with its field; what a system refuses is 422, and no outage."""
    layers = _Layers()
    answer = layers.post(path, body)

    assert (answer.status, answer.json.get("field", "")) == (status, field)
    assert (layers.org.rows(CASES), layers.found("task")) == ([], [])


@pytest.mark.parametrize(
    ("path", "body"),
    [(CASES_PATH, [_recorded("e-1")]), (RECORDS_PATH, {"rows": [KEYED]}), (ROWS_PATH, TASK)],
)
def test_a_system_that_is_away_means_later(
    monkeypatch: pytest.MonkeyPatch, path: str, body: Any
) -> None:
    """503 may be asked again: nothing was written."""
    layers = _Layers()

    def away(*_asked: Any, **_named: Any) -> bool:
        raise SourceUnreachable("away")

    monkeypatch.setattr(layers.http, "strike", away)
    monkeypatch.setattr(layers.system, "make_once", away)
    assert layers.post(path, body).status == 503
    assert (layers.org.rows(CASES), layers.found("task")) == ([], [])


def test_what_the_force_refuses_of_a_portal_is_no_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    """502 says so: the portal did nothing wrong, and keeps it until the map is corrected."""
    layers = _Layers()
    layers.crime(layers.victim())
    task = {**_TASKED, "crime_reference": layers.found("incident")[0]["ticketnumber"]}

    def refuses(*_asked: Any, **_named: Any) -> bool:
        raise SourceRefused("tasks: 400 No such column")

    monkeypatch.setattr(layers.system, "make_once", refuses)
    answer = layers.post("/tasks", task, token=PORTALS)
    assert (answer.status, answer.json["detail"]) == (502, "tasks: 400 No such column")
